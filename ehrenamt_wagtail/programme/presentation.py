"""Offerings and dates as the templates show them: words instead of fields. Reads nothing that is not prefetched."""

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail import formatting
from ehrenamt_wagtail.directory.models import Venue

from .models import Cancellation, Mode, Occurrence, OfferingPage
from .models.offering import Language
from .queries import dated


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


@dataclass(frozen=True)
class Place:
    """Where something takes place; ``access`` are sentences about getting in."""

    name: str
    address: str = ""
    room: str = ""
    town: str = ""
    access: tuple[str, ...] = ()
    notes: str = ""

    def __str__(self) -> str:
        parts = (self.name, self.room, self.address, self.town)
        return ", ".join(dict.fromkeys(part for part in parts if part))


# Dates


def shown_start(date: Occurrence) -> dt.date | dt.datetime:
    return date.start_date or date.start


def shown_end(date: Occurrence) -> dt.date | dt.datetime | None:
    return date.end_date if date.is_all_day else date.end


def date_text(date: Occurrence) -> str:
    """„Donnerstag, 14. März 2027, 19–21 Uhr“."""
    return formatting.date_range(shown_start(date), shown_end(date), date.is_all_day)


def cancellation_of(date: Occurrence, page: OfferingPage) -> Cancellation | None:
    """What cancels this date: a decision about the date itself or about the whole offering."""
    rows = [row for row in page.all_cancellations() if row.occurrence_uid in (None, date.uid)]
    return next((row for row in rows if row.occurrence_uid), rows[0] if rows else None)


def updated_at(page: OfferingPage) -> dt.datetime:
    """When what the public sees of an offering last changed: published or cancelled."""
    moments = [row.at for row in page.all_cancellations()]
    moments.append(page.last_published_at or page.latest_revision_created_at or dt.datetime.fromtimestamp(0, dt.UTC))
    return max(moments)


# Places


def place_of(page: OfferingPage, date: Occurrence | None = None) -> Place:
    """The place of the offering, or of one of its dates."""
    venue = date.effective_venue() if date else page.venue
    room = (date.room if date else "") or page.room
    if date and date.venue_id and date.venue_id != page.venue_id:
        room = date.room
    if venue is None:
        return Place(name=page.place, room=room, town=page.municipality.name if page.municipality else "")
    return Place(
        name=venue.name,
        address=venue.street,
        room=room,
        town=" ".join(part for part in (venue.postal_code, venue.municipality.name) if part),
        access=tuple(access_of(venue)),
        notes=venue.access_notes,
    )


def access_of(venue: Venue) -> list[str]:
    """Sentences about getting in; what is not known is left out."""
    known = {
        "step_free": {"yes": _("step-free"), "partly": _("partly step-free"), "no": _("not step-free")},
        "accessible_toilet": {
            "yes": _("accessible toilet"),
            "partly": _("toilet accessible in parts"),
            "no": _("no accessible toilet"),
        },
        "hearing_loop": {
            "yes": _("hearing loop"),
            "partly": _("hearing loop in some rooms"),
            "no": _("no hearing loop"),
        },
    }
    sentences = [words[getattr(venue, name)] for name, words in known.items() if getattr(venue, name) in words]
    if venue.parking:
        sentences.append(_("Parking: %(parking)s") % {"parking": venue.parking})
    if venue.nearest_stop:
        sentences.append(_("Nearest stop: %(stop)s") % {"stop": venue.nearest_stop})
    return sentences


def town_of(page: OfferingPage, date: Occurrence | None) -> str:
    """The town to show in lists; none for what is online only."""
    if (date.effective_mode() if date else page.mode) == Mode.ONLINE:
        return ""
    venue = date.effective_venue() if date else page.venue
    town = venue.municipality if venue else page.municipality
    return town.name if town else ""


# Rows


def offering_row(page: OfferingPage, *, now: dt.datetime, request=None, seats: str = "") -> OfferingRow:
    """The row of an offering from ``programme_listing()``, or of any other with its dates prefetched; ``seats`` in words."""
    dates = dated(page)
    date = listed_date(page, dates, now)
    mode = date.effective_mode() if date else page.mode
    venue = date.effective_venue() if date else page.venue
    return OfferingRow(
        url=page.get_url(request) or "",
        title=page.title,
        kind=str(page.kind_label),
        start=shown_start(date) if date else None,
        end=shown_end(date) if date else None,
        all_day=bool(date and date.is_all_day),
        town=town_of(page, date),
        organiser=page.organisation.name if page.organisation else "",
        more_dates=more_dates(page, dates, date, now),
        online={Mode.ONLINE: "only", Mode.BOTH: "both"}.get(mode, ""),
        free=not page.costs.strip(),
        step_free=mode != Mode.ONLINE and venue is not None and venue.step_free == Venue.Access.YES,
        cancelled=bool(date and cancellation_of(date, page)),
        past=bool(date and date.ends_at <= now),
        seats=seats,
    )


def listed_date(page: OfferingPage, dates: list[Occurrence], now: dt.datetime) -> Occurrence | None:
    """The date that the listing chose; without a listing the next one that is not cancelled, else the last."""
    chosen = getattr(page, "listed_date", None)
    if chosen is not None:
        return next(date for date in dates if date.pk == chosen)
    coming = [date for date in dates if date.ends_at > now]
    taking_place = [date for date in coming if not cancellation_of(date, page)]
    return next(iter(taking_place or coming), dates[-1] if dates else None)


def more_dates(page: OfferingPage, dates: list[Occurrence], shown: Occurrence | None, now: dt.datetime) -> str:
    """„und 3 weitere Termine“: of the coming ones, or of the past ones for an offering that is over."""
    others = [date for date in dates if date is not shown and not cancellation_of(date, page)]
    coming = [date for date in others if date.ends_at > now]
    if shown is not None and shown.ends_at > now:
        others = coming
    number = len(others)
    if not number:
        return ""
    return ngettext("and %(number)s more date", "and %(number)s more dates", number) % {"number": number}


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


def timetable(parts: list[OfferingPage], *, request=None) -> list[dict]:
    """One entry a date of each part, in the order of time; the day is named when there are several."""
    dates = sorted((date for page in parts for date in dated(page)), key=lambda date: (date.starts_at, date.ends_at))
    days = {formatting.local_date(shown_start(date)) for date in dates}
    return [
        {
            "when": time_of(date) if len(days) == 1 else date_text(date),
            "start": shown_start(date),
            "end": shown_end(date),
            "url": date.page.get_url(request) or "",
            "title": date.page.title,
            "organiser": date.page.organisation.name if date.page.organisation else "",
            "town": town_of(date.page, date),
            "place": _("online") if date.effective_mode() == Mode.ONLINE else short_place(date),
            "cancelled": cancellation_of(date, date.page) is not None,
        }
        for date in dates
    ]


def time_of(date: Occurrence) -> str:
    return _("all day") if date.is_all_day else formatting.time_range(date.start, date.end)


def short_place(date: Occurrence) -> str:
    place = place_of(date.page, date)
    return ", ".join(part for part in (place.name, place.room) if part)


# Month view


@dataclass
class Day:
    date: dt.date
    outside: bool
    today: bool
    entries: list[dict] = field(default_factory=list)


def month_weeks(first: dt.date, dates: list[Occurrence], *, today: dt.date, request=None) -> list[list[Day]]:
    """The weeks of a month, Monday first, with one entry a date on every day that it touches."""
    entries = defaultdict(list)
    for date in dates:
        days = days_of(date)
        for number, day in enumerate(days, start=1):
            entries[day].append(month_entry(date, number, len(days), request))
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


def month_entry(date: Occurrence, number: int, days: int, request) -> dict:
    return {
        "url": date.page.get_url(request) or "",
        "title": date.page.title,
        "time": "" if date.is_all_day or number > 1 else start_time(date),
        "place": _("online") if date.effective_mode() == Mode.ONLINE else town_of(date.page, date),
        "note": _("day %(number)s of %(days)s") % {"number": number, "days": days} if days > 1 else "",
        "cancelled": cancellation_of(date, date.page) is not None,
    }


def start_time(date: Occurrence) -> str:
    """„19–21 Uhr“ on one day, „ab 19 Uhr“ at the beginning of several."""
    return formatting.time_range(date.start, date.end if len(days_of(date)) == 1 else None)


def days_of(date: Occurrence) -> list[dt.date]:
    """The local days that a date touches; a night that ends before six in the morning counts to its evening."""
    first = formatting.local_date(shown_start(date))
    end = shown_end(date)
    last = formatting.local_date(end) if end else first
    if not date.is_all_day and last > first and timezone.localtime(end).time() < formatting.NIGHT_ENDS:
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
