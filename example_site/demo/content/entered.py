"""What the coordination entered by hand in the last five half-years, from the oldest on: (value, note)."""

VALUES = {
    "Besuche bei Arbeitskreisen": [
        (14, "Alle Kreise im Süden, drei davon zweimal."),
        (11, "Im Sommer fielen zwei Treffen aus."),
        (16, "Zusammen mit den Integrationsbeauftragten der Städte."),
        (12, ""),
        (9, "Seit Mai nur noch eine Stelle besetzt."),
    ],
    "Beratungen": [
        (86, "Überwiegend zum Aufenthaltsrecht und zum Familiennachzug."),
        (79, ""),
        (94, "Viele Fragen zur Wohnungssuche und zu Mietverträgen."),
        (103, "Wohnungssuche, Mietverträge, Umgang mit dem Jobcenter."),
        (61, "Bis heute."),
    ],
    "Vermittlungen": [
        (7, "Meist zwischen Arbeitskreisen und Unterkünften."),
        (5, ""),
        (9, "Darunter vier wegen des Umzugs in die Anschlussunterbringung."),
        (6, ""),
        (4, "Bis heute."),
    ],
    "Presseberichte": [
        (8, "Zeitungen im Landkreis, einmal Rundfunk."),
        (12, "Vor allem zum Ehrenamtstag."),
        (6, ""),
        (10, "Vor allem zum Ehrenamtstag."),
        (5, "Bis heute."),
    ],
    "Förderung": [
        ("18500.00", "Landesprogramm für bürgerschaftliches Engagement."),
        ("4200.00", "Sparkassenstiftung."),
        ("18500.00", "Landesprogramm für bürgerschaftliches Engagement."),
        ("3750.50", "Bürgerstiftung und Einzelspenden."),
        ("9000.00", "Landesprogramm, gekürzt."),
    ],
    "Gäste der Ehrenamtstage": [
        None,
        (250, "Gezählt am Einlass."),
        None,
        (150, "Geschätzt, zwei Eingänge."),
        (70, "Gezählt am Einlass."),
    ],
}
