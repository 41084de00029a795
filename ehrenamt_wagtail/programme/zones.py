"""A time zone as calendar files describe it: ``VTIMEZONE`` of RFC 5545.

Yearly rules where the zone has them, since some programs read no lists of moments. The library's own generator writes lists only,
and the beginning of summer time an hour late (icalendar 7.3).
"""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from .filters import FIRST_YEAR, LAST_YEAR

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STEP = dt.timedelta(days=5)


@dataclass(frozen=True)
class Change:
    """Clocks are set: ``onset`` is the local time before, which no longer counts from then on."""

    onset: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str
    is_summer: bool

    @property
    def observance(self) -> tuple:
        return self.before, self.after, self.name, self.is_summer


@lru_cache(maxsize=8)
def zone_in_calendar(name: str) -> str:
    """The component for the years of the programme; empty for UTC, which calendars know."""
    if name == "UTC":
        return ""
    zone = Timezone()
    zone.add("tzid", name)
    observances = defaultdict(list)
    for change in changes_of(ZoneInfo(name)):
        observances[change.observance].append(change)
    for changes in observances.values():
        zone.add_component(observance_of(changes))
    return zone.to_ical().decode()


def changes_of(zone: ZoneInfo) -> Iterator[Change]:
    """What counts at the beginning, then each change of the clocks."""
    moment, end = dt.datetime(FIRST_YEAR - 1, 1, 1, tzinfo=dt.UTC), dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC)
    first = moment.astimezone(zone)
    yield change_at(moment, zone, before=first.utcoffset())
    while moment < end:
        following = moment + STEP
        if following.astimezone(zone).utcoffset() != moment.astimezone(zone).utcoffset():
            yield change_at(first_with_other_offset(moment, following, zone), zone, before=moment.astimezone(zone).utcoffset())
        moment = following


def change_at(moment: dt.datetime, zone: ZoneInfo, *, before: dt.timedelta) -> Change:
    after = moment.astimezone(zone)
    onset = (moment + before).replace(tzinfo=None)
    return Change(onset, before, after.utcoffset(), after.tzname(), bool(after.dst()))


def first_with_other_offset(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """To the minute."""
    offset = start.astimezone(zone).utcoffset()
    while end - start > dt.timedelta(minutes=1):
        middle = start + (end - start) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= start:
            middle = start + dt.timedelta(minutes=1)
        start, end = (middle, end) if middle.astimezone(zone).utcoffset() == offset else (start, middle)
    return end


def observance_of(changes: list[Change]) -> TimezoneStandard | TimezoneDaylight:
    first = changes[0]
    component = TimezoneDaylight() if first.is_summer else TimezoneStandard()
    component.add("dtstart", first.onset)
    if len(changes) > 1:
        rule = yearly_rule(changes)
        if rule:
            component.add("rrule", rule)
        else:
            component.add("rdate", [change.onset for change in changes[1:]])
    component.add("tzoffsetfrom", first.before)
    component.add("tzoffsetto", first.after)
    component.add("tzname", first.name)
    return component


def yearly_rule(changes: list[Change]) -> dict | None:
    """„The last Sunday of March“, or the first, second … of a month, if all of them are, each year until the last."""
    first = changes[0].onset
    if [change.onset.year for change in changes] != list(range(first.year, LAST_YEAR + 1)):
        return None
    days = {(change.onset.month, change.onset.weekday(), change.onset.time()) for change in changes}
    if len(days) > 1:
        return None
    for position in (from_the_end, from_the_beginning):
        places = {position(change.onset) for change in changes}
        if len(places) == 1:
            return {"freq": "yearly", "bymonth": first.month, "byday": f"{places.pop()}{WEEKDAYS[first.weekday()]}"}
    return None


def from_the_end(day: dt.datetime) -> int:
    return -((calendar.monthrange(day.year, day.month)[1] - day.day) // 7 + 1)


def from_the_beginning(day: dt.datetime) -> int:
    return (day.day - 1) // 7 + 1
