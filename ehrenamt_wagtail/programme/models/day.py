from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DayRequest(models.Model):
    """An organisation wants its offering to be part of a volunteer day; the day's owner agrees or declines.

    Agreeing moves the offering below the day. A row, not a field of the page: it changes without an editor.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("requested")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    offering = models.OneToOneField(
        "ehrenamt_wagtail.OfferingPage",
        verbose_name=_("offering"),
        on_delete=models.CASCADE,
        related_name="day_request",
    )
    day = models.ForeignKey(
        "ehrenamt_wagtail.VolunteerDayPage",
        verbose_name=_("volunteer day"),
        on_delete=models.CASCADE,
        related_name="day_requests",
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("request to join a volunteer day")
        verbose_name_plural = _("requests to join a volunteer day")
        ordering = ["requested_at"]

    def __str__(self) -> str:
        return f"{self.offering} → {self.day}"
