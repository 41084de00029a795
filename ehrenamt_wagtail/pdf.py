"""Documents as PDF/UA, made by WeasyPrint where the extra ``[pdf]`` is installed. Nothing is asked from anywhere meanwhile."""

import base64
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

STYLE_SHEET = "ehrenamt_wagtail/document.css"
OWN_STATIC = Path(__file__).resolve().parent / "static"
OPTIONS = {"pdf_variant": "pdf/ua-1", "custom_metadata": False, "optimize_images": False}
# What no font of text has, or what would tear a line apart: pictures, private and unassigned characters, controls.
UNPRINTABLE = ("Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk")
# Symbols that text fonts do have, and what joins the letters of some scripts.
PRINTABLE = "\n°©®™№†‡\u200c\u200d´`^¨"


@cache
def is_available() -> bool:
    """Whether PDFs can be made here; else the same documents are pages to print."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401 looks for the libraries of Pango
    except OSError:
        return False
    return True


def printable(text: str) -> str:
    """``text`` without characters that would appear as an empty box; letters of every script stay."""
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    kept = [letter for letter in composed if letter in PRINTABLE or unicodedata.category(letter) not in UNPRINTABLE]
    # Variation selectors, marks that turn a digit into a key, and joiners belong to the pictures that went.
    text = "".join(letter for letter in kept if not 0xFE00 <= ord(letter) <= 0xFE0F and letter != "\u20e3")
    return "\n".join(" ".join(filter(None, (word.strip("\u200d\u200c") for word in line.split()))) for line in text.split("\n"))


def make_pdf(html: str) -> bytes:
    """The page as tagged PDF/UA-1 with its title and language. Images must be embedded in it: nothing is loaded."""
    return written(laid_out(html))


def laid_out(html: str, *style_sheets: str):
    """The pages of a document, WeasyPrint's own ``Document``, for who counts or orders them before they are written.

    ``style_sheets`` are names of static files, those of certificates unless others are named.
    """
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=["data"])
    styles = [CSS(string=style_sheet(name), url_fetcher=fetcher) for name in style_sheets or (STYLE_SHEET,)]
    return HTML(string=html, url_fetcher=fetcher).render(stylesheets=styles, **OPTIONS)


def written(document) -> bytes:
    """The pages that ``laid_out`` gave as a file."""
    return document.write_pdf(**OPTIONS)


def style_sheet(name: str = STYLE_SHEET) -> str:
    """The host's, where it replaced ours."""
    return Path(finders.find(name) or OWN_STATIC / name).read_text(encoding="utf-8")


def document_response(request: HttpRequest, template: str, context: dict, *, file_name: str) -> HttpResponse:
    """The document ``template`` as a PDF to open or keep; without the extra as a page that says how to print it."""
    context = {**context, "is_pdf": is_available(), "style_sheets": [STYLE_SHEET]}
    if context["is_pdf"]:
        html = render_to_string(template, context, request=request)
        response = HttpResponse(make_pdf(html), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(False, file_name)
        return response
    return render(request, template, context)


def qr_code(address: str) -> str:
    """``address`` as an inline SVG without size of its own; empty without the extra."""
    if find_spec("segno") is None:
        return ""
    import segno

    return segno.make(address, error="m").svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)


def qr_image(address: str) -> str:
    """The same as the address of an image that a document embeds."""
    svg = qr_code(address)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode() if svg else ""
