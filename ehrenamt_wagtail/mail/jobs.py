"""Entry points of the job cluster; both may run any number of times and side by side."""

from . import actions
from .models import OutgoingMail


def deliver_mail(mail_id: int) -> str:
    """Deliver one mail if it is due; returns its state, or "" when it does not exist."""
    mail = OutgoingMail.objects.filter(pk=mail_id).first()
    return str(actions.deliver(mail)) if mail else ""


def deliver_due() -> int:
    """Deliver what is due; returns the number of mails sent."""
    return actions.deliver_due()
