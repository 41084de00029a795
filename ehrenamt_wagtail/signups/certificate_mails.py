"""Mails about certificates, made at delivery."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import certificates, records
from .mails import facts_of, sign_up_for
from .models import Participant


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(certificates.READY, ready, label=gettext_lazy("Certificate of attendance"))
    register_mail(records.MAIL, own_records, label=gettext_lazy("Record of trainings attended"))


def ready(mail: OutgoingMail) -> dict | None:
    """Nothing where the release was taken back, or nobody of the sign-up counts as present any more."""
    sign_up = sign_up_for(mail)
    people = certificates.fetchable(Participant.objects.filter(sign_up=sign_up)) if sign_up else []
    if not people:
        return None
    return {**facts_of(sign_up), "names": [person.name for person in people], "button_label": _("Fetch the certificate")}


def own_records(mail: OutgoingMail) -> dict | None:
    """The link is made now, so that it works for its whole time; nothing for an address without certificates."""
    token = records.link_token(mail.address)
    if token is None:
        return None
    return {
        "hours": records.LINK_HOURS,
        "recipient_name": "",
        "button_url": absolute_url(reverse("ehrenamt:own-records-list", args=[token])),
        "button_label": _("See my certificates"),
    }
