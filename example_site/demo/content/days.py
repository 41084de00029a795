"""Two volunteer days: the past one was really announced in 2016, the coming one bears a real title."""

from ..spec import SA, Offering, Trainer, When

WEEK = 11
PAST_WEEK = -8


def coming(start: str, end: str) -> tuple[When, ...]:
    return (When(WEEK, SA, start, end),)


PAST_DAY = {
    "org": "landkreis", "venue": "landratsamt", "room": "Großer Sitzungssaal", "topics": ("ehrenamt",), "picture": "kreis", "published": 130,
    "summary": "Keine fertige Tagesordnung, sondern Ihre Themen: Am Morgen sammeln wir, was Sie bewegt, danach wird in Gruppen "
    "gearbeitet. Mit Mittagessen und einem Markt der Ideen.",
    "co_hosts": ("caritas", "diakonie", "DRK-Kreisverband"), "child_care": "ganztags",
}  # fmt: skip
PAST_DATES = (When(PAST_WEEK, SA, "09:00", "15:00"),)

PAST_CHILDREN = (
    Offering(
        "workshop", "Markt der Ideen: Was bei uns gelingt", "caritas", (When(PAST_WEEK, SA, "10:00", "11:30"),),
        "Zwölf Tische, zwölf Ideen: vom Mitfahrplan bis zum Chor. Wer etwas gefunden hat, nimmt die Anleitung mit nach Hause.",
        ("ehrenamt",), venue="landratsamt", room="Raum Schönbuch", published=100,
    ),
    Offering(
        "austausch", "Nachwuchs gesucht: Wie gewinnen wir neue Leute?", "fk-leonberg", (When(PAST_WEEK, SA, "13:00", "14:30"),),
        "Die Kreise werden kleiner. Was zieht Jüngere an, was hält sie, und was müssen wir lassen?",
        ("ehrenamt",), venue="landratsamt", room="Raum Würm", published=95,
    ),
)

COMING_DAY = Offering(
    "ehrenamtstag", "Die Vielfalt macht's", "landkreis", (When(WEEK, SA, "10:00", "17:00"),),
    "Der Ehrenamtstag des Landkreises findet in diesem Jahr an vielen Orten zugleich statt. Organisationen öffnen ihre Türen, "
    "zeigen ihre Arbeit und laden zum Mitmachen ein. Am späten Nachmittag treffen sich alle in Böblingen.",
    ("ehrenamt", "begegnung"), venue="treff-am-see", room="Großer Raum", picture="haende", published=50,
    subtitle="Ehrenamtstag des Landkreises", child_care="in Böblingen, Herrenberg und Leonberg",
    contents="Suchen Sie sich im Zeitplan aus, wohin Sie möchten. Zwischen den Orten fahren zwei Busse im Kreis; sie halten an "
    "allen Häusern, die mitmachen.\n\nUm 16 Uhr beginnt das gemeinsame Fest im Treff am See, mit Dank, Musik und Essen.",
    co_hosts=("herrenberg", "sindelfingen", "caritas", "diakonie"), funders=("sozialfonds", "schoenbuch", "nachbarschaft"),
    languages=("de", "de-simple", "en"),
    simple_text="Viele Menschen helfen anderen Menschen.\nDas feiern wir.\nSie können an vielen Orten mitmachen.\nDie Busse sind "
    "kostenlos.\nAm Ende feiern alle zusammen in Böblingen.",
    checked_by="der Prüfgruppe der Werkstatt am Schönbuch",
)  # fmt: skip

# Children of the coming day that are there already.
CHILDREN = (
    Offering(
        "austausch", "Offene Türen im Caritas-Zentrum", "caritas", coming("10:00", "12:00"),
        "Beratung, Sprachcafé, Möbellager: Schauen Sie hinter alle Türen und fragen Sie, was Sie schon immer wissen wollten.",
        ("ehrenamt",), venue="caritas-haus", room="Seminarraum",
    ),
    Offering(
        "workshop", "Deutsch in einer Stunde erklärt", "vhs", coming("10:30", "11:30"),
        "Eine Probestunde für Menschen, die unterrichten möchten – mit Rollentausch: Sie lernen Tigrinya.",
        ("sprache",), venue="vhs-haus", room="Raum 101", languages=("de", "ti"),
    ),
    Offering(
        "workshop", "Fahrräder flicken mit dem Arbeitskreis", "ak-renningen", coming("11:00", "13:00"),
        "Bringen Sie Ihr Rad mit. Wir reparieren es zusammen, und Sie lernen die Werkstatt kennen.",
        ("begegnung",), venue="samariterstift", room="Werkraum",
    ),
    Offering(
        "vortrag", "Vom Zimmer zur Wohnung", "herrenberg", coming("11:00", "12:00"),
        "Die Stadt zeigt an drei Beispielen, wie Familien aus der Unterkunft in eine eigene Wohnung gezogen sind.",
        ("wohnen",), venue="klosterhof", room="Saal", trainers=(Trainer("Lars Vogtmann", "Integrationsbeauftragter", "Stadt Herrenberg"),),
    ),
    Offering(
        "austausch", "Suppe und Geschichten", "kirche", coming("12:00", "14:00"),
        "Ein langer Tisch im Gemeindehaus, fünf Suppen, zehn Geschichten. Hunger und Neugier genügen.",
        ("begegnung", "nachbarschaft"), venue="blosenberg", room="Saal", picture="tafel",
    ),
    Offering(
        "workshop", "Bewerbungscheck zum Mitnehmen", "jobcenter", coming("13:00", "15:00"),
        "Bringen Sie Ihre Unterlagen mit. Nach zwanzig Minuten wissen Sie, was gut ist und was fehlt.",
        ("arbeit",), venue="jobcenter", room="Gruppenraum 0.12", picture="arbeit",
    ),
)  # fmt: skip

# These ask to be part of the day: the owner agrees to the first, the second still waits for an answer.
ACCEPTED_CHILD = Offering(
    "austausch", "Spielplatz der Sprachen", "sindelfingen", coming("13:30", "15:30"),
    "Kinder und Erwachsene spielen auf sechs Feldern in sechs Sprachen. Wer verliert, lernt ein neues Wort.",
    ("familie", "sprache"), venue="odeon", room="Bürgersaal", picture="familie",
)  # fmt: skip
REQUESTED_CHILD = Offering(
    "workshop", "Chor der Kulturen zum Mitsingen", "bruecke", coming("14:00", "15:30"),
    "Ohne Noten, ohne Vorkenntnisse: In anderthalb Stunden lernen wir vier Lieder und singen sie am Abend beim Fest.",
    ("begegnung",), venue="alte-schule", room="Klassenzimmer", picture="kreis",
)  # fmt: skip
