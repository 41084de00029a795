"""The documents of a report: PDF/UA with headings in order and text for every picture, and a spreadsheet of all figures."""

import io
import re
import socket

import openpyxl
import pytest

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.report import actions, documents
from ehrenamt_wagtail.reporting.report.content import content_of
from tests.glyphs import missing_glyphs
from tests.pdfs import read_pdf, structure_of, tags_of, text_of

from .reading import body_of, chapter_content

pytestmark = pytest.mark.django_db

COVER = {
    "paper_number": "146/2026",
    "department": "Dezernat 4 – Jugend und Soziales",
    "committee": "Sozial- und Gesundheitsausschuss",
    "purpose": "decision",
    "proposed_decision": "Die Stelle wird um zwei Jahre verlängert.",
    "annexes": "Programm bis Juli",
    "is_public": True,
}


@pytest.fixture
def content(report, district):
    report = actions.save_report(report, edition=report.edition, actor=district.coordinator, **COVER)
    return content_of(report, number=2)


@pytest.fixture
def reader(content):
    return read_pdf(documents.pdf_of(content))


def test_pdf_is_tagged_german_and_titled(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("de") and root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Sachstandsbericht Ehrenamt – KT-Drucks. Nr. 146/2026"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_headings_of_the_pdf_are_in_order(reader):
    levels = [int(tag[2]) for tag in tags_of(reader) if re.fullmatch(r"/H[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:], strict=False))
    assert levels.count(2) >= 8 and 3 in levels


def test_every_picture_of_the_pdf_has_its_text(reader, content):
    pictures = [element for element in structure_of(reader) if element["/S"] == "/Figure"]
    charts = chapter_content(content, "chart")
    assert len(charts) == 6
    # A page break may come into a list of headlines, never into a picture.
    assert [picture["/Alt"] for picture in pictures] == [block["chart"]["description"] for block in charts]
    assert all(len(picture["/Alt"]) > 20 for picture in pictures)


def test_tables_of_the_pdf_have_headings(reader, content):
    found = tags_of(reader)
    number = len(chapter_content(content, "chart")) + len(chapter_content(content, "table")) + len(content["annex"]) + 1
    # One that goes on over a page is a table on each.
    assert found.count("/Table") >= number and found.count("/Caption") == number
    assert found.count("/TH") > number


def test_pages_say_their_number_and_that_of_the_paper(reader):
    total = len(reader.pages)
    assert total > 5
    for number, page in enumerate(reader.pages, start=1):
        text = re.sub(r"\s+", " ", page.extract_text())
        assert f"Seite {number} von {total}" in text
        assert "KT-Drucks. Nr. 146/2026" in text


def test_contents_lead_to_the_pages_of_the_chapters(reader, content):
    at = {item.title: reader.get_destination_page_number(item) + 1 for item in flat(reader.outline)}
    pages = [at[f"{chapter['number']}. {chapter['heading']}"] for chapter in content["chapters"]]
    contents = reader.pages[1].extract_text()
    assert "Inhalt" in contents and pages == sorted(pages) and pages[0] == 2
    # The numbers of the pages float to the right: they come first in the order of the text.
    assert [int(line) for line in contents.splitlines() if line.strip().isdecimal()][: len(pages)] == pages


def flat(outline):
    for item in outline:
        yield from flat(item) if isinstance(item, list) else [item]


def test_cover_says_what_a_committee_paper_says(reader):
    cover = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for said in (
        "KT-Drucks. Nr. 146/2026",
        "Dezernat 4 – Jugend und Soziales",
        "Sozial- und Gesundheitsausschuss",
        "öffentlich",
        "Die Stelle wird um zwei Jahre verlängert.",
        "Programm bis Juli",
        "Fassung 2",
    ):
        assert said in cover


def test_page_one_has_figures_developments_and_need_for_action(reader):
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    assert "KT-Drucks. Nr. 146/2026" in text and "Auf einen Blick" in text and "Entwicklungen" in text and "Handlungsbedarf" in text
    assert "Ehrenamtliche 40" in text


def test_short_page_moves_as_a_whole_where_the_cover_is_long(report, district):
    facts = {**COVER, "proposed_decision": "Die Stelle wird verlängert.\n\n" * 40}
    report = actions.save_report(report, edition=report.edition, actor=district.coordinator, **facts)
    texts = [re.sub(r"\s+", " ", page.extract_text()) for page in read_pdf(documents.pdf_of(content_of(report))).pages]
    [glance] = [text for text in texts if "Auf einen Blick" in text]
    assert texts.index(glance) > 0
    assert "Entwicklungen" in glance and "Handlungsbedarf" in glance


def test_annex_says_once_what_holds_for_several_figures(content):
    html = documents.html_of(content)
    assert len(content["common"]) >= 5
    annex = html[html.index('id="report-annex"') :]
    for sentence in content["common"]:
        assert annex.count(sentence["text"]) == 1
    for group in content["annex"]:
        for figure in group["figures"]:
            # Together both are the definition.
            texts = {sentence["letter"]: sentence["text"] for sentence in content["common"]}
            said = " ".join([figure["own_definition"], *(texts[letter] for letter in figure["common"])])
            assert sorted(said.split()) == sorted(figure["definition"].split())
            assert figure["own_definition"] in annex.replace("&#x27;", "'")


def test_what_is_counted_is_said_where_it_comes_first(content):
    charts = [block["chart"] for block in chapter_content(content, "chart")]
    told = [chart["definition"] for chart in charts if chart["key"] in ("kinds", "organisers", "towns", "focus")]
    assert told[0].startswith("Angebote mit mindestens einem")
    assert told[1:] == ["Gezählt wie oben bei „Angebote nach Art“."] * 3


def test_no_letter_is_missing_and_pictures_in_texts_are_left_out(report, district):
    body = body_of("Größe, Übermaß, „Zitat“, Żółć, 50 € – ½ 🎉 Ende")
    report = actions.save_report(report, edition=report.edition, actor=district.coordinator, body=body)
    reader = read_pdf(documents.pdf_of(content_of(report)))
    assert "Größe, Übermaß, „Zitat“, Żółć, 50 € – ½ Ende" in text_of(reader)
    assert missing_glyphs(reader) == []


def test_documents_are_made_without_network(content, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert len(read_pdf(documents.pdf_of(content)).pages) > 5
    html = documents.document_of(content)
    assert not re.findall(r"""(?:src|href)=["'](?!data:|#)""", html)


def test_host_replaces_the_letterhead(content, settings, tmp_path):
    folder = tmp_path / "ehrenamt_wagtail" / "reporting" / "report"
    folder.mkdir(parents=True)
    (folder / "letterhead.html").write_text("<header><p>Landratsamt Musterkreis, Parkstraße 16</p></header>")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0].get("DIRS", [])]}]
    settings.TEMPLATES = templates
    text = re.sub(r"\s+", " ", read_pdf(documents.pdf_of(content)).pages[0].extract_text())
    assert text.startswith("Landratsamt Musterkreis, Parkstraße 16")


def test_html_has_each_chart_beside_its_table(content):
    html = documents.html_of(content)
    assert html.count("<svg") == 6 and html.count("</svg>") == 6
    for block in chapter_content(content, "chart"):
        assert f"{block['chart']['title']}: die Zahlen" in html
        assert all(f'<th scope="row">{row["head"]}</th>' in html for row in block["chart"]["rows"])
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 2 and all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:], strict=False))
    # A strict policy of the host allows no style in a page.
    assert "<style" not in html and not re.search(r"\sstyle=", html) and "<script" not in html


def test_markup_in_texts_is_shown_as_it_is(report, district):
    report = actions.save_report(
        report, edition=report.edition, actor=district.coordinator, title="<b>Titel</b>", developments="<script>alert(1)</script>"
    )
    html = documents.html_of(content_of(report))
    assert "<script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<b>Titel</b>" in text_of(read_pdf(documents.pdf_of(content_of(report))))


def test_spreadsheet_has_all_figures_as_numbers(content, span):
    book = openpyxl.load_workbook(io.BytesIO(documents.xlsx_of(content)))
    sheet = book.worksheets[0]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert rows["Ehrenamtliche"][1:3] == (40, 50)
    assert rows["Angebote"][1:3] == (3, 1)
    figures = [figure for group in content["annex"] for figure in group["figures"]]
    assert all(figure["label"] in rows for figure in figures)
    assert [cell.value for cell in sheet[2]][:3] == ["Zahl", span.title, span.year_before().title]
    assert len(book.worksheets) == 1 + 6


def test_spreadsheet_does_not_tell_what_the_report_hides(report, district):
    models.CircleFigure.objects.update(volunteers=3)
    book = openpyxl.load_workbook(io.BytesIO(documents.xlsx_of(content_of(report))))
    rows = {row[0]: row for row in book.worksheets[0].iter_rows(min_row=3, values_only=True)}
    assert rows["Ehrenamtliche"][1:4] == ("unter 5", "unter 5", None)
    line = next(sheet for sheet in book.worksheets if sheet.title.startswith("Ehrenamtliche"))
    cells = {cell for row in line.iter_rows(min_row=3, values_only=True) for cell in row[1:]}
    assert "unter 5" in cells and not any(isinstance(cell, int | float) for cell in cells)


def test_spreadsheet_runs_no_formula(report, district):
    models.CirclePage.objects.update(title="=1+1")
    report = actions.save_report(report, edition=report.edition, actor=district.coordinator, title="=HYPERLINK(1)")
    book = openpyxl.load_workbook(io.BytesIO(documents.xlsx_of(content_of(report))))
    assert book.worksheets[0]["A1"].value == "'=HYPERLINK(1)"
    assert not any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
