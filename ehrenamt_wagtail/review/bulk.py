"""Approving several submissions at once. Each is decided singly and for itself: what cannot be approved does not stop the others."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState

from ehrenamt_wagtail.coordination.checks import check_offering
from ehrenamt_wagtail.coordination.visibility import Viewer
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, SubmissionIncomplete, ensure
from ehrenamt_wagtail.programme.models import OfferingPage

from . import actions, editor, rules
from .models import ReviewDecision, ReviewRequest

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Selected:
    """A submission as it was shown: its task state, the newest revision and when that was saved (ISO 8601)."""

    task_state_id: int
    revision_id: int
    revision_time: str

    @property
    def key(self) -> str:
        return f"{self.task_state_id}_{self.revision_id}_{self.revision_time}"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission. ``why`` says why it was not approved; ``was_approved`` is also true the second time."""

    task_state_id: int
    title: str
    was_approved: bool
    why: str = ""


def selected_from(keys: Iterable[str]) -> list[Selected]:
    """What the keys of ``queries.Submission`` name, each once and at most ``MOST_AT_ONCE``; what is no key is left out."""
    found = []
    for key in dict.fromkeys(keys):
        task_state, _line, rest = key.partition("_")
        revision, _line, time = rest.partition("_")
        # Longer numbers than any key's are no number for the database.
        if task_state.isdecimal() and revision.isdecimal() and len(task_state) < 19 and len(revision) < 19:
            found.append(Selected(int(task_state), int(revision), time))
    return found[:MOST_AT_ONCE]


def approve_selected(selection: Iterable[Selected], *, actor) -> list[Outcome]:
    """Approve and publish each that can be, in the given order; gives what became of each. Raises nothing.

    Every approval is a transaction of its own with its own decision, signals and mails.
    """
    return [outcome_of(selected, actor) for selected in selection]


def outcome_of(selected: Selected, actor) -> Outcome:
    title = title_of(selected)
    try:
        approve_one(selected, actor=actor)
    except EhrenamtError as refusal:
        # Sent twice by a double click: the first answer is lost, and the second one must not sound like a failure.
        if was_approved_by(selected, actor):
            return Outcome(selected.task_state_id, title, was_approved=True)
        return Outcome(selected.task_state_id, title, was_approved=False, why=words_of(refusal, selected))
    except Exception:
        logger.exception("Approving task state %s with others failed", selected.task_state_id)
        why = _("Something went wrong. Nothing was decided about it; please open it and try again.")
        return Outcome(selected.task_state_id, title, was_approved=False, why=why)
    return Outcome(selected.task_state_id, title, was_approved=True)


@transaction.atomic
def approve_one(selected: Selected, *, actor) -> ReviewDecision:
    """Approve what was selected if there is no warning at this moment.

    Raises ``NotAllowed`` (warnings, or whatever the rules say), ``StaleRevision`` or ``SubmissionIncomplete``.
    """
    task_state = find(selected)
    page, task_state = actions.lock_decision(task_state)
    ensure(rules.APPROVE, page=page, task_state=task_state, actor=actor)
    actions.ensure_seen(page, selected.revision_id, selected.revision_time)
    ensure_without_warnings(page, task_state)
    return actions.approve(task_state, actor=actor, revision_id=selected.revision_id, revision_time=selected.revision_time)


def objection_to(selected: Selected, *, actor) -> str:
    """Why it cannot be approved with others at this moment; empty if it can be. Reads only."""
    try:
        task_state = find(selected)
        page = task_state.workflow_state.content_object.specific
        ensure(rules.APPROVE, page=page, task_state=task_state, actor=actor)
        actions.ensure_seen(page, selected.revision_id, selected.revision_time)
        if errors := page.get_latest_revision_as_object().submission_errors():
            raise SubmissionIncomplete(errors)
        ensure_without_warnings(page, task_state)
    except EhrenamtError as refusal:
        return words_of(refusal, selected)
    return ""


def find(selected: Selected) -> TaskState:
    related = ("task", "workflow_state", "finished_by")
    task_state = TaskState.objects.select_related(*related).filter(pk=selected.task_state_id).first()
    if task_state is None:
        raise NotAllowed(_("This does not exist any more."))
    ensure([rules.must_be_our_review], task_state=task_state)
    return task_state


def ensure_without_warnings(page: Page, task_state: TaskState) -> None:
    """Nothing competes with it, nothing similar exists, no date is over, and the organisation gave no reason to be read."""
    newest = page.get_latest_revision_as_object()
    if isinstance(newest, OfferingPage):
        if newest.new_past_dates():
            raise NotAllowed(_("A date is already over. Please look at it singly."))
        if warnings := check_offering(newest, Viewer(is_coordinator=True)).warnings:
            raise NotAllowed(_("It needs a look: %(warning)s") % {"warning": warnings[0]})
    request = ReviewRequest.objects.filter(task_state=task_state.pk).first()
    if request and request.reason:
        raise NotAllowed(_("The organisation gave a reason that should be read: %(reason)s") % {"reason": request.reason})


def was_approved_by(selected: Selected, actor) -> bool:
    decisions = ReviewDecision.objects.filter(task_state=selected.task_state_id, actor=actor, revision=selected.revision_id)
    return decisions.filter(outcome=ReviewDecision.Outcome.APPROVED).exists()


def title_of(selected: Selected) -> str:
    task_state = TaskState.objects.select_related("revision").filter(pk=selected.task_state_id).first()
    return (task_state.revision.content.get("title") or "") if task_state and task_state.revision else ""


def words_of(refusal: EhrenamtError, selected: Selected) -> str:
    if not isinstance(refusal, SubmissionIncomplete):
        return refusal.message
    page = find(selected).workflow_state.content_object.specific
    return " ".join([_("Facts are missing:"), *editor.sentences_of(page, refusal.errors)])
