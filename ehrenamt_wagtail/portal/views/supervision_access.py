"""Who gets to the pages of supervision: accounts with or without a membership, each to its own."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups.supervised import has_supervisions, supervised_pages

from .access import render_portal, trail, view_for


def personal_view(view: Callable) -> Callable:
    """For whoever supervises, asked for supervision, acts for an organisation or coordinates; others are told they have no access.

    ``request.organisations`` may be empty. What was typed appears in no error report.
    """
    return sensitive_variables()(sensitive_post_parameters()(view_for(is_concerned)(view)))


def is_concerned(request: HttpRequest) -> bool:
    return bool(request.organisations) or is_coordinator(request.user) or has_supervisions(request.user)


def supervised_page(request: HttpRequest, page_id: int) -> OfferingPage:
    """The offering that the account supervises, or supervised for somebody who signed up; anybody else gets 404."""
    page = supervised_pages(request.user).filter(id=page_id).select_related("organisation", "supervision_setup").first()
    if page is None:
        raise Http404
    return page.specific


def render_supervision(
    request: HttpRequest, template: str, context: dict, *, steps: tuple[tuple[str, str], ...] = (), status: int = 200
) -> HttpResponse:
    """A page below ``portal/supervision/``; ``steps`` are the breadcrumbs below the list of supervisions."""
    items = trail((_("Supervision"), reverse("ehrenamt:supervisions") if steps else ""), *steps)
    return render_portal(request, f"supervision/{template}", {**context, "breadcrumbs": items}, status=status)
