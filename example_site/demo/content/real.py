"""Offerings that districts and associations really announced between 2014 and 2017 (``data/real_offerings.csv``).

Title, kind, weekdays, times, audience and costs come from that file; week of the first date, place, description and people are
ours and invented.
"""

from ..spec import Trainer

# Title → (week of the first date, what else we say about it).
REAL = {
    "Umgang mit zwischenmenschlichen Konflikten": (8, {
        "org": "herrenberg", "venue": "klosterhof", "room": "Seminarraum", "topics": ("konflikte", "ehrenamt"), "picture": "gespraech",
        "summary": "Wo Menschen zusammenarbeiten, gibt es Reibung: im Team, mit Ämtern, mit den Menschen, die wir begleiten. An "
        "diesem Samstag üben wir, Streit früh zu erkennen und ruhig anzusprechen.",
        "contents": "Wie entsteht ein Konflikt?\n\nWas hilft im ersten Augenblick, und was macht alles schlimmer?\n\nÜbungen in "
        "kleinen Gruppen mit Beispielen, die Sie mitbringen.",
        "trainers": (Trainer("Tabea Nonnenmann", "Master in Friedensforschung"),),
        "co_hosts": ("vhs", "Helferkreise der Teilorte"), "what_to_bring": "Ein Beispiel aus Ihrem Alltag", "child_care": "nach Absprache",
    }),
    "Grundlagen des Asyl- und Flüchtlingsrechts, freiwillige Ausreise": (3, {
        "org": "vhs", "venue": "vhs-haus", "room": "Raum 101", "topics": ("asylrecht",), "picture": "recht",
        "summary": "Welche Schritte hat ein Asylverfahren, welche Fristen gelten, und was bedeutet eine freiwillige Ausreise? Der "
        "Abend gibt einen Überblick ohne Juristendeutsch und lässt viel Zeit für Fragen.",
        "trainers": (Trainer("Kerstin Oelmaier", "Rechtsberaterin", "Diakonische Bezirksstelle"),), "co_hosts": ("Helferkreise im Schönbuch",),
    }),
    "Die Rolle des Ehrenamts": (10, {
        "org": "bildungswerk", "venue": "bildungshaus", "room": "Vortragssaal", "topics": ("ehrenamt", "selbstfuersorge"), "picture": "haende",
        "summary": "Helfen, begleiten, sich einmischen: Was ist Aufgabe der Freiwilligen und was nicht? Wir sortieren Erwartungen, "
        "die eigenen und die der anderen. Wer am Nachmittag weitermachen möchte, bleibt zum zweiten Workshop.",
        "trainers": (Trainer("Henning Stoll", "Bildungsreferent", "Kreisbildungswerk Böblingen"),), "co_hosts": ("landkreis",),
    }),
    "Das Asylverfahren: Abläufe und rechtliche Grundlagen": (10, {
        "org": "bildungswerk", "venue": "bildungshaus", "room": "Vortragssaal", "topics": ("asylrecht",), "picture": "recht",
        "summary": "Vom ersten Gespräch bis zum Bescheid: Wir gehen das Verfahren an einem erfundenen Fall Schritt für Schritt durch "
        "und schauen, an welchen Stellen Ehrenamtliche helfen können.",
        "trainers": (Trainer("Dr. Lena Zwickl", "Rechtsanwältin"),), "co_hosts": ("caritas",), "download": "Ablauf des Asylverfahrens",
    }),
    "„Begegnung mit dem Islam – auf Augenhöhe“": (5, {
        "org": "bildungswerk", "venue": "bildungshaus", "room": "Vortragssaal", "topics": ("begegnung",), "picture": "bruecke",
        "summary": "Was glauben Musliminnen und Muslime, und wie leben sie ihren Glauben hier? Ein Abend mit kurzen Vorträgen und "
        "langen Gesprächen an kleinen Tischen.",
        "trainers": (Trainer("Yasemin Güler", "Islamwissenschaftlerin"), Trainer("Matthias Kern", "Pastoralreferent")),
        "co_hosts": ("katholisch", "bruecke"),
    }),
    "Herkunftsländer": (7, {
        "org": "caritas", "venue": "caritas-haus", "room": "Seminarraum", "topics": ("begegnung", "ankommen"), "picture": "landschaft",
        "subtitle": "Syrien, Afghanistan, Eritrea und Gambia",
        "summary": "Vier Länder, vier Stationen: Geschichte, Alltag, Feste, Sprache. Menschen, die von dort kommen, erzählen selbst, "
        "was sie hier überrascht hat.",
        "trainers": (Trainer("Amina Bekele", "Interkulturelle Trainerin"),), "co_hosts": ("bildungswerk",), "languages": ("de", "en"),
    }),
    "Stammtischparolen gekonnt kontern!": (7, {
        "org": "kirche", "venue": "blosenberg", "room": "Saal", "topics": ("konflikte",), "picture": "gespraech",
        "summary": "„Die kriegen doch alles!“ – und dann? In diesem Workshop suchen wir Antworten, die nicht belehren und trotzdem "
        "sitzen. Es wird viel ausprobiert und viel gelacht.",
        "trainers": (Trainer("Amina Bekele", "Interkulturelle Trainerin"),), "co_hosts": ("bildungswerk", "fk-leonberg"),
        "funders": ("nachbarschaft",),
    }),
    "Interkulturelle Kompetenz in Theorie und Praxis: Das Selbstverständnis des Ehrenamts zwischen Integrationsarbeit und "
    "„Abschiebepraxis“": (14, {
        "org": "diakonie", "town": "Herrenberg", "place": "Evangelisches Tagungshaus, Am Waldfriedhof 2", "topics": ("ehrenamt", "asylrecht", "selbstfuersorge"),
        "picture": "teile",
        "summary": "Drei Tage für eine schwierige Frage: Wie begleitet man Menschen, die vielleicht nicht bleiben dürfen? Mit "
        "Vorträgen, Fallarbeit und Zeit füreinander. Übernachtung im Haus ist möglich.",
        "contents": "Mittwoch: Ankommen, kulturelle Prägungen, eigene Bilder.\n\nDonnerstag: Recht und Wirklichkeit der Abschiebung; "
        "am Abend Film und Gespräch.\n\nFreitag: Was wir mitnehmen, was wir lassen.",
        "costs": "60 Euro mit Verpflegung, Übernachtung 45 Euro; Ermäßigung auf Anfrage", "prior_knowledge": "Erfahrung in der Begleitung",
        "trainers": (Trainer("Ulrike Wahlheim", "Sozialpädagogin", "Diakonische Bezirksstelle"), Trainer("Dr. Jost Ebinger", "Ethnologe")),
        "co_hosts": ("kirche",), "funders": ("schoenbuch", "sozialfonds"),
    }),
    "Schulungsreihe für Ehrenamtliche in der Arbeit mit geflüchteten Menschen": (2, {
        "org": "caritas", "venue": "caritas-haus", "room": "Seminarraum", "topics": ("ehrenamt", "asylrecht", "gesundheit"), "picture": "buecher",
        "summary": "Drei Abende geben Sicherheit für den Einstieg: Recht, Alltag, eigene Kräfte. Sie können alle drei besuchen oder "
        "einzelne auswählen.",
        "contents": "Erster Abend: Wer kommt zu uns, und wie läuft das Verfahren?\n\nZweiter Abend: Wohnen, Arzt, Schule – wer ist "
        "wofür zuständig?\n\nDritter Abend: Was tut mir gut? Grenzen und Auszeiten.",
        "co_hosts": ("katholisch", "landkreis"), "child_care": "auf Anfrage, bitte eine Woche vorher",
    }),
    "Supervision für ehrenamtlich Tätige": (4, {
        "org": "sindelfingen", "venue": "odeon", "room": "Gruppenraum 2", "topics": ("selbstfuersorge",), "picture": "kreis",
        "summary": "In einer festen, kleinen Gruppe besprechen Sie, was Sie beschäftigt: schwierige Gespräche, Enttäuschungen, "
        "schöne Erfolge. Was gesagt wird, bleibt im Raum.",
        "audience": "Helferinnen und Helfer der Flüchtlingshilfe", "trainers": (Trainer("Frank Morgenroth", "Supervisor"),),
    }),
    "Erstes Treffen aller Asylkreise": (6, {
        "org": "landkreis", "venue": "landratsamt", "room": "Großer Sitzungssaal", "topics": ("ehrenamt",), "picture": "kreis",
        "summary": "Zum ersten Mal in diesem Halbjahr kommen alle Arbeitskreise an einen Tisch. Wir stellen uns vor, hören, was "
        "anderswo gelingt, und sammeln, was der Landkreis tun soll.",
        "audience": "Asylkreise aus allen Städten und Gemeinden des Landkreises", "co_hosts": ("Bündnis der Arbeitskreise",),
    }),
}

# The volunteer day among them; its children are in ``days.py``.
REAL_DAY = "Landkreisweite Veranstaltung für Ehrenamtliche in der Flüchtlingsarbeit (Open Space)"
