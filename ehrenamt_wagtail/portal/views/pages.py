"""Preview and history of an offering or a circle, and the form of a circle."""

import re

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import pgettext_lazy
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.programme.queries import offering_state
from ehrenamt_wagtail.review.history import history as history_of

from . import editing
from .access import TEMPLATES, own_page, portal_view, render_portal, trail

BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


@csrf_protect
@portal_view
def edit_circle(request: HttpRequest, page_id: int) -> HttpResponse:
    return editing.edit(request, own_page(request, CirclePage, page_id))


@portal_view
def preview_offering(request: HttpRequest, page_id: int) -> HttpResponse:
    return preview(request, own_page(request, OfferingPage, page_id))


@portal_view
def preview_circle(request: HttpRequest, page_id: int) -> HttpResponse:
    return preview(request, own_page(request, CirclePage, page_id))


@portal_view
def offering_history(request: HttpRequest, page_id: int) -> HttpResponse:
    return history(request, own_page(request, OfferingPage, page_id))


@portal_view
def circle_history(request: HttpRequest, page_id: int) -> HttpResponse:
    return history(request, own_page(request, CirclePage, page_id))


def preview(request: HttpRequest, page) -> HttpResponse:
    """The newest version exactly as the public would see it, below a bar that says that it is a preview."""
    shown = page.get_latest_revision_as_object()
    public = shown.make_preview_request(request, shown.default_preview_mode)
    state = offering_state(page)
    bar = render_to_string(
        TEMPLATES + "preview_bar.html",
        {"back_url": editing.address(page), "state": state, "state_code": editing.state_style(state.code)},
    )
    content = public.content.decode(public.charset)
    found = BODY.search(content)
    position = found.end() if found else 0
    response = HttpResponse(content[:position] + bar + content[position:], status=public.status_code)
    response["X-Robots-Tag"] = "noindex"
    return response


def history(request: HttpRequest, page) -> HttpResponse:
    title = pgettext_lazy("offering", "History")
    context = {
        "page_title": title,
        "offering_title": page.draft_title or page.title,
        "entries": history_of(page.pk),
        "back_url": editing.address(page),
        "breadcrumbs": trail((page.draft_title or page.title, editing.address(page)), (title, "")),
    }
    return render_portal(request, "history.html", context)
