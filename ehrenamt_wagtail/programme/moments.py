"""When public pages show something else although nobody changes anything."""

import datetime as dt

from django.db.models import Subquery
from django.utils import timezone

from . import providers
from .models import Occurrence

# Version and end of validity that were found last: as long as nobody changes anything, the next moment stays the same.
_known: tuple[str, float] = ("", 0.0)


def end_of_validity(version: str, began: float) -> float:
    """Until when what was rendered from ``began`` on, under this version, is right; both in seconds since 1970."""
    global _known
    known_version, until = _known
    if known_version != version or until <= began:
        until = next_moment(dt.datetime.fromtimestamp(began, dt.UTC)).timestamp()
        _known = (version, until)
    return until


def next_moment(now: dt.datetime) -> dt.datetime:
    """The next start or end of a date, local midnight („heute“, „morgen“), or what providers know, whichever comes first."""
    moments = [next_midnight(now), next_of_dates(now)]
    moments += [provider(now) for provider in providers.moments()]
    return min(moment for moment in moments if moment is not None)


def next_midnight(now: dt.datetime) -> dt.datetime:
    zone = timezone.get_default_timezone()
    tomorrow = timezone.localdate(now, zone) + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(tomorrow, dt.time.min), zone)


def next_of_dates(now: dt.datetime) -> dt.datetime | None:
    """In one query. Dates of drafts count, too: it is cheaper to end an answer once more than to tell them apart."""
    starts = Occurrence.objects.filter(starts_at__gt=now).order_by("starts_at").values("starts_at")[:1]
    ends = Occurrence.objects.filter(ends_at__gt=now).order_by("ends_at")
    row = ends.values_list("ends_at", Subquery(starts)).first()
    return min((moment for moment in row if moment is not None), default=None) if row else None
