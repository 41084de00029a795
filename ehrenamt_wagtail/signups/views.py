"""The public pages: sign up, and a sign-up's own page. They need no account and set no cookie but the one against forged forms."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.programme.models import Occurrence
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.responses import never_stored

from . import rules, signing, waiting
from .calendars import calendar_of
from .forms import SignUpForm
from .models import SignUp
from .seats import count_seats, dates_of, plan_for
from .tokens import sign_up_of

TEMPLATES = "ehrenamt_wagtail/signups/"


def plan_of_date(uid):
    """How one signs up for a public date; anything else answers 404."""
    date = Occurrence.objects.select_related("page").filter(uid=uid, page__live=True).first()
    plan = plan_for(date.page_id, uid) if date else None
    if plan is None:
        raise Http404
    return plan


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uid) -> HttpResponse:
    plan = plan_of_date(uid)
    form = SignUpForm(request.POST or None, plan=plan)
    message = ""
    if request.method == "POST" and form.is_valid():
        try:
            outcome = signing.sign_up(
                plan,
                names=form.names(),
                email=form.cleaned_data["email"],
                uid=form.cleaned_data["uid"],
                would_wait=request.POST.get("action") == "wait",
            )
            return redirect(f"{reverse('ehrenamt:sign-up-sent', args=[uid])}?platz={outcome.value}")
        except NotAllowed as refusal:
            message = str(refusal)
    dates = dates_of(plan)
    context = {
        "form": form,
        "page": plan.offering.specific,
        "plan": plan,
        "dates": [date_text(date) for date in dates],
        "count": count_seats(plan),
        "message": message,
        "objection": first_objection(rules.SIGN_UP, plan=plan, now=timezone.now(), dates=dates, seats=1),
    }
    return render(request, TEMPLATES + "new.html", context)


@never_stored
@require_safe
def sent(request: HttpRequest, uid) -> HttpResponse:
    """What everybody is told after signing up, whether or not they had before."""
    plan = plan_of_date(uid)
    return render(request, TEMPLATES + "sent.html", {"page": plan.offering.specific, "waits": request.GET.get("platz") == "waiting"})


ACTIONS = {
    "confirm": signing.confirm,
    "cancel": signing.cancel_sign_up,
    "accept": waiting.accept_offer,
    "decline": waiting.decline_offer,
}


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The sign-up's own page; opening it changes nothing, since mail scanners follow links."""
    sign_up = own_sign_up(token)
    message = ""
    if request.method == "POST" and request.POST.get("action") in ACTIONS:
        try:
            ACTIONS[request.POST["action"]](sign_up)
            return redirect("ehrenamt:sign-up", token)
        except NotAllowed as refusal:
            message = str(refusal)
            sign_up.refresh_from_db()
    context = {
        "token": token,
        "sign_up": sign_up,
        "page": sign_up.plan.offering.specific,
        "dates": [date_text(date) for date in dates_of(sign_up.plan)],
        "names": [person.name for person in sign_up.participants.all()],
        "position": waiting.position_of(sign_up),
        "message": message,
    }
    return render(request, TEMPLATES + "own.html", context)


@never_stored
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    response = HttpResponse(calendar_of(own_sign_up(token)), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response


def own_sign_up(token: str) -> SignUp:
    sign_up = sign_up_of(token)
    if sign_up is None:
        raise Http404
    return sign_up
