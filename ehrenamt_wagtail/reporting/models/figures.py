"""Figures that no system knows, such as visits to circles and consultations; coordinators enter them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.formatting import date_range


class FigureKind(models.Model):
    """What is counted by hand, with its definition: the same in every report."""

    class Unit(models.TextChoices):
        NUMBER = "number", pgettext_lazy("unit", "number")
        HOURS = "hours", pgettext_lazy("unit", "hours")
        EURO = "euro", pgettext_lazy("unit", "euro")

    name = models.CharField(_("name"), max_length=100, unique=True)
    definition = models.TextField(
        _("definition"),
        max_length=1000,
        help_text=_("What is counted and what is not; stands beside the figure wherever it is shown."),
    )
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, default=Unit.NUMBER)
    is_people = models.BooleanField(_("counts people"), default=False, help_text=_("Then totals below 5 are shown as “below 5”."))
    is_active = models.BooleanField(_("is still counted"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("place in lists"), default=0)

    class Meta:
        verbose_name = _("kind of figure")
        verbose_name_plural = _("kinds of figures")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class EnteredFigure(models.Model):
    """A value for the days from ``first_day`` to ``last_day``, both included. Values of one kind add up over time."""

    kind = models.ForeignKey(FigureKind, verbose_name=_("figure"), on_delete=models.PROTECT, related_name="values")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    note = models.CharField(_("note"), max_length=500, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("entered by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("entered figure")
        verbose_name_plural = _("entered figures")
        ordering = ["-first_day", "kind", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="ehrenamt_entered_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {date_range(self.first_day, self.last_day, all_day=True)}"
