"""Who was there, and what they get to prove it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .sign_up import Participant


class Attendance(models.Model):
    """A participant was present at a date."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="attendances")
    occurrence_uid = models.UUIDField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["participant", "occurrence_uid"], name="ehrenamt_present_once_per_date")
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class CertificateRelease(models.Model):
    """The organiser releases certificates of an offering: of all its dates, or of one that people signed up for by itself."""

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="certificate_releases"
    )
    occurrence_uid = models.UUIDField(null=True, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(500)]
    )
    contents = models.TextField(_("contents"), max_length=3000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("release of certificates")
        verbose_name_plural = _("releases of certificates")
        constraints = [
            models.UniqueConstraint(fields=["offering", "occurrence_uid"], name="ehrenamt_certificates_released_once"),
            models.UniqueConstraint(
                fields=["offering"],
                condition=models.Q(occurrence_uid=None),
                name="ehrenamt_series_certificates_released_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering_id} ({self.occurrence_uid or '–'})"


class Certificate(models.Model):
    """A certificate that was made. It can be verified by its ``code`` for ever: title, dates, hours and initials are kept, the name
    is the participant's and goes with the personal data.
    """

    release = models.ForeignKey(CertificateRelease, null=True, on_delete=models.SET_NULL, related_name="certificates")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="certificates")
    code = models.CharField(max_length=20, unique=True)
    initials = models.CharField(max_length=10)
    title = models.CharField(max_length=255)
    module = models.CharField(max_length=255, blank=True)
    organiser = models.CharField(max_length=200, blank=True)
    # ISO starts and ends, as [[start, end], …]; the end may be null.
    dates = models.JSONField(default=list)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    is_whole_series = models.BooleanField(default=False)
    contents = models.TextField(blank=True)
    issued_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["release", "participant"], name="ehrenamt_one_certificate_per_participant")
        ]

    def __str__(self) -> str:
        return self.code
