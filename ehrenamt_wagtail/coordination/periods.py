"""Months and half-years as the coordination calendar and the gaps show them. All days are local dates of the site's zone."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.formatting import month_name
from ehrenamt_wagtail.programme.filters import FIRST_YEAR, LAST_YEAR, local_midnight

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
HALF_YEAR = re.compile(r"([0-9]{4})-([12])")


@dataclass(frozen=True)
class Period:
    """A month or a half-year (January to June, July to December) by its first day."""

    first: dt.date
    months: int

    @property
    def following(self) -> dt.date:
        """The first day that no longer belongs to it."""
        return months_later(self.first, self.months)

    @property
    def last(self) -> dt.date:
        return self.following - dt.timedelta(days=1)

    @property
    def is_month(self) -> bool:
        return self.months == 1

    @property
    def parameter(self) -> tuple[str, str]:
        """Name and value in the address: ``("monat", "2027-03")``, ``("halbjahr", "2027-1")``."""
        if self.is_month:
            return "monat", f"{self.first:%Y-%m}"
        return "halbjahr", f"{self.first.year}-{1 if self.first.month == 1 else 2}"

    @property
    def title(self) -> str:
        """„März 2027“, „Januar bis Juni 2027“."""
        if self.is_month:
            return month_name(self.first)
        names = _("January to June %(year)s") if self.first.month == 1 else _("July to December %(year)s")
        return names % {"year": self.first.year}

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Its half-open span as aware datetimes."""
        return local_midnight(self.first), local_midnight(self.following)

    def shifted(self, periods: int) -> "Period | None":
        """So many months or half-years later; none outside the years that can be shown."""
        index = self.first.year * 12 + self.first.month - 1 + periods * self.months
        if not FIRST_YEAR <= index // 12 <= LAST_YEAR:
            return None
        return Period(dt.date(index // 12, index % 12 + 1, 1), self.months)

    def each_month(self) -> list["Period"]:
        return [Period(months_later(self.first, number), 1) for number in range(self.months)]


def months_later(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def month_of(day: dt.date) -> Period:
    return Period(day.replace(day=1), 1)


def half_year_of(day: dt.date) -> Period:
    return Period(dt.date(day.year, 1 if day.month <= 6 else 7, 1), 6)


def read_half_year(value: str) -> tuple[Period, str]:
    """The half-year that ``2027-1`` names and nothing, or the present one; with a sentence if there is no such half-year."""
    match = HALF_YEAR.fullmatch(value)
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return Period(dt.date(int(match[1]), 1 if match[2] == "1" else 7, 1), 6), ""
    notice = _("There is no such half-year; this is the present one.") if value else ""
    return half_year_of(timezone.localdate()), notice


def read_month(value: str) -> tuple[Period, str]:
    """The month that ``2027-03`` names and nothing, or the present one; with a sentence if there is no such month."""
    match = MONTH.fullmatch(value)
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return Period(dt.date(int(match[1]), int(match[2]), 1), 1), ""
    notice = _("There is no such month; this is the present one.") if value else ""
    return month_of(timezone.localdate()), notice


def read_period(parameters) -> tuple[Period, str]:
    """What ``monat`` or else ``halbjahr`` names; without both the present month."""
    if parameters.get("monat") or not parameters.get("halbjahr"):
        return read_month(parameters.get("monat", ""))
    return read_half_year(parameters["halbjahr"])
