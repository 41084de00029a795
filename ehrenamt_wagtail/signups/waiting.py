"""The waiting list: freed seats are offered in the order of arrival, each with a deadline.

Lock order everywhere: the plan's row, then sign-ups.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.programme.models import Occurrence

from . import notifications, rules
from .models import SeatPlan, SignUp
from .seats import counts_of, dates_of, end_keys, lock_plan, next_start, situation_of

Status = SignUp.Status


def serve(plan: SeatPlan, now: dt.datetime) -> int:
    """Offer what is free to those in line; ``plan`` is locked. Gives the number of offers.

    Who wants two seats while one is free is offered that one, unless they said they rather wait for both: then it goes on to the
    next. Nothing is offered once it has begun, or when it is cancelled or not public.
    """
    situation = situation_of(plan)
    free = situation.count.free
    if free == 0 or situation.count.waiting == 0 or not situation.takes_place:
        return 0
    begins = next_start(plan, dates_of(plan), now)
    if begins is None:
        return 0
    offers = 0
    for sign_up in plan.sign_ups.in_line():
        if free == 0:
            break
        seats = sign_up.seats if free is None else min(sign_up.seats, free)
        if seats < sign_up.seats and sign_up.waits_for_all:
            continue
        offer(sign_up, seats=seats, until=offer_deadline(now, begins))
        offers += 1
        if free is not None:
            free -= seats
    return offers


def plans_to_serve(now: dt.datetime) -> list[SeatPlan]:
    """Where somebody waits although seats are free. Each change serves at once; this finds what came about without one, as when
    the offering was not public for a while, or its date was moved into the future.
    """
    in_line = SignUp.objects.in_line().filter(plan=OuterRef("pk"))
    ahead = Occurrence.objects.filter(page=OuterRef("offering"), starts_at__gt=now)
    plans = list(SeatPlan.objects.filter(Exists(in_line), Exists(ahead)).order_by("pk"))
    counts = counts_of(plans)
    return [plan for plan in plans if not counts[plan.pk].is_full]


@transaction.atomic
def serve_plan(plan: SeatPlan, *, now: dt.datetime | None = None) -> int:
    """Offer what is free to those in line; gives the number of offers."""
    return serve(lock_plan(plan.pk), now or timezone.now())


def offer(sign_up: SignUp, *, seats: int, until: dt.datetime) -> None:
    sign_up.status = Status.OFFERED
    sign_up.seats_held = seats
    sign_up.expires_at = until
    sign_up.save(update_fields=["status", "seats_held", "expires_at"])
    notifications.tell_offer(sign_up)


def offer_deadline(now: dt.datetime, begins: dt.datetime) -> dt.datetime:
    """``conf.SIGNUP_OFFER_HOURS`` from now, but never more than a quarter of the time that is left until the date begins."""
    return min(now + dt.timedelta(hours=conf.SIGNUP_OFFER_HOURS), now + (begins - now) / 4)


@transaction.atomic
def accept_offer(sign_up: SignUp, *, now: dt.datetime | None = None) -> SignUp:
    """Take the seats that were offered. Of two people with one seat the first comes, the other stays in line at the same place.

    Accepting twice changes nothing. Raises ``NotAllowed`` when the offer is over.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(sign_up)
    if sign_up.status == Status.CONFIRMED:
        return sign_up
    if sign_up.status != Status.OFFERED:
        raise NotAllowed(_("The time to take this seat is over; it was offered to the next in line. Nothing else was changed."))
    ensure([rules.must_take_place], plan=sign_up.plan)
    left = part_in_line(sign_up) if sign_up.seats_held < sign_up.seats else None
    sign_up.status = Status.CONFIRMED
    sign_up.seats = sign_up.seats_held
    sign_up.expires_at = None
    sign_up.save(update_fields=["status", "seats", "expires_at"])
    notifications.tell_confirmed(sign_up)
    if left is not None:
        notifications.tell_confirmed(left)
        # A seat may have become free since the offer was made.
        serve(sign_up.plan, now)
    return sign_up


def part_in_line(sign_up: SignUp) -> SignUp:
    """A sign-up of its own for the people who get no seat now, as old as this one."""
    left = SignUp.objects.create(
        plan=sign_up.plan,
        status=Status.WAITING,
        source=sign_up.source,
        email=sign_up.email,
        phone=sign_up.phone,
        language=sign_up.language,
        circle=sign_up.circle,
        seats=sign_up.seats - sign_up.seats_held,
        created_at=sign_up.created_at,
        confirmed_at=sign_up.confirmed_at,
        is_confidential=sign_up.is_confidential,
        reader=sign_up.reader,
    )
    for position, person in enumerate(sign_up.participants.all()[sign_up.seats_held :]):
        person.sign_up = left
        person.position = position
        person.save(update_fields=["sign_up", "position"])
    return left


@transaction.atomic
def decline_offer(sign_up: SignUp, *, waits_on: bool = False, now: dt.datetime | None = None) -> SignUp:
    """Leave the offered seats to the next. With ``waits_on`` keep the place in line until there are seats for all.

    Raises ``NotAllowed`` when the offer is over.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(sign_up)
    if sign_up.status != Status.OFFERED:
        raise NotAllowed(_("This offer is over. Nothing was changed."))
    if waits_on and sign_up.seats_held < sign_up.seats:
        sign_up.status = Status.WAITING
        sign_up.waits_for_all = True
        sign_up.seats_held = 0
        sign_up.expires_at = None
        sign_up.save(update_fields=["status", "waits_for_all", "seats_held", "expires_at"])
    else:
        end(sign_up, Status.CANCELLED, now)
    serve(sign_up.plan, now)
    return sign_up


def position_of(sign_up: SignUp) -> int | None:
    """The place in line, from 1; ``None`` for who does not wait or has not confirmed the address."""
    if sign_up.status != Status.WAITING or sign_up.confirmed_at is None:
        return None
    before = Q(created_at__lt=sign_up.created_at) | Q(created_at=sign_up.created_at, pk__lt=sign_up.pk)
    return SignUp.objects.in_line().filter(before, plan=sign_up.plan_id).count() + 1


def lock_sign_up(sign_up: SignUp) -> SignUp:
    """The sign-up, fresh, its plan locked; ``sign_up.plan`` is the locked row.

    Raises ``NotAllowed`` when it was deleted, or moved to another date in this very moment: to lock that one as well could block
    who moves people the other way.
    """
    plan = lock_plan(sign_up.plan_id)
    fresh = SignUp.objects.select_for_update().filter(pk=sign_up.pk).first()
    if fresh is None:
        raise NotAllowed(_("This sign-up no longer exists. Nothing was changed."))
    if fresh.plan_id != plan.pk:
        raise NotAllowed(_("This sign-up was moved to another date just now. Nothing else was changed; please open the page again."))
    fresh.plan = plan
    return fresh


def end(sign_up: SignUp, status: Status, now: dt.datetime) -> None:
    """Let go of seat or place in line. The caller serves those who wait."""
    sign_up.status = status
    sign_up.seats_held = 0
    sign_up.expires_at = None
    sign_up.ended_at = now
    sign_up.save(update_fields=["status", "seats_held", "expires_at", "ended_at"])
    end_keys(sign_up)

