"""What is not an offering yet: held dates, needs, and days on which better nothing is planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ..spec import DO, MI, SA, SO, When

# Its drafts may be read by all partners.
SHARING = "herrenberg"

# The first day of Ramadan, as it is expected; it moves by eleven days a year.
RAMADAN = (
    dt.date(2026, 2, 18), dt.date(2027, 2, 8), dt.date(2028, 1, 28), dt.date(2029, 1, 16), dt.date(2030, 1, 6),
    dt.date(2030, 12, 26), dt.date(2031, 12, 15), dt.date(2032, 12, 4),
)  # fmt: skip
RAMADAN_DAYS = 30
ELECTION = When(15, SO)
ELECTION_NOTE = "Viele Bürgerhäuser sind Wahllokale, viele Engagierte helfen beim Auszählen."
RAMADAN_NOTE = "Abende mit Essen bitte nach Sonnenuntergang beginnen; viele kommen später oder gar nicht."
CARNIVAL_NOTE = "Die Schulen im Landkreis haben frei, viele Familien sind unterwegs."
DAY_NOTE = "Der Ehrenamtstag soll alle zusammenbringen. Bitte planen Sie an diesem Tag nichts anderes."


@dataclass(frozen=True)
class Hold:
    """A held date; ``made`` days ago, ``need`` is the title of the need that it answers."""

    org: str
    when: When
    town: str = ""
    topic: str = ""
    title: str = ""
    need: str = ""
    made: int = 0


@dataclass(frozen=True)
class Asked:
    """A need, reported ``made`` days ago; wished from and until are weeks counted from this one."""

    org: str
    title: str
    description: str
    topic: str
    size: int | None = None
    weeks: tuple[int, int] | None = None
    made: int = 0


ANSWERED = Asked(
    "fk-leonberg", "Tipps für die Wohnungssuche",
    "Unsere Familien suchen seit Monaten. Wir brauchen jemanden, der sagt, was wirklich hilft.", "wohnen", 20, made=70,
)  # fmt: skip
ANSWERED_BY = "Wohnungssuche mit Erfolg"
TAKEN = Asked(
    "bruecke", "Erste Hilfe für die Seele",
    "Unsere Ehrenamtlichen begleiten Menschen, die Schlimmes erlebt haben. Wir möchten lernen, was guttut und was man besser "
    "lässt.",
    "gesundheit", 15, (6, 20), made=24,
)  # fmt: skip
OPEN = (
    Asked(
        "ak-renningen", "Was tun, wenn der Mietvertrag ausläuft?",
        "Drei Familien müssen im Sommer umziehen. Ein Abend mit jemandem, der sich auskennt, würde uns sehr helfen.",
        "wohnen", 12, (3, 16), made=16,
    ),
    Asked(
        "fk-leonberg", "Supervision für unser Team",
        "Nach einem schweren Jahr möchten wir in Ruhe sprechen, gern an zwei Abenden.", "selbstfuersorge", 8, (4, 18), made=9,
    ),
    Asked(
        "weil", "Deutsch lernen mit dem Handy", "Welche Apps taugen etwas, und wie helfen wir beim Einrichten?", "digitales", 10,
        made=3,
    ),
)  # fmt: skip

HOLDS = (
    Hold("kirche", When(8, DO, "19:30", "21:30"), "Leonberg", "familie", "Elternabend: Ankommen im Kindergarten", made=3),
    # Expires in two days: the reminder is on its way.
    Hold("caritas", When(11, MI, "18:30", "20:30"), "Böblingen", "arbeit", "Bewerbungswerkstatt", made=19),
    Hold("sindelfingen", When(12, SA), "Sindelfingen", made=6),
    Hold("vhs", When(10, DO, "18:00", "20:30"), "Böblingen", "gesundheit", need=TAKEN.title, made=5),
)
# Nobody made anything of it.
EXPIRED = Hold("fk-leonberg", When(6, SA, "14:00", "17:00"), "Leonberg", "begegnung", "Spielenachmittag", made=30)
