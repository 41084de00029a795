"""What is planned in a month: what everybody published, and the own drafts."""

import datetime as dt
import re

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.formatting import month_name, short_date, time_range
from ehrenamt_wagtail.portal.facts import date_text
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.queries import offering_state

from .access import portal_view, render_portal, trail
from .editing import address, state_style

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@portal_view
def calendar(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("monat", "")
    match = MONTH.fullmatch(wanted)
    first = dt.date(int(match[1]), int(match[2]), 1) if match else timezone.localdate().replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    own = {organisation.pk for organisation in request.organisations}
    title = _("What is planned")
    context = {
        "page_title": title,
        "month": month_name(first),
        "notice": _("There is no such month; this is the present one.") if wanted and not match else "",
        "rows": [planned_row(date, page, own) for date, page in planned_dates(first, following, own)],
        "previous_month": month_link(first - dt.timedelta(days=1)),
        "next_month": month_link(following),
        "breadcrumbs": trail((title, reverse("ehrenamt:portal-calendar"))),
    }
    return render_portal(request, "calendar.html", context)


def month_link(day: dt.date) -> dict:
    return {"url": f"{reverse('ehrenamt:portal-calendar')}?monat={day:%Y-%m}", "label": month_name(day)}


def planned_dates(first: dt.date, following: dt.date, own: set[int]) -> list[tuple[Occurrence, OfferingPage]]:
    """Dates that touch the month, each with its offering, ready for ``offering_state``; a fixed number of queries."""
    start, end = (timezone.make_aware(dt.datetime.combine(day, dt.time.min)) for day in (first, following))
    dates = list(
        Occurrence.objects.between(start, end)
        .filter(Q(page__live=True) | Q(page__organisation__in=own))
        .select_related("venue__municipality")
        .order_by("starts_at", "pk")
    )
    pages = (
        OfferingPage.objects.filter(pk__in={date.page_id for date in dates})
        .select_related("organisation", "municipality")
        .prefetch_related("occurrences", "cancellations")
        .prefetch_workflow_states()
        .in_bulk()
    )
    return [(date, pages[date.page_id]) for date in dates]


def short_text(date: Occurrence) -> str:
    """„Do 14. März, 19–21 Uhr“: the month stands above."""
    if date.is_all_day or (date.end and timezone.localdate(date.end) != timezone.localdate(date.start)):
        return date_text(date)
    return f"{short_date(date.start)}, {time_range(date.start, date.end)}"


def planned_row(date: Occurrence, page: OfferingPage, own: set[int]) -> dict:
    is_own = page.organisation_id in own
    is_cancelled = page.is_cancelled() or date.uid in page.cancelled_uids()
    state = offering_state(page) if is_own else None
    town = date.venue.municipality if date.venue else page.municipality
    return {
        "when": short_text(date),
        "title": page.draft_title if is_own and page.draft_title else page.title,
        "url": address(page) if is_own else page.get_url(),
        "organisation": str(page.organisation or ""),
        "town": str(town or ""),
        "is_cancelled": is_cancelled,
        "state": "cancelled" if is_cancelled else (state_style(state.code) if state else "published"),
        "label": pgettext("offering", "Cancelled") if is_cancelled else (state.label if state else _("Published")),
    }
