"""Holding a date, and what becomes of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination import holds, rules
from ehrenamt_wagtail.coordination.checks import check_plan
from ehrenamt_wagtail.coordination.models import DateHold
from ehrenamt_wagtail.coordination.plans import plan_of_hold
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, first_objection
from ehrenamt_wagtail.formatting import days_until, long_date
from ehrenamt_wagtail.portal.forms.holds import HoldForm
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.kinds import Kind, kind_of, kinds
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme.models import OfferingPage

from . import editing
from .access import portal_view, render_portal, trail
from .checking import check_context, viewer_in
from .drafts import organisations_to_choose, parse_day, programme_page, suggested_facts, town_and_topic

STATE_STYLES = {
    DateHold.Status.ACTIVE: "hold",
    DateHold.Status.USED: "published",
    DateHold.Status.RELEASED: "past",
    DateHold.Status.EXPIRED: "past",
}


@csrf_protect
@portal_view
def new_hold(request: HttpRequest) -> HttpResponse:
    """The form, filled from ``datum``, ``gemeinde``, ``thema``, ``titel`` and ``bedarf``; „check“ compares without holding."""
    organisations = organisations_to_choose(request)
    if request.method != "POST":
        unsent = take_unsent(request)
        return show_new(request, HoldForm(unsent, organisations=organisations, initial=initial_of(request)))
    data = tidy_data(request.POST)
    form = HoldForm(data, organisations=organisations)
    if not form.is_valid():
        return show_new(request, form)
    if data.get("action") == "check":
        return show_new(request, form, check=check_of(request, form.unsaved()))
    try:
        hold = hold_from(form, request.user)
    except EhrenamtError as objection:
        form.add_error("date" if form.cleaned_data["need"] is None else None, objection.message)
        return show_new(request, form)
    messages.success(
        request,
        _("The date is held for you until %(day)s. Others see that somebody plans something there.")
        % {"day": long_date(hold.expires_at)},
    )
    return redirect("ehrenamt:hold", hold.pk)


def hold_from(form: HoldForm, actor) -> DateHold:
    data = form.cleaned_data
    return holds.hold_date(
        organisation=data["organisation"], actor=actor, need=data["need"], uid=data["key"], **form.facts()
    )


def initial_of(request: HttpRequest) -> dict:
    """What the address says; what it says wrongly is left out."""
    wanted = tidy_data(request.GET)
    need = Need.objects.filter(pk=number_in(wanted.get("bedarf", "")), status=Need.Status.OPEN).first()
    town, topic = town_and_topic(wanted)
    day = parse_day(wanted.get("datum", ""))
    initial = {
        "date": day,
        "municipality": (town and town.pk) or (need and need.municipality_id),
        "topic": (topic and topic.pk) or (need and need.topic_id),
        "title": wanted.get("titel", "") or (need.title if need else ""),
        "need": need and need.pk,
    }
    return {name: value for name, value in initial.items() if value}


def show_new(request: HttpRequest, form: HoldForm, *, check: dict | None = None) -> HttpResponse:
    title = _("Hold a date")
    need = Need.objects.select_related("organisation").filter(pk=number_in(str(form["need"].value() or ""))).first()
    context = {
        "page_title": title,
        "form": form,
        "need": need,
        "check": check,
        "days": conf.HOLD_DAYS,
        "breadcrumbs": trail((title, reverse("ehrenamt:hold-new"))),
    }
    return render_portal(request, "hold_new.html", context)


@csrf_protect
@portal_view
def hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    """An own hold, what competes with it, and its buttons; those of others answer 404."""
    own = own_hold(request, hold_id)
    if request.method == "POST":
        return act(request, own)
    title = _("Held date")
    is_active = own.status == DateHold.Status.ACTIVE
    context = {
        "page_title": title,
        "row": hold_row(own, request),
        "hold": own,
        "kinds": kinds(),
        "check": check_of(request, own) if is_active else None,
        "again_url": again_url(own) if is_open_again(own) and own.span()[0] > timezone.now() else "",
        "offering_url": offering_url(request, own),
        "breadcrumbs": trail((title, "")),
    }
    return render_portal(request, "hold.html", context)


def is_open_again(held: DateHold) -> bool:
    """Given back, expired, or used for a draft that was deleted since."""
    return held.status not in (DateHold.Status.ACTIVE, DateHold.Status.USED) or (
        held.status == DateHold.Status.USED and held.offering_id is None
    )


def own_hold(request: HttpRequest, hold_id: int) -> DateHold:
    found = with_facts().filter(id=hold_id).first()
    if found is None or not (found.organisation in request.organisations or is_coordinator(request.user)):
        raise Http404
    return found


def with_facts():
    return DateHold.objects.select_related("organisation", "municipality", "topic", "need", "offering", "created_by")


def act(request: HttpRequest, own: DateHold) -> HttpResponse:
    """What the buttons do; whoever was too late is told what happened."""
    actions: dict[str, Callable] = {"use": use, "prolong": prolong, "release": release}
    action = actions.get(request.POST.get("action", ""))
    if action is None:
        messages.error(request, _("There is no such action. Nothing was changed."))
        return redirect("ehrenamt:hold", own.pk)
    try:
        return action(request, own)
    except NotAllowed as objection:
        messages.error(request, objection.message)
        return redirect("ehrenamt:hold", own.pk)


def use(request: HttpRequest, own: DateHold) -> HttpResponse:
    kind = kind_of(request.POST.get("art", "")) or kinds()[0]
    is_new = own.offering_id is None
    page = make_offering(request, own, kind)
    if page is None:
        message = _("There is no programme on this site yet. Nothing was saved; please tell the district's coordinators.")
        messages.error(request, message)
        return redirect("ehrenamt:hold", own.pk)
    if is_new:
        messages.success(request, _("This is your draft, with the date that you held. Please complete and submit it."))
    else:
        messages.info(request, _("This held date belongs to this offering already."))
    return redirect(editing.address(page))


def make_offering(request: HttpRequest, own: DateHold, kind: Kind) -> OfferingPage | None:
    parent = programme_page(request)
    if parent is None:
        return None
    facts = {**suggested_facts(own.organisation, request.user), **kind.initial}
    return holds.become_offering(own, model=kind.model, parent=parent, actor=request.user, facts=facts)


def prolong(request: HttpRequest, own: DateHold) -> HttpResponse:
    prolonged = holds.prolong_hold(own, actor=request.user)
    messages.success(request, _("The date is held for you until %(day)s.") % {"day": long_date(prolonged.expires_at)})
    return redirect("ehrenamt:hold", own.pk)


def release(request: HttpRequest, own: DateHold) -> HttpResponse:
    holds.release_hold(own, actor=request.user)
    messages.success(request, _("You gave the date back; it is open to others again."))
    return redirect("ehrenamt:portal")


# Showing


def check_of(request: HttpRequest, held: DateHold) -> dict:
    plan = plan_of_hold(held)
    return check_context(check_plan(plan, viewer_in(request)), plan)


def hold_rows(request: HttpRequest) -> list[dict]:
    """The holds of the own organisations that still stand, the next to expire first."""
    active = with_facts().active().filter(organisation__in=request.organisations).order_by("expires_at", "pk")
    return [hold_row(held, request) for held in active]


def hold_row(held: DateHold, request: HttpRequest) -> dict:
    now = timezone.now()
    is_over = held.status == DateHold.Status.ACTIVE and held.expires_at <= now
    state = DateHold.Status.EXPIRED if is_over else DateHold.Status(held.status)
    facts = {"hold": held, "actor": request.user, "own": request.organisations, "now": now}
    return {
        "pk": held.pk,
        "url": reverse("ehrenamt:hold", args=[held.pk]),
        "title": held.title or (held.topic.name if held.topic else _("Held date")),
        "when": held.when,
        "town": held.municipality.name if held.municipality else "",
        "topic": held.topic.name if held.topic and held.title else "",
        "organisation": held.organisation.name if len(request.organisations) > 1 else "",
        "state": STATE_STYLES[state],
        "state_label": state_label(state),
        "expires": expiry_of(held) if state == DateHold.Status.ACTIVE else "",
        "kept_for": held.offering.draft_title if held.offering and held.status == DateHold.Status.ACTIVE else "",
        "may_use": first_objection(rules.BECOME_OFFERING, **facts) is None,
        "may_prolong": first_objection(rules.PROLONG, **facts) is None,
        "may_release": first_objection(rules.RELEASE, **facts) is None,
    }


def state_label(state: DateHold.Status) -> str:
    return _("Held") if state == DateHold.Status.ACTIVE else str(state.label)


def expiry_of(held: DateHold) -> str:
    """„Vorgemerkt bis Donnerstag, 14. März 2027 (in 3 Tagen)“."""
    day = timezone.localdate(held.expires_at)
    return _("held until %(day)s (%(distance)s)") % {"day": long_date(day), "distance": days_until(day)}


def offering_url(request: HttpRequest, held: DateHold) -> str:
    is_own = held.offering is not None and held.organisation in request.organisations
    return editing.address(held.offering) if is_own else ""


def again_url(held: DateHold) -> str:
    wanted = {
        "datum": timezone.localdate(held.span()[0]).isoformat(),
        "gemeinde": held.municipality.slug if held.municipality else "",
        "thema": held.topic.slug if held.topic else "",
        "titel": held.title,
    }
    return f"{reverse('ehrenamt:hold-new')}?{urlencode({name: value for name, value in wanted.items() if value})}"
