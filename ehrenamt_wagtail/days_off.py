"""Days off: public and school holidays as the library ``holidays`` knows them, and the working days between them. No query.

They are those of ``conf.HOLIDAYS_COUNTRY`` and ``conf.HOLIDAYS_STATE``, with German names (``conf.HOLIDAYS_LANGUAGE``). All days are
local dates of the site's zone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import holidays

from .conf import conf

PUBLIC, SCHOOL = holidays.PUBLIC, holidays.SCHOOL

# A year counts as complete if it has what most of so many years before it have.
YEARS_COMPARED = 10


class Holidays(NamedTuple):
    """A named span of days, both included."""

    name: str
    first: dt.date
    last: dt.date

    def touches(self, first: dt.date, last: dt.date) -> bool:
        return self.first <= last and self.last >= first


def school_holidays(first_year: int, last_year: int) -> list[Holidays]:
    """The school holidays that touch these years as spans; weekends and public holidays in between do not part them."""
    return list(school_spans(conf.HOLIDAYS_COUNTRY, conf.HOLIDAYS_STATE, conf.HOLIDAYS_LANGUAGE, first_year, last_year))


@lru_cache(maxsize=256)
def school_spans(country: str, state: str, language: str, first_year: int, last_year: int) -> tuple[Holidays, ...]:
    """``school_holidays`` for these settings."""
    # Christmas holidays reach across the turn of the year.
    years = range(first_year - 1, last_year + 2)
    days = sorted((day, name) for year in years for day, name in library_days(country, state, language, year, SCHOOL).items())
    spans: list[Holidays] = []
    for day, name in days:
        if spans and spans[-1].name == name and is_free_between(spans[-1].last, day):
            spans[-1] = Holidays(name, spans[-1].first, day)
        else:
            spans.append(Holidays(name, day, day))
    return tuple(span for span in spans if span.touches(dt.date(first_year, 1, 1), dt.date(last_year, 12, 31)))


def is_free_between(first: dt.date, last: dt.date) -> bool:
    """Whether nobody works or goes to school on the days between ``first`` and ``last``, both excluded."""
    days = (last - first).days
    # The longest run of weekends and holidays is shorter than that.
    return days < 10 and not any(is_working_day(first + dt.timedelta(days=number)) for number in range(1, days))


def are_school_holidays_complete(year: int) -> bool:
    """Whether ``year`` has the holidays that most of the years before it have; true if there are none in any year."""
    known = [seasons for seasons in map(school_seasons, range(year - YEARS_COMPARED, year)) if seasons]
    usual = Counter(season for seasons in known for season in seasons)
    return all(season in school_seasons(year) for season, number in usual.items() if number > len(known) / 2)


def school_seasons(year: int) -> set[tuple[str, bool]]:
    """Names of the school holidays, each with whether it lies in the second half of the year."""
    return {(name, day.month > 6) for day, name in holidays_of(year, SCHOOL).items()}


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


def public_holidays(year: int) -> Mapping[dt.date, str]:
    return holidays_of(year, PUBLIC)


def holidays_of(year: int, kind: str) -> Mapping[dt.date, str]:
    """The library's days with their names; empty for school holidays of a country that has none there."""
    return library_days(conf.HOLIDAYS_COUNTRY, conf.HOLIDAYS_STATE, conf.HOLIDAYS_LANGUAGE, year, kind)


@lru_cache(maxsize=256)
def library_days(country: str, state: str, language: str, year: int, kind: str) -> Mapping[dt.date, str]:
    if kind not in getattr(holidays, country).supported_categories:
        return MappingProxyType({})
    found = holidays.country_holidays(country, subdiv=state or None, years=year, language=language, categories=(kind,))
    return MappingProxyType(dict(found))
