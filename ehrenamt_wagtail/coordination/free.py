"""Where a date would be better off: other evenings near it on which little or nothing competes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from ehrenamt_wagtail.conf import conf

from .clashes import ClashReason, Ignored, Match, find_matches, local_days
from .days import SCHOOL
from .plans import Place, PlannedSpan
from .scoring import is_long, words

# Most often enough is free so near; only else the search goes on.
FIRST_DAYS = 14

# How many days farther away a date may be that falls on the same weekday, or at least on a day of the same sort.
OTHER_WEEKDAY, OTHER_SORT = 7, 21

NOTHING = Ignored()


@dataclass(frozen=True)
class FreeEvening:
    """Another date with the same local time and length, as aware datetimes.

    ``score`` and ``reasons`` are those of the strongest of what still competes; nothing does if the score is 0.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    score: int = 0
    reasons: tuple[ClashReason, ...] = ()


def nearest_free_evenings(
    span: PlannedSpan,
    place: Place,
    topics: Collection[int],
    *,
    audience: str = "",
    kind: str = "",
    besides: Iterable[PlannedSpan] = (),
    ignore: Ignored = NOTHING,
    now: dt.datetime | None = None,
    limit: int = 3,
) -> list[FreeEvening]:
    """The best other dates within ``conf.CLASH_FREE_DAYS``, the best first; a constant number of queries. Reads only.

    After today, near the first date, rather on the same weekday; never on a public holiday, on a blocked date or where more
    than something weak competes; in the school holidays only if there is too little else. Nor on the days of ``besides``: the
    plan's other dates.
    """
    now = now or timezone.now()
    if is_long(span.starts_at, span.ends_at):
        return []
    taken = [local_days(date) for date in besides]
    found = []
    for offsets in (range(1, FIRST_DAYS + 1), range(FIRST_DAYS + 1, conf.CLASH_FREE_DAYS + 1)):
        dates = [date for date in dates_around(span, offsets, now) if not is_taken(date, taken)]
        strongest = strongest_of(find_matches(dates, place, topics, audience, kind, ignore=ignore, now=now))
        found += [(date, strongest[date]) for date in dates if is_free(strongest[date])]
        if sum(not in_school_holidays(matches) for _date, matches in found) >= limit:
            break
    found.sort(key=lambda pair: (in_school_holidays(pair[1]), cost(span, *pair), pair[0].starts_at))
    return [free_evening(date, matches) for date, matches in found[:limit]]


def dates_around(span: PlannedSpan, offsets: Iterable[int], now: dt.datetime) -> list[PlannedSpan]:
    """The same local times so many days before and after, from tomorrow on."""
    today = timezone.localtime(now).date()
    dates = [moved(span, days) for offset in offsets for days in (offset, -offset)]
    return [date for date in dates if timezone.localtime(date.starts_at).date() > today]


def is_taken(date: PlannedSpan, taken: list[tuple[dt.date, dt.date]]) -> bool:
    """Whether one of the spans of days in ``taken`` touches the date."""
    first, last = local_days(date)
    return any(begin <= last and end >= first for begin, end in taken)


def moved(span: PlannedSpan, days: int) -> PlannedSpan:
    """The span so many days later, at the same time on the clock."""

    def at(moment: dt.datetime) -> dt.datetime:
        return timezone.make_aware(timezone.make_naive(moment) + dt.timedelta(days=days))

    return replace(span, starts_at=at(span.starts_at), ends_at=at(span.ends_at), uid=None)


def strongest_of(matches: Iterable[Match]) -> dict[PlannedSpan, list[Match]]:
    """What competes with each date, the strongest first."""
    found = defaultdict(list)
    for match in matches:
        found[match.date].append(match)
    for competing in found.values():
        competing.sort(key=lambda match: match.order)
    return found


def is_free(matches: list[Match]) -> bool:
    return all(match.score < conf.CLASH_MEDIUM for match in matches)


def in_school_holidays(matches: list[Match]) -> bool:
    return any(match.day is not None and match.day.kind == SCHOOL for match in matches)


def cost(span: PlannedSpan, date: PlannedSpan, matches: list[Match]) -> float:
    """Days between the dates, and more for another weekday or for what competes weakly."""
    wished, day = timezone.localtime(span.starts_at).date(), timezone.localtime(date.starts_at).date()
    days = abs((day - wished).days)
    if day.weekday() != wished.weekday():
        days += OTHER_WEEKDAY if sort_of(day) == sort_of(wished) else OTHER_SORT
    return days + (matches[0].score / 10 if matches else 0)


def sort_of(day: dt.date) -> int:
    """Monday to Thursday; Friday; the weekend."""
    return max(0, day.weekday() - 3) if day.weekday() < 5 else 2


def free_evening(date: PlannedSpan, matches: list[Match]) -> FreeEvening:
    if not matches:
        return FreeEvening(date.starts_at, date.ends_at)
    reasons = tuple(ClashReason(part.code, words(part), part.points) for part in matches[0].parts)
    return FreeEvening(date.starts_at, date.ends_at, matches[0].score, reasons)
