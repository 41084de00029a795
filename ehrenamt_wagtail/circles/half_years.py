"""Half-years, by which circles state their figures: January to June and July to December, in local days."""

import datetime as dt
import re
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.programme.filters import FIRST_YEAR, LAST_YEAR

CODE = re.compile(r"([0-9]{4})-([12])")


class HalfYear(NamedTuple):
    """Sorts by time; ``half`` is 1 or 2, as in ``CircleFigure``."""

    year: int
    half: int

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> dt.date:
        return self.later(1).first - dt.timedelta(days=1)

    @property
    def code(self) -> str:
        """As addresses and mails name it: ``2027-1``."""
        return f"{self.year}-{self.half}"

    @property
    def title(self) -> str:
        """„Januar bis Juni 2027“."""
        names = _("January to June %(year)s") if self.half == 1 else _("July to December %(year)s")
        return names % {"year": self.year}

    def later(self, number: int) -> "HalfYear":
        """So many half-years later; earlier with a negative number."""
        year, half = divmod(self.year * 2 + self.half - 1 + number, 2)
        return HalfYear(year, half + 1)

    def since(self, other: "HalfYear") -> int:
        """How many half-years it begins after ``other``."""
        return (self.year - other.year) * 2 + self.half - other.half

    def has_begun(self) -> bool:
        return self.first <= timezone.localdate()


def half_year_of(day: dt.date) -> HalfYear:
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


def present_half_year() -> HalfYear:
    return half_year_of(timezone.localdate())


def askable_half_years() -> list[HalfYear]:
    """Those that circles are asked for: the present one and the one before."""
    present = present_half_year()
    return [present, present.later(-1)]


def read_half_year(code: str) -> HalfYear | None:
    """What ``2027-1`` names; ``None`` for anything else."""
    match = CODE.fullmatch(code)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    return HalfYear(int(match[1]), int(match[2]))
