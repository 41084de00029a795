"""Changing how one signs up. What counts seats locks the plan's row; every change counts at once, without publishing.

Lock order: the offering's row, its plans in the order of their keys, then sign-ups.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision, ensure
from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.programme.models import OfferingPage

from . import rules
from .models import Question, SeatPlan, SignUp
from .seats import count_seats, lock_plan
from .settings import (
    SHARED,
    Day,
    Present,
    QuestionSettings,
    SignUpSettings,
    days_of,
    errors_in,
    is_number,
    number_sentence,
    present_of,
)
from .waiting import serve

SAVED_FIELDS = (*SHARED, "mode", "capacity", "minimum_told_at", "updated_by", "updated_at")


class WrongSettings(NotAllowed):
    """Some values cannot be used; nothing was changed. ``errors`` maps names of fields to sentences, see ``settings.errors_in``."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = dict(errors)
        super().__init__(_("Nothing is saved yet. Please correct what is marked and save again."))


@transaction.atomic
def save_plans(
    page: OfferingPage, settings: SignUpSettings, *, actor, opened: str | None = None, now: dt.datetime | None = None
) -> bool:
    """Set up how one signs up for ``page``; gives whether anything is different now. It counts at once, or when a draft is published.

    ``opened`` is the ``Present.stamp`` that the form was opened with; ``None`` does not ask. Dates that are over or cancelled keep
    what they have. More seats are offered to those who wait. No revision is touched. A question whose words changed is a new one;
    answers to the old one are kept with its words. Writes Wagtail's log at the offering, without names.

    Raises ``StaleRevision`` when somebody changed the settings since (``latest`` is the plan that was changed last), ``WrongSettings``
    for values that cannot be used and for fewer seats than are taken, ``NotAllowed`` for what people who signed up do not allow.
    """
    now = now or timezone.now()
    # Without the key: rows that point to the offering can be written meanwhile by who holds a plan.
    OfferingPage.objects.select_for_update(of=("self",), no_key=True).get(pk=page.pk)
    days = days_of(page, now)
    present = present_of(page, days, SeatPlan.objects.select_for_update().filter(offering=page.pk).order_by("pk"))
    ensure(rules.SET_UP, page=page, actor=actor, days=days)
    without = present.without_plan(days)
    if settings == present.settings and not without:
        return False
    if opened is not None and opened != present.stamp:
        raise StaleRevision(_("Somebody else changed these settings in the meantime."), present.last)
    errors = errors_in(settings, page=page, days=days, before=present.settings, today=timezone.localdate(now))
    if errors:
        raise WrongSettings(errors)
    write(page, settings, present, days, actor, now)
    data = {"mode": str(settings.mode), "per_date": settings.per_date, "capacity": settings.capacity}
    log(instance=page, action="ehrenamt.set_up_sign_up", user=actor, data=data)
    return True


def write(page: OfferingPage, settings: SignUpSettings, present: Present, days: Sequence[Day], actor, now: dt.datetime) -> None:
    by_uid = {plan.occurrence_uid: plan for plan in present.plans}
    wanted = present.wanted(settings, days)
    superseded = superseded_by(settings, present)
    refuse_leaving_people(settings, [by_uid[uid] for uid in wanted if uid in by_uid], superseded)
    refuse_too_few_seats(settings, [by_uid[uid] for uid in wanted if uid in by_uid], days)
    plans = [by_uid.get(uid) or SeatPlan(offering_id=page.pk, occurrence_uid=uid) for uid in wanted]
    for plan in plans:
        fill(plan, settings, actor, now)
        if plan.pk:
            plan.save(update_fields=SAVED_FIELDS)
        else:
            plan.save()
        write_questions(plan, settings.questions)
    drop(superseded, into=plans[0])
    for plan in plans:
        if plan.is_here:
            serve(plan, now)


def superseded_by(settings: SignUpSettings, present: Present) -> list[SeatPlan]:
    """Plans of the other way: that of the whole offering, or those of single dates."""
    if settings.per_date:
        return [plan for plan in present.plans if plan.occurrence_uid is None]
    return [plan for plan in present.plans if plan.occurrence_uid not in (None, present.information_uid)]


def fill(plan: SeatPlan, settings: SignUpSettings, actor, now: dt.datetime) -> None:
    if (plan.minimum, plan.minimum_decided_on) != (settings.minimum, settings.minimum_decided_on):
        plan.minimum_told_at = None
    for name in SHARED:
        setattr(plan, name, getattr(settings, name))
    plan.mode = settings.mode
    plan.capacity = settings.capacity_of(plan.occurrence_uid)
    plan.updated_by, plan.updated_at = actor, now


def write_questions(plan: SeatPlan, questions: Sequence[QuestionSettings]) -> None:
    """A question is known by its words; answers to one that is gone keep these words."""
    known = {question.text: question for question in plan.questions.all()}
    for position, wanted in enumerate(questions):
        question = known.pop(wanted.text, None) or Question(plan=plan, text=wanted.text)
        question.position, question.kind, question.purpose = position, wanted.kind, wanted.purpose
        question.choices, question.is_required = list(wanted.choices), wanted.is_required
        question.save()
    Question.objects.filter(pk__in=[question.pk for question in known.values()]).delete()


def drop(superseded: Sequence[SeatPlan], *, into: SeatPlan) -> None:
    """Sign-ups that are over stay until their data are deleted in time: they move to a plan that stays."""
    for plan in superseded:
        SignUp.objects.filter(plan=plan).update(plan=into)
        plan.delete()


# What people who have signed up do not allow


def people_in(plans: Sequence[SeatPlan]) -> int:
    """People with a seat, an offer or a place in line."""
    return SignUp.objects.active().filter(plan__in=[plan.pk for plan in plans]).aggregate(number=Sum("seats"))["number"] or 0


def refuse_leaving_people(settings: SignUpSettings, kept: Sequence[SeatPlan], superseded: Sequence[SeatPlan]) -> None:
    if number := people_in(superseded):
        raise WrongSettings({"per_date": [stays_sentence(number)]})
    leaves_here = settings.mode != SeatPlan.Mode.HERE
    if leaves_here and (number := people_in([plan for plan in kept if plan.is_here])):
        raise WrongSettings({"mode": [stays_sentence(number)]})


def stays_sentence(number: int) -> str:
    text = ngettext(
        "%(number)s person is signed up or waits, so this cannot be changed. Leave it as it is, or cancel that sign-up in the list "
        "first; the person is told.",
        "%(number)s people are signed up or wait, so this cannot be changed. Leave it as it is, or cancel their sign-ups in the "
        "list first; they are told.",
        number,
    )
    return text % {"number": number}


def refuse_too_few_seats(settings: SignUpSettings, plans: Sequence[SeatPlan], days: Sequence[Day]) -> None:
    names = {day.uid: short_date(day.starts_at) for day in days}
    errors: dict[str, list[str]] = {}
    for plan in plans:
        uid, capacity, taken = plan.occurrence_uid, settings.capacity_of(plan.occurrence_uid), count_seats(plan).taken
        if capacity is not None and capacity < taken:
            field = f"capacity_{uid}" if uid in settings.capacities else "capacity"
            text = too_few_sentence(taken) if uid is None else too_few_on_sentence(taken, names.get(uid, ""))
            errors.setdefault(field, []).append(text)
    if errors:
        raise WrongSettings(errors)


def too_few_sentence(taken: int) -> str:
    text = ngettext(
        "%(taken)s seat is taken, so there cannot be fewer.", "%(taken)s seats are taken, so there cannot be fewer.", taken
    )
    return text % {"taken": taken}


def too_few_on_sentence(taken: int, date: str) -> str:
    text = ngettext(
        "%(date)s: %(taken)s seat is taken, so there cannot be fewer.",
        "%(date)s: %(taken)s seats are taken, so there cannot be fewer.",
        taken,
    )
    return text % {"taken": taken, "date": date}


# The number of seats alone


@transaction.atomic
def set_capacity(plan: SeatPlan, *, capacity: int | None, actor, now: dt.datetime | None = None) -> SeatPlan:
    """Offer so many seats from now on (``None``: no limit); new ones go to those who wait.

    Writes Wagtail's log at the offering. Raises ``NotAllowed`` for fewer seats than are taken, with their number, and for
    what is no number of seats.
    """
    now = now or timezone.now()
    plan = lock_plan(plan.pk)
    page = plan.offering
    ensure(rules.ORGANISE, page=page, actor=actor)
    refuse_fewer_than_taken(plan, capacity)
    plan.capacity, plan.updated_by, plan.updated_at = capacity, actor, now
    plan.save(update_fields=["capacity", "updated_by", "updated_at"])
    log(instance=page, action="ehrenamt.change_seats", user=actor, data={"capacity": capacity})
    serve(plan, now)
    return plan


def refuse_fewer_than_taken(plan: SeatPlan, capacity: int | None) -> None:
    if not is_number(capacity):
        raise NotAllowed(" ".join([number_sentence(), _("Nothing was changed.")]))
    taken = count_seats(plan).taken
    if capacity is not None and capacity < taken:
        raise NotAllowed(" ".join([too_few_sentence(taken), _("Nothing was changed.")]))
