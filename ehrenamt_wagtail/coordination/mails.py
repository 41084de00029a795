"""What the mails of coordination say, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import notifications
from .models import DateHold, JoinProposal
from .partnership import sides_of
from .visibility import Viewer, viewer_of

# Addresses of the portal, which stands above this room.
PORTAL_HOLD = "ehrenamt:hold"
PORTAL_JOIN = "ehrenamt:join"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.HOLD_EXPIRING, hold_expiring, label=gettext_lazy("Hold expires soon"))
    register_mail(notifications.HOLD_EXPIRED, hold_expired, label=gettext_lazy("Hold expired"))
    register_mail(notifications.JOIN_PROPOSED, join_proposed, label=gettext_lazy("Proposal to join forces"))
    register_mail(notifications.JOINED, joined, label=gettext_lazy("Joined forces"))
    register_mail(notifications.JOIN_ENDED, join_ended, label=gettext_lazy("Proposal to join forces ended"))


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


def join_proposed(mail: OutgoingMail) -> dict | None:
    """To both organisations; nothing when it was answered or dropped before the mail went out."""
    return join_mail(mail, [JoinProposal.Status.OPEN], _("See and answer"))


def joined(mail: OutgoingMail) -> dict | None:
    """To both organisations and the district."""
    return join_mail(mail, [JoinProposal.Status.JOINED], _("Open in the partner portal"))


def join_ended(mail: OutgoingMail) -> dict | None:
    """To both organisations and the district: it was declined, or one of the offerings goes another way."""
    return join_mail(mail, [JoinProposal.Status.DECLINED, JoinProposal.Status.DROPPED], _("Open in the partner portal"))


def join_mail(mail: OutgoingMail, statuses: list[JoinProposal.Status], button_label: str) -> dict | None:
    """Both offerings as the recipient may see them; nothing to people who act for neither organisation any more."""
    related = ("joining__organisation", "host__organisation", "declined_by", "proposed_by")
    proposal = JoinProposal.objects.select_related(*related).filter(pk=mail.params["proposal"]).first()
    viewer = viewer_of(mail.user) if mail.user else Viewer()
    if proposal is None or proposal.status not in statuses:
        return None
    joining, host = sides_of(proposal, viewer)
    own = next((side for side in (joining, host) if side.is_own), None)
    if own is None and not viewer.is_coordinator:
        return None
    return {
        "joining": joining,
        "host": host,
        "own_organisation": own.organisation if own else "",
        "comment": proposal.comment,
        "is_declined": proposal.status == JoinProposal.Status.DECLINED,
        "declined_by": declining_organisation(proposal),
        "answer": proposal.answer,
        "button_url": absolute_url(reverse(PORTAL_JOIN, args=[proposal.pk])) if own else absolute_url(host.url) if host.url else "",
        "button_label": button_label if own else _("See the offering"),
    }


def declining_organisation(proposal: JoinProposal) -> str:
    """The organisation of the person who declined."""
    if proposal.declined_by is None:
        return ""
    own = Organisation.objects.of_user(proposal.declined_by)
    return str(own.filter(pk__in=[proposal.joining.organisation_id, proposal.host.organisation_id]).first() or "")
