"""Dates of the demonstration: weeks counted from this one, never on a holiday.

Week 0 is the week of the day on which the data are loaded. Weeks below 0 lie in the past, weeks above 0 in the future, whatever
the weekday is today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from .spec import When

ZONE = ZoneInfo("Europe/Berlin")


def easter_sunday(year: int) -> dt.date:
    """Gregorian Easter by the formula of Gauss and Butcher."""
    century, position = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    offset = (32 + 2 * (century % 4) + 2 * (position // 4) - epact - position % 4) % 7
    correction = (golden + 11 * epact + 22 * offset) // 451
    month, day = divmod(epact + offset - 7 * correction + 114, 31)
    return dt.date(year, month, day + 1)


def is_closed(day: dt.date) -> bool:
    """Public holidays of Baden-Württemberg and the days around Christmas and New Year, on which nobody invites."""
    if (day.month, day.day) in {(5, 1), (10, 3), (11, 1)} or (day.month == 12 and day.day >= 22):
        return True
    if day.month == 1 and day.day <= 6:
        return True
    # Good Friday to Easter Monday, Ascension, Pentecost, Corpus Christi.
    return (day - easter_sunday(day.year)).days in {-2, -1, 0, 1, 39, 49, 50, 60}


def days_of(dates: Iterable[When], today: dt.date) -> list[dt.date]:
    """The local day of each date. All move together by whole weeks until none is on a closed day: away from today."""
    dates = list(dates)
    monday = today - dt.timedelta(days=today.weekday())
    away = -1 if all(when.week < 0 for when in dates) else 1
    for shift in range(53):
        days = [monday + dt.timedelta(weeks=when.week + away * shift, days=when.weekday) for when in dates]
        if not any(is_closed(day) for day in days):
            return days
    raise ValueError(f"No free days for {dates}.")


def moment(day: dt.date, clock: str) -> dt.datetime:
    """That local time of the site's zone, aware; ``clock`` is „19:30“."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), tzinfo=ZONE)
