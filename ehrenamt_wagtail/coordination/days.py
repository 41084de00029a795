"""Days that matter for planning: public holidays, school holidays, the district's blocked dates; and working days.

Holidays come from the library ``holidays`` for ``conf.HOLIDAYS_COUNTRY`` and ``conf.HOLIDAYS_STATE``, with German names
(``conf.HOLIDAYS_LANGUAGE``). All days are local dates of the site's zone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import holidays
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import date_range

from .models import BlockedDate

PUBLIC, SCHOOL, BLOCKED = "public_holiday", "school_holiday", "blocked"

# A year counts as complete if it has what most of so many years before it have.
YEARS_COMPARED = 10


@dataclass(frozen=True)
class SpecialDay:
    """A named span of days, both included. ``is_strong``: the district would rather see nothing planned.

    ``municipality_id``: it concerns that town alone. ``blocked_kind``: the kind of an entry of the register.
    """

    name: str
    kind: str
    first: dt.date
    last: dt.date
    is_strong: bool = False
    note: str = ""
    municipality_id: int | None = None
    blocked_kind: str = ""

    @property
    def when(self) -> str:
        """„18.–29. Mai 2027“."""
        return date_range(self.first, self.last if self.last > self.first else None, all_day=True)

    def touches(self, first: dt.date, last: dt.date) -> bool:
        return self.first <= last and self.last >= first


def special_days(first: dt.date, last: dt.date, municipality_id: int | None = None) -> list[SpecialDay]:
    """Everything that touches the days from ``first`` to ``last``, by first day; blocked dates of the town or the district.

    Spans are given in full, also where they begin before ``first`` or end after ``last``. One query.
    """
    return special_days_of_towns(first, last, [municipality_id] if municipality_id else [])


def special_days_of_towns(first: dt.date, last: dt.date, municipality_ids: Collection[int]) -> list[SpecialDay]:
    """``special_days`` for several towns at once; one query."""
    found = [*holidays_between(first, last), *blocked_days(first, last, municipality_ids)]
    return sorted(found, key=lambda day: (day.first, day.last, day.name))


def holidays_between(first: dt.date, last: dt.date) -> list[SpecialDay]:
    """Public and school holidays that touch these days. No query."""
    found = []
    for year in range(first.year, last.year + 1):
        found += [SpecialDay(name, PUBLIC, day, day) for day, name in public_holidays(year).items()]
    found += school_holidays(first.year, last.year)
    return [day for day in found if day.touches(first, last)]


def blocked_days(first: dt.date, last: dt.date, municipality_ids: Collection[int]) -> list[SpecialDay]:
    """The register's entries for the whole district and for these towns. One query."""
    rows = BlockedDate.objects.annotate(last_day=Coalesce("until_date", "from_date"))
    rows = rows.filter(from_date__lte=last, last_day__gte=first)
    return [
        SpecialDay(
            name=row.name,
            kind=BLOCKED,
            first=row.from_date,
            last=row.last_day,
            is_strong=row.weight == BlockedDate.Weight.AVOID,
            note=row.note,
            municipality_id=row.municipality_id,
            blocked_kind=row.kind,
        )
        for row in rows.filter(Q(municipality=None) | Q(municipality__in=municipality_ids))
    ]


def school_holidays(first_year: int, last_year: int) -> list[SpecialDay]:
    """The school holidays that touch these years as spans; weekends and public holidays in between do not part them."""
    return list(school_spans(conf.HOLIDAYS_COUNTRY, conf.HOLIDAYS_STATE, conf.HOLIDAYS_LANGUAGE, first_year, last_year))


@lru_cache(maxsize=256)
def school_spans(country: str, state: str, language: str, first_year: int, last_year: int) -> tuple[SpecialDay, ...]:
    """``school_holidays`` for these settings."""
    # Christmas holidays reach across the turn of the year.
    years = range(first_year - 1, last_year + 2)
    days = sorted((day, name) for year in years for day, name in library_days(country, state, language, year, SCHOOL).items())
    spans: list[SpecialDay] = []
    for day, name in days:
        if spans and spans[-1].name == name and is_free_between(spans[-1].last, day):
            spans[-1] = SpecialDay(name, SCHOOL, spans[-1].first, day)
        else:
            spans.append(SpecialDay(name, SCHOOL, day, day))
    return tuple(span for span in spans if span.touches(dt.date(first_year, 1, 1), dt.date(last_year, 12, 31)))


def is_free_between(first: dt.date, last: dt.date) -> bool:
    """Whether nobody works or goes to school on the days between ``first`` and ``last``, both excluded."""
    days = (last - first).days
    # The longest run of weekends and holidays is shorter than that.
    return days < 10 and not any(is_working_day(first + dt.timedelta(days=number)) for number in range(1, days))


def missing_school_holidays(first: dt.date, last: dt.date) -> str:
    """A sentence that warns where the library's school holidays end or are incomplete; empty where they are known.

    Empty as well where there are none at all for the country and state: that is a system check's business.
    """
    years = [str(year) for year in range(first.year, last.year + 1) if not are_school_holidays_complete(year)]
    if not years:
        return ""
    return _("The school holidays of %(years)s are not known completely yet. Please check yourself whether the date lies in them.") % {
        "years": ", ".join(years)
    }


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
    category = {PUBLIC: holidays.PUBLIC, SCHOOL: "school"}[kind]
    if category not in getattr(holidays, country).supported_categories:
        return MappingProxyType({})
    found = holidays.country_holidays(country, subdiv=state or None, years=year, language=language, categories=(category,))
    return MappingProxyType(dict(found))
