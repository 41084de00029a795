"""Spans of days that figures are counted for: half-years, years, programme periods and any others. Local days of the site's zone."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.coordination.periods import half_year_of, months_later
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.filters import local_midnight

SERIES = 6


@dataclass(frozen=True)
class Span:
    """The days from ``first`` to ``last``, both included. ``name`` is that of a programme period."""

    first: dt.date
    last: dt.date
    name: str = ""

    @property
    def following(self) -> dt.date:
        """The first day that no longer belongs to it."""
        return self.last + dt.timedelta(days=1)

    @property
    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """The half-open span as aware datetimes."""
        return local_midnight(self.first), local_midnight(self.following)

    @property
    def is_half_year(self) -> bool:
        period = half_year_of(self.first)
        return (period.first, period.last) == (self.first, self.last)

    @property
    def is_year(self) -> bool:
        return self.first == dt.date(self.first.year, 1, 1) and self.last == dt.date(self.first.year, 12, 31)

    @property
    def title(self) -> str:
        """„1. Halbjahr 2027“, „2026“, the name of a programme period, else its days."""
        if self.name:
            return self.name
        if self.is_half_year:
            text = _("First half of %(year)s") if self.first.month == 1 else _("Second half of %(year)s")
            return text % {"year": self.first.year}
        return str(self.first.year) if self.is_year else self.days

    @property
    def short(self) -> str:
        """„1. Hj. 2027“ for heads of narrow columns."""
        if not self.is_half_year:
            return self.title
        half = pgettext("half-year", "1st half %(year)s") if self.first.month == 1 else pgettext("half-year", "2nd half %(year)s")
        return half % {"year": self.first.year}

    @property
    def days(self) -> str:
        """„1. Januar – 30. Juni 2027“."""
        return date_range(self.first, self.last, all_day=True)

    def contains(self, other: "Span") -> bool:
        return self.first <= other.first and other.last <= self.last

    def year_before(self) -> "Span":
        """The same days of the year before."""
        return Span(year_earlier(self.first), year_earlier(self.following) - dt.timedelta(days=1))

    def before(self) -> "Span":
        """What lies directly before and is as long: in whole months if it begins and ends with a month, else in days."""
        if self.first.day == 1 and self.following.day == 1:
            months = (self.following.year - self.first.year) * 12 + self.following.month - self.first.month
            return Span(months_later(self.first, -months), self.first - dt.timedelta(days=1))
        return Span(self.first - (self.following - self.first), self.first - dt.timedelta(days=1))


def year_earlier(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def half_year(day: dt.date) -> Span:
    """The half-year that the day lies in."""
    period = half_year_of(day)
    return Span(period.first, period.last)


def year(number: int) -> Span:
    return Span(dt.date(number, 1, 1), dt.date(number, 12, 31))


def half_years(number: int = SERIES, *, until: dt.date | None = None) -> tuple[Span, ...]:
    """So many half-years in a row, the last being that of the day ``until`` (today)."""
    first = half_year_of(until or timezone.localdate()).first
    return tuple(half_year(months_later(first, -6 * back)) for back in reversed(range(number)))
