"""Days that matter for planning: public holidays, school holidays, the district's blocked dates.

All days are local dates of the site's zone.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ehrenamt_wagtail.days_off import are_school_holidays_complete, public_holidays, school_holidays
from ehrenamt_wagtail.formatting import date_range

from .models import BlockedDate

PUBLIC, SCHOOL, BLOCKED = "public_holiday", "school_holiday", "blocked"


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
    found += [SpecialDay(span.name, SCHOOL, span.first, span.last) for span in school_holidays(first.year, last.year)]
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
