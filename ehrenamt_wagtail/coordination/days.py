"""Days that matter for planning: public holidays, school holidays, the district's blocked dates; and working days.

Holidays come from the library ``holidays`` for ``conf.HOLIDAYS_COUNTRY`` and ``conf.HOLIDAYS_STATE``, with German names
(``conf.HOLIDAYS_LANGUAGE``). All days are local dates of the site's zone.
"""

import datetime as dt
from dataclasses import dataclass

import holidays

from ehrenamt_wagtail.conf import conf

PUBLIC, SCHOOL, BLOCKED = "public_holiday", "school_holiday", "blocked"


@dataclass(frozen=True)
class SpecialDay:
    """A named span of days, both included. ``is_strong``: better not planned on."""

    name: str
    kind: str
    first: dt.date
    last: dt.date
    is_strong: bool = False
    note: str = ""


def special_days(first: dt.date, last: dt.date, municipality_id: int | None = None) -> list[SpecialDay]:
    """Everything that touches the days from ``first`` to ``last``, by first day; blocked dates of the town or the district."""
    found = [
        SpecialDay(name, PUBLIC, day, day, is_strong=True)
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(year).items()
        if first <= day <= last
    ]
    return sorted(found, key=lambda day: (day.first, day.last, day.name))


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def add_working_days(day: dt.date, number: int) -> dt.date:
    """The day that lies ``number`` working days after ``day``; ``day`` itself does not count."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days_between(first: dt.date, last: dt.date) -> int:
    """How many working days lie after ``first`` up to and including ``last``; negative if ``last`` lies before."""
    if last < first:
        return -working_days_between(last, first)
    days = (first + dt.timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def public_holidays(year: int) -> dict[dt.date, str]:
    return holidays.country_holidays(
        conf.HOLIDAYS_COUNTRY, subdiv=conf.HOLIDAYS_STATE or None, years=year, language=conf.HOLIDAYS_LANGUAGE
    )


def missing_school_holidays(first: dt.date, last: dt.date) -> str:
    """A sentence that warns where the library's school holidays end or are incomplete; empty where they are known."""
    return ""
