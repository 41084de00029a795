"""The supervisor's pages: own supervisions, who takes part, and what the supervisor does with it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.supervision import HeldForm, PeopleMessageForm, PersonForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups import session_records, supervision
from ehrenamt_wagtail.signups.models import HeldSession, SeatPlan, SignUp, SupervisionRequest, SupervisionSetup
from ehrenamt_wagtail.signups.occupancy import Occupancy, occupancies, supervisions_of
from ehrenamt_wagtail.signups.supervised import Group, SupervisedDate, dates_without_group, groups_of, people_of, supervised_pages
from ehrenamt_wagtail.signups.supervision_mails import write_to_people
from ehrenamt_wagtail.signups.supervision_requests import circles_of, readable_requests

from .supervision_access import personal_view, render_supervision, supervised_page

Status = SignUp.Status

REQUEST_STYLES = {
    SupervisionRequest.Status.OPEN: "in_review",
    SupervisionRequest.Status.AGREED: "published",
    SupervisionRequest.Status.DECLINED: "returned",
    SupervisionRequest.Status.WITHDRAWN: "past",
}


# The list


@personal_view
def supervisions(request: HttpRequest) -> HttpResponse:
    """What the account supervises, what it asked for, and where the organisation finds its own things."""
    pages = list(supervised_pages(request.user).select_related("organisation", "supervision_setup"))
    seats = occupancies([page.pk for page in pages])
    now = timezone.now()
    requests = [request_row(entry, request.user) for entry in readable_requests(request.user)]
    context = {
        "page_title": _("Supervision"),
        "rows": [page_row(page, seats[page.pk], now) for page in pages],
        "received": [row for row in requests if row["is_supervisor"]],
        "asked": [row for row in requests if not row["is_supervisor"]],
        "to_ask": pages_to_ask(request),
        "may_see_records": may_see_records(request),
        "may_name": is_coordinator(request.user),
    }
    return render_supervision(request, "list.html", context)


def page_row(page: OfferingPage, seats: list[Occupancy], now) -> dict:
    dates = sorted((date for row in seats for date in row.dates), key=lambda date: date.starts_at)
    coming = [date for date in dates if date.ends_at > now]
    setup = getattr(page, "supervision_setup", None)
    return {
        "url": reverse("ehrenamt:supervision", args=[page.pk]),
        "title": page.title,
        "organisation": page.organisation.name if page.organisation else "",
        "form": setup.get_form_display() if setup and page.is_current else _("formerly yours"),
        "next_date": date_text(coming[0]) if coming else "",
        "seats": [seats_text(row) for row in seats if any(date.ends_at > now for date in row.dates)][:1],
    }


def seats_text(row: Occupancy) -> str:
    """„5 von 8 Plätzen belegt, 2 auf der Warteliste“."""
    count = row.count
    if count.capacity is None:
        text = ngettext("%(taken)s person signed up", "%(taken)s people signed up", count.taken) % {"taken": count.taken}
    else:
        text = ngettext("%(taken)s of %(capacity)s seat taken", "%(taken)s of %(capacity)s seats taken", count.capacity)
        text = text % {"taken": count.taken, "capacity": count.capacity}
    if count.waiting:
        text += ", " + _("%(waiting)s on the waiting list") % {"waiting": count.waiting}
    return text


def request_row(entry: SupervisionRequest, user) -> dict:
    is_supervisor = entry.supervisor_id == user.pk
    other = entry.requested_by if is_supervisor else entry.supervisor
    return {
        "url": reverse("ehrenamt:supervision-request", args=[entry.pk]),
        "title": entry.offering.title,
        "other": supervision.name_of(other),
        "circle": entry.organisation.name,
        "is_supervisor": is_supervisor,
        "state": REQUEST_STYLES[SupervisionRequest.Status(entry.status)],
        "state_label": entry.get_status_display(),
        "agreed": agreed_text(entry),
    }


def agreed_text(entry: SupervisionRequest) -> str:
    if entry.status != SupervisionRequest.Status.AGREED or entry.agreed_start is None:
        return ""
    return date_range(entry.agreed_start, entry.agreed_end)


def pages_to_ask(request: HttpRequest) -> list[dict]:
    """Supervisions on request, for who acts for a circle."""
    if not circles_of(request.user).exists():
        return []
    pages = supervisions_of(None).filter(supervision_setup__form=SupervisionSetup.Form.ON_REQUEST)
    pages = pages.exclude(supervision_setup__supervisor=request.user)
    return [
        {
            "url": reverse("ehrenamt:supervision-ask", args=[page.pk]),
            "title": page.title,
            "organisation": page.organisation.name if page.organisation else "",
        }
        for page in pages
    ]


def may_see_records(request: HttpRequest) -> bool:
    return is_coordinator(request.user) or (bool(request.organisations) and supervisions_of(request.organisations).exists())


# One supervision


@csrf_protect
@personal_view
def one_supervision(request: HttpRequest, page_id: int) -> HttpResponse:
    page = supervised_page(request, page_id)
    if request.method == "POST":
        return act(request, page)
    groups = groups_of(page, user=request.user)
    now = timezone.now()
    shown = [group_row(page, group, now, request.user) for group in groups]
    context = {
        "page_title": page.title,
        "page": page,
        "setup": getattr(page, "supervision_setup", None),
        "is_current": page.supervision_setup.supervisor_id == request.user.pk if hasattr(page, "supervision_setup") else False,
        "coming": [row for row in shown if not row["is_over"]],
        "over": [row for row in reversed(shown) if row["is_over"]],
        "other_dates": [date_row(page, date, now) for date in dates_without_group(page, groups)],
        "requests": [
            request_row(entry, request.user)
            for entry in readable_requests(request.user).filter(offering=page.pk, supervisor=request.user)
        ],
        "public_url": page.get_url() if page.live else "",
    }
    return render_supervision(request, "one.html", context, steps=((page.title, ""),))


def group_row(page: OfferingPage, group: Group, now, user) -> dict:
    plan, setup = group.plan, getattr(page, "supervision_setup", None)
    is_group = plan.occurrence_uid is None and len(group.dates) > 1
    information = bool(setup and plan.occurrence_uid and plan.occurrence_uid == setup.information_uid)
    return {
        "plan": plan,
        "title": date_text(group.dates[0].date) if not is_group else _("The group"),
        "note": _("Information evening, open to all") if information else "",
        "seats": seats_text(group.occupancy),
        "dates": [date_row(page, date, now) for date in group.dates],
        "is_group": is_group,
        "is_single": len(group.dates) == 1,
        "has_seat": [person_row(person) for person in group.people if person.status == Status.CONFIRMED],
        "open": [person_row(person) for person in group.people if person.status in (Status.PENDING, Status.OFFERED)],
        "waiting": [person_row(person) for person in group.people if person.status == Status.WAITING],
        "is_over": group.is_over(now),
        "has_begun": group.dates[0].date.starts_at <= now,
        "is_closed": bool(plan.closes_at and plan.closes_at <= now),
        "may_act": setup is not None and setup.supervisor_id == user.pk and not group.is_over(now),
    }


def date_row(page: OfferingPage, date: SupervisedDate, now) -> dict:
    begins = date.date.starts_at
    return {
        "uid": date.date.uid,
        "text": date_text(date.date),
        "session": date.session,
        "record_url": reverse("ehrenamt:supervision-held", args=[page.pk, date.date.uid]) if begins <= now else "",
    }


def person_row(sign_up: SignUp) -> dict:
    return {
        "pk": sign_up.pk,
        "names": [person.name for person in sign_up.participants.all()],
        "state": sign_up.get_status_display(),
        "email": sign_up.email,
        "phone": sign_up.phone,
        "circle": sign_up.circle.title if sign_up.circle else "",
        "answers": [(answer.label, answer.text) for answer in sign_up.answers.all()],
        "needs": sign_up.needs.text if hasattr(sign_up, "needs") else "",
        "by_hand": sign_up.source == SignUp.Source.HAND,
        "since": sign_up.created_at,
    }


def act(request: HttpRequest, page: OfferingPage) -> HttpResponse:
    action = request.POST.get("action")
    try:
        if action == "cancel":
            sign_up = people_of(page, user=request.user).filter(pk=number_in(request.POST.get("sign_up", "")) or 0).first()
            if sign_up is None:
                raise Http404
            supervision.cancel_for(sign_up, actor=request.user)
            messages.success(request, off_the_list(sign_up))
        elif action in ("close", "open"):
            plan = own_plan(page, request.POST.get("plan", ""))
            if action == "close":
                supervision.close_sign_up(plan, actor=request.user)
                messages.success(request, _("The sign-up is closed. Nobody else can sign up."))
            else:
                supervision.open_sign_up(plan, actor=request.user)
                messages.success(request, _("One can sign up again."))
        else:
            messages.error(request, _("There is no such action. Nothing was changed."))
    except NotAllowed as objection:
        messages.error(request, objection.message)
    return redirect("ehrenamt:supervision", page.pk)


def off_the_list(sign_up: SignUp) -> str:
    if sign_up.email:
        return _("The person is off the list and is told by mail. A seat that became free is offered to whoever waits.")
    return _("The person is off the list. There is no mail address: please tell the person. A free seat is offered to whoever waits.")


def own_plan(page: OfferingPage, number: str) -> SeatPlan:
    plan = SeatPlan.objects.filter(offering=page.pk, id=number_in(number) or 0, mode=SeatPlan.Mode.HERE).first()
    if plan is None:
        raise Http404
    return plan


def must_be_current(request: HttpRequest, page: OfferingPage) -> None:
    """Only who is the supervisor now writes and adds people; to others the page does not exist."""
    if first_objection(supervision.SUPERVISE, offering_id=page.pk, actor=request.user) is not None:
        raise Http404


# Adding, writing, recording


@csrf_protect
@personal_view
def add_person(request: HttpRequest, page_id: int, plan_id: int) -> HttpResponse:
    page = supervised_page(request, page_id)
    must_be_current(request, page)
    plan = own_plan(page, str(plan_id))
    form = PersonForm(tidy_data(request.POST) if request.method == "POST" else take_unsent(request))
    if request.method == "POST" and form.is_valid():
        try:
            supervision.add_person(plan, actor=request.user, **form.cleaned_data)
        except NotAllowed as objection:
            form.add_error(None, objection.message)
        else:
            messages.success(request, _("The person is on the list."))
            return redirect("ehrenamt:supervision", page.pk)
    context = {"page_title": _("Add a person"), "form": form, "page": page, "lead": dates_of_plan(page, plan, request.user)}
    return render_supervision(request, "person.html", context, steps=steps_to(page, _("Add a person")))


@csrf_protect
@personal_view
def write(request: HttpRequest, page_id: int, plan_id: int) -> HttpResponse:
    page = supervised_page(request, page_id)
    must_be_current(request, page)
    plan = own_plan(page, str(plan_id))
    form = PeopleMessageForm(tidy_data(request.POST) if request.method == "POST" else take_unsent(request))
    people = [person for person in people_of(page, user=request.user).filter(plan=plan) if person.has_seat]
    if request.method == "POST" and form.is_valid():
        try:
            notice = write_to_people(page, plan=plan, actor=request.user, **form.cleaned_data)
        except NotAllowed as objection:
            form.add_error(None, objection.message)
        else:
            number = notice.recipients.exclude(mail=None).count()
            messages.success(request, sent_text(number))
            return redirect("ehrenamt:supervision", page.pk)
    context = {
        "page_title": _("Write a message"),
        "form": form,
        "page": page,
        "lead": dates_of_plan(page, plan, request.user),
        "reached": [name for person in people if person.email for name in names_of(person)],
        "not_reached": [name for person in people if not person.email for name in names_of(person)],
        "own_email": request.user.email,
    }
    return render_supervision(request, "message.html", context, steps=steps_to(page, _("Write a message")))


def names_of(sign_up: SignUp) -> list[str]:
    return [person.name for person in sign_up.participants.all()]


def sent_text(number: int) -> str:
    return ngettext("The message goes to %(number)s mail address.", "The message goes to %(number)s mail addresses.", number) % {
        "number": number
    }


def dates_of_plan(page: OfferingPage, plan: SeatPlan, user) -> list[str]:
    return [date_text(date) for row in occupancies([page.pk])[page.pk] if row.plan.pk == plan.pk for date in row.dates]


@csrf_protect
@personal_view
def held(request: HttpRequest, page_id: int, uid: UUID) -> HttpResponse:
    """It took place: hours and number of people, suggested from the date and the seats taken."""
    page = supervised_page(request, page_id)
    date = Occurrence.objects.filter(page=page.pk, uid=uid).exclude(starts_at=None).first()
    if date is None or date.starts_at > timezone.now() or session_records.is_cancelled(page, uid):
        raise Http404
    session = HeldSession.objects.filter(offering=page.pk, occurrence_uid=uid).first()
    form = HeldForm(tidy_data(request.POST) if request.method == "POST" else None, initial=suggestion(page, date, session))
    if request.method == "POST" and form.is_valid():
        try:
            session_records.record_date(page, uid=uid, actor=request.user, **form.cleaned_data)
        except NotAllowed as objection:
            form.add_error(None, objection.message)
        else:
            messages.success(request, _("Recorded. The district and the organisation see date, hours and number of people."))
            return redirect("ehrenamt:supervision", page.pk)
    title = _("Record that it took place")
    context = {"page_title": title, "form": form, "page": page, "lead": [date_text(date)], "session": session}
    return render_supervision(request, "held.html", context, steps=steps_to(page, title))


def suggestion(page: OfferingPage, date: Occurrence, session: HeldSession | None) -> dict:
    if session is not None:
        return {"hours": session.hours, "head_count": session.head_count}
    return {
        "hours": session_records.suggested_hours(date.start, date.end),
        "head_count": session_records.suggested_head_count(page, date.uid),
    }


def steps_to(page: OfferingPage, title: str) -> tuple[tuple[str, str], ...]:
    return ((page.title, reverse("ehrenamt:supervision", args=[page.pk])), (title, ""))
