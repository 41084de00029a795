"""How much competes with each of many offerings at once: for lists, where ``clashes_of`` for every row would take too long.

The same comparison as in ``clashes``, of what stands in ``PlannedDate``, in a constant number of queries.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.programme.models import OfferingPage, VolunteerDayPage

from .clashes import Windows, day_matches, match_of
from .models import PlannedDate
from .models.planned import CHANGES
from .plans import Place, PlannedSpan
from .scoring import Candidate, is_long, parts_of, window_of


@dataclass(frozen=True)
class ClashCount:
    """With how many other offerings, holds and special days an offering competes, and how strongly."""

    number: int = 0
    strong: int = 0


@dataclass(frozen=True)
class OwnDate:
    """A date of one of the offerings, with the half-open interval in which something may compete with it."""

    row: Candidate
    span: PlannedSpan
    place: Place
    window: tuple[dt.datetime, dt.datetime]


def count_clashes(offering_ids: Collection[int], *, now: dt.datetime | None = None) -> dict[int, ClashCount]:
    """By offering, what its newest version competes with; none where there is nothing. Reads only, a constant number of queries.

    Dates that are over or cancelled are left out. A date that a change takes away still counts until the change is approved.
    """
    now = now or timezone.now()
    dates = own_dates(offering_ids, now)
    if not dates:
        return {}
    families = families_of(offering_ids)
    scores: dict[int, dict[tuple, int]] = defaultdict(dict)
    for offering_id, other, score in [*planned_scores(dates, families, now), *day_scores(dates, families)]:
        scores[offering_id][other] = max(score, scores[offering_id].get(other, 0))
    return {
        offering_id: ClashCount(len(found), sum(score >= conf.CLASH_STRONG for score in found.values()))
        for offering_id, found in scores.items()
    }


def own_dates(offering_ids: Collection[int], now: dt.datetime) -> list[OwnDate]:
    """The dates of the newest versions: what a change says otherwise replaces what is published."""
    found = PlannedDate.objects.competing(now).filter(offering__in=offering_ids).order_by()
    rows = list(found.values_list(*Candidate._fields, "uid", "state"))
    changed = {(row[1], uid) for *row, uid, state in rows if state in CHANGES}
    kept = [Candidate._make(row) for *row, uid, state in rows if state in CHANGES or (row[1], uid) not in changed]
    return [own_date(row) for row in kept if not is_long(row.starts_at, row.ends_at)]


def own_date(row: Candidate) -> OwnDate:
    span = PlannedSpan(row.starts_at, row.ends_at, is_all_day=row.is_all_day, has_end=row.has_end)
    place = Place(row.mode, row.municipality_id, row.venue_id, row.latitude, row.longitude)
    return OwnDate(row, span, place, window_of(span))


def planned_scores(dates: list[OwnDate], families: dict[int, frozenset[int]], now: dt.datetime) -> Iterator[tuple]:
    """Offering, what competes, score: for every pair of dates that compete."""
    longest = dt.timedelta(days=conf.CLASH_LONGEST_DAYS)
    first, last = min(date.window[0] for date in dates), max(date.window[1] for date in dates)
    found = PlannedDate.objects.competing(now).filter(starts_at__gte=first - longest, starts_at__lt=last, ends_at__gt=first)
    others = [Candidate._make(row) for row in found.order_by("starts_at").values_list(*Candidate._fields)]
    starts = [other.starts_at for other in others]
    topics = topics_of(dates, found.order_by())
    for date in dates:
        own, (start, end) = date.row, date.window
        for other in others[bisect_left(starts, start - longest) : bisect_left(starts, end)]:
            if other.ends_at <= start or other.offering_id in families[own.offering_id]:
                continue
            shared = topics[own.pk] & topics[other.pk]
            parts, _distance = parts_of(date.span, date.place, other, own.audience, own.art, shared, own.title)
            if (match := match_of(date.span, parts, planned=other)) is not None:
                yield own.offering_id, match.other, match.score


def topics_of(dates: Iterable[OwnDate], others) -> dict[int, set[int]]:
    """The topics' keys of all rows that are compared, by the rows' keys."""
    found: dict[int, set[int]] = defaultdict(set)
    offerings = {date.row.offering_id for date in dates}
    ours = Q(planneddate__offering__in=offerings)
    through = PlannedDate.topics.through.objects.filter(ours | Q(planneddate__in=others))
    for pk, topic in through.values_list("planneddate_id", "topic_id"):
        found[pk].add(topic)
    return found


def day_scores(dates: list[OwnDate], families: dict[int, frozenset[int]]) -> Iterator[tuple]:
    """Holidays and blocked dates, first for what belongs to a volunteer day, then for all else; at most two queries."""
    for is_day_itself in (True, False):
        owners: dict[PlannedSpan, set[int]] = defaultdict(set)
        for date in dates:
            if belongs_to_day(date.row, families) == is_day_itself:
                owners[replace(date.span, place=date.place)].add(date.row.offering_id)
        if not owners:
            continue
        for match in day_matches(Windows(owners, Place()), is_day_itself=is_day_itself):
            for offering_id in owners[match.date]:
                yield offering_id, match.other, match.score


def belongs_to_day(row: Candidate, families: dict[int, frozenset[int]]) -> bool:
    return row.art == VolunteerDayPage.art or len(families[row.offering_id]) > 1


def families_of(offering_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Each offering with what belongs to the same volunteer day: they are planned together. At most three queries."""
    families = {pk: frozenset([pk]) for pk in offering_ids}
    paths = dict(OfferingPage.objects.filter(pk__in=offering_ids).values_list("pk", "path"))
    parents = {pk: path[: -OfferingPage.steplen] for pk, path in paths.items()}
    days = set(VolunteerDayPage.objects.filter(path__in={*paths.values(), *parents.values()}).values_list("path", flat=True))
    if not days:
        return families
    below = OfferingPage.objects.filter(reduce(or_, (Q(path__startswith=day) for day in days)))
    members: dict[str, set[int]] = defaultdict(set)
    for pk, path in below.values_list("pk", "path"):
        for day in {path, path[: -OfferingPage.steplen]} & days:
            members[day].add(pk)
    for pk, path in paths.items():
        if found := {path, parents[pk]} & days:
            families[pk] = frozenset(members[found.pop()] | {pk})
    return families
