"""Personal data go when their time is over; figures stay, and a record says how much was deleted, never whose.

Everything here may run any number of times and side by side. A plan is deleted by itself, in batches, so nothing waits long.
"""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.mail.models import OutgoingMail

from . import figures
from .listed import count_free
from .models import (
    AccessNeeds,
    Certificate,
    DeletionRecord,
    Notice,
    SeatPlan,
    SignUp,
    SupervisionRequest,
    ToldDate,
)
from .seats import lock_plan

AT_ONCE = 200
# Mails of this room to people without an account.
MAILS = "signups/"
FINISHED = [status for status in OutgoingMail.Status.values if status not in OutgoingMail.OPEN]

Counts = Counter[str]


def delete_due(*, now: dt.datetime | None = None) -> Counts:
    """Delete whatever is due: needs the day after, all else ``conf.SIGNUP_KEPT_MONTHS`` months after the last date.

    Figures are made final first. Gives how much of what was deleted.
    """
    now = now or timezone.now()
    counts = delete_needs(now)
    counts += delete_sign_ups(now)
    counts += delete_requests(now)
    return counts + delete_mails(now)


# When


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_due(day: dt.date, now: dt.datetime) -> bool:
    """Whether what ended on the local ``day`` is no longer kept."""
    return months_after(day, conf.SIGNUP_KEPT_MONTHS) < timezone.localdate(now)


def last_days(plans: list[SeatPlan]) -> dict[int, dt.date]:
    """Plan's primary key → its last local day. Without dates: as participants knew them, else the day the last one signed up."""
    days = {pk: span.last_day for pk, span in figures.spans_of(plans).items()}
    without = [plan for plan in plans if plan.pk not in days]
    if without:
        signed_up = dict(SignUp.objects.filter(plan__in=without).order_by().values_list("plan").annotate(Max("created_at")))
        for plan in without:
            told = ToldDate.objects.filter(offering=plan.offering_id, **uid_of(plan)).aggregate(end=Max("ends_at"))["end"]
            if moment := told or signed_up.get(plan.pk):
                days[plan.pk] = timezone.localdate(moment)
    return days


def uid_of(plan: SeatPlan) -> dict:
    return {"occurrence_uid": plan.occurrence_uid} if plan.occurrence_uid else {}


def plans_with(rows, days_are_over) -> Iterator[tuple[SeatPlan, dt.date]]:
    """The plans of ``rows`` (a queryset of plan ids) whose last day is over as ``days_are_over`` says."""
    for plans in figures.in_batches(SeatPlan.objects.filter(pk__in=rows)):
        days = last_days(plans)
        yield from ((plan, days[plan.pk]) for plan in plans if plan.pk in days and days_are_over(days[plan.pk]))


# Needs


def delete_needs(now: dt.datetime) -> Counts:
    """What people need to take part: the day after the last date, and of those who do not come any more."""
    today = timezone.localdate(now)
    over = [plan.pk for plan, _day in plans_with(AccessNeeds.objects.values("sign_up__plan"), lambda day: day < today)]
    due = Q(sign_up__plan__in=over) | ~Q(sign_up__status__in=SignUp.ACTIVE)
    counts: Counts = Counter()
    for ids in batches(AccessNeeds.objects.filter(due).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            deleted = AccessNeeds.objects.filter(pk__in=ids).delete()[1]
            counts += record(DeletionRecord.Reason.NEEDS, named(deleted), now)
    return counts


# Sign-ups


def delete_sign_ups(now: dt.datetime) -> Counts:
    """People, answers, attendance and who was told what; cancelled and lapsed sign-ups too. Certificates stay without a name."""
    counts: Counts = Counter()
    for plan, _day in plans_with(SignUp.objects.values("plan"), lambda day: is_due(day, now)):
        figures.close([plan], now=now)
        while ids := list(plan.sign_ups.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                lock_plan(plan.pk)
                counts += record(DeletionRecord.Reason.AGE, delete_rows(SignUp.objects.filter(pk__in=ids)), now)
        with transaction.atomic():
            untold = Notice.objects.filter(offering=plan.offering_id, recipients=None)
            counts += record(DeletionRecord.Reason.AGE, named(untold.delete()[1]), now)
    return counts


def delete_rows(sign_ups) -> Counts:
    """Delete these sign-ups with all that hangs on them; their plans are locked."""
    certificates = Certificate.objects.filter(participant__sign_up__in=sign_ups).count()
    plans = list(sign_ups.filter(seats_held__gt=0).order_by("plan").values_list("plan", flat=True).distinct())
    counts = named(sign_ups.delete()[1])
    count_free(plans)
    counts["certificates_without_name"] += certificates
    return +counts


# Supervision


def delete_requests(now: dt.datetime) -> Counts:
    """Requests for supervision with their messages: so long after the agreed date, or after the last message."""
    last = Coalesce("agreed_end", Max("messages__at"), "created_at")
    rows = SupervisionRequest.objects.annotate(last=last).order_by("pk").values_list("pk", "last")
    due = [pk for pk, moment in rows.iterator() if is_due(timezone.localdate(moment), now)]
    counts: Counts = Counter()
    for ids in batches(due):
        with transaction.atomic():
            counts += record(DeletionRecord.Reason.AGE, named(SupervisionRequest.objects.filter(pk__in=ids).delete()[1]), now)
    return counts


# Mails and counts


def delete_mails(now: dt.datetime) -> Counts:
    """Finished mails to bare addresses: about sign-ups that are gone, and all others (links to sign in, for one) in their time.

    Those of other rooms that say by a key that they were told once are kept.
    """
    is_ours = Q(template__startswith=MAILS) | Q(dedupe_key=None)
    finished = OutgoingMail.objects.filter(is_ours, user=None, status__in=FINISHED).exclude(address="")
    counts: Counts = Counter()
    for rows in batches(finished.order_by("pk").values_list("pk", "params", "created_at").iterator()):
        about = {str(params["sign_up"]) for _pk, params, _at in rows if "sign_up" in params}
        present = {str(uid) for uid in SignUp.objects.filter(uid__in=about).values_list("uid", flat=True)}
        ids = [
            pk
            for pk, params, at in rows
            if (params["sign_up"] not in present if "sign_up" in params else is_due(timezone.localdate(at), now))
        ]
        with transaction.atomic():
            deleted = OutgoingMail.objects.filter(pk__in=ids, status__in=FINISHED).delete()[1]
            counts += record(DeletionRecord.Reason.AGE, named(deleted), now)
    return counts


# Records


def batches(values: Iterable) -> Iterator[list]:
    batch = []
    for value in values:
        batch.append(value)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def named(deleted: dict[str, int]) -> Counts:
    """What ``delete()`` says, by the names of the models."""
    return Counter({label.rpartition(".")[2]: number for label, number in deleted.items() if number})


def record(reason: DeletionRecord.Reason, counts: Counts, now: dt.datetime) -> Counts:
    """Add to the record of this local day; part of the transaction that deletes. Nothing deleted makes no record."""
    if counts:
        day = timezone.localdate(now)
        start = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
        records = DeletionRecord.objects.select_for_update().filter(reason=reason, at__gte=start, at__lte=now)
        row = records.order_by("pk").first() or DeletionRecord(reason=reason, at=now)
        row.counts = dict(Counter(row.counts) + counts)
        row.save()
    return counts
