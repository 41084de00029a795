"""Figures without names: they stay when the personal data go."""

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.programme.models import TrainingPage
from ehrenamt_wagtail.programme.models.pages import offering_models


class SeatFigure(models.Model):
    """Offered, taken, waiting, attended: of a date or of a whole offering that people signed up for, with its facts as they were."""

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", null=True, on_delete=models.SET_NULL, related_name="seat_figures"
    )
    # Of a whole offering: empty. Kept when the offering is gone.
    occurrence_uid = models.UUIDField(null=True, blank=True)
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=50)
    format = models.CharField(_("format"), max_length=20, blank=True)
    organisation = models.CharField(_("organiser"), max_length=200, blank=True)
    organisation_kind = models.CharField(_("kind of organiser"), max_length=20, blank=True)
    municipality = models.CharField(_("town"), max_length=100, blank=True)
    date = models.DateField(_("date"), help_text=_("The first date that is meant."))
    offered = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text=_("Empty: without limit."))
    taken = models.PositiveIntegerField(_("taken"), default=0)
    waiting = models.PositiveIntegerField(_("waiting"), default=0)
    attended = models.PositiveIntegerField(_("attended"), default=0)
    # Name of the circle → people with a seat; none for supervision.
    by_circle = models.JSONField(_("by circle"), default=dict, blank=True)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    # Is not taken again: some days after the last date, or because what it counts was deleted.
    is_final = models.BooleanField(_("final"), default=False)
    taken_at = models.DateTimeField(_("as of"), default=timezone.now)

    class Meta:
        verbose_name = _("figures of sign-ups")
        verbose_name_plural = _("figures of sign-ups")
        ordering = ["-date", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "occurrence_uid"], name="ehrenamt_figures_once_per_date"),
            models.UniqueConstraint(
                fields=["offering"],
                condition=models.Q(occurrence_uid=None),
                name="ehrenamt_figures_once_per_offering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.date})"

    def kind_name(self) -> str:
        """„Workshop“; the bare value of a kind that is no longer known."""
        if self.format:
            return str(dict(TrainingPage.Format.choices).get(self.format, self.format))
        names = {model.kind: str(model._meta.verbose_name) for model in offering_models()}
        return capfirst(names.get(self.kind, self.kind))

    kind_name.short_description = _("kind")
    kind_name.admin_order_field = "kind"

    def circles(self) -> str:
        """„Arbeitskreis Asyl Weil: 3, Freundeskreis Leonberg: 1“."""
        return ", ".join(f"{name}: {number}" for name, number in sorted(self.by_circle.items()))

    circles.short_description = _("people by circle")


class DeletionRecord(models.Model):
    """That personal data were deleted, how much of which kind; never whose."""

    class Reason(models.TextChoices):
        NEEDS = "needs", _("needs, the day after")
        AGE = "age", _("sign-ups, some months after")
        BARRIERS = "barriers", _("barrier reports, some months after")
        THANKS = "thanks", _("people to be thanked, the day after")
        REQUEST = "request", _("at the person's request")

    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    at = models.DateTimeField(_("at"), default=timezone.now)
    # What was deleted → number.
    counts = models.JSONField(_("number"), default=dict)

    class Meta:
        verbose_name = _("deletion of personal data")
        verbose_name_plural = _("deletions of personal data")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.at:%Y-%m-%d}"
