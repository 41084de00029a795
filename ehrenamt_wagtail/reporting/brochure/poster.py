"""What takes place in a month on one sheet to hang up: A4, or A3 when it is printed larger. It always stays on one page."""

import datetime as dt
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import pgettext

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import month_name
from ehrenamt_wagtail.programme.queries import programme_of
from ehrenamt_wagtail.reporting.models import Brochure

from .contents import default_site, entries_of
from .entries import Entry, EntryDate
from .pictures import linked, qr_code
from .texts import one_line, shown_address

TEMPLATE = "ehrenamt_wagtail/reporting/brochure/poster.html"
STYLE_SHEET = "ehrenamt_wagtail/brochure-poster.css"
LONGEST_TITLE = 110
# From few dates in large letters to many in two columns; the number is how many of them usually have room.
LAYOUTS = {"large": 8, "medium": 11, "small": 15, "columns": 26, "narrow": 48}


@dataclass(frozen=True)
class Row:
    day: str
    time: str
    title: str
    lang: str
    where: str
    organiser: str


@dataclass(frozen=True)
class Poster:
    """``rows`` are the dates that are named, ``more`` is the number of those without room. ``url`` is the month's address."""

    month: str
    district: str
    rows: tuple[Row, ...]
    more: int
    layout: str
    url: str

    @property
    def shown_url(self) -> str:
        return shown_address(self.url)


def months_of_period(brochure: Brochure) -> list[dt.date]:
    """The first day of each month that the period touches."""
    first, last = brochure.period.first_day, brochure.period.last_day
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def poster_of(brochure: Brochure, first: dt.date) -> Poster:
    """All dates of the month that begins on ``first``, also of what came after the editorial deadline: it is made on this very day."""
    found = [
        (date, entry)
        for entry in entries_of(brochure, linked, with_late=True)
        for date in entry.dates
        if not date.cancelled and date.day.replace(day=1) == first
    ]
    found.sort(key=lambda pair: (pair[0].day, pair[0].starts_at, pair[1].number))
    programme = programme_of(default_site())
    url = f"{programme.full_url}kalender/{first.year}/{first.month}/" if programme and programme.full_url else ""
    return Poster(month_name(first), conf.DISTRICT_NAME, tuple(row_of(*pair) for pair in found), 0, next(iter(LAYOUTS)), url)


def row_of(date: EntryDate, entry: Entry) -> Row:
    return Row(
        day=date_format(date.day, pgettext("day in an overview", "D j")),
        time=date.time,
        title=one_line(entry.title, LONGEST_TITLE),
        lang=entry.lang,
        where=date.where,
        organiser=entry.organiser,
    )


# On one page


def usual(poster: Poster) -> Poster:
    """For who cannot count pages: the layout that as many dates usually have room in, and no more dates than that."""
    number = len(poster.rows)
    layout = next((name for name, room in LAYOUTS.items() if number <= room), list(LAYOUTS)[-1])
    return with_rows(poster, min(number, LAYOUTS[layout]), layout)


def fitted(poster: Poster):
    """WeasyPrint's one page: in the largest letters in which all dates have room, else with as many as do."""
    for layout in LAYOUTS:
        if pages := on_one_page(with_rows(poster, len(poster.rows), layout)):
            return pages
    least, most = 0, len(poster.rows)
    pages = laid_out(with_rows(poster, 0, layout))
    while most - least > 1:
        number = (least + most) // 2
        if fits := on_one_page(with_rows(poster, number, layout)):
            least, pages = number, fits
        else:
            most = number
    return pages


def on_one_page(poster: Poster):
    pages = laid_out(poster)
    return pages if len(pages.pages) == 1 else None


def with_rows(poster: Poster, number: int, layout: str) -> Poster:
    more = poster.more + len(poster.rows) - number
    return replace(poster, rows=poster.rows[:number], more=more, layout=layout)


def laid_out(poster: Poster):
    return pdf.laid_out(document(poster, is_pdf=True), STYLE_SHEET)


def document(poster: Poster, *, is_pdf: bool) -> str:
    context = {"poster": poster, "is_pdf": is_pdf, "style_sheets": [STYLE_SHEET], "qr": qr_code(poster.url) if poster.url else ""}
    return render_to_string(TEMPLATE, context)


def as_pdf(poster: Poster) -> bytes:
    return pdf.written(fitted(poster))
