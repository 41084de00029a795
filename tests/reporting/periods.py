"""Programme periods for tests; days are counted from today."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.models import ProgrammePeriod
from tests.factories import in_days

FIRST, LAST, DEADLINE = 60, 240, 30


def day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def make_period(
    first: int = FIRST, last: int = LAST, deadline: int = DEADLINE, *, called: int | None = None, **facts
) -> ProgrammePeriod:
    """A period of these days from today; ``called`` so many days from today at ten in the morning."""
    facts = {"name": f"Programm ab {day(first)}", **facts}
    return ProgrammePeriod.objects.create(
        first_day=day(first),
        last_day=day(last),
        deadline=day(deadline),
        called_at=None if called is None else in_days(called, 10),
        **facts,
    )
