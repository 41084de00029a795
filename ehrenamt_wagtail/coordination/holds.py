"""Changes of state of holds: a date is held, prolonged, given back, becomes an offering or expires.

All are atomic, lock the hold's row and write Wagtail's log; who holds several rows locks page, hold and need in this order.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from ehrenamt_wagtail.circles import needs
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.programme.actions import create_draft
from ehrenamt_wagtail.programme.models import Mode, Occurrence, OfferingPage

from . import notifications, rules
from .models import DateHold


@transaction.atomic
def hold_date(
    *,
    organisation: Organisation,
    actor,
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
    start_date: dt.date | None = None,
    title: str = "",
    municipality: Municipality | None = None,
    topic: Topic | None = None,
    mode: str = Mode.ON_SITE,
    need=None,
    offering: OfferingPage | None = None,
    days: int | None = None,
    uid: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> DateHold:
    """Hold a date: either aware ``start`` (and ``end``), or ``start_date`` for a whole local day.

    It expires at the end of the local day that lies ``days`` (``conf.HOLD_DAYS``) ahead, never later than the date begins. With
    ``need`` it takes up that need. With ``offering``, an offering of the organisation that was sent back with this date
    proposed, it is kept for that offering and replaces what was kept for it before: it counts as used when the offering is
    submitted with a date on that day, and is given back when it is submitted with others (``settle_kept_dates``).

    ``uid`` makes it the same hold however often a form is sent: one of the organisation that has it is given back as it is.

    Coordinators may hold for any active organisation. Raises ``NotAllowed`` (also for dates that have begun and for a need that
    somebody else was faster to take up) or ``ValidationError`` for times that are wrong.
    """
    now = now or timezone.now()
    ensure(rules.HOLD, organisation=organisation, actor=actor)
    # Two clicks at the same moment come one after the other.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    uid = uid or uuid.uuid4()
    if (present := organisation.holds.filter(uid=uid).first()) is not None:
        return present
    hold = DateHold(
        uid=uid,
        organisation=organisation,
        start=start,
        end=end,
        start_date=start_date,
        title=title.strip(),
        municipality=municipality,
        topic=topic,
        mode=mode,
        need=need,
        offering=offering,
        created_by=actor,
        created_at=now,
    )
    hold.clean()
    if hold.span()[0] <= now:
        raise NotAllowed(_("This date has already begun and cannot be held. Please check day and year."))
    hold.expires_at = end_of_hold(hold, timezone.localdate(now), conf.HOLD_DAYS if days is None else days)
    if offering is not None:
        for kept in DateHold.objects.active().filter(offering=offering.pk):
            finish(lock_hold(kept.pk), DateHold.Status.RELEASED, actor=actor)
    hold.full_clean(exclude=["offering"])
    hold.save()
    if need is not None:
        needs.take_up(need, organisation=organisation, actor=actor)
    log(instance=hold, action="ehrenamt.hold_date", user=actor)
    return hold


@transaction.atomic
def release_hold(hold: DateHold, *, actor, now: dt.datetime | None = None) -> DateHold:
    """Give the date back. A need that it answered is open again. Raises ``NotAllowed``."""
    hold = lock_hold(hold.pk)
    ensure(rules.RELEASE, hold=hold, actor=actor, now=now or timezone.now())
    return finish(hold, DateHold.Status.RELEASED, actor=actor)


@transaction.atomic
def prolong_hold(hold: DateHold, *, actor, now: dt.datetime | None = None) -> DateHold:
    """Hold the date ``conf.HOLD_PROLONG_DAYS`` longer, once, never later than it begins. Raises ``NotAllowed``."""
    now = now or timezone.now()
    hold = lock_hold(hold.pk)
    ensure(rules.PROLONG, hold=hold, actor=actor, now=now)
    hold.expires_at = end_of_hold(hold, timezone.localdate(hold.expires_at), conf.HOLD_PROLONG_DAYS)
    hold.prolonged_at = now
    # The new end is told of again.
    hold.reminded_at = None
    hold.save(update_fields=["expires_at", "prolonged_at", "reminded_at"])
    log(instance=hold, action="ehrenamt.prolong_hold", user=actor)
    return hold


@transaction.atomic
def become_offering(
    hold: DateHold,
    *,
    model: type[OfferingPage],
    parent: Page,
    actor,
    facts: Mapping | None = None,
    now: dt.datetime | None = None,
) -> OfferingPage:
    """Make the hold a draft of type ``model`` below ``parent``, with its date, town, topic and title; gives the draft.

    ``facts`` are further values of fields, such as the contact. The hold is used then; a second click gives the same offering,
    and a hold that is kept for an offering gives that one. Raises ``NotAllowed``.
    """
    hold = lock_hold(hold.pk)
    if hold.offering_id and hold.status in (DateHold.Status.ACTIVE, DateHold.Status.USED):
        ensure([rules.must_be_member_of_holder], hold=hold, actor=actor)
        return hold.offering.specific
    ensure(rules.BECOME_OFFERING, hold=hold, actor=actor, now=now or timezone.now())
    page = create_draft(draft_of(hold, model, facts or {}), parent=parent, actor=actor)
    hold.offering = OfferingPage.objects.get(pk=page.pk)
    hold.status = DateHold.Status.USED
    hold.save(update_fields=["offering", "status"])
    if hold.need_id:
        needs.link_offering(hold.need, hold.offering)
    log(instance=hold, action="ehrenamt.use_hold", user=actor, data={"offering": page.title})
    return page


def draft_of(hold: DateHold, model: type[OfferingPage], facts: Mapping) -> OfferingPage:
    """An unsaved offering with what the hold and the need that it answers say."""
    page = model(**{**facts, "organisation": hold.organisation, "mode": hold.mode})
    page.title = hold.title or (hold.need.title if hold.need else "") or title_without_words(hold, page)
    if hold.municipality_id:
        page.municipality = hold.municipality
        if page.venue and page.venue.municipality_id != hold.municipality_id:
            page.venue = None
    page.occurrences.add(Occurrence(start=hold.start, end=hold.end, start_date=hold.start_date))
    if hold.topic_id:
        page.topics.set([hold.topic])
    return page


def title_without_words(hold: DateHold, page: OfferingPage) -> str:
    """A draft needs a title: its topic, or its kind."""
    return hold.topic.name if hold.topic else str(page.kind_label)


@transaction.atomic
def settle_kept_dates(page: OfferingPage, *, actor) -> None:
    """The offering was submitted: the date kept for it is used if one of its dates is on that day, else given back."""
    active = list(DateHold.objects.active().filter(offering=page.pk))
    days = {date.start_date or timezone.localdate(date.start) for date in dates_of(page)} if active else set()
    for kept in active:
        hold = lock_hold(kept.pk)
        is_taken = timezone.localdate(hold.span()[0]) in days
        finish(hold, DateHold.Status.USED if is_taken else DateHold.Status.RELEASED, actor=actor)


def dates_of(page: OfferingPage) -> list[Occurrence]:
    return [date for date in page.get_latest_revision_as_object().occurrences.all() if date.span()]


# By the clock


def expire_holds(now: dt.datetime | None = None) -> int:
    """Let go of every hold whose time is over; gives their number. May run any number of times and side by side.

    Needs that they answered are open again. Owners are told once.
    """
    now = now or timezone.now()
    due = DateHold.objects.active().filter(expires_at__lte=now).order_by("expires_at", "pk")
    return sum(expire(pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def expire(pk: int, now: dt.datetime) -> bool:
    """One hold, if it is still due once its row is locked: it may have been used or prolonged meanwhile."""
    hold = DateHold.objects.select_for_update().filter(pk=pk, status=DateHold.Status.ACTIVE, expires_at__lte=now).first()
    if hold is None:
        return False
    finish(lock_hold(pk), DateHold.Status.EXPIRED, actor=None)
    notifications.tell_expired(hold)
    return True


def remind_of_holds(now: dt.datetime | None = None) -> int:
    """Tell the owners of holds that expire within ``conf.HOLD_REMINDER_DAYS`` days, once; gives the number of holds."""
    now = now or timezone.now()
    soon = now + dt.timedelta(days=conf.HOLD_REMINDER_DAYS)
    due = DateHold.objects.active().filter(reminded_at=None, expires_at__gt=now, expires_at__lte=soon)
    return sum(remind(pk, now) for pk in list(due.order_by("expires_at", "pk").values_list("pk", flat=True)))


@transaction.atomic
def remind(pk: int, now: dt.datetime) -> bool:
    hold = DateHold.objects.select_for_update().filter(pk=pk, status=DateHold.Status.ACTIVE, reminded_at=None).first()
    if hold is None or hold.expires_at <= now:
        return False
    hold.reminded_at = now
    hold.save(update_fields=["reminded_at"])
    notifications.tell_expiring(hold)
    return True


# Helpers


def lock_hold(pk: int) -> DateHold:
    """The hold, fresh, its row locked until the end of the transaction."""
    DateHold.objects.select_for_update().get(pk=pk)
    return DateHold.objects.select_related("organisation", "municipality", "topic", "need", "offering").get(pk=pk)


def finish(hold: DateHold, status: DateHold.Status, *, actor) -> DateHold:
    """End a locked hold. A need that it answered without becoming an offering is open again."""
    hold.status = status
    hold.save(update_fields=["status"])
    log(instance=hold, action=f"ehrenamt.{ACTION_OF[status]}", user=actor)
    if hold.need_id and status != DateHold.Status.USED:
        needs.reopen(hold.need)
    return hold


ACTION_OF = {
    DateHold.Status.USED: "use_hold",
    DateHold.Status.RELEASED: "release_hold",
    DateHold.Status.EXPIRED: "expire_hold",
}


def end_of_hold(hold: DateHold, day: dt.date, days: int) -> dt.datetime:
    """The last second of the local day that lies ``days`` after ``day``, or the start of the date itself if that is earlier."""
    last = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time(23, 59, 59)))
    return min(last, hold.span()[0])
