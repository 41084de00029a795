"""The waiting list: freed seats are offered in the order of arrival, each with a deadline.

Lock order everywhere: the plan's row, then sign-ups.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed

from . import notifications
from .models import SeatPlan, SignUp
from .seats import count_seats, dates_of, end_keys, lock_plan

Status = SignUp.Status


def serve(plan: SeatPlan, now: dt.datetime) -> int:
    """Offer what is free to those in line; ``plan`` is locked. Gives the number of offers; after closing none is made.

    Who wants two seats while one is free is offered that one, unless they said they rather wait for both: then it goes on to the
    next.
    """
    free = count_seats(plan).free
    if free == 0:
        return 0
    dates = dates_of(plan)
    begins = dates[0].starts_at if dates else None
    if begins is None or begins <= now:
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
    if sign_up.seats_held < sign_up.seats:
        part_in_line(sign_up)
    sign_up.status = Status.CONFIRMED
    sign_up.seats = sign_up.seats_held
    sign_up.expires_at = None
    sign_up.save(update_fields=["status", "seats", "expires_at"])
    notifications.tell_confirmed(sign_up)
    return sign_up


def part_in_line(sign_up: SignUp) -> SignUp:
    """A sign-up of its own for the people who get no seat now, as old as this one."""
    left = SignUp.objects.create(
        plan=sign_up.plan,
        status=Status.WAITING,
        source=sign_up.source,
        email=sign_up.email,
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
    before = sign_up.plan.sign_ups.in_line().filter(created_at__lt=sign_up.created_at).count()
    same = sign_up.plan.sign_ups.in_line().filter(created_at=sign_up.created_at, pk__lt=sign_up.pk).count()
    return before + same + 1


def lock_sign_up(sign_up: SignUp) -> SignUp:
    """The sign-up, fresh, its plan locked; ``sign_up.plan`` is the locked row."""
    plan = lock_plan(sign_up.plan_id)
    fresh = SignUp.objects.select_for_update().get(pk=sign_up.pk)
    if fresh.plan_id != plan.pk:
        # Moved to another date meanwhile.
        return lock_sign_up(fresh)
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

