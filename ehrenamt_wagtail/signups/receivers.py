"""What sign-ups hear: whatever may change when and where an offering takes place; and its deletion, which figures outlive.

Not heard are rows written past ``save()`` (``QuerySet.update``, ``loaddata``); the hourly job finds what they changed.
"""

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from ehrenamt_wagtail.directory.models import Municipality, Venue
from ehrenamt_wagtail.programme.cache_receivers import announce, changed, watch
from ehrenamt_wagtail.programme.caching import programme_changing
from ehrenamt_wagtail.programme.listed_seats import refresh_seats
from ehrenamt_wagtail.programme.models import Cancellation, OfferingPage
from ehrenamt_wagtail.signals import offering_cancelled, offering_copied, offering_saved

from . import figures
from .changes import tell_changes
from .copying import copy_settings
from .listed import count_free
from .models import SeatPlan, SignUp, SupervisionSetup, ToldDate

# Fields of pages and of plans that say when and where something takes place, or that one signs up for it.
ABOUT_DATES = frozenset({"live", "mode", "municipality", "venue", "place", "room"})
ABOUT_PLANS = frozenset({"mode", "occurrence_uid", "offering"})
# Fields of sign-ups that say how many seats are taken. ``signing.sign_up`` writes past ``save()`` and says so itself.
ABOUT_SEATS = frozenset({"seats_held", "plan"})

# What the box on an offering's page and the words in lists are made of.
watch(SeatPlan, SupervisionSetup)


@receiver(offering_saved, dispatch_uid="ehrenamt_tell_saved")
def on_offering_saved(sender, page, update_fields=None, **kwargs) -> None:
    if update_fields is None or not ABOUT_DATES.isdisjoint(update_fields):
        tell_changes(page.pk)


@receiver(page_published, dispatch_uid="ehrenamt_tell_published")
def on_published(sender, instance, **kwargs) -> None:
    """An offering may also be published as the plain page that it is."""
    tell_changes(instance.pk)


@receiver(page_unpublished, dispatch_uid="ehrenamt_tell_unpublished")
def on_unpublished(sender, instance, **kwargs) -> None:
    """Wagtail also says this of a page that is about to be deleted, and its row is live until then."""
    if not Page.objects.filter(pk=instance.pk, live=True).exists():
        tell_changes(instance.pk)


@receiver(offering_cancelled, dispatch_uid="ehrenamt_tell_participants_cancelled")
def on_cancelled(sender, page, actor=None, **kwargs) -> None:
    tell_changes(page.pk, actor=actor)


@receiver(offering_copied, dispatch_uid="ehrenamt_copy_sign_up_settings")
def on_copied(sender, page, original, actor, weeks, uids, **kwargs) -> None:
    copy_settings(original, page, uids=uids, weeks=weeks, actor=actor)


@receiver(post_delete, sender=Cancellation, dispatch_uid="ehrenamt_tell_back")
def on_cancellation_deleted(sender, instance, origin=None, **kwargs) -> None:
    is_deleted_with_page = getattr(origin, "model", type(origin)) is not Cancellation
    if not is_deleted_with_page:
        tell_changes(instance.offering_id)


@receiver(post_save, sender=SeatPlan, dispatch_uid="ehrenamt_tell_plan")
def on_plan_saved(sender, instance, update_fields=None, raw=False, **kwargs) -> None:
    """Remembers the dates before anybody signs up."""
    if not raw and (update_fields is None or not ABOUT_PLANS.isdisjoint(update_fields)):
        tell_changes(instance.offering_id)


@receiver(post_save, sender=Venue, dispatch_uid="ehrenamt_tell_venue")
@receiver(post_save, sender=Municipality, dispatch_uid="ehrenamt_tell_town")
def on_place_saved(sender, instance, created, raw=False, **kwargs) -> None:
    """A house moved, or is called something else."""
    if raw or created:
        return
    pages = OfferingPage.objects.filter(live=True, pk__in=ToldDate.objects.values("offering"))
    for pk in pages.filter(held_there(instance)).order_by("pk").values_list("pk", flat=True).distinct():
        tell_changes(pk)


def held_there(place: Venue | Municipality) -> Q:
    if isinstance(place, Venue):
        return Q(venue=place) | Q(occurrences__venue=place)
    return Q(municipality=place) | Q(venue__municipality=place) | Q(occurrences__venue__municipality=place)


@receiver(pre_save, sender=SignUp, dispatch_uid="ehrenamt_cache_sign_up")
def on_sign_up_saved(sender, update_fields=None, using="default", **kwargs) -> None:
    if update_fields is None or not ABOUT_SEATS.isdisjoint(update_fields):
        programme_changing(using=using)


@receiver(post_save, sender=SignUp, dispatch_uid="ehrenamt_list_seats")
def list_seats(sender, instance, update_fields=None, raw=False, **kwargs) -> None:
    """Whoever moves a sign-up to another plan also counts the one that it came from."""
    if not raw and (update_fields is None or not ABOUT_SEATS.isdisjoint(update_fields)):
        count_free([instance.plan_id])


@receiver([post_save, post_delete], sender=SeatPlan, dispatch_uid="ehrenamt_list_plan")
@receiver([post_save, post_delete], sender=SupervisionSetup, dispatch_uid="ehrenamt_list_supervision")
def list_plan(sender, instance, raw=False, origin=None, **kwargs) -> None:
    is_deleted_with_page = origin is not None and getattr(origin, "model", type(origin)) is not sender
    if not raw and not is_deleted_with_page:
        refresh_seats([instance.offering_id])


post_save.connect(changed, sender=SignUp, dispatch_uid="ehrenamt_cache_sign_up_saved")
pre_delete.connect(announce, sender=SignUp, dispatch_uid="ehrenamt_cache_sign_up_deleted")


@receiver(pre_delete, sender=OfferingPage, dispatch_uid="ehrenamt_figures_of_deleted_offering")
def keep_figures(sender, instance: OfferingPage, **kwargs) -> None:
    figures.keep_of_deleted(instance)
