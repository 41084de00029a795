"""Releasing certificates, and printing them for those who have no mail address."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.forms.door import ReleaseForm
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups import attendance, certificates, papers, rules
from ehrenamt_wagtail.signups.models import CertificateRelease, Participant, SeatPlan
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from ehrenamt_wagtail.signups.seats import dates_of

from .access import portal_view
from .sign_up_pages import CERTIFICATES, own_offering, render_sign_up_page


@dataclass(frozen=True)
class Section:
    """What people signed up for together: the whole offering or one date, with those who were there."""

    plan: SeatPlan
    dates: list[Occurrence]
    release: CertificateRelease | None
    people: list[Participant]
    seats: int
    objection: str
    form: ReleaseForm

    @property
    def date_texts(self) -> list[str]:
        return [date_text(date) for date in self.dates]

    @property
    def can_take_back(self) -> bool:
        return self.release is not None and not any(person.certificate for person in self.people)

    @property
    def door_url(self) -> str:
        date = attendance.nearest_date(self.dates, timezone.now())
        return reverse("ehrenamt:door", args=[self.plan.offering_id, date.uid]) if date else ""


@csrf_protect
@portal_view
def certificates_page(request: HttpRequest, page_id: int) -> HttpResponse:
    page = own_offering(request, page_id, with_people=True)
    if request.method != "POST":
        return show(request, page)
    plan = here(page).filter(pk=number_in(request.POST.get("plan", ""))).first()
    actions = {"release": release, "take-back": take_back, "print": make_and_print}
    action = actions.get(request.POST.get("action", ""))
    if plan is None or action is None:
        messages.error(request, _("There is no such action. Nothing was changed."))
        return redirect("ehrenamt:certificates", page.pk)
    return action(request, page, plan)


def here(page: OfferingPage):
    return SeatPlan.objects.filter(offering=page.pk, mode=SeatPlan.Mode.HERE)


def release(request: HttpRequest, page: OfferingPage, plan: SeatPlan) -> HttpResponse:
    form = ReleaseForm(tidy_data(request.POST), prefix=f"plan-{plan.pk}")
    if not form.is_valid():
        return show(request, page, bound=(plan, form))
    was_released = certificates.release_of(plan) is not None
    try:
        certificates.release_certificates(plan, actor=request.user, **form.cleaned_data)
    except NotAllowed as objection:
        form.add_error(None, objection.message)
        return show(request, page, bound=(plan, form))
    if was_released:
        messages.success(request, _("Hours and contents are saved. Certificates that were made already say so, too."))
    else:
        messages.success(request, _("The certificates are released. Those who were there get a mail and can fetch theirs."))
    return redirect("ehrenamt:certificates", page.pk)


def take_back(request: HttpRequest, page: OfferingPage, plan: SeatPlan) -> HttpResponse:
    row = certificates.release_of(plan)
    try:
        if row is not None:
            certificates.take_release_back(row, actor=request.user)
        messages.success(request, _("The release was taken back. Nobody can fetch a certificate at the moment."))
    except NotAllowed as objection:
        messages.error(request, objection.message)
    return redirect("ehrenamt:certificates", page.pk)


def make_and_print(request: HttpRequest, page: OfferingPage, plan: SeatPlan) -> HttpResponse:
    """All of them, or that of one ``person``; the answer leads to the document."""
    row = certificates.release_of(plan)
    wanted = request.POST.get("person", "")
    people = present_people(request, page, plan)
    if wanted:
        people = [person for person in people if person.pk == number_in(wanted)]
    if row is None or not people:
        messages.error(request, _("There is no certificate to print. Nothing was changed."))
        return redirect("ehrenamt:certificates", page.pk)
    try:
        certificates.issue_all(row, participants=people, actor=request.user)
    except NotAllowed as objection:
        messages.error(request, objection.message)
        return redirect("ehrenamt:certificates", page.pk)
    address = reverse("ehrenamt:certificates-print", args=[page.pk, row.pk])
    return redirect(f"{address}?person={people[0].pk}" if wanted else address)


@portal_view
@require_safe
def print_certificates(request: HttpRequest, page_id: int, release_id: int) -> HttpResponse:
    """The certificates that were made, one page each; ``person`` chooses one."""
    page = own_offering(request, page_id, with_people=True)
    row = CertificateRelease.objects.filter(offering=page.pk, id=release_id).first()
    plan = certificates.plan_of(row) if row else None
    if plan is None:
        raise Http404
    people = [person for person in present_people(request, page, plan) if person.certificate]
    wanted = number_in(request.GET.get("person", ""))
    named = [(person.certificate, person.name) for person in people if wanted in (None, person.pk)]
    if not named:
        return redirect("ehrenamt:certificates", page.pk)
    return papers.certificates_response(request, named)


# Showing


def present_people(request: HttpRequest, page: OfferingPage, plan: SeatPlan) -> list[Participant]:
    """Who was there, by name; ``certificate`` is what was made for them, or ``None``."""
    sign_ups = readable_sign_ups(page, user=request.user).filter(plan=plan)
    people = list(certificates.present_at(plan).filter(sign_up__in=sign_ups).select_related("sign_up"))
    row = certificates.release_of(plan)
    made = {entry.participant_id: entry for entry in row.certificates.all()} if row else {}
    for person in people:
        person.certificate = made.get(person.pk)
    return sorted(people, key=attendance.by_name)


def section_of(request: HttpRequest, page: OfferingPage, plan: SeatPlan, form: ReleaseForm | None = None) -> Section:
    dates = dates_of(plan)
    row = certificates.release_of(plan)
    objection = first_objection(rules.RELEASE, page=page, actor=request.user, dates=dates, now=timezone.now())
    hours = row.hours if row else certificates.suggested_hours(dates)
    initial = {"hours": hours.normalize(), "contents": row.contents if row else certificates.suggested_contents(page)}
    return Section(
        plan=plan,
        dates=dates,
        release=row,
        people=present_people(request, page, plan),
        seats=sum(plan.sign_ups.with_seat().values_list("seats", flat=True)),
        objection=objection.message if objection else "",
        form=form or ReleaseForm(prefix=f"plan-{plan.pk}", initial=initial),
    )


def show(request: HttpRequest, page: OfferingPage, *, bound: tuple[SeatPlan, ReleaseForm] | None = None) -> HttpResponse:
    sections = [
        section_of(request, page, plan, bound[1] if bound and bound[0].pk == plan.pk else None) for plan in here(page)
    ]
    sections.sort(key=lambda section: (section.dates[0].starts_at if section.dates else timezone.now(), section.plan.pk))
    context = {"sections": sections, "bound_form": bound[1] if bound else None, "makes_pdf": pdf.is_available()}
    return render_sign_up_page(request, page, "certificates.html", context, tab=CERTIFICATES)
