"""Changing how one signs up. What counts seats locks the plan's row; every change counts at once, without publishing."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, ensure

from . import rules
from .models import SeatPlan
from .seats import count_seats, lock_plan
from .waiting import serve


@transaction.atomic
def set_capacity(plan: SeatPlan, *, capacity: int | None, actor, now: dt.datetime | None = None) -> SeatPlan:
    """Offer so many seats from now on (``None``: no limit); new ones go to those who wait.

    Writes Wagtail's log at the offering. Raises ``NotAllowed`` for fewer seats than are taken, with their number.
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
    taken = count_seats(plan).taken
    if capacity is not None and capacity < taken:
        raise NotAllowed(
            _("%(taken)s seats are taken, so there cannot be fewer. Nothing was changed.") % {"taken": taken}
        )
