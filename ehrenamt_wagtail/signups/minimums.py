"""On the day of the decision the organisation learns how many have a seat, and decides whether it takes place."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from ehrenamt_wagtail.directory.queries import people_of
from ehrenamt_wagtail.mail.actions import queue_mail

from .models import SeatPlan
from .seats import dates_of, lock_plan

MINIMUM = "signups/minimum"
# Nobody decides at night.
MORNING = dt.time(6, 0)


def tell_minimums(now: dt.datetime | None = None) -> int:
    """Write to the organisations whose day has come; gives the number of plans. Each is told once, until the organiser changes
    the minimum or its day.
    """
    now = now or timezone.now()
    return sum(tell_minimum(pk, now) for pk in due_plans(now))


def due_plans(now: dt.datetime) -> list[int]:
    local = timezone.localtime(now)
    last_day = local.date() if local.time() >= MORNING else local.date() - dt.timedelta(days=1)
    plans = SeatPlan.objects.filter(mode=SeatPlan.Mode.HERE, minimum_decided_on__lte=last_day, offering__live=True)
    return list(plans.exclude(minimum=None).filter(minimum_told_at=None).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def tell_minimum(plan_id: int, now: dt.datetime) -> bool:
    """Write once; nothing about what was cancelled, has begun or has no minimum any more."""
    plan = lock_plan(plan_id)
    if not is_open(plan, now):
        return False
    plan.minimum_told_at = now
    plan.save(update_fields=["minimum_told_at"])
    for user in people_of([plan.offering.organisation_id]):
        queue_mail(MINIMUM, user=user, params={"plan": plan.pk, "told": int(now.timestamp())})
    return True


def is_open(plan: SeatPlan, now: dt.datetime) -> bool:
    if plan.minimum is None or plan.minimum_told_at is not None or not plan.is_here:
        return False
    dates = dates_of(plan)
    return bool(dates) and dates[0].starts_at > now
