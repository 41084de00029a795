"""What the mails of coordination say, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import notifications
from .models import DateHold

# Address of the portal, which stands above this room.
PORTAL_HOLD = "ehrenamt:hold"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.HOLD_EXPIRING, hold_expiring, label=gettext_lazy("Hold expires soon"))
    register_mail(notifications.HOLD_EXPIRED, hold_expired, label=gettext_lazy("Hold expired"))


def hold_expiring(mail: OutgoingMail) -> dict | None:
    """To the owner; nothing when it was used, given back or prolonged before the mail went out."""
    return hold_mail(mail, DateHold.Status.ACTIVE, _("Prolong, use or give back"))


def hold_expired(mail: OutgoingMail) -> dict | None:
    return hold_mail(mail, DateHold.Status.EXPIRED, _("Open in the partner portal"))


def hold_mail(mail: OutgoingMail, status: DateHold.Status, button_label: str) -> dict | None:
    related = ("organisation", "municipality", "topic", "need")
    hold = DateHold.objects.select_related(*related).filter(pk=mail.params["hold"]).first()
    if hold is None or hold.status != status or not acts_for(mail.user, hold):
        return None
    return {
        "hold": hold,
        "when": hold.when,
        "expires": long_date(hold.expires_at),
        "may_be_prolonged": hold.prolonged_at is None and hold.expires_at < hold.span()[0],
        "organisation": hold.organisation.name,
        "button_url": absolute_url(reverse(PORTAL_HOLD, args=[hold.pk])),
        "button_label": button_label,
    }


def acts_for(user, hold: DateHold) -> bool:
    return user is not None and Organisation.objects.of_user(user).filter(pk=hold.organisation_id).exists()
