"""Writing, delivering and resending mails.

The states of a row::

    waiting ──► claimed ──► sending ──► sent
       ▲           │           │
       └───────────┴───────────┤   failed: again after a pause, given_up after the last one
                   │           └──► unclear   (mass mail, or tried too often: it may have arrived)
                   └──► dropped    (nothing to tell any more)

A job that dies leaves its row claimed or sending; the claim lapses after a while and the next job takes the row up. Claimed
means that the mail server was not spoken to yet.
"""

import logging
import re
import smtplib
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.rows import insert

from . import registry, rendering, rules, starts
from .languages import language_for
from .models import OutgoingMail

logger = logging.getLogger(__name__)

Status = OutgoingMail.Status

AT_ONCE = 200
IDENTIFIER = re.compile(r"[\w.:-]{0,64}", re.ASCII)


# Writing


def queue_mail(
    template: str,
    *,
    user=None,
    email: str = "",
    params: dict[str, Any] | None = None,
    dedupe_key: str | None = None,
    language: str = "",
    is_confidential: bool = False,
    is_bulk: bool = False,
) -> OutgoingMail:
    """Write a mail to ``user`` or to the address ``email`` (which wins) as part of the caller's transaction.

    Delivery is started when that transaction commits; a rollback leaves no mail. A row with the same ``dedupe_key`` is
    returned as it is, whatever its state, and nothing is sent again. ``params`` holds ids (numbers, UUIDs, slugs) and lists of
    them, never texts, addresses or tokens: the template's builder loads the rest at delivery. ``language`` is a code; empty
    means what the person chose, else the site's. ``is_confidential`` hides the recipient in every register. ``is_bulk`` marks
    mass mail, which is never sent twice by itself.

    Raises ``UnknownMail`` for an unregistered template, ``ValueError`` without a recipient or for params that are no ids.
    """
    facts = {"params": params, "language": language, "is_confidential": is_confidential, "is_bulk": is_bulk}
    fields = _fields_of(template, user=user, email=email, **facts)
    if dedupe_key:
        mail, is_new = OutgoingMail.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
        if is_new:
            deliver_on_commit(mail)
        return mail
    mail = OutgoingMail(**fields)
    insert(mail)
    deliver_on_commit(mail)
    return mail


def prepare_mail(template: str, **facts: Any) -> OutgoingMail:
    """As ``queue_mail`` without ``dedupe_key``, but not written yet: for who writes it together with other rows.

    ``deliver_on_commit`` must follow.
    """
    return OutgoingMail(**_fields_of(template, **facts))


def _fields_of(
    template: str, *, user=None, email: str = "", params: dict[str, Any] | None = None, language: str = "", **marks: bool
) -> dict[str, Any]:
    registry.get_registered(template)
    return {
        "template": template,
        "user": user,
        "address": _checked_address(email, user),
        "language": language_for(user, language),
        "params": {str(name): _checked_id(value) for name, value in (params or {}).items()},
        **marks,
    }


def tell(template: str, recipients: Iterable, **params: int) -> None:
    """Queue one mail about ``params`` to each of the users; nobody is told the same twice."""
    subject = ":".join(str(value) for value in params.values())
    for user in recipients:
        queue_mail(template, user=user, params=params, dedupe_key=f"{template}:{subject}:{user.pk}")


def _checked_address(email: str, user) -> str:
    if not email:
        if user is None:
            raise ValueError("A mail needs a user or an address.")
        return ""
    try:
        validate_email(email)
    except ValidationError:
        raise ValueError("This is not a mail address.") from None
    return email


def _checked_id(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_checked_id(item) for item in value]
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and IDENTIFIER.fullmatch(value):
        return value
    raise ValueError("Params of a mail are ids; texts and tokens are made at delivery.")


def deliver_on_commit(mail: OutgoingMail) -> None:
    """Start the delivery of a mail that was written, once it can be seen by all."""
    # Robust: the change is already saved, and the minutely job finds the mail when the broker cannot be reached.
    transaction.on_commit(starts.start_delivery, using=mail._state.db, robust=True)


# Delivering


def deliver_due() -> int:
    """Deliver what is due, the longest due first, until time is up (``MAIL_JOB_SECONDS``); returns the number sent.

    What is left, if anything could be tried, another job goes on with.
    """
    end = time.monotonic() + conf.MAIL_JOB_SECONDS
    starts.take_back()
    due = list(OutgoingMail.objects.due(timezone.now())[:AT_ONCE])
    tried = sent = 0
    for mail in due:
        if time.monotonic() >= end:
            break
        tried += 1
        sent += _attempt(mail) == Status.SENT
    if tried and (tried < len(due) or len(due) == AT_ONCE):
        starts.start_delivery()
    return sent


def deliver(mail: OutgoingMail) -> Status:
    """Send ``mail`` if it is due and nobody else is at it; returns its state afterwards.

    Never raises for a mail that cannot be rendered or sent: it is tried again after the pauses of ``MAIL_RETRY_MINUTES`` and
    then given up. Killed before the mail server was spoken to, it is sent once by a later call; killed while speaking to it,
    it is sent again with the same Message-ID, or becomes unclear if it is mass mail. Raises ``RuntimeError`` inside a
    transaction, since what a rollback takes back must not have been told.
    """
    _attempt(mail)
    mail.refresh_from_db()
    return Status(mail.status)


def _attempt(mail: OutgoingMail) -> Status | None:
    """The state that this attempt led to; ``None`` when there was none to make."""
    claimed = _claim(mail.pk)
    if claimed is None:
        return None
    _work_on(claimed)
    claimed.refresh_from_db(fields=["status"])
    return Status(claimed.status)


def _claim(mail_id: int) -> OutgoingMail | None:
    """Take the mail for this job and count the attempt; ``None`` when it is not due or cannot be tried again."""
    with transaction.atomic(durable=True):
        mail = OutgoingMail.objects.due(timezone.now()).filter(pk=mail_id).locked().first()
        if mail is None:
            return None
        may_have_arrived = mail.status == Status.SENDING
        is_exhausted = mail.attempts > len(conf.MAIL_RETRY_MINUTES)
        if is_exhausted or (may_have_arrived and mail.is_bulk):
            mail.status = Status.UNCLEAR if may_have_arrived else Status.GIVEN_UP
            mail.next_attempt_at = None
            mail.last_error = mail.last_error or "interrupted"
            logger.warning("Mail %s was interrupted and is now %s", mail.pk, mail.status)
        else:
            mail.status = Status.CLAIMED
            mail.attempts += 1
            mail.next_attempt_at = timezone.now() + timedelta(minutes=conf.MAIL_CLAIM_MINUTES)
        mail.save(update_fields=["status", "attempts", "next_attempt_at", "last_error"])
    return mail if mail.status == Status.CLAIMED else None


def _work_on(mail: OutgoingMail) -> None:
    if mail.user is not None and not mail.user.is_active:
        return _finish(mail, Status.DROPPED)
    if not mail.recipient_address():
        # A deleted account is told nothing; one without an address may get one, and then the mail is sent by hand.
        return _finish(mail, Status.GIVEN_UP if mail.user else Status.DROPPED, last_error="no mail address")
    try:
        rendered = rendering.render(mail)
        message = rendering.build_message(mail, rendered) if rendered else None
    except Exception as error:
        # Without the error's own text, which may quote a token or an address.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Mail %s (%s) cannot be rendered: %s\n%s", mail.pk, mail.template, type(error).__name__, frames)
        return _fail(mail, error)
    if message is None:
        return _finish(mail, Status.DROPPED)
    _send(mail, message)


def _send(mail: OutgoingMail, message: django_mail.EmailMessage) -> None:
    try:
        connection = _connection()
        connection.open()
    except Exception as error:
        return _fail(mail, error)
    try:
        if not _update(mail, status=Status.SENDING):
            return
        if connection.send_messages([message]) == 0:
            raise smtplib.SMTPException("The backend sent nothing.")
    except Exception as error:
        if mail.is_bulk and not _is_refusal(error):
            return _finish(mail, Status.UNCLEAR, last_error=describe(error))
        return _fail(mail, error)
    finally:
        # The server has answered by now; a clumsy goodbye changes nothing.
        with suppress(Exception):
            connection.close()
    _finish(mail, Status.SENT, sent_at=timezone.now())


def _connection():
    """The host's mail backend, with a time limit if it would otherwise wait for ever."""
    # Django 6.1 replaced get_connection() by mailers.
    mailers = getattr(django_mail, "mailers", None)
    connection = django_mail.get_connection() if mailers is None else mailers.default
    if getattr(connection, "timeout", 0) is None:
        connection.timeout = conf.MAIL_TIMEOUT_SECONDS
    return connection


def _is_refusal(error: Exception) -> bool:
    """Whether the server, or our own side before it, said clearly that the mail was not taken."""
    return isinstance(
        error,
        smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | smtplib.SMTPNotSupportedError | ValueError,
    )


def describe(error: Exception) -> str:
    """The error in a few words that name neither people nor tokens."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{name} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{name} {' '.join(str(code) for code, _text in error.recipients.values())}"
    if isinstance(error, OSError) and isinstance(error.strerror, str):
        return f"{name}: {error.strerror}"[:200]
    return name


def _fail(mail: OutgoingMail, error: Exception) -> None:
    """Plan the next attempt, or give up after the last."""
    pauses = conf.MAIL_RETRY_MINUTES
    text = describe(error)
    if mail.attempts > len(pauses):
        logger.warning("Mail %s (%s) is given up after %s attempts: %s", mail.pk, mail.template, mail.attempts, text)
        return _finish(mail, Status.GIVEN_UP, last_error=text)
    pause = timedelta(minutes=pauses[mail.attempts - 1])
    logger.warning("Mail %s (%s) failed, again in %s: %s", mail.pk, mail.template, pause, text)
    _update(mail, status=Status.WAITING, next_attempt_at=timezone.now() + pause, last_error=text)


def _finish(mail: OutgoingMail, status: Status, *, last_error: str = "", **values) -> None:
    _update(mail, status=status, next_attempt_at=None, last_error=last_error, **values)


def _update(mail: OutgoingMail, **values) -> bool:
    """Write ``values`` if the mail is still ours: a claim is known by the moment at which it lapses."""
    still_ours = OutgoingMail.objects.filter(
        pk=mail.pk, status__in=[Status.CLAIMED, Status.SENDING], next_attempt_at=mail.next_attempt_at
    )
    return still_ours.update(**values) == 1


# Resending


@transaction.atomic
def resend(mail: OutgoingMail, *, actor) -> OutgoingMail:
    """Try a mail again that was given up, is unclear or failed, with all its attempts anew and the same Message-ID.

    Writes Wagtail's log and starts delivery on commit. Raises ``NotAllowed`` if ``actor`` may not or the mail is in another
    state; nothing is changed then.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    ensure(rules.RESEND, actor=actor, mail=mail)
    mail.status = Status.WAITING
    mail.attempts = 0
    mail.next_attempt_at = timezone.now()
    mail.save(update_fields=["status", "attempts", "next_attempt_at"])
    log(instance=mail, action="ehrenamt.resend_mail", user=actor)
    deliver_on_commit(mail)
    return mail
