"""What the organiser changes about one sign-up. All write Wagtail's log at the offering, without names.

Everyone who acts says what they saw (``seen``, see ``version_of``): what somebody else changed meanwhile is refused, and nothing is
changed. All are atomic and lock the plan's row, then the sign-up.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, ensure

from . import certificates, notifications, rules
from .models import Participant, SeatPlan, SignUp
from .moving import move_sign_up
from .seats import person_key
from .signing import cancel_sign_up, count_confirmation, people_named
from .waiting import lock_sign_up

Status = SignUp.Status


class StaleSignUp(NotAllowed):
    """The sign-up is not as the person saw it."""

    def __init__(self) -> None:
        super().__init__(
            _("This sign-up was changed meanwhile by somebody else. You see it as it is now; nothing was changed by you.")
        )


def version_of(sign_up: SignUp) -> str:
    """Names what the organiser sees of a sign-up: it is another one once state, date, seats or names change."""
    names = [person.name for person in sign_up.participants.all()]
    text = repr((str(sign_up.status), sign_up.plan_id, sign_up.seats, sign_up.seats_held, sign_up.email, names))
    return salted_hmac("ehrenamt_wagtail.signups.version", text, algorithm="sha256").hexdigest()[:16]


def lock_seen(sign_up: SignUp, *, seen: str, actor) -> SignUp:
    """The sign-up, locked, as ``seen``. Raises ``NotAllowed`` for who may not organise it, ``StaleSignUp`` if it was changed."""
    sign_up = lock_sign_up(sign_up)
    ensure(rules.SEE_DOOR, page=sign_up.plan.offering, actor=actor)
    if version_of(sign_up) != seen:
        raise StaleSignUp
    return sign_up


@transaction.atomic
def cancel_for(sign_up: SignUp, *, actor, seen: str, now: dt.datetime | None = None) -> SignUp:
    """Give back seat or place in line because the person said so, by telephone for example; they get a mail if they have an address.

    Raises ``NotAllowed`` for what is over already.
    """
    sign_up = lock_seen(sign_up, seen=seen, actor=actor)
    if not sign_up.is_active:
        raise NotAllowed(_("This sign-up is over already. Nothing was changed."))
    ended = cancel_sign_up(sign_up, for_person=True, now=now)
    log(instance=sign_up.plan.offering, action="ehrenamt.cancel_sign_up", user=actor)
    return ended


@transaction.atomic
def move_to(sign_up: SignUp, *, to: SeatPlan, actor, seen: str) -> SignUp:
    """Move the sign-up to another date of the offering, see ``moving.move_sign_up``."""
    # Both plans in one order: two who move people to and fro never wait for each other.
    list(SeatPlan.objects.select_for_update().filter(pk__in=[sign_up.plan_id, to.pk]).order_by("pk"))
    sign_up = lock_seen(sign_up, seen=seen, actor=actor)
    return move_sign_up(sign_up, to=to, actor=actor)


@transaction.atomic
def correct_names(sign_up: SignUp, *, names: Sequence[str], actor, seen: str) -> SignUp:
    """Write the names as they are right, in their order; as many as there are people.

    Raises ``NotAllowed`` for a name that is signed up already with this mail address.
    """
    sign_up = lock_seen(sign_up, seen=seen, actor=actor)
    people = list(sign_up.participants.all())
    names = people_named(names)
    if len(names) != len(people):
        raise StaleSignUp
    if [person.name for person in people] == names:
        return sign_up
    keys = keys_for(sign_up, names)
    if Participant.objects.filter(active_key__in=[key for key in keys if key]).exclude(sign_up=sign_up).exists():
        raise NotAllowed(_("Somebody of this name is signed up already. Nothing was changed."))
    # The keys are unique: two people may swap their names.
    Participant.objects.filter(sign_up=sign_up).update(active_key=None)
    for person, name, key in zip(people, names, keys, strict=True):
        person.name, person.active_key = name, key
    Participant.objects.bulk_update(people, ["name", "active_key"])
    for person in people:
        certificates.correct(person)
    log(instance=sign_up.plan.offering, action="ehrenamt.correct_sign_up", user=actor)
    return sign_up


def keys_for(sign_up: SignUp, names: Sequence[str]) -> list[str | None]:
    """None for a sign-up that is over: its people may sign up again. None without an address, too: see ``adding``."""
    has_key = sign_up.is_active and sign_up.email
    return [person_key(sign_up.plan_id, sign_up.email, name) if has_key else None for name in names]


@transaction.atomic
def send_link_again(sign_up: SignUp, *, actor, seen: str, now: dt.datetime | None = None) -> None:
    """Mail the person the link to their own page once more, with what is to do now: confirm, accept, or nothing.

    Raises ``NotAllowed`` without a mail address, for what is over, and when the address had its mails for today.
    """
    # Before the plan is locked, as when somebody signs up: two who wait for each other would block. A refusal takes it back.
    may_mail = bool(sign_up.email) and count_confirmation(sign_up.email, now or timezone.now())
    sign_up = lock_seen(sign_up, seen=seen, actor=actor)
    if not sign_up.is_active:
        raise NotAllowed(_("This sign-up is over. There is nothing to send any more."))
    if not sign_up.email:
        raise NotAllowed(_("There is no mail address. Print the confirmation instead."))
    if not may_mail:
        raise NotAllowed(_("This address has had several mails today already. Please wait until tomorrow, or print the confirmation."))
    if sign_up.status == Status.OFFERED:
        notifications.tell_offer(sign_up)
    elif sign_up.confirmed_at is None:
        notifications.ask_to_confirm(sign_up)
    else:
        notifications.tell_confirmed(sign_up)
    log(instance=sign_up.plan.offering, action="ehrenamt.send_sign_up", user=actor)
