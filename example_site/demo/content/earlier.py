"""What took place in the five half-years before this one, from the oldest on: acute care gave way to housing and to those who help.

Each line is offered once a half-year with so many dates; 0: not at all. Beside them so many seats, and how many people came each time.
"""

from ..spec import DI, DO, MI, MO, SA

LINES = (
    # kind, title, organisation, venue, topics, weekday, start, end, dates, seats, people at each
    ("vortrag", "Asylverfahren Schritt für Schritt", "landkreis", "landratsamt", ("asylrecht",), DI, "19:00", "21:00",
     (5, 4, 3, 2, 1), 40, (38, 35, 29, 22, 17)),
    ("fortbildung", "Die ersten Wochen begleiten", "caritas", "caritas-haus", ("ankommen", "gesundheit"), SA, "10:00", "16:00",
     (4, 3, 3, 1, 1), 24, (24, 22, 18, 14, 11)),
    ("vortrag", "Krank sein in einem fremden Land", "diakonie", "haus-der-diakonie", ("gesundheit",), MI, "19:30", "21:00",
     (2, 2, 1, 1, 0), 30, (21, 18, 16, 9, 0)),
    ("workshop", "Deutsch lernen mit Alltagsdingen", "vhs", "vhs-haus", ("sprache",), DO, "18:00", "21:00",
     (2, 3, 3, 3, 2), 16, (12, 15, 16, 14, 13)),
    ("workshop", "Vom Praktikum zum Arbeitsvertrag", "jobcenter", "jobcenter", ("arbeit",), DI, "17:00", "19:00",
     (1, 1, 2, 3, 3), 20, (8, 11, 15, 18, 16)),
    ("fortbildung", "Wohnung gesucht, Wohnung gefunden", "herrenberg", "klosterhof", ("wohnen",), MO, "18:30", "20:30",
     (0, 1, 2, 4, 5), 30, (0, 14, 22, 27, 29)),
    ("austausch", "Runde der neuen Nachbarschaften", "sindelfingen", "odeon", ("nachbarschaft", "wohnen"), DO, "19:00", "21:00",
     (0, 0, 1, 2, 4), 25, (0, 0, 9, 13, 17)),
    ("austausch", "Stammtisch der Arbeitskreise", "landkreis", "landratsamt", ("ehrenamt",), MI, "19:00", "21:30",
     (2, 2, 2, 2, 2), 60, (46, 41, 38, 33, 28)),
    ("fortbildung", "Auch Helfen braucht Pausen", "kirche", "blosenberg", ("selbstfuersorge",), SA, "09:30", "15:30",
     (1, 1, 2, 2, 3), 18, (7, 9, 13, 15, 16)),
)  # fmt: skip

SUMMARY = "Aus der Reihe, die es in jedem Halbjahr gibt: {title}. Ein Termin mit viel Zeit für Fragen aus der Begleitung."
# The name of a half-year in a title.
FIRST, SECOND = "{title} (Frühjahr {year})", "{title} (Herbst {year})"
# Weeks after the beginning of a half-year in which the dates lie, one after another.
WEEKS = (4, 7, 10, 13, 16)
# What people named when they signed up, in turn.
AT_EACH_CIRCLE = (5, 6, 8)

# Guests of the volunteer days who had signed up and came: half-years before this one, name, town, seats, signed up, came.
DAYS = (
    (4, "Ehrenamtstag in Sindelfingen", "Sindelfingen", 200, 168, 151),
    (2, "Ehrenamtstag in Leonberg", "Leonberg", 150, 104, 88),
)
