"""Rows below an offering that an editor writes; they live in its revisions."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.documents import get_document_model_string
from wagtail.images import get_image_model_string
from wagtail.models import Orderable

OFFERING = "ehrenamt_wagtail.OfferingPage"


class Trainer(Orderable):
    page = ParentalKey(OFFERING, on_delete=models.CASCADE, related_name="trainers")
    name = models.CharField(_("name"), max_length=200)
    function = models.CharField(_("function"), max_length=200, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.function, self.organisation_name) if part)


class CoHost(Orderable):
    """„In Kooperation mit“: an organisation of the register, or just a name."""

    page = ParentalKey(OFFERING, on_delete=models.CASCADE, related_name="co_hosts")
    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("or another name"), max_length=200, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("co-host")
        verbose_name_plural = _("co-hosts")

    def __str__(self) -> str:
        return self.organisation.name if self.organisation else self.name

    def clean(self) -> None:
        super().clean()
        if not (self.organisation_id or self.name.strip()):
            raise ValidationError(_("Choose an organisation or enter a name."))


class Funder(Orderable):
    page = ParentalKey(OFFERING, on_delete=models.CASCADE, related_name="funders")
    name = models.CharField(_("name"), max_length=200)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta(Orderable.Meta):
        verbose_name = _("funder")
        verbose_name_plural = _("funders")

    def __str__(self) -> str:
        return self.name


class Download(Orderable):
    page = ParentalKey(OFFERING, on_delete=models.CASCADE, related_name="downloads")
    document = models.ForeignKey(get_document_model_string(), verbose_name=_("document"), on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=200)

    class Meta(Orderable.Meta):
        verbose_name = _("download")
        verbose_name_plural = _("downloads")

    def __str__(self) -> str:
        return self.title
