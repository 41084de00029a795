"""Who gets into the portal at all, and what all its pages share."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import organisations_of
from ehrenamt_wagtail.exceptions import first_objection
from ehrenamt_wagtail.portal.unsent import keep_unsent
from ehrenamt_wagtail.programme import rules
from ehrenamt_wagtail.responses import never_stored
from ehrenamt_wagtail.signups.occupancy import supervisions_of
from ehrenamt_wagtail.signups.supervised import has_supervisions

TEMPLATES = "ehrenamt_wagtail/portal/"


def view_for(may_enter: Callable[[HttpRequest], bool]) -> Callable:
    """A decorator of views for accounts of which ``may_enter`` is true; it finds what they act for in ``request.organisations``.

    Others are asked to sign in (what they had typed is kept), or told in a friendly way that they have no access.
    """

    def decorated(view: Callable) -> Callable:
        @never_stored
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method == "POST":
                    keep_unsent(request)
                return redirect(f"{reverse('ehrenamt:login')}?{urlencode({'next': request.get_full_path()})}")
            request.organisations = list(organisations_of(request.user).select_related("municipality"))
            if not may_enter(request):
                return no_access(request)
            return view(request, *args, **kwargs)

        return wrapped

    return decorated


def portal_view(view: Callable) -> Callable:
    """For people who act for an organisation; ``request.organisations`` are theirs. See ``view_for``."""
    return view_for(lambda request: bool(request.organisations))(view)


def no_access(request: HttpRequest) -> HttpResponse:
    """A friendly word; who supervises without acting for an organisation finds their own pages."""
    if has_supervisions(request.user):
        return redirect("ehrenamt:supervisions")
    return render(request, TEMPLATES + "no_access.html", {"subnav": []}, status=403)


def own_page(request: HttpRequest, model, page_id: int):
    """The specific page if the person may see it in the portal; anything else answers 404."""
    # By „id“: a number that no database knows finds nothing there, while „pk“ of an inherited model would fail.
    page = model.objects.filter(id=page_id).select_related("organisation").first()
    if page is None or first_objection(rules.VIEW, page=page, actor=request.user) is not None:
        raise Http404
    return page.specific


def render_portal(request: HttpRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """A page of the portal with its navigation."""
    return render(request, TEMPLATES + template, {**context, "subnav": subnav(request)}, status=status)


def subnav(request: HttpRequest) -> list[dict]:
    for_organisations = [
        (reverse("ehrenamt:portal"), _("Overview")),
        (reverse("ehrenamt:portal-calendar"), _("What is planned")),
        (reverse("ehrenamt:gaps"), _("Gaps and needs")),
        (reverse("ehrenamt:offering-new"), _("Announce an event")),
        (reverse("ehrenamt:members"), _("Access")),
    ]
    entries = for_organisations if request.organisations else []
    if not request.organisations or concerns_supervision(request):
        entries.append((reverse("ehrenamt:supervisions"), _("Supervision")))
    return [
        {"url": url, "label": label, "current": request.path == url, "count": 0} for url, label in entries
    ]


def concerns_supervision(request: HttpRequest) -> bool:
    """Whether the account supervises, asked for it, coordinates, or acts for an organisation that offers it or a circle."""
    kinds = {organisation.kind for organisation in request.organisations}
    if {Organisation.Kind.CIRCLE, Organisation.Kind.DISTRICT} & kinds or has_supervisions(request.user):
        return True
    return supervisions_of(request.organisations).exists()


def trail(*items: tuple[str, str]) -> list[dict]:
    """Breadcrumbs below the portal's first page: (title, address) each."""
    return [{"title": _("Partner portal"), "url": reverse("ehrenamt:portal")}] + [
        {"title": title, "url": url} for title, url in items
    ]
