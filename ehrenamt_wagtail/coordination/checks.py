"""Everything that coordination has to say about a plan, as one viewer may read it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from ehrenamt_wagtail.programme.models import OfferingPage

from .clashes import Clash, ClashReason, clashes_of
from .models import PlannedDate
from .plans import Plan, plan_of
from .similar import find_similar
from .visibility import PlanView, Viewer, views_of


@dataclass(frozen=True)
class ShownClash:
    """A clash in words. ``other`` is none where a special day is the matter."""

    clash: Clash
    sentence: str
    other: PlanView | None = None

    @property
    def is_strong(self) -> bool:
        return self.clash.is_strong


@dataclass(frozen=True)
class ShownDuplicate:
    score: int
    reasons: tuple[ClashReason, ...]
    sentence: str
    other: PlanView


@dataclass(frozen=True)
class PlanCheck:
    clashes: tuple[ShownClash, ...] = ()
    similar: tuple[ShownDuplicate, ...] = ()
    # What could not be judged, such as school holidays that are not known yet.
    notices: tuple[str, ...] = ()

    @property
    def has_strong_clash(self) -> bool:
        return any(clash.is_strong for clash in self.clashes)

    @property
    def warnings(self) -> list[str]:
        """The sentences, the strongest first, to be kept with what is decided."""
        return [*(clash.sentence for clash in self.clashes), *(near.sentence for near in self.similar)]


def check_plan(plan: Plan, viewer: Viewer, *, now: dt.datetime | None = None) -> PlanCheck:
    """Clashes and similar offerings of ``plan`` in words that ``viewer`` may read; a constant number of queries. Reads only."""
    clashes, similar = clashes_of(plan, now=now), find_similar(plan, now=now)
    views = views_by_id([found.planned for found in [*clashes, *similar] if found.planned], viewer)
    return PlanCheck(
        clashes=tuple(shown_clash(clash, views) for clash in clashes),
        similar=tuple(
            ShownDuplicate(near.score, near.reasons, duplicate_sentence(near, views[near.planned.pk]), views[near.planned.pk])
            for near in similar
        ),
    )


def check_offering(page: OfferingPage, viewer: Viewer, *, now: dt.datetime | None = None) -> PlanCheck:
    """``check_plan`` for an offering as it stands in memory; its cancelled dates do not compete."""
    if page.is_cancelled():
        return PlanCheck()
    plan, cancelled = plan_of(page), page.cancelled_uids()
    dates = tuple(date for date in plan.dates if date.uid not in cancelled)
    return check_plan(replace(plan, dates=dates), viewer, now=now)


def views_by_id(planned: Iterable[PlannedDate], viewer: Viewer) -> dict[int, PlanView]:
    rows = {row.pk: row for row in planned}
    return {view.planned_id: view for view in views_of(rows.values(), viewer)}


def shown_clash(clash: Clash, views: dict[int, PlanView]) -> ShownClash:
    other = views.get(clash.planned.pk) if clash.planned else None
    return ShownClash(clash, clash_sentence(clash, other), other)


def clash_sentence(clash: Clash, other: PlanView | None) -> str:
    """„Am selben Abend: Supervision, Herrenberg, 4 km, Evang. Kirchenbezirk (in Prüfung)“."""
    if other is None:
        return clash.day.name if clash.day else ""
    facts = [other.title or other.kind_label, other.town, other.organiser]
    return _("%(reason)s: %(facts)s (%(state)s)") % {
        "reason": clash.reasons[0].text,
        "facts": ", ".join(filter(None, facts)),
        "state": other.state_label,
    }


def duplicate_sentence(near, other: PlanView) -> str:
    facts = [other.title or other.kind_label, other.when, other.town, other.organiser]
    return _("Similar offering: %(facts)s (%(state)s)") % {"facts": ", ".join(filter(None, facts)), "state": other.state_label}


