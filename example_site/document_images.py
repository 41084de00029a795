#!/usr/bin/env python
"""Make the pictures of the printed documents from a loaded demonstration: pages of their PDFs by ``pdftoppm``, into ``docs/images/``.

    VAR_DIR=… DATABASE_URL=… python example_site/document_images.py

``make screenshots`` does so with the data that it loads. Nothing is changed in the database.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE_DIR))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import translation  # noqa: E402
from PIL import Image  # noqa: E402
from wagtail.models import Site  # noqa: E402

from ehrenamt_wagtail.models import Brochure, StatusReport  # noqa: E402
from ehrenamt_wagtail.reporting.brochure import poster, rendering  # noqa: E402
from ehrenamt_wagtail.reporting.brochure.contents import contents_of  # noqa: E402
from ehrenamt_wagtail.reporting.report import documents  # noqa: E402
from ehrenamt_wagtail.reporting.report.content import content_of  # noqa: E402

IMAGES = BASE_DIR / "docs" / "images"
RESOLUTION, COLOURS = 90, 48
# Between two pages that face each other.
GAP, GAP_COLOUR = 12, "#888888"
# What is printed names an address that looks like one, not that of the machine on which the demonstration runs.
HOST = "www.landkreis.example"
# Name of the picture → what stands on its page.
REPORT_PAGES = {
    "report-cover": "Auf einen Blick",
    "report-chapter": "Ehrenamtliche im Zeitverlauf",
    "report-map": "Angebote nach Ort",
    "report-annex": "Was für mehrere Zahlen gilt",
}
# On a poster that shows its two columns.
MANY_DATES = 16


class Pdf:
    """A document with the texts of its pages; pages are counted from 1."""

    def __init__(self, content: bytes, folder: Path) -> None:
        self.path = folder / "document.pdf"
        self.path.write_bytes(content)
        text = subprocess.run(["pdftotext", "-layout", self.path, "-"], check=True, capture_output=True, text=True).stdout
        self.texts = text.split("\f")

    def pages_with(self, words: str, *, after: int = 0) -> Iterator[int]:
        return (number for number, text in enumerate(self.texts, start=1) if number > after and words in text)

    def picture(self, number: int) -> Image.Image:
        name = self.path.with_name(f"page-{number}")
        command = ["pdftoppm", "-png", "-singlefile", "-r", str(RESOLUTION), "-f", str(number), "-l", str(number), self.path, name]
        subprocess.run(command, check=True)
        with Image.open(name.with_suffix(".png")) as picture:
            return picture.convert("RGB")

    def facing(self, left: int) -> Image.Image:
        """Two pages as they lie open, with an even number on the left."""
        first, second = self.picture(left), self.picture(left + 1)
        both = Image.new("RGB", (first.width + GAP + second.width, first.height), GAP_COLOUR)
        both.paste(first, (0, 0))
        both.paste(second, (first.width + GAP, 0))
        return both


def keep(name: str, picture: Image.Image) -> None:
    picture.quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)


def report_pictures(folder: Path) -> None:
    pdf = Pdf(documents.pdf_of(content_of(StatusReport.objects.latest("pk"), number=1)), folder)
    for name, words in REPORT_PAGES.items():
        keep(name, pdf.picture(next(pdf.pages_with(words))))


def brochure_pictures(folder: Path) -> None:
    brochure = Brochure.objects.latest("pk")
    contents = contents_of(brochure)
    made = {format: rendering.written(rendering.laid_out(contents, format), contents, format).content for format in ("a5", "a4")}
    booklet = Pdf(made["a5"], folder)
    keep("brochure-cover", booklet.picture(1))
    # The table of contents says it, too.
    keep("brochure-dates", booklet.facing(even(booklet.pages_with("Alle Termine auf einen Blick", after=3))))
    # Past the page on which the chapter begins.
    keep("brochure-offerings", booklet.facing(list(filter(is_even, booklet.pages_with("Veranstalter", after=3)))[1]))
    keep("brochure-circles", booklet.facing(even(booklet.pages_with("Treffen:", after=3))))
    large = Pdf(made["a4"], folder)
    keep("brochure-a4", large.picture(list(large.pages_with("Veranstalter"))[1]))
    month = next((month for month in contents.months if len(month.lines) >= MANY_DATES), contents.months[0])
    keep("brochure-poster", Pdf(poster.as_pdf(poster.poster_of(brochure, month.first)), folder).picture(1))


def is_even(number: int) -> bool:
    return number % 2 == 0


def even(pages: Iterator[int]) -> int:
    return next(filter(is_even, pages))


def main() -> None:
    with translation.override("de"), tempfile.TemporaryDirectory() as folder, transaction.atomic():
        Site.objects.filter(is_default_site=True).update(hostname=HOST, port=443)
        Site.clear_site_root_paths_cache()
        call_command("ehrenamt_rebuild_listing", verbosity=0)
        report_pictures(Path(folder))
        brochure_pictures(Path(folder))
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()


if __name__ == "__main__":
    main()
