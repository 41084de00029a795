"""Who comes with a sign-up: a second person is added, replaced or left out, as the person does it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed, ensure

from . import notifications, rules
from .models import Participant, SignUp
from .seats import count_seats, dates_of, normal_name, person_key
from .waiting import lock_sign_up, serve


@transaction.atomic
def change_second_person(sign_up: SignUp, *, name: str, now: dt.datetime | None = None) -> SignUp:
    """Let ``name`` come along with the first person, or nobody where it is empty; the same again changes nothing.

    A seat more is taken only where one is free and one can still sign up; a seat less is offered to the next in line. Who waits may
    leave the second person out and keeps the place, but brings nobody along to it. Writes a mail that says how it stands now. Raises
    ``NotAllowed``.
    """
    now = now or timezone.now()
    name = normal_name(name)
    sign_up = lock_sign_up(sign_up)
    if not may_change(sign_up):
        raise NotAllowed(_("You have no seat any more, so nothing was changed."))
    first, *others = sign_up.participants.all()
    if [normal_name(person.name) for person in others] == ([name] if name else []):
        return sign_up
    if Participant.objects.filter(pk__in=[person.pk for person in others], attendances__isnull=False).exists():
        raise NotAllowed(_("The second person was there already, so nothing was changed. Please ask the organiser."))
    if name and not others:
        take_seat_for_second(sign_up, now)
    Participant.objects.filter(pk__in=[person.pk for person in others]).delete()
    sign_up.seats = 2 if name else 1
    if sign_up.has_seat:
        sign_up.seats_held = sign_up.seats
    elif not name:
        sign_up.waits_for_all = False
    sign_up.save(update_fields=["seats", "seats_held", "waits_for_all"])
    if name:
        add_second(sign_up, first, name)
    notifications.tell_confirmed(sign_up)
    serve(sign_up.plan, now)
    return sign_up


def may_change(sign_up: SignUp) -> bool:
    """With a seat, or a place in line that is confirmed; who was offered a seat answers first."""
    return sign_up.has_seat or (sign_up.status == SignUp.Status.WAITING and sign_up.confirmed_at is not None)


def take_seat_for_second(sign_up: SignUp, now: dt.datetime) -> None:
    """Whether there is one; the plan is locked."""
    plan = sign_up.plan
    ensure(rules.SIGN_UP, plan=plan, now=now, dates=dates_of(plan), seats=2)
    if not sign_up.has_seat or not count_seats(plan).has_room_for(1):
        raise NotAllowed(
            _("No further seat is free, so nothing was changed. You can put the second person on the waiting list by signing up anew.")
        )


def add_second(sign_up: SignUp, first: Participant, name: str) -> None:
    if normal_name(first.name).casefold() == name.casefold():
        raise NotAllowed(_("Both people have the same name. Please write the names so that they can be told apart."))
    key = person_key(sign_up.plan_id, sign_up.email, name) if sign_up.email else None
    if key and Participant.objects.filter(active_key=key).exists():
        raise NotAllowed(_("This person has signed up already with your mail address, so nothing was changed."))
    Participant.objects.create(sign_up=sign_up, position=first.position + 1, name=name, active_key=key)
