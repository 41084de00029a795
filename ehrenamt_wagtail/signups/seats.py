"""Counting seats. Whoever changes how many are taken locks the plan's row first, then counts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.programme.dates import dated
from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage

from .models import Participant, SeatPlan, SignUp
from .queries import Confidentiality

# Those who are served, see ``SignUpQuerySet.in_line``.
IN_LINE = Q(status=SignUp.Status.WAITING, confirmed_at__isnull=False)


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
    """The plan, fresh, its row locked until the end of the transaction: nobody else takes or frees its seats meanwhile.

    Raises ``NotAllowed`` when the organiser set up the sign-up in another way meanwhile, so that there is no such plan any more.
    """
    plan = next(iter(SeatPlan.objects.select_for_update().order_by().filter(pk=pk)), None)
    if plan is None:
        raise NotAllowed(_("The organiser has just set up the sign-up anew. Nothing was changed; please open the page again."))
    return plan


def count_seats(plan: SeatPlan) -> SeatCount:
    """As the database has it now; exact for who holds the plan's lock."""
    sums = SignUp.objects.filter(plan=plan).aggregate(taken=Sum("seats_held"), waiting=Sum("seats", filter=IN_LINE))
    return SeatCount(capacity=plan.capacity, taken=sums["taken"] or 0, waiting=sums["waiting"] or 0)


@dataclass(frozen=True)
class Situation:
    """All that decides about a sign-up besides the plan's own row and its dates, at one moment."""

    count: SeatCount
    is_public: bool
    # As a whole, or every date that the plan is for.
    is_cancelled: bool
    confidentiality: Confidentiality

    @property
    def takes_place(self) -> bool:
        return self.is_public and not self.is_cancelled


def situation_of(plan: SeatPlan) -> Situation:
    """In one query, as the database has it now; the numbers are exact for who holds the plan's lock."""
    sums = SignUp.objects.filter(plan=plan.pk).order_by().values("plan")
    row = (
        OfferingPage.objects.filter(pk=plan.offering_id)
        .order_by()
        .values_list(
            Subquery(sums.filter(seats_held__gt=0).values(number=Sum("seats_held"))),
            Subquery(sums.filter(IN_LINE).values(number=Sum("seats"))),
            "live",
            ~Exists(taking_place(plan)),
            "supervisionpage",
            "supervision_setup__form",
            "supervision_setup__supervisor",
        )
        .first()
    )
    taken, waiting, is_live, is_cancelled, supervision, form, supervisor = row or (0, 0, False, False, None, None, None)
    return Situation(
        count=SeatCount(capacity=plan.capacity, taken=taken or 0, waiting=waiting or 0),
        is_public=is_live,
        is_cancelled=is_cancelled,
        confidentiality=Confidentiality(
            is_supervision=supervision is not None or form is not None, form=form, supervisor_id=supervisor
        ),
    )


def counts_of(plans: Iterable[SeatPlan]) -> dict[int, SeatCount]:
    """Plan's primary key → its seats, in one query."""
    plans = list(plans)
    rows = (
        SignUp.objects.filter(plan__in=[plan.pk for plan in plans])
        .order_by()
        .values("plan")
        .annotate(taken=Sum("seats_held"), waiting=Sum("seats", filter=IN_LINE))
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
    return list(taking_place(plan).order_by("starts_at", "pk"))


def taking_place(plan: SeatPlan) -> QuerySet[Occurrence]:
    cancelled = Cancellation.objects.filter(Q(occurrence_uid=None) | Q(occurrence_uid=OuterRef("uid")), offering=OuterRef("page"))
    dates = Occurrence.objects.filter(page=plan.offering_id).exclude(Exists(cancelled)).exclude(starts_at=None)
    if plan.occurrence_uid:
        dates = dates.filter(uid=plan.occurrence_uid)
    else:
        own = SeatPlan.objects.filter(offering=plan.offering_id).exclude(occurrence_uid=None)
        dates = dates.exclude(uid__in=own.values("occurrence_uid"))
    return dates


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


def next_start(plan: SeatPlan, dates: list[Occurrence], now: dt.datetime) -> dt.datetime | None:
    """When it begins: what deadlines are measured against. ``None``: too late, nobody needs a seat any more.

    That is the start of the first date; of a series that one may join later (it closes after its first date), the next start.
    """
    ahead = [date.starts_at for date in dates if date.starts_at > now]
    if not ahead:
        return None
    has_begun = len(ahead) < len(dates)
    may_join = plan.closes_at is not None and plan.closes_at > now
    return ahead[0] if may_join or not has_begun else None


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

