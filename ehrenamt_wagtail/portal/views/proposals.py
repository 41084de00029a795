"""The organisation's answer to a date that the district proposed when it returned an offering."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.exceptions import NotAllowed, ReasonNeeded, StaleRevision, SubmissionIncomplete
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.review.actions import submit_for_review
from ehrenamt_wagtail.review.models import ReviewDecision
from ehrenamt_wagtail.review.proposals import decline_proposed_date, take_proposed_date, when_proposed

from .access import own_page, portal_view
from .editing import address, say_submitted


@csrf_protect
@portal_view
def answer_proposal(request: HttpRequest, page_id: int) -> HttpResponse:
    """POST ``action``: ``submit`` takes the date and submits, ``save`` takes it, ``decline`` gives it back to others."""
    page = own_page(request, OfferingPage, page_id)
    if request.method != "POST":
        return redirect(address(page))
    wanted = number_in(request.POST.get("decision", "")) or 0
    decision = get_object_or_404(ReviewDecision.objects.filter(page_id=page.pk).exclude(proposed_start=None), id=wanted)
    if request.POST.get("action") == "decline":
        return decline(request, page, decision)
    try:
        revision = take_proposed_date(
            page, decision, actor=request.user, base_revision_id=number_in(request.POST.get("revision", ""))
        )
    except (NotAllowed, StaleRevision) as refusal:
        messages.error(request, refusal.message)
        return redirect(address(page))
    if request.POST.get("action") == "submit":
        return submit(request, page, revision.pk)
    text = _("The proposed date is taken and saved: %(when)s. Please submit it again.")
    messages.success(request, text % {"when": when_proposed(decision)})
    return redirect(address(page))


def submit(request: HttpRequest, page: OfferingPage, revision_id: int) -> HttpResponse:
    if own_page(request, OfferingPage, page.pk).workflow_in_progress:
        messages.info(request, _("This is already submitted for review. The second click changed nothing."))
        return redirect(address(page))
    try:
        submit_for_review(page, actor=request.user, base_revision_id=revision_id)
    except ReasonNeeded:
        # Something new was planned there meanwhile: the date is saved, the reason is asked for.
        return redirect(address(page, "submit"))
    except SubmissionIncomplete as incomplete:
        sentences = [sentence for errors in incomplete.errors.values() for sentence in errors]
        lead = _("The proposed date is taken and saved, but it is not submitted yet: some facts are missing or wrong.")
        messages.error(request, " ".join([lead, *map(str, sentences)]))
    except (NotAllowed, StaleRevision) as refusal:
        messages.error(request, refusal.message)
    else:
        say_submitted(request)
    return redirect(address(page))


def decline(request: HttpRequest, page: OfferingPage, decision: ReviewDecision) -> HttpResponse:
    try:
        decline_proposed_date(page, decision, actor=request.user)
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The proposed date is open to others again. Please choose another date below and submit again."))
    return redirect(address(page))
