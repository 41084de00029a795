"""Counting seats. Whoever changes how many are taken locks the plan's row first, then counts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.crypto import salted_hmac

from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage
from ehrenamt_wagtail.programme.queries import dated

from .models import Participant, SeatPlan, SignUp


@dataclass(frozen=True)
class SeatCount:
    """Seats of one plan at one moment. ``free`` is ``None`` where there is no limit."""

    capacity: int | None
    taken: int
    # People in sign-ups that wait and have confirmed their address.
    waiting: int

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def has_room_for(self, seats: int) -> bool:
        return self.free is None or self.free >= seats

    @property
    def is_full(self) -> bool:
        return self.free == 0


def lock_plan(pk: int) -> SeatPlan:
    """The plan, fresh, its row locked until the end of the transaction: nobody else takes or frees its seats meanwhile."""
    return SeatPlan.objects.select_for_update().get(pk=pk)


def count_seats(plan: SeatPlan) -> SeatCount:
    """As the database has it now; exact for who holds the plan's lock."""
    waiting = Q(status=SignUp.Status.WAITING, confirmed_at__isnull=False)
    sums = SignUp.objects.filter(plan=plan).aggregate(taken=Sum("seats_held"), waiting=Sum("seats", filter=waiting))
    return SeatCount(capacity=plan.capacity, taken=sums["taken"] or 0, waiting=sums["waiting"] or 0)


def counts_of(plans: Iterable[SeatPlan]) -> dict[int, SeatCount]:
    """Plan's primary key → its seats, in one query."""
    waiting = Q(status=SignUp.Status.WAITING, confirmed_at__isnull=False)
    plans = list(plans)
    rows = (
        SignUp.objects.filter(plan__in=[plan.pk for plan in plans])
        .order_by()
        .values("plan")
        .annotate(taken=Sum("seats_held"), waiting=Sum("seats", filter=waiting))
    )
    sums = {row["plan"]: row for row in rows}
    return {
        plan.pk: SeatCount(
            capacity=plan.capacity,
            taken=sums.get(plan.pk, {}).get("taken") or 0,
            waiting=sums.get(plan.pk, {}).get("waiting") or 0,
        )
        for plan in plans
    }


def dates_of(plan: SeatPlan) -> list[Occurrence]:
    """The dates that the plan is for, by start, cancelled ones left out: its own one, or all that have no plan of their own."""
    cancelled = Cancellation.objects.filter(Q(occurrence_uid=None) | Q(occurrence_uid=OuterRef("uid")), offering=OuterRef("page"))
    dates = Occurrence.objects.filter(page=plan.offering_id).exclude(Exists(cancelled)).exclude(starts_at=None)
    if plan.occurrence_uid:
        dates = dates.filter(uid=plan.occurrence_uid)
    else:
        own = SeatPlan.objects.filter(offering=plan.offering_id).exclude(occurrence_uid=None)
        dates = dates.exclude(uid__in=own.values("occurrence_uid"))
    return list(dates.order_by("starts_at", "pk"))


def covered_dates(plan: SeatPlan, page: OfferingPage) -> list[Occurrence]:
    """As ``dates_of``, but cancelled ones among them, each with ``page``: for what tells people about them."""
    dates = dated(page)
    if plan.occurrence_uid:
        return [date for date in dates if date.uid == plan.occurrence_uid]
    own = set(
        SeatPlan.objects.filter(offering=plan.offering_id).exclude(occurrence_uid=None).values_list("occurrence_uid", flat=True)
    )
    return [date for date in dates if date.uid not in own]


def closing_time(plan: SeatPlan, dates: list[Occurrence]) -> dt.datetime | None:
    """When nobody can sign up any more: as the organiser says, else when the first date begins; ``None`` without dates."""
    return plan.closes_at or (dates[0].starts_at if dates else None)


def plan_for(offering_id: int, uid) -> SeatPlan | None:
    """How one signs up for the date ``uid``: its own plan, else that of the whole offering."""
    rows = SeatPlan.objects.filter(Q(occurrence_uid=uid) | Q(occurrence_uid=None), offering=offering_id)
    return max(rows, key=lambda row: row.occurrence_uid is not None, default=None)


# People


def normal_name(name: str) -> str:
    return " ".join(name.split())


def person_key(plan_id: int, email: str, name: str) -> str:
    """One and the same for one person and plan, however name and address are spelt in upper and lower case."""
    text = f"{plan_id}|{email.strip().lower()}|{normal_name(name).casefold()}"
    return salted_hmac("ehrenamt_wagtail.signups.person", text, algorithm="sha256").hexdigest()


def end_keys(sign_up: SignUp) -> None:
    """The people of a sign-up that is over may sign up again."""
    Participant.objects.filter(sign_up=sign_up).update(active_key=None)


def attended(plan: SeatPlan) -> int:
    """Participants who were present at one date at least."""
    present = Participant.objects.filter(sign_up__plan=plan, attendances__isnull=False)
    return present.aggregate(number=Count("pk", distinct=True))["number"]

