"""Offerings of other organisations that say much the same as a plan. Thresholds are settings (``SIMILAR_…``)."""

import datetime as dt
from dataclasses import dataclass

from .clashes import ClashReason
from .models import PlannedDate
from .plans import Plan


@dataclass(frozen=True)
class NearDuplicate:
    """An offering or hold of another organisation, by its date nearest to the plan's; ``score`` 0–100 with its reasons."""

    planned: PlannedDate
    score: int
    reasons: tuple[ClashReason, ...]
    distance_km: float | None = None


def find_similar(plan: Plan, *, now: dt.datetime | None = None, limit: int = 5) -> list[NearDuplicate]:
    """The most similar first; a constant number of queries. Reads only. The same answers on every database."""
    return []
