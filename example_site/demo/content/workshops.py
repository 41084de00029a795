"""Workshops of the half-year. Titles from ``data/titles.csv`` are real, the rest is invented."""

from ..spec import DI, DO, FR, MI, MO, SA, SO, Offering, Trainer, When

OFFERINGS = (
    Offering(
        "workshop", "Sprache. Macht. Rassismus.", "bruecke", (When(3, SA, "10:00", "16:00"),),
        "Worte verletzen, auch gut gemeinte. Wir untersuchen Redewendungen, Schlagzeilen und Komplimente und suchen gemeinsam nach "
        "einer Sprache, die niemanden klein macht.",
        ("konflikte", "sprache"), venue="treff-am-see", room="Großer Raum", picture="gespraech", languages=("de", "en"),
        trainers=(Trainer("Samira Naderi", "Trainerin für rassismuskritische Bildung", "Die Brücke"),), funders=("nachbarschaft",),
    ),
    Offering(
        "workshop", "Argumentationstraining gegen fremdenfeindliche Stammtischparolen", "landkreis", (When(-5, SA, "09:30", "16:30"),),
        "Ein Tag mit Rollenspielen: Wie reagiere ich auf Parolen in der Kantine, beim Fußball, in der Familie? Wann lohnt sich der "
        "Streit, und wann nicht?",
        ("konflikte",), venue="landratsamt", room="Raum Schönbuch", published=110, picture="gespraech",
    ),
    Offering(
        "workshop", "Interkulturelles Training", "jobcenter", (When(8, DI, "09:00", "15:00"),),
        "Pünktlich, höflich, direkt: Was wir für selbstverständlich halten, ist anderswo ganz anders. Das Training richtet sich an "
        "Ehrenamtliche und an Mitarbeitende von Behörden, die voneinander lernen wollen.",
        ("begegnung", "arbeit"), venue="jobcenter", room="Gruppenraum 0.12", picture="bruecke",
        trainers=(Trainer("Amina Bekele", "Interkulturelle Trainerin"),), audience="Ehrenamtliche und Mitarbeitende von Behörden",
    ),
    Offering(
        "workshop", "Deeskalationstraining", "herrenberg", (When(9, SA, "09:30", "15:30"),),
        "Laute Stimmen im Flur, Streit in der Küche: Wir üben, Spannungen zu erkennen, Abstand zu halten und Hilfe zu holen. Mit "
        "Beispielen aus Unterkünften und Cafés.",
        ("konflikte",), venue="klosterhof", room="Saal", picture="gespraech", what_to_bring="Bequeme Kleidung",
        trainers=(Trainer("Sven Haueisen", "Deeskalationstrainer"),), co_hosts=("diakonie",),
    ),
    Offering(
        "workshop", "Nähe und Distanz in der Flüchtlingsarbeit", "weil", (When(6, SA, "10:00", "14:00"),),
        "Wie viel Privates gebe ich preis? Darf ich Geld leihen? Nehme ich die Einladung an? In kleiner Runde besprechen wir "
        "Fragen, die sich alle stellen und selten jemand ausspricht.",
        ("selbstfuersorge",), venue="zehntscheuer", room="Kaminzimmer", picture="ruhe",
        trainers=(Trainer("Ulrike Wahlheim", "Sozialpädagogin"),), co_hosts=("diakonie",),
    ),
    Offering(
        "workshop", "Sensibilisierung Ehrenamt – Was braucht ein Flüchtling?", "katholisch", (When(10, DO, "18:30", "21:00"),),
        "Nicht alles, was wir geben möchten, wird gebraucht. Menschen mit eigener Fluchterfahrung erzählen, was ihnen geholfen hat "
        "und was nicht. Danach planen wir neu.",
        ("ankommen", "ehrenamt"), venue="st-stephan", room="Stephanussaal", picture="haende", languages=("de", "ar"),
    ),
    Offering(
        "workshop", "Integration durch Arbeit", "jobcenter", (When(5, DO, "16:00", "19:00"),),
        "Vom Praktikum zur Ausbildung: Welche Hilfen gibt es, welche Papiere braucht der Betrieb, und wer spricht mit wem? Mit "
        "Ausbildungsbetrieben aus Sindelfingen und Böblingen.",
        ("arbeit",), venue="jobcenter", room="Gruppenraum 0.12", picture="arbeit", co_hosts=("sindelfingen",),
        trainers=(Trainer("Anja Rieger", "Beauftragte für Chancengleichheit", "Jobcenter im Landkreis"),),
        download="Checkliste für Praktikum und Ausbildung",
    ),
    Offering(
        "workshop", "Verfahrensberatung", "caritas", (When(13, SA, "09:30", "13:00"),),
        "Bescheide lesen und Fristen erkennen: An erfundenen Akten üben wir, was Ehrenamtliche selbst klären können und wann eine "
        "Fachberatung nötig ist.",
        ("asylrecht",), venue="caritas-haus", room="Seminarraum", picture="recht", prior_knowledge="Grundlagen des Asylrechts",
    ),
    Offering(
        "workshop", "Onlineanträge gemeinsam ausfüllen", "bruecke",
        (When(2, MI, "17:00", "19:30"), When(6, MI, "17:00", "19:30"), When(10, MI, "17:00", "19:30")),
        "Wohngeld, Elterngeld, Führerschein: Vieles geht nur noch am Bildschirm. Wir üben an Testzugängen, damit es im Ernstfall "
        "schnell geht. Eigene Anträge dürfen Sie mitbringen.",
        ("digitales", "wohnen"), mode="both", venue="treff-am-see", room="Kleiner Raum", online_url="https://treffen.die-bruecke.example/antraege",
        picture="bildschirm", what_to_bring="Falls vorhanden: eigener Rechner",
    ),
    Offering(
        "workshop", "Kochen ohne Sprache", "ak-renningen", (When(3, FR, "17:00", "21:00"),),
        "Schneiden, rühren, abschmecken: Zwölf Menschen kochen zusammen und brauchen kaum Worte. Am Ende steht ein Essen auf dem "
        "Tisch und ein kleines Kochbuch mit Bildern.",
        ("begegnung",), venue="samariterstift", room="Café", picture="tafel", costs="5 Euro für Lebensmittel",
        audience="Alle, die gern kochen oder essen", languages=("de", "de-simple", "ti"),
        simple_text="Wir kochen zusammen.\nSie müssen nicht gut Deutsch sprechen.\nDas Essen kostet 5 Euro.\nKommen Sie gern mit Freunden.",
    ),
    Offering(
        "workshop", "Spiele, die alle verstehen", "fk-leonberg", (When(4, DO, "18:00", "20:30"),),
        "Würfel, Karten, Ball: Spiele verbinden schneller als Vokabeln. Wir probieren zwanzig Ideen für Café, Kurs und "
        "Wartezimmer aus, für Kinder und Erwachsene.",
        ("begegnung", "familie"), venue="bibliothek", room="Veranstaltungsraum", picture="teile",
    ),
    Offering(
        "workshop", "Die Wohnungsmappe", "herrenberg", (When(2, SA, "10:00", "13:00"),),
        "Selbstauskunft, Nachweise, ein gutes Foto und drei freundliche Sätze: In drei Stunden entsteht für jede Familie eine Mappe, "
        "mit der sie sich bewerben kann.",
        ("wohnen",), venue="klosterhof", room="Seminarraum", picture="haeuser", audience="Wohnungslotsen und Wohnungssuchende",
        what_to_bring="Ausweis und Einkommensnachweis in Kopie", languages=("de", "de-simple", "uk"),
        simple_text="Sie suchen eine Wohnung?\nWir machen mit Ihnen eine Mappe.\nIn der Mappe sind alle wichtigen Papiere.\n"
        "Die Mappe zeigen Sie dem Vermieter.",
    ),
    Offering(
        "workshop", "Wenn es im Treppenhaus kracht", "kirche", (When(12, MI, "18:00", "21:00"),),
        "Müll, Lärm, Kehrwoche: Kleine Dinge werden groß, wenn niemand redet. Zwei Vermittlerinnen zeigen, wie ein Gespräch unter "
        "Nachbarn beginnt und gut endet.",
        ("nachbarschaft", "konflikte"), venue="blosenberg", room="Saal", picture="haeuser",
        trainers=(Trainer("Monika Dürr", "Mediatorin"), Trainer("Heike Sautter", "Mediatorin")), co_hosts=("fk-leonberg",),
    ),
    Offering(
        "workshop", "Lern-Apps im Sprachkurs", "vhs", (When(-2, DI, "18:00", "20:00"),),
        "Welche Apps taugen etwas, welche sammeln nur Daten? Wir testen fünf kostenlose Programme und tauschen Erfahrungen aus.",
        ("sprache", "digitales"), venue="vhs-haus", room="Raum 204", published=45, picture="bildschirm",
    ),
    Offering(
        "workshop", "Nähen, ändern, weitergeben", "weil", (When(7, SA, "10:00", "17:00"),),
        "Aus alten Vorhängen werden Taschen, aus zu langen Hosen passende. Wer nähen kann, zeigt es denen, die es lernen wollen.",
        ("begegnung", "ankommen"), venue="zehntscheuer", room="Kaminzimmer", what_to_bring="Stoffreste, wenn vorhanden",
        child_care="Spielecke im selben Raum", picture="teile",
    ),
    Offering(
        "workshop", "Fahrradwerkstatt für Anfängerinnen und Anfänger", "ak-renningen",
        (When(16, SA, "13:00", "17:00"), When(17, SA, "13:00", "17:00")),
        "Schlauch flicken, Bremse einstellen, Licht reparieren. Wer beide Nachmittage mitmacht, darf ein Rad behalten.",
        ("begegnung", "ankommen"), venue="samariterstift", room="Werkraum", picture="arbeit", costs="Spende für Ersatzteile",
    ),
    Offering(
        "workshop", "Mit Kindern lesen", "fk-leonberg", (When(-7, SO, "14:00", "16:30"),),
        "Vorlesen in zwei Sprachen, mit Erzähltheater und vielen Bildern. Für alle, die in Unterkunft, Bücherei oder "
        "Familie vorlesen.",
        ("familie", "sprache"), venue="bibliothek", room="Veranstaltungsraum", published=95, picture="buecher",
    ),
    Offering(
        "workshop", "Energie sparen in der neuen Wohnung", "diakonie", (When(14, MO, "17:00", "19:00"),),
        "Heizen, lüften, Strom ablesen: ein Workshop zum Weitersagen. Sie bekommen Bildkarten in acht Sprachen und ein Messgerät "
        "zum Ausleihen.",
        ("wohnen", "nachbarschaft"), venue="buergerhaus-g", room="Vereinszimmer", picture="haeuser",
        languages=("de", "ar", "fa", "ti", "uk"), funders=("sozialfonds",),
    ),
)
