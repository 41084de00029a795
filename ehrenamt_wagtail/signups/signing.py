"""Signing up, confirming, changing and cancelling, as the person does it.

All are atomic, lock the plan's row before they count, and write the mails of the change with it. Nothing is written to
Wagtail's log: it would name people.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import Enum

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed, ensure, first_objection
from ehrenamt_wagtail.mail.actions import deliver_on_commit
from ehrenamt_wagtail.programme.caching import programme_changed
from ehrenamt_wagtail.programme.models import Occurrence
from ehrenamt_wagtail.rows import insert

from . import notifications, quick, rules
from .listed import set_free
from .models import AccessNeeds, Answer, ConfirmationCount, Participant, Question, SeatPlan, SignUp
from .seats import SeatCount, count_seats, next_start, normal_name, person_key
from .waiting import end, lock_sign_up, serve

Status = SignUp.Status


class Outcome(Enum):
    """What somebody who signs up is told; the same whether or not they had signed up before."""

    SEAT = "seat"
    WAITING = "waiting"


class NoSeatLeft(NotAllowed):
    """Fewer seats are free than wanted, and the person did not say that the waiting list will do. ``free`` says how many."""

    def __init__(self, message: str, free: int) -> None:
        self.free = free
        super().__init__(message)


@transaction.atomic
def sign_up(
    plan: SeatPlan,
    *,
    names: Sequence[str],
    email: str,
    uid: uuid.UUID | None = None,
    would_wait: bool = False,
    phone: str = "",
    circle=None,
    answers: Mapping[Question, str] | None = None,
    needs: str = "",
    language: str = "",
    now: dt.datetime | None = None,
) -> Outcome:
    """Take seats for the people ``names`` (the first is who signs up) until ``email`` is confirmed, and send the mail that asks.

    ``uid`` comes with the form: sent twice it makes one sign-up. Somebody of this name and address who has signed up already gets
    a mail that says so, and the answer is what a stranger would get. ``would_wait`` puts them on the waiting list where no seat is
    left; without it ``NoSeatLeft`` is raised. Beyond ``conf.SIGNUP_MAILS_PER_DAY`` mails to one address nothing is stored and nothing
    sent. ``needs`` is given voluntarily and only when the person consented.

    Raises ``NotAllowed`` when one cannot sign up (closed, cancelled, not on this site).
    """
    now = now or timezone.now()
    uid = uid or uuid.uuid4()
    names = people_named(names)
    language = language or get_language() or ""
    keys = [person_key(plan.pk, email, name) for name in names]
    may_mail = count_confirmation(email, now)
    plan = quick.lock(plan)
    reading = quick.read(plan, uid, keys)
    situation, count, dates = reading.situation, reading.situation.count, reading.dates
    facts = {"situation": situation, "offering": situation.confidentiality}
    ensure(rules.SIGN_UP, plan=plan, now=now, dates=dates, seats=len(names), **facts)
    if count.waiting and count.free and serve(plan, now):
        # Whoever waited comes first, should a seat have become free unnoticed (a date was moved, say).
        count = count_seats(plan)
    present = SignUp.objects.get(pk=reading.person_id) if reading.person_id else None
    if present is not None and present.pk == reading.form_id and present.seats == len(names):
        return Outcome.WAITING if present.status == Status.WAITING else Outcome.SEAT
    outcome = outcome_for(plan, count, len(names), would_wait)
    if not may_mail:
        return outcome
    if present is not None:
        notifications.tell_already(present)
        return outcome
    has_seat = outcome is Outcome.SEAT
    row = SignUp(
        plan=plan,
        # The same form, filled in again with another name, makes another sign-up.
        uid=uid if reading.form_id is None else uuid.uuid4(),
        status=Status.PENDING if has_seat else Status.WAITING,
        email=email,
        phone=phone,
        circle=circle,
        language=language,
        seats=len(names),
        seats_held=len(names) if has_seat else 0,
        created_at=now,
        expires_at=hold_deadline(plan, now, dates),
        is_confidential=situation.confidentiality.is_supervision,
        reader_id=situation.confidentiality.supervisor_id,
    )
    mail = notifications.asking_to_confirm(row)
    insert(mail, row, *people_of(row, names, keys))
    deliver_on_commit(mail)
    add_details(row, answers or {}, needs, now)
    if row.seats_held:
        if count.free is not None:
            set_free(plan.offering_id, plan.pk, count.free - row.seats_held)
        programme_changed()
    return outcome


def people_named(names: Sequence[str]) -> list[str]:
    """The names as they are stored. Raises ``NotAllowed`` for none, and for two people who could not be told apart."""
    names = [normal_name(name) for name in names]
    if not names or not all(names):
        raise NotAllowed(_("Please give a name for each person. Nothing was changed."))
    if len({name.casefold() for name in names}) < len(names):
        raise NotAllowed(_("Both people have the same name. Please write the names so that they can be told apart."))
    return names


def outcome_for(plan: SeatPlan, count: SeatCount, seats: int, would_wait: bool) -> Outcome:
    if count.has_room_for(seats):
        return Outcome.SEAT
    if would_wait and plan.has_waiting_list:
        return Outcome.WAITING
    if count.free:
        message = _("Only one seat is left. Nothing is lost: sign up one person, or put both on the waiting list.")
    elif plan.has_waiting_list:
        message = _("The last seat has just been taken. Nothing is lost: you can still join the waiting list.")
    else:
        message = _("The last seat has just been taken, and there is no waiting list. Please ask the organiser.")
    raise NoSeatLeft(message, count.free or 0)


def hold_deadline(plan: SeatPlan, now: dt.datetime, dates: list[Occurrence]) -> dt.datetime:
    """Until when an unconfirmed sign-up keeps its seat: ``conf.SIGNUP_HOLD_HOURS``, but at most half of the time that is left."""
    longest = now + dt.timedelta(hours=conf.SIGNUP_HOLD_HOURS)
    begins = next_start(plan, dates, now)
    return longest if begins is None else min(longest, now + (begins - now) / 2)


def people_of(row: SignUp, names: Sequence[str], keys: Sequence[str | None]) -> list[Participant]:
    return [
        Participant(sign_up=row, position=position, name=name, active_key=key)
        for position, (name, key) in enumerate(zip(names, keys, strict=True))
    ]


def add_people(row: SignUp, names: Sequence[str], keys: Sequence[str | None]) -> None:
    insert(*people_of(row, names, keys))


def add_details(row: SignUp, answers: Mapping[Question, str], needs: str, now: dt.datetime) -> None:
    if answers:
        # The organiser may have reworded a question since the form was opened; under the plan's lock nobody does any more.
        asked = set(Question.objects.filter(plan=row.plan_id).values_list("pk", flat=True))
        Answer.objects.bulk_create(
            Answer(sign_up=row, question=question if question.pk in asked else None, label=question.text, text=text)
            for question, text in answers.items()
            if text
        )
    if needs:
        AccessNeeds.objects.create(sign_up=row, text=needs, consented_at=now)


def address_hash(email: str) -> str:
    """What stands for an address where it is only counted."""
    return salted_hmac("ehrenamt_wagtail.signups.address", email.strip().lower(), algorithm="sha256").hexdigest()


def count_confirmation(email: str, now: dt.datetime) -> bool:
    """Whether one more mail may go to the address on this local day; counts it."""
    return quick.count_up(address_hash(email), timezone.localdate(now), conf.SIGNUP_MAILS_PER_DAY)


@transaction.atomic
def confirm(sign_up: SignUp, *, now: dt.datetime | None = None) -> SignUp:
    """The address is right: keep the seat, or the place in line. Confirming twice changes nothing.

    As long as the seat is kept this also works after its time. Raises ``NotAllowed`` when it was freed or given up meanwhile, and
    when nothing takes place any more.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(sign_up)
    if sign_up.confirmed_at is not None and sign_up.is_active:
        return sign_up
    if not sign_up.is_active:
        raise NotAllowed(
            _("The time to confirm is over, and the seat was given free. Nothing else was changed; please sign up again.")
        )
    ensure([rules.must_take_place], plan=sign_up.plan)
    sign_up.confirmed_at = now
    sign_up.expires_at = None
    if sign_up.status == Status.PENDING:
        sign_up.status = Status.CONFIRMED
    sign_up.save(update_fields=["confirmed_at", "expires_at", "status"])
    notifications.tell_confirmed(sign_up)
    if sign_up.status == Status.WAITING:
        serve(sign_up.plan, now)
        sign_up.refresh_from_db(fields=["status", "seats_held", "expires_at"])
    return sign_up


@transaction.atomic
def cancel_sign_up(sign_up: SignUp, *, for_person: bool = False, now: dt.datetime | None = None) -> SignUp:
    """Give seat or place in line back; the next in line is offered it. Cancelling twice changes nothing.

    Who gave back a seat gets a mail; with ``for_person``, when somebody else does it for them, whoever waits or has not confirmed does
    too.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(sign_up)
    if not sign_up.is_active:
        return sign_up
    had_seat = sign_up.has_seat
    sign_up.sequence += 1
    sign_up.save(update_fields=["sequence"])
    end(sign_up, Status.CANCELLED, now)
    if had_seat or for_person:
        notifications.tell_cancelled(sign_up, had_seat=had_seat, for_person=for_person)
    serve(sign_up.plan, now)
    return sign_up


@transaction.atomic
def free_unconfirmed(sign_up: SignUp, *, now: dt.datetime | None = None) -> bool:
    """Let go of one sign-up or offer whose time is over; gives whether it was. The next in line is offered the seats."""
    now = now or timezone.now()
    sign_up = lock_sign_up(sign_up)
    is_due = sign_up.is_active and sign_up.expires_at is not None and sign_up.expires_at <= now
    if is_due:
        was_offered = sign_up.status == Status.OFFERED
        end(sign_up, Status.EXPIRED, now)
        notifications.tell_lapsed(sign_up, was_offered=was_offered)
        serve(sign_up.plan, now)
    return is_due


def unreminded(now: dt.datetime) -> list[SignUp]:
    """Those who have not confirmed although half of their time is over, the most urgent first."""
    half = dt.timedelta(hours=conf.SIGNUP_HOLD_HOURS) / 2
    waiting_for = SignUp.objects.filter(status__in=[Status.PENDING, Status.WAITING], confirmed_at=None, reminded_at=None)
    rows = waiting_for.filter(expires_at__gt=now, expires_at__lte=now + half).order_by("expires_at", "pk")
    return [row for row in rows if row.expires_at - now <= now - row.created_at]


@transaction.atomic
def remind_to_confirm(sign_up: SignUp, *, now: dt.datetime | None = None) -> bool:
    """Remind somebody who has not confirmed, once; gives whether it was done."""
    now = now or timezone.now()
    if first_objection([rules.must_take_place], plan=sign_up.plan) is not None:
        return False
    still_open = SignUp.objects.filter(
        pk=sign_up.pk,
        status__in=[Status.PENDING, Status.WAITING],
        confirmed_at=None,
        reminded_at=None,
        expires_at__gt=now,
    )
    if still_open.update(reminded_at=now) == 0:
        return False
    notifications.remind_to_confirm(sign_up)
    return True


def forget_counts(now: dt.datetime) -> int:
    """Delete the counts of mails of earlier days, which nothing is measured against any more; gives their number."""
    return ConfirmationCount.objects.filter(day__lt=timezone.localdate(now)).delete()[0]
