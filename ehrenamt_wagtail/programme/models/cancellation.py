from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Cancellation(models.Model):
    """An offering, or one of its dates, does not take place.

    A row of its own, written without publishing: it takes effect at once, does not end a running review and survives any later
    approval. ``occurrence_uid`` empty means the whole offering.
    """

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage",
        verbose_name=_("offering"),
        on_delete=models.CASCADE,
        related_name="cancellations",
    )
    occurrence_uid = models.UUIDField(pgettext_lazy("offering", "date"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("cancellation")
        verbose_name_plural = _("cancellations")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "occurrence_uid"], name="ehrenamt_date_cancelled_once"),
            models.UniqueConstraint(
                fields=["offering"],
                condition=models.Q(occurrence_uid=None),
                name="ehrenamt_offering_cancelled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering} ({self.occurrence_uid or '–'})"
