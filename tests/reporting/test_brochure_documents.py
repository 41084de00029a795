"""The printed brochure: PDF/UA in both formats, with every letter, whatever stands in the texts, and nothing from outside."""

import base64
import io
import re
import socket

import pytest
from PIL import Image

from ehrenamt_wagtail.reporting.brochure import rendering
from ehrenamt_wagtail.reporting.brochure.contents import Circle, Person, Town
from ehrenamt_wagtail.reporting.brochure.entries import FundedBy, Part
from ehrenamt_wagtail.reporting.brochure.pictures import Picture
from ehrenamt_wagtail.reporting.brochure.texts import one_line
from tests.glyphs import missing_glyphs
from tests.pdfs import read_pdf, structure_of, tags_of, text_of

from .brochures import contents, entry

A4, A5 = "a4", "a5"
SIZES = {A4: (595, 842), A5: (420, 595)}
HOSTILE = [
    "<script>alert(1)</script> & „Co.“ <b>fett</b>",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützen" * 6,
    "Begegnung 👩‍👩‍👧 im Café ❤️ 1️⃣",
    "لقاء المتطوعين في مدينة بوبلينغن",
    "‮Umgekehrt‬ \x07 und\u200bunsichtbar",
    "Олена, Łukasz, Nguyễn Thị Hương, Ελένη",
]


def picture(colour: str = "#0d4a54", size=(400, 300)) -> Picture:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return Picture("data:image/png;base64," + base64.b64encode(file.getvalue()).decode(), "Menschen an einem Tisch", *size)


def full():
    """Every part of a brochure."""
    funded = FundedBy("Ministerium für Soziales", picture("#b0431a", (300, 100)))
    parts = (Part("10–12 Uhr", "Führung durch die Altstadt", "Stadt Herrenberg", "Marktplatz, Herrenberg", 2),)
    entries = [
        entry(1, funders=(funded, FundedBy("Stiftung", None))),
        entry(2, online="Auch online", text="Kurz.", is_cut=False),
        entry(3, is_day=True, kind="Ehrenamtstag", title="Ehrenamtstag", parts=parts),
    ]
    circle = Circle("Arbeitskreis Asyl", "", "Wir begleiten Familien.", "dienstags", "Petra", "ak@post.example", "07031 2", "070312",
                    "https://ak.example", "https://www.kreis.example/arbeitskreise/asyl/")  # fmt: skip
    return contents(
        entries=entries,
        cover=picture(),
        towns=(Town("Aidlingen", (circle,)), Town("", (circle,))),
        people=(Person("Eva Muster", "Koordinatorin", "Fortbildungen", "e@post.example", "07031 3"),),
    )


def made(of, format: str):
    return rendering.written(rendering.laid_out(of, format), of, format)


@pytest.fixture(scope="module", params=[A4, A5])
def document(request):
    one = made(full(), request.param)
    return request.param, one, read_pdf(one.content)


def test_document_is_tagged_in_german_and_has_its_title(document):
    _format, one, pdf = document
    root = pdf.trailer["/Root"]
    assert root["/Lang"].startswith("de")
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert pdf.metadata.title == "Programm bis Juli, 1. Januar – 31. Juli 2027"
    assert len(pdf.pages) == one.pages


def test_pages_have_the_size_of_the_format(document):
    format, _one, pdf = document
    for page in pdf.pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == SIZES[format]


def test_headings_are_in_order_and_leave_none_out(document):
    _format, _one, pdf = document
    tags = tags_of(pdf)
    levels = [int(tag[2]) for tag in tags if re.fullmatch(r"/H\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(level <= before + 1 for before, level in zip(levels, levels[1:], strict=False))
    assert {2, 3, 4} <= set(levels)


def test_every_picture_has_a_text(document):
    _format, _one, pdf = document
    figures = [element for element in structure_of(pdf) if element["/S"] == "/Figure"]
    texts = [str(element.get("/Alt", "")) for element in figures]
    assert all(texts)
    assert "Menschen an einem Tisch" in texts and "Logo von Ministerium für Soziales" in texts
    assert sum("QR-Code" in text for text in texts) == 4


def test_tables_have_headings_for_rows_and_columns(document):
    _format, _one, pdf = document
    tags = tags_of(pdf)
    assert tags.count("/Table") == 2 and tags.count("/Caption") == 2
    # A heading for each column, and for each of six dates and one part.
    assert tags.count("/TH") == 5 + 4 + 6 + 1


def test_everything_is_said(document):
    _format, _one, pdf = document
    text = text_of(pdf)
    for said in (
        "Landkreis Böblingen", "Fortbildung, Austausch, Begegnung", "schön, dass Sie da sind", "Alle Termine auf einen Blick",
        "Grundlagen des Asylrechts – „Was gilt jetzt?“ 1", "Haus der Begegnung, Saal 2, Kirchgasse 1, 71083 Herrenberg",
        "Dr. Petra Beispiel, Rechtsanwältin", "Evangelischer Kirchenbezirk, Stadt Herrenberg", "20 Plätze", "kostenlos",
        "www.kreis.example/programm/grundlagen-des-asylrechts-1", "07031 12345", "stufenlos, barrierefreies WC", "nach Absprache",
        "Mehr unter www.kreis.example", "Auch online", "Führung durch die Altstadt", "Aidlingen", "Arbeitskreis Asyl",
        "ak@post.example", "Eva Muster", "Herausgegeben vom Landratsamt.", "29. November 2026", "Stiftung",
    ):  # fmt: skip
        assert said.replace(" ", "") in text.replace(" ", ""), said


def test_contents_name_the_pages_where_things_stand(document):
    _format, _one, pdf = document
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in pdf.pages]
    where = next(number for number, text in enumerate(pages, start=1) if text.startswith("Arbeitskreise") and "Aidlingen" in text)
    [named] = re.findall(r"Arbeitskreise[ .]+(\d+)", pages[1])
    assert int(named) == where


def test_outline_leads_to_chapters_and_months(document):
    _format, _one, pdf = document

    def flat(entries):
        for item in entries:
            yield from flat(item) if isinstance(item, list) else [item.title]

    titles = list(flat(pdf.outline))
    for title in ("Alle Termine auf einen Blick", "Die Angebote nach Datum", "März 2027", "Ehrenamtstage", "Arbeitskreise"):
        assert title in titles


@pytest.mark.parametrize("number", range(1, 9))
def test_booklet_has_as_many_pages_as_its_sheets(number):
    of = contents(number)
    one = made(of, A5)
    pdf = read_pdf(one.content)
    assert one.pages % 4 == 0 and one.pages == len(pdf.pages)
    # The imprint stays the last page, and the pages for notes stand before it.
    assert "Herausgegeben vom Landratsamt." in pdf.pages[-1].extract_text()
    assert "Für Ihre Notizen" in text_of(pdf) or not -len(rendering.laid_out(of, A5).pages) % 4


@pytest.mark.parametrize("format", [A4, A5])
def test_hostile_texts_keep_the_layout(format):
    entries = [
        entry(n, title=text, subtitle=text, text=text, place=text, organiser=text, costs=text, trainers=(text,), contact_name=text)
        for n, text in enumerate(map(one_line, HOSTILE), start=1)
    ]
    pdf = read_pdf(made(contents(entries=entries, partners=tuple(one.organiser for one in entries)), format).content)
    assert missing_glyphs(pdf) == []
    text = text_of(pdf)
    # As it is, in each of the twelve places where these texts stand; lines may end anywhere in it.
    assert text.replace(" ", "").count("<script>alert(1)</script>&„Co.“<b>fett</b>") == 12
    assert "Begegnung im Café 1" in text
    # Nothing is written outside the page.
    for page in pdf.pages:
        width = float(page.mediabox.width)
        positions = []

        def note(said, cm, tm, _font, _size, positions=positions):
            if said.strip():
                positions.append(tm[4] * cm[0] + cm[4])

        page.extract_text(visitor_text=note)
        assert all(0 <= position <= width for position in positions)


def test_documents_have_every_letter(document):
    assert missing_glyphs(document[2]) == []


def pages_of_elements(of, format: str, name: str) -> list[set[int]]:
    """The pages on which each element with this class stands."""
    on = {}
    for number, page in enumerate(rendering.laid_out(of, format).pages):
        for box in page._page_box.descendants():
            element = getattr(box, "element", None)
            if element is not None and name in element.get("class", "").split():
                on.setdefault(element, set()).add(number)
    return list(on.values())


@pytest.mark.parametrize("format", [A4, A5])
def test_short_entries_are_not_torn_apart(format):
    of = contents(entries=[entry(number, text="Wir besprechen, was sich geändert hat. " * 7) for number in range(1, 25)])
    pages = pages_of_elements(of, format, "entry")
    assert len(pages) == 24 and all(len(on) == 1 for on in pages)


@pytest.mark.parametrize("format", [A4, A5])
def test_long_entries_go_on_over_pages_and_keep_head_and_facts_together(format):
    few = {"subtitle": "", "series": "", "what_to_bring": "", "access": (), "child_care": "", "languages": ()}
    text = "Wir besprechen, was sich geändert hat. " * 12
    of = contents(entries=[entry(number, text=text, **few) for number in range(1, 25)])
    assert any(len(on) == 2 for on in pages_of_elements(of, format, "entry"))
    for name in ("entry__head", "facts"):
        pages = pages_of_elements(of, format, name)
        assert len(pages) == 24 and all(len(on) == 1 for on in pages)


@pytest.mark.parametrize("format", [A4, A5])
def test_labels_of_facts_have_room_beside_what_they_are_about(format):
    """They take one line each, whatever the language of the site calls them."""
    found = 0
    for page in rendering.laid_out(full(), format).pages:
        boxes = list(page._page_box.descendants())
        labels = [box for box in boxes if type(box).__name__ == "TextBox" and box.element_tag == "dt"]
        left = min((box.content_box_x() for box in boxes if box.element_tag == "dd"), default=0)
        assert all(label.position_x + label.width < left for label in labels), [label.text for label in labels]
        found += len(labels)
    assert found > 20


def test_nothing_is_asked_from_outside(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for format in (A4, A5):
        html = rendering.document(full(), format, is_pdf=True)
        assert not re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', html)
        assert made(full(), format).pages


def test_without_the_extra_it_is_a_page_to_print():
    html = rendering.document(full(), A4, is_pdf=False)
    assert "Bitte drucken Sie diese Seite" in html
    assert "ehrenamt_wagtail/brochure.css" in html and "ehrenamt_wagtail/brochure-a4.css" in html
    assert "Führung durch die Altstadt" in html


def test_many_offerings_have_a_heading_each_and_share_pages():
    """How long a large brochure takes measures ``benchmarks/figures.py``."""
    one = made(contents(30), A5)
    pdf = read_pdf(one.content)
    tags = tags_of(pdf)
    assert tags.count("/H4") == 30 and one.pages % 4 == 0 and one.pages < 60
    assert len(one.content) < 1_200_000
