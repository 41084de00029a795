"""What participants were told, and whom it reached."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ToldDate(models.Model):
    """A date as participants know it: as it was when the first signed up, or as they were told last.

    What the page says now and differs is a change to tell. ``sequence`` is that of the calendar entries (RFC 5545).
    """

    offering = models.ForeignKey("ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="told_dates")
    occurrence_uid = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_all_day = models.BooleanField(default=False)
    has_end = models.BooleanField(default=True)
    # On site, online or both, as the programme's ``Mode`` has it; ``place`` is that of the house.
    mode = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=500, blank=True)
    is_cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("date as told")
        verbose_name_plural = _("dates as told")
        constraints = [models.UniqueConstraint(fields=["offering", "occurrence_uid"], name="ehrenamt_told_date_once")]

    def __str__(self) -> str:
        return f"{self.offering_id} {self.occurrence_uid}"


class Notice(models.Model):
    """Something told to participants of an offering: a change of its dates, or a message of the organiser."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("change")
        CANCELLED = "cancelled", _("cancellation")
        MESSAGE = "message", _("message")

    class Audience(models.TextChoices):
        ALL = "all", _("everybody")
        SEATS = "seats", _("those who have a seat")
        WAITING = "waiting", _("those on the waiting list")

    offering = models.ForeignKey("ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="notices")
    # A form that is sent twice carries the same one.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    audience = models.CharField(_("to"), max_length=10, choices=Audience, default=Audience.ALL)
    # Changes: what each date was and is now, see ``changes.py``. Messages have none.
    facts = models.JSONField(default=list, blank=True)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    text = models.TextField(_("message"), max_length=5000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notice to participants")
        verbose_name_plural = _("notices to participants")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class NoticeRecipient(models.Model):
    """A sign-up that a notice concerns; ``mail`` says how far it got, none where there is no address."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="recipients")
    sign_up = models.ForeignKey("ehrenamt_wagtail.SignUp", on_delete=models.CASCADE, related_name="notices")
    mail = models.ForeignKey("ehrenamt_wagtail.OutgoingMail", null=True, on_delete=models.SET_NULL, related_name="+")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("recipient of a notice")
        verbose_name_plural = _("recipients of notices")
        constraints = [models.UniqueConstraint(fields=["notice", "sign_up"], name="ehrenamt_told_once_per_notice")]

    def __str__(self) -> str:
        return f"#{self.pk}"
