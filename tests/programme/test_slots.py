"""Weekdays and times of day of dates, by the clock on the wall."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.programme.slots import DAYS, TIMES, mask, slots_of

MONDAY = dt.date(2027, 3, 22)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A local moment ``day`` days after a Monday, at the end of whose week summer time begins."""
    return timezone.make_aware(dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(hour, minute)))


def found(start, end, ends_at=None) -> set[str]:
    """What a visitor may look for to find the date, as „mo abend“."""
    slots = slots_of(start, end, ends_at or end)
    return {f"{day} {time}" for day in DAYS for time in TIMES if slots & mask([day], [time])}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(0, 19), at(0, 21), {"mo abend"}),
        (at(0, 9), at(0, 12), {"mo vormittag"}),
        (at(0, 9), at(0, 12, 1), {"mo vormittag", "mo nachmittag"}),
        (at(0, 16, 30), at(0, 18), {"mo nachmittag", "mo abend"}),
        (at(1, 22), at(2, 2), {"di abend"}),
        (at(1, 22), at(2, 6), {"di abend", "mi vormittag"}),
        (at(0, 3), at(0, 4), {"so abend"}),
        (at(6, 1, 30), at(6, 6), {"sa abend", "so vormittag"}),
        (at(4, 18), at(5, 12), {"fr abend", "sa vormittag"}),
    ],
)
def test_date_touches_parts_of_its_days(start, end, expected):
    assert found(start, end) == expected


def test_whole_days_have_every_part():
    assert found(MONDAY, None, at(1, 0)) == {f"mo {time}" for time in TIMES}
    assert found(MONDAY, MONDAY + dt.timedelta(days=1), at(2, 0)) == {f"{day} {time}" for day in ("mo", "di") for time in TIMES}


def test_what_lasts_longer_than_a_week_has_every_slot():
    assert slots_of(at(0, 19), at(40, 3), at(40, 3)) == mask([], []) == slots_of(MONDAY, dt.date(2028, 1, 1), at(300, 0))


def test_nothing_chosen_stands_for_everything():
    assert mask(["mo"], []) == mask(["mo"], list(TIMES))
    assert mask([], ["abend"]) == mask(list(DAYS), ["abend"])
