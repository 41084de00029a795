"""The documents as PDF/UA: tagged, in German, with a title, on one page, with every letter and nothing from outside."""

import datetime as dt
import re
import socket
from decimal import Decimal

import pypdf
import pytest

from ehrenamt_wagtail import models, pdf
from ehrenamt_wagtail.signups import certificates, papers
from tests.glyphs import missing_glyphs
from tests.pdfs import read_pdf, tags_of, text_of

pytestmark = pytest.mark.django_db

NAMES = ["Özlem Şahin-Ğöğüş", "Łukasz Żółć", "Nguyễn Thị Hương", "Олена Шевченко", "Ελένη Παππά", "Zoë „Mimi“ d’Angelo-Groß"]


def certificate(**facts) -> models.Certificate:
    """Unsaved: nothing of a document reads the database."""
    start = dt.datetime(2027, 3, 4, 19, tzinfo=dt.UTC)
    dates = facts.pop("number_of_dates", 1)
    return models.Certificate(
        **{
            "code": certificates.new_code(),
            "initials": "E. M.",
            "title": "Grundlagen des Asylrechts – „Was gilt jetzt?“",
            "module": "Modul 2 der Reihe „Grundkurs 2027“",
            "organiser": "Caritas-Zentrum Böblingen",
            "dates": [
                [(start + dt.timedelta(weeks=week)).isoformat(), (start + dt.timedelta(weeks=week, hours=2)).isoformat()]
                for week in range(dates)
            ],
            "hours": Decimal("2.5"),
            "contents": "Aufenthalt und Verfahren\nRechte und Pflichten\n\nFragen aus der Praxis",
            "is_whole_series": dates > 1,
            **facts,
        }
    )


def made(rf, *named, records=False) -> pypdf.PdfReader:
    """The document as it is answered to a request."""
    if records:
        response = papers.records_response(rf.get("/"), [row for row, _name in named], named[0][1])
    else:
        response = papers.certificates_response(rf.get("/"), list(named))
    assert response["Content-Type"] == "application/pdf"
    return read_pdf(response.content)


def test_certificate_is_tagged_german_and_titled(rf):
    reader = made(rf, (certificate(), "Erika Muster"))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("de")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Teilnahmebescheinigung für Erika Muster: Grundlagen des Asylrechts – „Was gilt jetzt?“"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    tags = tags_of(reader)
    assert tags.count("/H1") == 1
    assert {"/H2", "/P", "/Figure"} <= set(tags)


def test_certificate_says_everything_on_one_page(rf):
    row = certificate(number_of_dates=3)
    reader = made(rf, (row, "Erika Muster"))
    assert len(reader.pages) == 1
    text = text_of(reader)
    for said in (
        "Teilnahmebescheinigung",
        "Erika Muster",
        "Grundlagen des Asylrechts – „Was gilt jetzt?“",
        "Modul 2 der Reihe „Grundkurs 2027“",
        "Donnerstag, 4. März 2027, 20–22 Uhr",
        "Donnerstag, 18. März 2027, 20–22 Uhr",
        "Alle Module besucht (3 von 3).",
        "2,5 Stunden",
        "Caritas-Zentrum Böblingen",
        "Rechte und Pflichten",
        certificates.shown_code(row.code),
        "/anmeldung/pruefen/",
    ):
        assert said in text


@pytest.mark.parametrize("number_of_dates", [1, 7, 30])
def test_longest_certificate_stays_on_one_page(number_of_dates, rf):
    row = certificate(
        title="Sehr lange Veranstaltung " * 10,
        organiser="Diakonieverband der evangelischen Kirchenbezirke " * 4,
        contents=("Ein langer Satz über Rechte und Pflichten. " * 40)[: certificates.LONGEST_CONTENTS],
        number_of_dates=number_of_dates,
    )
    assert len(made(rf, (row, "Maximiliane-Charlotte " * 4 + "Freifrau von und zu Mustermann")).pages) == 1


def test_all_certificates_of_an_event_are_pages_of_one_document(rf):
    reader = made(rf, *((certificate(), name) for name in NAMES))
    assert len(reader.pages) == len(NAMES)
    for page, name in zip(reader.pages, NAMES, strict=True):
        assert name in re.sub(r"\s+", " ", page.extract_text())


@pytest.mark.parametrize("name", [*NAMES, "أحمد علي"])
def test_names_of_many_languages_have_no_missing_letter(name, rf):
    reader = made(rf, (certificate(), name))
    assert missing_glyphs(reader) == []


def test_pictures_and_invisible_characters_are_left_out():
    assert pdf.printable("Erika 👩‍👩‍👧 Müller ❤️") == "Erika Müller"
    assert pdf.printable("1️⃣ Zoë​‮ x\x00y") == "1 Zoë xy"
    assert pdf.printable("Zoë\tMüller") == "Zoë Müller"
    assert pdf.printable("e\u0301 \ue000a \U000e0041") == "é a"
    assert pdf.printable("40 % – 20 °C, „§ 3“ …\n\nÄÖÜß € ½") == "40 % – 20 °C, „§ 3“ …\n\nÄÖÜß € ½"
    assert pdf.printable("أحمد علي") == "أحمد علي"


def test_markup_in_names_is_shown_as_it_is(rf):
    reader = made(rf, (certificate(title="<script>alert(1)</script> & Co."), "<b>Erika</b>"))
    assert "<b>Erika</b>" in text_of(reader) and "<script>alert(1)</script> & Co." in text_of(reader)


def test_record_adds_up_and_has_a_table_with_headings(rf):
    rows = [certificate(title=f"Abend {number}", number_of_dates=1) for number in range(1, 4)]
    rows[2].dates = [["2027-02-06", "2027-02-07"]]
    reader = made(rf, *((row, "Erika Muster") for row in rows), records=True)
    text = text_of(reader)
    assert reader.metadata.title == "Nachweis besuchter Fortbildungen von Erika Muster"
    assert "an 3 Veranstaltungen teilgenommen, insgesamt 7,5 Stunden" in text
    assert text.index("Abend 3") < text.index("Abend 1") < text.index("Abend 2")
    for row in rows:
        assert certificates.shown_code(row.code) in text
    tags = tags_of(reader)
    assert (tags.count("/Table"), tags.count("/TR")) == (1, 5)
    assert tags.count("/TH") >= 5 + 3


def test_record_of_many_years_goes_on_over_pages(rf):
    rows = [(certificate(title=f"Abend {number}"), "Erika Muster") for number in range(120)]
    reader = made(rf, *rows, records=True)
    assert len(reader.pages) > 2
    assert "Abend 119" in text_of(reader)


@pytest.mark.expected_errors("Failed to load (stylesheet|image)")
def test_nothing_is_loaded_from_outside(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>geheim</text></svg>')
    html = (
        f'<html lang="de"><head><title>x</title><link rel="stylesheet" href="http://example.com/x.css"></head><body><h1>x</h1>'
        f'<img src="http://example.com/x.png" alt="x"><img src="file://{secret}" alt="y"></body></html>'
    )
    reader = read_pdf(pdf.make_pdf(html))
    assert "geheim" not in text_of(reader)
    assert not reader.pages[0].images
