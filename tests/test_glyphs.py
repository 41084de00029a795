"""Whether the tests of documents would notice a letter that no font has."""

import pytest

from ehrenamt_wagtail import pdf
from tests.glyphs import missing_glyphs
from tests.pdfs import read_pdf


@pytest.mark.parametrize(("letter", "pages"), [("ä", []), ("\ue123", [1]), ("🎉", [1])])
def test_missing_letter_is_noticed_on_its_page(letter, pages):
    html = f"<html lang=de><title>Probe</title><p>Straße</p><p style='break-before: page'>Grüße {letter} <b>fett</b></p>"
    assert missing_glyphs(read_pdf(pdf.make_pdf(html))) == pages
