"""What else is planned: beside the form, live while somebody types, and before something is submitted in spite of it."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from ehrenamt_wagtail.coordination.checks import PlanCheck, ShownClash, ShownDuplicate, check_plan, plan_to_check
from ehrenamt_wagtail.coordination.plans import Plan
from ehrenamt_wagtail.coordination.visibility import PlanView, Viewer, when_of
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.portal.forms.plan import ReadPlan, read_plan
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.kinds import kind_of
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.reporting.periods import missed_period, sentence_of
from ehrenamt_wagtail.responses import never_stored

from .access import TEMPLATES, own_page, portal_view

SHOWN_AT_ONCE = 4


@require_POST
@never_stored
def check_offering(request: HttpRequest) -> HttpResponse:
    """The part of a page that says what competes with the form as it stands; asked for while somebody types.

    ``angebot`` (in the address or sent) names an offering of the person, ``art`` the kind of a new one. Saves nothing, and keeps
    nothing for after the log-in: the form itself is still open.
    """
    if not request.user.is_authenticated:
        return redirect("ehrenamt:login")
    return answer_check(request)


@csrf_protect
@portal_view
def answer_check(request: HttpRequest) -> HttpResponse:
    data = tidy_data(request.POST)
    if wanted := data.get("angebot") or request.GET.get("angebot", ""):
        page = own_page(request, OfferingPage, number_in(wanted) or 0)
        organisation = page.organisation
    else:
        kind = kind_of(request.GET.get("art", ""))
        if kind is None:
            raise Http404
        organisation = chosen_organisation(request)
        page = kind.model(organisation=organisation, **kind.initial)
    found = check_of_form(request, page, organisation, data)
    return render(request, TEMPLATES + "check_result.html", {"check": found})


def chosen_organisation(request: HttpRequest) -> Organisation:
    """The one that was chosen, else the first; the form refuses others."""
    wanted = request.POST.get("organisation") or request.GET.get("organisation") or ""
    return next((own for own in request.organisations if str(own.pk) == wanted), request.organisations[0])


def check_of_form(request: HttpRequest, page: OfferingPage, organisation: Organisation, data) -> dict:
    """For the template: what competes with the sent form."""
    return shown(read_plan(data, page, organisation), viewer_in(request))


def check_of_page(request: HttpRequest, page: OfferingPage) -> dict:
    """For the template: what competes with the offering as it stands in memory, saved or not."""
    return shown(ReadPlan(plan_to_check(page)), viewer_in(request))


def viewer_in(request: HttpRequest) -> Viewer:
    """The person's eyes, without asking for the organisations again."""
    own = frozenset(organisation.pk for organisation in request.organisations)
    return Viewer(organisation_ids=own, is_coordinator=is_coordinator(request.user))


def shown(read: ReadPlan, viewer: Viewer) -> dict:
    return check_context(check_plan(read.plan, viewer), read.plan, read.left_out)


def check_context(check: PlanCheck, plan: Plan, left_out: Iterable[tuple[int, str]] = ()) -> dict:
    """What ``check_result.html`` shows."""
    dates = plan.dates
    several = len(dates) > 1
    to_come = any(date.ends_at > timezone.now() for date in dates)
    # Strong ones are never folded away.
    first = max(SHOWN_AT_ONCE, sum(clash.is_strong for clash in check.plans))
    return {
        "summary": (summary_of(check) if to_come else _("All dates are over.")) if dates else "",
        "is_over": bool(dates) and not to_come,
        "is_empty": check.is_empty,
        "has_dates": bool(dates),
        "plans": [clash_row(clash, several) for clash in check.plans[:first]],
        "more_plans": [clash_row(clash, several) for clash in check.plans[first:]],
        "similar": [duplicate_row(near) for near in check.similar],
        "days": [clash_row(clash, several) for clash in check.days],
        "notices": check.notices,
        "late": late_sentence(plan) if to_come else "",
        "left_out": [
            _("Date %(number)s is not compared: %(why)s") % {"number": number, "why": why} for number, why in left_out
        ],
    }


def late_sentence(plan: Plan) -> str:
    """That the offering is too late for the brochure of its first date, or would be if it was submitted now."""
    first = min(date.starts_at for date in plan.dates)
    period = missed_period(timezone.localdate(first), plan.offering_id)
    return sentence_of(period) if period else ""


def summary_of(check: PlanCheck) -> str:
    """„1 starke Überschneidung, 2 weitere Überschneidungen, 1 ähnliches Angebot“."""
    strong = sum(clash.is_strong for clash in check.clashes)
    weak, similar = len(check.plans) - sum(clash.is_strong for clash in check.plans), len(check.similar)
    days = len(check.clashes) - strong - weak
    parts = [
        ngettext("%(n)s strong clash", "%(n)s strong clashes", strong) % {"n": strong} if strong else "",
        ngettext("%(n)s weak clash", "%(n)s weak clashes", weak) % {"n": weak} if weak else "",
        ngettext("%(n)s similar offering", "%(n)s similar offerings", similar) % {"n": similar} if similar else "",
        ngettext("%(n)s special day", "%(n)s special days", days) % {"n": days} if days else "",
    ]
    return ", ".join(filter(None, parts)) or _("Nothing clashes.")


def clash_row(clash: ShownClash, several: bool) -> dict:
    other = clash.other
    own = when_of(clash.clash.date) if several else ""
    details = [
        _("Your date: %(when)s") % {"when": own} if own else "",
        _("There: %(when)s") % {"when": other.when} if other else "",
        _("Topics: %(topics)s") % {"topics": ", ".join(other.topics)} if other and other.topics else "",
    ]
    return {
        "sentence": clash.sentence,
        "is_strong": clash.is_strong,
        "details": [detail for detail in details if detail],
        "text": shared_text(other) if other else "",
        "note": clash.clash.day.note if clash.clash.day else "",
        "url": link_to(other) if other else "",
        "score": clash.score,
        "reasons": clash.reasons,
    }


def duplicate_row(near: ShownDuplicate) -> dict:
    topics = near.other.topics
    return {
        "sentence": near.sentence,
        "is_strong": False,
        "details": [_("Topics: %(topics)s") % {"topics": ", ".join(topics)}] if topics else [],
        "text": shared_text(near.other),
        "note": "",
        "url": link_to(near.other),
        "score": near.score,
        "reasons": near.reasons,
    }


def shared_text(other: PlanView) -> str:
    """The text of another organisation's plan that has no page to read it on."""
    return "" if other.is_own or other.url else other.text


def link_to(other: PlanView) -> str:
    """Own offerings lead to their form, public ones to their page, all else nowhere."""
    if other.is_own and other.offering_id:
        return reverse("ehrenamt:offering-edit", args=[other.offering_id])
    return other.url
