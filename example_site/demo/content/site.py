"""Texts of the district's own pages: the home page and the sections of its editors."""

HOME = {
    "title": "Ehrenamt im Landkreis Böblingen",
    "intro": "Rund 1.000 Menschen in 28 Arbeitskreisen begleiten Geflüchtete in unserem Landkreis. Hier finden Sie, was ihnen "
    "dabei hilft: Fortbildungen, Austausch, Supervision – aus allen Städten und Gemeinden, von vielen Veranstaltern, an einem Ort.",
    "body": "<p>Sie möchten mitmachen? Suchen Sie sich unter den <a href=\"/arbeitskreise/\">Arbeitskreisen</a> den in Ihrer Nähe "
    "aus, oder kommen Sie in eine <a href=\"/programm/?art=austausch\">Austauschrunde</a>. Vorkenntnisse brauchen Sie nicht.</p>",
}

# Slug → (title, introduction, text, children). Everything here belongs to the site's editors.
SECTIONS = {
    "aktuelles": (
        "Aktuelles",
        "Nachrichten aus der Fachstelle Ehrenamt und den Arbeitskreisen.",
        "<p>Sie haben eine Nachricht für diese Seite? Schreiben Sie an "
        "<a href=\"mailto:redaktion@landkreis.example\">redaktion@landkreis.example</a>.</p>",
        {
            "ein-programm-fuer-alle": (
                "Ein Programm für alle",
                "Erstmals stehen die Angebote von 14 Veranstaltern in einem gemeinsamen Halbjahresprogramm.",
                "<p>Bisher musste man viele Hefte und Aushänge kennen, um das Richtige zu finden. Jetzt melden Städte, Gemeinden, "
                "Kirchen, Verbände und Arbeitskreise ihre Veranstaltungen an einer Stelle, und das Landratsamt stimmt sie ab. So "
                "fallen Termine nicht mehr auf denselben Abend, und Lücken werden sichtbar.</p><p>Das "
                "<a href=\"/programm/\">Programm</a> lässt sich nach Ort, Thema und Veranstalter filtern und als Kalender "
                "abonnieren.</p>",
            ),
            "wohnungen-gesucht": (
                "Wohnungen gesucht",
                "Aus Unterkünften werden Wohnungen – wenn Menschen vermieten.",
                "<p>Viele Familien könnten längst in eigenen Wohnungen leben. Wenn Sie eine Wohnung haben und noch zögern, sprechen "
                "Sie mit Menschen, die Erfahrung haben: Mehrere Veranstaltungen zum Thema "
                "<a href=\"/programm/?thema=wohnen-und-anschlussunterbringung\">Wohnen und Anschlussunterbringung</a> laden dazu "
                "ein.</p>",
            ),
            "danke": (
                "Danke für Ihre Zeit",
                "Ein Brief an alle, die sich engagieren.",
                "<p>Sie haben im vergangenen Jahr Hausaufgaben erklärt, Schränke getragen, Kuchen gebacken und Tränen getrocknet. "
                "Vieles davon steht in keiner Statistik. Wir haben es trotzdem gesehen: Danke!</p>",
            ),
        },
    ),
    "landratsamt": (
        "Landratsamt",
        "Die Fachstelle Ehrenamt unterstützt alle, die sich für Geflüchtete engagieren.",
        "<p>Wir bieten Fortbildungen und Supervision an, bringen die Arbeitskreise zusammen und stimmen das gemeinsame Programm ab. "
        "Sie erreichen uns unter <a href=\"mailto:ehrenamt@landkreis.example\">ehrenamt@landkreis.example</a> oder telefonisch unter "
        "069 90009-010.</p>",
        {
            "versicherung": (
                "Versicherung und Erstattung",
                "Wer sich engagiert, ist abgesichert.",
                "<p>Ehrenamtliche sind in der Regel über das Land unfall- und haftpflichtversichert. Fahrtkosten zu Fortbildungen "
                "erstatten wir auf Antrag. Fragen Sie uns, bevor Sie etwas selbst bezahlen.</p>",
            ),
            "fuer-veranstalter": (
                "Für Veranstalter",
                "So kommt Ihre Veranstaltung ins Programm.",
                "<p>Melden Sie sich im <a href=\"/partner/\">Partnerbereich</a> an und tragen Sie Ihre Veranstaltung ein. Sechs "
                "Angaben genügen. Wir prüfen sie in wenigen Tagen; danach steht sie im Programm. Noch kein Zugang? Rufen Sie uns "
                "an, wir laden Sie ein.</p>",
            ),
        },
    ),
    "impressum": (
        "Impressum und Quellen",
        "Diese Website ist eine Vorführung. Personen, Organisationen und Veranstaltungen sind erfunden.",
        "<p>Landratsamt, Fachstelle Ehrenamt, Kreishausplatz 2, 71034 Böblingen (erfundene Anschrift).</p>"
        "<h2>Quellen</h2><p>Lage und Einwohnerzahl der Städte und Gemeinden: "
        "<a href=\"https://www.geonames.org/\">GeoNames</a>, Lizenz "
        "<a href=\"https://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>. Einige Titel von Veranstaltungen haben "
        "Landkreise, Städte und Verbände zwischen 2014 und 2023 wirklich angekündigt; alles Übrige daran ist erfunden. Die "
        "Titelbilder sind für diese Vorführung gezeichnet.</p>",
        {},
    ),
    "datenschutz": (
        "Datenschutz",
        "Lesen können Sie hier, ohne Spuren zu hinterlassen.",
        "<p>Beim Lesen setzt diese Website keine Cookies und lädt nichts von anderen Rechnern. Nur wer sich einloggt oder ein Formular "
        "abschickt, erhält die dafür nötigen Cookies. E-Mails dieser Vorführung verlassen den Rechner nicht.</p>",
        {},
    ),
}
