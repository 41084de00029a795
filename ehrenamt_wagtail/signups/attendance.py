"""Who was there. Two phones at the door may mark the same person at once, and marking twice changes nothing.

Every action locks the plan's row, then the sign-up, like all that takes or frees seats. Wagtail's log gets nothing: a line for
each person who came would say who came.
"""

import datetime as dt
import unicodedata
import uuid
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed, ensure, first_objection
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.presentation import date_text

from . import certificates, notifications, rules
from .adding import add_by_hand
from .models import Attendance, Participant, SeatPlan, SignUp
from .queries import readable_sign_ups
from .seats import count_seats, dates_of, person_key, plan_for
from .signing import NoSeatLeft
from .waiting import lock_sign_up

Status = SignUp.Status


@dataclass(frozen=True)
class Person:
    """One line of the list at the door. ``state`` is the sign-up's, ``with_whom`` the other person of the same sign-up; ``part``
    names the attribute of ``DoorList`` that has the line.
    """

    pk: int
    name: str
    with_whom: str
    circle: str
    state: str
    source: str
    is_present: bool

    @property
    def part(self) -> str:
        # Who has not confirmed holds a seat all the same; coming is as good as the click in the mail.
        if self.state in (Status.CONFIRMED, Status.PENDING):
            return "seated"
        return "waiting" if self.state in SignUp.ACTIVE else "gone"


@dataclass(frozen=True)
class DoorList:
    """People of one date by name: with a seat, in line for one in the order of arrival, and those who gave theirs back."""

    seated: list[Person]
    waiting: list[Person]
    gone: list[Person]

    @property
    def everybody(self) -> list[Person]:
        return [*self.seated, *self.waiting, *self.gone]

    @property
    def present(self) -> int:
        return sum(person.is_present for person in self.seated + self.gone)


# Reads


def date_of(page: OfferingPage, uid: uuid.UUID) -> Occurrence | None:
    """The date ``uid`` of the published page, cancelled or not."""
    date = Occurrence.objects.filter(page=page.pk, uid=uid).exclude(starts_at=None).first()
    if date is not None:
        date.page = page
    return date


def nearest_date(dates: list[Occurrence], now: dt.datetime) -> Occurrence | None:
    """Today's date, else the next one, else the last."""
    today = timezone.localdate(now)
    not_over = [date for date in dates if date.ends_at > now or timezone.localdate(date.starts_at) == today]
    return (not_over or dates[-1:] or [None])[0]


def people_at(page: OfferingPage, date: Occurrence, *, user) -> DoorList:
    """Everybody who signed up for the date, as far as ``user`` may read it: the same number of queries for 3 and 10,000."""
    plan = plan_for(page.pk, date.uid)
    sign_ups = readable_sign_ups(page, user=user).filter(plan=plan, is_confidential=False) if plan else SignUp.objects.none()
    present = set(
        Attendance.objects.filter(occurrence_uid=date.uid, participant__sign_up__plan=plan).values_list("participant", flat=True)
    )
    rows = sign_ups.filter(participants__isnull=False).order_by("created_at", "pk", "participants__position", "participants__pk")
    facts_of_rows = rows.values_list("pk", "status", "source", "circle__title", "participants__pk", "participants__name")
    parts: dict[str, list[Person]] = {"seated": [], "waiting": [], "gone": []}
    for sign_up, group in groupby(facts_of_rows, key=itemgetter(slice(4))):
        _pk, state, source, circle = sign_up
        for person in persons([row[4:] for row in group], present, state=state, source=source, circle=circle or ""):
            parts[person.part].append(person)
    gone = [person for person in parts["gone"] if person.state == Status.CANCELLED or person.is_present]
    return DoorList(sorted(parts["seated"], key=by_name), parts["waiting"], sorted(gone, key=by_name))


def people_of(sign_up: SignUp, present: set[int]) -> list[Person]:
    people = [(person.pk, person.name) for person in sign_up.participants.all()]
    circle = sign_up.circle.title if sign_up.circle else ""
    return persons(people, present, state=sign_up.status, source=sign_up.source, circle=circle)


def persons(people: list[tuple[int, str]], present: set[int], **facts) -> list[Person]:
    """Of one sign-up; ``people`` are primary keys and names."""
    return [
        Person(
            pk=pk,
            name=name,
            with_whom=", ".join(other for other_pk, other in people if other_pk != pk),
            is_present=pk in present,
            **facts,
        )
        for pk, name in people
    ]


def by_name(person: Person) -> tuple[str, str, int]:
    """By the last word, as lists at a door are."""
    name = plain(person.name)
    return name.rsplit(" ", 1)[-1], name, person.pk


def plain(text: str) -> str:
    """For sorting and searching: small letters without their marks, Ö as o."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))


def number_present(date: Occurrence) -> int:
    return Attendance.objects.filter(occurrence_uid=date.uid, participant__sign_up__plan__offering=date.page_id).count()


# Actions


@transaction.atomic
def mark_present(participant: Participant, *, date: Occurrence, actor, now: dt.datetime | None = None) -> Attendance:
    """Write down that the person is there. Again, or from a second phone, it changes nothing.

    Who had a seat but never clicked the mail's button keeps the seat for good. Raises ``NotAllowed`` for somebody without a seat,
    for a cancelled date, long before it begins, and for supervision.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(participant.sign_up)
    take_up_pending(sign_up)
    ensure(rules.MARK, **facts(sign_up, date, actor, now), sign_up=sign_up)
    row, is_new = Attendance.objects.get_or_create(
        participant=participant, occurrence_uid=date.uid, defaults={"marked_by": actor, "marked_at": now}
    )
    if is_new:
        certificates.correct(participant)
    return row


def take_up_pending(sign_up: SignUp) -> None:
    """In memory and in the database; the rules that follow undo it with the transaction."""
    if sign_up.status == Status.PENDING:
        sign_up.status = Status.CONFIRMED
        sign_up.expires_at = None
        sign_up.save(update_fields=["status", "expires_at"])


@transaction.atomic
def take_back(participant: Participant, *, date: Occurrence, actor, now: dt.datetime | None = None) -> bool:
    """The person is not there after all; gives whether they had been marked. A certificate that was made already is corrected.

    Needs no seat: a mistake can be put right whatever became of the sign-up.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(participant.sign_up)
    ensure(rules.SEE_DOOR, **facts(sign_up, date, actor, now))
    removed, _rows = Attendance.objects.filter(participant=participant, occurrence_uid=date.uid).delete()
    if removed:
        certificates.correct(participant)
    return bool(removed)


@transaction.atomic
def give_seat(sign_up: SignUp, *, date: Occurrence, actor, now: dt.datetime | None = None) -> SignUp:
    """Somebody of the waiting list came and gets a free seat. Capacity holds; who has a seat already keeps it.

    Before the date begins what is free is offered in the order of arrival, so this finds a seat only when the line is served.
    Raises ``NotAllowed`` with the numbers when too few are free.
    """
    now = now or timezone.now()
    sign_up = lock_sign_up(sign_up)
    ensure(rules.AT_DOOR, **facts(sign_up, date, actor, now))
    if sign_up.status in (Status.CONFIRMED, Status.PENDING):
        return sign_up
    if sign_up.status not in (Status.WAITING, Status.OFFERED):
        raise NotAllowed(_("This person has given up their place. Enter them below as somebody who came without signing up."))
    count = count_seats(sign_up.plan)
    if count.free is not None and count.free + sign_up.seats_held < sign_up.seats:
        raise NotAllowed(no_seat_message(count.capacity, count.taken))
    sign_up.status = Status.CONFIRMED
    sign_up.seats_held = sign_up.seats
    sign_up.expires_at = None
    sign_up.save(update_fields=["status", "seats_held", "expires_at"])
    notifications.tell_confirmed(sign_up)
    return sign_up


@transaction.atomic
def walk_in(
    plan: SeatPlan,
    *,
    name: str,
    email: str = "",
    uid: uuid.UUID | None = None,
    date: Occurrence,
    actor,
    now: dt.datetime | None = None,
) -> Participant:
    """Somebody came without signing up: takes a free seat and is marked as present.

    ``uid`` comes with the form: sent twice it enters one person. Who has signed up with this address already is only marked.
    Raises ``NotAllowed`` with the numbers when no seat is free, and when ``uid`` entered somebody else.
    """
    now = now or timezone.now()
    ensure(rules.AT_DOOR, page=plan.offering, date=date, actor=actor, now=now)
    key = person_key(plan.pk, email, name) if email else ""
    person = Participant.objects.filter(active_key=key).select_related("sign_up").first() if key else None
    if person is None:
        try:
            entry = add_by_hand(plan, names=[name], email=email, uid=uid, source=SignUp.Source.DOOR, actor=actor, now=now)
        except NoSeatLeft:
            count = count_seats(plan)
            raise NotAllowed(no_seat_message(count.capacity, count.taken)) from None
        person = entry.participants.get()
    mark_present(person, date=date, actor=actor, now=now)
    return person


def no_seat_message(capacity: int, taken: int) -> str:
    """What the organiser can do when all seats are taken although not all came."""
    return _(
        "%(taken)s of %(capacity)s seats are taken, so nobody was added. If somebody does not come, cancel their sign-up in the "
        "list; if the room is large enough, raise the number of seats."
    ) % {"taken": taken, "capacity": capacity}


def facts(sign_up: SignUp, date: Occurrence, actor, now: dt.datetime) -> dict:
    """For the rules; refuses a date that the sign-up is not for."""
    plan: SeatPlan = sign_up.plan
    right_plan = plan_for(plan.offering_id, date.uid)
    if date.page_id != plan.offering_id or right_plan is None or right_plan.pk != plan.pk:
        raise NotAllowed(_("This person signed up for another date. Nothing was changed."))
    return {"page": plan.offering, "date": date, "actor": actor, "now": now}


# On the own page of a sign-up, when somebody of the organisation opens it from a QR code


def door_link(sign_up: SignUp, *, user, now: dt.datetime | None = None) -> dict | None:
    """What ``signups/includes/door_link.html`` shows to members of the offering's organisation; ``None`` for everybody else."""
    if not (user.is_authenticated and Organisation.objects.of_user(user).filter(pk=sign_up.plan.offering.organisation_id).exists()):
        return None
    page, now = sign_up.plan.offering, now or timezone.now()
    date = nearest_date(dates_of(sign_up.plan), now)
    if date is None or sign_up.is_confidential or first_objection(rules.SEE_DOOR, page=page, actor=user) is not None:
        return None
    has_seat = sign_up.status in (Status.CONFIRMED, Status.PENDING)
    objection = first_objection(rules.AT_DOOR, page=page, date=date, actor=user, now=now)
    if objection is None and not has_seat:
        objection = first_objection([rules.must_have_seat], sign_up=sign_up)
    rows = Attendance.objects.filter(occurrence_uid=date.uid, participant__sign_up=sign_up)
    present = set(rows.values_list("participant", flat=True))
    return {
        "url": reverse("ehrenamt:door", args=[page.pk, date.uid]),
        "date_text": date_text(date),
        "objection": str(objection or ""),
        "people": people_of(sign_up, present),
    }
