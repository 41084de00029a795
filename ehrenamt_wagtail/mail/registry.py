"""Which mails exist: each room registers its own in ``ready()``; hosts may add theirs the same way."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import Site

from ehrenamt_wagtail.conf import conf

if TYPE_CHECKING:
    from .models import OutgoingMail

Builder = Callable[["OutgoingMail"], Mapping[str, Any] | None]

KEY = re.compile(r"[a-z0-9_]+/[a-z0-9_]+")


class UnknownMail(LookupError):
    """No room registered a mail under this key."""


@dataclass(frozen=True)
class RegisteredMail:
    """A kind of mail; its templates are ``ehrenamt_wagtail/mail/<key>.subject.txt``, ``.txt`` and ``.html``."""

    key: str
    builder: Builder
    label: str

    @property
    def template_names(self) -> tuple[str, str, str]:
        """Subject, plain text, HTML."""
        stem = f"ehrenamt_wagtail/mail/{self.key}"
        return f"{stem}.subject.txt", f"{stem}.txt", f"{stem}.html"


_mails: dict[str, RegisteredMail] = {}


def register_mail(key: str, builder: Builder, *, label: str = "") -> None:
    """Make the mail ``key`` ("<room>/<name>") known; registering it again replaces it.

    ``builder(mail)`` returns the context of its templates, or ``None`` when what the mail was about no longer exists or the
    recipient may no longer read it: then nothing is sent. It runs at delivery, outside any transaction, in the language of
    the mail and the time zone of the site, possibly several times, and is the place to make tokens. ``button_url`` (see
    ``absolute_url``) and ``button_label`` in the context make the mail's one button, ``reply_to`` is the address that answers go
    to, ``attachments`` a list of (file name, content, media type). ``label`` is what coordinators read in the register; it may be
    lazy.
    """
    if not KEY.fullmatch(key):
        raise ValueError(f"A mail is called '<room>/<name>', not {key!r}.")
    _mails[key] = RegisteredMail(key, builder, label)


def get_registered(key: str) -> RegisteredMail:
    """The mail ``key``; raises ``UnknownMail``."""
    try:
        return _mails[key]
    except KeyError:
        raise UnknownMail(f"No mail is registered as {key!r}.") from None


def registered_mails() -> list[RegisteredMail]:
    """All kinds of mail, in the order of their keys."""
    return [_mails[key] for key in sorted(_mails)]


def label_for(key: str) -> str:
    """What to call the mail ``key`` in the interface, also when it is no longer registered."""
    mail = _mails.get(key)
    return str(mail.label) if mail and mail.label else key


def base_url() -> str:
    """The site as seen from outside, without a trailing slash; raises ``ImproperlyConfigured`` when nothing says so."""
    if conf.BASE_URL:
        return conf.BASE_URL.rstrip("/")
    site = Site.objects.filter(is_default_site=True).first()
    url = site.root_url if site else getattr(settings, "WAGTAILADMIN_BASE_URL", "")
    if not url:
        raise ImproperlyConfigured("Set EHRENAMT['BASE_URL'] or make one Wagtail site the default.")
    return url.rstrip("/")


def absolute_url(path: str) -> str:
    """``path`` with scheme and host, for use in mails; what already has a scheme stays as it is."""
    if path.startswith(("https://", "http://")):
        return path
    return f"{base_url()}/{path.lstrip('/')}"
