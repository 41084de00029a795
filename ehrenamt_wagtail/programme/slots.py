"""Weekday and time of day of dates, so that a visitor finds what suits: „samstags“, „abends“.

A slot is a part of a weekday. Those that a date touches are the bits of a whole number, which every database compares.
"""

import datetime as dt
from collections.abc import Collection

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

# The parts of a day begin at these local hours; what is left of a night belongs to the evening before.
HOURS = (5, 12, 17)
# Values of the address parameters, in order; Monday is the first.
DAYS = dict(zip(("mo", "di", "mi", "do", "fr", "sa", "so"), WEEKDAYS.values(), strict=True))
TIMES = {"vormittag": _("in the morning"), "nachmittag": _("in the afternoon"), "abend": _("in the evening")}
SLOTS = len(DAYS) * len(HOURS)


def part_at(moment: dt.datetime) -> int:
    """Consecutive numbers in local time: morning, afternoon and evening of a day, then those of the next one."""
    moment = timezone.localtime(moment)
    return moment.toordinal() * len(HOURS) + sum(moment.hour >= hour for hour in HOURS) - 1


def slots_of(start: dt.date | dt.datetime, end: dt.date | dt.datetime | None, ends_at: dt.datetime) -> int:
    """The slots that a date touches; whole days (plain dates, the last one included) touch all of their parts."""
    if isinstance(start, dt.datetime):
        first, last = part_at(start), part_at(ends_at - dt.timedelta(microseconds=1))
    else:
        first, last = start.toordinal() * len(HOURS), ((end or start).toordinal() + 1) * len(HOURS) - 1
    found = 0
    for number in range(first, min(last, first + SLOTS - 1) + 1):
        day, part = divmod(number, len(HOURS))
        found |= bit(dt.date.fromordinal(day).weekday(), part)
    return found


def mask(days: Collection[str], times: Collection[str]) -> int:
    """The slots on one of these days at one of these times, values of the parameters; none of them stands for all."""
    wanted_days, wanted_times = [list(DAYS).index(day) for day in days or DAYS], [list(TIMES).index(time) for time in times or TIMES]
    return sum(bit(day, part) for day in wanted_days for part in wanted_times)


def bit(day: int, part: int) -> int:
    return 1 << (day * len(HOURS) + part)
