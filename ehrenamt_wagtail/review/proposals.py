"""Another date that the district proposes when it returns an offering: kept free for the organisation, taken over or given back.

A whole day, or several, is proposed from midnight to midnight of the site's zone.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from ehrenamt_wagtail.coordination import holds
from ehrenamt_wagtail.coordination import rules as hold_rules
from ehrenamt_wagtail.coordination.models import DateHold
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, StaleRevision, ensure, first_objection
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.actions import content_of, lock_page, save_draft
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.rules import EDIT, must_be_member

from .models import ReviewDecision


@dataclass(frozen=True)
class Proposal:
    """A proposed date as the organisation sees it; ``instead`` is the date that would be moved, as it stands in the draft."""

    decision: ReviewDecision
    when: str
    instead: str = ""
    # The draft has the proposed date already.
    is_taken: bool = False
    # The date is not gone: it still stands in the draft and the proposal lies ahead.
    is_possible: bool = False
    # Nobody else is told that it is free.
    is_kept: bool = False


def proposal_of(page, decision: ReviewDecision | None) -> Proposal | None:
    """What ``decision`` proposes for ``page``; nothing if it proposes no date. Reads only."""
    if decision is None or decision.proposed_start is None:
        return None
    date = date_to_move(page.get_latest_revision_as_object(), decision)
    is_taken = date is not None and is_moved(date, decision)
    return Proposal(
        decision=decision,
        when=when_proposed(decision),
        instead=when_of(date) if date and not is_taken else "",
        is_taken=is_taken,
        is_possible=date is not None and decision.proposed_start > timezone.now(),
        is_kept=DateHold.objects.active().filter(offering=page.pk, expires_at__gt=timezone.now()).exists(),
    )


def when_proposed(decision: ReviewDecision) -> str:
    """„Donnerstag, 14. März 2027, 19–21 Uhr“; empty if no date is proposed."""
    if decision.proposed_start is None:
        return ""
    date = Occurrence()
    move(date, decision)
    return when_of(date)


def when_of(date: Occurrence) -> str:
    if date.is_all_day:
        return date_range(date.start_date, date.end_date, all_day=True)
    return date_range(date.start, date.end) if date.start else ""


def dates_to_move(page: OfferingPage) -> list[Occurrence]:
    """The dates of ``page`` in memory that another may be proposed for: not cancelled, in order."""
    if page.is_cancelled():
        return []
    cancelled = page.cancelled_uids()
    return sorted((date for date in page.occurrences.all() if date.span() and date.uid not in cancelled), key=Occurrence.span)


def ensure_possible(page, proposed_for: uuid.UUID | None, start: dt.datetime, end: dt.datetime | None) -> None:
    """Raise ``EhrenamtError`` unless the date exists and the proposal lies ahead and ends after it begins."""
    dates = dates_to_move(page.get_latest_revision_as_object()) if isinstance(page, OfferingPage) else []
    if proposed_for not in {date.uid for date in dates}:
        raise EhrenamtError(_("The date that you propose another one for is not part of this offering. Nothing was decided."))
    if start <= timezone.now():
        raise EhrenamtError(_("The proposed date lies in the past. Nothing was decided."))
    if end is not None and end <= start:
        raise EhrenamtError(_("The proposed date ends before it begins. Nothing was decided."))


def keep_free(page: OfferingPage, decision: ReviewDecision, *, actor) -> DateHold | None:
    """Hold the proposed date for the organisation, in place of one proposed before; nothing if the actor may not hold for it."""
    if first_objection(hold_rules.HOLD, organisation=page.organisation, actor=actor) is not None:
        return None
    draft = page.get_latest_revision_as_object()
    date = date_to_move(draft, decision)
    venue = date.venue or draft.venue
    move(date, decision)
    is_one_day = date.is_all_day and date.end_date is None
    return holds.hold_date(
        organisation=page.organisation,
        actor=actor,
        start=None if is_one_day else decision.proposed_start,
        end=None if is_one_day else decision.proposed_end,
        start_date=date.start_date if is_one_day else None,
        title=draft.title[:200],
        municipality=venue.municipality if venue else draft.municipality,
        topic=draft.topics.first(),
        mode=date.mode or draft.mode,
        offering=OfferingPage.objects.get(pk=page.pk),
    )


@transaction.atomic
def take_proposed_date(
    page, decision: ReviewDecision, *, actor, base_revision_id: int | None, draft: OfferingPage | None = None
) -> Revision:
    """Move the date to the proposed time in a new revision, which is returned; its uid, place and all else stay.

    ``draft`` is what the person typed besides, in memory; it is changed there and saved with the date. Without it the newest
    revision is moved. Taken already, the newest revision is returned as it is. Raises ``NotAllowed`` or ``StaleRevision``
    (``base_revision_id`` is the revision that the person saw); then nothing is saved.
    """
    page = lock_page(page.pk)
    newest = page.get_latest_revision_as_object()
    draft = draft or newest
    ensure([must_be_member, must_be_the_newest_decision], page=page, actor=actor, decision=decision)
    if is_taken_already(draft, newest, decision):
        return page.latest_revision
    date = date_to_move(draft, decision)
    ensure([*EDIT, must_have_the_date, must_lie_ahead], page=page, actor=actor, decision=decision, date=date)
    if base_revision_id != page.latest_revision_id:
        raise StaleRevision(
            _(
                "The proposed date was not taken, because this was changed in the meantime. Nothing is lost: below you see the "
                "newest version. Please look at it and click again if the date still fits."
            ),
            page.latest_revision,
        )
    move(date, decision)
    return save_draft(draft, base_revision_id=base_revision_id, actor=actor)


def is_taken_already(draft: OfferingPage, newest: OfferingPage, decision: ReviewDecision) -> bool:
    """Whether the newest revision is what taking the date would make of ``draft``, which then has it in memory."""
    date, present = date_to_move(draft, decision), date_to_move(newest, decision)
    if date is None or present is None or not is_moved(present, decision):
        return False
    move(date, decision)
    return draft is newest or content_of(draft) == content_of(newest)


@transaction.atomic
def decline_proposed_date(page, decision: ReviewDecision, *, actor) -> None:
    """Give the date that was kept free back to others; the offering stays as it is. Raises ``NotAllowed``."""
    page = lock_page(page.pk)
    ensure([*EDIT, must_be_the_newest_decision], page=page, actor=actor, decision=decision)
    for hold in DateHold.objects.active().filter(offering=page.pk, expires_at__gt=timezone.now()):
        holds.release_hold(hold, actor=actor)


def must_be_the_newest_decision(*, page, decision, **_facts) -> None:
    newest = ReviewDecision.objects.filter(page_id=page.pk).first()
    if newest is None or newest.pk != decision.pk:
        raise NotAllowed(_("The district has decided on this again in the meantime. Nothing was changed."))


def must_have_the_date(*, date, **_facts) -> None:
    if date is None:
        raise NotAllowed(
            _("The date that was to be moved is not part of your draft any more. Nothing was changed; please enter the date below.")
        )


def must_lie_ahead(*, decision, **_facts) -> None:
    if decision.proposed_start <= timezone.now():
        raise NotAllowed(_("The proposed date is over. Nothing was changed; please choose another date below."))


def date_to_move(page: OfferingPage, decision: ReviewDecision) -> Occurrence | None:
    """The date of ``page`` in memory that the proposal is about."""
    return next((date for date in dates_to_move(page) if date.uid == decision.proposed_for), None)


def is_moved(date: Occurrence, decision: ReviewDecision) -> bool:
    wished = Occurrence()
    move(wished, decision)
    return times_of(date) == times_of(wished)


def times_of(date: Occurrence) -> tuple:
    last_day = date.end_date if date.end_date != date.start_date else None
    return date.start, date.end, date.start_date, last_day


def move(date: Occurrence, decision: ReviewDecision) -> None:
    """Give ``date`` the proposed time, in memory."""
    start, end = decision.proposed_start, decision.proposed_end
    if not is_whole_days(start, end):
        date.start, date.end, date.start_date, date.end_date = start, end, None, None
        return
    first, last = timezone.localdate(start), timezone.localdate(end) - dt.timedelta(days=1)
    date.start, date.end, date.start_date, date.end_date = None, None, first, last if last > first else None


def is_whole_days(start: dt.datetime, end: dt.datetime | None) -> bool:
    return end is not None and all(timezone.localtime(moment).time() == dt.time.min for moment in (start, end))
