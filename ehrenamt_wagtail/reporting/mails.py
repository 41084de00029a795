"""What the mails about programme periods say, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.formatting import days_until, long_date
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import notifications
from .models import ProgrammePeriod
from .periods import days_in_words
from .progress import contribution_of

# Addresses of the portal, which stands beside this room.
PORTAL = "ehrenamt:portal"
PORTAL_NEW = "ehrenamt:offering-new"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.CALLED, called, label=gettext_lazy("Call for contributions"))
    register_mail(notifications.REMINDED, reminded, label=gettext_lazy("Reminder of the editorial deadline"))


def called(mail: OutgoingMail) -> dict | None:
    """To somebody who acts for an organisation; nothing when the deadline passed before the mail went out."""
    period, organisation = subjects_of(mail)
    if period is None or organisation is None:
        return None
    return facts_of(period, organisation)


def reminded(mail: OutgoingMail) -> dict | None:
    """The same; nothing either when the organisation contributed or answered meanwhile."""
    period, organisation = subjects_of(mail)
    if period is None or organisation is None:
        return None
    contribution = contribution_of(period, organisation.pk)
    if not contribution.is_missing:
        return None
    facts = {**facts_of(period, organisation), "left": days_until(period.deadline), "drafts": contribution.drafts}
    if contribution.drafts:
        # They stand on the first page.
        facts |= {"button_url": absolute_url(reverse(PORTAL)), "button_label": _("Open in the partner portal")}
    return facts


def subjects_of(mail: OutgoingMail) -> tuple[ProgrammePeriod | None, Organisation | None]:
    """The period while it takes contributions, and the organisation while the person acts for it."""
    period = ProgrammePeriod.objects.filter(pk=mail.params["period"]).first()
    if period is None or period.is_closed(timezone.now()) or mail.user is None:
        return None, None
    return period, Organisation.objects.of_user(mail.user).filter(pk=mail.params["organisation"]).first()


def facts_of(period: ProgrammePeriod, organisation: Organisation) -> dict:
    return {
        "period": period,
        "title": period.name,
        "days": days_in_words(period),
        "deadline": long_date(period.deadline),
        "organisation": organisation.name,
        "button_url": absolute_url(reverse(PORTAL_NEW)),
        "button_label": _("Announce an event"),
    }
