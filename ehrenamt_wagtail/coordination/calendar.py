"""The coordination calendar as both faces show it, portal and admin: month, half-year, filters, what stays empty.

A face is an address, a way from an entry to the page behind it, and whether its reader may follow the invitations.
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Municipality

from .days import SpecialDay, missing_school_holidays, special_days_of_towns
from .filters import PlanFilters, parse_plan_filters
from .forms import PlanFilterForm
from .gaps import Coverage, gaps_of
from .invitations import hold_url, invitations
from .matrix import GROUPS, matrix_of
from .periods import Period, half_year_of, month_of, read_half_year, read_period
from .queries import Entry, planned_entries
from .visibility import Viewer

UrlOf = Callable[[Entry], str]


@dataclass(frozen=True)
class Face:
    """``links_of`` gives, for all entries at once, the way to the page behind one, or nothing."""

    path: str
    viewer: Viewer
    links_of: Callable[[list[Entry]], UrlOf]
    is_member: bool


@dataclass(frozen=True)
class CalendarDay:
    date: dt.date
    entries: list[dict] = field(default_factory=list)
    notes: list[SpecialDay] = field(default_factory=list)
    outside: bool = False
    today: bool = False
    hold_url: str = ""


def calendar_context(face: Face, parameters) -> dict:
    """Everything that the templates of month and half-year need; a constant number of queries."""
    period, notice = read_period(parameters)
    filters = parse_plan_filters(parameters)
    entries = planned_entries(period, filters, face.viewer)
    url_of = face.links_of(entries)
    days = special_days_of(period, filters)
    group = parameters.get("nach") if parameters.get("nach") in GROUPS else "ort"
    kept = {} if period.is_month or group == "ort" else {"nach": group}
    address = Address(face.path, filters, kept)
    town = filters.municipalities[0].slug if len(filters.municipalities) == 1 else ""
    topic = filters.topics[0].slug if len(filters.topics) == 1 else ""
    context = {
        "period": period,
        "notices": [*([notice] if notice else []), *filters.notices],
        "notes": [note for note in [missing_school_holidays(period.first, period.last)] if note],
        "entries": entries,
        "count": ngettext("%(number)s date", "%(number)s dates", len(entries)) % {"number": len(entries)},
        "special_days": days,
        "views": views(address, period),
        "filter_form": PlanFilterForm(filters, kept=dict([period.parameter, *kept.items()])),
        "active_count": len(filters.pairs()),
        "chips": chips(address, period, filters),
        "reset_url": Address(face.path, PlanFilters(), kept).of(period),
        "empty": empty_state(period, filters) if not entries else "",
        "invitations": invitations(town=town, topic=topic) if face.is_member else [],
    }
    if period.is_month:
        hold = (lambda day: hold_url(day, town=town, topic=topic)) if face.is_member else None
        return context | {"month": month_of_entries(period, entries, days, address, url_of, hold)}
    return context | {
        "half_year": neighbours(period, address),
        "matrix": matrix_of(period, entries, filters, group, address),
        "groups": [
            {"label": label, "url": Address(face.path, filters, {"nach": value}).of(period), "current": value == group}
            for value, label in GROUPS.items()
        ],
        "months": [month_list(month, entries, days, address, url_of) for month in period.each_month()],
        "today": timezone.localdate(),
    }


@dataclass(frozen=True)
class Address:
    """Addresses of the calendar that keep filters and view."""

    path: str
    filters: PlanFilters
    kept: dict[str, str]

    def of(self, period: Period, *, without: tuple[str, str] | None = None, **more: str) -> str:
        pairs = [pair for pair in self.filters.pairs() if pair != without and pair[0] not in more]
        kept = [] if period.is_month else list(self.kept.items())
        return f"{self.path}?{urlencode([period.parameter, *pairs, *kept, *more.items()])}"


def views(address: Address, period: Period) -> list[dict]:
    """Month and half-year: each leads to the other at the same time."""
    today = month_of(timezone.localdate())
    half_year = half_year_of(period.first)
    month = period
    if not period.is_month:
        month = today if period.first <= today.first < period.following else Period(period.first, 1)
    return [
        {"label": _("Month"), "url": address.of(month), "current": period.is_month},
        {"label": _("Half-year"), "url": address.of(half_year), "current": not period.is_month},
    ]


def neighbours(period: Period, address: Address) -> dict:
    return {"title": period.title, "previous": link(period.shifted(-1), address), "next": link(period.shifted(1), address)}


def link(period: Period | None, address: Address) -> dict | None:
    return {"url": address.of(period), "label": period.title} if period else None


def chips(address: Address, period: Period, filters: PlanFilters) -> list[dict]:
    """The active filters, each with the address without it."""
    return [
        {"label": label, "remove_url": address.of(period, without=(name, value))} for name, value, label in filters.labelled()
    ]


def empty_state(period: Period, filters: PlanFilters) -> str:
    """„Für Herrenberg ist im Mai 2027 noch nichts geplant.“"""
    labels = [label for _name, _value, label in filters.labelled()]
    if not labels:
        return _("Nothing is planned yet in the period %(period)s.") % {"period": period.title}
    facts = {"period": period.title, "filters": ", ".join(labels)}
    return _("For %(filters)s nothing is planned yet in the period %(period)s.") % facts


# Special days


def special_days_of(period: Period, filters: PlanFilters) -> list[SpecialDay]:
    """Those of the whole district, and of the towns that are looked at, named with their town; at most two queries."""
    towns = {town.pk: town.name for town in filters.municipalities or Municipality.objects.all()}
    found = special_days_of_towns(period.first, period.last, list(towns))
    return [replace(day, name=f"{day.name} ({towns[day.municipality_id]})") if day.municipality_id else day for day in found]


# Month


def month_of_entries(period: Period, entries: list[Entry], days: list[SpecialDay], address: Address, url_of: UrlOf, hold) -> dict:
    """Context of the component ``month``: weeks of days, Monday first, with one entry a date on every day that it touches."""
    today = timezone.localdate()
    by_day = entries_by_day(entries, url_of)

    def day_of(day: dt.date) -> CalendarDay:
        if day.month != period.first.month:
            return CalendarDay(day, outside=True)
        entries = by_day[day]
        return CalendarDay(
            date=day,
            entries=entries,
            notes=[special for special in days if special.touches(day, day)],
            today=day == today,
            hold_url=hold(day) if hold and not entries and day > today else "",
        )

    weeks = calendar.Calendar().monthdatescalendar(period.first.year, period.first.month)
    return neighbours(period, address) | {
        "is_plan": True,
        "weekdays": [str(WEEKDAYS_ABBR[number]) for number in range(7)],
        "weeks": [[day_of(day) for day in week] for week in weeks],
    }


def entries_by_day(entries: list[Entry], url_of: UrlOf) -> dict[dt.date, list[dict]]:
    found = defaultdict(list)
    for entry in entries:
        for number, day in enumerate(entry.days, start=1):
            found[day].append(entry_row(entry, url_of(entry), number))
    return found


def entry_row(entry: Entry, url: str, number: int) -> dict:
    """An entry of a list or of the component ``month``, on the day of that number."""
    days = len(entry.days)
    return {
        "url": url,
        "title": entry.title,
        "kind": entry.kind,
        "topics": entry.topics,
        "hides_title": not entry.view.title,
        "time": entry.time if number == 1 else "",
        "place": entry.place,
        "organiser": entry.view.organiser,
        "note": _("day %(number)s of %(days)s") % {"number": number, "days": days} if days > 1 else "",
        "change": entry.note,
        "state": entry.view.state,
        "state_label": entry.view.state_label,
        "is_open": entry.view.state != "published",
    }


# Half-year


def month_list(month: Period, entries: list[Entry], days: list[SpecialDay], address: Address, url_of: UrlOf) -> dict:
    """A month of the half-year: its days on which something is, each entry on its first day in the month."""
    by_day = defaultdict(list)
    for entry in entries:
        inside = [(number, day) for number, day in enumerate(entry.days, start=1) if month.first <= day < month.following]
        if inside:
            number, day = inside[0]
            by_day[day].append(entry_row(entry, url_of(entry), number))
    number = sum(map(len, by_day.values()))
    return {
        "title": month.title,
        "last": month.last,
        "url": address.of(month),
        "count": ngettext("%(number)s date", "%(number)s dates", number) % {"number": number},
        "days": [
            {
                "date": day,
                "label": date_format(day, pgettext("day in a list of a month", "D j")),
                "entries": by_day[day],
                "notes": [special for special in days if special.touches(day, day)],
            }
            for day in sorted(by_day)
        ],
    }



# Gaps


def gaps_context(path: str, calendar_path: str, parameters, *, is_member: bool) -> dict:
    """Towns, circles and topics without anything in the half-year that ``halbjahr`` names, and what the others have."""
    period, notice = read_half_year(parameters.get("halbjahr", ""))
    address, calendar_address = Address(path, PlanFilters(), {}), Address(calendar_path, PlanFilters(), {})
    found = gaps_of(period)
    sections = [
        gap_section(_("Towns and municipalities"), _("Town or municipality"), found.towns, is_member),
        gap_section(conf.CIRCLE_NAME_PLURAL, conf.CIRCLE_NAME, found.circles, is_member),
        gap_section(_("Topics"), _("Topic"), found.topics, is_member),
    ]
    return {
        "period": period,
        "previous": link(period.shifted(-1), address),
        "next": link(period.shifted(1), address),
        "half_year_url": calendar_address.of(period),
        "notices": [notice] if notice else [],
        "sections": sections,
    }


def gap_section(title: str, head: str, rows: tuple[Coverage, ...], is_member: bool) -> dict:
    missing = [row for row in rows if not row.planned]
    if missing:
        sentence = _("Nothing is planned for %(number)s of %(total)s:") % {"number": len(missing), "total": len(rows)}
    else:
        sentence = _("Something is planned for each of them.") if rows else _("There are none yet.")
    return {
        "title": title,
        "head": head,
        "sentence": sentence,
        "without": [
            {"name": row.name, "invitations": invitations(town=row.town, topic=row.topic) if is_member else []}
            for row in missing
        ],
        "present": [row for row in rows if row.planned],
    }
