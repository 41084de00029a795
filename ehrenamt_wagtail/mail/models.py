"""The outbox: what is to be told to whom. Neither texts nor tokens are stored."""

import uuid
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import connections, models
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.conf import conf

from . import registry


def sender() -> str:
    """The address that mails come from."""
    return conf.MAIL_FROM or settings.DEFAULT_FROM_EMAIL


def make_message_id() -> str:
    """A new Message-ID under the sender's domain; it names neither the machine nor the time."""
    domain = parseaddr(sender())[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{punycode(domain)}>"


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now: datetime) -> "OutgoingMailQuerySet":
        """What a job may take up at ``now``: waiting mails and those whose job died, the longest due first."""
        return self.filter(status__in=OutgoingMail.OPEN, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")

    def locked(self) -> "OutgoingMailQuerySet":
        """Lock the rows until the transaction ends, passing over those that somebody else has locked.

        Waits for the other one instead where the database cannot pass over.
        """
        features = connections[self.db].features
        return self.select_for_update(skip_locked=features.has_select_for_update_skip_locked)

    def undelivered(self) -> "OutgoingMailQuerySet":
        """What a person should look at: given up, unclear, or failed at least once and still being tried."""
        return self.filter(
            models.Q(status__in=[OutgoingMail.Status.GIVEN_UP, OutgoingMail.Status.UNCLEAR])
            | models.Q(status=OutgoingMail.Status.WAITING, attempts__gt=0)
        )


class OutgoingMail(models.Model):
    """One mail to one recipient. ``actions.py`` alone writes rows; ``template`` names what ``registry.py`` knows."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being prepared")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")
        UNCLEAR = "unclear", _("unclear whether sent")
        DROPPED = "dropped", _("no longer needed")

    OPEN = (Status.WAITING, Status.CLAIMED, Status.SENDING)

    template = models.CharField(_("template"), max_length=100)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recipient"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    address = models.EmailField(
        _("mail address"), blank=True, help_text=_("Empty: the recipient's address at the time of sending.")
    )
    language = models.CharField(_("language"), max_length=10)
    params = models.JSONField(_("what it is about"), default=dict, blank=True)
    dedupe_key = models.CharField(_("told only once as"), max_length=200, unique=True, null=True, blank=True)
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # While a job works on the mail: when its claim lapses. Empty once nothing more happens by itself.
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=timezone.now, null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, default=make_message_id, unique=True)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    is_bulk = models.BooleanField(_("mass mail"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "next_attempt_at"], name="ehrenamt_mail_due"),
            models.Index(fields=["-created_at", "-id"], name="ehrenamt_mail_newest"),
        ]

    def __str__(self) -> str:
        # Appears in logs and reports, so it names nobody.
        return f"{registry.label_for(self.template)} #{self.pk}"

    def recipient_address(self) -> str:
        """The address to send to now; empty when there is none."""
        return self.address or (self.user.email if self.user else "")

    @property
    def has_failed(self) -> bool:
        """Whether an attempt failed and another one is still to come."""
        return self.status == self.Status.WAITING and self.attempts > 0


class DeliveryStart(models.Model):
    """One row at most: a start of the delivery that no job has taken up yet. ``starts.py`` alone writes it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"#{self.pk}"
