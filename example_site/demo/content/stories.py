"""Offerings that are on their way: drafts, waiting ones, returned ones, changes, cancellations."""

from ..spec import DI, DO, FR, MI, MO, SA, Offering, Trainer, When

LINDENMAIER = (Trainer("Karin Lindenmaier", "Sozialarbeiterin", "Caritas-Zentrum Böblingen"),)

# Published; the one below is much like it.
ORIGINAL = Offering(
    "fortbildung", "Asylrecht – eine Einführung", "caritas", (When(3, MI, "18:30", "21:00"),),
    "Was ist Asyl, was ist subsidiärer Schutz, was eine Duldung? Ein Abend für alle, die mitreden und richtig weiterverweisen "
    "möchten. Vorwissen ist nicht nötig.",
    ("asylrecht",), venue="caritas-haus", room="Seminarraum", picture="recht", trainers=LINDENMAIER,
    audience="Ehrenamtliche in der Flüchtlingshilfe",
)  # fmt: skip
NEAR_DUPLICATE = Offering(
    "fortbildung", "Einführung in das Asylrecht", "diakonie", (When(4, MI, "18:30", "21:00"),),
    "Asyl, subsidiärer Schutz, Duldung: Wir erklären die wichtigsten Begriffe und zeigen, an wen Sie sich im Landkreis wenden "
    "können. Sie brauchen kein Vorwissen.",
    ("asylrecht",), venue="haus-der-diakonie", room="Raum Emmaus", audience="Ehrenamtliche in der Flüchtlingshilfe",
    trainers=(Trainer("Kerstin Oelmaier", "Rechtsberaterin"),),
)  # fmt: skip

# Published in Sindelfingen; on the same evening Böblingen plans the same topic.
FIRST_OF_CLASH = Offering(
    "vortrag", "Wohnungssuche mit Erfolg", "sindelfingen", (When(7, MI, "19:00", "21:00"),),
    "Wo freie Wohnungen wirklich zu finden sind, wie man Vermietende anspricht und was in eine gute Bewerbung gehört. Mit "
    "Erfahrungen aus drei Jahren Wohnungslotsen.",
    ("wohnen",), venue="odeon", room="Gruppenraum 1", picture="haeuser",
)  # fmt: skip
REASON_IN_SPITE_OF_CLASH = "Die Referentin hat nur an diesem Abend Zeit, und wir erwarten andere Teilnehmende."

SECOND_OF_CLASH = Offering(
    "workshop", "Endlich eine eigene Wohnung", "caritas", (When(7, MI, "18:30", "20:30"),),
    "Von der Suche bis zur Schlüsselübergabe: Wir sammeln Adressen, üben Telefonate und klären, wer bei Kaution und Umzug hilft.",
    ("wohnen",), venue="treff-am-see", room="Kleiner Raum", picture="haeuser", trainers=LINDENMAIER,
)  # fmt: skip

# Waiting for review: days since it was submitted → offering. The first date of the last one is near.
WAITING = (
    (9, Offering(
        "vortrag", "Ausbildung zur Pflegefachkraft: Wege und Hürden", "jobcenter", (When(9, DO, "17:00", "19:00"),),
        "Pflege wird gesucht, und viele Geflüchtete bringen Erfahrung mit. Wir zeigen, welche Abschlüsse zählen und wer Sprachkurs "
        "und Lebensunterhalt während der Ausbildung bezahlt.",
        ("arbeit", "gesundheit"), venue="jobcenter", room="Gruppenraum 0.12",
    )),
    (6, Offering(
        "austausch", "Festgebäck aus aller Welt", "kirche", (When(5, SA, "15:00", "18:00"),),
        "Weihnachten, Zuckerfest, Newroz: Wir backen zusammen, was in unseren Familien zu Festen auf den Tisch kommt, und erzählen "
        "uns, warum.",
        ("begegnung", "familie"), venue="blosenberg", room="Saal", child_care="Kinder backen mit",
    )),
    (3, Offering(
        "fortbildung", "Wohnungslotsen – Einführung für Neue", "herrenberg", (When(6, MI, "18:00", "20:30"),),
        "Sie möchten Menschen bei der Wohnungssuche begleiten? An diesem Abend lernen Sie das Team, die Abläufe und die wichtigsten "
        "Adressen kennen.",
        ("wohnen",), venue="klosterhof", room="Seminarraum", trainers=(Trainer("Lars Vogtmann", "Integrationsbeauftragter"),),
    )),
    (1, Offering(
        "workshop", "Fahrradkurs für Frauen", "ak-renningen", (When(1, SA, "14:00", "16:00"), When(2, SA, "14:00", "16:00")),
        "Radfahren kann man auch mit vierzig lernen. Zwei Nachmittage auf dem Schulhof, mit Rädern, Helmen und viel Ermutigung.",
        ("begegnung", "gesundheit"), town="Renningen", place="Schulhof der Friedrich-Schiller-Schule, Ringstraße 3",
    )),
)  # fmt: skip

RETURNED = Offering(
    "vortrag", "Filmabend: Der lange Weg", "kirche", (When(5, FR, "19:30", "21:30"),),
    "Ein Dokumentarfilm über drei Geschwister auf der Flucht, danach Gespräch mit der Regisseurin.",
    ("begegnung", "ankommen"), venue="steinturnhalle", room="Saal",
)  # fmt: skip
RETURN_COMMENT = (
    "Ein schöner Abend, den wir gern im Programm hätten. Bitte ergänzen Sie noch, ab welchem Alter der Film geeignet ist, und "
    "klären Sie das Recht, ihn öffentlich zu zeigen."
)

# Returned once, corrected, approved: the full story in the history.
SECOND_ATTEMPT = Offering(
    "workshop", "Einführung in die Anhörungsbegleitung", "caritas", (When(4, SA, "09:30", "14:00"),),
    "Die Anhörung entscheidet über sehr viel. Wir üben, wie man Menschen darauf vorbereitet, ohne ihnen Worte in den Mund zu legen.",
    ("asylrecht",), venue="caritas-haus", room="Seminarraum", trainers=LINDENMAIER, picture="recht",
)  # fmt: skip
SECOND_ATTEMPT_COMMENT = "Bitte schreiben Sie dazu, welches Vorwissen nötig ist."
SECOND_ATTEMPT_ADDED = "Grundlagen des Asylverfahrens"

# Published, with a change that waits for approval.
CHANGED = Offering(
    "workshop", "Nachbarschaft feiern: ein Hoffest planen", "herrenberg", (When(10, SA, "10:00", "13:00"),),
    "Genehmigung, Strom, Essen für viele: In drei Stunden planen wir ein Hoffest, an dem sich alle beteiligen können, und "
    "zwar ein echtes.",
    ("nachbarschaft", "begegnung"), venue="klosterhof", room="Gewölbekeller", picture="tafel",
)  # fmt: skip
CHANGED_ROOM = "Saal"
CHANGED_SUMMARY = (
    "Genehmigung, Strom, Essen für viele: In drei Stunden planen wir ein Hoffest, an dem sich alle beteiligen können. Weil sich so "
    "viele angekündigt haben, ziehen wir in den Saal um; er ist stufenlos zu erreichen."
)

DRAFT = Offering(
    "workshop", "Theater ohne viele Worte", "caritas", (),
    "",
    ("begegnung",),
)  # fmt: skip

CANCELLED = Offering(
    "vortrag", "Gesund essen mit wenig Geld", "diakonie", (When(3, DI, "18:00", "20:00"),),
    "Einkaufen, kochen, aufbewahren: Eine Ernährungsberaterin zeigt, wie man mit kleinem Budget gut isst.",
    ("gesundheit",), venue="haus-der-diakonie", room="Raum Emmaus", picture="tafel",
)  # fmt: skip
CANCELLED_REASON = "Die Referentin ist erkrankt. Wir suchen einen neuen Termin im nächsten Halbjahr."

ONE_DATE_CANCELLED = Offering(
    "fortbildung", "Gesundheitslotsen: vier Abende", "sindelfingen",
    (When(1, MO, "18:30", "20:30"), When(2, MO, "18:30", "20:30"), When(3, MO, "18:30", "20:30"), When(5, MO, "18:30", "20:30")),
    "Wie spricht man mit Ärztinnen und Ärzten, was gehört in die Tasche für die Klinik, und was steht auf dem Rezept? Vier Abende "
    "für alle, die zu Arztbesuchen begleiten.",
    ("gesundheit",), venue="odeon", room="Gruppenraum 1", picture="familie", audience="Begleitende bei Arztbesuchen",
)  # fmt: skip
ONE_DATE_REASON = "Der Raum wird an diesem Abend für eine Sitzung des Ortschaftsrats gebraucht."

# The district's own offering, entered in the portal and approved by the same person, which the decision says.
OWN = Offering(
    "austausch", "Fragestunde zum neuen Partnerbereich", "landkreis", (When(2, FR, "10:00", "11:30"), When(4, DI, "17:30", "19:00")),
    "Wie melde ich eine Veranstaltung, was passiert in der Prüfung, und wie sage ich einen Termin ab? Wir zeigen den "
    "Partnerbereich am Bildschirm und beantworten Ihre Fragen.",
    ("digitales", "ehrenamt"), mode="both", venue="landratsamt", room="Raum Würm", picture="bildschirm",
    online_url="https://treffen.landkreis.example/partner", audience="Organisationen und Arbeitskreise",
)  # fmt: skip

# A circle asks for a change of its page: what it is looking for now.
CIRCLE_CHANGE = (
    "Arbeitskreis Asyl Renningen",
    "Jemanden, der Mathematik bis Klasse 9 erklären kann, und zwei Personen für den neuen Fahrradkurs für Frauen. Die Werkstatt "
    "ist inzwischen gut besetzt – danke!",
)
