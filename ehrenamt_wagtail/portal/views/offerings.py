"""A new offering, and everything else that a member does with one besides editing it."""

import datetime as dt
import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.forms.actions import CancelForm, CopyForm
from ehrenamt_wagtail.portal.forms.editor import Editor, changed_rows
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.kinds import Kind, kind_of, kinds
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme import actions, rules
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups.copying import notes_of_copy

from . import editing
from .access import own_page, portal_view, render_portal, trail
from .checking import check_of_form, check_of_page, chosen_organisation
from .drafts import parse_day, programme_page, suggested_facts, town_and_topic


@csrf_protect
@portal_view
def edit_offering(request: HttpRequest, page_id: int) -> HttpResponse:
    return editing.edit(request, own_page(request, OfferingPage, page_id))


@csrf_protect
@portal_view
def new_offering(request: HttpRequest) -> HttpResponse:
    """Choose a kind, then the form; the first save makes the draft and goes on at its own address."""
    kind = kind_of(request.GET.get("art", ""))
    if kind is None:
        return choose_kind(request)
    organisation = chosen_organisation(request)
    if request.method != "POST":
        if (unsent := take_unsent(request)) is not None:
            page = kind.model(organisation=organisation, **kind.initial)
            editor = new_editor(request, page, organisation, unsent, take_files=False)
            editor.without_validation()
            return show_new(request, kind, editor, notice=editing.back_again())
        page = prefilled(kind, organisation, request.user, tidy_data(request.GET))
        editor = Editor(
            page,
            actor=request.user,
            organisation=organisation,
            organisations=request.organisations,
            first_day=parse_day(request.GET.get("datum", "")),
        )
        return show_new(request, kind, editor, key=uuid.uuid4())
    data = tidy_data(request.POST)
    action = data.get("action", "save")
    editor = new_editor(request, kind.model(organisation=organisation, **kind.initial), organisation, data)
    if (changed := changed_rows(editor.data, action)) is not None:
        page = kind.model(organisation=organisation, **kind.initial)
        changed_editor = new_editor(request, page, organisation, changed, take_files=False)
        return show_new(request, kind, editing.with_rows(request, editor, changed_editor))
    if action == "check":
        page = kind.model(organisation=organisation, **kind.initial)
        unjudged = new_editor(request, page, organisation, editor.data, take_files=False)
        return show_new(request, kind, editing.with_rows(request, editor, unjudged), is_check=True)
    if not editor.is_valid():
        return show_new(request, kind, editor, notice=editing.not_saved())
    return create(request, kind, editor, action)


def create(request: HttpRequest, kind: Kind, editor: Editor, action: str) -> HttpResponse:
    """One draft for one form, however often it is sent."""
    key = editor.form.cleaned_data["key"] or uuid.uuid4()
    if (present := own_page_by_key(request, key)) is not None:
        return save_again(request, present, editor, action)
    parent = programme_page(request)
    if parent is None:
        message = _("There is no programme on this site yet. Nothing was saved; please tell the district's coordinators.")
        return show_new(request, kind, editor, notice=message)
    page = editor.page
    editor.apply(page)
    if (present := just_sent(request, page, editor)) is not None:
        return save_again(request, present, editor, action)
    page.translation_key = key
    try:
        page = actions.create_draft(page, parent=parent, actor=request.user)
    except IntegrityError:
        present = own_page_by_key(request, key)
        if present is None:
            raise
        return save_again(request, present, editor, action)
    editing.ask_for_day(page, editor, request.user)
    return editing.after_saving(request, page, editor, page.latest_revision, action)


def save_again(request: HttpRequest, page, sent: Editor, action: str) -> HttpResponse:
    """The form of a new offering was sent a second time: the same again changes nothing, anything else is asked about."""
    editor = editing.editor_for(request, page, sent.data, take_files=False)
    return editing.save(request, page, editor, action)


def own_page_by_key(request: HttpRequest, key: uuid.UUID):
    page = OfferingPage.objects.filter(translation_key=key, organisation__in=request.organisations).first()
    return page and page.specific


def just_sent(request: HttpRequest, page: OfferingPage, sent: Editor) -> OfferingPage | None:
    """The offering that the same person made of the same words within the last hour.

    The back button leads to a fresh form with another key, in which browsers put back what had been typed.
    """
    recent = type(page).objects.filter(
        owner=request.user,
        organisation=page.organisation,
        draft_title=page.title,
        latest_revision_created_at__gte=timezone.now() - dt.timedelta(hours=1),
    )
    for other in recent:
        editor = editing.editor_for(request, other, sent.data, take_files=False)
        if editor.is_valid():
            editor.apply(editor.page)
            if actions.content_of(editor.page) == actions.content_of(other.get_latest_revision_as_object()):
                return other
    return None


def new_editor(request: HttpRequest, page, organisation: Organisation, data=None, *, take_files: bool = True) -> Editor:
    return Editor(
        page,
        actor=request.user,
        organisation=organisation,
        organisations=request.organisations,
        data=data,
        files=request.FILES if data is not None and take_files else None,
    )


# What an address may say about a new offering: slugs, and a day.
WISHES = ("gemeinde", "thema", "datum")


def prefilled(kind: Kind, organisation: Organisation, person, wishes) -> OfferingPage:
    """An unsaved offering with what is known about the organisation and the person, and the town and topic of the address."""
    facts = {**suggested_facts(organisation, person), **kind.initial}
    town, topic = town_and_topic(wishes)
    if town and town != facts["municipality"]:
        facts |= {"municipality": town, "venue": None}
    page = kind.model(organisation=organisation, **facts)
    if topic:
        page.topics.set([topic])
    return page


def choose_kind(request: HttpRequest) -> HttpResponse:
    title = _("Announce an event")
    context = {
        "page_title": title,
        "kinds": kinds(),
        "organisations": request.organisations,
        "wishes": urlencode([(name, request.GET[name]) for name in WISHES if request.GET.get(name)]),
        "breadcrumbs": trail((title, reverse("ehrenamt:offering-new"))),
    }
    return render_portal(request, "new.html", context)


def show_new(
    request: HttpRequest, kind: Kind, editor: Editor, *, key=None, notice: str = "", is_check: bool = False
) -> HttpResponse:
    title = _("New: %(kind)s") % {"kind": kind.label}
    if editor.data is None:
        check = check_of_page(request, editor.page)
    else:
        check = check_of_form(request, kind.model(organisation=editor.organisation, **kind.initial), editor.organisation, editor.data)
    context = {
        "page_title": title,
        "page": None,
        "editor": editor,
        "state": None,
        "state_code": "",
        "notice": notice,
        "conflict": None,
        "decision": None,
        "draft_note": "",
        "proposal": None,
        "facts": [],
        "is_read_only": False,
        "action_url": f"{reverse('ehrenamt:offering-new')}?art={kind.art}",
        "links": [],
        "may_withdraw": False,
        "revision": "",
        "key": key or editor.data.get("key", ""),
        "breadcrumbs": trail((title, "")),
        "has_uploads": True,
        "check": check,
        "check_url": f"{reverse('ehrenamt:offering-check')}?art={kind.art}",
        "is_check": is_check,
    }
    return render_portal(request, "edit.html", context)


@csrf_protect
@portal_view
def copy_offering(request: HttpRequest, page_id: int) -> HttpResponse:
    page = own_page(request, OfferingPage, page_id)
    form = CopyForm(tidy_data(request.POST) if request.method == "POST" else None, page=page)
    if request.method == "POST" and form.is_valid():
        try:
            copy = copy_once(request, page, form)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return redirect(editing.address(page))
        messages.success(request, _("This is the copy, a new draft. Please check it and submit it."))
        for note in notes_of_copy(page, copy):
            messages.info(request, note)
        return redirect(editing.address(copy))
    title = _("Copy to new dates")
    return render_portal(request, "copy.html", action_context(page, form, title))


def copy_once(request: HttpRequest, page: OfferingPage, form: CopyForm) -> OfferingPage:
    """One copy for one form, however often it is sent."""
    key = form.cleaned_data["key"] or uuid.uuid4()
    if (present := own_page_by_key(request, key)) is not None:
        return present
    try:
        return actions.copy_offering(page, weeks=form.cleaned_data["weeks"], actor=request.user, key=key)
    except IntegrityError:
        present = own_page_by_key(request, key)
        if present is None:
            raise
        return present


@csrf_protect
@portal_view
def cancel_offering(request: HttpRequest, page_id: int) -> HttpResponse:
    page = own_page(request, OfferingPage, page_id)
    if request.POST.get("date") in {str(uid) for uid in page.cancelled_uids()}:
        messages.info(request, _("This date is already cancelled."))
        return redirect(editing.address(page))
    is_sent = request.method == "POST"
    unsent = None if is_sent else take_unsent(request)
    form = CancelForm(tidy_data(request.POST) if is_sent else None, page=page, initial=unsent and unsent.dict())
    if is_sent and form.is_valid():
        try:
            actions.cancel(
                page, actor=request.user, occurrence_uid=form.cleaned_data["uid"], reason=form.cleaned_data["reason"]
            )
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            messages.success(request, _("Cancelled. The public sees it at once, and the district is told."))
        return redirect(editing.address(page))
    context = action_context(page, form, _("Cancel a date or all"))
    context["objection"] = first_objection(rules.CANCEL, page=page, actor=request.user)
    return render_portal(request, "cancel.html", context)


@csrf_protect
@portal_view
def delete_offering(request: HttpRequest, page_id: int) -> HttpResponse:
    page = own_page(request, OfferingPage, page_id)
    objection = first_objection(rules.DELETE, page=page, actor=request.user)
    if request.method == "POST":
        try:
            actions.delete_draft(page, actor=request.user)
        except NotAllowed as refusal:
            messages.error(request, refusal.message)
            return redirect(editing.address(page))
        messages.success(request, _("The draft “%(title)s” is deleted.") % {"title": page.draft_title or page.title})
        return redirect("ehrenamt:portal")
    return render_portal(
        request, "delete.html", {**action_context(page, None, _("Delete the draft")), "objection": objection}
    )


def action_context(page, form, title: str) -> dict:
    return {
        "page_title": title,
        "offering_title": page.draft_title or page.title,
        "form": form,
        "back_url": editing.address(page),
        "breadcrumbs": trail((page.draft_title or page.title, editing.address(page)), (title, "")),
    }
