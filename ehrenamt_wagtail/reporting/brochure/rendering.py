"""The documents: a brochure in A4 and A5, made as files or shown as pages to print."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.template.loader import render_to_string

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.reporting.models import BrochureFile

from .contents import Contents

Format = BrochureFile.Format
DOCUMENT = "ehrenamt_wagtail/reporting/brochure/document.html"
NOTES = "ehrenamt_wagtail/reporting/brochure/notes.html"
STYLE_SHEET = "ehrenamt_wagtail/brochure.css"
# The page that stands last, behind pages for notes; see ``document.html``.
LAST = "impressum"
# A booklet is folded of sheets with four pages each.
PAGES_OF_SHEET = 4


@dataclass(frozen=True)
class Made:
    """A file and its number of pages."""

    content: bytes
    pages: int


@contextmanager
def without_collecting() -> Iterator[None]:
    """Do not look for garbage meanwhile: there is little in the many boxes of a document, and looking takes a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def style_sheets(format: str) -> tuple[str, str]:
    return STYLE_SHEET, f"ehrenamt_wagtail/brochure-{format}.css"


def document(contents: Contents, format: str, *, is_pdf: bool) -> str:
    """The brochure as one HTML document; as a file it embeds its pictures, asks for nothing and knows its page numbers."""
    context = {"brochure": contents, "format": format, "is_pdf": is_pdf, "style_sheets": style_sheets(format)}
    return render_to_string(DOCUMENT, context)


def laid_out(contents: Contents, format: str):
    """WeasyPrint's pages; takes most of the time."""
    return pdf.laid_out(document(contents, format, is_pdf=True), *style_sheets(format))


def written(pages, contents: Contents, format: str) -> Made:
    """The file of ``laid_out``. A booklet is filled up with pages for notes, before its last page."""
    if format == Format.A5 and (missing := -len(pages.pages) % PAGES_OF_SHEET):
        notes = pdf.laid_out(render_to_string(NOTES, {"pages": range(missing), "brochure": contents}), *style_sheets(format))
        place = next((number for number, page in enumerate(pages.pages) if LAST in page.anchors), len(pages.pages))
        pages = pages.copy([*pages.pages[:place], *notes.pages[:missing], *pages.pages[place:]])
    return Made(pdf.written(pages), len(pages.pages))
