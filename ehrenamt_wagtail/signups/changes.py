"""What participants know of an offering's dates, and telling them when something else holds.

``ToldDate`` is what they know: the dates as they were before the first signed up, or as they were told last. What the public
page says now and differs is told once to everybody concerned, in the transaction that changes the page. Whoever signs up at
the same moment waits for the plan's lock and is told, or reads the new dates.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ehrenamt_wagtail import formatting
from ehrenamt_wagtail.programme.dates import cancellation_of, dated
from ehrenamt_wagtail.programme.models import Mode, Occurrence, OfferingPage
from ehrenamt_wagtail.programme.places import place_of

from . import notifications
from .models import Notice, NoticeRecipient, Participant, SeatPlan, SignUp, ToldDate

PLACE_LENGTH = 500


@dataclass(frozen=True)
class KnownDate:
    """One date in the facts that participants act on; two are equal when nobody has to be told of a difference.

    Aware datetimes; of whole days the end is the midnight after the last. ``ends_at`` is ``None`` where no end is given, and
    ``over_at`` is when the date is over in any case. ``place`` is empty for what is online only.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime | None
    is_all_day: bool
    mode: str
    place: str
    is_cancelled: bool
    over_at: dt.datetime = field(compare=False)

    @property
    def when(self) -> str:
        """„Donnerstag, 14. März 2027, 19–21 Uhr“."""
        end = self.ends_at
        if self.is_all_day and end:
            end = formatting.local_date(end) - dt.timedelta(days=1)
        return formatting.date_range(self.starts_at, end, self.is_all_day)

    def as_json(self) -> dict[str, Any]:
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat() if self.ends_at else None,
            "is_all_day": self.is_all_day,
            "mode": self.mode,
            "place": self.place,
            "is_cancelled": self.is_cancelled,
            "over_at": self.over_at.isoformat(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "KnownDate":
        moments = {name: parse_datetime(data[name]) if data[name] else None for name in ("starts_at", "ends_at", "over_at")}
        return cls(**{**data, **moments})


@dataclass(frozen=True)
class Change:
    """What is different about one date. ``was`` is ``None`` for a date that came in addition."""

    uid: uuid.UUID
    was: KnownDate | None
    now: KnownDate
    # Nobody cancelled it: the offering is no longer public.
    is_withdrawn: bool = False

    @property
    def is_cancellation(self) -> bool:
        return self.now.is_cancelled

    @property
    def is_back(self) -> bool:
        return self.was is not None and self.was.is_cancelled and not self.now.is_cancelled

    def concerns_nobody(self, now: dt.datetime) -> bool:
        """Over before and after, cancelled before and after, or a date that came and went before anybody heard of it."""
        if self.was is None:
            return self.now.is_cancelled or self.now.over_at <= now
        if self.was.is_cancelled and self.now.is_cancelled:
            return True
        return max(self.was.over_at, self.now.over_at) <= now

    def as_json(self) -> dict[str, Any]:
        return {
            "uid": str(self.uid),
            "was": self.was.as_json() if self.was else None,
            "now": self.now.as_json(),
            "is_withdrawn": self.is_withdrawn,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Change":
        was = KnownDate.from_json(data["was"]) if data["was"] else None
        return cls(uuid.UUID(data["uid"]), was, KnownDate.from_json(data["now"]), data["is_withdrawn"])


def changes_in(notice: Notice) -> list[Change]:
    return [Change.from_json(fact) for fact in notice.facts]


# Telling


@transaction.atomic
def tell_changes(offering_id: int, *, actor=None, now: dt.datetime | None = None) -> Notice | None:
    """Tell everybody with an active sign-up what is different from what they know; gives the notice, if there was anything.

    One notice with all dates that differ, and one mail a person. While nobody has signed up the dates are only remembered. Asked
    again it finds nothing. Locks the offering's plans; one query for an offering without sign-up, few for one without changes.
    """
    now = now or timezone.now()
    if not SeatPlan.objects.filter(offering=offering_id).exists():
        return None
    if not changes_between(told_dates(offering_id), offering_id):
        return None
    plans = list(SeatPlan.objects.select_for_update().filter(offering=offering_id).order_by("pk"))
    told = told_dates(offering_id)
    changes = changes_between(told, offering_id)
    remember(offering_id, changes, told)
    if not told:
        return None
    worth_telling = [change for change in changes if not change.concerns_nobody(now)]
    return tell(offering_id, worth_telling, plans, actor=actor, now=now)


def told_dates(offering_id: int) -> dict[uuid.UUID, KnownDate]:
    return {row.occurrence_uid: known_from_row(row) for row in ToldDate.objects.filter(offering=offering_id)}


def known_from_row(row: ToldDate) -> KnownDate:
    return KnownDate(
        starts_at=row.starts_at,
        ends_at=row.ends_at if row.has_end else None,
        is_all_day=row.is_all_day,
        mode=row.mode,
        place=row.place,
        is_cancelled=row.is_cancelled,
        over_at=row.ends_at,
    )


def changes_between(told: dict[uuid.UUID, KnownDate], offering_id: int) -> list[Change]:
    """What the public page says now and participants do not know; by start."""
    present = public_dates(offering_id)
    changes = [Change(uid, told.get(uid), date) for uid, date in (present or {}).items() if told.get(uid) != date]
    gone = {uid: date for uid, date in told.items() if uid not in (present or {}) and not date.is_cancelled}
    changes += [Change(uid, date, replace(date, is_cancelled=True), is_withdrawn=present is None) for uid, date in gone.items()]
    return sorted(changes, key=lambda change: (change.now.starts_at, str(change.uid)))


def public_dates(offering_id: int) -> dict[uuid.UUID, KnownDate] | None:
    """The dates as the public reads them, cancelled ones included; ``None`` when the offering is not public."""
    pages = OfferingPage.objects.filter(pk=offering_id, live=True).select_related("venue__municipality", "municipality")
    page = pages.prefetch_related("cancellations", "occurrences__venue__municipality").first()
    return None if page is None else {date.uid: known_from_page(page, date) for date in dated(page)}


def known_from_page(page: OfferingPage, date: Occurrence) -> KnownDate:
    mode = date.effective_mode()
    has_end = date.is_all_day or date.end is not None
    return KnownDate(
        starts_at=date.starts_at,
        ends_at=date.ends_at if has_end else None,
        is_all_day=date.is_all_day,
        mode=mode,
        place="" if mode == Mode.ONLINE else str(place_of(page, date))[:PLACE_LENGTH],
        is_cancelled=cancellation_of(date, page) is not None,
        over_at=date.ends_at,
    )


def remember(offering_id: int, changes: Iterable[Change], told: dict[uuid.UUID, KnownDate]) -> None:
    """From now on participants know this; calendar entries of changed dates get the next SEQUENCE."""
    for change in changes:
        values = {
            "starts_at": change.now.starts_at,
            "ends_at": change.now.over_at,
            "has_end": change.now.ends_at is not None,
            "is_all_day": change.now.is_all_day,
            "mode": change.now.mode,
            "place": change.now.place,
            "is_cancelled": change.now.is_cancelled,
        }
        rows = ToldDate.objects.filter(offering=offering_id, occurrence_uid=change.uid)
        if change.uid in told:
            rows.update(sequence=F("sequence") + 1, **values)
        else:
            ToldDate.objects.create(offering_id=offering_id, occurrence_uid=change.uid, **values)


def tell(offering_id: int, changes: list[Change], plans: list[SeatPlan], *, actor, now: dt.datetime) -> Notice | None:
    concerned = [plan.pk for plan in plans if any(covers(plan, change.uid, plans) for change in changes)]
    sign_ups = list(SignUp.objects.active().filter(plan__in=concerned).order_by("pk"))
    if not sign_ups:
        return None
    is_cancellation = all(change.is_cancellation for change in changes)
    notice = Notice.objects.create(
        offering_id=offering_id,
        kind=Notice.Kind.CANCELLED if is_cancellation else Notice.Kind.CHANGED,
        facts=[change.as_json() for change in changes],
        by=actor,
        at=now,
    )
    send(notice, sign_ups, template=notifications.CANCELLED_DATE if is_cancellation else notifications.CHANGED)
    return notice


def send(notice: Notice, sign_ups: Iterable[SignUp], *, template: str, is_bulk: bool = False) -> None:
    """One mail a person, however many of their sign-ups it concerns, and a line for each sign-up that says how far it got."""
    recipients = []
    for group in by_person(sign_ups):
        also = [row.uid for row in group[1:]]
        mail = notifications.write(template, group[0], is_bulk=is_bulk, notice=notice.pk, also=also)
        recipients += [NoticeRecipient(notice=notice, sign_up=row, mail=mail) for row in group]
    NoticeRecipient.objects.bulk_create(recipients)


def by_person(sign_ups: Iterable[SignUp]) -> list[list[SignUp]]:
    """The sign-ups of each person together: same first name given, same address, same reader."""
    sign_ups = list(sign_ups)
    first = Participant.objects.filter(position=0, sign_up__plan__in={row.plan_id for row in sign_ups})
    names = dict(first.values_list("sign_up", "name"))
    groups: dict[tuple, list[SignUp]] = {}
    for row in sign_ups:
        # Who gave no address is called, each for themselves.
        person = row.email.lower() or row.pk
        groups.setdefault((person, names.get(row.pk, "").casefold(), row.is_confidential, row.reader_id), []).append(row)
    return list(groups.values())


# Which dates a sign-up is about


def covers(plan: SeatPlan, uid: uuid.UUID, plans: Iterable[SeatPlan]) -> bool:
    """Whether who signed up with ``plan`` comes to the date ``uid``: a date's own plan wins over that of the whole offering."""
    if plan.occurrence_uid is not None:
        return plan.occurrence_uid == uid
    return all(other.occurrence_uid != uid for other in plans)


def catch_up(*, now: dt.datetime | None = None) -> int:
    """Find what changed past the receivers, for offerings with active sign-ups whose last date is not over; gives the notices."""
    now = now or timezone.now()
    offerings = SeatPlan.objects.filter(sign_ups__in=SignUp.objects.active(), offering__occurrences__ends_at__gt=now)
    pks = offerings.order_by("offering").values_list("offering", flat=True).distinct()
    return sum(tell_changes(pk, now=now) is not None for pk in pks)


# Deleting


def left_waiting(offering_ids: Iterable[int], *, now: dt.datetime | None = None) -> dict[int, int]:
    """Offering's primary key → people who are signed up or wait for a date to come and know nothing of a cancellation.

    Whoever deletes these offerings leaves them standing there: deletion itself tells nobody. Three queries, however many there are.
    """
    now = now or timezone.now()
    active = SignUp.objects.active().filter(plan__offering__in=list(offering_ids)).values_list("plan__offering", "plan", "seats")
    sign_ups = list(active.order_by("pk"))
    offerings = {offering for offering, _plan, _seats in sign_ups}
    plans: dict[int, list[SeatPlan]] = {}
    for plan in SeatPlan.objects.filter(offering__in=offerings):
        plans.setdefault(plan.offering_id, []).append(plan)
    to_come = ToldDate.objects.filter(offering__in=offerings, is_cancelled=False, ends_at__gt=now)
    awaited = {
        plan.pk
        for date in to_come
        for plan in plans.get(date.offering_id, [])
        if covers(plan, date.occurrence_uid, plans[date.offering_id])
    }
    people: Counter = Counter()
    for offering, plan, seats in sign_ups:
        if plan in awaited:
            people[offering] += seats
    return dict(people)
