import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LONGEST = dt.timedelta(days=366)


class BlockedDate(models.Model):
    """Days on which the district would rather see nothing planned, with the reason that people read.

    Local dates of the site's zone, both included. With a town it concerns that town alone.
    """

    class Kind(models.TextChoices):
        ELECTION = "election", _("election")
        SCHOOL = "school", _("movable school holiday")
        RELIGIOUS = "religious", _("religious season or feast")
        VOLUNTEER_DAY = "volunteer_day", _("volunteer day")
        OTHER = "other", pgettext_lazy("blocked date", "other")

    class Weight(models.TextChoices):
        HINT = "hint", _("worth knowing")
        AVOID = "avoid", _("better not")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("As it is to be read beside the date, for example “Bundestag election”.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    weight = models.CharField(
        _("weight"),
        max_length=10,
        choices=Weight,
        default=Weight.AVOID,
        help_text=_("“Better not” asks partners for a reason before they submit."),
    )
    from_date = models.DateField(_("first day"))
    until_date = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty: one day."))
    municipality = models.ForeignKey(
        "ehrenamt_wagtail.Municipality",
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="blocked_dates",
        help_text=_("Empty: the whole district."),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("blocked date")
        verbose_name_plural = _("blocked dates")
        ordering = ["from_date", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_date=None) | models.Q(until_date__gte=models.F("from_date")),
                name="ehrenamt_blocked_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not (self.from_date and self.until_date):
            return
        if self.until_date < self.from_date:
            raise ValidationError({"until_date": _("The last day lies before the first.")})
        if self.until_date - self.from_date > LONGEST:
            raise ValidationError({"until_date": _("This is more than a year. Please check the years of both days.")})
