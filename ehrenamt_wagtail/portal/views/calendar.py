"""What everybody plans, by month and half-year, and where nothing is planned."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from ehrenamt_wagtail.coordination.calendar import Face, calendar_context, gaps_context
from ehrenamt_wagtail.coordination.queries import Entry

from .access import portal_view, render_portal, trail
from .checking import viewer_in
from .needs import open_need_rows


@portal_view
def calendar(request: HttpRequest) -> HttpResponse:
    """``/partner/termine/``: a month by default, ``halbjahr`` for the overview."""
    address = reverse("ehrenamt:portal-calendar")
    face = Face(path=address, viewer=viewer_in(request), links_of=lambda entries: page_behind, is_member=True)
    context = calendar_context(face, request.GET)
    title = _("What is planned")
    context |= {"page_title": title, "gaps_url": reverse("ehrenamt:gaps"), "breadcrumbs": trail((title, address))}
    return render_portal(request, "calendar.html" if context["period"].is_month else "half_year.html", context)


@portal_view
def gaps(request: HttpRequest) -> HttpResponse:
    """``/partner/luecken/``: towns, circles and topics without anything, beside what circles and organisations ask for."""
    address = reverse("ehrenamt:gaps")
    title = _("Gaps and needs")
    context = gaps_context(address, reverse("ehrenamt:portal-calendar"), request.GET, is_member=True)
    context |= {"page_title": title, "need_rows": open_need_rows(), "breadcrumbs": trail((title, address))}
    return render_portal(request, "gaps.html", context)


def page_behind(entry: Entry) -> str:
    """Own ones lead to their form, what everybody can read to its page, plans of others nowhere."""
    view = entry.view
    if view.is_own and view.offering_id:
        return reverse("ehrenamt:offering-edit", args=[view.offering_id])
    if view.is_own and view.hold_id:
        return reverse("ehrenamt:hold", args=[view.hold_id])
    return view.url
