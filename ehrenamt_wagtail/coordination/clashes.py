"""What competes with a planned date, how strongly, and why. Weights and thresholds are settings (``CLASH_…``)."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from ehrenamt_wagtail.conf import conf

from .days import SpecialDay
from .models import PlannedDate
from .plans import Place, Plan, PlannedSpan


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
    """

    date: PlannedSpan
    score: int
    reasons: tuple[ClashReason, ...]
    planned: PlannedDate | None = None
    day: SpecialDay | None = None
    distance_km: float | None = None

    @property
    def is_strong(self) -> bool:
        """Whether an organisation has to give a reason to submit all the same."""
        return self.score >= conf.CLASH_STRONG


@dataclass(frozen=True)
class Ignored:
    """What is not compared with itself: dates of this offering and this hold, or single dates."""

    offering_id: int | None = None
    hold_id: int | None = None
    uids: Collection[uuid.UUID] = ()


def find_clashes(
    dates: Iterable[PlannedSpan],
    place: Place,
    topics: Collection[int],
    audience: str,
    kind: str,
    *,
    ignore: Ignored = Ignored(),
    now: dt.datetime | None = None,
    limit: int = 20,
) -> list[Clash]:
    """What competes with ``dates``, the strongest first; a constant number of queries. Reads only.

    Cancelled and past dates do not compete, nor do past ``dates``. One entry for each pair of date and other offering or hold:
    the strongest of a series. ``topics`` are primary keys, ``kind`` a value of the address parameter ``art``.
    """
    now = now or timezone.now()
    found = []
    for date in dates:
        own_place = date.place or place
        others = PlannedDate.objects.competing(now).between(date.starts_at, date.ends_at).prefetch_related("topics")
        if ignore.offering_id:
            others = others.exclude(offering=ignore.offering_id)
        for planned in others:
            reasons = [ClashReason("overlap", "zur selben Zeit", 50)]
            if planned.municipality_id == own_place.municipality_id:
                reasons.append(ClashReason("same_town", "im selben Ort", 25))
            found.append(Clash(date, sum(reason.points for reason in reasons), tuple(reasons), planned=planned))
    return sorted(found, key=lambda clash: -clash.score)[:limit]


def clashes_of(plan: Plan, *, now: dt.datetime | None = None, limit: int = 20) -> list[Clash]:
    """``find_clashes`` for all that ``plan`` says; it does not compete with itself."""
    return find_clashes(
        plan.dates,
        plan.place,
        plan.topics,
        plan.audience,
        plan.kind,
        ignore=Ignored(offering_id=plan.offering_id, hold_id=plan.hold_id),
        now=now or timezone.now(),
        limit=limit,
    )
