"""What coordination hears: whatever may change what is planned.

Not heard are rows written past ``save()`` (``QuerySet.update``, ``bulk_create``, ``loaddata``): run
``ehrenamt_rebuild_planned_dates`` afterwards.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page, WorkflowState
from wagtail.signals import page_published

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Venue
from ehrenamt_wagtail.programme.models import Cancellation, OfferingPage
from ehrenamt_wagtail.signals import offering_cancelled, offering_saved, offering_submitted

from . import holds, joins
from .models import DateHold, JoinProposal, PlannedDate
from .planning import moves_nothing, place_moved, refresh_hold, refresh_offering, refresh_offerings, refresh_state

# Fields of pages that planned dates do not depend on; written alone they change nothing here.
BESIDES = frozenset({
    "locked", "locked_at", "locked_by", "numchild", "path", "depth", "url_path", "slug", "search_description", "seo_title",
    "show_in_menus", "owner", "live_revision", "first_published_at", "last_published_at", "latest_revision_created_at",
    "draft_title", "wagtail_admin_comments", "locale", "translation_key",
})  # fmt: skip
# Those that are written when a revision is saved.
OF_REVISIONS = BESIDES | {"latest_revision", "has_unpublished_changes"}


# Pages: drafts, pending changes, publishing, expiry, copies, aliases


@receiver(offering_saved, dispatch_uid="ehrenamt_planned_saved")
def on_offering_saved(sender, page, update_fields=None, written=None, **kwargs) -> None:
    if update_fields is None:
        refresh_offering(page.pk, written)
    elif BESIDES.issuperset(update_fields) or (OF_REVISIONS.issuperset(update_fields) and moves_nothing(page)):
        return
    else:
        refresh_offering(page.pk)


@receiver(post_save, sender=Page, dispatch_uid="ehrenamt_planned_page")
def on_plain_page_saved(sender, instance, created, update_fields=None, raw=False, **kwargs) -> None:
    """An offering may also be written as the plain page that it is, without its dates."""
    is_theirs = raw or created or (update_fields and BESIDES.issuperset(update_fields))
    if not is_theirs and OfferingPage.objects.filter(pk=instance.pk).exists():
        refresh_offering(instance.pk)


@receiver(page_published, dispatch_uid="ehrenamt_planned_published")
def on_page_published(sender, instance, **kwargs) -> None:
    """Copying a live page publishes the copy when all else is written."""
    if isinstance(instance, OfferingPage) and not instance.is_written_whole:
        refresh_offering(instance.pk)


@receiver(page_published, dispatch_uid="ehrenamt_settle_published")
def on_published_past_the_review(sender, instance, revision=None, **kwargs) -> None:
    """A coordinator may publish in the editor what was returned: the proposals made with the return are settled."""
    if isinstance(instance, OfferingPage):
        actor = revision.user if revision else None
        holds.settle_kept_dates(instance, actor=actor)
        joins.drop_open(Q(joining=instance.pk), actor=actor)


@receiver(pre_delete, sender=OfferingPage, dispatch_uid="ehrenamt_planned_before_offering")
def before_deletion_of_original(sender, instance, **kwargs) -> None:
    """Its aliases and translations stand for themselves afterwards."""
    others = OfferingPage.objects.filter(Q(alias_of=instance.pk) | Q(translation_key=instance.translation_key)).exclude(pk=instance.pk)
    instance.planned_offerings = set(others.values_list("pk", flat=True))


# What is stored beside the page. Rows that go with it are deleted one by one before it: only their own deletion counts.


def is_deleted_with_another(sender, origin) -> bool:
    return origin is not None and getattr(origin, "model", type(origin)) is not sender


@receiver([post_save, post_delete], sender=WorkflowState, dispatch_uid="ehrenamt_planned_review")
def on_review(sender, instance, raw=False, origin=None, **kwargs) -> None:
    is_page = instance.base_content_type_id == ContentType.objects.get_for_model(Page).pk
    if is_page and not raw and not is_deleted_with_another(sender, origin):
        refresh_state(int(instance.object_id))


@receiver([post_save, post_delete], sender=Cancellation, dispatch_uid="ehrenamt_planned_cancellation")
def on_cancellation(sender, instance, raw=False, origin=None, **kwargs) -> None:
    if not raw and not is_deleted_with_another(sender, origin):
        refresh_offering(instance.offering_id)


@receiver([post_save, post_delete], sender=JoinProposal, dispatch_uid="ehrenamt_planned_join")
def on_join(sender, instance, raw=False, origin=None, **kwargs) -> None:
    if raw or is_deleted_with_another(sender, origin):
        return
    refresh_offering(instance.joining_id)


@receiver(post_save, sender=DateHold, dispatch_uid="ehrenamt_planned_hold")
def on_hold(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        refresh_hold(instance)


# Registers


@receiver(post_save, sender=Venue, dispatch_uid="ehrenamt_planned_venue")
@receiver(post_save, sender=Municipality, dispatch_uid="ehrenamt_planned_town")
def on_place(sender, instance, created, raw=False, **kwargs) -> None:
    if not raw and not created:
        place_moved(instance)


@receiver(pre_delete, sender=Venue, dispatch_uid="ehrenamt_planned_before_venue")
@receiver(pre_delete, sender=Municipality, dispatch_uid="ehrenamt_planned_before_town")
@receiver(pre_delete, sender=Organisation, dispatch_uid="ehrenamt_planned_before_organisation")
def before_deletion(sender, instance, **kwargs) -> None:
    """A pending change may name what no row names any more."""
    named = PlannedDate.objects.filter(**{sender._meta.model_name: instance.pk}, offering__isnull=False)
    instance.planned_offerings = set(named.values_list("offering_id", flat=True))


@receiver(post_delete, sender=Venue, dispatch_uid="ehrenamt_planned_after_venue")
@receiver(post_delete, sender=Municipality, dispatch_uid="ehrenamt_planned_after_town")
@receiver(post_delete, sender=Organisation, dispatch_uid="ehrenamt_planned_after_organisation")
@receiver(post_delete, sender=OfferingPage, dispatch_uid="ehrenamt_planned_after_offering")
def after_deletion(sender, instance, **kwargs) -> None:
    if instance.planned_offerings:
        refresh_offerings(instance.planned_offerings)


# Holds


@receiver(offering_submitted, dispatch_uid="ehrenamt_settle_kept_dates")
def on_submitted(sender, page, actor, **kwargs) -> None:
    """A date that was kept for a returned offering is taken now, or free again."""
    if isinstance(page, OfferingPage):
        holds.settle_kept_dates(page, actor=actor)


# Joining forces


@receiver(offering_submitted, dispatch_uid="ehrenamt_join_submitted")
def on_submitted_instead(sender, page, actor, **kwargs) -> None:
    """Whoever submits the offering again does not give it up."""
    joins.drop_open(Q(joining=page.pk), actor=actor)


@receiver(offering_cancelled, dispatch_uid="ehrenamt_join_cancelled")
def on_host_cancelled(sender, page, actor, **kwargs) -> None:
    if page.is_cancelled():
        joins.drop_open(Q(host=page.pk) | Q(joining=page.pk), actor=actor)
