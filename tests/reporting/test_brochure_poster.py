"""A month on one sheet: always one page, whatever takes place."""

import datetime as dt
import re

import pytest

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.brochure import poster
from ehrenamt_wagtail.reporting.brochure.poster import Poster, Row
from tests import factories
from tests.glyphs import missing_glyphs
from tests.pdfs import read_pdf, structure_of, text_of

from .brochures import brochure, period


def poster_with(number: int, title: str = "Grundlagen des Asylrechts – eine Einführung") -> Poster:
    rows = tuple(
        Row(f"Di {n % 31 + 1}.", "19–21 Uhr", f"{title} {n}", "", "Herrenberg", "Evangelischer Kirchenbezirk Böblingen")
        for n in range(1, number + 1)
    )
    return Poster("März 2027", "Landkreis Böblingen", rows, 0, "large", "https://www.kreis.example/programm/kalender/2027/3/")


@pytest.mark.thorough
@pytest.mark.parametrize("number", [0, 1, 3, 12, 30, 60, 200])
def test_poster_stays_on_one_page_and_counts_what_has_no_room(number):
    pdf = read_pdf(poster.as_pdf(poster_with(number)))
    assert len(pdf.pages) == 1
    text = text_of(pdf)
    named = set(re.findall(r"Einführung (\d+)", text))
    more = re.search(r"und (\d+) weitere", text)
    assert len(named) + (int(more[1]) if more else 0) == number
    assert len(named) >= min(number, 30)
    assert "Was ist los im März 2027" in text and "www.kreis.example/programm/kalender/2027/3" in text


def test_few_dates_are_written_larger_than_many():
    layouts = [poster.usual(poster_with(number)).layout for number in (3, 10, 15, 20, 60)]
    assert layouts == ["large", "medium", "small", "columns", "narrow"]


@pytest.mark.thorough
@pytest.mark.parametrize("number", [3, 60])
def test_longest_titles_stay_on_one_page(number):
    rows = poster_with(number, "Sehr lange Veranstaltung mit vielen Worten und noch einem Nebensatz, der dazugehört, ja" * 2)
    assert len(read_pdf(poster.as_pdf(rows)).pages) == 1


def test_poster_is_tagged_with_a_text_for_its_code_and_every_letter():
    pdf = read_pdf(poster.as_pdf(poster_with(8, "Çay & Gespräch „für alle“ – ÄÖÜß")))
    root = pdf.trailer["/Root"]
    assert root["/Lang"].startswith("de") and root["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == "Was ist los im März 2027 – Landkreis Böblingen"
    elements = structure_of(pdf)
    [figure] = [element for element in elements if element["/S"] == "/Figure"]
    assert "QR-Code" in figure["/Alt"]
    assert [element["/S"] for element in elements].count("/H1") == 1
    assert missing_glyphs(pdf) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("ready_site")
def test_poster_names_the_dates_of_its_month_and_late_ones_too():
    of = brochure(period=period(first=1, days=90, deadline=-3))
    first = (of.period.first_day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)

    def at(day: dt.date) -> models.Occurrence:
        days = (day - dt.date.today()).days
        return models.Occurrence(start=factories.in_days(days), end=factories.in_days(days, 21))

    factories.published_offering(title="Im Monat", dates=[at(first), at(first + dt.timedelta(days=9)), at(following)])
    factories.published_offering(title="Danach", dates=[at(following)])
    made = poster.poster_of(of, first)
    assert [(row.title, row.time) for row in made.rows] == [("Im Monat", "19–21 Uhr")] * 2
    programme = models.ProgrammePage.objects.get()
    assert made.url == f"{programme.full_url}kalender/{first.year}/{first.month}/"
    assert poster.months_of_period(of)[0] == of.period.first_day.replace(day=1)
    assert poster.months_of_period(of)[-1] == of.period.last_day.replace(day=1)
