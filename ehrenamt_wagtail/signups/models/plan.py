"""How one signs up for an offering, and what its organisation says about data protection."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LARGEST_CAPACITY = 10_000


class SeatPlan(models.Model):
    """How one signs up for a whole offering (``occurrence_uid`` empty) or for one of its dates.

    Never part of a revision: the organiser's actions write it, and it counts at once. A date's own row wins over that of the
    whole offering. Who changes seats locks this row first, see ``seats.lock_plan``.
    """

    class Mode(models.TextChoices):
        NONE = "none", _("no sign-up necessary")
        HERE = "here", _("here on this site")
        EXTERNAL = "external", _("on another site")
        CONTACT = "contact", _("by telephone or mail")

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", verbose_name=_("offering"), on_delete=models.CASCADE, related_name="seat_plans"
    )
    occurrence_uid = models.UUIDField(pgettext_lazy("offering", "date"), null=True, blank=True)
    mode = models.CharField(_("sign-up"), max_length=10, choices=Mode, default=Mode.NONE)
    external_url = models.URLField(_("address of the sign-up"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_CAPACITY)],
        help_text=_("Empty: as many as come."),
    )
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    opens_at = models.DateTimeField(_("opens on"), null=True, blank=True, help_text=_("Empty: at once."))
    closes_at = models.DateTimeField(_("closes on"), null=True, blank=True, help_text=_("Empty: when the date begins."))
    minimum = models.PositiveIntegerField(
        _("takes place from"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_CAPACITY)],
        help_text=_("So many people; empty: in any case."),
    )
    minimum_decided_on = models.DateField(_("decided on"), null=True, blank=True)
    minimum_told_at = models.DateTimeField(null=True, editable=False)
    seats_per_sign_up = models.PositiveSmallIntegerField(
        _("people in one sign-up"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(2)],
    )
    asks_phone = models.BooleanField(_("ask for a telephone number"), default=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(_("changed at"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("settings of a sign-up")
        verbose_name_plural = _("settings of sign-ups")
        ordering = ["offering", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "occurrence_uid"], name="ehrenamt_one_seat_plan_per_date"),
            models.UniqueConstraint(
                fields=["offering"],
                condition=models.Q(occurrence_uid=None),
                name="ehrenamt_one_seat_plan_per_offering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} ({self.occurrence_uid or '–'})"

    @property
    def is_here(self) -> bool:
        return self.mode == self.Mode.HERE


class Question(models.Model):
    """A question of the organiser, at most five a plan; each says what the answer is needed for."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        CHOICE = "choice", _("one of several answers")
        YES_NO = "yes_no", _("yes or no")

    plan = models.ForeignKey(SeatPlan, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(_("answers to choose from"), default=list, blank=True)
    purpose = models.CharField(_("what the answer is needed for"), max_length=200)
    is_required = models.BooleanField(_("must be answered"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class PrivacyNotice(models.Model):
    """What an organisation that takes sign-ups says about data protection: each is a controller of its own."""

    class Law(models.TextChoices):
        GDPR = "gdpr", _("GDPR (DSGVO)")
        KDG = "kdg", _("Church Data Protection Act of the Catholic Church (KDG)")
        DSG_EKD = "dsg_ekd", _("Data Protection Act of the Protestant Church (DSG-EKD)")

    organisation = models.OneToOneField(
        "ehrenamt_wagtail.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="privacy_notice",
    )
    controller = models.TextField(_("who is responsible"), help_text=_("Name, address, mail address or telephone."))
    data_protection_officer = models.TextField(
        _("data protection officer"), blank=True, help_text=_("Name or office, and how to reach it.")
    )
    law = models.CharField(_("law that applies"), max_length=10, choices=Law, default=Law.GDPR)
    more = models.TextField(_("further notes"), blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")

    def __str__(self) -> str:
        return str(self.organisation)
