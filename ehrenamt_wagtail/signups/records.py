"""All certificates of one person in one document, by a mailed link: there are no accounts for participants."""

import datetime as dt
import uuid

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone

from ehrenamt_wagtail.mail.actions import queue_mail

from .certificates import by_person, fetchable, of_address
from .models import Participant, SignUp
from .signing import count_confirmation

MAIL = "signups/own_certificates"
LINK_HOURS = 12


def signer() -> TimestampSigner:
    return TimestampSigner(salt="ehrenamt_wagtail.signups.records", sep=".")


def send_link(email: str, *, now: dt.datetime | None = None) -> None:
    """Write the mail with the link; it is dropped at delivery where the address has no certificates.

    Nothing tells whether it has. Beyond ``conf.SIGNUP_MAILS_PER_DAY`` mails to the address nothing is sent.
    """
    if count_confirmation(email, now or timezone.now()):
        queue_mail(MAIL, email=email, is_confidential=True)


def link_token(email: str) -> str | None:
    """What opens the list for ``LINK_HOURS``; ``None`` for an address without certificates.

    It names one of the address's sign-ups, so that no address stands in the link or in the log of a web server.
    """
    people = fetchable(of_address(email))
    return signer().sign(people[-1].sign_up.uid.hex) if people else None


def people_of(token: str) -> dict[str, list[Participant]] | None:
    """Who shares the address that the link was sent to, by name; ``None`` when the link was altered or is too old."""
    try:
        uid = uuid.UUID(hex=signer().unsign(token, max_age=dt.timedelta(hours=LINK_HOURS)))
    except (BadSignature, ValueError):
        return None
    sign_up = SignUp.objects.filter(uid=uid).first()
    return by_person(fetchable(of_address(sign_up.email))) if sign_up and sign_up.email else None


def records_of(token: str, participant_id: int) -> list[Participant] | None:
    """All participations of the person that ``participant_id`` is one of; ``None`` where the link does not reach."""
    lists = (people_of(token) or {}).values()
    return next((people for people in lists if any(person.pk == participant_id for person in people)), None)
