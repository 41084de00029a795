"""Supervision: its form and the one account that reads who takes part; what that account may do with its dates and groups.

Nothing here writes a name, an address or an answer to a log, and no sign-up of a supervision is read but through its ``reader``.
"""

import datetime as dt
import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import log

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.programme.models import OfferingPage

from . import notifications, rules, signing
from .models import SeatPlan, SignUp, SupervisionSetup
from .queries import confidentiality_of
from .seats import count_seats, dates_of, lock_plan, normal_name, person_key
from .waiting import serve

Form = SupervisionSetup.Form

# What somebody reads before signing up for a supervision. It promises what the code keeps, and nothing more.
PROMISE = (
    gettext_lazy(
        "Supervision is confidential. On this website your name and all you enter here are shown to %(supervisor)s alone, in a "
        "personal account: not to the district, not to others of the organisation, not to those who run the website."
    ),
    gettext_lazy(
        "The district and the organisation get numbers only: how many seats are taken, and on which day, for how long and with "
        "how many people a supervision took place."
    ),
    gettext_lazy("What we cannot promise: whoever looks after the database of this website technically could read names there."),
)


def promise_of(page: OfferingPage) -> list[str]:
    """The sentences of ``PROMISE`` for this supervision; none for any other offering, or before a supervisor is named."""
    setup = SupervisionSetup.objects.select_related("supervisor").filter(offering=page.pk).first()
    if setup is None:
        return []
    return [str(sentence) % {"supervisor": name_of(setup.supervisor)} for sentence in PROMISE[:1]] + [
        str(sentence) for sentence in PROMISE[1:]
    ]


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()


# Who can be named


def possible_supervisors(page: OfferingPage) -> QuerySet:
    """Active accounts of persons who act for the offering's organisation, and those that coordinators named as supervisors."""
    own = Q(ehrenamt_memberships__organisation=page.organisation_id)
    named = Q(groups__name=conf.SUPERVISOR_GROUP)
    users = get_user_model()._default_manager.filter(own | named, is_active=True)
    return users.order_by("last_name", "first_name", "pk").distinct()


def named_supervisors() -> QuerySet:
    """The accounts that coordinators named; every organisation may choose them."""
    users = get_user_model()._default_manager.filter(groups__name=conf.SUPERVISOR_GROUP)
    return users.order_by("last_name", "first_name", "pk")


def must_coordinate(*, actor, **_facts) -> None:
    if not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators name supervisors. Nothing was changed."))


NAME = [must_coordinate]


@transaction.atomic
def name_supervisor(user, *, actor) -> None:
    """Every organisation may choose this account for its supervisions. Naming twice changes nothing. Raises ``NotAllowed``."""
    ensure(NAME, actor=actor)
    group, _created = Group.objects.get_or_create(name=conf.SUPERVISOR_GROUP)
    if not user.groups.filter(pk=group.pk).exists():
        user.groups.add(group)
        log(instance=user, action="ehrenamt.name_supervisor", user=actor)


@transaction.atomic
def unname_supervisor(user, *, actor) -> None:
    """Nobody can choose the account any more; where it is the supervisor it stays so. Raises ``NotAllowed``."""
    ensure(NAME, actor=actor)
    if user.groups.filter(name=conf.SUPERVISOR_GROUP).exists():
        user.groups.remove(*Group.objects.filter(name=conf.SUPERVISOR_GROUP))
        log(instance=user, action="ehrenamt.unname_supervisor", user=actor)


# Setting up


@transaction.atomic
def setup_supervision(
    page: OfferingPage,
    *,
    form: str,
    supervisor,
    actor,
    information_uid: uuid.UUID | None = None,
    now: dt.datetime | None = None,
) -> SupervisionSetup:
    """Name the form of a supervision and the account that reads who signs up from now on.

    ``information_uid``: the date of a closed group that is an information evening before it, open to all; it gets a plan of its
    own. Writes Wagtail's log at the offering. Raises ``NotAllowed`` for other kinds of offerings, a person who cannot be chosen
    or, with their number, while people are signed up for dates to come: they were promised this supervisor.
    """
    now = now or timezone.now()
    ensure(rules.ORGANISE, page=page, actor=actor)
    if not confidentiality_of(page.pk).is_supervision:
        raise NotAllowed(_("Only a supervision has a supervisor. Nothing was changed."))
    # Without the key: rows that point to the offering can be written meanwhile by who holds a plan.
    OfferingPage.objects.select_for_update(of=("self",), no_key=True).get(pk=page.pk)
    # Whoever signs up holds the plan's lock while the reader is fixed.
    list(SeatPlan.objects.select_for_update().filter(offering=page.pk).order_by("pk"))
    present = SupervisionSetup.objects.select_for_update().filter(offering=page.pk).first()
    if present is None or present.supervisor_id != supervisor.pk:
        refuse_unknown_supervisor(page, supervisor)
    if present is not None and (present.supervisor_id, present.form) != (supervisor.pk, form):
        refuse_while_signed_up(page, now)
    if form != Form.GROUP:
        information_uid = None
    if information_uid is not None and not page.occurrences.filter(uid=information_uid).exists():
        raise NotAllowed(_("This date does not belong to the supervision. Nothing was changed."))
    if form not in Form.values:
        raise NotAllowed(_("There is no such form of supervision. Nothing was changed."))
    facts = {"form": form, "supervisor": supervisor, "information_uid": information_uid}
    setup, _created = SupervisionSetup.objects.update_or_create(offering_id=page.pk, defaults=facts)
    give_own_plan(page, information_uid, actor=actor, now=now)
    log(instance=page, action="ehrenamt.setup_supervision", user=actor, data={"form": form})
    return setup


def give_own_plan(page: OfferingPage, information_uid: uuid.UUID | None, *, actor, now: dt.datetime) -> None:
    """The information evening is signed up for by itself, as soon as one signs up for the group here; its seats can be set."""
    whole = SeatPlan.objects.filter(offering=page.pk, occurrence_uid=None, mode=SeatPlan.Mode.HERE).first()
    if information_uid is not None and whole is not None:
        facts = {"mode": SeatPlan.Mode.HERE, "seats_per_sign_up": whole.seats_per_sign_up, "updated_by": actor, "updated_at": now}
        SeatPlan.objects.get_or_create(offering_id=page.pk, occurrence_uid=information_uid, defaults=facts)


def refuse_unknown_supervisor(page: OfferingPage, supervisor) -> None:
    if not possible_supervisors(page).filter(pk=supervisor.pk).exists():
        raise NotAllowed(
            _(
                "This account cannot be chosen: it neither belongs to your organisation nor did the district name it as a "
                "supervisor. Nothing was changed."
            )
        )


def refuse_while_signed_up(page: OfferingPage, now: dt.datetime) -> None:
    number = people_to_come(page, now)
    if number:
        raise NotAllowed(
            ngettext(
                "%(number)s person is signed up for a date to come and was promised this supervisor and this form. Nothing was "
                "changed; it is possible after the last date.",
                "%(number)s people are signed up for dates to come and were promised this supervisor and this form. Nothing was "
                "changed; it is possible after the last date.",
                number,
            )
            % {"number": number}
        )


def people_to_come(page: OfferingPage, now: dt.datetime) -> int:
    """How many people are signed up or wait for dates of the offering that are not over."""
    plans = [plan for plan in SeatPlan.objects.filter(offering=page.pk) if any(date.ends_at > now for date in dates_of(plan))]
    return sum(SignUp.objects.active().filter(plan__in=plans).values_list("seats", flat=True))


# What the supervisor does


def must_supervise(*, offering_id, actor, **_facts) -> None:
    """The account that is named now; whoever it was before only reads."""
    if confidentiality_of(offering_id).supervisor_id != actor.pk or not actor.is_active:
        raise NotAllowed(_("Only the supervisor may do this. Nothing was changed."))


def must_read(*, sign_up, actor, **_facts) -> None:
    if not sign_up.is_confidential or sign_up.reader_id != actor.pk or not actor.is_active:
        raise NotAllowed(_("Only the supervisor may do this. Nothing was changed."))


SUPERVISE = [must_supervise]
READ = [must_read]


@transaction.atomic
def add_person(
    plan: SeatPlan, *, name: str, actor, email: str = "", phone: str = "", now: dt.datetime | None = None
) -> SignUp:
    """Put somebody on the list who asked in another way; with a mail address they get the confirmation.

    Raises ``NotAllowed`` for others than the supervisor, when it does not take place, without a free seat, or when the person is on
    the list.
    """
    now = now or timezone.now()
    plan = lock_plan(plan.pk)
    ensure([*SUPERVISE, rules.must_take_place], offering_id=plan.offering_id, actor=actor, plan=plan)
    name = normal_name(name)
    key = person_key(plan.pk, email, name)
    if SignUp.objects.filter(participants__active_key=key).exists():
        raise NotAllowed(_("This person is on the list already. Nothing was changed."))
    if not count_seats(plan).has_room_for(1):
        raise NotAllowed(_("All seats are taken. Nobody was added; raise the number of seats first."))
    sign_up = SignUp.objects.create(
        plan=plan,
        status=SignUp.Status.CONFIRMED,
        source=SignUp.Source.HAND,
        email=email,
        phone=phone,
        seats_held=1,
        created_at=now,
        confirmed_at=now,
        is_confidential=True,
        reader=actor,
    )
    signing.add_people(sign_up, [name], [key])
    notifications.tell_confirmed(sign_up)
    return sign_up


@transaction.atomic
def cancel_for(sign_up: SignUp, *, actor, now: dt.datetime | None = None) -> SignUp:
    """Take somebody off the list who said so in another way, and mail it to them; the next in line is offered the seat.

    Raises ``NotAllowed``.
    """
    ensure(READ, sign_up=sign_up, actor=actor)
    return signing.cancel_sign_up(sign_up, for_person=True, now=now)


@transaction.atomic
def close_sign_up(plan: SeatPlan, *, actor, now: dt.datetime | None = None) -> SeatPlan:
    """The group is complete: nobody signs up any more. Those who wait still move up. Raises ``NotAllowed``."""
    now = now or timezone.now()
    plan = lock_plan(plan.pk)
    ensure(SUPERVISE, offering_id=plan.offering_id, actor=actor)
    return set_closing(plan, closes_at=now, actor=actor, now=now)


@transaction.atomic
def open_sign_up(plan: SeatPlan, *, actor, now: dt.datetime | None = None) -> SeatPlan:
    """One can sign up again until the first date begins. Raises ``NotAllowed``."""
    now = now or timezone.now()
    plan = lock_plan(plan.pk)
    ensure(SUPERVISE, offering_id=plan.offering_id, actor=actor)
    return set_closing(plan, closes_at=None, actor=actor, now=now)


def set_closing(plan: SeatPlan, *, closes_at: dt.datetime | None, actor, now: dt.datetime) -> SeatPlan:
    plan.closes_at, plan.updated_by, plan.updated_at = closes_at, actor, now
    plan.save(update_fields=["closes_at", "updated_by", "updated_at"])
    log(instance=plan.offering, action="ehrenamt.change_seats", user=actor, data={"closes_at": str(closes_at or "")})
    serve(plan, now)
    return plan
