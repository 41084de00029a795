"""One sign-up: what was given and what happened, what the organiser may change, the printed confirmation; and a new one by hand."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.portal.forms.sign_ups import AddForm, MoveForm, NamesForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups import adding, listing, organising, shown
from ehrenamt_wagtail.signups.mails import own_url
from ehrenamt_wagtail.signups.models import AccessNeeds, SignUp
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from ehrenamt_wagtail.signups.waiting import position_of

from .access import portal_view
from .sign_up_pages import SIGN_UPS, own_offering, render_sign_up_page


def own_sign_up(request: HttpRequest, page: OfferingPage, sign_up_id: int) -> SignUp:
    """A sign-up of this offering; any other answers 404."""
    sign_ups = readable_sign_ups(page, user=request.user).filter(is_confidential=False)
    sign_up = sign_ups.select_related("plan", "circle").prefetch_related("participants").filter(id=sign_up_id).first()
    if sign_up is None:
        raise Http404
    return sign_up


@csrf_protect
@portal_view
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, page_id: int, sign_up_id: int) -> HttpResponse:
    page = own_offering(request, page_id, with_people=True)
    entry = own_sign_up(request, page, sign_up_id)
    if request.method != "POST":
        return show(request, page, entry)
    data = tidy_data(request.POST)
    action = ACTIONS.get(data.get("action"))
    if action is None:
        return show(request, page, entry)
    return action(request, page, entry, data)


def show(
    request: HttpRequest,
    page: OfferingPage,
    entry: SignUp,
    *,
    notice: str = "",
    names_form: NamesForm | None = None,
    move_form: MoveForm | None = None,
) -> HttpResponse:
    rows = listing.plan_rows(page)
    others = [row for row in rows if row.plan.pk != entry.plan_id and row.takes_people]
    label = next((row.label for row in rows if row.plan.pk == entry.plan_id), "")
    names = [person.name for person in entry.participants.all()]
    context = {
        "sign_up": entry,
        "names": names,
        "heading": " + ".join(names),
        "state": listing.state_shape(entry),
        "state_label": listing.state_label(entry, position_of(entry)),
        "deadline": listing.deadline_text(entry),
        "plan_label": label,
        "dates": shown.facts_of_dates(entry.plan, page, now=timezone.now()),
        "circle_name": conf.CIRCLE_NAME,
        "answers": list(entry.answers.all()),
        "needs": AccessNeeds.objects.filter(sign_up=entry).first(),
        "history": history_of(entry),
        "seen": organising.version_of(entry),
        "notice": notice,
        "names_form": names_form or NamesForm(sign_up=entry),
        "move_form": (move_form or MoveForm(rows=others)) if others and may_move(entry) else None,
        "letter_url": reverse("ehrenamt:sign-up-letter", args=[page.pk, entry.pk]),
    }
    return render_sign_up_page(request, page, "detail.html", context, tab=SIGN_UPS, title=_("One sign-up"))


def may_move(entry: SignUp) -> bool:
    """Who was offered a seat answers first."""
    return entry.is_active and entry.status != SignUp.Status.OFFERED


def history_of(entry: SignUp) -> list[dict]:
    """What happened when, as far as it is stored, the first thing first."""
    ended = _("Cancelled by the person or for them") if entry.status == SignUp.Status.CANCELLED else _("Lapsed, seat given free")
    is_by_hand = entry.source != SignUp.Source.WEB
    steps = [
        (entry.created_at, _("Signed up (%(how)s)") % {"how": entry.get_source_display()}),
        (entry.reminded_at, _("Reminded to confirm")),
        # What the organiser enters needs no confirmation.
        (None if is_by_hand else entry.confirmed_at, _("Mail address confirmed")),
        (entry.ended_at, ended),
    ]
    return [{"when": when, "what": what} for when, what in sorted((step for step in steps if step[0]), key=lambda step: step[0])]


# What the buttons do


def cancel(request: HttpRequest, page: OfferingPage, entry: SignUp, data) -> HttpResponse:
    return act(
        request,
        page,
        entry,
        lambda: organising.cancel_for(entry, actor=request.user, seen=data.get("seen", "")),
        _("The sign-up is cancelled. The person gets a mail.") if entry.email else told_by_telephone(),
    )


def told_by_telephone() -> str:
    return _("The sign-up is cancelled. There is no mail address: please tell the person.")


def send(request: HttpRequest, page: OfferingPage, entry: SignUp, data) -> HttpResponse:
    return act(
        request,
        page,
        entry,
        lambda: organising.send_link_again(entry, actor=request.user, seen=data.get("seen", "")),
        _("The mail with the link is on its way once more."),
    )


def correct(request: HttpRequest, page: OfferingPage, entry: SignUp, data) -> HttpResponse:
    form = NamesForm(data, sign_up=entry)
    if not form.is_valid():
        return show(request, page, entry, names_form=form)
    return act(
        request,
        page,
        entry,
        lambda: organising.correct_names(entry, names=form.names(), actor=request.user, seen=data.get("seen", "")),
        _("The name is corrected."),
        names_form=form,
    )


def move(request: HttpRequest, page: OfferingPage, entry: SignUp, data) -> HttpResponse:
    others = [row for row in listing.plan_rows(page) if row.plan.pk != entry.plan_id and row.takes_people]
    form = MoveForm(data, rows=others)
    if not form.is_valid():
        return show(request, page, entry, move_form=form)

    def change() -> None:
        organising.move_to(entry, to=form.plan(), actor=request.user, seen=data.get("seen", ""))

    done = _("The sign-up is moved. The person gets a mail.") if entry.email else _("The sign-up is moved. Please tell the person.")
    return act(request, page, entry, change, done, move_form=form)


ACTIONS = {"cancel": cancel, "send": send, "names": correct, "move": move}


def act(request: HttpRequest, page: OfferingPage, entry: SignUp, change, done: str, **forms) -> HttpResponse:
    """Do it and say so; when it is refused, show the sign-up as it is now with the reason, and what was typed."""
    try:
        change()
    except organising.StaleSignUp as refusal:
        # The forms belong to what is not there any more.
        return show(request, page, own_sign_up(request, page, entry.pk), notice=str(refusal))
    except NotAllowed as refusal:
        return show(request, page, own_sign_up(request, page, entry.pk), notice=str(refusal), **forms)
    messages.success(request, done)
    return redirect("ehrenamt:sign-up-detail", page.pk, entry.pk)


# Printed confirmation


@portal_view
@require_safe
def letter(request: HttpRequest, page_id: int, sign_up_id: int) -> HttpResponse:
    """A confirmation on paper, for people without a mail address."""
    page = own_offering(request, page_id, with_people=True)
    entry = own_sign_up(request, page, sign_up_id)
    url = own_url(entry)
    context = {
        "sign_up": entry,
        "names": [person.name for person in entry.participants.all()],
        "state_label": listing.state_label(entry, position_of(entry)),
        "dates": shown.facts_of_dates(entry.plan, page, now=timezone.now()),
        "where": shown.where(page),
        "today": timezone.localdate(),
        "own_url": url,
        "qr_code": shown.qr_code(url) if entry.is_active else None,
        "detail_url": reverse("ehrenamt:sign-up-detail", args=[page.pk, entry.pk]),
        "next_url": f"{reverse('ehrenamt:sign-up-add', args=[page.pk])}?{urlencode({'termin': entry.plan_id})}",
    }
    return render_sign_up_page(request, page, "letter.html", context, tab=SIGN_UPS, title=_("Confirmation to print"))


# By hand


@csrf_protect
@portal_view
@require_http_methods(["GET", "HEAD", "POST"])
def add_sign_up(request: HttpRequest, page_id: int) -> HttpResponse:
    """Enter somebody who signed up by telephone or in person."""
    page = own_offering(request, page_id, with_people=True)
    rows = [row for row in listing.plan_rows(page) if row.takes_people]
    row = chosen_row(rows, request.GET.get("termin"))
    if row is None:
        return show_add(request, page, {"choices": rows, "base_url": reverse("ehrenamt:sign-up-add", args=[page.pk])})
    if request.method != "POST":
        return show_add(request, page, {"form": AddForm(plan=row.plan), "row": row, "several": len(rows) > 1})
    form = AddForm(tidy_data(request.POST), plan=row.plan)
    notice = ""
    if form.is_valid():
        try:
            entry = adding.add_by_hand(row.plan, names=form.names(), actor=request.user, **form.facts())
            return redirect("ehrenamt:sign-up-letter", page.pk, entry.pk)
        except NotAllowed as refusal:
            notice = str(refusal)
            form.data["uid"] = uuid4()
    return show_add(request, page, {"form": form, "row": row, "several": len(rows) > 1, "notice": notice})


def chosen_row(rows: list[listing.PlanRow], value: str | None) -> listing.PlanRow | None:
    """The date that the address names; the only one if there is one."""
    if len(rows) == 1:
        return rows[0]
    return next((row for row in rows if str(row.plan.pk) == value), None)


def show_add(request: HttpRequest, page: OfferingPage, context: dict) -> HttpResponse:
    return render_sign_up_page(request, page, "add.html", context, tab=SIGN_UPS, title=_("Add a sign-up by hand"))
