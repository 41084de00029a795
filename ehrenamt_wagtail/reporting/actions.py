"""Changes of state of programme periods.

::

    planned ──► called ──► closed   by the day of the deadline, or by the coordinators before it
                   ▲          │
                   └──────────┘     with a new deadline

All are atomic, lock the period's row, write Wagtail's log and raise ``NotAllowed``; nothing is changed then.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.programme.filters import FIRST_YEAR, LAST_YEAR

from . import notifications, rules
from .models import PeriodAnswer, ProgrammePeriod
from .periods import days_in_words, planned_in
from .progress import Written, contributions, written_to

# Days before the deadline on which organisations without an entry are reminded.
REMINDER_DAYS = (14, 3)


# What coordinators write themselves.
FACTS = ("name", "first_day", "last_day", "deadline", "message")


# Keeping periods


@transaction.atomic
def save_period(period: ProgrammePeriod, *, actor, now: dt.datetime | None = None) -> ProgrammePeriod:
    """Write a new period or what was changed of one. Raises ``ValidationError`` by field; see ``errors_of`` for what is wrong."""
    now = now or timezone.now()
    ensure(rules.SAVE, period=period, actor=actor, now=now)
    lock_all()
    if period.pk:
        lock_period(period.pk)
    if errors := errors_of(period, now):
        raise ValidationError(errors)
    period.full_clean()
    # Nothing else: somebody may have called or closed it since it was read.
    period.save(update_fields=FACTS if period.pk else None)
    return period


def errors_of(period: ProgrammePeriod, now: dt.datetime) -> dict[str, str]:
    """What is wrong about the days of a period that is to be saved, one sentence by field. Reads only."""
    before = ProgrammePeriod.objects.filter(pk=period.pk).first() if period.pk else None
    return errors_of_days(period) or errors_of_deadline(period, before, now) or errors_of_moved_days(period, before)


def errors_of_days(period: ProgrammePeriod) -> dict[str, str]:
    for name in ("first_day", "last_day", "deadline"):
        if not FIRST_YEAR <= getattr(period, name).year <= LAST_YEAR:
            return {name: _("Please check the year.")}
    if period.last_day < period.first_day:
        return {"last_day": _("The last day lies before the first.")}
    if period.deadline > period.last_day:
        return {"deadline": _("The editorial deadline lies after the last day of the period.")}
    other = overlapping(period).first()
    if other is not None:
        name = "first_day" if other.first_day <= period.first_day <= other.last_day else "last_day"
        return {
            name: _("These days overlap with “%(period)s” (%(days)s). Each day belongs to one period at most.")
            % {"period": other.name, "days": days_in_words(other)}
        }
    return {}


def overlapping(period: ProgrammePeriod) -> QuerySet[ProgrammePeriod]:
    others = ProgrammePeriod.objects.exclude(pk=period.pk)
    return others.filter(first_day__lte=period.last_day, last_day__gte=period.first_day).order_by("first_day")


def errors_of_deadline(period: ProgrammePeriod, before: ProgrammePeriod | None, now: dt.datetime) -> dict[str, str]:
    """Organisations were told the deadline: it can be moved while it lies ahead, and only to a day that lies ahead."""
    if before is None or before.called_at is None or period.deadline == before.deadline:
        return {}
    if before.is_closed(now):
        return {"deadline": _("The editorial deadline has passed. To move it, open the period again on its own page.")}
    if period.deadline < timezone.localdate(now):
        return {"deadline": _("This day has passed. To end the period now, close it on its own page.")}
    return {}


def errors_of_moved_days(period: ProgrammePeriod, before: ProgrammePeriod | None) -> dict[str, str]:
    """Once contributions were asked for, nothing that came may fall out of the period without a word."""
    if before is None or before.called_at is None:
        return {}
    kept = planned_in(period).values("offering")
    lost = planned_in(before).exclude(offering__in=kept).order_by().values("offering").distinct().count()
    if not lost:
        return {}
    text = ngettext(
        "%(number)s offering would no longer lie in the period. Organisations were already asked for contributions: the period "
        "can become longer, but not lose what belongs to it.",
        "%(number)s offerings would no longer lie in the period. Organisations were already asked for contributions: the period "
        "can become longer, but not lose what belongs to it.",
        lost,
    )
    name = "first_day" if period.first_day > before.first_day else "last_day"
    return {name: text % {"number": lost}}


@transaction.atomic
def delete_period(period: ProgrammePeriod, *, actor) -> None:
    """Only while nobody was asked for contributions, and without brochure."""
    period = lock_period(period.pk)
    ensure(rules.DELETE, period=period, actor=actor)
    log(instance=period, action="wagtail.delete", user=actor)
    period.delete()


# Call, close, open again


@transaction.atomic
def call_for_contributions(period: ProgrammePeriod, *, actor, now: dt.datetime | None = None) -> int:
    """Ask all who act for active organisations for contributions, each person once for each organisation.

    Gives the number of organisations that somebody was written to for.

    Again, it writes to those organisations alone that nobody was written to for: they joined since, or had nobody to write to.
    """
    now = now or timezone.now()
    period = lock_period(period.pk)
    ensure(rules.CALL, period=period, actor=actor, now=now)
    called = {pk for pk, written in written_to(period).items() if written.called_on}
    to_call = Organisation.objects.filter(is_active=True).exclude(pk__in=called).values_list("pk", flat=True)
    told = notifications.tell_called(period, list(to_call), day=timezone.localdate(now))
    if period.called_at is None:
        period.called_at, period.called_by = now, actor
        period.save(update_fields=["called_at", "called_by"])
    elif not told:
        return 0
    log(instance=period, action="ehrenamt.call_period", user=actor, data={"organisations": len(told)})
    return len(told)


@transaction.atomic
def close_period(period: ProgrammePeriod, *, actor, now: dt.datetime | None = None) -> ProgrammePeriod:
    """End the editing before its deadline: what comes from ``now`` on appears online only."""
    now = now or timezone.now()
    period = lock_period(period.pk)
    ensure(rules.CLOSE, period=period, actor=actor, now=now)
    period.closed_at, period.closed_by = now, actor
    period.save(update_fields=["closed_at", "closed_by"])
    log(instance=period, action="ehrenamt.close_period", user=actor)
    return period


@transaction.atomic
def reopen_period(
    period: ProgrammePeriod, *, deadline: dt.date, actor, now: dt.datetime | None = None
) -> ProgrammePeriod:
    """Take contributions again until the end of ``deadline``, a local day. What came meanwhile counts as on time then.

    Raises ``ValidationError`` for a deadline that has passed or lies after the period.
    """
    now = now or timezone.now()
    period = lock_period(period.pk)
    ensure(rules.REOPEN, period=period, actor=actor, now=now)
    if deadline < timezone.localdate(now):
        raise ValidationError({"deadline": _("This day has passed.")})
    if deadline > period.last_day:
        raise ValidationError({"deadline": _("The editorial deadline lies after the last day of the period.")})
    period.deadline, period.closed_at, period.closed_by = deadline, None, None
    period.save(update_fields=["deadline", "closed_at", "closed_by"])
    log(instance=period, action="ehrenamt.reopen_period", user=actor, data={"deadline": deadline.isoformat()})
    return period


# Answers of organisations


@transaction.atomic
def answer_nothing(period: ProgrammePeriod, organisation: Organisation, *, actor, now: dt.datetime | None = None) -> PeriodAnswer:
    """The organisation has nothing this time and is not reminded any more; a second click changes nothing."""
    period = lock_period(period.pk)
    ensure(rules.ANSWER_NOTHING, period=period, organisation=organisation, actor=actor, now=now or timezone.now())
    answer, is_new = PeriodAnswer.objects.get_or_create(period=period, organisation=organisation, defaults={"by": actor})
    if is_new:
        log(instance=period, action="ehrenamt.answer_nothing", user=actor, data={"organisation": organisation.name})
    return answer


@transaction.atomic
def take_answer_back(period: ProgrammePeriod, organisation: Organisation, *, actor, now: dt.datetime | None = None) -> None:
    """The organisation may have something after all; without an answer nothing is changed."""
    period = lock_period(period.pk)
    ensure(rules.TAKE_ANSWER_BACK, period=period, organisation=organisation, actor=actor, now=now or timezone.now())
    if PeriodAnswer.objects.filter(period=period, organisation=organisation).delete()[0]:
        log(instance=period, action="ehrenamt.take_answer_back", user=actor, data={"organisation": organisation.name})


# By the clock


def remind_organisations(now: dt.datetime | None = None) -> int:
    """Remind organisations without an entry of deadlines ahead; gives the number of organisations. May run any number of times."""
    now = now or timezone.now()
    called = ProgrammePeriod.objects.filter(called_at__isnull=False, closed_at=None)
    due = [period.pk for period in called.order_by("deadline", "pk") if due_reminder(period, now) is not None]
    return sum(remind(pk, now) for pk in due)


def due_reminder(period: ProgrammePeriod, now: dt.datetime) -> int | None:
    """The reminder that is due on the local day of ``now``, by its number of days before the deadline; of two the later one.

    Each is due from its day on until the next one is, or until the deadline has passed. None is due that the call came too late for.
    """
    if period.called_at is None or period.is_closed(now):
        return None
    left = (period.deadline - timezone.localdate(now)).days
    days = min((days for days in REMINDER_DAYS if left <= days), default=None)
    return days if days is not None and was_called_before(timezone.localdate(period.called_at), period, days) else None


def was_called_before(day: dt.date, period: ProgrammePeriod, days: int) -> bool:
    """Who is asked on the day of a reminder, or later, is not reminded in the same breath."""
    return day < period.deadline - dt.timedelta(days=days)


@transaction.atomic
def remind(period_id: int, now: dt.datetime) -> int:
    """One period, if a reminder is still due once its row is locked."""
    period = lock_period(period_id)
    days = due_reminder(period, now)
    if days is None:
        return 0
    to_remind = missing_organisations(period, days)
    return len(notifications.tell_reminded(period, to_remind, days=days)) if to_remind else 0


def missing_organisations(period: ProgrammePeriod, days: int) -> list[int]:
    """Keys of active organisations without an entry or answer that did not get this reminder yet and were called before its day."""
    found, written = contributions(period), written_to(period)
    reminded = notifications.organisations_reminded(period, days)
    return [
        pk
        for pk in Organisation.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)
        if (pk not in found or found[pk].is_missing)
        and pk not in reminded
        and not was_called_late(written.get(pk), period, days)
    ]


def was_called_late(written: Written | None, period: ProgrammePeriod, days: int) -> bool:
    """Whether an organisation that joined since was asked on the day of the reminder or later."""
    return written is not None and written.called_on is not None and not was_called_before(written.called_on, period, days)


# Helpers


def lock_period(pk: int) -> ProgrammePeriod:
    """The period, fresh, its row locked until the end of the transaction."""
    return ProgrammePeriod.objects.select_for_update().get(pk=pk)


def lock_all() -> None:
    """Whoever saves periods comes one after the other: none overlaps with one that is just being written."""
    kind = ContentType.objects.get_for_model(ProgrammePeriod)
    # Not so strongly that an entry of the log, which names the kind, would have to wait.
    ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)
