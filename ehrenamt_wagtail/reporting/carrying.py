"""Carrying a period over: what organisations offered in an earlier one becomes drafts for them to confirm, change or delete."""

import datetime as dt
import logging
import traceback
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.coordination.models import PlannedDate, PlanState
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import people_of
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.programme import actions, rules
from ehrenamt_wagtail.programme.filters import local_midnight
from ehrenamt_wagtail.programme.models import OfferingPage, SupervisionPage

from . import long_jobs
from .models import CarriedOver, LongJob, ProgrammePeriod
from .rules import must_not_be_over

logger = logging.getLogger(__name__)

CARRIED = "reporting/carried_over"
KIND = LongJob.Kind.CARRY_OVER

CARRY_OVER = [rules.must_be_coordinator, must_not_be_over]

WEEK = dt.timedelta(weeks=1)
# Halves of a year differ by some days: what lies so much further back in the source still has its place in the period.
SLACK = dt.timedelta(days=6)


@dataclass(frozen=True)
class Span:
    """Local days, both included."""

    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True)
class Candidate:
    """An offering to carry over, the uids of the dates that go with it, and by how many weeks they move."""

    offering_id: int
    organisation_id: int
    title: str
    dates: frozenset[uuid.UUID]
    weeks: int


# What would be carried over


def year_before(period: ProgrammePeriod) -> Span:
    """The same days of the calendar a year earlier."""
    return Span(a_year_before(period.first_day), a_year_before(period.last_day))


def a_year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def candidates_for(period: ProgrammePeriod, source: Span) -> list[Candidate]:
    """What was published with a date that begins in ``source`` and would fall into the period; a fixed number of queries.

    Left out are supervision, whose dates are agreed with the supervisor; what was cancelled altogether; what goes on in the period
    anyway; aliases and translations, whose originals are there; organisations that are not active any more; and what was carried
    over to the period before, whatever became of the draft.
    """
    last = min(source.last_day, source.first_day + (period.last_day - period.first_day) + SLACK)
    begin, end = local_midnight(source.first_day), local_midnight(last + dt.timedelta(days=1))
    public = PlannedDate.objects.filter(state=PlanState.PUBLISHED, offering__live=True)
    goes_on = PlannedDate.objects.filter(state=PlanState.PUBLISHED, is_cancelled=False).between(*period.span())
    rows = (
        public.filter(starts_at__gte=begin, starts_at__lt=end, organisation__is_active=True)
        .exclude(offering__in=SupervisionPage.objects.values("pk"))
        .exclude(offering__in=goes_on.values("offering"))
        .exclude(offering__in=CarriedOver.objects.filter(period=period, original__isnull=False).values("original"))
        .order_by("offering_id", "starts_at")
        .values_list("offering", "organisation", "title", "uid", "starts_at", "is_cancelled")
    )
    found = defaultdict(list)
    for offering, organisation, title, *date in rows:
        found[offering, organisation, title].append(date)
    return [
        Candidate(
            *facts,
            dates=frozenset(uid for uid, _starts_at, _is_cancelled in dates),
            weeks=weeks_between([timezone.localdate(starts_at) for _uid, starts_at, _is_cancelled in dates], period, source),
        )
        for facts, dates in found.items()
        if not all(is_cancelled for _uid, _starts_at, is_cancelled in dates)
    ]


def weeks_between(days: list[dt.date], period: ProgrammePeriod, source: Span) -> int:
    """By how many whole weeks these days move, so that they keep their weekday and their place in the period.

    That would be as far as its first day lies from that of the source. Rounded to weeks, days at its ends may slip out: they move a
    week further or less, unless those at the other end would slip out for it.
    """
    weeks = round((period.first_day - source.first_day) / WEEK)
    first, last = min(days) + weeks * WEEK, max(days) + weeks * WEEK
    if first < period.first_day:
        return weeks + 1
    if last > period.last_day and first - WEEK >= period.first_day:
        return weeks - 1
    return weeks


# Carrying over


def carry_over(period: ProgrammePeriod, source: ProgrammePeriod | tuple[dt.date, dt.date], *, actor) -> LongJob:
    """Start to make drafts for the period of what was published in ``source``, a period or its first and last day; gives the job.

    Each offering becomes a draft of its organisation once, however often this is started; a draft that was deleted is not made again.
    At the end each organisation gets one mail about its new drafts. If the period is being carried over already, that job is
    returned. Raises ``NotAllowed`` for who is no coordinator, when the period is over, and when the source does not end before it
    begins.
    """
    ensure(CARRY_OVER, actor=actor, period=period, now=timezone.now())
    span = Span(*source) if isinstance(source, tuple) else Span(source.first_day, source.last_day)
    if not span.first_day <= span.last_day < period.first_day:
        raise NotAllowed(_("Only what lies before the period can be carried over to it. Nothing was changed."))
    params = {"period": period.pk, "first_day": span.first_day.isoformat(), "last_day": span.last_day.isoformat()}
    return long_jobs.start(KIND, subject=subject_of(period), params=params, actor=actor)


def subject_of(period: ProgrammePeriod) -> str:
    return f"period:{period.pk}"


def subjects_kept() -> list[str]:
    """As long as a period can be carried over to, its jobs say of which drafts organisations were told; see ``untold``."""
    return [subject_of(period) for period in ProgrammePeriod.objects.filter(last_day__gte=timezone.localdate())]


def last_job(period: ProgrammePeriod) -> LongJob | None:
    return LongJob.objects.filter(kind=KIND, subject=subject_of(period)).first()


def work(job: LongJob, report: long_jobs.Report) -> str:
    """Do what ``carry_over`` promises, one offering after the other; what earlier attempts of the job did counts as done."""
    period = ProgrammePeriod.objects.filter(pk=job.params["period"]).first()
    if period is None:
        raise NotAllowed(_("This programme period was deleted. Drafts that were made before stay."))
    source = Span(*(dt.date.fromisoformat(job.params[name]) for name in ("first_day", "last_day")))
    candidates, done_before = candidates_for(period, source), untold(job, period).count()
    total, failed = done_before + len(candidates), []
    for done, candidate in enumerate(candidates, start=done_before):
        report(done, total)
        if not carry_safely(candidate, job, period):
            failed.append(candidate.title)
    if failed and job.attempts < long_jobs.ATTEMPTS:
        raise Incomplete
    tell(job, period)
    return closing_words(job, period, failed)


class Incomplete(Exception):
    """Some could not be carried over; the next attempt tries them again."""


def carry_safely(candidate: Candidate, job: LongJob, period: ProgrammePeriod) -> bool:
    """Whether all is well with this one. An offering that cannot be copied keeps no other from its draft."""
    try:
        carry_one(candidate, job, period)
    except (NotAllowed, OperationalError, InterfaceError):
        # Would happen with all others, too.
        raise
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Offering %s cannot be carried over: %s\n%s", candidate.offering_id, type(error).__name__, frames)
        return False
    return True


@transaction.atomic
def carry_one(candidate: Candidate, job: LongJob, period: ProgrammePeriod) -> None:
    """The draft and the row that says so, together; nothing if there is one or the offering is not published any more."""
    # Two at once make their drafts one after the other, and the second finds the first one's row.
    ProgrammePeriod.objects.select_for_update().get(pk=period.pk)
    if CarriedOver.objects.filter(period=period, original=candidate.offering_id).exists():
        return
    original = OfferingPage.objects.filter(pk=candidate.offering_id, live=True).first()
    if original is None:
        return
    copy = actions.carry_over(
        original.specific,
        weeks=candidate.weeks,
        dates=candidate.dates,
        actor=job.started_by,
        key=uuid.uuid5(uuid.NAMESPACE_URL, f"ehrenamt:carried-over:{period.pk}:{candidate.offering_id}"),
    )
    CarriedOver.objects.create(period=period, original_id=candidate.offering_id, copy=copy)


def untold(job: LongJob, period: ProgrammePeriod) -> QuerySet[CarriedOver]:
    """What nobody was told of yet: made by this job in all its attempts, or by one before it that failed in the middle.

    Of each period one job is under way at most, and a job that is done has told.
    """
    before = LongJob.objects.filter(kind=KIND, subject=job.subject, status=LongJob.Status.DONE, pk__lt=job.pk).first()
    rows = CarriedOver.objects.filter(period=period)
    return rows.filter(at__gt=before.finished_at) if before else rows


# Telling


def tell(job: LongJob, period: ProgrammePeriod) -> None:
    """One mail to each of the people of an organisation about what the job prepared for it; nobody is told the same twice."""
    for organisation_id, ids in new_drafts(job, period).items():
        params = {"period": period.pk, "organisation": organisation_id, "carried": ids}
        for user in people_of([organisation_id]):
            key = f"{CARRIED}:{period.pk}:{organisation_id}:{job.pk}:{user.pk}"
            queue_mail(CARRIED, user=user, params=params, dedupe_key=key)


def new_drafts(job: LongJob, period: ProgrammePeriod) -> dict[int, list[int]]:
    """Organisation → keys of the rows of the drafts that it has not deleted yet."""
    found = defaultdict(list)
    rows = untold(job, period).filter(copy__organisation__isnull=False).order_by("pk")
    for organisation_id, pk in rows.values_list("copy__organisation", "pk"):
        found[organisation_id].append(pk)
    return dict(found)


def closing_words(job: LongJob, period: ProgrammePeriod, failed: list[str]) -> str:
    made = untold(job, period).count()
    organisations = len(new_drafts(job, period))
    if made:
        sentences = [
            ngettext("%(number)s draft was prepared.", "%(number)s drafts were prepared.", made) % {"number": made},
            ngettext(
                "It is for %(number)s organisation; those who act for it were told by mail.",
                "They are for %(number)s organisations; those who act for them were told by mail.",
                organisations,
            )
            % {"number": organisations},
        ]
    else:
        sentences = [_("There was nothing new to carry over.")]
    if failed:
        words = ngettext(
            "%(number)s offering could not be copied and has to be copied by hand: %(titles)s",
            "%(number)s offerings could not be copied and have to be copied by hand: %(titles)s",
            len(failed),
        )
        sentences.append(words % {"number": len(failed), "titles": ", ".join(failed)})
    return " ".join(sentences)


# What is shown of it


@dataclass(frozen=True)
class Share:
    """What one organisation would get. ``has_people``: somebody would be told."""

    organisation: Organisation
    titles: list[str]
    has_people: bool


def shares_of(candidates: Iterable[Candidate]) -> list[Share]:
    """The candidates by organisation, in the order of their names; a fixed number of queries."""
    titles = defaultdict(list)
    for candidate in candidates:
        titles[candidate.organisation_id].append(candidate.title)
    organisations = Organisation.objects.filter(pk__in=titles).order_by("name")
    with_people = set(people_of(titles).values_list("ehrenamt_memberships__organisation", flat=True))
    return [Share(entry, sorted(titles[entry.pk]), entry.pk in with_people) for entry in organisations]


def draft_notes(page_ids: Iterable[int]) -> dict[int, str]:
    """For those of the drafts that were carried over: what to do with them; one query."""
    if not (ids := list(page_ids)):
        return {}
    note = _("Carried over from an earlier programme: please check dates and facts, then submit it – or delete it.")
    rows = CarriedOver.objects.filter(copy__in=ids).values_list("copy", flat=True)
    return dict.fromkeys(rows, note)


def heading_of(period: ProgrammePeriod) -> str:
    return _("Carry over to “%(period)s”") % {"period": period.name}


def title_of(job: LongJob) -> str:
    """Heading of the job's page; nothing when the period is gone."""
    period = ProgrammePeriod.objects.filter(pk=job.params["period"]).first()
    return heading_of(period) if period else ""


def result_url(job: LongJob) -> str:
    """Where the job's page leads back to; nowhere when the period is gone."""
    period = ProgrammePeriod.objects.filter(pk=job.params["period"]).first()
    return reverse("ehrenamt_admin:period", args=[period.pk]) if period else ""
