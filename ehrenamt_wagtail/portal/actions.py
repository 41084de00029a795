"""Asking for a mailed sign-in link."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.mail.actions import queue_mail

from .models import LoginLinkCount

LOGIN_LINK_MAIL = "portal/login_link"
KEPT = dt.timedelta(hours=24)


@transaction.atomic
def request_login_link(email: str) -> bool:
    """Queue one confidential mail to ``email`` unless the hour's limit is reached; gives whether it was queued.

    A row is queued for unknown addresses too, so that both take the same time and look the same; whether somebody may be signed
    in by it is found out at delivery, and nothing is sent otherwise. Deletes counts that are older than a day.
    """
    email = email.strip()
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    LoginLinkCount.objects.filter(hour__lt=hour - KEPT).delete()
    LoginLinkCount.objects.get_or_create(address_hash=hash_of(email), hour=hour)
    count = LoginLinkCount.objects.select_for_update().get(address_hash=hash_of(email), hour=hour)
    if count.number >= conf.LOGIN_LINKS_PER_HOUR:
        return False
    count.number += 1
    count.save(update_fields=["number"])
    queue_mail(LOGIN_LINK_MAIL, email=email, language=get_language() or "", is_confidential=True)
    return True


def hash_of(email: str) -> str:
    return salted_hmac("ehrenamt_wagtail.portal.login_link", email.strip().lower(), algorithm="sha256").hexdigest()


def login_link_counts(email: str):
    """How often a link was asked for with this address lately; nothing else is known of it."""
    return LoginLinkCount.objects.filter(address_hash=hash_of(email))
