"""Moving people to another date of the same offering, as the organiser does it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, ensure

from . import notifications, rules
from .listed import count_free
from .models import Participant, SeatPlan, SignUp
from .seats import SeatCount, dates_of, lock_plan, next_start, person_key, situation_of
from .signing import hold_deadline
from .waiting import serve

Status = SignUp.Status


@transaction.atomic
def move_sign_up(sign_up: SignUp, *, to: SeatPlan, actor, now: dt.datetime | None = None) -> SignUp:
    """Let a sign-up count for the dates of ``to`` instead: a seat for a seat, a place in line for a place in line.

    Who waits keeps the moment of arrival; where seats are free they are offered one. The seats that this frees are offered to those
    who wait for them. The person is told by mail, with the new calendar entry. Writes Wagtail's log at the offering, without names.

    Raises ``NotAllowed`` for others than the organiser, for another offering, a date that is over or cancelled, a sign-up that has
    ended or was offered a seat, a person who is signed up there already, and when too few seats are free there.
    """
    now = now or timezone.now()
    came_from, to, sign_up = lock_both(sign_up, to)
    ensure(rules.SEE_DOOR, page=to.offering, actor=actor)
    refuse_other_offering(came_from, to)
    if came_from.pk == to.pk:
        return sign_up
    refuse_in_this_state(sign_up)
    situation, dates = situation_of(to), dates_of(to)
    ensure([rules.must_take_place], plan=to, situation=situation)
    if next_start(to, dates, now) is None:
        raise NotAllowed(_("That date is over or has begun. Nobody was moved."))
    if sign_up.seats_held and not situation.count.has_room_for(sign_up.seats_held):
        raise NotAllowed(no_room(situation.count))
    give_new_keys(sign_up, to)
    sign_up.plan = to
    sign_up.sequence += 1
    if sign_up.expires_at is not None:
        sign_up.expires_at = min(sign_up.expires_at, hold_deadline(to, now, dates))
    sign_up.save(update_fields=["plan", "sequence", "expires_at"])
    count_free([came_from.pk])
    notifications.tell_moved(sign_up, came_from)
    log(instance=to.offering, action="ehrenamt.move_sign_up", user=actor)
    serve(came_from, now)
    if serve(to, now):
        sign_up.refresh_from_db(fields=["status", "seats_held", "expires_at"])
    return sign_up


def lock_both(sign_up: SignUp, to: SeatPlan) -> tuple[SeatPlan, SeatPlan, SignUp]:
    """Both plans, locked in the order of their primary keys so that two who move people to and fro never block each other."""
    locked = {pk: lock_plan(pk) for pk in sorted({sign_up.plan_id, to.pk})}
    fresh = SignUp.objects.select_for_update().filter(pk=sign_up.pk).first()
    if fresh is None:
        raise NotAllowed(_("This sign-up no longer exists. Nothing was changed."))
    if fresh.plan_id != sign_up.plan_id:
        raise NotAllowed(_("This sign-up was moved to another date just now. Nothing else was changed; please open the page again."))
    fresh.plan = locked[fresh.plan_id]
    return fresh.plan, locked[to.pk], fresh


def refuse_other_offering(came_from: SeatPlan, to: SeatPlan) -> None:
    if to.offering_id != came_from.offering_id:
        raise NotAllowed(_("That is a date of another offering. Nobody was moved."))


def refuse_in_this_state(sign_up: SignUp) -> None:
    if not sign_up.is_active:
        raise NotAllowed(_("This sign-up is over already. Nobody was moved."))
    if sign_up.status == Status.OFFERED:
        raise NotAllowed(_("This person was offered a seat and has not answered yet. Nobody was moved; please wait for the answer."))


def give_new_keys(sign_up: SignUp, to: SeatPlan) -> None:
    """A person has one active sign-up a plan: the keys are made for each plan anew."""
    people = list(sign_up.participants.all())
    if not sign_up.email:
        return
    for person in people:
        person.active_key = person_key(to.pk, sign_up.email, person.name)
    if Participant.objects.filter(active_key__in=[person.active_key for person in people]).exists():
        raise NotAllowed(_("This person is signed up for that date already. Nobody was moved; you can cancel one of the two."))
    Participant.objects.bulk_update(people, ["active_key"])


def no_room(count: SeatCount) -> str:
    if count.free == 0:
        return _("All %(capacity)s seats of that date are taken. Nobody was moved; raise the number of seats there first.") % {
            "capacity": count.capacity
        }
    return ngettext(
        "Only %(free)s seat is free on that date. Nobody was moved; raise the number of seats there first.",
        "Only %(free)s seats are free on that date. Nobody was moved; raise the number of seats there first.",
        count.free,
    ) % {"free": count.free}
