"""Who may send a mail again, and when."""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection

from .models import OutgoingMail

RESEND_PERMISSION = "ehrenamt_wagtail.change_outgoingmail"


def actor_keeps_the_outbox(*, actor, mail: OutgoingMail) -> None:
    if not actor.has_perm(RESEND_PERMISSION):
        raise NotAllowed(_("You may not send mails again. Please ask the volunteer coordination."))


def mail_was_not_delivered(*, actor, mail: OutgoingMail) -> None:
    if mail.status not in (OutgoingMail.Status.GIVEN_UP, OutgoingMail.Status.UNCLEAR) and not mail.has_failed:
        raise NotAllowed(
            _("This mail is not sent again, because its state is “%(state)s”. Nothing was changed.")
            % {"state": mail.get_status_display()}
        )


RESEND = [actor_keeps_the_outbox, mail_was_not_delivered]


def can_resend(actor, mail: OutgoingMail) -> bool:
    return first_objection(RESEND, actor=actor, mail=mail) is None
