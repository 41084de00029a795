"""Offerings and dates as the templates show them: words instead of fields. Reads nothing that is not prefetched."""

import calendar
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import escape
from typing import NamedTuple

from django.core.paginator import Page as NumberedPage
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from ehrenamt_wagtail import formatting
from ehrenamt_wagtail.fragments import MOST_ROWS

from .dates import shown_end, shown_start
from .facts import DateFacts, OfferingFacts, StoredDate, kind_label
from .languages import Language
from .models import Mode, Occurrence, OfferingPage
from .places import Place, place_from
from .rows import ListedRow
from .translations import lang_attribute, unlike_words


class OfferingRow(NamedTuple):
    """One line of a list; the fields are those of ``includes/offering_row.html``.

    ``language`` is that of the title, empty if it is that of the words around it.
    """

    url: str
    title: str
    kind: str
    start: dt.date | dt.datetime | None
    end: dt.date | dt.datetime | None
    all_day: bool
    town: str
    organiser: str
    more_dates: str
    online: str
    free: bool
    step_free: bool
    cancelled: bool
    past: bool
    seats: str = ""
    language: str = ""


ONLINE = {Mode.ONLINE.value: "only", Mode.BOTH.value: "both"}


@dataclass(frozen=True)
class DateLine:
    """One date on the page of its offering. ``place`` and ``mode`` are empty unless they differ from the offering's.

    ``calendar_url`` is the address of its own file, empty unless it is to come.
    """

    start: dt.date | dt.datetime
    end: dt.date | dt.datetime | None
    all_day: bool
    text: str
    cancelled: bool
    past: bool
    reason: str
    place: "Place | None"
    mode: str
    is_online: bool = False
    calendar_url: str = ""


# Dates


def date_text(date: Occurrence) -> str:
    """„Donnerstag, 14. März 2027, 19–21 Uhr“."""
    return formatting.date_range(shown_start(date), shown_end(date), date.is_all_day)


# Rows


def offering_row(row: ListedRow, *, programme_url: str, seats: str = "", language: str = "") -> OfferingRow:
    """The row of a listed offering; ``seats`` in words, ``language`` that of the programme."""
    return row_from(row.shown, row.is_past, row.more, programme_url, seats, language, get_language())


@lru_cache(MOST_ROWS)
def row_from(
    text: str, is_past: bool, more: int, programme_url: str, seats: str, language: str, _of_reader: str | None
) -> OfferingRow:
    """The row of what is stored as JSON; nobody needs to read the same twice."""
    shown = json.loads(text)
    start, end = shown["start"], shown["end"]
    read = dt.date.fromisoformat if shown["all_day"] else dt.datetime.fromisoformat
    return OfferingRow(
        url=programme_url + shown["address"],
        title=shown["title"],
        kind=str(kind_label(shown["model"], shown["art"])),
        start=read(start),
        end=read(end) if end else None,
        all_day=shown["all_day"],
        town=shown["town"],
        organiser=shown["organiser"],
        more_dates=more_dates(more) if more else "",
        online=ONLINE.get(shown["mode"], ""),
        free=shown["free"],
        step_free=shown["step_free"],
        cancelled=shown["cancelled"],
        past=is_past,
        seats=seats,
        language=unlike_words(shown.get("language") or language),
    )


def more_dates(number: int) -> str:
    """„und 3 weitere Termine“"""
    return ngettext("and %(number)s more date", "and %(number)s more dates", number) % {"number": number}


@dataclass(frozen=True)
class PageNumbers:
    """What ``includes/pagination.html`` shows of one of Django's pages, whatever lies on it."""

    number: int
    num_pages: int

    @cached_property
    def page(self) -> NumberedPage:
        return Paginator(range(self.num_pages), 1).page(self.number)

    def __getattr__(self, name: str):
        return getattr(self.page, name)


# The page of an offering


def date_lines(facts: OfferingFacts, details: dict, *, now: dt.datetime, url: str = "") -> list[DateLine]:
    """The dates of the page; ``details`` are those of ``details.details_of``, ``url`` is its address if everybody may read it."""
    modes = dict(Mode.choices)
    return [
        DateLine(
            start=date.start,
            end=date.end,
            all_day=date.all_day,
            text=formatting.date_range(date.start, date.end, date.all_day),
            cancelled=date.cancelled,
            past=(is_past := date.ends_at <= now),
            reason=more["reason"],
            place=place_from(more["place"]) if more["place"] else None,
            mode=str(modes.get(more["mode"], "")),
            is_online=date.mode == Mode.ONLINE,
            calendar_url=f"{url}termin/{date.uid}.ics" if url and not (is_past or date.cancelled) else "",
        )
        for date, more in zip(facts.dates, details["dates"], strict=True)
    ]


def language_names(page: OfferingPage) -> list[str]:
    names = dict(Language.choices)
    return [str(names.get(code, code)) for code in page.languages or []]


# Timetable of a volunteer day


def timetable(parts: Sequence[OfferingFacts], *, base_url: str, language: str = "") -> list[dict]:
    """One entry a date of each part, in the order of time; the day is named when there are several. ``language`` as for rows."""
    dates = sorted(((date, part) for part in parts for date in part.dates), key=lambda pair: (pair[0].starts_at, pair[0].ends_at))
    days = {formatting.local_date(date.start) for date, _part in dates}
    return [
        {
            "when": time_of(date) if len(days) == 1 else formatting.date_range(date.start, date.end, date.all_day),
            "start": date.start,
            "end": date.end,
            "url": base_url + part.address,
            "title": part.title,
            "organiser": part.organiser,
            "town": date.town,
            "place": _("online") if date.mode == Mode.ONLINE else date.place,
            "cancelled": date.cancelled,
            "language": unlike_words(part.language or language),
        }
        for date, part in dates
    ]


def time_of(date: DateFacts) -> str:
    return _("all day") if date.all_day else formatting.time_range(date.start, date.end)


# Month view


@dataclass
class Day:
    date: dt.date
    outside: bool
    today: bool
    entries: list[dict] = field(default_factory=list)
    notes: tuple = ()
    hold_url: str = ""

    def __getitem__(self, name: str):
        """Templates look here first, and there are many of them."""
        return getattr(self, name)

    @property
    def links(self) -> SafeString:
        """The items of the public entries; a template would take several times longer."""
        return SafeString("".join(f"<li>{entry['link']}</li>" for entry in self.entries if "link" in entry))


def month_weeks(first: dt.date, dates: Iterable[str], *, today: dt.date, base_url: str, language: str = "") -> list[list[Day]]:
    """The weeks of a month, Monday first, with one entry a date on every day that it touches.

    ``dates`` are what ``rows.read_month`` reads, ``language`` that of the programme.
    """
    entries = defaultdict(list)
    zone, of_reader = timezone.get_current_timezone(), get_language()
    for text in dates:
        for day, entry in month_entries(text, base_url, zone, language, of_reader):
            entries[day].append(entry)
    return [
        [
            Day(
                date=day,
                outside=day.month != first.month,
                today=day == today,
                entries=entries[day] if day.month == first.month else [],
            )
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


@lru_cache(MOST_ROWS)
def month_entries(text: str, base_url: str, zone: dt.tzinfo, language: str, _of_reader: str | None) -> list[tuple[dt.date, dict]]:
    """The days that a date touches with its entry on each, from what is stored as JSON; a month has hundreds."""
    date = StoredDate(json.loads(text))
    start, end, all_day = date.start, date.end, date.all_day
    if not all_day:
        start, end = start.astimezone(zone), end and end.astimezone(zone)
    days = local_days(start, end, all_day)
    return [
        (day, month_entry({"language": language} | date.values, start, end, number, len(days), base_url))
        for number, day in enumerate(days, start=1)
    ]


def month_entry(shown: dict, start, end, number: int, days: int, base_url: str) -> dict:
    """``start`` and ``end`` are local."""
    # „19–21 Uhr“ on one day, „ab 19 Uhr“ at the beginning of several.
    time = "" if shown["all_day"] or number > 1 else formatting.local_time_range(start, end if days == 1 else None)
    entry = {
        "url": base_url + shown["address"],
        "title": shown["title"],
        "time": time,
        "place": _("online") if shown["mode"] == Mode.ONLINE else shown["town"],
        "note": _("day %(number)s of %(days)s") % {"number": number, "days": days} if days > 1 else "",
        "cancelled": shown["cancelled"],
        "lang": lang_attribute(shown["language"]),
    }
    entry["link"] = entry_link(entry)
    return entry


def entry_link(entry: dict) -> SafeString:
    """What ``includes/month.html`` writes of an entry; a month has hundreds, and a template takes ten times as long."""
    cancelled = " ehrenamt-month__entry--cancelled" if entry["cancelled"] else ""
    label = f'<strong class="ehrenamt-month__when">{escape(pgettext("offering", "Cancelled"))}</strong>' if cancelled else ""
    time, place, note = (
        f'<span class="ehrenamt-month__when">{escape(entry[name])}</span>' if entry[name] else "" for name in ("time", "place", "note")
    )
    title = f'<span class="ehrenamt-month__what"{entry["lang"]}>{escape(entry["title"])}</span>'
    return SafeString(
        f'<a class="ehrenamt-month__entry{cancelled}" href="{escape(entry["url"])}">{label}{time}{title}{place}{note}</a>'
    )


def days_of(date: Occurrence) -> list[dt.date]:
    """The local days that a date touches; see ``days_between``."""
    return days_between(shown_start(date), shown_end(date), date.is_all_day)


def days_between(start: dt.date | dt.datetime, end: dt.date | dt.datetime | None, all_day: bool) -> list[dt.date]:
    """The local days from start to end; a night that ends before six in the morning counts to its evening."""
    return local_days(formatting.local(start), end and formatting.local(end), all_day)


def local_days(start: dt.date | dt.datetime, end: dt.date | dt.datetime | None, all_day: bool) -> list[dt.date]:
    """As ``days_between``, of local values."""
    first = start.date() if isinstance(start, dt.datetime) else start
    if end is None:
        return [first]
    last = end.date() if isinstance(end, dt.datetime) else end
    if not all_day and last > first and end.time() < formatting.NIGHT_ENDS:
        last -= dt.timedelta(days=1)
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def weekday_names() -> list[str]:
    return [str(WEEKDAYS_ABBR[number]) for number in range(7)]


def month_link(first: dt.date) -> str:
    return date_format(first, "F Y")


class Crumb(NamedTuple):
    title: str
    url: str


def breadcrumbs(page, request=None) -> tuple[Crumb, ...]:
    """From the site's root to the page; empty for a page that has no place in the tree yet."""
    if not page.path:
        return ()
    items = [Crumb(ancestor.title, ancestor.get_url(request) or "") for ancestor in ancestors_of(page, request)]
    return (*items, Crumb(page.title, ""))


def ancestors_of(page: Page, request=None) -> list[Page]:
    """Those below the root of all trees. Nothing is asked for what the way to the page has brought along."""
    found, above = [], page
    root = getattr(Site.find_for_request(request), "root_page", None) if request else None
    while above.depth > 2:
        parent = root if root and root.depth == above.depth - 1 and above.path.startswith(root.path) else None
        above = parent or getattr(above, "_cached_parent_obj", None)
        if above is None:
            return [ancestor for ancestor in page.get_ancestors() if ancestor.depth > 1]
        found.insert(0, above)
    return found
