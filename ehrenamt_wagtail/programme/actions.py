"""Changes of state of offerings and circle pages.

All are atomic, take the person who acts as ``actor`` and write Wagtail's log.
"""

import datetime as dt
import json
import uuid
from collections.abc import Collection

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.log_actions import log
from wagtail.models import Page

from ehrenamt_wagtail.clock import weeks_later
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision, ensure
from ehrenamt_wagtail.signals import day_decided, day_requested, offering_cancelled, offering_copied
from ehrenamt_wagtail.slugs import free_slug

from . import rules
from .models import Cancellation, DayRequest, OfferingPage, ReviewablePage, VolunteerDayPage

# What changes between two revisions although nobody typed anything.
VOLATILE = {
    "pk", "path", "depth", "numchild", "url_path", "live", "has_unpublished_changes", "latest_revision", "live_revision",
    "latest_revision_created_at", "first_published_at", "last_published_at", "draft_title", "slug", "search_description",
}  # fmt: skip


def lock_page(page_id: int) -> Page:
    """The page, specific and fresh, its row locked until the end of the transaction."""
    Page.objects.select_for_update().get(pk=page_id)
    return Page.objects.get(pk=page_id).specific


@transaction.atomic
def create_draft(page: ReviewablePage, *, parent: Page, actor) -> Page:
    """Save an unsaved page as a draft below ``parent``; it needs a title only.

    Raises ``NotAllowed`` unless the actor acts for ``page.organisation``. Two pages with the same title get different
    addresses, also when they are saved at the same moment.
    """
    ensure(rules.CREATE, page=page, actor=actor)
    return add_draft(page, parent=parent, actor=actor)


def add_draft(page: ReviewablePage, *, parent: Page, actor, owner_id: int | None = None) -> Page:
    """``create_draft`` without asking the rules; ``owner_id`` is the owner if it is somebody else than the actor."""
    # Wagtail's own entry in the log names the owner.
    page.owner = actor
    page.live = False
    page.has_unpublished_changes = True
    for attempt in range(3):
        try:
            with transaction.atomic():
                lock_page(parent.pk).add_child(instance=page)
            break
        except IntegrityError:
            if attempt == 2:
                raise
            page.pk = page.id = None
            page.slug = ""
    log(instance=page, action="wagtail.create", user=actor, content_changed=True)
    if owner_id is not None:
        page.owner_id = owner_id
        page.save(update_fields=["owner"])
    page.save_revision(user=actor, clean=False)
    return page


@transaction.atomic
def save_draft(page: ReviewablePage, *, base_revision_id: int | None, actor):
    """Save ``page`` (the latest revision as object, with changes) as a new revision and return that revision.

    ``base_revision_id`` is the revision that the person saw. Raises ``StaleRevision`` when a newer one exists that says
    something else, ``NotAllowed`` when the rules forbid it; then nothing is changed. A never-published page is also written to
    its row, a published one stays as the public sees it. Saving the same again is answered with the existing revision.
    """
    row = lock_page(page.pk)
    ensure(rules.EDIT, page=row, actor=actor)
    page.organisation_id = row.organisation_id
    if row.latest_revision_id != base_revision_id:
        latest = row.latest_revision
        if latest.user_id == actor.pk and content_of(latest.as_object()) == content_of(page):
            return latest
        raise StaleRevision(_("Your change was not saved because somebody else changed this in the meantime."), latest)
    if row.first_published_at is None:
        page.live = False
        page.save()
    revision = page.save_revision(user=actor, clean=False, log_action=True)
    return revision


def content_of(page: ReviewablePage) -> str:
    """What a person wrote, as text that can be compared: rows without keys, dates in order."""
    data = {key: value for key, value in page.serializable_data().items() if key not in VOLATILE}
    for value in data.values():
        if isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    for volatile in ("pk", "page", "uid", "sort_order", "starts_at", "ends_at"):
                        row.pop(volatile, None)
    return json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)


@transaction.atomic
def delete_draft(page: ReviewablePage, *, actor) -> None:
    """Delete a page that was never published, with its revisions. Raises ``NotAllowed``."""
    row = lock_page(page.pk)
    ensure(rules.DELETE, page=row, actor=actor)
    DeletePageAction(row, user=actor).execute(skip_permission_checks=True)


@transaction.atomic
def copy_offering(page: OfferingPage, *, weeks: int, actor, key: uuid.UUID | None = None) -> OfferingPage:
    """A new draft like ``page``, its dates moved by whole weeks in wall-clock time (7 p.m. stays 7 p.m. across summer time).

    Neither cancellations nor reviews nor sign-ups are copied; every date gets a new uid. ``key`` becomes the copy's translation
    key; ``IntegrityError`` is raised when a page has it already. Sends ``offering_copied``.
    """
    ensure(rules.COPY, page=page, actor=actor)
    copy, uids = unsaved_copy(page.get_latest_revision_as_object(), weeks, key)
    copy = create_draft(copy, parent=place_of_copy(page), actor=actor)
    offering_copied.send(sender=type(copy), page=copy, original=page, actor=actor, weeks=weeks, uids=uids)
    return copy


@transaction.atomic
def carry_over(page: OfferingPage, *, weeks: int, dates: Collection[uuid.UUID], actor, key: uuid.UUID) -> OfferingPage:
    """As ``copy_offering``, by a coordinator for whichever organisation: the copy belongs to the one that ``page`` belongs to.

    Copied is what the public reads, changes that are not published left out, and of the dates those with one of the uids in
    ``dates``. Who made ``page`` stays its owner; the log names the actor. Raises ``NotAllowed`` as well when ``page`` is not live.
    """
    ensure(rules.CARRY_OVER, page=page, actor=actor)
    copy, uids = unsaved_copy(page, weeks, key, dates)
    copy = add_draft(copy, parent=place_of_copy(page), actor=actor, owner_id=page.owner_id)
    offering_copied.send(sender=type(copy), page=copy, original=page, actor=actor, weeks=weeks, uids=uids)
    return copy


def unsaved_copy(
    version: OfferingPage, weeks: int, key: uuid.UUID | None, dates: Collection[uuid.UUID] | None = None
) -> tuple[OfferingPage, dict[uuid.UUID, uuid.UUID]]:
    """What ``version`` says as a new page, its dates moved, and which uid of a date became which. ``dates`` are the uids to take."""
    data = version.serializable_data()
    for name in VOLATILE | {"translation_key", "alias_of", "expired", "expire_at", "go_live_at", "locked", "locked_by"}:
        data.pop(name, None)
    data["pk"] = None
    data["wagtail_admin_comments"] = []
    for value in data.values():
        if isinstance(value, list):
            for row in value:
                if isinstance(row, dict) and "pk" in row:
                    row["pk"] = row["page"] = None
    if dates is not None:
        data["occurrences"] = [row for row in data["occurrences"] if uuid.UUID(str(row["uid"])) in dates]
    copy = type(version).from_serializable_data(data)
    copy.slug = ""
    if key is not None:
        copy.translation_key = key
    uids = {}
    for occurrence in copy.occurrences.all():
        original_uid, occurrence.uid = occurrence.uid, uuid.uuid4()
        uids[original_uid] = occurrence.uid
        shift_by_weeks(occurrence, weeks)
    return copy, uids


def place_of_copy(page: OfferingPage) -> Page:
    """Beside a volunteer day rather than in it: whether the day takes the copy in is its owner's to say."""
    parent = page.get_parent().specific
    return parent.get_parent() if isinstance(parent, VolunteerDayPage) else parent


def shift_by_weeks(occurrence, weeks: int) -> None:
    days = dt.timedelta(weeks=weeks)
    for name in ("start_date", "end_date"):
        if value := getattr(occurrence, name):
            setattr(occurrence, name, value + days)
    for name in ("start", "end"):
        if value := getattr(occurrence, name):
            setattr(occurrence, name, weeks_later(value, weeks))


@transaction.atomic
def cancel(page: OfferingPage, *, actor, occurrence_uid: uuid.UUID | None = None, reason: str = "") -> Cancellation:
    """Cancel the whole offering or one date, at once and without publishing; a running review goes on.

    Sends ``offering_cancelled``. Raises ``NotAllowed`` when the rules forbid it or the date is unknown or cancelled already.
    """
    row = lock_page(page.pk)
    ensure(rules.CANCEL, page=row, actor=actor)
    if occurrence_uid is not None:
        if occurrence_uid not in row.published_uids():
            raise NotAllowed(_("This date does not belong to the offering. Nothing was changed."))
        if occurrence_uid in row.cancelled_uids():
            raise NotAllowed(_("This date is already cancelled."))
    cancellation = Cancellation.objects.create(offering_id=row.pk, occurrence_uid=occurrence_uid, reason=reason.strip(), by=actor)
    log(
        instance=row,
        action="ehrenamt.cancel",
        user=actor,
        data={"occurrence_uid": str(occurrence_uid) if occurrence_uid else None, "reason": cancellation.reason},
    )
    offering_cancelled.send(sender=type(row), page=row, actor=actor, cancellation=cancellation)
    return cancellation


@transaction.atomic
def request_day(page: OfferingPage, *, day: VolunteerDayPage | None, actor) -> DayRequest | None:
    """Ask the owner of ``day`` to take the offering in, or take the request back with ``day=None``.

    Asking for the same day twice changes nothing. Raises ``NotAllowed``. Sends ``day_requested``.
    """
    row = lock_page(page.pk)
    ensure(rules.EDIT, page=row, actor=actor)
    present = DayRequest.objects.filter(offering_id=row.pk).first()
    if day is None:
        if present and present.status != DayRequest.Status.ACCEPTED:
            present.delete()
        return None
    if present and present.day_id == day.pk:
        return present
    if present:
        present.delete()
    request = DayRequest.objects.create(offering_id=row.pk, day=day)
    log(instance=row, action="ehrenamt.request_day", user=actor, data={"day": day.title})
    day_requested.send(sender=type(row), page=row, actor=actor, day_request=request)
    return request


def give_free_slug(page: Page, parent: Page) -> None:
    """A slug that no child of ``parent`` has, in the page's row and in its revisions: they could not be published otherwise."""
    page.slug = free_slug(page.slug, set(parent.get_children().values_list("slug", flat=True)))
    page.save(clean=False)
    for revision in page.revisions.all():
        revision.content["slug"] = page.slug
        revision.save(update_fields=["content"])


@transaction.atomic
def decide_day(request: DayRequest, *, accept: bool, actor, comment: str = "") -> DayRequest:
    """The day's owner agrees (the offering moves below the day) or declines. Raises ``NotAllowed``. Sends ``day_decided``."""
    request = DayRequest.objects.select_for_update().get(pk=request.pk)
    ensure(rules.VIEW, page=request.day, actor=actor)
    if request.status != DayRequest.Status.REQUESTED:
        raise NotAllowed(_("This request has already been answered. Nothing was changed."))
    request.status = DayRequest.Status.ACCEPTED if accept else DayRequest.Status.DECLINED
    request.decided_by, request.decided_at, request.comment = actor, timezone.now(), comment.strip()
    request.save()
    page = lock_page(request.offering_id)
    if accept and page.get_parent().pk != request.day_id:
        if not Page._slug_is_available(page.slug, request.day, page):
            give_free_slug(page, request.day)
        MovePageAction(page, request.day, pos="last-child", user=actor).execute(skip_permission_checks=True)
        page = lock_page(request.offering_id)
    log(
        instance=page,
        action="ehrenamt.decide_day",
        user=actor,
        data={"day": request.day.title, "accepted": accept, "comment": request.comment},
    )
    day_decided.send(sender=type(page), page=page, actor=actor, day_request=request)
    return request
