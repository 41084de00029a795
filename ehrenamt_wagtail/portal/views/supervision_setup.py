"""The organisation names form and supervisor; coordinators name whom every organisation may choose."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.directory.actions import account_of
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.supervision import SetupForm, SupervisorForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups import supervision
from ehrenamt_wagtail.signups.models import SupervisionSetup
from ehrenamt_wagtail.signups.occupancy import occupancy_of, taking_place
from ehrenamt_wagtail.signups.queries import confidentiality_of
from ehrenamt_wagtail.signups.supervision_mails import tell_named

from .access import portal_view
from .sign_up_pages import SUPERVISION, own_offering, render_sign_up_page
from .supervision import seats_text
from .supervision_access import personal_view, render_supervision

Form = SupervisionSetup.Form


@csrf_protect
@portal_view
def setup(request: HttpRequest, page_id: int) -> HttpResponse:
    """Form and supervisor of a supervision, and how full its dates are; never who takes part."""
    page = own_offering(request, page_id)
    if not confidentiality_of(page.pk).is_supervision:
        raise Http404
    present = SupervisionSetup.objects.select_related("supervisor").filter(offering=page.pk).first()
    options = {"people": people_to_choose(page, present), "dates": taking_place([page.pk]), "setup": present}
    form = SetupForm(tidy_data(request.POST) if request.method == "POST" else take_unsent(request), **options)
    if request.method == "POST" and form.is_valid():
        try:
            supervision.setup_supervision(
                page,
                form=form.cleaned_data["form"],
                supervisor=form.cleaned_data["supervisor"],
                information_uid=form.information_uid(),
                actor=request.user,
            )
        except NotAllowed as objection:
            form.add_error(None, objection.message)
        else:
            messages.success(request, _("Saved. It holds for everybody who signs up from now on."))
            return redirect("ehrenamt:supervision-setup", page.pk)
    now = timezone.now()
    context = {
        "form": form,
        "setup": present,
        "number": supervision.people_to_come(page, now) if present else 0,
        "promise": supervision.promise_of(page),
        "hint": hint_for(page, present),
        "seats": [
            {"dates": [date_text(date) for date in row.dates], "text": seats_text(row)} for row in occupancy_of(page)
        ],
    }
    return render_sign_up_page(request, page, "../supervision/setup.html", context, tab=SUPERVISION)


def people_to_choose(page: OfferingPage, present: SupervisionSetup | None):
    """Whoever is the supervisor stays a choice, though no longer a member or named."""
    people = supervision.possible_supervisors(page)
    if present is None:
        return people
    ids = [*people.values_list("pk", flat=True), present.supervisor_id]
    return get_user_model()._default_manager.filter(pk__in=ids).order_by("last_name", "first_name", "pk")


def hint_for(page: OfferingPage, present: SupervisionSetup | None) -> str:
    """What does not fit together yet."""
    if present is None:
        return ""
    rows = occupancy_of(page)
    is_whole = any(row.plan.occurrence_uid is None for row in rows)
    if present.form == Form.ON_REQUEST:
        return ""
    if not rows:
        return _("Nobody can sign up yet. Next, set the seats under “Set up”.")
    if present.form == Form.GROUP and not is_whole:
        return _("People still sign up for single dates. For a closed group choose one sign-up for all dates under “Set up”.")
    if present.form == Form.SINGLE and is_whole and len(rows[0].dates) > 1:
        return _("People still sign up for all dates together. For single dates choose a sign-up for each date under “Set up”.")
    return ""


@csrf_protect
@personal_view
def supervisors(request: HttpRequest) -> HttpResponse:
    """Coordinators name the accounts that every organisation may choose; to others the page does not exist."""
    if not is_coordinator(request.user):
        raise Http404
    form = SupervisorForm()
    if request.method == "POST":
        data = tidy_data(request.POST)
        if data.get("action") == "remove":
            return remove(request, data.get("person", ""))
        form = SupervisorForm(data)
        if form.is_valid():
            try:
                return add(request, form.cleaned_data)
            except NotAllowed as objection:
                form.add_error(None, objection.message)
    title = _("Supervisors")
    context = {
        "page_title": title,
        "form": form,
        "people": [
            {"pk": user.pk, "name": supervision.name_of(user), "email": user.email, "has_been_here": user.last_login is not None}
            for user in supervision.named_supervisors()
        ],
    }
    return render_supervision(request, "supervisors.html", context, steps=((title, reverse("ehrenamt:supervisors")),))


def add(request: HttpRequest, person: dict) -> HttpResponse:
    user = account_of(**person)
    supervision.name_supervisor(user, actor=request.user)
    tell_named(user)
    messages.success(
        request, _("Every organisation can choose %(name)s now. The person is told by mail.") % {"name": supervision.name_of(user)}
    )
    return redirect("ehrenamt:supervisors")


def remove(request: HttpRequest, number: str) -> HttpResponse:
    user = supervision.named_supervisors().filter(pk=number_in(number) or 0).first()
    if user is not None:
        supervision.unname_supervisor(user, actor=request.user)
        messages.success(
            request,
            _("Nobody can choose %(name)s any more. Supervisions that are set up stay as they are.")
            % {"name": supervision.name_of(user)},
        )
    return redirect("ehrenamt:supervisors")
