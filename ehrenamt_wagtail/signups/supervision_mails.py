"""What the mails of supervisions say, made at delivery. They name nobody, and all of them are confidential in the outbox."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from ehrenamt_wagtail.directory.sign_in import has_admin_access, sign_in_url
from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail
from ehrenamt_wagtail.programme.models import OfferingPage

from . import mails, notifications, supervision
from .models import Notice, NoticeRecipient, SignUp
from .supervision_requests import NEWS, readable_requests

MESSAGE = "signups/supervision_message"
NAMED = "signups/supervision_named"

# Addresses of the portal, which stands above this room.
PORTAL_REQUEST = "ehrenamt:supervision-request"
PORTAL_SUPERVISIONS = "ehrenamt:supervisions"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(MESSAGE, message, label=gettext_lazy("Message of the supervisor"))
    register_mail(NAMED, named, label=gettext_lazy("Named as supervisor"))
    register_mail(NEWS, news, label=gettext_lazy("News about a supervision"))


# Writing to those who take part


@transaction.atomic
def write_to_people(page: OfferingPage, *, subject: str, text: str, actor, uid, plan=None) -> Notice:
    """Write to everybody who has a seat, of one plan or of all dates; answers go to the supervisor.

    ``uid`` comes with the form: sent twice it is one message. Only those are written to whose names the supervisor reads. Raises
    ``NotAllowed``.
    """
    ensure(supervision.SUPERVISE, offering_id=page.pk, actor=actor)
    facts = {"offering_id": page.pk, "kind": Notice.Kind.MESSAGE, "audience": Notice.Audience.SEATS}
    notice, is_new = Notice.objects.get_or_create(
        uid=uid, defaults={**facts, "subject": subject, "text": text, "by": actor}
    )
    if not is_new:
        return notice
    sign_ups = SignUp.objects.with_seat().filter(plan__offering=page.pk, is_confidential=True, reader=actor.pk)
    if plan is not None:
        sign_ups = sign_ups.filter(plan=plan)
    for sign_up in sign_ups:
        mail = notifications.write(MESSAGE, sign_up, dedupe=str(notice.uid), is_bulk=True, notice=notice.pk)
        NoticeRecipient.objects.create(notice=notice, sign_up=sign_up, mail=mail)
    return notice


# Builders


def message(mail: OutgoingMail) -> dict | None:
    """To somebody who takes part; nothing to those who gave their seat back meanwhile."""
    sign_up = mails.sign_up_for(mail)
    notice = Notice.objects.filter(pk=mail.params["notice"]).first()
    if sign_up is None or notice is None or not sign_up.has_seat:
        return None
    return {**mails.facts_of(sign_up), "message": notice.text, "message_subject": notice.subject}


def news(mail: OutgoingMail) -> dict | None:
    """To one of the two who write to each other; neither text nor names."""
    request = readable_requests(mail.user).filter(pk=mail.params["request"]).first() if mail.user else None
    if request is None:
        return None
    return {
        "recipient_name": "",
        "button_url": absolute_url(reverse(PORTAL_REQUEST, args=[request.pk])),
        "button_label": _("Read the message"),
    }


def named(mail: OutgoingMail) -> dict | None:
    """To an account that coordinators named: how to sign in."""
    if mail.user is None or not supervision.named_supervisors().filter(pk=mail.user.pk).exists():
        return None
    has_password = mail.user.has_usable_password() or has_admin_access(mail.user)
    return {
        "has_password": has_password,
        "button_url": absolute_url(reverse(PORTAL_SUPERVISIONS)) if has_password else sign_in_url([mail.user], is_invitation=True),
        "button_label": _("Open my supervisions") if has_password else pgettext("portal", "Sign in"),
    }


def tell_named(user) -> None:
    """Once an account."""
    queue_mail(NAMED, user=user, dedupe_key=f"{NAMED}:{user.pk}", is_confidential=True)
