"""What the organiser enters for somebody who has no mail address, called, or came without having signed up."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, ensure

from . import notifications, rules
from .models import Participant, Question, SeatPlan, SignUp
from .seats import SeatCount, lock_plan, normal_name, person_key, situation_of
from .signing import NoSeatLeft, add_details, add_people, people_named

Source = SignUp.Source


@transaction.atomic
def add_by_hand(
    plan: SeatPlan,
    *,
    names: Sequence[str],
    actor,
    email: str = "",
    phone: str = "",
    source: str = Source.HAND,
    uid: uuid.UUID | None = None,
    circle=None,
    answers: Mapping[Question, str] | None = None,
    needs: str = "",
    language: str = "",
    now: dt.datetime | None = None,
) -> SignUp:
    """Give the people ``names`` their seats at once; nothing has to be confirmed.

    Also where one signs up by telephone or mail only, and after the sign-up has closed. ``uid`` comes with the form: sent twice it
    makes one sign-up. With ``email`` the confirmation is mailed (not at the door). Writes Wagtail's log at the offering, without
    names.

    Raises ``NotAllowed`` for others than the organiser, for a supervision, when it was cancelled, for people who are signed up
    with this address already, and when ``uid`` made a sign-up of other people; ``NoSeatLeft`` with the numbers when too few seats
    are free.
    """
    now = now or timezone.now()
    names = people_named(names)
    email = email.strip()
    plan = lock_plan(plan.pk)
    page = plan.offering
    ensure(rules.SEE_DOOR, page=page, actor=actor)
    present = SignUp.objects.filter(uid=uid, plan=plan.pk).exclude(source=Source.WEB).first() if uid else None
    if present is not None:
        ensure([must_be_the_same_people], sign_up=present, names=names)
        return present
    situation = situation_of(plan)
    ensure([rules.must_take_place, rules.must_want_few_seats], plan=plan, situation=situation, seats=len(names))
    if not situation.count.has_room_for(len(names)):
        raise NoSeatLeft(no_room(situation.count), situation.count.free or 0)
    # Without an address nobody can tell two people of one name apart.
    keys = [person_key(plan.pk, email, name) if email else None for name in names]
    if email and Participant.objects.filter(active_key__in=keys).exists():
        raise NotAllowed(_("This person is signed up with this address already. Nobody was added; look for them in the list."))
    row = SignUp.objects.create(
        plan=plan,
        uid=uuid.uuid4() if uid is None or SignUp.objects.filter(uid=uid).exists() else uid,
        status=SignUp.Status.CONFIRMED,
        source=source,
        email=email,
        phone=phone,
        circle=circle,
        language=language or get_language() or "",
        seats=len(names),
        seats_held=len(names),
        created_at=now,
        confirmed_at=now,
    )
    add_people(row, names, keys)
    add_details(row, answers or {}, needs, now)
    log(instance=page, action="ehrenamt.add_sign_up", user=actor)
    if source != Source.DOOR:
        notifications.tell_confirmed(row)
    return row


def must_be_the_same_people(*, sign_up: SignUp, names: Sequence[str], **_facts) -> None:
    """After the back button a form still has its mark, while somebody else may have been typed into it."""
    known = [normal_name(person.name).casefold() for person in sign_up.participants.all()]
    if known != [name.casefold() for name in names]:
        raise NotAllowed(_("This form was sent before, for somebody else. Nobody was added; please check it and send it once more."))


def no_room(count: SeatCount) -> str:
    """For the organiser: how many seats are taken, and what to do."""
    if count.free:
        return ngettext(
            "Only %(free)s of %(capacity)s seats is free. Nobody was added; enter one person, or raise the number of seats first.",
            "Only %(free)s of %(capacity)s seats are free. Nobody was added; raise the number of seats first.",
            count.free,
        ) % {"free": count.free, "capacity": count.capacity}
    return _("All %(capacity)s seats are taken. Nobody was added; raise the number of seats first, if the room is large enough.") % {
        "capacity": count.capacity
    }
