"""Mails that are none of a test's business."""

from django.core import mail

from ehrenamt_wagtail.models import OutgoingMail


def forget_mails() -> None:
    """As if all that was written so far had been delivered long ago; one job delivers all that wait."""
    OutgoingMail.objects.filter(status=OutgoingMail.Status.WAITING).update(status=OutgoingMail.Status.SENT)
    mail.outbox.clear()
