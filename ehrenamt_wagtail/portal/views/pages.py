"""Preview and history of an offering or a circle, and the form of a circle."""

import re
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.programme.queries import offering_state
from ehrenamt_wagtail.review.history import history as history_of
from ehrenamt_wagtail.review.history_csv import csv_response

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
def preview_offering_version(request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
    return preview_version(request, own_page(request, OfferingPage, page_id), revision_id)


@portal_view
def preview_circle_version(request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
    return preview_version(request, own_page(request, CirclePage, page_id), revision_id)


@portal_view
def offering_history(request: HttpRequest, page_id: int) -> HttpResponse:
    return history(request, own_page(request, OfferingPage, page_id))


@portal_view
def circle_history(request: HttpRequest, page_id: int) -> HttpResponse:
    return history(request, own_page(request, CirclePage, page_id))


@portal_view
def offering_history_csv(request: HttpRequest, page_id: int) -> HttpResponse:
    return history_csv(own_page(request, OfferingPage, page_id))


@portal_view
def circle_history_csv(request: HttpRequest, page_id: int) -> HttpResponse:
    return history_csv(own_page(request, CirclePage, page_id))


def preview(request: HttpRequest, page) -> HttpResponse:
    """The newest version exactly as the public would see it, below a bar that says that it is a preview."""
    state = offering_state(page)
    bar = render_to_string(
        TEMPLATES + "preview_bar.html",
        {"back_url": editing.address(page), "state": state, "state_code": editing.state_style(state.code)},
    )
    return with_bar(request, page.get_latest_revision_as_object(), bar)


def preview_version(request: HttpRequest, page, revision_id: int) -> HttpResponse:
    """An older version of ``page`` as the public would have seen it, below a bar that says so."""
    revision = page.revisions.filter(id=revision_id).first()
    if revision is None:
        raise Http404
    context = {"back_url": editing.address(page, "history"), "saved_at": revision.created_at}
    bar = render_to_string(TEMPLATES + "version_bar.html", context)
    return with_bar(request, revision.as_object(), bar)


def with_bar(request: HttpRequest, shown, bar: str) -> HttpResponse:
    public = shown.make_preview_request(request, shown.default_preview_mode)
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
        "entries": history_of(page.pk, url_of=partial(version_url, page)),
        "back_url": editing.address(page),
        "csv_url": editing.address(page, "history-csv"),
        "breadcrumbs": trail((page.draft_title or page.title, editing.address(page)), (title, "")),
    }
    return render_portal(request, "history.html", context)


def version_url(page, revision_id: int) -> str:
    room = "circle" if isinstance(page, CirclePage) else "offering"
    return reverse(f"ehrenamt:{room}-version", args=[page.pk, revision_id])


def history_csv(page) -> HttpResponse:
    """Every single step, also each of several saves in a row."""
    return csv_response(history_of(page.pk, every_step=True), title=page.draft_title or page.title)
