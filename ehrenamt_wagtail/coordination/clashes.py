"""What competes with a planned date, how strongly, and why. Weights and thresholds are settings (``CLASH_…``).

How a score comes about stands in ``scoring`` and is explained in ``docs/coordination.md``.
"""

import datetime as dt
import heapq
import uuid
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.programme.models import OfferingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.models.occurrence import Mode

from .days import SpecialDay, special_days_of_towns
from .models import BlockedDate, PlannedDate
from .plans import Place, Plan, PlannedSpan
from .scoring import Candidate, Part, box_around, capped, day_parts, is_long, is_on_site, is_online, parts_of, window_of, words

# A night that ends before this local hour belongs to the day it began on.
NIGHT_ENDS = 5

ONE_DAY = dt.timedelta(days=1)
# A query names at most so many rows: every database takes that.
ROWS_NAMED = 10_000


@dataclass(frozen=True)
class ClashReason:
    """``text`` says it in words („am selben Abend“, „4 km entfernt“); ``points`` is its part of the score."""

    code: str
    text: str
    points: int


@dataclass(frozen=True)
class Clash:
    """Something that competes with ``date``: another ``planned`` date, or a special ``day``.

    ``score`` is the sum of the reasons' points, 0–100. What of ``planned`` may be shown to whom says ``visibility``.
    ``further``: with so many more of the plan's own dates the same offering, hold or special day competes, less strongly.
    """

    date: PlannedSpan
    score: int
    reasons: tuple[ClashReason, ...]
    planned: PlannedDate | None = None
    day: SpecialDay | None = None
    distance_km: float | None = None
    further: int = 0

    @property
    def is_strong(self) -> bool:
        """Whether an organisation has to give a reason to submit all the same."""
        return self.score >= conf.CLASH_STRONG

    @property
    def level(self) -> str:
        """``strong``, ``medium`` or ``weak``."""
        if self.is_strong:
            return "strong"
        return "medium" if self.score >= conf.CLASH_MEDIUM else "weak"


@dataclass(frozen=True)
class Ignored:
    """What is not compared with itself: dates of this offering and this hold, or single dates.

    Holds that became the offering, and what belongs to the same volunteer day, do not compete with it either.
    """

    offering_id: int | None = None
    hold_id: int | None = None
    uids: Collection[uuid.UUID] = ()


@dataclass(frozen=True)
class Match:
    """One pair of an own date and what competes with it, before it is put into words."""

    date: PlannedSpan
    parts: tuple[Part, ...]
    score: int
    planned: Candidate | None = None
    day: SpecialDay | None = None
    distance_km: float | None = None

    @property
    def other(self) -> tuple:
        """What competes, apart from its single date."""
        if self.planned is None:
            return ("day", self.day)
        return ("offering", self.planned.offering_id) if self.planned.offering_id else ("hold", self.planned.hold_id)

    @property
    def order(self) -> tuple:
        """The strongest first, then the earliest; the same on every database."""
        return -self.score, self.date.starts_at, self.planned.starts_at if self.planned else self.date.starts_at, str(self.other)


def find_clashes(
    dates: Iterable[PlannedSpan],
    place: Place,
    topics: Collection[int],
    audience: str,
    kind: str,
    *,
    title: str = "",
    ignore: Ignored = Ignored(),
    now: dt.datetime | None = None,
    limit: int = 20,
) -> list[Clash]:
    """What competes with ``dates``, the strongest first; a constant number of queries. Reads only.

    Cancelled and past dates do not compete, nor do past ``dates``. One entry for each other offering, hold or special day: the
    strongest pair of dates, and how many more of ``dates`` it competes with. ``topics`` are primary keys, ``kind`` a value of
    the address parameter ``art``. With a ``title``, the same evening held in several towns on purpose does not compete.
    """
    matches = find_matches(dates, place, topics, audience, kind, title=title, ignore=ignore, now=now)
    strongest: dict[tuple, Match] = {}
    own_dates = defaultdict(set)
    for match in matches:
        own_dates[match.other].add(match.date)
        known = strongest.get(match.other)
        if known is None or match.order < known.order:
            strongest[match.other] = match
    shown = heapq.nsmallest(limit, strongest.values(), key=lambda match: match.order)
    rows = PlannedDate.objects.in_bulk([match.planned.pk for match in shown if match.planned])
    return [clash_of(match, rows, len(own_dates[match.other]) - 1) for match in shown if is_there(match, rows)]


def is_there(match: Match, rows: dict[int, PlannedDate]) -> bool:
    """False if the row has gone in between."""
    return match.planned is None or match.planned.pk in rows


def clash_of(match: Match, rows: dict[int, PlannedDate], further: int) -> Clash:
    return Clash(
        date=match.date,
        score=match.score,
        reasons=tuple(ClashReason(part.code, words(part), part.points) for part in match.parts),
        planned=rows[match.planned.pk] if match.planned else None,
        day=match.day,
        distance_km=match.distance_km,
        further=further,
    )


def clashes_of(plan: Plan, *, now: dt.datetime | None = None, limit: int = 20) -> list[Clash]:
    """``find_clashes`` for all that ``plan`` says; it does not compete with itself."""
    return find_clashes(
        plan.dates,
        plan.place,
        plan.topics,
        plan.audience,
        plan.kind,
        title=plan.title,
        ignore=Ignored(offering_id=plan.offering_id, hold_id=plan.hold_id),
        now=now,
        limit=limit,
    )


def find_matches(
    dates: Iterable[PlannedSpan],
    place: Place,
    topics: Collection[int],
    audience: str,
    kind: str,
    *,
    title: str = "",
    ignore: Ignored = Ignored(),
    now: dt.datetime | None = None,
) -> Iterator[Match]:
    """Every pair of an own date and something that competes with it at all, in no order; a constant number of queries."""
    now = now or timezone.now()
    judged = [date for date in dates if date.ends_at > now and not is_long(date.starts_at, date.ends_at)]
    if not judged:
        return
    windows = Windows(judged, place)
    family = family_of(ignore.offering_id)
    found = candidates(windows, family, ignore, now).values_list(*Candidate._fields)
    near = [(other, list(windows.around(other))) for other in map(Candidate._make, found)]
    near = [(other, around) for other, around in near if around]
    shared = shared_topics([other.pk for other, _around in near], topics)
    for other, around in near:
        for date, own_place in around:
            parts, distance = parts_of(date, own_place, other, audience, kind, shared.get(other.pk, ()), title)
            if (match := match_of(date, parts, planned=other, distance_km=distance)) is not None:
                yield match
    is_day_itself = kind == VolunteerDayPage.art or len(family) > 1
    yield from day_matches(windows, is_day_itself=is_day_itself)


def match_of(date: PlannedSpan, parts: list[Part], **facts) -> Match | None:
    parts = capped(parts)
    score = sum(part.points for part in parts)
    return Match(date, tuple(parts), score, **facts) if parts and score >= conf.CLASH_MENTIONED else None


def day_matches(windows: "Windows", *, is_day_itself: bool) -> Iterator[Match]:
    """Holidays and blocked dates; a volunteer day is no reason against itself. One query."""
    towns = {place.municipality_id for _date, place in windows.pairs if place.municipality_id and is_on_site(place.mode)}
    spans = [local_days(date) for date, _place in windows.pairs]
    days = special_days_of_towns(min(first for first, _last in spans), max(last for _first, last in spans), towns)
    for (date, place), (first, last) in zip(windows.pairs, spans, strict=True):
        for day in days:
            if not day.touches(first, last) or (is_day_itself and day.blocked_kind == BlockedDate.Kind.VOLUNTEER_DAY):
                continue
            concerns_town = is_on_site(place.mode) and day.municipality_id == place.municipality_id
            if day.municipality_id is None or concerns_town:
                if (match := match_of(date, day_parts(day), day=day)) is not None:
                    yield match


def local_days(date: PlannedSpan) -> tuple[dt.date, dt.date]:
    """The first and the last local day; a night belongs to the day before."""
    first = timezone.localtime(date.starts_at)
    last = timezone.localtime(date.ends_at - dt.timedelta(microseconds=1))
    if last.hour < NIGHT_ENDS and last.date() > first.date():
        last -= dt.timedelta(days=1)
    return first.date(), last.date()


class Windows:
    """Own dates with the time around each in which something may compete with it."""

    def __init__(self, dates: Iterable[PlannedSpan], place: Place):
        self.pairs = [(date, date.place or place) for date in dates]
        spans = [(*window_of(date), date, own_place) for date, own_place in self.pairs]
        self.spans = sorted(spans, key=lambda span: (span[0], span[1]))
        self.starts = [span[0] for span in self.spans]
        self.longest = max(end - start for start, end, _date, _place in self.spans)

    def around(self, other: Candidate) -> Iterator[tuple[PlannedSpan, Place]]:
        """The own dates whose window ``other`` touches."""
        first = bisect_right(self.starts, other.starts_at - self.longest)
        for _start, end, date, place in self.spans[first : bisect_left(self.starts, other.ends_at)]:
            if end > other.starts_at:
                yield date, place

    def condition(self) -> Q:
        """What the database has to give: whatever touches a window and may be near enough."""
        longest = dt.timedelta(days=conf.CLASH_LONGEST_DAYS)
        by_place = defaultdict(list)
        for start, end, _date, place in self.spans:
            by_place[place].append((start, end))
        # The lower limit of the start lets an index do the work.
        times = {
            # Evenings in a row are asked for at once; ``around`` leaves out what lies between them.
            place: [Q(starts_at__gte=start - longest, starts_at__lt=end, ends_at__gt=start) for start, end in merged(spans, ONE_DAY)]
            for place, spans in by_place.items()
        }
        return reduce(or_, (nearby(place) & reduce(or_, conditions) for place, conditions in times.items()))


def merged(spans: Iterable[tuple[dt.datetime, dt.datetime]], apart: dt.timedelta) -> list[tuple[dt.datetime, dt.datetime]]:
    """Spans that are ordered by their start; those that lie at most ``apart`` from each other become one."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in spans:
        if found and start - found[-1][1] <= apart:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def nearby(place: Place) -> Q:
    """A box around the place; what is online or has no known place is near to everything."""
    if is_online(place.mode) or place.latitude is None or place.longitude is None:
        return Q()
    south, north, west, east = box_around(place.latitude, place.longitude, conf.CLASH_DISTANCE_KM)
    box = Q(latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east)
    # Coordinates are given both or not at all.
    near = box | Q(mode__in=[Mode.ONLINE, Mode.BOTH]) | Q(latitude=None)
    return near | Q(municipality=place.municipality_id) if place.municipality_id else near


def candidates(windows: Windows, family: Collection[int], ignore: Ignored, now: dt.datetime):
    """A queryset of what may compete."""
    others = PlannedDate.objects.competing(now).filter(windows.condition()).order_by()
    if family:
        others = others.exclude(offering__in=family)
    if ignore.offering_id:
        others = others.filter(Q(hold=None) | Q(hold__offering=None) | ~Q(hold__offering=ignore.offering_id))
    if ignore.hold_id:
        others = others.filter(Q(hold=None) | ~Q(hold=ignore.hold_id))
    return others.exclude(uid__in=ignore.uids) if ignore.uids else others


def shared_topics(others: list[int], topics: Collection[int]) -> dict[int, list[str]]:
    """Names of the topics that each of ``others``, primary keys, shares. One query for each 10,000 of them."""
    names = defaultdict(list)
    if not topics:
        return names
    # By key and not by a subquery, for which PostgreSQL reads every date with one of the topics.
    for first in range(0, len(others), ROWS_NAMED):
        named = others[first : first + ROWS_NAMED]
        shared = PlannedDate.topics.through.objects.filter(topic__in=topics, planneddate__in=named).order_by("topic__name")
        for pk, name in shared.values_list("planneddate_id", "topic__name"):
            names[pk].append(name)
    return names


def family_of(offering_id: int | None) -> list[int]:
    """The offering itself and what belongs to the same volunteer day: they are planned together. At most three queries."""
    if offering_id is None:
        return []
    path = OfferingPage.objects.filter(pk=offering_id).values_list("path", flat=True).first()
    if path is None:
        return [offering_id]
    days = VolunteerDayPage.objects.filter(path__in=[path, path[: -OfferingPage.steplen]])
    day_path = days.values_list("path", flat=True).first()
    if day_path is None:
        return [offering_id]
    return list(OfferingPage.objects.filter(path__startswith=day_path).values_list("pk", flat=True))
