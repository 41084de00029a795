"""What a circle has stated, and stating its figures by one's account; the form is the one behind the mailed link."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.circles.figure_views import facts_of
from ehrenamt_wagtail.circles.figures import (
    current_figure,
    figure_before,
    figures_of,
    half_year_of_figure,
    numbers_of,
    state_figure,
    stated_in,
)
from ehrenamt_wagtail.circles.forms import FigureForm
from ehrenamt_wagtail.circles.half_years import HalfYear, askable_half_years, present_half_year, read_half_year
from ehrenamt_wagtail.circles.models import CircleFigure, CirclePage
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.reporting.thanks.queries import open_thanks

from .access import own_page, portal_view, render_portal, trail

# Five years.
MOST_SHOWN = 10


@csrf_protect
@portal_view
def circle_figures(request: HttpRequest, page_id: int) -> HttpResponse:
    """The present half-year or, by ``halbjahr``, the one before."""
    page = own_page(request, CirclePage, page_id)
    half_year = chosen_half_year(request)
    present, before = current_figure(page, half_year), figure_before(page, half_year)
    if request.method != "POST":
        return show(request, page, half_year, FigureForm(take_unsent(request), present=present, before=before))
    form = FigureForm(tidy_data(request.POST), present=present, before=before)
    if not form.is_valid():
        return show(request, page, half_year, form)
    try:
        state_figure(page, year=half_year.year, half=half_year.half, actor=request.user, **form.facts())
    except StaleRevision as stale:
        form.has_seen(stale.latest)
        return show(request, page, half_year, form, refusal=stale.message, status=409)
    except NotAllowed as objection:
        return show(request, page, half_year, form, refusal=objection.message, status=403)
    messages.success(request, _("Thank you, the figures of %(half_year)s are stored.") % {"half_year": half_year.title})
    return redirect(address_of(page, half_year))


def chosen_half_year(request: HttpRequest) -> HalfYear:
    named = read_half_year(request.GET.get("halbjahr", ""))
    return named if named in askable_half_years() else present_half_year()


def address_of(page: CirclePage, half_year: HalfYear) -> str:
    return f"{reverse('ehrenamt:circle-figures-own', args=[page.pk])}?{urlencode({'halbjahr': half_year.code})}"


def show(
    request: HttpRequest, page: CirclePage, half_year: HalfYear, form: FigureForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    title = _("Figures of the circle")
    context = {
        "page_title": title,
        "circle": page,
        "form": form,
        "refusal": refusal,
        "half_year": half_year.title,
        "half_years": [
            {"label": one.title, "url": address_of(page, one), "current": one == half_year} for one in askable_half_years()
        ],
        "present": facts_of(current_figure(page, half_year)),
        "stated": [
            {"half_year": half_year_of_figure(figure).title, "numbers": numbers_of(figure)} for figure in figures_of(page)[:MOST_SHOWN]
        ],
        "breadcrumbs": trail((page.title, reverse("ehrenamt:circle-edit", args=[page.pk])), (title, "")),
    }
    return render_portal(request, "circle_figures.html", context, status=status)


def asked_of(pages: Iterable[CirclePage]) -> dict[int, dict]:
    """By circle what it is asked for at present, with links: its figures, and whom it wants to be thanked. Only public ones are."""
    public = [page for page in pages if page.live]
    half_year, thanks = present_half_year(), open_thanks(public)
    stated = {figure.circle_id: figure for figure in stated_in(half_year).filter(circle__in=public)}
    return {page.pk: {"figures": figures_box(page, half_year, stated.get(page.pk)), "thanks": thanks[page.pk]} for page in public}


def figures_box(page: CirclePage, half_year: HalfYear, figure: CircleFigure | None) -> dict:
    return {
        "half_year": half_year.title,
        "numbers": numbers_of(figure) if figure else "",
        "url": reverse("ehrenamt:circle-figures-own", args=[page.pk]),
    }
