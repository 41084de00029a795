"""Figures without names. They are taken again until some days after the last date, then they are final.

They outlive sign-ups and offerings; of a supervision they count heads and tell no circle.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage, TrainingPage

from .models import HeldSession, Participant, SeatFigure, SeatPlan, SignUp, SupervisionSetup
from .seats import counts_of

# Organisers mark who was there within so many days.
FINAL_AFTER_DAYS = 14
AT_ONCE = 200


def refresh(*, now: dt.datetime | None = None) -> int:
    """Take the figures of all sign-ups on this site again that are not final; gives their number. Any number of times."""
    now = now or timezone.now()
    return sum(take(plans, now=now) for plans in in_batches(plans_to_count()))


def plans_to_count():
    final = SeatFigure.objects.filter(offering=OuterRef("offering"), is_final=True)
    is_final = Q(occurrence_uid=None) & Exists(final.filter(occurrence_uid=None))
    is_final |= Q(occurrence_uid__isnull=False) & Exists(final.filter(occurrence_uid=OuterRef("occurrence_uid")))
    published = OfferingPage.objects.exclude(first_published_at=None)
    return SeatPlan.objects.filter(mode=SeatPlan.Mode.HERE, offering__in=published.values("pk")).exclude(is_final)


def in_batches(plans) -> Iterable[list[SeatPlan]]:
    ids = list(plans.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        yield list(SeatPlan.objects.filter(pk__in=ids[start : start + AT_ONCE]).order_by("pk"))


@transaction.atomic
def take(plans: list[SeatPlan], *, now: dt.datetime, close: bool = False, keep_link: bool = True) -> int:
    """Write the figures of ``plans`` as they are; those that are final stay. ``close`` makes them final whatever the day is.

    Without ``keep_link`` new rows are not tied to the offering, which is about to be deleted.
    """
    counts, attended, circles, spans = counts_of(plans), attended_of(plans), circles_of(plans), spans_of(plans)
    facts = facts_of({plan.offering_id for plan in plans})
    present = SeatFigure.objects.filter(offering__in=facts)
    present = {(offering, uid): pk for pk, offering, uid in present.values_list("pk", "offering", "occurrence_uid")}
    new, taken = [], 0
    for plan in plans:
        span = spans.get(plan.pk)
        if span is None or plan.offering_id not in facts:
            continue
        count = counts[plan.pk]
        settled = span.last_day + dt.timedelta(days=FINAL_AFTER_DAYS) < timezone.localdate(now)
        values = {
            **facts[plan.offering_id],
            "date": span.first_day,
            "offered": count.capacity,
            "taken": count.taken,
            "waiting": count.waiting,
            "attended": attended.get(plan.pk, 0),
            "by_circle": circles.get(plan.pk, {}),
            "is_cancelled": span.is_cancelled,
            "is_final": close or settled,
            "taken_at": now,
        }
        pk = present.get((plan.offering_id, plan.occurrence_uid))
        if pk is None:
            offering = plan.offering_id if keep_link else None
            new.append(SeatFigure(offering_id=offering, occurrence_uid=plan.occurrence_uid, **values))
        else:
            SeatFigure.objects.filter(pk=pk, is_final=False).update(**values)
        taken += 1
    # Another job may have been quicker; its figures are as good.
    SeatFigure.objects.bulk_create(new, ignore_conflicts=True)
    return taken


def facts_of(offerings: set[int]) -> dict[int, dict]:
    """Offering → what its figures are summed by, as its page says now."""
    formats = dict(TrainingPage.objects.filter(pk__in=offerings).values_list("pk", "training_format"))
    pages = OfferingPage.objects.filter(pk__in=offerings).select_related("organisation", "municipality", "content_type")
    return {
        page.pk: {
            "title": page.title,
            "kind": page.specific_class.kind if page.specific_class else "",
            "format": formats.get(page.pk, ""),
            "organisation": page.organisation.name if page.organisation else "",
            "organisation_kind": page.organisation.kind if page.organisation else "",
            "municipality": page.municipality.name if page.municipality else "",
        }
        for page in pages
    }


# What is counted


@dataclass(frozen=True)
class Span:
    first_day: dt.date
    last_day: dt.date
    is_cancelled: bool


def spans_of(plans: list[SeatPlan]) -> dict[int, Span]:
    """Plan's primary key → its first and last local day, cancelled dates only where there are no others."""
    offerings = {plan.offering_id for plan in plans}
    cancelled = Cancellation.objects.filter(Q(occurrence_uid=None) | Q(occurrence_uid=OuterRef("uid")), offering=OuterRef("page"))
    dates = Occurrence.objects.filter(page__in=offerings).exclude(starts_at=None).annotate(is_off=Exists(cancelled))
    by_page = defaultdict(list)
    for date in dates.order_by("starts_at", "pk"):
        by_page[date.page_id].append(date)
    own = defaultdict(set)
    for offering, uid in SeatPlan.objects.filter(offering__in=offerings).values_list("offering", "occurrence_uid"):
        own[offering].add(uid)
    spans = {}
    for plan in plans:
        meant = [date for date in by_page[plan.offering_id] if is_meant(plan, date, own[plan.offering_id])]
        if meant:
            held = [date for date in meant if not date.is_off]
            first, last = (held or meant)[0], max(held or meant, key=lambda date: date.ends_at)
            end = last.ends_at - dt.timedelta(microseconds=1)
            spans[plan.pk] = Span(timezone.localdate(first.starts_at), timezone.localdate(end), is_cancelled=not held)
    return spans


def is_meant(plan: SeatPlan, date: Occurrence, uids_with_own_plan: set) -> bool:
    return date.uid == plan.occurrence_uid if plan.occurrence_uid else date.uid not in uids_with_own_plan


def attended_of(plans: list[SeatPlan]) -> dict[int, int]:
    """Plan → people who were present at one date at least; of a supervision the largest number of heads that was stated."""
    present = Participant.objects.filter(sign_up__plan__in=plans, attendances__isnull=False)
    found = dict(
        present.order_by().values("sign_up__plan").annotate(number=Count("pk", distinct=True)).values_list("sign_up__plan", "number")
    )
    for plan, heads in heads_of(plans).items():
        found[plan] = heads
    return found


def heads_of(plans: list[SeatPlan]) -> dict[int, int]:
    sessions = HeldSession.objects.filter(offering__in={plan.offering_id for plan in plans}).values_list(
        "offering", "occurrence_uid", "head_count"
    )
    own = {(plan.offering_id, plan.occurrence_uid): plan.pk for plan in plans}
    heads: dict[int, int] = {}
    for offering, uid, number in sessions:
        plan = own.get((offering, uid)) or own.get((offering, None))
        if plan is not None:
            heads[plan] = max(number, heads.get(plan, 0))
    return heads


def circles_of(plans: list[SeatPlan]) -> dict[int, dict[str, int]]:
    """Plan → circle's name → people with a seat; nothing for supervision."""
    offerings = [plan.offering_id for plan in plans]
    supervised = set(SupervisionSetup.objects.filter(offering__in=offerings).values_list("offering", flat=True))
    open_plans = [plan for plan in plans if plan.offering_id not in supervised]
    rows = (
        SignUp.objects.with_seat()
        .filter(plan__in=open_plans, is_confidential=False)
        .exclude(circle=None)
        .order_by()
        .values("plan", name=F("circle__title"))
        .annotate(people=Sum("seats_held"))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["plan"]][row["name"]] = row["people"]
    return found


def close(plans: Iterable[SeatPlan], *, now: dt.datetime) -> int:
    """Make the figures of ``plans`` final: what they count is about to be deleted."""
    return take(list(plans), now=now, close=True)


def keep_of_deleted(offering: OfferingPage) -> None:
    """Before an offering is deleted: its figures stay."""
    plans = list(plans_to_count().filter(offering=offering.pk))
    take(plans, now=timezone.now(), close=True, keep_link=False)


# Summed up


BY_KIND, BY_TOWN, BY_ORGANISER = ("kind", "format"), ("municipality",), ("organisation",)


@dataclass(frozen=True)
class Total:
    """Sums of the figures that share ``key``, the values of the fields they were summed by; cancelled ones are only counted."""

    key: tuple[str, ...]
    held: int
    cancelled: int
    # Of those with a limit.
    offered: int
    taken: int
    waiting: int
    attended: int


def figures_between(since: dt.date, until: dt.date):
    """Those whose first date lies in the period, both days included."""
    return SeatFigure.objects.filter(date__gte=since, date__lte=until)


def totals(fields: tuple[str, ...], *, since: dt.date, until: dt.date) -> list[Total]:
    """The figures of a period summed by ``BY_KIND``, ``BY_TOWN`` or ``BY_ORGANISER``, in the order of the keys; ``()`` sums all."""
    held = Q(is_cancelled=False)
    numbers = {name: Sum(name, filter=held, default=0) for name in ("offered", "taken", "waiting", "attended")}
    rows = (
        figures_between(since, until)
        .order_by(*fields)
        .values(*fields)
        .annotate(held=Count("pk", filter=held), cancelled=Count("pk", filter=~held), **numbers)
    )
    return [Total(key=tuple(row.pop(name) for name in fields), **row) for row in rows] if fields else [all_of(since, until, numbers)]


def all_of(since: dt.date, until: dt.date, numbers: dict) -> Total:
    held = Q(is_cancelled=False)
    row = figures_between(since, until).aggregate(held=Count("pk", filter=held), cancelled=Count("pk", filter=~held), **numbers)
    return Total(key=(), **row)


def by_circle(*, since: dt.date, until: dt.date) -> dict[str, int]:
    """Circle's name → people of it who had a seat in the period, most first; supervision is left out."""
    sums: dict[str, int] = defaultdict(int)
    for row in figures_between(since, until).filter(is_cancelled=False).values_list("by_circle", flat=True):
        for name, people in row.items():
            sums[name] += people
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
