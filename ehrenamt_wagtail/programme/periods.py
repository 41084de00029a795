"""Periods that people ask for most: this week, this weekend, the months, the next school holidays."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language, pgettext

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.days_off import school_spans

MOST_HOLIDAYS = 2


class QuickPeriod(NamedTuple):
    """``first`` and ``last`` are local days, both included, as ``von`` and ``bis`` name them."""

    label: str
    first: dt.date
    last: dt.date


def quick_periods(today: dt.date) -> tuple[QuickPeriod, ...]:
    """The choices of this day, in the present language; weeks begin on Monday. Reads no database.

    What has begun begins today: past days are of no use to somebody who looks for something. A choice that is the same as a shorter
    one is left out, and so are school holidays that the library ``holidays`` does not know.
    """
    return periods_of(today, get_language(), conf.HOLIDAYS_COUNTRY, conf.HOLIDAYS_STATE, conf.HOLIDAYS_LANGUAGE)


@lru_cache(maxsize=64)
def periods_of(today: dt.date, _language: str | None, country: str, state: str, language: str) -> tuple[QuickPeriod, ...]:
    """``quick_periods`` for these settings."""
    sunday = today + dt.timedelta(days=6 - today.weekday())
    saturday = sunday - dt.timedelta(days=1)
    following = first_of_next_month(today)
    last = following - dt.timedelta(days=1)
    periods = []
    if today < saturday:
        periods.append(QuickPeriod(pgettext("period", "This week"), today, sunday))
    periods.append(QuickPeriod(pgettext("period", "This weekend"), max(today, saturday), sunday))
    if last != sunday:
        periods.append(QuickPeriod(pgettext("period", "This month"), today, last))
    periods.append(QuickPeriod(pgettext("period", "Next month"), following, first_of_next_month(following) - dt.timedelta(days=1)))
    coming = [span for span in school_spans(country, state, language, today.year, today.year + 1) if span.last >= today]
    for span in coming[:MOST_HOLIDAYS]:
        first = max(today, span.first)
        label = span.name if first.year == today.year else f"{span.name} {first.year}"
        periods.append(QuickPeriod(label, first, span.last))
    return tuple(periods)


def first_of_next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
