"""Submitting, withdrawing and deciding. Wagtail's workflow keeps the state; we add locks, reasons and signals.

Locks are taken in one order everywhere: the page's row, then the task state's.
"""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from ehrenamt_wagtail.coordination import joins
from ehrenamt_wagtail.coordination.checks import PlanCheck, check_offering
from ehrenamt_wagtail.coordination.visibility import Viewer, viewer_for
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import (
    EhrenamtError,
    NotAllowed,
    ReasonNeeded,
    StaleRevision,
    SubmissionIncomplete,
    ensure,
)
from ehrenamt_wagtail.programme.actions import lock_page
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signals import offering_approved, offering_returned, offering_submitted, offering_withdrawn

from . import proposals, rules
from .models import ReviewDecision, ReviewRequest, ReviewTask


@transaction.atomic
def submit_for_review(page, *, actor, base_revision_id: int | None = None, reason: str = "") -> TaskState:
    """Start the review of the page's latest revision, or resume it after a return; gives the waiting task state.

    Keeps ``reason`` and what the organisation could read about clashes as a ``ReviewRequest`` and sends ``offering_submitted``.
    Raises ``NotAllowed``, ``StaleRevision`` (``base_revision_id`` is the revision the person saw), ``SubmissionIncomplete``, or
    ``ReasonNeeded`` when something competes strongly and ``reason`` is blank; then nothing is changed.
    """
    page = lock_page(page.pk)
    ensure(rules.SUBMIT, page=page, actor=actor)
    if base_revision_id is not None and base_revision_id != page.latest_revision_id:
        raise StaleRevision(_("This was not submitted because somebody else changed it in the meantime."), page.latest_revision)
    if errors := page.get_latest_revision_as_object().submission_errors():
        raise SubmissionIncomplete(errors)
    check = check_before_submitting(page)
    if check.has_strong_clash and not reason.strip():
        raise ReasonNeeded(check)
    try:
        with transaction.atomic():
            workflow_state = start_or_resume(page, actor)
    except (ValidationError, IntegrityError):
        raise NotAllowed(_("This is already being reviewed. Nothing was changed.")) from None
    task_state = workflow_state.current_task_state
    ReviewRequest.objects.create(
        page_id=page.pk,
        task_state=task_state,
        revision_id=page.latest_revision_id,
        reason=reason.strip(),
        warnings=check.warnings,
        actor=actor,
    )
    offering_submitted.send(sender=type(page), page=page, actor=actor, task_state=task_state)
    return task_state


def check_before_submitting(page) -> PlanCheck:
    """What competes with the newest revision, in words that the page's organisation may read; nothing for circles. Reads only."""
    if not isinstance(page, OfferingPage):
        return PlanCheck()
    return check_offering(page.get_latest_revision_as_object(), viewer_for(page.organisation_id))


def check_before_deciding(page) -> PlanCheck:
    """The same for the reviewer, who may read everything. Reads only."""
    if not isinstance(page, OfferingPage):
        return PlanCheck()
    return check_offering(page.get_latest_revision_as_object(), Viewer(is_coordinator=True))


def start_or_resume(page, actor) -> WorkflowState:
    present = page.current_workflow_state
    is_returned = present is not None and present.status == WorkflowState.STATUS_NEEDS_CHANGES
    workflow = present.workflow if is_returned else page.get_workflow()
    # Without ours, Wagtail's standard workflow of the whole site would take it, and nobody would find it in the queue.
    if workflow is None or not ReviewTask.objects.filter(workflow_tasks__workflow=workflow, active=True).exists():
        raise EhrenamtError(_("The review is not set up on this site. Your draft is kept; please tell the district's coordinators."))
    if is_returned:
        present.resume(user=actor)
        return present
    return workflow.start(page, actor)


@transaction.atomic
def withdraw_from_review(page, *, actor) -> None:
    """Take a waiting submission back; it becomes a draft again. Sends ``offering_withdrawn``. Raises ``NotAllowed``."""
    page = lock_page(page.pk)
    ensure(rules.WITHDRAW, page=page, actor=actor)
    workflow_state = page.current_workflow_state
    lock_task_state(workflow_state.current_task_state_id)
    workflow_state.cancel(user=actor)
    offering_withdrawn.send(sender=type(page), page=page, actor=actor)


@transaction.atomic
def approve(
    task_state: TaskState,
    *,
    actor,
    checklist: Iterable[str] = (),
    comment: str = "",
    revision_id: int | None = None,
    revision_time: str = "",
) -> ReviewDecision:
    """Approve and publish what was submitted; gives the decision. Sends ``offering_approved``.

    ``revision_id`` and ``revision_time`` (its ``created_at``, ISO 8601) name what the reviewer saw. Raises ``NotAllowed``
    (somebody was faster, it was withdrawn, or a newer revision by the organisation exists), ``StaleRevision`` (another reviewer
    edited it) or ``SubmissionIncomplete``.
    """
    page, task_state = lock_decision(task_state)
    ensure(rules.APPROVE, page=page, task_state=task_state, actor=actor)
    ensure_seen(page, revision_id, revision_time)
    if errors := page.get_latest_revision_as_object().submission_errors():
        raise SubmissionIncomplete(errors)
    was_published = page.live
    decision = record(page, task_state, ReviewDecision.Outcome.APPROVED, actor, comment, checklist=list(checklist))
    try:
        task_state.approve(user=actor, comment=comment)
    except ValidationError as error:
        # What only publishing finds out, such as an address that another page has taken since.
        errors = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        raise SubmissionIncomplete(errors) from None
    page = lock_page(page.pk)
    offering_approved.send(sender=type(page), page=page, actor=actor, decision=decision, was_published=was_published)
    return decision


@transaction.atomic
def return_to_organisation(
    task_state: TaskState,
    *,
    actor,
    reasons: Iterable[str],
    comment: str = "",
    checklist: Iterable[str] = (),
    revision_id: int | None = None,
    revision_time: str = "",
    proposed_for: uuid.UUID | None = None,
    proposed_start: dt.datetime | None = None,
    proposed_end: dt.datetime | None = None,
    join_with: int | None = None,
) -> ReviewDecision:
    """Give it back with at least one reason; gives the decision. Sends ``offering_returned``.

    ``revision_id`` and ``revision_time`` (its ``created_at``, ISO 8601) name what the reviewer saw. ``proposed_start`` and
    ``proposed_end`` (aware; the end may be open) propose another time for the date with the uid ``proposed_for``; it is kept
    free for the organisation by a hold. ``join_with`` is the key of an offering of another organisation that this one is to join.
    Raises ``NotAllowed``, ``StaleRevision`` or, where the proposal makes no sense, ``EhrenamtError``; then nothing is changed.
    """
    reasons = list(reasons)
    if not reasons:
        raise EhrenamtError(_("Give at least one reason."))
    host = None
    if join_with is not None:
        ensure([rules.must_be_our_review], task_state=task_state)
        # Two pages are locked in the order of their keys, as by whoever answers a proposal at the same moment.
        _page, host = joins.lock_pages(int(task_state.workflow_state.object_id), join_with)
    page, task_state = lock_decision(task_state)
    ensure(rules.DECIDE, page=page, task_state=task_state, actor=actor)
    ensure_seen(page, revision_id, revision_time)
    proposal = {}
    if proposed_start is not None:
        proposals.ensure_possible(page, proposed_for, proposed_start, proposed_end)
        proposal = {"proposed_for": proposed_for, "proposed_start": proposed_start, "proposed_end": proposed_end}
    decision = record(
        page, task_state, ReviewDecision.Outcome.RETURNED, actor, comment, reasons=reasons, checklist=list(checklist), **proposal
    )
    if proposal:
        proposals.keep_free(page, decision, actor=actor)
    task_state.reject(user=actor, comment="\n".join([*decision.reason_labels(), *filter(None, [comment.strip()])]))
    if host is not None:
        joins.propose_join(page, host, actor=actor, comment=comment)
    offering_returned.send(sender=type(page), page=page, actor=actor, decision=decision)
    return decision


def ensure_seen(page, revision_id: int | None, revision_time: str) -> None:
    """What is decided on is what was read. Wagtail's editor may save into the same revision again, with a later time."""
    latest = page.latest_revision
    is_other = revision_id is not None and revision_id != latest.pk
    if is_other or (revision_time and revision_time != latest.created_at.isoformat()):
        raise StaleRevision(
            _("This was changed while you were reading. Nothing was decided; please look at it again."),
            latest,
        )


def lock_decision(task_state: TaskState):
    """The page and the task state, fresh and locked. Without the lock two decisions on one submission were both accepted."""
    ensure([rules.must_be_our_review], task_state=task_state)
    page = lock_page(task_state.workflow_state.content_object.pk)
    return page, lock_task_state(task_state.pk)


def lock_task_state(pk: int) -> TaskState:
    TaskState.objects.select_for_update().get(pk=pk)
    return TaskState.objects.select_related("task", "workflow_state", "finished_by").get(pk=pk)


def record(page, task_state, outcome, actor, comment, *, reasons=(), checklist=(), **proposal) -> ReviewDecision:
    """The decision with what competes at this moment, wherever it is made."""
    return ReviewDecision.objects.create(
        page_id=page.pk,
        task_state_id=task_state.pk,
        revision_id=page.latest_revision_id,
        outcome=outcome,
        reasons=list(reasons),
        checklist=list(checklist),
        comment=comment.strip(),
        warnings=check_before_deciding(page).warnings,
        is_own_offering=Organisation.objects.of_user(actor).filter(pk=page.organisation_id).exists(),
        actor=actor,
        **proposal,
    )


def decide_from_editor(task_state: TaskState, *, actor, action_name: str, data: dict) -> None:
    """Entry point of Wagtail's editor, which hands POSTed JSON through unchecked: validate again, pass on known names only.

    Raises ``PermissionDenied`` for an unknown action, ``EhrenamtError`` for a bad form, and whatever the decision raises.
    """
    if action_name not in ("approve", "reject"):
        raise PermissionDenied
    form = task_state.task.specific.get_form_for_action(action_name)(data)
    if not form.is_valid():
        sentences = [sentence for errors in form.errors.values() for sentence in errors]
        raise EhrenamtError(" ".join([_("Nothing was decided."), *sentences]))
    if action_name == "approve":
        approve(task_state, actor=actor, **form.decision())
    else:
        return_to_organisation(task_state, actor=actor, **form.decision())
