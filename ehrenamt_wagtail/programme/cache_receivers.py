"""What ends cached answers: whatever public pages show being saved or deleted, of the host, too.

Not heard are rows written past ``save()`` (``QuerySet.update``, ``bulk_create``, raw SQL): who writes them calls
``programme_changed()``.
"""

from django.db import models
from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, Site, get_page_models
from wagtail.signals import post_page_move, pre_page_move

from ehrenamt_wagtail.directory.models import Coordinator, Municipality, Organisation, Room, Topic, Venue

from .models import Cancellation, CoHost, Download, Funder, Occurrence, Trainer
from .versions import pending_on, programme_changed, programme_changing

# Fields of pages that nobody in public sees; written alone they end nothing. Saving a draft of a published page writes some of them.
BOOKKEEPING = frozenset({
    "has_unpublished_changes", "latest_revision", "latest_revision_created_at", "draft_title", "live_revision",
    "wagtail_admin_comments", "locked", "locked_at", "locked_by", "owner", "go_live_at", "expire_at", "expired",
})  # fmt: skip


def watch(*watched: type[models.Model]) -> None:
    """Saving or deleting a row of these models ends all cached answers. Hosts call it for what their public pages show."""
    for model in watched:
        connect(model, pre_save, announce)
        connect(model, post_save, changed)
        connect(model, pre_delete, announce)


def watch_rows_of_pages(*watched: type[models.Model]) -> None:
    """As ``watch``, for rows that belong to a ``page`` and show with it only."""
    for model in watched:
        connect(model, pre_save, announce_row)
        connect(model, post_save, changed)


def connect(model: type[models.Model], signal, receiver) -> None:
    signal.connect(receiver, sender=model, dispatch_uid=f"ehrenamt_cache_{receiver.__name__}_{model._meta.label}")


def register() -> None:
    """Called in ``ready()``, when all page types are known."""
    for model in get_page_models():
        connect(model, pre_save, announce_page)
        connect(model, post_save, changed)
        connect(model, pre_page_move, announce)
        connect(model, post_page_move, changed)
    # A page of any type is also deleted as the plain page that it is.
    connect(Page, pre_delete, announce_deleted_page)
    watch(Site, PageViewRestriction, Cancellation, get_image_model(), get_document_model())
    watch(Coordinator, Municipality, Organisation, Room, Topic, Venue)
    watch_rows_of_pages(Occurrence, Trainer, CoHost, Funder, Download)


# Receivers


def announce(sender, using="default", **kwargs) -> None:
    programme_changing(using=using)


def changed(sender, using="default", **kwargs) -> None:
    """Where there is no transaction the row is visible now; in one this was announced, and the commit says the rest."""
    if pending_on(using):
        programme_changed(using=using)


def announce_page(sender, instance, update_fields=None, using="default", **kwargs) -> None:
    if update_fields is not None and BOOKKEEPING.issuperset(update_fields):
        return
    if instance.live or was_live(instance, using):
        programme_changing(using=using)


def announce_deleted_page(sender, instance, using="default", **kwargs) -> None:
    if instance.live:
        programme_changing(using=using)


def announce_row(sender, instance, using="default", **kwargs) -> None:
    if instance.page.live:
        programme_changing(using=using)


def was_live(page: Page, using: str) -> bool:
    return page.pk is not None and Page.objects.using(using).filter(pk=page.pk, live=True).exists()
