"""What a copy of an offering takes over of its sign-up: how one signs up, and nobody who did."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.clock import weeks_later
from ehrenamt_wagtail.programme.models import OfferingPage

from .models import Question, SeatPlan, SupervisionSetup
from .supervision import possible_supervisors


def copy_settings(
    original: OfferingPage,
    copy: OfferingPage,
    *,
    uids: Mapping[uuid.UUID, uuid.UUID],
    weeks: int,
    actor,
    now: dt.datetime | None = None,
) -> None:
    """Set up ``copy``, a draft without settings, as ``original`` is; no sign-up is touched.

    ``uids`` leads from dates of ``original`` to those of ``copy``; settings of dates that were not copied are left out. Moments keep
    their distance to the dates, which lie ``weeks`` later; without dates, or if they would be over already, they are left empty.
    Writes Wagtail's log at ``copy``. For use inside the transaction that makes the copy.
    """
    now = now or timezone.now()
    copy_supervision(original, copy, uids)
    plans = [
        plan
        for plan in SeatPlan.objects.filter(offering=original.pk).prefetch_related("questions").order_by("pk")
        if plan.occurrence_uid is None or plan.occurrence_uid in uids
    ]
    for plan in plans:
        questions = list(plan.questions.all())
        plan.pk, plan.offering_id, plan.occurrence_uid = None, copy.pk, uids.get(plan.occurrence_uid)
        plan._state.adding = True
        move_moments(plan, weeks if uids else None, now)
        plan.minimum_told_at, plan.updated_by, plan.updated_at = None, actor, now
        plan.save()
        copy_questions(questions, plan)
    if plans:
        data = {"mode": plans[0].mode, "per_date": plans[0].occurrence_uid is not None, "capacity": plans[0].capacity}
        log(instance=copy, action="ehrenamt.set_up_sign_up", user=actor, data=data)


def move_moments(plan: SeatPlan, weeks: int | None, now: dt.datetime) -> None:
    """By ``weeks``; with ``None``, or into the past, there is no such moment any more."""
    for name in ("opens_at", "closes_at"):
        moment = getattr(plan, name)
        moved = weeks_later(moment, weeks) if moment and weeks is not None else None
        setattr(plan, name, moved if moved and moved > now else None)
    day = plan.minimum_decided_on
    moved = day + dt.timedelta(weeks=weeks) if day and weeks is not None else None
    plan.minimum_decided_on = moved if moved and moved >= timezone.localdate(now) else None


def copy_questions(questions: list[Question], plan: SeatPlan) -> None:
    for question in questions:
        question.pk, question.plan = None, plan
        question._state.adding = True
    Question.objects.bulk_create(questions)


def copy_supervision(original: OfferingPage, copy: OfferingPage, uids: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """Form and supervisor, unless nobody could name this person today."""
    setup = SupervisionSetup.objects.filter(offering=original.pk).first()
    if setup is not None and possible_supervisors(copy).filter(pk=setup.supervisor_id).exists():
        SupervisionSetup.objects.create(
            offering_id=copy.pk,
            form=setup.form,
            supervisor_id=setup.supervisor_id,
            information_uid=uids.get(setup.information_uid),
        )


def notes_of_copy(original: OfferingPage, copy: OfferingPage) -> list[str]:
    """What whoever made ``copy`` should know about its sign-up; empty where there is nothing to say."""
    plans = list(SeatPlan.objects.filter(offering=copy.pk))
    notes = []
    if any(plan.mode != SeatPlan.Mode.NONE for plan in plans):
        notes.append(_("The settings of the sign-up are taken over; nobody is signed up for the copy."))
    if left_empty(list(SeatPlan.objects.filter(offering=original.pk)), plans):
        notes.append(
            _("Of the sign-up's settings, days that would already be over are left empty. Please look at them under “Set up”.")
        )
    if any(plan.mode == SeatPlan.Mode.EXTERNAL for plan in plans):
        notes.append(_("One signs up on another site: please check whether its address is right for the new dates."))
    if set(SupervisionSetup.objects.filter(offering__in=[original.pk, copy.pk]).values_list("offering", flat=True)) == {original.pk}:
        notes.append(_("The supervisor cannot be chosen any more. Please name another one before people sign up."))
    return notes


def left_empty(originals: list[SeatPlan], plans: list[SeatPlan]) -> bool:
    """Whether a moment that people or the organiser go by was not taken over; to have opened already is none."""
    return any(
        any(getattr(plan, name) for plan in originals) and not any(getattr(plan, name) for plan in plans)
        for name in ("closes_at", "minimum_decided_on")
    )
