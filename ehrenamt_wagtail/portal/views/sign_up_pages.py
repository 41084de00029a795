"""What all pages about the sign-ups of one offering share: whom they let in, their head and their tabs."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.exceptions import first_objection
from ehrenamt_wagtail.programme.models import OfferingPage, SupervisionPage
from ehrenamt_wagtail.programme.queries import offering_state
from ehrenamt_wagtail.signups import rules
from ehrenamt_wagtail.signups.models import SupervisionSetup

from . import editing
from .access import render_portal, trail

# The tabs, in their order: name of the address.
SIGN_UPS = "sign-ups"
SETTINGS = "sign-up-settings"
NOTICES = "notices"
ATTENDANCE = "attendance"
CERTIFICATES = "certificates"
SUPERVISION = "supervision-setup"


def own_offering(request: HttpRequest, page_id: int, *, with_people: bool = False) -> OfferingPage:
    """The specific offering, for members of its organisation; anybody else, coordinators and superusers too, gets 404.

    Pages that name people say ``with_people``: for a confidential offering (supervision) they do not exist.
    """
    # By „id“: a number that no database knows finds nothing there, while „pk“ of an inherited model would fail.
    page = OfferingPage.objects.filter(id=page_id).select_related("organisation").first()
    if page is None or first_objection(rules.ORGANISE, page=page, actor=request.user) is not None:
        raise Http404
    page = page.specific
    if with_people and is_confidential(page):
        raise Http404
    return page


def is_confidential(page: OfferingPage) -> bool:
    """Whether nobody but the named supervisor may read who takes part."""
    return isinstance(page, SupervisionPage) or SupervisionSetup.objects.filter(offering=page.pk).exists()


def render_sign_up_page(
    request: HttpRequest, page: OfferingPage, template: str, context: dict, *, tab: str, title: str = "", status: int = 200
) -> HttpResponse:
    """A page below ``portal/sign_ups/`` (extending its ``base.html``) with the offering's title, state and tabs.

    ``tab`` is one of the constants above. ``title`` is the heading of a page below the tab, and stands in the breadcrumbs.
    """
    offering_title = page.draft_title or page.title
    state = offering_state(page)
    items = tabs(page, tab)
    label = next((item["label"] for item in items if item["name"] == tab), _("Sign-ups"))
    steps = [(offering_title, editing.address(page)), (label, "" if not title else reverse(f"ehrenamt:{tab}", args=[page.pk]))]
    head = {
        "page": page,
        "page_title": title or label,
        "offering_title": offering_title,
        "offering_state": state,
        "offering_state_code": editing.state_style(state.code),
        "is_confidential": is_confidential(page),
        "tabs": items,
        "breadcrumbs": trail(*steps, *([(title, "")] if title else [])),
    }
    return render_portal(request, f"sign_ups/{template}", {**head, **context}, status=status)


def tabs(page: OfferingPage, current: str) -> list[dict]:
    """What there is for an offering; a confidential one has occupancy and settings alone."""
    entries = [(SIGN_UPS, _("Sign-ups")), (SETTINGS, _("Set up"))]
    if is_confidential(page):
        entries.append((SUPERVISION, _("Supervision")))
    else:
        entries += [(NOTICES, pgettext("sign-ups", "Messages")), (ATTENDANCE, _("Attendance")), (CERTIFICATES, _("Certificates"))]
    return [
        {"name": name, "url": reverse(f"ehrenamt:{name}", args=[page.pk]), "label": label, "current": name == current}
        for name, label in entries
    ]
