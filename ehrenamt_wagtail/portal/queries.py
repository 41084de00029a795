"""Reads of the portal: own pages, requests, what differs, what happened."""

from collections.abc import Iterable

from django.db.models import Q

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.coordination.models import JoinProposal
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.programme.models import DayRequest, OfferingPage


def own_offerings(organisations: Iterable[Organisation]) -> list[OfferingPage]:
    """All offerings of these organisations as specific pages, ready for ``offering_state``; a fixed number of queries."""
    pages = (
        OfferingPage.objects.filter(organisation__in=list(organisations))
        .specific()
        .select_related("organisation")
        .prefetch_related("occurrences", "cancellations")
        .prefetch_workflow_states()
        .order_by("-latest_revision_created_at", "-pk")
    )
    return list(pages)


def own_circles(organisations: Iterable[Organisation]) -> list[CirclePage]:
    # Specific: otherwise Wagtail looks for the states of plain pages and finds none.
    pages = CirclePage.objects.filter(organisation__in=list(organisations)).specific().select_related("organisation")
    return list(pages.prefetch_workflow_states().order_by("title"))


def open_day_requests(organisations: Iterable[Organisation]):
    """Requests of others to join a volunteer day of these organisations, the oldest first."""
    return (
        DayRequest.objects.filter(day__organisation__in=list(organisations), status=DayRequest.Status.REQUESTED)
        .select_related("offering__organisation", "day")
        .order_by("requested_at")
    )


def with_join_facts():
    """Proposals to join forces with what is shown of them."""
    return JoinProposal.objects.select_related("joining__organisation", "host__organisation", "proposed_by", "declined_by")


def open_joins(organisations: Iterable[Organisation]) -> list[JoinProposal]:
    """Proposals that one of these organisations has not answered yet, the oldest first."""
    own = {organisation.pk for organisation in organisations}
    involved = Q(joining__organisation__in=own) | Q(host__organisation__in=own)
    proposals = with_join_facts().filter(involved, status=JoinProposal.Status.OPEN).order_by("proposed_at", "pk")
    return [proposal for proposal in proposals if own.intersection(proposal.organisations_to_answer())]


def joined_by(page) -> JoinProposal | None:
    """What a closed offering was given up for."""
    return with_join_facts().filter(joining=page.pk, status=JoinProposal.Status.JOINED).first()


def joined_offerings(organisations: Iterable[Organisation]) -> list[JoinProposal]:
    """What these organisations gave up to become co-hosts, the newest first; the offering is the proposal's ``host``."""
    proposals = with_join_facts().filter(joining__organisation__in=list(organisations), status=JoinProposal.Status.JOINED)
    return list(proposals.prefetch_related("host__occurrences", "host__cancellations").order_by("-answered_at", "-pk"))
