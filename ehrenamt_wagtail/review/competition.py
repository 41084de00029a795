"""What competes with a submission, for the person who reviews it: everything, with its reasons, links and other dates. Reads only."""

import re
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState
from wagtail.permissions import page_permission_policy

from ehrenamt_wagtail.coordination.checks import PlanCheck, ShownClash, name_of, plan_to_check, shown_clash, state_text, views_by_id
from ehrenamt_wagtail.coordination.clashes import ClashReason, Ignored
from ehrenamt_wagtail.coordination.free import FreeEvening, nearest_free_evenings
from ehrenamt_wagtail.coordination.models import PlannedDate
from ehrenamt_wagtail.coordination.plans import Plan, PlannedSpan
from ehrenamt_wagtail.coordination.visibility import PlanView, viewer_for, when_of
from ehrenamt_wagtail.programme.models import OfferingPage

from . import queries
from .actions import check_before_deciding
from .models import ReviewRequest

# Parameters of the review page's address: which date, which other time (local, ISO 8601) until when, which other offering.
DATE, START, END, JOIN = "termin", "vorschlag", "bis", "zusammen"
RETURN_FORM = "#return-form"


@dataclass(frozen=True)
class Competitor:
    """A clash, a similar offering or a special day as it is shown. ``level``: ``strong``, ``medium``, ``weak`` or empty."""

    sentence: str
    score: int
    reasons: tuple[ClashReason, ...]
    level: str = ""
    details: tuple[str, ...] = ()
    # (label, address) of where it can be read or changed.
    links: tuple[tuple[str, str], ...] = ()
    join_url: str = ""


@dataclass(frozen=True)
class OtherDate:
    """Another date that may be proposed; ``drawback`` is what weakly competes there."""

    when: str
    url: str
    drawback: str = ""


@dataclass(frozen=True)
class Partner:
    """An offering of another organisation that this one could join."""

    offering_id: int
    planned_id: int
    label: str


@dataclass(frozen=True)
class Competition:
    """All that the panel beside the preview shows, and what the form to return it offers."""

    check: PlanCheck = PlanCheck()
    clashes: tuple[Competitor, ...] = ()
    similar: tuple[Competitor, ...] = ()
    days: tuple[Competitor, ...] = ()
    # Why the organisation submitted it all the same.
    reason: str = ""
    chosen: PlannedSpan | None = None
    chosen_when: str = ""
    other_dates: tuple[OtherDate, ...] = ()
    # (words, address) of the offering's other dates.
    choices: tuple[tuple[str, str], ...] = ()
    partners: tuple[Partner, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        return self.check.notices


def competition_of(page: Page, task_state: TaskState, *, user, chosen: str = "") -> Competition | None:
    """Of ``page``, the version under review as object; ``None`` for circles. The number of queries is constant.

    ``chosen`` is the uid of the date that others are looked for; by default the one that competes most strongly.
    """
    if not isinstance(page, OfferingPage):
        return None
    plan, check = plan_to_check(page), check_before_deciding(page)
    links = Links([found.other for found in [*check.plans, *check.similar]], user)
    # What is published already is not given up in favour of another.
    partners = [] if page.live else partners_in(check, page.organisation_id)
    joinable = {partner.offering_id for partner in partners}
    date = chosen_date(plan, check, chosen)
    several = len(plan.dates) > 1
    return Competition(
        check=check,
        clashes=tuple(clash_row(clash, links, joinable, several) for clash in check.plans),
        similar=tuple(
            Competitor(
                sentence=near.sentence,
                score=near.score,
                reasons=near.reasons,
                details=details_of(near.other),
                links=links.of(near.other),
                join_url=join_url(near.other, joinable),
            )
            for near in check.similar
        ),
        days=tuple(clash_row(clash, links, joinable, several) for clash in check.days),
        reason=reason_of(task_state),
        chosen=date,
        chosen_when=when_of(date) if date else "",
        other_dates=tuple(other_date(date, evening) for evening in evenings(plan, date)) if date and check.clashes else (),
        choices=tuple((when_of(other), f"?{urlencode({DATE: other.uid})}#competition") for other in plan.dates if other != date),
        partners=tuple(partners),
    )


def reason_of(task_state: TaskState) -> str:
    request = ReviewRequest.objects.filter(task_state=task_state.pk).first()
    return request.reason if request else ""


def clash_row(clash: ShownClash, links: "Links", joinable: Collection[int], several: bool) -> Competitor:
    other = clash.other
    own = (_("Submitted date: %(when)s") % {"when": when_of(clash.clash.date)},) if several else ()
    note = (clash.clash.day.note,) if clash.clash.day and clash.clash.day.note else ()
    return Competitor(
        sentence=clash.sentence,
        score=clash.score,
        reasons=clash.reasons,
        level=clash.clash.level,
        details=(*own, *(details_of(other, when=other.when) if other else note)),
        links=links.of(other) if other else (),
        join_url=join_url(other, joinable) if other else "",
    )


def details_of(other: PlanView, when: str = "") -> tuple[str, ...]:
    topics = _("Topics: %(topics)s") % {"topics": ", ".join(other.topics)} if other.topics else ""
    there = _("There: %(when)s") % {"when": when} if when else ""
    return tuple(filter(None, [there, topics]))


class Links:
    """Where the reviewer reads or changes what competes; asks the database three times, however much it is."""

    def __init__(self, others: Iterable[PlanView], user) -> None:
        ids = {other.offering_id for other in others if other.offering_id}
        waiting = queries.waiting_task_states(user).filter(workflow_state__object_id__in=[str(pk) for pk in ids])
        self.waiting = {int(page_id): pk for page_id, pk in waiting.values_list("workflow_state__object_id", "pk")}
        editable = page_permission_policy.instances_user_has_permission_for(user, "change")
        self.editable = set(editable.filter(pk__in=ids).values_list("pk", flat=True))

    def of(self, other: PlanView) -> tuple[tuple[str, str], ...]:
        found = []
        if other.url:
            found.append((_("Published page"), other.url))
        if other.offering_id in self.waiting:
            found.append((_("Its review"), reverse("ehrenamt_admin:review", args=[self.waiting[other.offering_id]])))
        if other.offering_id in self.editable:
            found.append((_("Page editor"), reverse("wagtailadmin_pages:edit", args=[other.offering_id])))
        return tuple(found)


# Other dates


def chosen_date(plan: Plan, check: PlanCheck, wanted: str) -> PlannedSpan | None:
    """The wanted date, else the one that competes most strongly, else the first."""
    by_uid = {str(date.uid): date for date in plan.dates}
    strongest = next((clash.clash.date for clash in check.clashes), None)
    return by_uid.get(wanted) or strongest or next(iter(plan.dates), None)


def evenings(plan: Plan, date: PlannedSpan) -> list[FreeEvening]:
    return nearest_free_evenings(
        date,
        plan.place_of(date),
        plan.topics,
        audience=plan.audience,
        kind=plan.kind,
        besides=plan.dates,
        ignore=Ignored(offering_id=plan.offering_id),
    )


def other_date(date: PlannedSpan, evening: FreeEvening) -> OtherDate:
    moved = PlannedSpan(evening.starts_at, evening.ends_at, date.uid, is_all_day=date.is_all_day, has_end=date.has_end)
    drawback = evening.reasons[0].text if evening.score else ""
    return OtherDate(when_of(moved), f"?{urlencode(parameters(moved))}{RETURN_FORM}", drawback)


def parameters(date: PlannedSpan) -> dict[str, str]:
    """The proposal in the review page's address."""
    start, end = (timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") for moment in (date.starts_at, date.ends_at))
    return {DATE: str(date.uid), START: start} | ({END: end} if date.has_end else {})


# Joining


def partners_in(check: PlanCheck, organisation_id: int) -> list[Partner]:
    """Every offering of another organisation that competes or is similar, once."""
    others = [clash.other for clash in check.plans if clash.clash.planned.organisation_id != organisation_id]
    found = {}
    for other in [*others, *(near.other for near in check.similar)]:
        if other.offering_id and not other.is_cancelled:
            label = ", ".join(filter(None, [name_of(other), other.organiser, other.when]))
            found.setdefault(other.offering_id, Partner(other.offering_id, other.planned_id, label))
    return list(found.values())


def join_url(other: PlanView, joinable: Collection[int]) -> str:
    return f"?{urlencode({JOIN: other.offering_id})}{RETURN_FORM}" if other.offering_id in joinable else ""


# Words for the organisation: only what it may read of others


def comment_on_date(page: OfferingPage, competition: Competition, uid: uuid.UUID, when: str) -> str:
    """A friendly comment that names the clash of that date and proposes ``when``."""
    clash = next((clash for clash in competition.check.clashes if clash.clash.date.uid == uid), None)
    if clash is None:
        return rather_then() % {"when": when}
    return instead_of() % {"clash": as_organisation_reads(page, clash), "when": when}


def rather_then() -> str:
    return _("Thank you for your offering. We would rather see it on another date: would %(when)s suit you?")


def instead_of() -> str:
    return _("Thank you for your offering. Its date clashes with something else:\n\n%(clash)s\n\nWould %(when)s suit you instead?")


def ask_for(comment: str, when: str) -> str:
    """The comment with ``when`` where ``comment_on_date`` asked for a date, so that it and the proposal name the same one."""
    for text in (rather_then(), instead_of()):
        before, after = (re.escape(part) for part in text.rpartition("\n\n")[2].split("%(when)s"))
        comment = re.sub(f"({before}).+?({after})", lambda found: f"{found[1]}{when}{found[2]}", comment)
    return comment


def as_organisation_reads(page: OfferingPage, clash: ShownClash) -> str:
    planned = [clash.clash.planned] if clash.clash.planned else []
    return shown_clash(clash.clash, views_by_id(planned, viewer_for(page.organisation_id))).warning


def comment_on_joining(page: OfferingPage, partner: Partner) -> str:
    """A friendly comment that names the other offering and proposes to join forces; empty if it has gone."""
    planned = PlannedDate.objects.filter(pk=partner.planned_id)
    other = next(iter(views_by_id(planned, viewer_for(page.organisation_id)).values()), None)
    if other is None:
        return ""
    facts = ", ".join(filter(None, [name_of(other), other.when, other.town, other.organiser]))
    return _(
        "Thank you for your offering. Something similar is planned already:\n\n%(facts)s (%(state)s)\n\nWould you like to join "
        "forces? If both of you agree, you offer it together."
    ) % {"facts": facts, "state": state_text(other)}
