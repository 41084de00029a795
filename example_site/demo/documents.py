"""Small PDF downloads, written by hand so that the demonstration needs no further package."""

from __future__ import annotations

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

# Title → lines of text.
DOCUMENTS = {
    "Ablauf des Asylverfahrens": (
        "1. Ankunft und Registrierung", "2. Asylantrag und Aufenthaltsgestattung", "3. Anhörung", "4. Bescheid",
        "5. Nach dem Bescheid: Fristen, Klage, Aufenthaltserlaubnis",
    ),
    "Landkarte der Zuständigkeiten": (
        "Aufenthalt: Ausländerbehörde", "Geld und Arbeit: Jobcenter", "Wohnen: Stadt oder Gemeinde", "Schule: Schulleitung am Ort",
        "Ehrenamt: Fachstelle im Landratsamt",
    ),
    "Merkblatt Wohnungsübergabe": (
        "Gemeinsam durch alle Räume gehen", "Zählerstände aufschreiben", "Mängel fotografieren", "Schlüssel zählen",
        "Protokoll unterschreiben und behalten",
    ),
    "Checkliste für Praktikum und Ausbildung": (
        "Aufenthaltstitel und Arbeitserlaubnis prüfen", "Lebenslauf in Kopie", "Ansprechperson im Betrieb", "Fahrweg testen",
        "Versicherung klären",
    ),
    "Leistungen im Überblick": (
        "Bürgergeld: für den Lebensunterhalt", "Wohngeld: wenn das Einkommen knapp reicht", "Kinderzuschlag: für Familien mit Arbeit",
        "Bildung und Teilhabe: für Schule und Verein",
    ),
    "Versicherungsschutz auf einen Blick": (
        "Unfall: über das Land mitversichert", "Haftpflicht: über den Träger oder das Land",
        "Auto: eigene Versicherung, Rückfrage beim Träger",
        "Im Zweifel: vorher fragen",
    ),
}  # fmt: skip


def pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """One page A4 with a heading and lines of text."""

    def text(size: int, y: int, words: str) -> bytes:
        escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /F1 {size} Tf 60 {y} Td ({escaped}) Tj ET\n".encode("cp1252")

    stream = text(20, 760, title) + b"".join(text(13, 715 - 28 * n, f"– {line}") for n, line in enumerate(lines))
    stream += text(10, 60, "Vorführung: Dieses Blatt ist ein Beispiel und keine Rechtsberatung.")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(content),
    )  # fmt: skip


def make_documents(collection) -> dict:
    """Store all downloads in ``collection``; gives them by their titles. Writes files."""
    documents = {}
    for number, (title, lines) in enumerate(DOCUMENTS.items(), 1):
        document = get_document_model()(title=title, collection=collection)
        document.file.save(f"demo-{number}.pdf", ContentFile(pdf(title, lines)), save=False)
        document.save()
        documents[title] = document
    return documents
