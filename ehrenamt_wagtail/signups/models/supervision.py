"""Supervision: confidential between those who take part and the one supervisor who is named."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SupervisionSetup(models.Model):
    """In which form a supervision is held, and the one account that reads who takes part."""

    class Form(models.TextChoices):
        SINGLE = "single", _("single dates")
        GROUP = "group", _("closed group")
        ON_REQUEST = "on_request", _("on request by a circle")

    offering = models.OneToOneField(
        "ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="supervision_setup"
    )
    form = models.CharField(_("form"), max_length=10, choices=Form, default=Form.SINGLE)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("supervisor"), on_delete=models.PROTECT, related_name="supervisions"
    )
    # Closed group: the date that is an information evening before it and open to all.
    information_uid = models.UUIDField(_("information evening"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("form of a supervision")
        verbose_name_plural = _("forms of supervisions")

    def __str__(self) -> str:
        return f"{self.offering_id} ({self.form})"


class SupervisionRequest(models.Model):
    """A circle asks for supervision; place and dates are agreed in messages that only the two sides read."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="supervision_requests"
    )
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation", verbose_name=_("circle"), on_delete=models.CASCADE, related_name="+"
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    agreed_start = models.DateTimeField(_("start"), null=True, blank=True)
    agreed_end = models.DateTimeField(_("end"), null=True, blank=True)
    agreed_place = models.CharField(_("place"), max_length=255, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request for supervision")
        verbose_name_plural = _("requests for supervision")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class RequestMessage(models.Model):
    request = models.ForeignKey(SupervisionRequest, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("message"), max_length=3000)
    at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("message about a supervision")
        verbose_name_plural = _("messages about supervisions")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class HeldSession(models.Model):
    """A supervision that took place, as the supervisor states it for invoicing: when, how long, how many. Never who."""

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="held_sessions"
    )
    occurrence_uid = models.UUIDField(null=True, blank=True)
    request = models.ForeignKey(
        SupervisionRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions"
    )
    date = models.DateField(_("date"))
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(24)]
    )
    head_count = models.PositiveIntegerField(_("number of people"), validators=[MaxValueValidator(1000)])
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("held supervision")
        verbose_name_plural = _("held supervisions")
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "occurrence_uid"], name="ehrenamt_session_once_per_date"),
            models.UniqueConstraint(fields=["request", "date"], name="ehrenamt_session_once_per_request_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} {self.date}"
