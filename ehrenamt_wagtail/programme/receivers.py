"""What the read model hears: whatever may change what the public reads of an offering.

All of it takes effect in the transaction of the change, with one exception: where a change concerns more than ``listed.CHUNK``
offerings, a job brings them up to date after the commit. What must not be read any longer is hidden at once, however much it is.

No race leaves a wrong row. Whoever publishes holds the page's row before the read model reads anything, and whoever renames or
restricts waits first for those who are about to name, add or move something there (``wait_for_those_who_name``,
``wait_for_those_who_move``): afterwards it finds their offerings.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from django_q.tasks import async_task
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic, Venue
from ehrenamt_wagtail.signals import offering_saved

from .listed import CHUNK, hide, listed_by_another_address, offerings_where, private_paths, refresh
from .models import Cancellation, Download, ListedOffering, OfferingPage, ProgrammePage
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


def refresh_soon(page_ids: Collection[int]) -> None:
    """Bring these offerings up to date: a few at once, many by jobs after the commit."""
    ids = sorted(page_ids)
    if len(ids) <= CHUNK:
        refresh(ids)
        return

    def start_jobs() -> None:
        for first in range(0, len(ids), JOB_SIZE):
            async_task(REFRESH_JOB, ids[first : first + JOB_SIZE])

    transaction.on_commit(start_jobs)


def is_deleted_with_another(sender: type[Model], origin) -> bool:
    """Rows that go with a page are deleted before it: only their own deletion counts."""
    return origin is not None and getattr(origin, "model", type(origin)) is not sender


# Pages: publishing, expiry, copies, aliases, moves, addresses


@receiver(offering_saved, dispatch_uid="ehrenamt_listed_saved")
def on_offering_saved(sender, page, update_fields=None, **kwargs) -> None:
    """Its address is part of those below it."""
    # An offering without a date of publication is as old as its last revision.
    shown = BESIDES if page.last_published_at else BESIDES - {"latest_revision_created_at"}
    if update_fields is None or not shown.issuperset(update_fields):
        refresh_soon({page.pk, *offerings_where(Q(path__startswith=page.path))})


@receiver([page_published, page_unpublished], dispatch_uid="ehrenamt_listed_published")
def on_page_published(sender, instance, **kwargs) -> None:
    """Copying a live page publishes the copy when all else is written."""
    if isinstance(instance, OfferingPage):
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


@receiver(post_delete, sender=ListedOffering, dispatch_uid="ehrenamt_listed_words")
def after_listed_deleted(sender, instance, **kwargs) -> None:
    """It went with its page; hidden ones have left their words before."""
    changes = Changes()
    changes.remove(vars(instance))
    changes.save()


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
        refresh_soon(offerings_below(instance.restricted_before))


@receiver(post_delete, sender=PageViewRestriction, dispatch_uid="ehrenamt_listed_opened")
def on_restriction_deleted(sender, instance, origin=None, **kwargs) -> None:
    if not is_deleted_with_another(sender, origin):
        refresh_soon(offerings_below(instance.page_id))


def offerings_below(page_id: int | None) -> set[int]:
    """The offerings that a restriction of this page concerns, its aliases included."""
    found, pages = set(), list(Page.objects.filter(pk=page_id))
    while pages:
        page = pages.pop()
        wait_for_those_who_move(page)
        found |= set(offerings_where(Q(path__startswith=page.path)))
        pages += page.aliases.all()
    return found


@transaction.atomic
def wait_for_those_who_move(page: Page) -> None:
    """Whoever adds a page below this one, or moves one in or out, holds the row of its parent until the commit."""
    parents = Q(numchild__gt=0) | Q(pk=page.pk) | Q(pk__in=ProgrammePage.objects.values("pk"))
    rows = Page.objects.select_for_update(no_key=True).filter(parents, path__startswith=page.path)
    list(rows.order_by("pk").values_list("pk"))


# Cancellations


@receiver(post_save, sender=Cancellation, dispatch_uid="ehrenamt_listed_cancelled")
def on_cancelled(sender, instance, raw=False, **kwargs) -> None:
    if not raw:
        refresh([instance.offering_id])


@receiver(post_delete, sender=Cancellation, dispatch_uid="ehrenamt_listed_takes_place")
def on_cancellation_deleted(sender, instance, origin=None, **kwargs) -> None:
    if not is_deleted_with_another(sender, origin):
        refresh([instance.offering_id])


@receiver(post_delete, sender=Download, dispatch_uid="ehrenamt_listed_download")
def on_download_deleted(sender, instance, origin=None, **kwargs) -> None:
    """Whoever deletes a document takes it off the pages, too."""
    if origin is not None and getattr(origin, "model", type(origin)) is get_document_model():
        refresh([instance.page_id])


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
        wait_for_those_who_name(instance)
        refresh_soon(offerings_where(OFFERINGS_OF[sender](instance.pk)))


@transaction.atomic
def wait_for_those_who_name(entry: Model) -> None:
    """Whoever has just named this entry in an offering holds a key to its row until the commit."""
    list(type(entry)._base_manager.select_for_update().filter(pk=entry.pk).values_list("pk"))


@receiver(pre_delete, sender=Topic, dispatch_uid="ehrenamt_listed_before_topic")
def before_topic_deleted(sender, instance, **kwargs) -> None:
    """The other registers cannot be deleted while an offering names them."""
    instance.listed_offerings = offerings_where(Q(topics=instance.pk))


@receiver(post_delete, sender=Topic, dispatch_uid="ehrenamt_listed_after_topic")
def after_topic_deleted(sender, instance, **kwargs) -> None:
    refresh_soon(instance.listed_offerings)
