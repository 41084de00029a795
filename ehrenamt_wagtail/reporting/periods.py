"""Reads of programme periods: which one a day belongs to, what is in it, and what came too late for its brochure."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Page, WorkflowState

from ehrenamt_wagtail.coordination.models import PlannedDate, PlanState
from ehrenamt_wagtail.formatting import NIGHT_ENDS, date_range, long_date
from ehrenamt_wagtail.programme.models import OfferingPage

from .models import ProgrammePeriod

INSTANT = dt.timedelta(microseconds=1)


def period_of(day: dt.date) -> ProgrammePeriod | None:
    """The period that a local day belongs to; there is one at most."""
    return ProgrammePeriod.objects.filter(first_day__lte=day, last_day__gte=day).first()


def open_periods(now: dt.datetime | None = None) -> list[ProgrammePeriod]:
    """Those to which organisations were asked to contribute and still can, the one that ends first coming first."""
    now = now or timezone.now()
    called = ProgrammePeriod.objects.filter(called_at__isnull=False, closed_at=None, deadline__gte=timezone.localdate(now))
    return list(called.order_by("deadline", "pk"))


def days_in_words(period: ProgrammePeriod) -> str:
    """„1. Februar – 31. Juli 2027“."""
    return date_range(period.first_day, period.last_day, all_day=True)


def last_day_of_editing(period: ProgrammePeriod) -> dt.date:
    """The local day on which the editorial deadline is or was; earlier than ``deadline`` if the coordinators closed the period."""
    return timezone.localdate(period.ends_editing_at - INSTANT)


def stage_of(period: ProgrammePeriod, now: dt.datetime | None = None) -> tuple[str, bool]:
    """Where a period stands in a few words, and whether organisations can contribute just now."""
    now = now or timezone.now()
    if now >= period.span()[1]:
        return pgettext("period", "over"), False
    if period.is_closed(now):
        return pgettext("period", "editing closed"), False
    if period.called_at is None:
        return pgettext("period", "not called yet"), False
    return pgettext("period", "open"), True


# What belongs to a period


def planned_in(period: ProgrammePeriod) -> QuerySet[PlannedDate]:
    """The dates of offerings, in whatever state, that touch the period and are not cancelled.

    A night that ends before six in the morning of the first day belongs to the evening before.
    """
    start, end = period.span()
    night_ends = timezone.make_aware(dt.datetime.combine(period.first_day, NIGHT_ENDS))
    night_before = Q(is_all_day=False, starts_at__lt=start, ends_at__lt=night_ends)
    dates = PlannedDate.objects.between(start, end).filter(is_cancelled=False, offering__isnull=False)
    return dates.exclude(night_before)


def offerings_of_period(period: ProgrammePeriod) -> list[int]:
    """Keys of the offerings that everybody can read and that have a date in the period, cancelled ones left out; two queries.

    Aliases and translations are left out: their originals are there.
    """
    planned = planned_in(period).filter(state=PlanState.PUBLISHED).order_by().values("offering")
    return list(OfferingPage.objects.live().public().filter(pk__in=planned).order_by("pk").values_list("pk", flat=True))


# What came too late


def entered_at(page_ids: Iterable[int]) -> dict[int, dt.datetime]:
    """When each offering was first submitted for review, or published if it never was; aware datetimes, two queries.

    What was neither submitted nor published is missing.
    """
    ids = set(page_ids)
    published = OfferingPage.objects.filter(pk__in=ids, first_published_at__isnull=False)
    entered = dict(published.values_list("pk", "first_published_at"))
    reviews = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id__in=[str(pk) for pk in ids]
    )
    for page_id, began in reviews.order_by().values_list("object_id").annotate(began=Min("created_at")):
        # What was published without a review may have been reviewed since, because of a change.
        entered[int(page_id)] = min(began, entered.get(int(page_id), began))
    return entered


def late_among(page_ids: Iterable[int], period: ProgrammePeriod) -> set[int]:
    """Keys of those offerings that came after the editorial deadline of ``period`` and appear online only; two queries."""
    ends = period.ends_editing_at
    return {pk for pk, at in entered_at(page_ids).items() if at >= ends}


def missed_period(first_day: dt.date, page_id: int | None = None, *, now: dt.datetime | None = None) -> ProgrammePeriod | None:
    """The period whose deadline an offering missed, or would miss if it was submitted at ``now``.

    ``first_day`` is the local day of its first date; ``page_id`` is missing for what was never saved.
    """
    period = period_of(first_day)
    if period is None:
        return None
    entered = entered_at([page_id]).get(page_id) if page_id else None
    return period if period.is_closed(entered or now) else None


def sentence_of(period: ProgrammePeriod) -> str:
    """For the organisation whose offering missed the deadline of ``period``."""
    return _(
        "The editorial deadline of “%(period)s” was on %(day)s: your offering appears online only, not in the printed brochure."
    ) % {"period": period.name, "day": long_date(last_day_of_editing(period))}


def sentence_for_coordinators(period: ProgrammePeriod) -> str:
    """The same for those who review it."""
    return _(
        "The editorial deadline of “%(period)s” was on %(day)s: this offering appears online only, not in the printed brochure."
    ) % {"period": period.name, "day": long_date(last_day_of_editing(period))}


def missed_by(page: OfferingPage, *, now: dt.datetime | None = None) -> ProgrammePeriod | None:
    """``missed_period`` of an offering as it stands in memory, by the first of its dates that is not cancelled."""
    cancelled = page.cancelled_uids()
    starts = [date.span()[0] for date in page.occurrences.all() if date.span() and date.uid not in cancelled]
    return missed_period(timezone.localdate(min(starts)), page.pk, now=now) if starts else None
