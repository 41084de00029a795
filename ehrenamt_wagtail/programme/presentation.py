"""Offerings and dates as the templates show them: words instead of fields. Reads nothing that is not prefetched."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail import formatting

from .dates import cancellation_of, dated, shown_end, shown_start
from .facts import DateFacts, OfferingFacts
from .models import Mode, Occurrence, OfferingPage
from .models.offering import Language
from .places import Place, place_of


@dataclass(frozen=True)
class OfferingRow:
    """One line of a list; the fields are those of ``includes/offering_row.html``."""

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


@dataclass(frozen=True)
class DateLine:
    """One date on the page of its offering. ``place`` and ``mode`` are empty unless they differ from the offering's."""

    start: dt.date | dt.datetime
    end: dt.date | dt.datetime | None
    all_day: bool
    text: str
    cancelled: bool
    past: bool
    reason: str
    place: "Place | None"
    mode: str


# Dates


def date_text(date: Occurrence) -> str:
    """„Donnerstag, 14. März 2027, 19–21 Uhr“."""
    return formatting.date_range(shown_start(date), shown_end(date), date.is_all_day)


# Rows


def offering_row(
    facts: OfferingFacts, date: DateFacts | None, *, url: str, now: dt.datetime, seats: str = ""
) -> OfferingRow:
    """The row of an offering that is listed by ``date``; ``seats`` in words."""
    mode = date.mode if date else facts.mode
    return OfferingRow(
        url=url,
        title=facts.title,
        kind=facts.kind_label,
        start=date.start if date else None,
        end=date.end if date else None,
        all_day=bool(date and date.all_day),
        town=date.town if date else "" if facts.mode == Mode.ONLINE else facts.town,
        organiser=facts.organiser,
        more_dates=more_dates(facts.dates, date, now),
        online={Mode.ONLINE: "only", Mode.BOTH: "both"}.get(mode, ""),
        free=facts.free,
        step_free=date.step_free if date else facts.step_free,
        cancelled=bool(date and date.cancelled),
        past=bool(date and date.ends_at <= now),
        seats=seats,
    )


def more_dates(dates: Iterable[DateFacts], shown: DateFacts | None, now: dt.datetime) -> str:
    """„und 3 weitere Termine“: of the coming ones, or of the past ones for an offering that is over."""
    others = [date for date in dates if date is not shown and not date.cancelled]
    if shown is not None and shown.ends_at > now:
        others = [date for date in others if date.ends_at > now]
    number = len(others)
    if not number:
        return ""
    return ngettext("and %(number)s more date", "and %(number)s more dates", number) % {"number": number}


# The page of an offering


def date_lines(page: OfferingPage, *, now: dt.datetime) -> list[DateLine]:
    lines = []
    own_place = place_of(page)
    for date in dated(page):
        cancellation = cancellation_of(date, page)
        place = place_of(page, date)
        lines.append(
            DateLine(
                start=shown_start(date),
                end=shown_end(date),
                all_day=date.is_all_day,
                text=date_text(date),
                cancelled=cancellation is not None,
                past=date.ends_at <= now,
                reason=cancellation.reason if cancellation and cancellation.occurrence_uid else "",
                place=place if place != own_place and date.effective_mode() != Mode.ONLINE else None,
                mode=date.get_mode_display() if date.mode and date.mode != page.mode else "",
            )
        )
    return lines


def language_names(page: OfferingPage) -> list[str]:
    names = dict(Language.choices)
    return [str(names.get(code, code)) for code in page.languages or []]


# Timetable of a volunteer day


def timetable(parts: Sequence[OfferingFacts], *, base_url: str) -> list[dict]:
    """One entry a date of each part, in the order of time; the day is named when there are several."""
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


def month_weeks(
    first: dt.date, dates: Iterable[tuple[OfferingFacts, DateFacts]], *, today: dt.date, base_url: str
) -> list[list[Day]]:
    """The weeks of a month, Monday first, with one entry a date on every day that it touches."""
    entries = defaultdict(list)
    for offering, date in dates:
        days = days_between(date.start, date.end, date.all_day)
        for number, day in enumerate(days, start=1):
            entries[day].append(month_entry(offering, date, number, len(days), base_url))
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


def month_entry(offering: OfferingFacts, date: DateFacts, number: int, days: int, base_url: str) -> dict:
    return {
        "url": base_url + offering.address,
        "title": offering.title,
        # „19–21 Uhr“ on one day, „ab 19 Uhr“ at the beginning of several.
        "time": "" if date.all_day or number > 1 else formatting.time_range(date.start, date.end if days == 1 else None),
        "place": _("online") if date.mode == Mode.ONLINE else date.town,
        "note": _("day %(number)s of %(days)s") % {"number": number, "days": days} if days > 1 else "",
        "cancelled": date.cancelled,
    }


def days_of(date: Occurrence) -> list[dt.date]:
    """The local days that a date touches; see ``days_between``."""
    return days_between(shown_start(date), shown_end(date), date.is_all_day)


def days_between(start: dt.date | dt.datetime, end: dt.date | dt.datetime | None, all_day: bool) -> list[dt.date]:
    """The local days from start to end; a night that ends before six in the morning counts to its evening."""
    first = formatting.local_date(start)
    last = formatting.local_date(end) if end else first
    if not all_day and last > first and timezone.localtime(end).time() < formatting.NIGHT_ENDS:
        last -= dt.timedelta(days=1)
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def weekday_names() -> list[str]:
    return [str(WEEKDAYS_ABBR[number]) for number in range(7)]


def month_link(first: dt.date) -> str:
    return date_format(first, "F Y")


def breadcrumbs(page, request=None) -> list[dict]:
    """From the site's root to the page; empty for a page that has no place in the tree yet."""
    if not page.path:
        return []
    ancestors = [ancestor for ancestor in page.get_ancestors() if ancestor.depth > 1]
    items = [{"title": ancestor.title, "url": ancestor.get_url(request) or ""} for ancestor in ancestors]
    return [*items, {"title": page.title, "url": ""}]
