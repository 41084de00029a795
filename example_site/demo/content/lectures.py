"""Information lectures of the half-year. Titles from ``data/titles.csv`` are real, the rest is invented."""

from ..spec import DI, DO, FR, MI, MO, SO, Offering, Trainer, When

OFFERINGS = (
    Offering(
        "vortrag", "Versicherungsschutz für Ehrenamtliche", "landkreis", (When(2, MI, "18:30", "20:00"),),
        "Wer haftet, wenn beim Umzug der Fernseher fällt? Bin ich auf dem Weg zum Deutschkurs unfallversichert? Antworten mit vielen "
        "Beispielen aus dem Alltag der Arbeitskreise.",
        ("ehrenamt",), mode="both", venue="landratsamt", room="Raum Schönbuch", picture="haende",
        online_url="https://treffen.landkreis.example/versicherung",
        trainers=(Trainer("Bernd Klotzbücher", "Versicherungsfachwirt"),), download="Versicherungsschutz auf einen Blick",
    ),
    Offering(
        "vortrag", "Was bringen Flüchtlinge mit? Fluchtursachen und Fluchtwege", "katholisch", (When(4, MI, "19:30", "21:30"),),
        "Niemand geht ohne Grund. Der Vortrag erzählt von Ursachen und Wegen, von Wissen und Können, das Menschen mitbringen – und "
        "davon, warum wir so wenig danach fragen.",
        ("ankommen", "begegnung"), venue="st-stephan", room="Stephanussaal", picture="landschaft",
        trainers=(Trainer("Dr. Jost Ebinger", "Ethnologe"),),
    ),
    Offering(
        "vortrag", "Rechtliche Grundlagen des Asylverfahrens", "herrenberg", (When(9, DI, "19:00", "21:00"),),
        "Anhörung, Bescheid, Klage: Eine Rechtsanwältin erklärt das Verfahren an Beispielen und beantwortet Fragen, die Sie uns "
        "vorher schicken können.",
        ("asylrecht",), venue="klosterhof", room="Saal", picture="recht", trainers=(Trainer("Dr. Lena Zwickl", "Rechtsanwältin"),),
    ),
    Offering(
        "vortrag", "Verantwortlichkeiten, Grenzen und Abgrenzung als Ehrenamtlicher in der Flüchtlingsarbeit", "kirche",
        (When(-3, DO, "19:30", "21:30"),),
        "Wofür bin ich zuständig, wofür nicht, und wer hilft mir, das zu unterscheiden? Ein Vortrag mit anschließendem Gespräch.",
        ("selbstfuersorge", "ehrenamt"), venue="blosenberg", room="Saal", published=70,
    ),
    Offering(
        "vortrag", "Bürgergeld und Wohngeld im Überblick", "jobcenter", (When(3, MI, "17:00", "18:30"),),
        "Wer bekommt was, ab wann, und was ändert sich mit der ersten Arbeitsstelle? Der Onlinevortrag zeigt die wichtigsten Wege "
        "durch die Anträge.",
        ("wohnen", "arbeit"), mode="online", town="Sindelfingen", online_url="https://treffen.jobcenter.example/leistungen",
        picture="bildschirm", trainers=(Trainer("Anja Rieger", "", "Jobcenter im Landkreis"),), download="Leistungen im Überblick",
    ),
    Offering(
        "vortrag", "Anerkennung ausländischer Abschlüsse", "jobcenter", (When(11, DI, "17:00", "19:00"),),
        "Ingenieurin, Pfleger, Lehrerin: Wie aus einem Zeugnis von dort ein Beruf hier wird, wie lange das dauert und wer es bezahlt.",
        ("arbeit",), venue="jobcenter", room="Gruppenraum 0.12", picture="arbeit", languages=("de", "uk", "ar"),
    ),
    Offering(
        "vortrag", "Familiennachzug: was gilt, was geht", "caritas", (When(-8, DI, "19:00", "21:00"),),
        "Ein Überblick über Voraussetzungen, Fristen und Geduldsproben – und darüber, wie Ehrenamtliche Familien in der Wartezeit "
        "stützen können.",
        ("asylrecht", "familie"), venue="caritas-haus", room="Seminarraum", published=120, picture="familie",
    ),
    Offering(
        "vortrag", "Eritrea – ein Land hinter den Nachrichten", "bruecke", (When(7, SO, "16:00", "18:00"),),
        "Kaffeezeremonie, Bilder und ein Gespräch mit zwei jungen Frauen, die in Asmara zur Schule gegangen sind.",
        ("begegnung",), venue="treff-am-see", room="Großer Raum", picture="landschaft", languages=("de", "ti"),
    ),
    Offering(
        "vortrag", "Schlaf, Sorgen, Seele", "diakonie", (When(12, MO, "19:00", "20:30"),),
        "Warum belastete Menschen schlecht schlafen und was man ihnen zeigen kann, damit die Nächte ruhiger werden.",
        ("gesundheit",), venue="klosterkirche", room="Refektorium", picture="ruhe",
        trainers=(Trainer("Dr. Sibylle Armbruster", "Psychotherapeutin"),),
    ),
    Offering(
        "vortrag", "Führerschein umschreiben oder neu machen?", "jobcenter", (When(-5, MI, "17:00", "18:30"),),
        "Welche Führerscheine anerkannt werden, wann eine Prüfung nötig ist und in welchen Sprachen man sie ablegen kann.",
        ("arbeit", "ankommen"), mode="online", town="Sindelfingen", published=85,
    ),
    Offering(
        "vortrag", "Schule in Baden-Württemberg: für Eltern erklärt", "sindelfingen", (When(10, MI, "18:00", "20:00"),),
        "Grundschule, Gemeinschaftsschule, Gymnasium, Ausbildung: Der Abend erklärt Eltern und ihren Begleitungen das Schulsystem. Es "
        "wird in drei Sprachen übersetzt.",
        ("familie", "sprache"), venue="odeon", room="Bürgersaal", picture="buecher", languages=("de-simple", "ar", "uk", "tr"),
        child_care="vorhanden, ohne Anmeldung",
        simple_text="Wie ist die Schule hier?\nWelche Schule passt zu meinem Kind?\nDas erklären wir Ihnen.\n"
        "Wir übersetzen in Arabisch, Ukrainisch und Türkisch.\nIhre Kinder können mitkommen.",
        checked_by="der Prüfgruppe der Werkstatt am Schönbuch",
    ),
    Offering(
        "vortrag", "Wohnraum teilen: Erfahrungen aus fünf Jahren", "weil", (When(15, DO, "19:30", "21:00"),),
        "Drei Familien haben ihre Einliegerwohnung an Geflüchtete vermietet. Sie erzählen offen, was gut ging und was schwierig war.",
        ("wohnen", "nachbarschaft"), venue="zehntscheuer", room="Kaminzimmer", picture="haeuser",
    ),
    Offering(
        "vortrag", "Geduldet – und dann?", "bildungswerk", (When(-10, DO, "19:00", "21:00"),),
        "Ausbildungsduldung, Beschäftigungsduldung, Härtefall: Der Vortrag ordnet die Begriffe und zeigt Wege in einen sicheren "
        "Aufenthalt.",
        ("asylrecht", "arbeit"), venue="bildungshaus", room="Vortragssaal", published=130, picture="recht",
    ),
    Offering(
        "vortrag", "Pflege und Pflegegrad: Hilfe für ältere Geflüchtete", "caritas", (When(17, DI, "18:00", "20:00"),),
        "Wer im Alter flieht, braucht oft Pflege und kennt das System nicht. Ein Überblick für Angehörige und Ehrenamtliche, mit "
        "Übersetzung ins Ukrainische.",
        ("gesundheit",), venue="caritas-haus", room="Seminarraum", languages=("de", "uk"),
    ),
    Offering(
        "vortrag", "Wahlen, Rathaus, Mitreden: Politik vor Ort", "bildungswerk", (When(18, FR, "18:00", "20:00"),),
        "Wie funktioniert eine Gemeinderatssitzung, wer darf wählen, und wie bringt man ein Anliegen vor? Neutral, anschaulich, "
        "mit Probeabstimmung.",
        ("begegnung", "ehrenamt"), venue="bildungshaus", room="Vortragssaal", picture="kreis",
    ),
)
