"""What the accessibility statement shows, and the form to report a barrier. Reading sets no cookie and touches no session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.programme.presentation import breadcrumbs
from ehrenamt_wagtail.responses import never_stored

from . import actions
from .forms import BarrierForm, page_concerned
from .models import AccessibilityStatementPage


def statement_context(page: AccessibilityStatementPage, request: HttpRequest) -> dict:
    url = page.get_url(request) or ""
    return {
        "reasons": reasons_of(page),
        "report_url": f"{url}{page.reverse_subpage('report_barrier')}",
        "answer_weeks": conf.BARRIER_ANSWER_WEEKS,
        "breadcrumb_items": breadcrumbs(page, request),
    }


def reasons_of(page: AccessibilityStatementPage) -> list[dict]:
    """What is not accessible, by reason; only what there is."""
    reasons = [
        (_("Not compatible with the rules"), page.not_compatible),
        (_("Disproportionate burden"), page.burden),
        (_("The rules do not apply"), page.exempt),
    ]
    return [{"title": title, "text": text} for title, text in reasons if text.strip()]


def report_barrier(page: AccessibilityStatementPage, request: HttpRequest) -> HttpResponse:
    return answer_form(request, page)


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def answer_form(request: HttpRequest, page: AccessibilityStatementPage) -> HttpResponse:
    """The form; it names the page that somebody came from. What was typed stays whatever happens."""
    refusal = ""
    if request.method == "POST":
        form = BarrierForm(request.POST)
        if form.is_trap:
            return to_thanks(page, request)
        if form.is_valid():
            try:
                actions.report_barrier(page, **form.facts())
                return to_thanks(page, request)
            except NotAllowed as error:
                refusal = error.message
    else:
        form = BarrierForm(initial={"address": came_from(request, page)})
    context = {"form": form, "refusal": refusal, "kept_months": conf.BARRIER_REPORTS_KEPT_MONTHS}
    return page.answer(request, page.report_template, **context)


def came_from(request: HttpRequest, page: AccessibilityStatementPage) -> str:
    """What ``?adresse=`` names, else the page with the link that was followed, unless that is the statement itself."""
    if named := page_concerned(request.GET.get("adresse", "")):
        return named
    site = f"{request.scheme}://{request.get_host()}"
    link = request.headers.get("Referer", "")
    own = page.get_url(request) or ""
    if not link.startswith(f"{site}/") or link.startswith((f"{site}{own}", own)):
        return ""
    return page_concerned(link.removeprefix(site))


def to_thanks(page: AccessibilityStatementPage, request: HttpRequest) -> HttpResponse:
    return redirect(f"{page.get_url(request)}{page.reverse_subpage('barrier_reported')}")


def reported(page: AccessibilityStatementPage, request: HttpRequest) -> HttpResponse:
    return answer_thanks(request, page)


@never_stored
@require_safe
def answer_thanks(request: HttpRequest, page: AccessibilityStatementPage) -> HttpResponse:
    """What everybody is told after reporting a barrier."""
    return page.answer(request, page.reported_template, kept_months=conf.BARRIER_REPORTS_KEPT_MONTHS)
