"""A report's content as HTML, as PDF and as spreadsheet. Nothing but ``content`` is read: equal content gives an equal document."""

import base64
import io

from django.template.loader import render_to_string

from ehrenamt_wagtail.pdf import is_available, laid_out, printable, written

from .spreadsheet import workbook_of

STYLE_SHEET = "ehrenamt_wagtail/report.css"


def html_of(content: dict) -> str:
    """The report as part of a page that has a heading of the first level."""
    return render_to_string("ehrenamt_wagtail/reporting/report/article.html", {"report": content})


def document_of(content: dict) -> str:
    """The whole document with cover and contents as HTML, ready to be made a PDF. Charts are embedded as images with their text."""
    return render_to_string("ehrenamt_wagtail/reporting/report/document.html", {"report": with_images(readable(content))})


def pdf_of(content: dict) -> bytes | None:
    """A PDF/UA-1; nothing where PDFs cannot be made."""
    return written(laid_out(document_of(content), STYLE_SHEET)) if is_available() else None


def xlsx_of(content: dict) -> bytes:
    """All figures and the tables of all charts as a spreadsheet."""
    file = io.BytesIO()
    workbook_of(content).save(file)
    return file.getvalue()


def with_images(content: dict) -> dict:
    """Each chart gets ``image``, the address of its picture: inline SVG would have no place in the structure of a PDF."""

    def image(chart: dict) -> dict:
        return {**chart, "image": "data:image/svg+xml;base64," + base64.b64encode(chart["svg"].encode()).decode()}

    def block_of(block: dict) -> dict:
        return {**block, "chart": image(block["chart"])} if block["type"] == "chart" else block

    chapters = [{**chapter, "blocks": [block_of(block) for block in chapter["blocks"]]} for chapter in content["chapters"]]
    return {**content, "chapters": chapters}


def readable(value):
    """The same content without characters that the fonts of PDFs lack."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    return value
