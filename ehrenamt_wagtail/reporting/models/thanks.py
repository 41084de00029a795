"""Thanking volunteers on a volunteer day: whom circles name, the text of the letter, and the letters that were made."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.circles.models import CirclePage

from ..thanks.texts import default_letter, default_subject, unknown_placeholders
from .job import LongJob


class ThanksRound(models.Model):
    """Thanks on one volunteer day. Circles name people until ``deadline``; the day after ``day`` all names are deleted.

    ``thanked`` and ``circles`` keep how many people of how many circles were named; unknown until ``deleted_at`` is set. Days are
    local days.
    """

    title = models.CharField(_("title"), max_length=150, help_text=_("For example “Volunteer Day 2027”; circles read it in the mail."))
    day = models.DateField(
        _("day on which they are thanked"), help_text=_("The day after, all names and letters are deleted; their number is kept.")
    )
    deadline = models.DateField(_("circles may name people until"))
    subject = models.CharField(_("heading of the letter"), max_length=150, default=default_subject)
    letter = models.TextField(_("text of the letter"), max_length=4000, default=default_letter)
    place = models.CharField(_("place in the date line"), max_length=100, blank=True)
    letter_date = models.DateField(
        _("date of the letters"), null=True, blank=True, help_text=_("Empty: the day on which they are made.")
    )
    signed_by = models.TextField(
        _("who signs"),
        max_length=300,
        blank=True,
        help_text=_("Name and office, each on a line of its own; space to sign is left above."),
    )
    thanked = models.PositiveIntegerField(_("people named"), null=True, editable=False)
    circles = models.PositiveIntegerField(_("circles that named people"), null=True, editable=False)
    deleted_at = models.DateTimeField(_("names deleted at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("round of thanks")
        verbose_name_plural = _("rounds of thanks")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(deadline__lte=models.F("day")), name="ehrenamt_thanks_named_before"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        errors = {}
        if self.day and self.deadline and self.deadline > self.day:
            errors["deadline"] = _("This is after the day on which they are thanked.")
        if unknown := unknown_placeholders(self.letter or ""):
            errors["letter"] = _("These placeholders do not exist: %(names)s. Please use those that are listed at the field.") % {
                "names": ", ".join(unknown)
            }
        if errors:
            raise ValidationError(errors)

    @property
    def is_over(self) -> bool:
        """Whether the day has passed."""
        return self.day < timezone.localdate()

    @property
    def takes_names(self) -> bool:
        return timezone.localdate() <= self.deadline

    def letters_made(self) -> models.QuerySet:
        """What was made, one row or none, without loading it."""
        return ThanksLetters.objects.filter(round=self.pk).defer("pdf")


# Nobody who can be thanked has volunteered for longer.
EARLIEST_YEAR = 1930


class ThankedPerson(models.Model):
    """Somebody whom a circle wants to be thanked. Read by the circle and the coordinators alone; see ``thanks.deletion``."""

    # "Usage" of a circle's page would list them.
    wagtail_reference_index_ignore = True

    round = models.ForeignKey(ThanksRound, on_delete=models.CASCADE, related_name="people")
    circle = models.ForeignKey(CirclePage, verbose_name=_("circle"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=150)
    since = models.PositiveSmallIntegerField(_("volunteer since"), validators=[MinValueValidator(EARLIEST_YEAR)])
    # When the circle said that the person agrees.
    consented_at = models.DateTimeField(_("consent noted at"), default=timezone.now)
    # Empty: the circle itself, by the mailed link.
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("entered by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("person to be thanked")
        verbose_name_plural = _("people to be thanked")
        ordering = ["circle__municipality__name", "circle__title", "circle", "name", "pk"]
        constraints = [
            # A second click names nobody twice.
            models.UniqueConstraint(fields=["round", "circle", "name"], name="ehrenamt_thanked_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ThanksLetters(models.Model):
    """All letters of a round in one PDF. It lies in the row, since whatever lies among the media is open to everybody."""

    round = models.OneToOneField(ThanksRound, on_delete=models.CASCADE, related_name="letters")
    pdf = models.BinaryField()
    number = models.PositiveIntegerField(_("letters"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # A job that runs again after a break replaces nothing newer.
    job = models.OneToOneField(LongJob, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("letters of thanks")
        verbose_name_plural = _("letters of thanks")

    def __str__(self) -> str:
        return str(self.round)
