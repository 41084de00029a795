"""Keeps ``PlannedDate`` in step with what it is derived from. Nothing else writes it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from wagtail.models import Page, WorkflowState

from ehrenamt_wagtail.programme.models import OfferingPage

from .models import DateHold, JoinProposal, PlannedDate, PlanState
from .plans import Plan, PlannedSpan, plan_of, plan_of_hold

# What a row says, besides its key and its topics.
FACTS = (
    "offering_id", "hold_id", "uid", "state", "is_cancelled", "starts_at", "ends_at", "is_all_day", "has_end", "mode",
    "organisation_id", "municipality_id", "venue_id", "latitude", "longitude", "kind", "art", "title", "audience", "text",
)  # fmt: skip

STATE_OF_DRAFT = {None: PlanState.DRAFT, WorkflowState.STATUS_IN_PROGRESS: PlanState.IN_REVIEW, WorkflowState.STATUS_NEEDS_CHANGES: PlanState.RETURNED}
STATE_OF_CHANGE = {
    None: PlanState.CHANGE_DRAFT,
    WorkflowState.STATUS_IN_PROGRESS: PlanState.CHANGE_IN_REVIEW,
    WorkflowState.STATUS_NEEDS_CHANGES: PlanState.CHANGE_RETURNED,
}


@dataclass(frozen=True)
class Row:
    """A row as it should be: its facts in the order of ``FACTS``, and the keys of its topics."""

    facts: tuple
    topics: frozenset[int]

    def build(self) -> PlannedDate:
        return PlannedDate(**dict(zip(FACTS, self.facts, strict=True)))


def rows_of_offering(page: OfferingPage) -> list[Row]:
    """What the table should say about a specific page, read from its row, its newest revision, reviews and cancellations."""
    if JoinProposal.objects.filter(joining=page.pk, status=JoinProposal.Status.JOINED).exists():
        return []
    review = page.current_workflow_state
    status = review.status if review else None
    newest = page.get_latest_revision_as_object()
    cancellations = page.all_cancellations()
    is_cancelled = any(row.occurrence_uid is None for row in cancellations)
    cancelled = {row.occurrence_uid for row in cancellations}

    def rows(plan: Plan, state: PlanState, dates: Iterable[PlannedSpan]) -> list[Row]:
        return [row_of(plan, date, state, is_cancelled or date.uid in cancelled, newest.kind) for date in dates]

    if not page.live:
        plan = plan_of(newest)
        return rows(plan, STATE_OF_DRAFT[status], plan.dates)
    public, change = plan_of(page), plan_of(newest)
    known = {date.uid: (date, public.place_of(date)) for date in public.dates}
    moved = [date for date in change.dates if not is_same(known.get(date.uid), date, change)]
    return rows(public, PlanState.PUBLISHED, public.dates) + rows(change, STATE_OF_CHANGE[status], moved)


def is_same(known, date: PlannedSpan, plan: Plan) -> bool:
    """Whether the public knows the date with this time and place."""
    if known is None:
        return False
    public, place = known
    times = [(span.starts_at, span.ends_at, span.is_all_day, span.has_end) for span in (public, date)]
    return times[0] == times[1] and place == plan.place_of(date)


def row_of(plan: Plan, date: PlannedSpan, state: PlanState, is_cancelled: bool, kind: str) -> Row:
    place = plan.place_of(date)
    facts = {
        "offering_id": plan.offering_id,
        "hold_id": plan.hold_id,
        "uid": date.uid,
        "state": state.value,
        "is_cancelled": is_cancelled,
        "starts_at": date.starts_at,
        "ends_at": date.ends_at,
        "is_all_day": date.is_all_day,
        "has_end": date.has_end,
        "mode": place.mode,
        "organisation_id": plan.organisation_id,
        "municipality_id": place.municipality_id,
        "venue_id": place.venue_id,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "kind": kind,
        "art": plan.kind,
        "title": plan.title,
        "audience": plan.audience,
        "text": plan.text,
    }
    return Row(tuple(facts[name] for name in FACTS), plan.topics)


def rows_of_hold(hold: DateHold) -> list[Row]:
    """One row while the hold is active."""
    if hold.status != DateHold.Status.ACTIVE:
        return []
    plan = plan_of_hold(hold)
    return [row_of(plan, plan.dates[0], PlanState.HOLD, False, "")]


@transaction.atomic
def refresh_offering(page_id: int) -> bool:
    """Bring the rows of one offering up to date; whether anything had to change. Locks the page's row."""
    page = Page.objects.select_for_update().filter(pk=page_id).first()
    page = OfferingPage.objects.filter(pk=page_id).first() if page else None
    return write(PlannedDate.objects.filter(offering=page_id), rows_of_offering(page.specific) if page else [])


@transaction.atomic
def refresh_hold(hold: DateHold) -> bool:
    """Bring the row of one hold up to date; whether anything had to change."""
    return write(PlannedDate.objects.filter(hold=hold.pk), rows_of_hold(hold))


def write(present, wanted: list[Row]) -> bool:
    """Make the rows of the queryset ``present`` say what ``wanted`` says; rows that are right stay as they are."""
    missing = list(wanted)
    wrong = []
    for planned in present.prefetch_related("topics"):
        row = stored_row(planned)
        if row in missing:
            missing.remove(row)
        else:
            wrong.append(planned.pk)
    if wrong:
        PlannedDate.objects.filter(pk__in=wrong).delete()
    for row in missing:
        planned = row.build()
        planned.save()
        planned.topics.set(row.topics)
    return bool(wrong or missing)


def stored_row(planned: PlannedDate) -> Row:
    return Row(tuple(getattr(planned, name) for name in FACTS), frozenset(topic.pk for topic in planned.topics.all()))


def drift(page: OfferingPage) -> bool:
    """Whether the stored rows of a specific page differ from what they should be; changes nothing."""
    stored = PlannedDate.objects.filter(offering=page.pk).prefetch_related("topics")
    return {stored_row(planned) for planned in stored} != set(rows_of_offering(page))


def all_offerings() -> Iterator[OfferingPage]:
    yield from OfferingPage.objects.order_by("pk").specific().iterator(chunk_size=200)
