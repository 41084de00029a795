"""What the review hears: signals of the app become mails; Wagtail's own mails about our reviews are stopped."""

from functools import wraps

from django.dispatch import receiver
from wagtail.admin import signal_handlers
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_approved, task_cancelled, task_rejected

from ehrenamt_wagtail import signals
from ehrenamt_wagtail.programme.models import OfferingPage

from . import notifications
from .models import ReviewClaim, ReviewTask


@receiver(signals.offering_submitted, dispatch_uid="ehrenamt_tell_submitted")
def on_submitted(sender, page, actor, task_state, **kwargs) -> None:
    notifications.tell_submitted(task_state, actor=actor)


@receiver(signals.offering_approved, dispatch_uid="ehrenamt_tell_approved")
def on_approved(sender, page, actor, decision, **kwargs) -> None:
    notifications.tell_decided(page, decision, actor=actor)
    if isinstance(page, OfferingPage):
        notifications.tell_towns(page, decision, actor=actor)


@receiver(signals.offering_returned, dispatch_uid="ehrenamt_tell_returned")
def on_returned(sender, page, actor, decision, **kwargs) -> None:
    notifications.tell_decided(page, decision, actor=actor)


@receiver(signals.offering_cancelled, dispatch_uid="ehrenamt_tell_cancelled")
def on_cancelled(sender, page, actor, cancellation, **kwargs) -> None:
    notifications.tell_cancelled(page, cancellation, actor=actor)


@receiver(signals.day_requested, dispatch_uid="ehrenamt_tell_day_requested")
def on_day_requested(sender, page, actor, day_request, **kwargs) -> None:
    notifications.tell_day_requested(day_request, actor=actor)


@receiver(signals.day_decided, dispatch_uid="ehrenamt_tell_day_decided")
def on_day_decided(sender, page, actor, day_request, **kwargs) -> None:
    notifications.tell_day_decided(day_request, actor=actor)


# Who had it open: over with any decision or withdrawal, wherever it was made.


@receiver([task_approved, task_rejected, task_cancelled], dispatch_uid="ehrenamt_claim_is_over")
def on_task_finished(sender, instance, **kwargs) -> None:
    ReviewClaim.objects.filter(task_state=instance.pk).delete()


# Wagtail's own mails: they would write to superusers too and send partners links into the admin, which they cannot open.

NOTIFIERS = (
    signal_handlers.task_submission_email_notifier,
    signal_handlers.workflow_submission_email_notifier,
    signal_handlers.workflow_approval_email_notifier,
    signal_handlers.workflow_rejection_email_notifier,
)


def is_ours(instance: TaskState | WorkflowState) -> bool:
    """Whether the state belongs to our task, or to a workflow that contains it."""
    if isinstance(instance, TaskState):
        return isinstance(instance.task.specific, ReviewTask)
    return ReviewTask.objects.filter(workflow_tasks__workflow_id=instance.workflow_id).exists()


def quieten_wagtail() -> None:
    """Stop Wagtail's mails for our workflows; those of a host's other workflows are sent as before."""
    for notifier in NOTIFIERS:
        if not hasattr(notifier.can_handle, "__wrapped__"):
            notifier.can_handle = unless_ours(notifier.can_handle)


def unless_ours(can_handle):
    @wraps(can_handle)
    def wrapper(instance, **kwargs) -> bool:
        return can_handle(instance, **kwargs) and not is_ours(instance)

    return wrapper
