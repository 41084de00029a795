"""Organisations, venues and people of the demonstration. All people are invented, all addresses end in ``.example``."""

# Key → (name, focus, description). The focus is a value of ``Topic.Focus``.
TOPICS = {
    "ankommen": ("Ankommen und Erstversorgung", "acute_care", "Die ersten Wochen: Unterkunft, Anmeldung, Kleidung, Wege."),
    "asylrecht": ("Asyl- und Aufenthaltsrecht", "acute_care", "Asylverfahren, Anhörung, Aufenthalt, Familiennachzug."),
    "gesundheit": ("Gesundheit und Trauma", "acute_care", "Arztbesuche, seelische Belastungen, Schwangerschaft."),
    "sprache": ("Sprache und Bildung", "integration", "Deutsch lernen, Lesepaten, Schule und Abschlüsse."),
    "arbeit": ("Arbeit und Ausbildung", "integration", "Praktikum, Bewerbung, Anerkennung, Beschäftigung."),
    "familie": ("Kinder, Jugend und Familie", "integration", "Kindergarten, Freizeit, Eltern in der Schule."),
    "begegnung": ("Begegnung und Kultur", "integration", "Cafés, Feste, Religion, Alltag in anderen Ländern."),
    "wohnen": ("Wohnen und Anschlussunterbringung", "follow_up_housing", "Wohnungssuche, Mietvertrag, Umzug, Energie sparen."),
    "nachbarschaft": ("Nachbarschaft", "follow_up_housing", "Zusammenleben im Haus und im Quartier."),
    "ehrenamt": ("Ehrenamt gestalten", "across", "Versicherung, Vereinsarbeit, Nachwuchs, Öffentlichkeit."),
    "konflikte": ("Konflikte und Rassismus", "across", "Streit schlichten, Vorurteilen begegnen, sicher auftreten."),
    "selbstfuersorge": ("Selbstfürsorge und Grenzen", "across", "Nähe und Abstand, Belastungen, gut aufhören können."),
    "digitales": ("Digitales", "across", "Onlineanträge, Lern-Apps, sichere Kommunikation."),
}

# Key → name, kind, town, website, contact person, mail address, telephone, usual venue.
ORGANISATIONS = {
    "landkreis": ("Landratsamt, Fachstelle Ehrenamt", "district", "Böblingen", "https://www.landkreis.example/ehrenamt",
                  "Miriam Sommerfeld", "ehrenamt@landkreis.example", "069 90009-010", "landratsamt"),
    "herrenberg": ("Stadt Herrenberg", "municipality", "Herrenberg", "https://www.herrenberg.example",
                   "Sabine Ottmar", "integration@herrenberg.example", "069 90009-021", "klosterhof"),
    "sindelfingen": ("Stadt Sindelfingen", "municipality", "Sindelfingen", "https://www.sindelfingen.example",
                     "Deniz Arslan", "buergerengagement@sindelfingen.example", "069 90009-032", "odeon"),
    "weil": ("Gemeinde Weil im Schönbuch", "municipality", "Weil im Schönbuch", "https://www.weil-schoenbuch.example",
             "Elke Hafner", "rathaus@weil-schoenbuch.example", "069 90009-012", "zehntscheuer"),
    "kirche": ("Evangelische Kirchengemeinde Leonberg", "church", "Leonberg", "https://www.kirche-leonberg.example",
               "Johanna Pfisterer", "pfarramt@kirche-leonberg.example", "069 90009-040", "blosenberg"),
    "katholisch": ("Katholische Seelsorgeeinheit Oberes Gäu", "church", "Gäufelden", "https://www.se-gaeu.example",
                   "Matthias Kern", "pfarrbuero@se-gaeu.example", "069 90009-044", "st-stephan"),
    "caritas": ("Caritas-Zentrum Böblingen", "welfare", "Böblingen", "https://www.caritas-bb.example",
                "Karin Lindenmaier", "karin.lindenmaier@caritas-bb.example", "069 90009-051", "caritas-haus"),
    "diakonie": ("Diakonische Bezirksstelle Herrenberg", "welfare", "Herrenberg", "https://www.diakonie-hbg.example",
                 "Ulrike Wahlheim", "bezirksstelle@diakonie-hbg.example", "069 90009-060", "haus-der-diakonie"),
    "vhs": ("Volkshochschule Schönbuch", "education", "Holzgerlingen", "https://www.vhs-schoenbuch.example",
            "Nadine Rebmann", "programm@vhs-schoenbuch.example", "069 90009-070", "vhs-haus"),
    "bildungswerk": ("Kreisbildungswerk Böblingen", "education", "Böblingen", "https://www.kreisbildungswerk.example",
                     "Henning Stoll", "kontakt@kreisbildungswerk.example", "069 90009-077", "bildungshaus"),
    "jobcenter": ("Jobcenter im Landkreis", "authority", "Sindelfingen", "https://www.jobcenter.example",
                  "Anja Rieger", "ehrenamt@jobcenter.example", "069 90009-083", "jobcenter"),
    "ak-renningen": ("Arbeitskreis Asyl Renningen", "circle", "Renningen", "https://www.ak-renningen.example",
                     "Brigitte Amsel", "kontakt@ak-renningen.example", "069 90009-015", "samariterstift"),
    "fk-leonberg": ("Freundeskreis Asyl Leonberg", "circle", "Leonberg", "https://www.fk-leonberg.example",
                    "Ralf Zeller", "hallo@fk-leonberg.example", "069 90009-019", "steinturnhalle"),
    "bruecke": ("Die Brücke – Interkultureller Verein e. V.", "other", "Böblingen", "https://www.die-bruecke.example",
                "Samira Naderi", "team@die-bruecke.example", "069 90009-095", "treff-am-see"),
}

YES, PARTLY, NO, UNKNOWN = "yes", "partly", "no", ""

# Key → name, town, street, postal code, organisation („“ = for all), step-free, toilet, hearing loop, parking, stop, notes,
# rooms as (name, seats, step-free).
VENUES = {
    "landratsamt": ("Landratsamt", "Böblingen", "Kreishausplatz 2", "71034", "", YES, YES, YES,
                    "Tiefgarage, 1. Stunde frei; vier Plätze für Menschen mit Behinderung am Haupteingang", "Böblingen Landratsamt (Bus)",
                    "Aufzug mit Ansage. Wer schlecht hört, bekommt an der Pforte ein Empfangsgerät.",
                    (("Großer Sitzungssaal", 140, YES), ("Raum Schönbuch", 30, YES), ("Raum Würm", 18, YES))),
    "klosterhof": ("Klosterhof", "Herrenberg", "Brunnengasse 4", "71083", "herrenberg", YES, YES, NO,
                   "Tiefgarage am Marktplatz, 300 m", "Herrenberg Bahnhof (S-Bahn), 8 Minuten zu Fuß",
                   "Der Weg vom Marktplatz ist gepflastert; ebenerdiger Zugang über den Hof.",
                   (("Saal", 90, YES), ("Gewölbekeller", 35, NO), ("Seminarraum", 24, YES))),
    "odeon": ("Bürgerhaus Maichingen", "Sindelfingen", "Lindenhof 2", "71069", "sindelfingen", YES, YES, YES,
              "Kostenlose Plätze hinter dem Haus", "Maichingen Rathaus (Bus)", "",
              (("Bürgersaal", 180, YES), ("Gruppenraum 1", 20, YES), ("Gruppenraum 2", 20, YES))),
    "zehntscheuer": ("Zehntscheuer", "Weil im Schönbuch", "Kirchberg 7", "71093", "weil", PARTLY, NO, NO,
                     "Festplatz, 200 m", "Weil im Schönbuch Ortsmitte (Bus)", "Zwei Stufen am Eingang; eine Rampe legen wir gern an.",
                     (("Dachboden", 40, NO), ("Kaminzimmer", 16, YES))),
    "blosenberg": ("Gemeindehaus Blosenberg", "Leonberg", "Am Blosenberg 12", "71229", "kirche", YES, YES, YES,
                   "Zwölf Plätze am Haus", "Leonberg Blosenberg (Bus)", "",
                   (("Saal", 100, YES), ("Jugendraum", 25, NO))),
    "st-stephan": ("Gemeindezentrum St. Stephan", "Gäufelden", "Uhlandstraße 9", "71126", "katholisch", YES, PARTLY, NO,
                   "Parkplatz vor der Kirche", "Nebringen Bahnhof (S-Bahn)", "Die Toilette ist für schmale Rollstühle geeignet.",
                   (("Stephanussaal", 80, YES),)),
    "caritas-haus": ("Caritas-Zentrum", "Böblingen", "Sonnenbergstraße 3", "71032", "caritas", YES, YES, NO,
                     "Parkhaus Stadtmitte, 400 m", "Böblingen Bahnhof (S-Bahn), 5 Minuten zu Fuß", "",
                     (("Seminarraum", 28, YES), ("Beratungszimmer", 10, YES))),
    "haus-der-diakonie": ("Haus der Diakonie", "Herrenberg", "Bahnhofstraße 18", "71083", "diakonie", YES, YES, NO,
                          "Am Bahnhof", "Herrenberg Bahnhof (S-Bahn)", "", (("Raum Emmaus", 22, YES), ("Dachzimmer", 12, NO))),
    "vhs-haus": ("Volkshochschule am Stadtpark", "Holzgerlingen", "Parkstraße 5", "71088", "vhs", YES, YES, YES,
                 "Stadtpark, kostenlos", "Holzgerlingen Bahnhof (Schönbuchbahn)", "",
                 (("Raum 101", 20, YES), ("Raum 204", 16, YES), ("Küche", 12, YES))),
    "bildungshaus": ("Bildungshaus am Postplatz", "Böblingen", "Postplatz 11", "71032", "bildungswerk", PARTLY, YES, NO,
                     "Parkhaus Postplatz", "Böblingen Postplatz (Bus)", "Der Aufzug hält nicht im Dachgeschoss.",
                     (("Vortragssaal", 70, YES), ("Dachgeschoss", 25, NO))),
    "jobcenter": ("Jobcenter, Gruppenraum", "Sindelfingen", "Calwer Straße 20", "71063", "jobcenter", YES, YES, NO,
                  "Besucherplätze in der Tiefgarage", "Sindelfingen Mitte (Bus)", "", (("Gruppenraum 0.12", 20, YES),)),
    "samariterstift": ("Begegnungsstätte am Rankbach", "Renningen", "Jahnstraße 21", "71272", "ak-renningen", YES, YES, NO,
                       "Wenige Plätze am Haus", "Renningen Bahnhof (S-Bahn), 10 Minuten zu Fuß", "",
                       (("Café", 45, YES), ("Werkraum", 15, YES))),
    "steinturnhalle": ("Treffpunkt Steinstraße", "Leonberg", "Steinstraße 18", "71229", "", YES, YES, NO,
                       "Parkhaus Altstadt", "Leonberg Neuköllner Platz (Bus)", "", (("Saal", 60, YES),)),
    "treff-am-see": ("Treff am See", "Böblingen", "Poststraße 38", "71032", "", YES, YES, YES,
                     "Parkhaus am See", "Böblingen Bahnhof (S-Bahn), 6 Minuten zu Fuß", "",
                     (("Großer Raum", 60, YES), ("Kleiner Raum", 16, YES), ("Küche", 10, YES))),
    "bibliothek": ("Stadtbibliothek Leonberg", "Leonberg", "Liebigstraße 1", "71229", "", YES, YES, NO,
                   "Parkhaus am Bahnhof", "Leonberg Bahnhof (S-Bahn)", "", (("Veranstaltungsraum", 50, YES),)),
    "klosterkirche": ("Bürgertreff Klösterle", "Weil der Stadt", "Kapuzinerberg 8", "71263", "", YES, PARTLY, NO,
                      "Parkplatz am Festplatz", "Weil der Stadt Bahnhof (S-Bahn)", "", (("Refektorium", 55, YES),)),
    "buergerhaus-g": ("Haus der Begegnung", "Gärtringen", "Schönbuchstraße 27", "71116", "", YES, YES, NO,
                      "Am Haus", "Gärtringen Bahnhof (S-Bahn)", "", (("Saal", 70, YES), ("Vereinszimmer", 20, YES))),
    "buergertreff-h": ("Bürgertreff Altes Rathaus", "Holzgerlingen", "Tübinger Straße 3", "71088", "", NO, NO, NO,
                       "Am Rathaus", "Holzgerlingen Bahnhof (Schönbuchbahn)", "Der Raum liegt im ersten Stock, ohne Aufzug.",
                       (("Ratsstube", 30, NO),)),
    "rathaus-magstadt": ("Rathaus Magstadt", "Magstadt", "Marktplatz 1", "71106", "", YES, YES, NO,
                         "Marktplatz", "Magstadt Bahnhof (S-Bahn)", "", (("Bürgersaal", 50, YES),)),
    "alte-schule": ("Alte Schule", "Schönaich", "Schulstraße 10", "71101", "", PARTLY, NO, NO,
                    "Schulhof, abends frei", "Schönaich Rathaus (Bus)", "Ein Raum im Erdgeschoss ist über den Hof erreichbar.",
                    (("Klassenzimmer", 24, YES),)),
}

MEMBER, MANAGER = "member", "manager"

# User name, first name, last name, mail address, organisation, role, language of mails.
MEMBERS = (
    ("caritas", "Karin", "Lindenmaier", "karin.lindenmaier@caritas-bb.example", "caritas", MANAGER, ""),
    ("caritas-elsner", "Paul", "Elsner", "paul.elsner@caritas-bb.example", "caritas", MEMBER, ""),
    ("herrenberg", "Sabine", "Ottmar", "sabine.ottmar@herrenberg.example", "herrenberg", MEMBER, ""),
    ("herrenberg-vogt", "Lars", "Vogtmann", "lars.vogtmann@herrenberg.example", "herrenberg", MANAGER, ""),
    ("kirche", "Johanna", "Pfisterer", "pfarramt@kirche-leonberg.example", "kirche", MEMBER, ""),
    # Two people, one mail address: the mailed link asks who is acting.
    ("kirche-hoelzle", "Gerd", "Hölzle", "pfarramt@kirche-leonberg.example", "kirche", MANAGER, ""),
    ("ak-renningen", "Brigitte", "Amsel", "brigitte.amsel@ak-renningen.example", "ak-renningen", MANAGER, ""),
    ("supervision", "Frank", "Morgenroth", "frank.morgenroth@diakonie-hbg.example", "diakonie", MEMBER, ""),
    ("diakonie", "Ulrike", "Wahlheim", "ulrike.wahlheim@diakonie-hbg.example", "diakonie", MANAGER, ""),
    ("sindelfingen", "Deniz", "Arslan", "deniz.arslan@sindelfingen.example", "sindelfingen", MANAGER, ""),
    ("weil", "Elke", "Hafner", "elke.hafner@weil-schoenbuch.example", "weil", MANAGER, ""),
    ("katholisch", "Matthias", "Kern", "matthias.kern@se-gaeu.example", "katholisch", MANAGER, ""),
    ("vhs", "Nadine", "Rebmann", "nadine.rebmann@vhs-schoenbuch.example", "vhs", MANAGER, ""),
    ("bildungswerk", "Henning", "Stoll", "henning.stoll@kreisbildungswerk.example", "bildungswerk", MANAGER, ""),
    ("jobcenter", "Anja", "Rieger", "anja.rieger@jobcenter.example", "jobcenter", MANAGER, ""),
    ("fk-leonberg", "Ralf", "Zeller", "ralf.zeller@fk-leonberg.example", "fk-leonberg", MANAGER, ""),
    ("bruecke", "Samira", "Naderi", "samira.naderi@die-bruecke.example", "bruecke", MANAGER, "en"),
    ("koordination", "Miriam", "Sommerfeld", "miriam.sommerfeld@landkreis.example", "landkreis", MANAGER, ""),
)

# User name, first name, last name, mail address: accounts with access to the admin and no organisation.
STAFF = (
    ("admin", "Robin", "Kellermann", "technik@landkreis.example"),
    ("redaktion", "Tobias", "Wendlinger", "redaktion@landkreis.example"),
)

# Name, position, mail address, telephone, responsible for, whether the post ends on the next 30 June.
COORDINATORS = (
    ("Miriam Sommerfeld", "Ehrenamtskoordination", "miriam.sommerfeld@landkreis.example", "069 90009-010",
     "Böblingen, Sindelfingen, Schönbuch und Gäu", False),
    ("Jonas Veitinger", "Ehrenamtskoordination", "jonas.veitinger@landkreis.example", "069 90009-011",
     "Leonberg, Weil der Stadt und Heckengäu", True),
)
