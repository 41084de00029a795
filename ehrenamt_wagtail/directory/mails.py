"""The mails of the directory, made when they are delivered."""

from django.utils.translation import gettext_lazy, pgettext

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.mail.languages import register_language_source
from ehrenamt_wagtail.mail.registry import register_mail

from .actions import INVITATION_MAIL
from .models import Membership
from .sign_in import may_use_links, sign_in_url


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(INVITATION_MAIL, invitation, label=gettext_lazy("Invitation"))
    register_language_source(language_of_member)


def invitation(mail) -> dict | None:
    """Nothing to say when the access has ended or the account may not sign in by link."""
    membership = (
        Membership.objects.select_related("user", "organisation", "invited_by")
        .filter(pk=mail.params["membership"], organisation__is_active=True)
        .first()
    )
    if membership is None or not may_use_links(membership.user):
        return None
    inviter = membership.invited_by
    return {
        "membership": membership,
        "organisation": membership.organisation,
        "inviter_name": inviter.get_full_name() if inviter else "",
        "days": conf.INVITATION_DAYS,
        "button_label": pgettext("portal", "Sign in"),
        "button_url": sign_in_url([membership.user], is_invitation=True),
    }


def language_of_member(user) -> str:
    """The language that somebody chose for one of the person's memberships, the newest first; empty if nobody did."""
    chosen = Membership.objects.filter(user=user).exclude(language="").order_by("-created_at", "-pk")
    return chosen.values_list("language", flat=True).first() or ""
