"""How people sign up for an offering, and what the organisation says about data protection."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import EhrenamtError, StaleRevision, first_objection
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.portal.facts import date_text
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.sign_up_settings import PrivacyForm, SettingsForm, changed_rows
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.sign_up_facts import differences, facts_of, fold_hints
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups import privacy, rules
from ehrenamt_wagtail.signups.models import SeatPlan
from ehrenamt_wagtail.signups.plans import WrongSettings, save_plans
from ehrenamt_wagtail.signups.settings import SignUpSettings, days_of, present_of

from . import editing
from .access import portal_view, render_portal, trail
from .login import name_of
from .sign_up_pages import SETTINGS, own_offering, render_sign_up_page

# The privacy notice leads back to the offering that it was missing for.
BACK_TO = "angebot"


@csrf_protect
@portal_view
def sign_up_settings(request: HttpRequest, page_id: int) -> HttpResponse:
    """The settings; they count at once, also while the page itself is in review. Other organisations' offerings answer 404."""
    page = own_offering(request, page_id)
    if request.method != "POST":
        form = form_of(page, unsent := take_unsent(request))
        if unsent is not None:
            form.without_validation()
        return show(request, page, form, notice=back_again() if unsent is not None else "")
    data = tidy_data(request.POST)
    action = data.get("action", "save")
    if action == "take_over":
        return take_over(request, page, data)
    if (changed := changed_rows(data, action)) is not None:
        form = form_of(page, changed)
        form.without_validation()
        return show(request, page, form, opens="questions")
    return save(request, page, form_of(page, data))


def back_again() -> str:
    return _("You had been signed out. What you typed stands below again and is not saved yet.")


def form_of(page: OfferingPage, data: QueryDict | None = None) -> SettingsForm:
    days = days_of(page)
    return SettingsForm(data, page=page, present=present_of(page, days), days=days)


def save(request: HttpRequest, page: OfferingPage, form: SettingsForm) -> HttpResponse:
    if not form.is_valid():
        return show(request, page, form, notice=editing.not_saved())
    try:
        save_plans(page, form.wanted(), actor=request.user, opened=form.cleaned_data["opened"])
    except StaleRevision as stale:
        return show_conflict(request, page, form, stale.latest)
    except WrongSettings as wrong:
        form.show_errors(wrong.errors)
        return show(request, page, form, notice=wrong.message)
    except EhrenamtError as objection:
        return show(request, page, form, notice=objection.message)
    messages.success(request, saved_text(page, form.wanted()))
    return redirect("ehrenamt:sign-up-settings", page.pk)


def saved_text(page: OfferingPage, settings: SignUpSettings) -> str:
    if settings.mode != SeatPlan.Mode.HERE:
        return _("Saved. It shows on the page of the event at once.")
    if not page.live:
        return _("Saved. People can sign up as soon as the event is published.")
    return _("Saved. It counts at once, without another review.")


def take_over(request: HttpRequest, page: OfferingPage, data: QueryDict) -> HttpResponse:
    """Dates that were added since get the settings of the others."""
    settings = present_of(page, days_of(page)).settings
    if settings is None:
        return redirect("ehrenamt:sign-up-settings", page.pk)
    try:
        save_plans(page, settings, actor=request.user, opened=data.get("opened", ""))
    except WrongSettings as wrong:
        messages.error(request, " ".join([wrong.message, *(sentence for rows in wrong.errors.values() for sentence in rows)]))
    except EhrenamtError as objection:
        messages.error(request, objection.message)
    else:
        messages.success(request, _("Done. The new dates have the same settings as the others now."))
    return redirect("ehrenamt:sign-up-settings", page.pk)


def show_conflict(request: HttpRequest, page: OfferingPage, form: SettingsForm, latest: SeatPlan | None) -> HttpResponse:
    """Somebody else saved in the meantime: what was typed stays, what differs is named, saving again goes through."""
    typed = form.wanted()
    data = form.data.copy()
    fresh = form_of(page, data)
    data["opened"] = fresh.present.stamp
    fresh.is_valid()
    rows = differences(fresh.present.settings, typed, fresh.days) if fresh.present.settings else []
    return show(request, page, fresh, conflict=conflict_of(latest, rows), status=409)


def conflict_of(latest, rows: list[dict]) -> dict:
    who = name_of(latest.updated_by) if latest and latest.updated_by else _("Somebody else")
    when = timezone.localtime(latest.updated_at if latest else None)
    text = _(
        "Your change was not saved, because %(who)s changed this on %(when)s. What you typed stands below: "
        "compare both versions, and save again if yours is to replace the other."
    )
    return {
        "text": text % {"who": who, "when": date_range(when, when)},
        "rows": rows,
        "is_compared": True,
        "other": _("Saved by %(who)s") % {"who": who},
    }


def show(
    request: HttpRequest,
    page: OfferingPage,
    form: SettingsForm,
    *,
    notice: str = "",
    conflict: dict | None = None,
    opens: str = "",
    status: int = 200,
) -> HttpResponse:
    present, days = form.present, form.days
    objection = first_objection(rules.SET_UP, page=page, actor=request.user, days=days)
    shown = present.settings or SignUpSettings()
    context = {
        "form": form,
        "objection": objection.message if objection else "",
        "facts": facts_of(present.settings, days) if objection and present.settings else [],
        "notice": notice,
        "conflict": conflict,
        "is_new": present.settings is None,
        "missing_notice": first_objection([rules.must_have_privacy_notice], page=page) is not None,
        "missing_supervisor": first_objection([rules.must_name_supervisor], page=page) is not None,
        "privacy_url": f"{reverse('ehrenamt:privacy-notice', args=[page.organisation_id])}?{BACK_TO}={page.pk}",
        "new_days": [date_text(day.date) for day in present.without_plan(days)],
        "other_days": [day_row(day) for day in days if not day.is_to_come],
        "hints": fold_hints(shown),
        "opens": opened_folds(form) | {opens},
    }
    return render_sign_up_page(request, page, "settings.html", context, tab=SETTINGS, status=status)


def day_row(day) -> dict:
    state = ("cancelled", _("cancelled")) if day.is_cancelled else ("past", _("over"))
    return {"when": date_text(day.date), "state": state[0], "label": state[1]}


def opened_folds(form: SettingsForm) -> set[str]:
    """Those in which something is wrong, and those in which somebody has typed."""
    parts = {
        "dates": [field.name for field in form.date_fields],
        "details": ["two_people", "asks_phone", "has_waiting_list"],
        "times": ["opens_date", "opens_time", "closes_date", "closes_time"],
        "minimum": ["minimum", "minimum_decided_on"],
    }
    opened = {
        part for part, names in parts.items() if any(form[name].errors or (part != "details" and form[name].value()) for name in names)
    }
    has_questions = form.rows.has_rows or (form.rows.is_bound and form.rows.non_form_errors())
    return opened | ({"questions"} if has_questions else set())


@csrf_protect
@portal_view
def privacy_notice(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """What people read before they sign up; for those who act for the organisation, anybody else gets 404."""
    organisation = Organisation.objects.filter(id=organisation_id).first()
    if organisation is None or first_objection(rules.WRITE_PRIVACY_NOTICE, organisation=organisation, actor=request.user):
        raise Http404
    if request.method != "POST":
        unsent = take_unsent(request)
        notice = back_again() if unsent is not None else ""
        return show_privacy(request, organisation, privacy_form(organisation, unsent), message=notice)
    form = privacy_form(organisation, tidy_data(request.POST))
    if not form.is_valid():
        return show_privacy(request, organisation, form)
    try:
        privacy.save_privacy_notice(
            organisation, facts=form.facts(), actor=request.user, opened=form.cleaned_data["opened"]
        )
    except StaleRevision as stale:
        return show_privacy_conflict(request, organisation, form, stale.latest)
    messages.success(request, _("Saved. Whoever signs up for one of your events reads it from now on."))
    page = page_to_return_to(request, organisation)
    return redirect("ehrenamt:sign-up-settings", page.pk) if page else redirect("ehrenamt:privacy-notice", organisation.pk)


def page_to_return_to(request: HttpRequest, organisation: Organisation) -> OfferingPage | None:
    pk = number_in(request.GET.get(BACK_TO, ""))
    return OfferingPage.objects.filter(id=pk, organisation=organisation).first() if pk is not None else None


def privacy_form(organisation: Organisation, data: QueryDict | None = None) -> PrivacyForm:
    notice = privacy.notice_of(organisation)
    names = ("controller", "law", "data_protection_officer", "more")
    initial = {name: getattr(notice, name) for name in names} if notice else first_facts(organisation)
    return PrivacyForm(data, initial={**initial, "opened": privacy.stamp_of(notice)})


def first_facts(organisation: Organisation) -> dict:
    """What is known anyway."""
    lines = [organisation.name, organisation.contact_email, organisation.contact_phone]
    return {"controller": "\n".join(filter(None, lines)), "law": privacy.suggested_law(organisation)}


def show_privacy_conflict(request: HttpRequest, organisation: Organisation, form: PrivacyForm, latest) -> HttpResponse:
    data = form.data.copy()
    data["opened"] = privacy.stamp_of(latest)
    rows = [
        {"label": form.fields[name].label, "before": getattr(latest, name), "after": value}
        for name, value in form.facts().items()
        if getattr(latest, name) != value
    ]
    conflict = conflict_of(latest, rows)
    return show_privacy(request, organisation, privacy_form(organisation, data), conflict=conflict, status=409)


def show_privacy(
    request: HttpRequest,
    organisation: Organisation,
    form: PrivacyForm,
    *,
    message: str = "",
    conflict: dict | None = None,
    status: int = 200,
) -> HttpResponse:
    title = pgettext("heading", "Privacy notice")
    page = page_to_return_to(request, organisation)
    back = reverse("ehrenamt:sign-up-settings", args=[page.pk]) if page else reverse("ehrenamt:portal")
    context = {
        "page_title": title,
        "organisation": organisation,
        "notice": privacy.notice_of(organisation),
        "form": form,
        "message": message,
        "conflict": conflict,
        "is_church": organisation.kind in privacy.CHURCHES,
        "back_url": back,
        "breadcrumbs": trail((title, "")),
    }
    return render_portal(request, "sign_ups/privacy_notice.html", context, status=status)
