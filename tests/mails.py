"""Mails that tests read, and those that are none of their business."""

import re

from django.core import mail

from ehrenamt_wagtail.models import OutgoingMail


def forget_mails() -> None:
    """As if all that was written so far had been delivered long ago; one job delivers all that wait."""
    OutgoingMail.objects.filter(status=OutgoingMail.Status.WAITING).update(status=OutgoingMail.Status.SENT)
    mail.outbox.clear()


def newest_to(address: str):
    """The mail that was delivered to the address last."""
    return next(message for message in reversed(mail.outbox) if message.to == [address])


def link_in(message, part: str) -> str:
    """Path and query of the mail's first link that has ``part`` in its path."""
    return re.search(rf"https?://[^/\s]+(\S*{part}\S+)", message.body)[1]
