"""Wall-clock entries of the current time zone as moments."""

import datetime as dt

from django.utils import timezone


def aware(day: dt.date, time: dt.time) -> dt.datetime | None:
    """That local moment; ``None`` if clocks skip it. Of two (clocks go back) the first, in summer time."""
    moment = timezone.make_aware(dt.datetime.combine(day, time))
    back = timezone.localtime(moment.astimezone(dt.UTC)).replace(tzinfo=None)
    return moment if back == dt.datetime.combine(day, time) else None


def weeks_later(moment: dt.datetime, weeks: int) -> dt.datetime:
    """The same hour of the wall clock, so many weeks later: 7 p.m. stays 7 p.m. across summer time."""
    return timezone.make_aware(timezone.localtime(moment).replace(tzinfo=None) + dt.timedelta(weeks=weeks))
