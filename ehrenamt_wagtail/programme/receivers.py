"""What the read model hears: whatever may change what the public reads of an offering."""

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic, Venue
from ehrenamt_wagtail.signals import offering_saved

from .listed import refresh, refresh_below
from .models import Cancellation, ListedOffering, OfferingPage

# Fields of pages that the public side does not show; written alone they change nothing.
BESIDES = frozenset({
    "locked", "locked_at", "locked_by", "numchild", "search_description", "seo_title", "show_in_menus", "owner", "live_revision",
    "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "wagtail_admin_comments",
    "expired", "go_live_at", "expire_at",
})  # fmt: skip


@receiver(offering_saved, dispatch_uid="ehrenamt_listed_saved")
def on_offering_saved(sender, page, update_fields=None, **kwargs) -> None:
    if update_fields is None or not BESIDES.issuperset(update_fields):
        refresh([page.pk])


@receiver([page_published, page_unpublished], dispatch_uid="ehrenamt_listed_published")
def on_page_published(sender, instance, **kwargs) -> None:
    """Copying a live page publishes the copy when all else is written."""
    if isinstance(instance, OfferingPage):
        refresh([instance.pk])


@receiver(post_save, sender=Page, dispatch_uid="ehrenamt_listed_page")
def on_plain_page_saved(sender, instance, created, update_fields=None, raw=False, **kwargs) -> None:
    """An offering may also be written as the plain page that it is."""
    is_theirs = raw or created or (update_fields and BESIDES.issuperset(update_fields))
    if not is_theirs and OfferingPage.objects.filter(pk=instance.pk).exists():
        refresh([instance.pk])


@receiver([page_slug_changed, post_page_move], dispatch_uid="ehrenamt_listed_moved")
def on_page_moved(sender, instance, **kwargs) -> None:
    """Everything below a page moves with it."""
    refresh_below(Q(path__startswith=instance.path))


@receiver([post_save, post_delete], sender=PageViewRestriction, dispatch_uid="ehrenamt_listed_restricted")
def on_restricted(sender, instance, raw=False, **kwargs) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if not raw and page is not None:
        refresh_below(Q(path__startswith=page.path))


@receiver([post_save, post_delete], sender=Cancellation, dispatch_uid="ehrenamt_listed_cancelled")
def on_cancelled(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        refresh([instance.offering_id])


# Registers

OFFERINGS_OF = {
    Municipality: lambda pk: (
        Q(municipality=pk) | Q(venue__municipality=pk) | Q(occurrences__venue__municipality=pk)
    ),
    Venue: lambda pk: Q(venue=pk) | Q(occurrences__venue=pk),
    Topic: lambda pk: Q(topics=pk),
    Organisation: lambda pk: Q(organisation=pk) | Q(co_hosts__organisation=pk),
}


@receiver(post_save, sender=Municipality, dispatch_uid="ehrenamt_listed_town")
@receiver(post_save, sender=Venue, dispatch_uid="ehrenamt_listed_venue")
@receiver(post_save, sender=Topic, dispatch_uid="ehrenamt_listed_topic")
@receiver(post_save, sender=Organisation, dispatch_uid="ehrenamt_listed_organisation")
def on_entry_saved(sender, instance, created, raw=False, **kwargs) -> None:
    if not raw and not created:
        refresh_below(OFFERINGS_OF[sender](instance.pk))


@receiver(pre_delete, sender=Topic, dispatch_uid="ehrenamt_listed_before_topic")
def before_topic_deleted(sender, instance, **kwargs) -> None:
    """The other registers cannot be deleted while an offering names them."""
    instance.listed_offerings = list(ListedOffering.objects.filter(offering__topics=instance.pk).values_list("pk", flat=True))


@receiver(post_delete, sender=Topic, dispatch_uid="ehrenamt_listed_after_topic")
def after_topic_deleted(sender, instance, **kwargs) -> None:
    refresh_below(Q(pk__in=instance.listed_offerings))
