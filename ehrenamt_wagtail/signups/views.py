"""The public pages: sign up, and a sign-up's own page. They need no account and set no cookie but the one against forged forms.

What they answer never tells whether somebody has signed up or an address is known.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.programme.facts import facts_of
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.responses import never_stored

from . import attendance, people, rules, signing, waiting
from .calendars import calendar_of
from .certificate_views import own_certificates
from .forms import SeatsForm, SignUpForm
from .models import PrivacyNotice, SeatPlan, SignUp
from .providers import sign_up_box, words_for
from .seats import count_seats, dates_of, plan_for
from .shown import contact_for, contact_of, day_of_online_access, facts_of_dates, facts_of_form, qr_code, state_of
from .supervision import promise_of
from .tokens import sign_up_of, token_of

TEMPLATES = "ehrenamt_wagtail/signups/"


# Sign up


def plan_of_date(uid) -> SeatPlan:
    """How one signs up for a public date; anything else answers 404."""
    pages = OfferingPage.objects.live().public()
    date = Occurrence.objects.filter(uid=uid, page__in=pages).first()
    plan = plan_for(date.page_id, uid) if date else None
    if plan is None:
        raise Http404
    return plan


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uid) -> HttpResponse:
    """The form. What was typed stays whatever happens meanwhile, and there is always a next step."""
    plan = plan_of_date(uid)
    action = request.POST.get("action", "")
    refusal = None
    if action == "carry":
        # From the form of another date of the same offering, with what was typed there.
        form = SignUpForm(plan=plan, initial=request.POST.dict())
    else:
        form = SignUpForm(request.POST if request.method == "POST" else None, plan=plan)
        if form.is_bound and form.is_trap:
            return redirect_to_sent(uid, signing.Outcome.SEAT)
        if form.is_bound and form.is_valid():
            try:
                names = form.names()[:1] if action == "one" else form.names()
                outcome = signing.sign_up(plan, names=names, would_wait=action == "wait", **form.facts())
                return redirect_to_sent(uid, outcome)
            except NotAllowed as error:
                refusal = error
    return render(request, TEMPLATES + "new.html", form_context(plan, form, refusal))


def redirect_to_sent(uid, outcome: signing.Outcome) -> HttpResponse:
    return redirect(f"{reverse('ehrenamt:sign-up-sent', args=[uid])}?platz={outcome.value}")


def form_context(plan: SeatPlan, form: SignUpForm, refusal: NotAllowed | None) -> dict:
    now = timezone.now()
    page = plan.offering.specific
    count = count_seats(plan)
    objection = first_objection(rules.SIGN_UP, plan=plan, now=now, dates=dates_of(plan), seats=1)
    two = form.is_bound and not form.errors and len(form.names()) > 1
    is_full = count.is_full or (two and not count.has_room_for(2))
    return {
        "form": form,
        "page": page,
        "plan": plan,
        "facts": facts_of_form(plan, page, words_for(count.free, plan.has_waiting_list)),
        "refusal": refusal.message if refusal else "",
        "objection": objection.message if objection else "",
        "is_full": is_full,
        # Two people and one seat: one of them can have it.
        "first_name": form.names()[0] if two and is_full and not count.is_full else "",
        "others": other_dates(page, plan, now) if objection or is_full else [],
        "contact": contact_of(page),
        **privacy_context(page),
    }


def other_dates(page: OfferingPage, plan: SeatPlan, now) -> list[dict]:
    """Other dates of the offering that one can sign up for here."""
    box = sign_up_box(page, dates=facts_of(page).dates, now=now) or {"rows": [], "folded": []}
    return [
        row
        for row in [*box["rows"], *box["folded"]]
        if row["mode"] == SeatPlan.Mode.HERE and row["url"] and row["plan"] != plan.pk
    ]


def privacy_context(page: OfferingPage) -> dict:
    """Who is responsible under which law, how long what is kept, and for a supervision who alone reads it."""
    notice = PrivacyNotice.objects.filter(organisation=page.organisation_id).first()
    setup = getattr(page, "supervision_setup", None)
    return {
        "notice": notice,
        "law": notice.law if notice else PrivacyNotice.Law.GDPR,
        "kept_months": conf.SIGNUP_KEPT_MONTHS,
        "is_confidential": setup is not None,
        "promise": promise_of(page) if setup else [],
    }


@never_stored
@require_safe
def sent(request: HttpRequest, uid) -> HttpResponse:
    """What everybody is told after signing up, whether or not they had before."""
    plan = plan_of_date(uid)
    page = plan.offering.specific
    context = {
        "page": page,
        "waits": request.GET.get("platz") == signing.Outcome.WAITING.value,
        "hold_hours": conf.SIGNUP_HOLD_HOURS,
        "mails_per_day": conf.SIGNUP_MAILS_PER_DAY,
        "contact": contact_of(page),
        "form_url": reverse("ehrenamt:sign-up-new", args=[uid]),
    }
    return render(request, TEMPLATES + "sent.html", context)


# A sign-up's own page


def decline(sign_up: SignUp) -> SignUp:
    return waiting.decline_offer(sign_up)


def wait_for_all(sign_up: SignUp) -> SignUp:
    return waiting.decline_offer(sign_up, waits_on=True)


ACTIONS = {
    "confirm": signing.confirm,
    "cancel": signing.cancel_sign_up,
    "accept": waiting.accept_offer,
    "decline": decline,
    "wait": wait_for_all,
}


@never_stored
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The sign-up's own page; opening it changes nothing, since mail scanners follow links."""
    sign_up = sign_up_of(token)
    if sign_up is None:
        return unknown(request)
    refusal = ""
    form = None
    action = request.POST.get("action", "")
    if request.method == "POST":
        try:
            if action in ACTIONS:
                ACTIONS[action](sign_up)
                return redirect("ehrenamt:sign-up", token)
            if action == "seats":
                form = SeatsForm(request.POST)
                if form.is_valid():
                    people.change_second_person(sign_up, name=form.cleaned_data["second_name"])
                    return redirect("ehrenamt:sign-up", token)
        except NotAllowed as error:
            refusal = error.message
            sign_up = sign_up_of(token)
            if sign_up is None:
                # Deleted in this very moment.
                return unknown(request)
    context = own_context(sign_up, token, refusal=refusal, form=form)
    context["door"] = attendance.door_link(sign_up, user=request.user)
    context["own_certificates"] = own_certificates(sign_up, token)
    return render(request, TEMPLATES + "own.html", context)


def own_context(sign_up: SignUp, token: str, *, refusal: str = "", form: SeatsForm | None = None) -> dict:
    now = timezone.now()
    plan = sign_up.plan
    page = plan.offering.specific
    dates = facts_of_dates(plan, page, now=now)
    names = [person.name for person in sign_up.participants.all()]
    is_over = bool(dates) and all(date.past or date.cancelled for date in dates)
    # Who waits with somebody may leave them out; to bring somebody along to one's place would pass others.
    may_change = people.may_change(sign_up) and (sign_up.has_seat or len(names) > 1)
    can_change = may_change and not is_over and plan.seats_per_sign_up > 1
    coming = next((date for date in dates if not date.past and not date.cancelled), None)
    return {
        "token": token,
        "sign_up": sign_up,
        "page": page,
        "plan": plan,
        "facts": facts_of_form(plan, page, "", dates=dates),
        "names": names,
        "state": state_of(sign_up, is_over=is_over, is_cancelled=bool(dates) and all(date.cancelled for date in dates)),
        "position": waiting.position_of(sign_up),
        "is_over": is_over,
        "is_fewer": sign_up.status == SignUp.Status.OFFERED and sign_up.seats_held < sign_up.seats,
        "seats_form": (form or SeatsForm(initial={"second_name": "".join(names[1:2])})) if can_change else None,
        "circle_label": conf.CIRCLE_NAME,
        "answers": list(sign_up.answers.all()),
        "needs": getattr(sign_up, "needs", None),
        "online": day_of_online_access(sign_up, page, now),
        "refusal": refusal,
        "again_url": reverse("ehrenamt:sign-up-new", args=[coming.uid]) if coming and page.live and plan.is_here else "",
        "contact": contact_for(sign_up, page),
    }


def unknown(request: HttpRequest) -> HttpResponse:
    """A link that was altered, or whose sign-up was deleted: what to do now."""
    return render(request, TEMPLATES + "unknown.html", {"kept_months": conf.SIGNUP_KEPT_MONTHS}, status=404)


@never_stored
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The dates for the person's own calendar; after a cancellation what takes them out of it again."""
    sign_up = sign_up_of(token)
    if sign_up is None or (sign_up.is_active and not sign_up.has_seat):
        return unknown(request)
    response = HttpResponse(calendar_of(sign_up), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response


@never_stored
@require_safe
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """For paper: what was signed up for, with a code that opens the sign-up's own page."""
    sign_up = sign_up_of(token)
    if sign_up is None:
        return unknown(request)
    if not sign_up.has_seat:
        return redirect("ehrenamt:sign-up", token)
    url = request.build_absolute_uri(reverse("ehrenamt:sign-up", args=[token_of(sign_up)]))
    return render(
        request, TEMPLATES + "confirmation.html", own_context(sign_up, token) | {"own_url": url, "qr_code": qr_code(url)}
    )
