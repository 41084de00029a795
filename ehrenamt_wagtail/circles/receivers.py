"""What the circles hear: the offering that answers a need is published, or its draft is deleted."""

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.signals import page_published

from ehrenamt_wagtail.programme.cache_receivers import watch, watch_rows_of_pages
from ehrenamt_wagtail.programme.models import OfferingPage

from . import needs
from .models import CircleFigure, CircleTeam, Need

watch(CircleFigure)
watch_rows_of_pages(CircleTeam)


@receiver(page_published, dispatch_uid="ehrenamt_need_answered")
def on_published(sender, instance, **kwargs) -> None:
    if isinstance(instance, OfferingPage):
        for need in Need.objects.filter(offering=instance.pk, status=Need.Status.TAKEN):
            needs.answer(need)


@receiver(pre_delete, sender=OfferingPage, dispatch_uid="ehrenamt_need_open_again")
def on_deleted(sender, instance, **kwargs) -> None:
    for need in Need.objects.filter(offering=instance.pk, status=Need.Status.TAKEN):
        needs.reopen(need)
