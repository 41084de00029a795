"""Programme periods: for which days a programme is made, until when organisations contribute to it, and what they said."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.programme.filters import local_midnight


class ProgrammePeriod(models.Model):
    """The days from ``first_day`` to ``last_day``, both included, that one programme is made for.

    Until the end of ``deadline``, a local day, what is submitted for these days gets into the brochure; what comes later
    appears online only. ``called_at`` is when the organisations were asked for contributions, ``closed_at`` when the
    coordinators closed the period before or after that day. Periods do not overlap.
    """

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("For example “Programme until July 2027”."))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    deadline = models.DateField(
        _("editorial deadline"),
        help_text=_("What is submitted by the end of this day gets into the brochure; what comes later appears online only."),
    )
    message = models.TextField(
        _("message to the organisations"), max_length=2000, blank=True, help_text=_("Stands in the mail that asks for contributions.")
    )
    called_at = models.DateTimeField(_("contributions asked for at"), null=True, editable=False)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("programme period")
        verbose_name_plural = _("programme periods")
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="ehrenamt_period_ends_later"),
        ]

    def __str__(self) -> str:
        return self.name

    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Its half-open span as aware datetimes."""
        return local_midnight(self.first_day), local_midnight(self.last_day + dt.timedelta(days=1))

    @property
    def ends_editing_at(self) -> dt.datetime:
        """From when on contributions appear online only, an aware datetime."""
        return self.closed_at or local_midnight(self.deadline + dt.timedelta(days=1))

    def is_closed(self, now: dt.datetime | None = None) -> bool:
        """Whether the editorial deadline has passed, by the day or since the coordinators closed the period."""
        return (now or timezone.now()) >= self.ends_editing_at


class PeriodAnswer(models.Model):
    """That an organisation contributes nothing to a period this time; it is not reminded any more."""

    period = models.ForeignKey(ProgrammePeriod, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation", verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("answer of an organisation")
        verbose_name_plural = _("answers of organisations")
        constraints = [models.UniqueConstraint(fields=["period", "organisation"], name="ehrenamt_period_answered_once")]

    def __str__(self) -> str:
        return f"{self.period}: {self.organisation}"


class CarriedOver(models.Model):
    """That ``original`` was carried over to the period as the draft ``copy``. Rows stay when the organisation deletes the draft."""

    period = models.ForeignKey(ProgrammePeriod, on_delete=models.CASCADE, related_name="carried_over")
    original = models.ForeignKey("ehrenamt_wagtail.OfferingPage", null=True, on_delete=models.SET_NULL, related_name="carried_on")
    copy = models.OneToOneField("ehrenamt_wagtail.OfferingPage", null=True, on_delete=models.SET_NULL, related_name="carried_from")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("offering carried over")
        verbose_name_plural = _("offerings carried over")
        constraints = [models.UniqueConstraint(fields=["period", "original"], name="ehrenamt_carried_over_once")]

    def __str__(self) -> str:
        return f"{self.period}: {self.original}"
