"""The brochure of a programme period: what goes into it, and the files that were made."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from .period import ProgrammePeriod


def file_name(file: "BrochureFile", _original: str) -> str:
    """Unguessable until it is published."""
    return f"ehrenamt/brochures/{uuid.uuid4().hex}.pdf"


class Brochure(models.Model):
    """What the brochure of a period contains. ``kinds`` are values of the parameter ``art``; empty means all.

    Everybody can read it as a page, and fetch its newest files, once ``published_at`` is set.
    """

    period = models.ForeignKey(ProgrammePeriod, verbose_name=_("programme period"), on_delete=models.PROTECT, related_name="brochures")
    title = models.CharField(_("title"), max_length=150, help_text=_("Stands on the cover, for example “Programme until July”."))
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    with_late = models.BooleanField(_("also what was submitted after the editorial deadline"), default=False)
    with_circles = models.BooleanField(_("circles and contacts"), default=True)
    preface = models.TextField(_("preface"), max_length=3000, blank=True, help_text=_("A blank line makes a paragraph."))
    imprint = models.TextField(
        _("imprint"),
        max_length=1500,
        blank=True,
        help_text=_("Who publishes the brochure, who is responsible for it, where it was printed."),
    )
    cover = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture on the cover"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("brochure")
        verbose_name_plural = _("brochures")
        ordering = ["-period__first_day", "-pk"]

    def __str__(self) -> str:
        return self.title


class BrochureFile(models.Model):
    """A PDF of a brochure as it was at one moment. Older ones are deleted with their files when a newer one is complete."""

    class Format(models.TextChoices):
        A4 = "a4", _("A4")
        A5 = "a5", _("A5, for printing as a booklet")

    brochure = models.ForeignKey(Brochure, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(_("format"), max_length=10, choices=Format)
    file = models.FileField(_("file"), upload_to=file_name)
    pages = models.PositiveIntegerField(_("pages"))
    offerings = models.PositiveIntegerField(_("offerings"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("file of a brochure")
        verbose_name_plural = _("files of brochures")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.brochure} {self.get_format_display()}"
