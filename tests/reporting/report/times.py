"""When what a report counts takes place."""

import datetime as dt

from django.utils import timezone


def evening(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(19)))
