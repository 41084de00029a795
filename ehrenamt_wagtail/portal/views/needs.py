"""Reporting a need, and taking up those of others."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.circles import needs as actions
from ehrenamt_wagtail.circles import rules
from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.circles.queries import needs_of, needs_taken_by, open_needs, with_facts
from ehrenamt_wagtail.coordination.models import DateHold
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, first_objection
from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.portal.forms.needs import NeedForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.kinds import kind_of, kinds
from ehrenamt_wagtail.portal.unsent import take_unsent

from . import editing
from .access import portal_view, render_portal, trail
from .drafts import organisations_to_choose, programme_page, suggested_facts, town_and_topic

STATE_STYLES = {
    Need.Status.OPEN: "draft",
    Need.Status.TAKEN: "in_review",
    Need.Status.ANSWERED: "published",
    Need.Status.CLOSED: "past",
}


@portal_view
def needs(request: HttpRequest) -> HttpResponse:
    """What is asked for, what the own organisations asked for, and what they took up."""
    own = {organisation.pk for organisation in request.organisations}
    title = _("Needs")
    context = {
        "page_title": title,
        "open_rows": [row for row in open_need_rows() if row["organisation_id"] not in own],
        "taken_rows": [need_row(need) for need in needs_taken_by(request.organisations)],
        "own_rows": [need_row(need) for need in needs_of(request.organisations)],
        "new_actions": [{"url": reverse("ehrenamt:need-new"), "label": _("Report a need"), "primary": True}],
        "breadcrumbs": trail((title, reverse("ehrenamt:needs"))),
    }
    return render_portal(request, "needs.html", context)


def open_need_rows(needs: Iterable[Need] | None = None) -> list[dict]:
    """Rows of ``includes/needs.html``: all open needs, or those given."""
    return [need_row(need) for need in (open_needs() if needs is None else needs)]


def need_row(need: Need) -> dict:
    size = need.group_size
    facts = [
        need.municipality.name if need.municipality else "",
        need.topic.name if need.topic else "",
        counted_people(size) if size else "",
        need.period,
    ]
    return {
        "pk": need.pk,
        "url": reverse("ehrenamt:need", args=[need.pk]),
        "title": need.title,
        "organisation": need.circle.title if need.circle else need.organisation.name,
        "organisation_id": need.organisation_id,
        "facts": [fact for fact in facts if fact],
        "text": Truncator(" ".join(need.description.split())).chars(200),
        "since": short_date(need.created_at),
        "is_open": need.status == Need.Status.OPEN,
        "state": STATE_STYLES[need.status],
        "state_label": state_label(need),
        "hold_url": f"{reverse('ehrenamt:hold-new')}?{urlencode({'bedarf': need.pk})}",
    }


def counted_people(number: int) -> str:
    """„12 Personen“, never on two lines."""
    return (ngettext("%(n)s person", "%(n)s people", number) % {"n": number}).replace(" ", "\N{NO-BREAK SPACE}")


def state_label(need: Need) -> str:
    if need.status == Need.Status.TAKEN and need.taken_by:
        return _("Taken up by %(organisation)s") % {"organisation": need.taken_by.name}
    labels = {
        Need.Status.OPEN: pgettext("need", "Open"),
        Need.Status.TAKEN: pgettext("need", "Taken up"),
        Need.Status.ANSWERED: pgettext("need", "Answered"),
        Need.Status.CLOSED: pgettext("need", "Closed"),
    }
    return labels[Need.Status(need.status)]


@csrf_protect
@portal_view
def new_need(request: HttpRequest) -> HttpResponse:
    organisations = organisations_to_choose(request)
    if request.method != "POST":
        return show_form(request, NeedForm(take_unsent(request), organisations=organisations, initial=wishes(request)))
    form = NeedForm(tidy_data(request.POST), organisations=organisations)
    if not form.is_valid():
        return show_form(request, form)
    try:
        need = actions.report_need(organisation=form.cleaned_data["organisation"], actor=request.user, **form.facts())
    except NotAllowed as objection:
        form.add_error(None, objection.message)
        return show_form(request, form)
    messages.success(request, _("Your need is reported. All partners see it, and we tell you when somebody takes it up."))
    return redirect("ehrenamt:need", need.pk)


def wishes(request: HttpRequest) -> dict:
    """What the address says by ``gemeinde`` and ``thema``; what it says wrongly is left out."""
    town, topic = town_and_topic(tidy_data(request.GET))
    return {name: entry.pk for name, entry in (("municipality", town), ("topic", topic)) if entry}


def show_form(request: HttpRequest, form: NeedForm) -> HttpResponse:
    title = _("Report a need")
    context = {"page_title": title, "form": form, "breadcrumbs": trail((title, reverse("ehrenamt:need-new")))}
    return render_portal(request, "need_new.html", context)


@csrf_protect
@portal_view
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need: its own organisation changes or closes it, others take it up. What is neither open nor one's own answers 404."""
    found = with_facts(Need.objects.filter(id=need_id)).first()
    if found is None or not may_see(request, found):
        raise Http404
    if request.method != "POST":
        return show_need(request, found, own_form(request, found, take_unsent(request)))
    data = tidy_data(request.POST)
    if data.get("action") == "save" and is_own(request, found):
        return save(request, found, data)
    try:
        if data.get("action") == "take":
            return take(request, found, data)
        if data.get("action") == "close":
            actions.close_need(found, actor=request.user)
            messages.success(request, _("The need is closed. Nobody sees it any more."))
            return redirect("ehrenamt:needs")
    except EhrenamtError as objection:
        messages.error(request, objection.message)
        return redirect("ehrenamt:needs" if not is_own(request, found) else found_url(found))
    messages.error(request, _("There is no such action. Nothing was changed."))
    return redirect(found_url(found))


def found_url(need: Need) -> str:
    return reverse("ehrenamt:need", args=[need.pk])


def is_own(request: HttpRequest, need: Need) -> bool:
    return need.organisation in request.organisations or is_coordinator(request.user)


def may_see(request: HttpRequest, need: Need) -> bool:
    """Open needs are addressed to all partners; whoever was about to take one up learns who was faster."""
    return is_own(request, need) or need.status in (Need.Status.OPEN, Need.Status.TAKEN)


def own_form(request: HttpRequest, need: Need, data=None) -> NeedForm | None:
    if first_objection(rules.EDIT, need=need, actor=request.user) is not None:
        return None
    return NeedForm(data, organisations=[], need=need)


def save(request: HttpRequest, need: Need, data) -> HttpResponse:
    form = NeedForm(data, organisations=[], need=need)
    if not form.is_valid():
        return show_need(request, need, form)
    try:
        actions.edit_need(need, actor=request.user, **form.facts())
    except NotAllowed as objection:
        # Somebody took it up while it was written: what was typed stays to be read.
        form.add_error(None, objection.message)
        return show_need(request, need, form)
    messages.success(request, _("Your change is saved."))
    return redirect(found_url(need))


def take(request: HttpRequest, need: Need, data) -> HttpResponse:
    """A draft of the chosen kind that answers the need; a second click leads to the same draft."""
    organisation = next(
        (own for own in request.organisations if str(own.pk) == data.get("organisation")), request.organisations[0]
    )
    if need.offering and need.taken_by in request.organisations:
        messages.info(request, _("You have taken up this need already. This is your draft."))
        return redirect(editing.address(need.offering))
    parent = programme_page(request)
    if parent is None:
        raise EhrenamtError(
            _("There is no programme on this site yet. Nothing was saved; please tell the district's coordinators.")
        )
    kind = kind_of(data.get("art", "")) or kinds()[0]
    page = kind.model(**{**suggested_facts(organisation, request.user), **kind.initial}, organisation=organisation, title=need.title)
    if need.municipality:
        page.municipality = need.municipality
        page.venue = page.venue if page.venue and page.venue.municipality_id == need.municipality_id else None
    if need.topic:
        page.topics.set([need.topic])
    page = actions.answer_with_draft(need, page, parent=parent, actor=request.user)
    messages.success(request, _("You take up this need with this draft. Please complete and submit it; those who asked are told."))
    return redirect(editing.address(page))


def show_need(request: HttpRequest, need: Need, form: NeedForm | None) -> HttpResponse:
    answer = need.offering
    is_ours = need.taken_by in request.organisations
    held = DateHold.objects.active().filter(need=need).first() if is_ours else None
    context = {
        "page_title": need.title,
        "need": need,
        "row": need_row(need),
        "form": form,
        "may_close": first_objection(rules.CLOSE, need=need, actor=request.user) is None,
        "may_take": may_take(request, need),
        "kinds": kinds(),
        "organisations": request.organisations,
        "answer_url": editing.address(answer) if answer and is_ours else "",
        "hold_url": reverse("ehrenamt:hold", args=[held.pk]) if held else "",
        "public_url": (answer.get_url() or "") if answer and answer.live else "",
        "breadcrumbs": trail((_("Needs"), reverse("ehrenamt:needs")), (need.title, "")),
    }
    return render_portal(request, "need.html", context)


def may_take(request: HttpRequest, need: Need) -> bool:
    """Others are meant; who asked may still answer it by a form of the own organisation."""
    others: list[Organisation] = [own for own in request.organisations if own.pk != need.organisation_id]
    return need.status == Need.Status.OPEN and bool(others)
