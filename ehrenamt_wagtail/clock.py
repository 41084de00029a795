"""Wall-clock entries of the current time zone as moments."""

import datetime as dt

from django.utils import timezone


def aware(day: dt.date, time: dt.time) -> dt.datetime | None:
    """That local moment; ``None`` if clocks skip it. Of two (clocks go back) the first, in summer time."""
    moment = timezone.make_aware(dt.datetime.combine(day, time))
    back = timezone.localtime(moment.astimezone(dt.UTC)).replace(tzinfo=None)
    return moment if back == dt.datetime.combine(day, time) else None
