"""The organisation's answer to a date that the district proposed when it returned an offering."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.exceptions import NotAllowed, ReasonNeeded, StaleRevision, SubmissionIncomplete, first_objection
from ehrenamt_wagtail.portal.forms.editor import Editor
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme import rules
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.review.actions import submit_for_review
from ehrenamt_wagtail.review.models import ReviewDecision
from ehrenamt_wagtail.review.proposals import decline_proposed_date, take_proposed_date, when_proposed

from . import editing
from .access import own_page, portal_view


@csrf_protect
@portal_view
def answer_proposal(request: HttpRequest, page_id: int) -> HttpResponse:
    """POST ``action``: ``submit`` takes the date and submits, ``save`` takes it, ``decline`` gives it back to others.

    What was typed in the form of the offering is sent along: it is saved with the date, and shown again on any other way out.
    """
    page = own_page(request, OfferingPage, page_id)
    if request.method != "POST":
        if (unsent := take_unsent(request)) is not None:
            editor = editing.editor_for(request, page, unsent, take_files=False)
            return editing.show_typed(request, page, editor, notice=editing.back_again())
        return redirect(editing.address(page))
    data = tidy_data(request.POST)
    wanted = number_in(data.get("decision", "")) or 0
    decision = get_object_or_404(ReviewDecision.objects.filter(page_id=page.pk).exclude(proposed_start=None), id=wanted)
    editor = editing.editor_for(request, page, data) if "title" in data else None
    if data.get("action") == "decline":
        return decline(request, page, decision, editor)
    if editor is not None and not editor.is_valid():
        notice = _("The proposed date is not taken and nothing is saved yet. Please correct what is marked and click again.")
        return refused(request, page, editor, NotAllowed(notice))
    return take(request, page, decision, data, editor)


def take(request: HttpRequest, page: OfferingPage, decision: ReviewDecision, data, editor: Editor | None) -> HttpResponse:
    base_revision_id = number_in(data.get("revision", ""))
    if editor is not None:
        editor.apply(editor.page)
    try:
        revision = take_proposed_date(
            page, decision, actor=request.user, base_revision_id=base_revision_id, draft=editor and editor.page
        )
        if editor is not None:
            editing.ask_for_day(page, editor, request.user)
    except (NotAllowed, StaleRevision) as refusal:
        return refused(request, page, editor, refusal)
    if data.get("action") == "submit":
        return submit(request, page, revision.pk)
    text = _("The proposed date is taken and saved: %(when)s. Please submit it again.")
    messages.success(request, text % {"when": when_proposed(decision)})
    return redirect(editing.address(page))


def refused(request: HttpRequest, page: OfferingPage, editor: Editor | None, refusal: NotAllowed | StaleRevision) -> HttpResponse:
    if editor is None:
        messages.error(request, refusal.message)
        return redirect(editing.address(page))
    if isinstance(refusal, StaleRevision):
        return editing.show_conflict(request, page, editor, refusal.latest)
    if (objection := first_objection(rules.EDIT, page=page, actor=request.user)) is not None:
        return editing.show_refusal(request, page, editor, objection)
    return editing.show(request, page, editor, notice=refusal.message)


def submit(request: HttpRequest, page: OfferingPage, revision_id: int) -> HttpResponse:
    if own_page(request, OfferingPage, page.pk).workflow_in_progress:
        messages.info(request, _("This is already submitted for review. The second click changed nothing."))
        return redirect(editing.address(page))
    try:
        submit_for_review(page, actor=request.user, base_revision_id=revision_id)
    except ReasonNeeded:
        # Something new was planned there meanwhile: the date is saved, the reason is asked for.
        return redirect(editing.address(page, "submit"))
    except SubmissionIncomplete as incomplete:
        sentences = [sentence for errors in incomplete.errors.values() for sentence in errors]
        lead = _("The proposed date is taken and saved, but it is not submitted yet: some facts are missing or wrong.")
        messages.error(request, " ".join([lead, *map(str, sentences)]))
    except (NotAllowed, StaleRevision) as refusal:
        messages.error(request, refusal.message)
    else:
        editing.say_submitted(request, page)
    return redirect(editing.address(page))


def decline(request: HttpRequest, page: OfferingPage, decision: ReviewDecision, editor: Editor | None) -> HttpResponse:
    try:
        decline_proposed_date(page, decision, actor=request.user)
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The proposed date is open to others again. Please choose another date below and submit again."))
    if editor is None or (editor.is_valid() and editing.is_saved(page, editor)):
        return redirect(editing.address(page))
    return editing.show_typed(request, page, editor, notice=editing.not_saved_yet())
