"""Trainings of the half-year. Titles from ``data/titles.csv`` are real, the rest is invented."""

from ..spec import DI, DO, FR, MI, MO, SA, SO, Offering, Trainer, When

COURSE = {
    "art": "fortbildung", "org": "caritas", "series": "Grundkurs Begleitung", "venue": "caritas-haus", "room": "Seminarraum",
    "co_hosts": ("landkreis",), "funders": ("sozialfonds",), "what_to_bring": "Schreibzeug und etwas für das gemeinsame Mittagessen",
    "audience": "Neue Ehrenamtliche und alle, die ihr Wissen auffrischen möchten", "child_care": "vorhanden, bitte anmelden",
}  # fmt: skip

OFFERINGS = (
    Offering(
        **COURSE, module="1", title="Ankommen verstehen", when=(When(-3, SA, "10:00", "15:30"),), topics=("ankommen", "ehrenamt"),
        picture="bruecke", published=75,
        summary="Wer flieht, verliert mehr als eine Wohnung. Das erste Modul erzählt von Wegen, Unterkünften und ersten Wochen und "
        "fragt, was in dieser Zeit wirklich hilft.",
        trainers=(Trainer("Karin Lindenmaier", "Sozialarbeiterin", "Caritas-Zentrum Böblingen"),),
    ),
    Offering(
        **COURSE, module="2", title="Gespräche führen, auch ohne viele Worte", when=(When(1, SA, "10:00", "15:30"),),
        topics=("sprache", "ehrenamt"), picture="gespraech", published=75,
        summary="Zuhören, nachfragen, nein sagen: Das zweite Modul übt Gespräche, in denen die gemeinsame Sprache noch klein ist. "
        "Mit Bildkarten, Übersetzungs-App und Geduld.",
        trainers=(Trainer("Paul Elsner", "Sprachförderung", "Caritas-Zentrum Böblingen"),),
        simple_text="Sie möchten mit Menschen sprechen.\nAber die Sprache ist schwer.\nIn diesem Kurs üben wir das zusammen.\n"
        "Wir benutzen Bilder.\nWir benutzen auch das Handy.\nDer Kurs kostet nichts.",
        checked_by="der Prüfgruppe der Werkstatt am Schönbuch",
    ),
    Offering(
        **COURSE, module="3", title="Behörden, Wege, Zuständigkeiten", when=(When(5, SA, "10:00", "15:30"),),
        topics=("ankommen", "wohnen"), picture="teile", published=75,
        summary="Ausländerbehörde, Jobcenter, Schule, Kasse: Wer macht was? Im dritten Modul zeichnen wir eine Landkarte der "
        "Zuständigkeiten, die am Ende alle mitnehmen.",
        trainers=(Trainer("Anja Rieger", "Beauftragte für Chancengleichheit", "Jobcenter im Landkreis"),),
        download="Landkarte der Zuständigkeiten",
    ),
    Offering(
        **COURSE, module="4", title="Für andere sorgen, für sich sorgen", when=(When(9, SA, "10:00", "15:30"),),
        topics=("selbstfuersorge",), picture="ruhe", published=75,
        summary="Das letzte Modul gehört Ihnen. Woran merken Sie, dass es zu viel wird? Was gibt Kraft? Zum Abschluss erhalten alle, "
        "die den Kurs besucht haben, eine Bescheinigung.",
        trainers=(Trainer("Frank Morgenroth", "Supervisor", "Diakonische Bezirksstelle Herrenberg"),),
    ),
    Offering(
        "fortbildung", "Der Flüchtling und ich – Aufgaben und Grenzen", "katholisch", (When(2, DI, "19:00", "21:30"),),
        "Man wollte nur beim Deutschlernen helfen, und plötzlich ist man Familie, Anwältin und Taxi. Ein Abend darüber, wie man "
        "Aufgaben verabredet und sie auch wieder abgibt.",
        ("selbstfuersorge", "ehrenamt"), venue="st-stephan", room="Stephanussaal", picture="haende",
        audience="Patinnen und Paten", trainers=(Trainer("Ulrike Wahlheim", "Sozialpädagogin"),),
    ),
    Offering(
        "fortbildung", "Abschied gestalten", "landkreis", (When(11, MI, "18:30", "21:00"),),
        "Menschen ziehen um, werden abgeschoben oder brauchen uns einfach nicht mehr. Wie gelingt ein guter Abschied – von einer "
        "Familie, von einer Aufgabe, vom Ehrenamt?",
        ("selbstfuersorge",), venue="landratsamt", room="Raum Schönbuch", picture="landschaft",
        audience="Ehrenamtliche mit Erfahrung", trainers=(Trainer("Frank Morgenroth", "Supervisor"),), funders=("nachbarschaft",),
    ),
    Offering(
        "fortbildung", "Flüchtlinge mit psychischen Belastungen und Traumata", "diakonie",
        (When(4, FR, "14:00", "18:00"), When(4, SA, "09:30", "13:00")),
        "Schlaflosigkeit, Rückzug, plötzliche Wut: Woran erkennt man eine Traumafolge, und was dürfen Ehrenamtliche tun? Zwei halbe "
        "Tage mit einer erfahrenen Therapeutin.",
        ("gesundheit", "selbstfuersorge"), venue="haus-der-diakonie", room="Raum Emmaus", picture="ruhe",
        contents="Was ist ein Trauma?\n\nStabilisieren statt ausfragen: einfache Übungen für den Alltag.\n\nWohin vermitteln? "
        "Adressen im Landkreis.\n\nUnd ich? Schutz vor eigener Überlastung.",
        prior_knowledge="keine", trainers=(Trainer("Dr. Sibylle Armbruster", "Psychotherapeutin"),), co_hosts=("landkreis",),
        costs="10 Euro für Verpflegung",
    ),
    Offering(
        "fortbildung", "Deutsch unterrichten ohne Vorkenntnisse", "vhs",
        (When(-1, DO, "18:00", "20:30"), When(1, DO, "18:00", "20:30"), When(3, DO, "18:00", "20:30")),
        "Drei Abende für alle, die einen Sprachkurs leiten oder leiten wollen: Stunden planen, ohne Buch unterrichten, mit sehr "
        "verschiedenen Lernständen umgehen.",
        ("sprache",), venue="vhs-haus", room="Raum 204", picture="buecher", published=50,
        audience="Kursleitungen und Sprachpaten", trainers=(Trainer("Nadine Rebmann", "Fachbereich Deutsch", "Volkshochschule Schönbuch"),),
    ),
    Offering(
        "fortbildung", "Lesen und schreiben lernen mit Erwachsenen", "vhs", (When(12, SA, "09:30", "16:00"),),
        "Manche lernen erst mit vierzig lesen. Das braucht andere Wege als in der Schule. Wir probieren Materialien aus und "
        "überlegen, wie aus Mühe Stolz wird.",
        ("sprache",), venue="vhs-haus", room="Raum 101", picture="buecher", costs="15 Euro für Material",
        trainers=(Trainer("Gudrun Schick", "Alphabetisierung"),),
        simple_text="Manche Erwachsene lernen erst spät lesen.\nSie möchten dabei helfen?\nHier lernen Sie, wie das gut geht.",
    ),
    Offering(
        "fortbildung", "Mietvertrag, Kaution, Nebenkosten", "diakonie", (When(6, DI, "18:00", "20:30"),),
        "Der erste eigene Mietvertrag ist ein Grund zum Feiern und ein Stapel Papier. Wir lesen einen echten Vertrag und eine "
        "Abrechnung und klären, worauf es bei Übergabe und Auszug ankommt.",
        ("wohnen",), venue="haus-der-diakonie", room="Raum Emmaus", picture="haeuser", download="Merkblatt Wohnungsübergabe",
        trainers=(Trainer("Georg Haffner", "Fachberater Wohnen"),),
    ),
    Offering(
        "fortbildung", "Kinder schützen im Ehrenamt", "sindelfingen", (When(5, MI, "18:30", "20:30"),),
        "Wer mit Kindern arbeitet, braucht klare Regeln: für Nähe, für Fotos, für den Notfall. Eine Onlinefortbildung mit "
        "Beispielen und einer Vorlage für die eigene Gruppe.",
        ("familie", "ehrenamt"), mode="online", online_url="https://treffen.sindelfingen.example/kinderschutz",
        town="Sindelfingen", picture="familie", audience="Lernhilfe, Ferienwochen, Kinderbetreuung",
    ),
    Offering(
        "fortbildung", "Öffentlichkeitsarbeit für kleine Gruppen", "landkreis", (When(13, DO, "18:30", "20:30"),),
        "Ein gutes Foto, ein Text für das Mitteilungsblatt, ein Anruf bei der Zeitung: So wird sichtbar, was Ihr Arbeitskreis "
        "leistet. Mit Sprechstunde für eigene Entwürfe.",
        ("ehrenamt", "digitales"), mode="both", venue="landratsamt", room="Raum Würm", picture="bildschirm",
        online_url="https://treffen.landkreis.example/presse",
    ),
    Offering(
        "fortbildung", "Erste Hilfe für die Seele", "caritas", (When(-6, SA, "10:00", "16:00"),),
        "Was tun, wenn jemand weint und nicht aufhört? Der Tag vermittelt einfache Schritte für schwere Augenblicke und nimmt die "
        "Angst, etwas falsch zu machen.",
        ("gesundheit",), venue="caritas-haus", room="Seminarraum", published=100, picture="ruhe",
    ),
    Offering(
        "fortbildung", "Trainerschein für Sportgruppen: Fußball verbindet", "sindelfingen", (When(-4, SA, "09:00", "17:00"),),
        "Ein Tag auf dem Platz: Trainings planen, an denen alle teilnehmen können, egal welche Sprache sie sprechen.",
        ("familie", "begegnung"), town="Sindelfingen", place="Sportgelände am Allmendweg 9", what_to_bring="Sportsachen, auch bei Regen",
        published=90,
    ),
    Offering(
        "fortbildung", "Schwimmen lernen: Begleitung für Frauen", "bruecke",
        (When(7, SO, "17:00", "19:00"), When(8, SO, "17:00", "19:00"), When(9, SO, "17:00", "19:00"), When(10, SO, "17:00", "19:00")),
        "Wir bilden Frauen aus, die andere Frauen beim Schwimmenlernen begleiten. Vier Abende im Hallenbad, das an diesen "
        "Abenden nur für uns geöffnet ist.",
        ("gesundheit", "begegnung"), town="Böblingen", place="Hallenbad am Murkenbach", languages=("de", "en", "ar", "fa"),
        audience="Frauen ab 18 Jahren", what_to_bring="Badesachen; Burkini ist selbstverständlich erlaubt", child_care="im Foyer",
        funders=("nachbarschaft",), picture="ruhe",
    ),
    Offering(
        "fortbildung", "Kassenführung und Spenden im Arbeitskreis", "landkreis", (When(15, MO, "18:30", "20:30"),),
        "Wer Spenden annimmt, muss Buch führen. Wie das mit wenig Aufwand geht, was eine Spendenbescheinigung ist und wann ein "
        "Verein sinnvoll wird.",
        ("ehrenamt",), venue="landratsamt", room="Raum Schönbuch", audience="Sprecherinnen, Sprecher und Kassenverantwortliche",
    ),
)
