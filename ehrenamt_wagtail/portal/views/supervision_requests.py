"""Supervision on request: a circle asks, the two write to each other, a date is agreed. Anybody else gets 404."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.forms.supervision import AgreeForm, AskForm, HeldForm, MessageForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups import session_records, supervision
from ehrenamt_wagtail.signups import supervision_requests as actions
from ehrenamt_wagtail.signups.models import SupervisionRequest, SupervisionSetup

from .supervision import REQUEST_STYLES, agreed_text
from .supervision_access import personal_view, render_supervision


@csrf_protect
@personal_view
def ask(request: HttpRequest, page_id: int) -> HttpResponse:
    """For who acts for a circle; others are told kindly that it is not theirs to ask."""
    page = OfferingPage.objects.live().filter(id=page_id).select_related("organisation").first()
    setup = SupervisionSetup.objects.select_related("supervisor").filter(offering=page_id).first() if page else None
    if page is None or first_objection([actions.must_be_on_request], page=page, setup=setup) is not None:
        raise Http404
    circles = list(actions.circles_of(request.user))
    title = _("Ask for supervision")
    context = {
        "page_title": title,
        "page": page,
        "public_url": page.get_url() or "",
        "supervisor": supervision.name_of(setup.supervisor),
        "form": None,
    }
    steps = ((page.title, page.get_url() or ""), (title, ""))
    if not circles or setup.supervisor_id == request.user.pk:
        return render_supervision(request, "ask.html", context, steps=steps, status=403)
    form = AskForm(tidy_data(request.POST) if request.method == "POST" else take_unsent(request), organisations=circles)
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.ask(page, actor=request.user, **form.cleaned_data)
        except NotAllowed as objection:
            form.add_error(None, objection.message)
        else:
            messages.success(request, _("Your message is on its way. You get a mail when there is an answer."))
            return redirect("ehrenamt:supervision-request", entry.pk)
    return render_supervision(request, "ask.html", {**context, "form": form}, steps=steps)


@csrf_protect
@personal_view
def one_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """What the two wrote, and their buttons; to everybody else it does not exist, superusers included."""
    entry = actions.readable_requests(request.user).filter(id=request_id).first()
    if entry is None:
        raise Http404
    forms = {"message": MessageForm(), "agree": agree_form(entry), "held": held_form(entry)}
    if request.method == "POST":
        answer = answer_to(request, entry, forms)
        if answer is not None:
            return answer
    elif (unsent := take_unsent(request)) is not None:
        forms["message"] = MessageForm(unsent)
    return show(request, entry, forms)


def answer_to(request: HttpRequest, entry: SupervisionRequest, forms: dict) -> HttpResponse | None:
    """What the button did; ``None`` when a form has errors to show."""
    data = tidy_data(request.POST)
    handlers: dict[str, Callable] = {"write": write, "agree": agree, "held": held, "decline": decline, "withdraw": withdraw}
    handler = handlers.get(data.get("action", ""))
    if handler is None:
        messages.error(request, _("There is no such action. Nothing was changed."))
        return redirect("ehrenamt:supervision-request", entry.pk)
    try:
        done = handler(request, entry, data, forms)
    except NotAllowed as objection:
        messages.error(request, objection.message)
        done = True
    return redirect("ehrenamt:supervision-request", entry.pk) if done else None


def write(request: HttpRequest, entry: SupervisionRequest, data, forms: dict) -> bool:
    form = forms["message"] = MessageForm(data)
    if form.is_valid():
        actions.write_message(entry, text=form.cleaned_data["text"], actor=request.user)
        messages.success(request, _("Your message is sent."))
    return form.is_valid()


def agree(request: HttpRequest, entry: SupervisionRequest, data, forms: dict) -> bool:
    form = forms["agree"] = AgreeForm(data, prefix="agree")
    if form.is_valid():
        facts = form.cleaned_data
        actions.agree(entry, start=facts["start"], end=facts["end"], place=facts["place"], actor=request.user)
        messages.success(request, _("The date is fixed. The other one gets a mail that there is something new."))
    return form.is_valid()


def held(request: HttpRequest, entry: SupervisionRequest, data, forms: dict) -> bool:
    form = forms["held"] = HeldForm(data, asks_day=True, prefix="held")
    if form.is_valid():
        facts = form.cleaned_data
        session_records.record_request(
            entry, day=facts["date"], hours=facts["hours"], head_count=facts["head_count"], actor=request.user
        )
        messages.success(request, _("Recorded. The district and the organisation see date, hours and number of people."))
    return form.is_valid()


def decline(request: HttpRequest, entry: SupervisionRequest, data, forms: dict) -> bool:
    form = forms["message"] = MessageForm(data)
    form.fields["text"].required = False
    if form.is_valid():
        actions.decline(entry, text=form.cleaned_data["text"], actor=request.user)
        messages.success(request, _("You declined. The other one gets a mail that there is something new."))
    return form.is_valid()


def withdraw(request: HttpRequest, entry: SupervisionRequest, data, forms: dict) -> bool:
    form = forms["message"] = MessageForm(data)
    form.fields["text"].required = False
    if form.is_valid():
        actions.withdraw(entry, text=form.cleaned_data["text"], actor=request.user)
        messages.success(request, _("You took your request back. The other one gets a mail that there is something new."))
    return form.is_valid()


def agree_form(entry: SupervisionRequest) -> AgreeForm:
    start = timezone.localtime(entry.agreed_start) if entry.agreed_start else None
    end = timezone.localtime(entry.agreed_end) if entry.agreed_end else None
    initial = {
        "date": start and start.date(),
        "start_time": start and start.time(),
        "end_time": end and end.time(),
        "place": entry.agreed_place,
    }
    return AgreeForm(initial=initial, prefix="agree")


def held_form(entry: SupervisionRequest) -> HeldForm:
    initial = {
        "date": timezone.localdate(entry.agreed_start) if entry.agreed_start else None,
        "hours": session_records.suggested_hours(entry.agreed_start, entry.agreed_end),
    }
    return HeldForm(initial=initial, asks_day=True, prefix="held")


def show(request: HttpRequest, entry: SupervisionRequest, forms: dict) -> HttpResponse:
    is_supervisor = entry.supervisor_id == request.user.pk
    other = entry.requested_by if is_supervisor else entry.supervisor
    asked = {"request": entry, "actor": request.user}
    has_begun = entry.agreed_start is not None and entry.agreed_start <= timezone.now()
    context = {
        "page_title": entry.offering.title,
        "entry": entry,
        "other": supervision.name_of(other),
        "circle": entry.organisation.name,
        "is_supervisor": is_supervisor,
        "state": REQUEST_STYLES[SupervisionRequest.Status(entry.status)],
        "agreed": agreed_text(entry),
        "thread": [
            {"text": message.text, "at": message.at, "is_own": message.author_id == request.user.pk}
            for message in entry.messages.all()
        ],
        "sessions": list(entry.sessions.order_by("date")) if is_supervisor else [],
        "may_agree": first_objection(actions.AGREE, **asked) is None,
        "may_decline": first_objection(actions.DECLINE, **asked) is None,
        "may_withdraw": first_objection(actions.WITHDRAW, **asked) is None,
        "may_record": is_supervisor and has_begun,
        **{f"{name}_form": form for name, form in forms.items()},
    }
    return render_supervision(request, "request.html", context, steps=((entry.offering.title, ""),))
