"""The pages behind the link by which a circle states its figures: no account, no session, nothing personal.

Opening the link changes nothing, since mail scanners follow links; only the form's POST does.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Coordinator
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.programme.found import grouped
from ehrenamt_wagtail.responses import never_stored
from ehrenamt_wagtail.typed import tidy_data

from .figures import current_figure, figure_before, state_figure
from .forms import FigureForm
from .models import CircleFigure, CirclePage
from .tokens import Link, last_open, read_token

TEMPLATES = "ehrenamt_wagtail/circles/figures/"


@never_stored
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest, token: str) -> HttpResponse:
    """The form; what was stated already stands in it and can be corrected. What was typed stays whatever happens."""
    link = read_token(token)
    circle = circle_of(link)
    if circle is None:
        return leads_nowhere(request, link)
    present = current_figure(circle, link.half_year)
    form = FigureForm(
        tidy_data(request.POST) if request.method == "POST" else None,
        present=present,
        before=figure_before(circle, link.half_year),
    )
    refusal, status = "", 200
    if form.is_bound and form.is_valid():
        try:
            state_figure(circle, year=link.half_year.year, half=link.half_year.half, is_by_link=True, **form.facts())
            return redirect("ehrenamt:circle-figures-thanks", token)
        except StaleRevision as stale:
            form.has_seen(stale.latest)
            refusal, present, status = stale.message, stale.latest, 409
        except NotAllowed as objection:
            refusal, status = objection.message, 403
    context = {"form": form, "present": facts_of(present), "refusal": refusal, **shared_context(circle, link, token)}
    return render(request, TEMPLATES + "form.html", context, status=status)


@never_stored
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """What is stored now, and the way back to correct it."""
    link = read_token(token)
    circle = circle_of(link)
    if circle is None:
        return leads_nowhere(request, link)
    present = current_figure(circle, link.half_year)
    if present is None:
        return redirect("ehrenamt:circle-figures", token)
    return render(request, TEMPLATES + "thanks.html", {"present": facts_of(present), **shared_context(circle, link, token)})


def circle_of(link: Link | None) -> CirclePage | None:
    """The public circle that the link is for, as long as the link is valid."""
    if link is None or not link.is_open():
        return None
    return CirclePage.objects.live().select_related("municipality").filter(id=link.circle_id).first()


def shared_context(circle: CirclePage, link: Link, token: str) -> dict:
    return {
        "circle": circle,
        "circle_url": circle.get_url() or "",
        "town": circle.municipality.name if circle.municipality else "",
        "circle_name": conf.CIRCLE_NAME,
        "district_name": conf.DISTRICT_NAME,
        "half_year": link.half_year.title,
        "valid_until": last_open(link.half_year).last,
        "token": token,
        "coordinators": list(Coordinator.objects.in_office()),
    }


def facts_of(figure: CircleFigure | None) -> dict | None:
    """What was stated as ``circles/figures/facts.html`` shows it."""
    if figure is None:
        return None
    return {
        "volunteers": grouped(figure.volunteers),
        "groups": "" if figure.groups is None else grouped(figure.groups),
        "remarks": figure.remarks,
        "stated_at": figure.stated_at,
        "is_by_link": figure.is_by_link,
    }


def leads_nowhere(request: HttpRequest, link: Link | None) -> HttpResponse:
    """A link that was altered or cut off (404), or whose time is over, or whose circle is gone (410): what to do now."""
    context = {
        "is_known": link is not None,
        "is_over": link is not None and not link.is_open(),
        "half_year": link.half_year.title if link else "",
        "coordinators": list(Coordinator.objects.in_office()),
    }
    return render(request, TEMPLATES + "leads_nowhere.html", context, status=410 if link else 404)
