"""What the read model hears: whatever may change what the public reads of an offering.

All of it takes effect in the transaction of the change, with one exception: where a change concerns more than ``listed.CHUNK``
offerings, a job brings them up to date after the commit. What must not be read any longer is hidden at once, however much it is.

No race leaves a wrong row. Whoever publishes holds the page's row before the read model reads anything. Whoever renames or restricts
cannot see what others are about to publish there; so the same is done once more after the commit, when these are ready.
"""

from collections.abc import Callable, Collection

from django.db import connection, transaction
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from django_q.tasks import async_task
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, post_page_move

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic, Venue
from ehrenamt_wagtail.signals import offering_saved

from .changes import note
from .listed import (
    CHUNK,
    hide,
    hide_private,
    listed_by_another_address,
    offerings_where,
    private_paths,
    refresh,
    wait_for_writers,
)
from .models import Cancellation, Download, ListedOffering, OfferingPage
from .models.written import Written
from .words import Changes

# Fields of pages that the public side does not show; written alone they change nothing.
BESIDES = frozenset({
    "locked", "locked_at", "locked_by", "numchild", "search_description", "seo_title", "show_in_menus", "owner", "live_revision",
    "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "wagtail_admin_comments",
    "expired", "go_live_at", "expire_at",
})  # fmt: skip

REFRESH_JOB = "ehrenamt_wagtail.programme.jobs.refresh_offerings"
# So many offerings are left to one job: some seconds.
JOB_SIZE = 1000


def refresh_soon(page_ids: Collection[int], written: Written | None = None) -> None:
    """Bring these offerings up to date: a few at once, many by jobs after the commit. Private ones are hidden at once."""
    ids = sorted(page_ids)
    if len(ids) <= CHUNK:
        if ids:
            refresh(ids, written)
        return
    hide_private(ids)

    def start_jobs() -> None:
        for first in range(0, len(ids), JOB_SIZE):
            async_task(REFRESH_JOB, ids[first : first + JOB_SIZE])

    transaction.on_commit(start_jobs)


def refresh_now_and_again(find: Callable[[], Collection[int]]) -> None:
    """Bring up to date what ``find`` finds, and after the commit what others have published meanwhile."""

    def look_again() -> None:
        wait_for_writers()
        refresh_soon(find())

    if connection.in_atomic_block:
        refresh_soon(find())
    transaction.on_commit(look_again)


def is_deleted_with_another(sender: type[Model], origin) -> bool:
    """Rows that go with a page are deleted before it: only their own deletion counts."""
    return origin is not None and getattr(origin, "model", type(origin)) is not sender


# Pages: publishing, expiry, copies, aliases, moves, addresses


@receiver(offering_saved, dispatch_uid="ehrenamt_listed_saved")
def on_offering_saved(sender, page, update_fields=None, written=None, **kwargs) -> None:
    # An offering without a date of publication is as old as its last revision.
    shown = BESIDES if page.last_published_at else BESIDES - {"latest_revision_created_at"}
    if update_fields is not None and shown.issuperset(update_fields):
        return
    if (written and page.live) or is_listed_or_live(page.pk):
        refresh_soon({page.pk, *offerings_from(page)}, written)
    else:
        # A draft, as most that is saved.
        refresh_soon(offerings_from(page) - {page.pk})


def is_listed_or_live(page_id: int) -> bool:
    return OfferingPage.objects.filter(Q(live=True) | Q(listed__isnull=False), pk=page_id).exists()


def offerings_from(page: OfferingPage) -> set[int]:
    """Those whose addresses begin with that of the page, if there may be any besides."""
    may_have_any = page.numchild or page.allowed_subpage_models()
    return set(offerings_where(Q(path__startswith=page.path))) if may_have_any else set()


@receiver(page_published, dispatch_uid="ehrenamt_listed_published")
def on_page_published(sender, instance, **kwargs) -> None:
    """Copying a live page publishes the copy when all else is written."""
    if isinstance(instance, OfferingPage) and not instance.is_written_whole:
        refresh([instance.pk])


@receiver(post_save, sender=Page, dispatch_uid="ehrenamt_listed_page")
def on_plain_page_saved(sender, instance, created, update_fields=None, raw=False, **kwargs) -> None:
    """An offering may also be written as the plain page that it is; every page that is moved is."""
    if raw or created or (update_fields and BESIDES.issuperset(update_fields)):
        return
    if is_private(instance):
        hide(offerings_where(Q(path__startswith=instance.path)))
    elif OfferingPage.objects.filter(pk=instance.pk).exists():
        refresh([instance.pk])


def is_private(page: Page) -> bool:
    return page.path.startswith(tuple(private_paths()))


@receiver([page_slug_changed, post_page_move], dispatch_uid="ehrenamt_listed_moved")
def on_page_moved(sender, instance, **kwargs) -> None:
    """Everything below a page moves with it."""
    refresh_soon(offerings_where(Q(path__startswith=instance.path)))


@receiver(pre_delete, sender=OfferingPage, dispatch_uid="ehrenamt_listed_before_offering")
def before_offering_deleted(sender, instance, **kwargs) -> None:
    """Its aliases stand for themselves afterwards."""
    instance.aliases_listed = offerings_where(Q(alias_of=instance.pk))


@receiver(post_delete, sender=OfferingPage, dispatch_uid="ehrenamt_listed_after_offering")
def after_offering_deleted(sender, instance, **kwargs) -> None:
    refresh_soon(instance.aliases_listed)


@receiver(pre_delete, sender=ListedOffering, dispatch_uid="ehrenamt_listed_before_words")
def before_listed_deleted(sender, instance, origin=None, **kwargs) -> None:
    """Rows go with their pages, and all that one deletion takes is announced before any of it goes.

    Of those that were hidden the words were counted before.
    """
    deletion = instance if origin is None else origin
    vars(deletion).setdefault("listed_going", {})[instance.pk] = vars(instance)


@receiver(post_delete, sender=ListedOffering, dispatch_uid="ehrenamt_listed_words")
def after_listed_deleted(sender, instance, origin=None, **kwargs) -> None:
    """Their words are counted once for all."""
    changes = Changes()
    going = vars(instance if origin is None else origin).pop("listed_going", {})
    for row in going.values():
        changes.remove(row)
    changes.save()
    note(going)


@receiver([post_save, post_delete], sender=Site, dispatch_uid="ehrenamt_listed_site")
def on_site(sender, instance, raw=False, **kwargs) -> None:
    """Entries of calendars name whole addresses."""
    if not raw:
        Site.clear_site_root_paths_cache()
        refresh_soon(listed_by_another_address())


# View restrictions


@receiver(pre_save, sender=PageViewRestriction, dispatch_uid="ehrenamt_listed_before_restricted")
def before_restricted(sender, instance, **kwargs) -> None:
    before = PageViewRestriction.objects.filter(pk=instance.pk).exclude(page=instance.page_id)
    instance.restricted_before = before.values_list("page", flat=True).first()


@receiver(post_save, sender=PageViewRestriction, dispatch_uid="ehrenamt_listed_restricted")
def on_restricted(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        hide(offerings_below(instance.page_id))
        pages = [instance.page_id, instance.restricted_before]
        refresh_now_and_again(lambda: offerings_below(*pages))


@receiver(post_delete, sender=PageViewRestriction, dispatch_uid="ehrenamt_listed_opened")
def on_restriction_deleted(sender, instance, origin=None, **kwargs) -> None:
    if not is_deleted_with_another(sender, origin):
        page_id = instance.page_id
        refresh_now_and_again(lambda: offerings_below(page_id))


def offerings_below(*page_ids: int | None) -> set[int]:
    """The offerings that a restriction of these pages concerns, their aliases included."""
    found, pages = set(), list(Page.objects.filter(pk__in=page_ids))
    while pages:
        page = pages.pop()
        found |= set(offerings_where(Q(path__startswith=page.path)))
        pages += page.aliases.all()
    return found


# Cancellations


@receiver(post_save, sender=Cancellation, dispatch_uid="ehrenamt_listed_cancelled")
def on_cancelled(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        refresh(with_aliases(instance.offering_id))


@receiver(post_delete, sender=Cancellation, dispatch_uid="ehrenamt_listed_takes_place")
def on_cancellation_deleted(sender, instance, origin=None, **kwargs) -> None:
    if not is_deleted_with_another(sender, origin):
        refresh(with_aliases(instance.offering_id))


def with_aliases(offering_id: int) -> list[int]:
    return offerings_where(Q(pk=offering_id) | Q(alias_of=offering_id))


@receiver(post_delete, sender=Download, dispatch_uid="ehrenamt_listed_download")
def on_download_deleted(sender, instance, origin=None, **kwargs) -> None:
    """Whoever deletes a document takes it off the pages, too."""
    if origin is not None and getattr(origin, "model", type(origin)) is get_document_model():
        refresh([instance.page_id])


# Registers

OFFERINGS_OF = {
    Municipality: lambda pk: Q(municipality=pk) | Q(venue__municipality=pk) | Q(occurrences__venue__municipality=pk),
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
        condition = OFFERINGS_OF[sender](instance.pk)
        refresh_now_and_again(lambda: offerings_where(condition))


@receiver(pre_delete, sender=Topic, dispatch_uid="ehrenamt_listed_before_topic")
def before_topic_deleted(sender, instance, **kwargs) -> None:
    """The other registers cannot be deleted while an offering names them."""
    instance.listed_offerings = offerings_where(Q(topics=instance.pk))


@receiver(post_delete, sender=Topic, dispatch_uid="ehrenamt_listed_after_topic")
def after_topic_deleted(sender, instance, **kwargs) -> None:
    refresh_soon(instance.listed_offerings)
