"""Mails of the portal; tokens are made here, at delivery, and stored nowhere."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.sign_in import sign_in_url, users_of_address
from ehrenamt_wagtail.mail.registry import register_mail

from .actions import LOGIN_LINK_MAIL


def login_link(mail) -> dict | None:
    """A link for everybody who shares the address; nothing for addresses that nobody signs in with."""
    address = mail.recipient_address()
    # The database may fold letters that only look alike; the link must not reach a look-alike address.
    users = [user for user in users_of_address(address) if user.email.strip().lower() == address.lower()]
    if not users:
        return None
    return {
        "recipient_name": users[0].get_full_name() if len(users) == 1 else "",
        "people": [user.get_full_name() or user.get_username() for user in users] if len(users) > 1 else [],
        "minutes": conf.LOGIN_LINK_MINUTES,
        "button_url": sign_in_url(users),
        "button_label": _("Open the sign-in page"),
    }


def register() -> None:
    register_mail(LOGIN_LINK_MAIL, login_link, label=gettext_lazy("Link to sign in"))
