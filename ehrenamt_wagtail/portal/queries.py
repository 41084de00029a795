"""Reads of the portal: own pages, requests, what differs, what happened."""

from collections.abc import Iterable

from ehrenamt_wagtail.circles.models import CirclePage
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
    pages = CirclePage.objects.filter(organisation__in=list(organisations)).select_related("organisation")
    return list(pages.prefetch_workflow_states().order_by("title"))


def open_day_requests(organisations: Iterable[Organisation]):
    """Requests of others to join a volunteer day of these organisations, the oldest first."""
    return (
        DayRequest.objects.filter(day__organisation__in=list(organisations), status=DayRequest.Status.REQUESTED)
        .select_related("offering__organisation", "day")
        .order_by("requested_at")
    )
