"""What a host may do: kinds of offerings of its own, one shown by our template, one by the host's."""

from django.db import models
from wagtail.admin.panels import FieldPanel

from ehrenamt_wagtail.models import OfferingPage


class ConcertPage(OfferingPage):
    kind = "concert"
    kind_label = "Konzert"

    ensemble = models.CharField("Ensemble", max_length=200, blank=True)

    content_panels = [*OfferingPage.content_panels, FieldPanel("ensemble")]

    class Meta:
        verbose_name = "Konzert"


class ExcursionPage(OfferingPage):
    kind = "excursion"
    kind_label = "Ausflug"

    meeting_point = models.CharField("Treffpunkt", max_length=200, blank=True)

    content_panels = [*OfferingPage.content_panels, FieldPanel("meeting_point")]

    class Meta:
        verbose_name = "Ausflug"
