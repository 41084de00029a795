"""Exchange rounds and supervision. Titles from ``data/titles.csv`` are real, the rest is invented."""

from ..spec import DI, DO, FR, MI, MO, SA, Offering, Trainer, When

MORGENROTH = (Trainer("Frank Morgenroth", "Supervisor (DGSv)"),)

# The same evening in five towns, on purpose: neither a clash nor a double.
JOURNEY = {
    "art": "austausch", "title": "Fernreise Daheim", "series": "Ein Abend – fünf Orte", "when": (When(8, FR, "18:30", "21:30"),),
    "topics": ("begegnung",), "picture": "landschaft", "languages": ("de", "de-simple", "en"), "funders": ("nachbarschaft",),
    "audience": "Alle, die neugierig sind",
}  # fmt: skip

EXCHANGE = (
    Offering(
        **JOURNEY, org="landkreis", venue="treff-am-see", room="Großer Raum", subtitle="In Böblingen: Syrien", co_hosts=("bruecke",),
        summary="Am selben Abend reist man in fünf Orten des Landkreises in fünf Länder, ohne den Koffer zu packen. In Böblingen "
        "erzählen drei Familien aus Aleppo und Homs, dazu gibt es Musik und etwas zu essen.",
    ),
    Offering(
        **JOURNEY, org="herrenberg", venue="klosterhof", room="Gewölbekeller", subtitle="In Herrenberg: Gambia", co_hosts=("landkreis",),
        summary="Fünf Orte, fünf Länder, ein Abend: In Herrenberg trommeln, kochen und erzählen junge Männer aus Gambia, die heute "
        "hier im Handwerk arbeiten.",
    ),
    Offering(
        **JOURNEY, org="kirche", venue="blosenberg", room="Saal", subtitle="In Leonberg: Afghanistan", co_hosts=("landkreis", "fk-leonberg"),
        summary="Fünf Orte, fünf Länder, ein Abend: In Leonberg lassen wir Drachen steigen, zumindest auf Bildern, und hören "
        "Gedichte auf Dari und Deutsch.",
    ),
    Offering(
        **JOURNEY, org="weil", venue="zehntscheuer", room="Kaminzimmer", subtitle="In Weil im Schönbuch: Ukraine", co_hosts=("landkreis",),
        summary="Fünf Orte, fünf Länder, ein Abend: In Weil im Schönbuch kommt Borschtsch auf den Tisch, und ein Chor singt, der "
        "erst seit zwei Jahren zusammen probt.",
    ),
    Offering(
        **JOURNEY, org="ak-renningen", venue="samariterstift", room="Café", subtitle="In Renningen: Eritrea", co_hosts=("landkreis",),
        summary="Fünf Orte, fünf Länder, ein Abend: In Renningen duftet es nach frisch geröstetem Kaffee. Wer möchte, lernt, ihn so "
        "zuzubereiten, wie man es in Eritrea tut.",
    ),
    Offering(
        "austausch", "Runder Tisch Anschlussunterbringung", "landkreis",
        (When(-4, DO, "17:00", "19:00"), When(4, DO, "17:00", "19:00"), When(12, DO, "17:00", "19:00")),
        "Städte, Gemeinden, Arbeitskreise und Vermietende sprechen darüber, wie aus Unterkünften Wohnungen werden. Jedes Treffen hat "
        "einen Schwerpunkt; Ergebnisse stehen danach im Protokoll.",
        ("wohnen", "nachbarschaft"), venue="landratsamt", room="Raum Schönbuch", picture="haeuser", published=80,
        audience="Verwaltung, Arbeitskreise, Vermietende",
    ),
    Offering(
        "austausch", "Erfahrungsrunde Patenschaften", "herrenberg", (When(5, MO, "19:00", "21:00"),),
        "Was läuft gut mit „meiner“ Familie, was kostet Kraft? Patinnen und Paten erzählen einander und nehmen Ideen mit nach Hause.",
        ("ehrenamt", "selbstfuersorge"), venue="klosterhof", room="Seminarraum", picture="kreis",
    ),
    Offering(
        "austausch", "Treffen der Sprecherinnen und Sprecher", "landkreis", (When(1, DI, "18:30", "20:30"), When(9, DI, "18:30", "20:30")),
        "Zweimal im Halbjahr kommen die Sprecherinnen und Sprecher der Arbeitskreise zusammen. Auf der Tagesordnung steht, was Sie "
        "uns vorher schicken.",
        ("ehrenamt",), venue="landratsamt", room="Raum Würm", picture="kreis", audience="Sprecherinnen und Sprecher der Arbeitskreise",
    ),
    Offering(
        "austausch", "Offene Runde für neue Ehrenamtliche", "fk-leonberg",
        (When(-2, MO, "19:00", "20:30"), When(2, MO, "19:00", "20:30"), When(6, MO, "19:00", "20:30"), When(10, MO, "19:00", "20:30")),
        "Neu dabei? Oder noch unentschlossen? In dieser Runde dürfen alle alles fragen. Es gibt Brezeln und keine Verpflichtungen.",
        ("ehrenamt", "ankommen"), venue="steinturnhalle", room="Saal", picture="haende", published=60,
    ),
    Offering(
        "austausch", "Frauen im Ehrenamt", "bruecke", (When(3, DO, "18:30", "21:00"),),
        "Frauen, die helfen, und Frauen, denen geholfen wurde, sitzen an einem Tisch. Es geht um Kraft, Zeit, Anerkennung und um "
        "gutes Essen.",
        ("ehrenamt", "begegnung"), venue="treff-am-see", room="Küche", picture="tafel", languages=("de", "en", "ar"), child_care="im Nebenraum",
    ),
    Offering(
        "austausch", "Mittagspause mit der Fachstelle", "landkreis",
        (When(-3, MI, "12:30", "13:15"), When(1, MI, "12:30", "13:15"), When(5, MI, "12:30", "13:15"), When(9, MI, "12:30", "13:15"),
         When(13, MI, "12:30", "13:15")),
        "Eine Dreiviertelstunde online, einmal im Monat: Sie fragen, wir antworten. Kamera und Brot sind freiwillig.",
        ("ehrenamt", "digitales"), mode="online", town="Böblingen", online_url="https://treffen.landkreis.example/mittagspause",
        picture="bildschirm", published=65,
    ),
    Offering(
        "austausch", "Vermietende erzählen", "herrenberg", (When(13, FR, "18:00", "20:00"),),
        "Menschen, die an Geflüchtete vermieten, berichten aus erster Hand. Für alle, die eine leere Wohnung haben und noch zögern.",
        ("wohnen",), venue="klosterhof", room="Saal", picture="haeuser", co_hosts=("diakonie",),
    ),
    Offering(
        "austausch", "Werkstattgespräch Sprachcafés", "vhs", (When(-9, SA, "10:00", "13:00"),),
        "Sprachcafés aus zehn Orten zeigen einander, was sie tun: Themenkarten, Spiele, Ausflüge, Umgang mit sehr vielen oder sehr "
        "wenigen Gästen.",
        ("sprache", "begegnung"), venue="vhs-haus", room="Raum 101", published=115, picture="tafel",
    ),
    Offering(
        "austausch", "Religionen am Küchentisch", "katholisch", (When(14, DI, "19:00", "21:00"),),
        "Christinnen, Muslime, Jesidinnen und Menschen ohne Religion sprechen über Feste, Trauer und Trost. Jede und jeder bringt "
        "eine Kleinigkeit zu essen mit.",
        ("begegnung",), venue="buergerhaus-g", room="Saal", picture="tafel", what_to_bring="Eine Kleinigkeit für das Büfett",
    ),
)  # fmt: skip

SUPERVISION = (
    Offering(
        "supervision", "Coaching für Ehrenamtliche in der Flüchtlingsarbeit", "landkreis",
        (When(2, DO, "18:00", "19:00"), When(2, DO, "19:15", "20:15"), When(6, DO, "18:00", "19:00"), When(6, DO, "19:15", "20:15")),
        "Einzelgespräche für Ehrenamtliche, die gerade viel tragen. Sie bringen eine Frage mit, wir nehmen uns eine Stunde Zeit. "
        "Wer kommt, liest allein der Supervisor.",
        ("selbstfuersorge",), venue="landratsamt", room="Raum Würm", trainers=MORGENROTH, picture="ruhe",
    ),
    Offering(
        "supervision", "Supervision für Patinnen und Paten", "herrenberg",
        (When(-6, MO, "19:00", "20:30"), When(-2, MO, "19:00", "20:30"), When(3, MO, "19:00", "20:30"), When(7, MO, "19:00", "20:30"),
         When(11, MO, "19:00", "20:30")),
        "Eine feste Gruppe für alle, die einzelne Menschen oder Familien begleiten. Fünf Abende; ein Einstieg ist nach Absprache "
        "möglich.",
        ("selbstfuersorge",), venue="klosterhof", room="Seminarraum", trainers=MORGENROTH, audience="Patinnen und Paten", published=90,
        picture="kreis",
    ),
    Offering(
        "supervision", "Supervision für Lehrkräfte in Sprachkursen", "vhs", (When(5, FR, "16:00", "17:30"), When(9, FR, "16:00", "17:30")),
        "Volle Kurse, müde Gesichter, Geschichten, die man mit nach Hause nimmt: Zeit, um darüber zu sprechen.",
        ("selbstfuersorge", "sprache"), venue="vhs-haus", room="Raum 204", trainers=(Trainer("Ruth Stäbler", "Supervisorin"),), picture="ruhe",
    ),
    Offering(
        "supervision", "Kollegiale Beratung: einander gut raten", "diakonie", (When(8, MI, "18:00", "20:00"), When(16, MI, "18:00", "20:00")),
        "Ohne Fachleute, aber mit klarem Ablauf: Eine Person schildert einen Fall, die anderen hören zu, fragen und denken mit. Wir "
        "leiten den ersten Abend an.",
        ("selbstfuersorge", "ehrenamt"), venue="haus-der-diakonie", room="Dachzimmer", trainers=MORGENROTH, picture="kreis",
    ),
    Offering(
        "supervision", "Supervision für Ihren Arbeitskreis", "diakonie", (When(6, DI, "18:00", "19:30"),),
        "Wir kommen zu Ihnen: Arbeitskreise bitten um Supervision, Ort und Abende vereinbaren wir miteinander. Am Abend zum Kennenlernen "
        "erzählen wir, wie wir arbeiten und was vertraulich bleibt.",
        ("selbstfuersorge", "ehrenamt"), venue="haus-der-diakonie", room="Dachzimmer", trainers=MORGENROTH, picture="kreis",
        audience="Arbeitskreise und Freundeskreise",
    ),
)  # fmt: skip
