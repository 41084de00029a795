"""„In Bearbeitung bei …“: who has a submission open. It keeps nobody from deciding; it keeps two from doing the same work.

A claim is made by opening the page of a submission, lasts ``conf.REVIEW_CLAIM_HOURS`` hours from then, and is gone with any
decision or withdrawal. These are no steps of the history: nothing about the submission changes.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from ehrenamt_wagtail.exceptions import NotAllowed, ensure

from . import rules
from .models import ReviewClaim


@transaction.atomic
def claim(task_state: TaskState, *, actor) -> ReviewClaim:
    """Take the submission unless somebody has it; gives the claim that counts, perhaps somebody else's.

    Of two who open it at the same moment one gets it. An own claim keeps its time. Raises ``NotAllowed`` for others than
    reviewers and when it is decided already.
    """
    lock_undecided(task_state, actor)
    present = ReviewClaim.objects.current().select_related("user").filter(task_state=task_state.pk).first()
    return present or write(task_state, actor)


@transaction.atomic
def take_over(task_state: TaskState, *, actor) -> ReviewClaim:
    """Take the submission from whoever has it; gives the new claim. Raises ``NotAllowed``."""
    lock_undecided(task_state, actor)
    present = ReviewClaim.objects.current().filter(task_state=task_state.pk, user=actor).first()
    return present or write(task_state, actor)


@transaction.atomic
def leave_to_others(task_state: TaskState, *, actor) -> None:
    """Give up one's own claim; nothing happens without one. Raises ``NotAllowed`` when somebody else has it."""
    lock_undecided(task_state, actor)
    present = ReviewClaim.objects.current().filter(task_state=task_state.pk).first()
    if present and present.user_id != actor.pk:
        raise NotAllowed(_("Somebody else is working on this. Nothing was changed."))
    ReviewClaim.objects.filter(task_state=task_state.pk).delete()


def lock_undecided(task_state: TaskState, actor) -> None:
    """Lock the task state's row, so that no claim is written beside a decision, and ask the rules."""
    TaskState.objects.select_for_update().get(pk=task_state.pk)
    fresh = TaskState.objects.select_related("task", "workflow_state", "finished_by").get(pk=task_state.pk)
    ensure(rules.DECIDE, task_state=fresh, actor=actor)


def write(task_state: TaskState, actor) -> ReviewClaim:
    claim, _is_new = ReviewClaim.objects.update_or_create(
        task_state_id=task_state.pk, defaults={"user": actor, "at": timezone.now()}
    )
    return claim
