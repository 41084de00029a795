#!/usr/bin/env python
"""Make the pictures of the status report from a loaded demonstration: pages of its PDF by ``pdftoppm``, into ``docs/images/``.

    VAR_DIR=… DATABASE_URL=… python example_site/report_images.py
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
IMAGES = BASE_DIR / "docs" / "images"
RESOLUTION = 90
# Name of the picture → what stands on its page, past the contents.
PAGES = {
    "report-cover": "Drucksache",
    "report-glance": "Auf einen Blick",
    "report-chapter": "Ehrenamtliche im Zeitverlauf",
    "report-map": "Angebote nach Ort",
}


def pages_of(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")


def main() -> None:
    sys.path.insert(0, str(BASE_DIR))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    import django

    django.setup()
    from django.utils import translation
    from PIL import Image

    from ehrenamt_wagtail.models import StatusReport
    from ehrenamt_wagtail.reporting.report import documents
    from ehrenamt_wagtail.reporting.report.content import content_of

    with translation.override("de"), tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "report.pdf"
        pdf.write_bytes(documents.pdf_of(content_of(StatusReport.objects.latest("pk"), number=1)))
        pages = pages_of(pdf)
        for name, words in PAGES.items():
            number = next(number for number, text in enumerate(pages, start=1) if words in text)
            command = ["pdftoppm", "-png", "-singlefile", "-r", str(RESOLUTION), "-f", str(number), "-l", str(number), pdf]
            subprocess.run([*command, Path(folder) / name], check=True)
            Image.open(Path(folder) / f"{name}.png").convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(
                IMAGES / f"{name}.png", optimize=True
            )


if __name__ == "__main__":
    main()
