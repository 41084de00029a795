"""Everything that coordination has to say about a plan, as one viewer may read it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from ehrenamt_wagtail.programme.models import OfferingPage

from .clashes import Clash, ClashReason, clashes_of
from .days import missing_school_holidays
from .models import PlannedDate, PlanState
from .plans import Plan, plan_of
from .similar import NearDuplicate, find_similar
from .visibility import PlanView, Viewer, views_of

STATE_WORDS = {
    PlanState.HOLD: pgettext_lazy("state in a sentence", "date hold"),
    PlanState.DRAFT: pgettext_lazy("state in a sentence", "draft"),
    PlanState.IN_REVIEW: pgettext_lazy("state in a sentence", "in review"),
    PlanState.RETURNED: pgettext_lazy("state in a sentence", "returned"),
    PlanState.PUBLISHED: pgettext_lazy("state in a sentence", "published"),
    PlanState.CHANGE_DRAFT: pgettext_lazy("state in a sentence", "change not submitted"),
    PlanState.CHANGE_IN_REVIEW: pgettext_lazy("state in a sentence", "change in review"),
    PlanState.CHANGE_RETURNED: pgettext_lazy("state in a sentence", "change returned"),
    "cancelled": pgettext_lazy("state in a sentence", "cancelled"),
}


@dataclass(frozen=True)
class ShownClash:
    """A clash in words. ``other`` is none where a special day is the matter."""

    clash: Clash
    sentence: str
    other: PlanView | None = None

    @property
    def is_strong(self) -> bool:
        return self.clash.is_strong

    @property
    def score(self) -> int:
        return self.clash.score

    @property
    def reasons(self) -> tuple[ClashReason, ...]:
        return self.clash.reasons

    @property
    def warning(self) -> str:
        """The sentence as it is kept, with the time of the other date."""
        return _("%(sentence)s – %(when)s") % {"sentence": self.sentence, "when": self.other.when} if self.other else self.sentence


@dataclass(frozen=True)
class ShownDuplicate:
    score: int
    reasons: tuple[ClashReason, ...]
    sentence: str
    other: PlanView


@dataclass(frozen=True)
class PlanCheck:
    """What was found, the strongest first; ``clashes`` hold other plans and special days alike."""

    clashes: tuple[ShownClash, ...] = ()
    similar: tuple[ShownDuplicate, ...] = ()
    # What could not be judged, such as school holidays that are not known yet.
    notices: tuple[str, ...] = ()

    @property
    def has_strong_clash(self) -> bool:
        return any(clash.is_strong for clash in self.clashes)

    @property
    def plans(self) -> list[ShownClash]:
        """Clashes with what others, or the same organisation, plan."""
        return [clash for clash in self.clashes if clash.other is not None]

    @property
    def days(self) -> list[ShownClash]:
        """Special days."""
        return [clash for clash in self.clashes if clash.other is None]

    @property
    def is_empty(self) -> bool:
        return not (self.clashes or self.similar)

    @property
    def warnings(self) -> list[str]:
        """The sentences, the strongest first, to be kept with what is decided."""
        return [*(clash.warning for clash in self.clashes), *(near.sentence for near in self.similar)]


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
        notices=notices_of(plan, now),
    )


def check_offering(page: OfferingPage, viewer: Viewer, *, now: dt.datetime | None = None) -> PlanCheck:
    """``check_plan`` for an offering as it stands in memory: a revision as object, a page never saved, or the published row."""
    return check_plan(plan_to_check(page), viewer, now=now)


def plan_to_check(page: OfferingPage) -> Plan:
    """The plan of an offering as it stands in memory, without the dates that are cancelled."""
    plan, cancelled = plan_of(page, topics=None if page.pk else ()), page.cancelled_uids()
    dates = () if page.is_cancelled() else tuple(date for date in plan.dates if date.uid not in cancelled)
    return replace(plan, dates=dates)


def views_by_id(planned: Iterable[PlannedDate], viewer: Viewer) -> dict[int, PlanView]:
    rows = {row.pk: row for row in planned}
    return {view.planned_id: view for view in views_of(rows.values(), viewer)}


def shown_clash(clash: Clash, views: dict[int, PlanView]) -> ShownClash:
    if clash.planned is None:
        return ShownClash(clash, with_further(capfirst(clash.reasons[0].text), clash))
    other = views[clash.planned.pk]
    return ShownClash(clash, with_further(clash_sentence(clash, other), clash), other)


def clash_sentence(clash: Clash, other: PlanView) -> str:
    """„Am selben Abend: Supervision, Herrenberg, 4 km, Evang. Kirchenbezirk (in Prüfung)“."""
    facts = [name_of(other), other.town, distance_text(clash.distance_km), other.organiser]
    return _("%(reason)s: %(facts)s (%(state)s)") % {
        "reason": capfirst(clash.reasons[0].text) if clash.reasons else pgettext("coordination", "Clash"),
        "facts": ", ".join(filter(None, facts)),
        "state": state_text(other),
    }


def with_further(sentence: str, clash: Clash) -> str:
    """The sentence, and with how many more of the plan's dates the same competes."""
    if not clash.further:
        return sentence
    return ngettext(
        "%(sentence)s, and %(number)s more of your dates", "%(sentence)s, and %(number)s more of your dates", clash.further
    ) % {"sentence": sentence, "number": clash.further}


def notices_of(plan: Plan, now: dt.datetime | None) -> tuple[str, ...]:
    """What cannot be judged yet."""
    now = now or timezone.now()
    days = [timezone.localtime(date.starts_at).date() for date in plan.dates if date.ends_at > now]
    notice = missing_school_holidays(min(days), max(days)) if days else ""
    return (notice,) if notice else ()


def duplicate_sentence(near: NearDuplicate, other: PlanView) -> str:
    """„Ähnliches Angebot: Vortrag „Asylrecht“, Donnerstag, 14. März 2027, 19 Uhr, Herrenberg, 4 km, DRK (Entwurf)“."""
    facts = [name_of(other), other.when, other.town, distance_text(near.distance_km), other.organiser]
    return _("Similar offering: %(facts)s (%(state)s)") % {"facts": ", ".join(filter(None, facts)), "state": state_text(other)}


def name_of(other: PlanView) -> str:
    """Kind and, where it may be shown, title."""
    if not other.title:
        return other.kind_label
    # A title that brings quotation marks of its own gets no second ones.
    title = other.title if other.title[0] in "„“\"»" else _("“%(title)s”") % {"title": other.title}
    return f"{other.kind_label} {title}".strip()


def distance_text(km: float | None) -> str:
    """„4 km“; nothing where there is no distance or it is the same town."""
    return _("%(number)s km") % {"number": round(km)} if km and round(km) else ""


def state_text(other: PlanView) -> str:
    """The state inside a sentence."""
    return str(STATE_WORDS.get(other.state, other.state_label))
