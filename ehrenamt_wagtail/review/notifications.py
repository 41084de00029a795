"""Who is told what. Every function writes rows of the outbox as part of the caller's transaction; nobody is told the same twice."""

from django.db.models import Q, QuerySet

from ehrenamt_wagtail.directory.models import Membership, Municipality, Organisation
from ehrenamt_wagtail.directory.queries import coordinators, people, people_of
from ehrenamt_wagtail.mail.actions import queue_mail, tell
from ehrenamt_wagtail.programme.models import Cancellation, DayRequest, OfferingPage

from .models import ReviewDecision

SUBMITTED = "review/submitted"
APPROVED = "review/approved"
RETURNED = "review/returned"
TOWN = "review/town"
CANCELLED = "programme/cancelled"
DAY_REQUESTED = "programme/day_requested"
DAY_DECIDED = "programme/day_decided"


def tell_submitted(task_state, *, actor) -> None:
    """Each coordinator except the one who submitted."""
    tell(SUBMITTED, coordinators().exclude(pk=actor.pk), task_state=task_state.pk)


def tell_decided(page, decision: ReviewDecision, *, actor) -> None:
    """Who submitted and the organisation's managers; all members if there is none of them."""
    template = APPROVED if decision.outcome == ReviewDecision.Outcome.APPROVED else RETURNED
    everybody = people_of([page.organisation_id])
    submitters = submitter_ids(decision)
    first = everybody.filter(
        Q(pk__in=submitters)
        | Q(
            ehrenamt_memberships__organisation_id=page.organisation_id,
            ehrenamt_memberships__role=Membership.Role.MANAGER,
        )
    )
    recipients = first if first.exists() else everybody
    tell(template, recipients.exclude(pk=actor.pk), decision=decision.pk)


def submitter_ids(decision: ReviewDecision) -> set[int]:
    """Who started the review, and who wrote the submitted version."""
    task_state = decision.task_state
    return {pk for pk in (task_state.workflow_state.requested_by_id, task_state.revision.user_id) if pk}


def tell_towns(page: OfferingPage, decision: ReviewDecision, *, actor) -> None:
    """The organisations of the towns where it takes place, or the town's address if nobody acts for it; not the organiser."""
    for town in towns_of(page):
        offices = Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY, municipality=town, is_active=True).values_list(
            "pk", flat=True
        )
        if page.organisation_id in offices:
            continue
        recipients = people_of(offices).exclude(pk=actor.pk)
        if recipients.exists():
            tell(TOWN, recipients, decision=decision.pk, municipality=town.pk)
        elif town.email:
            queue_mail(
                TOWN,
                email=town.email,
                params={"decision": decision.pk, "municipality": town.pk},
                dedupe_key=f"{TOWN}:{decision.pk}:town{town.pk}",
            )


def towns_of(page: OfferingPage) -> QuerySet[Municipality]:
    own_venues = [date.venue_id for date in page.occurrences.all() if date.venue_id]
    return Municipality.objects.filter(Q(pk=page.municipality_id) | Q(venues__in=own_venues)).distinct().order_by("pk")


def tell_cancelled(page: OfferingPage, cancellation: Cancellation, *, actor) -> None:
    """The coordinators and the organisation's other members."""
    ids = {*coordinators().values_list("pk", flat=True), *people_of([page.organisation_id]).values_list("pk", flat=True)}
    tell(CANCELLED, people(ids - {actor.pk}), cancellation=cancellation.pk)


def tell_day_requested(request: DayRequest, *, actor) -> None:
    """Who acts for the owner of the volunteer day."""
    tell(DAY_REQUESTED, people_of([request.day.organisation_id]).exclude(pk=actor.pk), day_request=request.pk)


def tell_day_decided(request: DayRequest, *, actor) -> None:
    """Who acts for the offering's organisation."""
    tell(DAY_DECIDED, people_of([request.offering.organisation_id]).exclude(pk=actor.pk), day_request=request.pk)
