"""What coordination hears: whatever may change what is planned."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import WorkflowState
from wagtail.signals import page_published, page_unpublished

from ehrenamt_wagtail.programme.models import Cancellation, OfferingPage
from ehrenamt_wagtail.signals import offering_submitted

from . import holds
from .models import DateHold
from .planning import refresh_hold, refresh_offering


@receiver(post_save, dispatch_uid="ehrenamt_planned_revision")
def on_page_saved(sender, instance, update_fields=None, raw=False, **kwargs) -> None:
    """A page has a new revision; its rows and dates alone are written before, and read again by then."""
    if not raw and isinstance(instance, OfferingPage) and update_fields and "latest_revision" in update_fields:
        refresh_offering(instance.pk)


@receiver([page_published, page_unpublished], dispatch_uid="ehrenamt_planned_published")
def on_page_published(sender, instance, **kwargs) -> None:
    if isinstance(instance, OfferingPage):
        refresh_offering(instance.pk)


@receiver(post_save, sender=WorkflowState, dispatch_uid="ehrenamt_planned_review")
def on_review(sender, instance, raw=False, **kwargs) -> None:
    if not raw and (page_id := str(instance.object_id)).isdigit():
        refresh_offering(int(page_id))


@receiver([post_save, post_delete], sender=Cancellation, dispatch_uid="ehrenamt_planned_cancellation")
def on_cancellation(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        refresh_offering(instance.offering_id)


@receiver(post_save, sender=DateHold, dispatch_uid="ehrenamt_planned_hold")
def on_hold(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        refresh_hold(instance)


@receiver(offering_submitted, dispatch_uid="ehrenamt_settle_kept_dates")
def on_submitted(sender, page, actor, **kwargs) -> None:
    """A date that was kept for a returned offering is taken now, or free again."""
    if isinstance(page, OfferingPage):
        holds.settle_kept_dates(page, actor=actor)
