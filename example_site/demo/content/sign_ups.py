"""How one signs up for the offerings of the demonstration, and who does. All people are invented."""

from __future__ import annotations

from dataclasses import dataclass

HERE, EXTERNAL, CONTACT = "here", "external", "contact"

FIRST_NAMES = (
    "Renate", "Dieter", "Gisela", "Werner", "Helga", "Manfred", "Christa", "Jürgen", "Sigrid", "Rolf", "Heike", "Bernd", "Monika",
    "Klaus", "Elif", "Hannelore", "Eberhard", "Ulla", "Walter", "Dorothee", "Mehmet", "Edeltraud", "Günther", "Irmgard", "Volker",
    "Ingrid", "Joachim", "Brigitte", "Wolfgang", "Anneliese", "Thomas", "Rosemarie", "Karl-Heinz", "Susanne", "Reinhold", "Petra",
    "Ahmad", "Margarete", "Siegfried", "Barbara", "Lothar", "Angelika", "Hartmut", "Cornelia", "Gerhard", "Olena", "Friedrich",
)  # fmt: skip
LAST_NAMES = (
    "Aichele", "Bäuerle", "Canz", "Dürr", "Eppler", "Fahrion", "Gerlach", "Häberle", "Ickert", "Jäckle", "Kienzle", "Laukenmann",
    "Maisch", "Nestle", "Ottenbacher", "Pfrommer", "Quandt", "Rebstock", "Schäuffele", "Trautwein", "Uhland", "Veit", "Widmaier",
    "Yıldız", "Zaiser", "Ammann", "Bihler", "Clauß", "Digel", "Essig", "Finkbeiner", "Gackstatter", "Hörmann", "Irion", "Junginger",
    "Kühnle", "Linsenmayer", "Mozer", "Niethammer", "Oesterle", "Plieninger", "Rapp", "Stähle", "Tafel", "Unger", "Vollmer", "Wörner",
    "Zluhan", "Braitinger", "Schnaufer", "Kaltenmark", "Gentner", "Hezel",
)  # fmt: skip
NUMBER_OF_PEOPLE = 150


@dataclass(frozen=True)
class Question:
    text: str
    purpose: str
    answers: tuple[str, ...]
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True)
class Plan:
    """How one signs up for the offering ``title``, or for its date number ``date``; ``people`` have a seat, ``waiting`` wait.

    With ``seats`` of 2 every fourth brings somebody along. ``just_now`` signed up some minutes ago; ``gives_back``: somebody gave a seat
    back, so that it is offered to the next. ``attended`` were present, and ``hours`` stand on their certificates.
    """

    title: str
    subtitle: str = ""
    date: int | None = None
    mode: str = HERE
    capacity: int | None = None
    people: int = 0
    waiting: int = 0
    just_now: int = 0
    gives_back: bool = False
    seats: int = 1
    minimum: int | None = None
    has_waiting_list: bool = True
    asks_phone: bool = False
    url: str = ""
    opens_before: int | None = None
    closes_before: int | None = None
    questions: tuple[Question, ...] = ()
    needs: tuple[str, ...] = ()
    attended: int = 0
    hours: str = ""


FOOD = Question(
    "Was essen Sie nicht?", "Damit wir richtig einkaufen.", ("Fleisch", "Nüsse", "Ich esse alles", "Fleisch"),
    kind="choice", choices=("Ich esse alles", "Fleisch", "Nüsse", "Milchprodukte"),
)  # fmt: skip
KNIFE = Question("Haben Sie eine Schürze?", "Wer keine hat, bekommt eine von uns.", ("Ja", "Nein", "Ja"), kind="yes_no")
CASE = Question(
    "Welche Situation möchten Sie besprechen?", "Die Referentin bereitet Beispiele dazu vor.",
    ("Streit um die Küche in der Unterkunft", "Ein Vater, der nicht mit mir reden will", "Lärm im Treppenhaus"),
)  # fmt: skip
SENTENCE = Question(
    "Welchen Satz können Sie nicht mehr hören?", "Wir üben mit dem, was Sie wirklich erleben.",
    ("„Die kriegen doch alles!“", "„Früher war es hier ruhiger.“", "„Man wird ja wohl noch sagen dürfen …“"),
)  # fmt: skip
SWIMS = Question("Können Sie selbst sicher schwimmen?", "So teilen wir die Gruppen ein.", ("Ja",), kind="yes_no", is_required=True)

HEARING = "Ich höre schlecht und brauche einen Platz vorn."
WHEELCHAIR = "Ich komme mit dem Rollstuhl."

PLANS = (
    # Past, with attendance and certificates.
    Plan("Ankommen verstehen", capacity=24, people=14, attended=12, hours="5"),
    Plan("Erste Hilfe für die Seele", capacity=18, people=11, attended=10, hours="5.5"),
    Plan("Verantwortlichkeiten, Grenzen und Abgrenzung als Ehrenamtlicher in der Flüchtlingsarbeit", capacity=60, people=9, attended=7),
    # Full, people wait.
    Plan("Asylrecht – eine Einführung", capacity=12, people=12, waiting=3, seats=2, needs=(HEARING,)),
    # Full, and a seat has just been offered to the first in line.
    Plan("Stammtischparolen gekonnt kontern!", capacity=14, people=14, waiting=4, gives_back=True, questions=(SENTENCE,)),
    # Full, no waiting list.
    Plan("Die Wohnungsmappe", capacity=8, people=8, has_waiting_list=False),
    # Single dates.
    Plan("Schulungsreihe für Ehrenamtliche in der Arbeit mit geflüchteten Menschen", date=0, capacity=24, people=7, needs=(WHEELCHAIR,)),
    Plan("Schulungsreihe für Ehrenamtliche in der Arbeit mit geflüchteten Menschen", date=1, capacity=24, people=4),
    Plan("Schulungsreihe für Ehrenamtliche in der Arbeit mit geflüchteten Menschen", date=2, capacity=24, people=3),
    Plan("Onlineanträge gemeinsam ausfüllen", date=0, capacity=10, people=5),
    Plan("Onlineanträge gemeinsam ausfüllen", date=1, capacity=10, people=1),
    Plan("Onlineanträge gemeinsam ausfüllen", date=2, capacity=10),
    # Whole series.
    Plan("Gesundheitslotsen: vier Abende", capacity=16, people=9, closes_before=1),
    Plan("Deutsch unterrichten ohne Vorkenntnisse", capacity=12, people=8),
    Plan("Schwimmen lernen: Begleitung für Frauen", capacity=12, people=5, minimum=8, asks_phone=True, questions=(SWIMS,)),
    # Two people in one sign-up.
    Plan("Fernreise Daheim", "In Böblingen: Syrien", capacity=40, people=6, seats=2),
    Plan("Fernreise Daheim", "In Herrenberg: Gambia", capacity=30, people=4, seats=2),
    Plan("Fernreise Daheim", "In Leonberg: Afghanistan", capacity=60, people=5, seats=2),
    Plan("Fernreise Daheim", "In Weil im Schönbuch: Ukraine", capacity=14, people=4, seats=2),
    Plan("Fernreise Daheim", "In Renningen: Eritrea", capacity=30, people=5, seats=2, questions=(FOOD,)),
    Plan("Die Vielfalt macht's", capacity=120, people=12, seats=2, needs=(WHEELCHAIR, HEARING)),
    # Questions.
    Plan("Kochen ohne Sprache", capacity=12, people=6, questions=(FOOD, KNIFE), asks_phone=True),
    Plan("Umgang mit zwischenmenschlichen Konflikten", capacity=20, people=4, questions=(CASE,)),
    # Elsewhere.
    Plan(
        "Interkulturelle Kompetenz in Theorie und Praxis: Das Selbstverständnis des Ehrenamts zwischen Integrationsarbeit und "
        "„Abschiebepraxis“",
        mode=EXTERNAL, url="https://www.diakonie-hbg.example/tagung/anmeldung",
    ),
    Plan("Lesen und schreiben lernen mit Erwachsenen", mode=EXTERNAL, url="https://www.vhs-schoenbuch.example/kurse/alpha"),
    Plan("Wohnraum teilen: Erfahrungen aus fünf Jahren", mode=CONTACT),
    Plan("Nähen, ändern, weitergeben", mode=CONTACT),
    Plan("Fahrradwerkstatt für Anfängerinnen und Anfänger", mode=CONTACT),
    # Online and mixed.
    Plan("Bürgergeld und Wohngeld im Überblick", capacity=100, people=8),
    Plan("Kinder schützen im Ehrenamt", capacity=50, people=4),
    Plan("Versicherungsschutz für Ehrenamtliche", capacity=30, people=6, just_now=2),
    Plan("Öffentlichkeitsarbeit für kleine Gruppen", capacity=18, people=2),
    # A few seats left, and what is far away.
    Plan("Gespräche führen, auch ohne viele Worte", capacity=20, people=14, needs=(HEARING,)),
    Plan("Behörden, Wege, Zuständigkeiten", capacity=20, people=6),
    Plan("Für andere sorgen, für sich sorgen", capacity=20, people=3),
    Plan("Der Flüchtling und ich – Aufgaben und Grenzen", capacity=30, people=8, just_now=1),
    Plan("Einführung in die Anhörungsbegleitung", capacity=16, people=5, just_now=1),
    Plan("Sprache. Macht. Rassismus.", capacity=25, people=7),
    Plan("Grundlagen des Asyl- und Flüchtlingsrechts, freiwillige Ausreise", capacity=20, people=5),
    Plan("Flüchtlinge mit psychischen Belastungen und Traumata", capacity=18, people=6),
    Plan("Spiele, die alle verstehen", capacity=20, people=3),
    Plan("Herkunftsländer", capacity=24, people=2),
    Plan("Nähe und Distanz in der Flüchtlingsarbeit", capacity=14, people=3),
    Plan("Mietvertrag, Kaution, Nebenkosten", capacity=20, people=2),
    Plan("Interkulturelles Training", capacity=18, people=1),
    Plan("Deeskalationstraining", capacity=16, people=2),
    Plan("Integration durch Arbeit", capacity=18, people=1),
    Plan("Abschied gestalten", capacity=20),
    Plan("Die Rolle des Ehrenamts", capacity=60, people=2),
    Plan("Das Asylverfahren: Abläufe und rechtliche Grundlagen", capacity=60, people=2),
    Plan("Wohnungssuche mit Erfolg", capacity=18, people=3),
    Plan("Nachbarschaft feiern: ein Hoffest planen", capacity=25),
    Plan("Wenn es im Treppenhaus kracht", capacity=40),
    Plan("Kassenführung und Spenden im Arbeitskreis", capacity=25, opens_before=60),
    Plan("Verfahrensberatung", capacity=20, opens_before=60),
    Plan("Energie sparen in der neuen Wohnung", capacity=18),
    Plan("Frauen im Ehrenamt", capacity=10, people=6),
    Plan("Treffen der Sprecherinnen und Sprecher", date=0, capacity=18, people=5),
    Plan("Treffen der Sprecherinnen und Sprecher", date=1, capacity=18),
    Plan("Fragestunde zum neuen Partnerbereich", people=4),
    # Supervision; who may read the people is the named supervisor alone.
    Plan("Coaching für Ehrenamtliche in der Flüchtlingsarbeit", date=0, capacity=1, people=1, waiting=1),
    Plan("Coaching für Ehrenamtliche in der Flüchtlingsarbeit", date=1, capacity=1, people=1),
    Plan("Coaching für Ehrenamtliche in der Flüchtlingsarbeit", date=2, capacity=1),
    Plan("Coaching für Ehrenamtliche in der Flüchtlingsarbeit", date=3, capacity=1),
    Plan("Supervision für Patinnen und Paten", date=0, capacity=20, people=8),
    Plan("Supervision für Patinnen und Paten", capacity=8, people=6),
    Plan("Supervision für ehrenamtlich Tätige", capacity=8, people=4),
)  # fmt: skip

# Title → form. The account ``supervision`` holds all of them; of the closed group the first date is the information evening.
SUPERVISIONS = {
    "Coaching für Ehrenamtliche in der Flüchtlingsarbeit": "single",
    "Supervision für Patinnen und Paten": "group",
    "Supervision für ehrenamtlich Tätige": "group",
    "Supervision für Ihren Arbeitskreis": "on_request",
}
WITH_INFORMATION_EVENING = "Supervision für Patinnen und Paten"
ON_REQUEST = "Supervision für Ihren Arbeitskreis"

# A closed group that has met: date number → hours, people.
HELD = ("Supervision für Patinnen und Paten", {0: ("1.5", 7), 1: ("1.5", 6)})

# Organisation of the circle, days since, who writes and what.
OPEN_REQUEST = ("ak-renningen", 4, (
    ("ak-renningen", "Wir sind zwölf Leute und kommen gerade an unsere Grenzen: Zwei Familien müssen ausziehen, und einige von uns können "
     "nachts schlecht schlafen. Könnten Sie im neuen Jahr zu uns nach Renningen kommen? Donnerstags passt es uns am besten."),
    ("supervision", "Danke für Ihr Vertrauen. Das mache ich gern. Ich schlage zwei Abende im Abstand von drei Wochen vor, jeweils "
     "eineinhalb Stunden. Hätten Sie einen ruhigen Raum mit Platz für einen Stuhlkreis?"),
    ("ak-renningen", "Ja, den Werkraum der Begegnungsstätte. Zwei Abende sind genau richtig. Welcher Donnerstag wäre Ihnen recht?"),
))  # fmt: skip
AGREED_REQUEST = ("fk-leonberg", 40, "Treffpunkt Steinstraße, Leonberg", ("2", 9), (
    ("fk-leonberg", "Nach dem Streit im Sommer möchten wir einmal in Ruhe zurückschauen, am liebsten mit jemandem von außen."),
    ("supervision", "Das ist eine gute Idee. Ich bringe eine Struktur mit, in der alle zu Wort kommen. Passt Ihnen der erste Montag?"),
    ("fk-leonberg", "Sehr gut, wir freuen uns."),
))  # fmt: skip

# Law of an organisation; all others are under the GDPR.
LAWS = {"katholisch": "kdg", "caritas": "kdg", "kirche": "dsg_ekd", "diakonie": "dsg_ekd"}
OFFICERS = {
    "gdpr": "Die behördliche oder betriebliche Datenschutzbeauftragte erreichen Sie unter {address}.",
    "kdg": "Betrieblicher Datenschutzbeauftragter nach § 36 KDG: {address}. Zuständige Aufsicht ist das Katholische Datenschutzzentrum.",
    "dsg_ekd": "Örtlich Beauftragte für den Datenschutz nach § 36 DSG-EKD: {address}. Zuständige Aufsicht ist der Beauftragte für den "
    "Datenschutz der EKD.",
}
MORE = {
    "landkreis": "Fotos von Veranstaltungen zeigen wir nur, wenn alle Abgebildeten vorher zugestimmt haben.",
    "caritas": "Namen und Adressen geben wir nicht an andere Stellen weiter, auch nicht innerhalb der Caritas.",
}
