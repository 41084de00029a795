"""Long work that somebody waits for: started with a click, done by the job cluster, with progress that can be read meanwhile.

The states of a row::

    waiting ──► running ──► done
       ▲           │
       ├───────────┤   it raised something, or nothing was heard of it for ABANDONED_AFTER: again, ATTEMPTS times in all
       │           └──► failed   after the last attempt, or at once when the work refuses (``NotAllowed``)

A broker delivers at least once and in no order, and gives a task whose worker died to the next one without limit. So a task says
only which row to look at, and the row alone says whether there is anything to do. Attempts are counted before the work; the number
of the attempt is also what shows whether the job is still ours.
"""

import datetime as dt
import logging
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.languages import language_for

from .models import LongJob

logger = logging.getLogger(__name__)

Report = Callable[[int, int], None]
Work = Callable[[LongJob, Report], str]
Words = Callable[[LongJob], str]
Status = LongJob.Status

JOB = "ehrenamt_wagtail.reporting.jobs.run_long_job"
ATTEMPTS = 3
# Nothing was heard of a running job for so long: its process died. Every step of a work must report more often.
ABANDONED_AFTER = dt.timedelta(minutes=5)
# Nobody took up a waiting job for so long, since its task got lost or the last attempt failed: it is put into the queue again.
AGAIN_AFTER = dt.timedelta(minutes=2)
SECONDS_BETWEEN_REPORTS = 1
# What became of a job is read for some weeks at most; after half a year it is deleted.
KEPT = dt.timedelta(days=183)


class TakenOver(Exception):
    """Another worker has the job now, or it was deleted; this one stops and writes nothing more about it."""


@dataclass(frozen=True)
class Kind:
    work: Work
    result_url: Words | None
    title: Words | None
    subjects_kept: Callable[[], Iterable[str]] | None = None


_kinds: dict[str, Kind] = {}


def register_work(
    kind: str,
    work: Work,
    *,
    result_url: Words | None = None,
    title: Words | None = None,
    subjects_kept: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Do the jobs of ``kind``, a value of ``LongJob.Kind``, with ``work``; called in ``ready()``.

    ``work(job, report)`` gives the closing sentence, translated and of at most 500 characters; the language of the person who
    started the job is active. Whoever may run it again at any place must find nothing done twice: it writes what belongs together
    in one transaction. Between its transactions it calls ``report(done, total)``, at least every other minute: that is written at
    most once a second, shows that the work goes on, and raises ``TakenOver``, which the work lets through, when it is another
    worker's by now. A call inside a transaction is seen by others only after its commit.

    ``NotAllowed`` ends the job as failed with its sentence, anything else is tried again. ``result_url(job)`` is where its page
    leads back to, ``title(job)`` its heading; both bear that what it was about is gone. Jobs are deleted ``KEPT`` after their end,
    but for those of the subjects that ``subjects_kept()`` names.
    """
    _kinds[kind] = Kind(work, result_url, title, subjects_kept)


def result_url_of(job: LongJob) -> str:
    """Where to see what became of it, or nothing."""
    kind = _kinds.get(job.kind)
    return kind.result_url(job) if kind and kind.result_url else ""


def title_of(job: LongJob) -> str:
    """„Zeitraum übernehmen: Programm bis Juli 2027“, or the kind alone."""
    kind = _kinds.get(job.kind)
    return (kind.title(job) if kind and kind.title else "") or capfirst(job.get_kind_display())


# Starting


@transaction.atomic
def start(kind: str, *, subject: str, params: dict, actor) -> LongJob:
    """Let the job cluster do this work once the caller's transaction is committed; gives the row that tells how far it is.

    One of the same kind and subject that is under way is returned as it is. ``params`` holds ids alone. Who may start it is the
    caller's to ask.
    """
    for _attempt in range(3):
        if job := under_way(kind, subject):
            return job
        try:
            with transaction.atomic():
                job = LongJob.objects.create(kind=kind, subject=subject, params=params, started_by=actor)
        except IntegrityError:
            # Somebody else started it in this very moment; it may even be over by now.
            continue
        enqueue_on_commit(job)
        return job
    raise NotAllowed(_("Somebody else is starting the same right now. Please try again."))


def under_way(kind: str, subject: str) -> LongJob | None:
    """The one that waits or runs, if there is one."""
    return LongJob.objects.filter(kind=kind, subject=subject, status__in=LongJob.UNDER_WAY).first()


def enqueue_on_commit(job: LongJob) -> None:
    def enqueue() -> None:
        async_task(JOB, job.pk, timeout=conf.LONG_JOB_MINUTES * 60)

    # Robust: the row is written, and the minutely job finds it when the broker cannot be reached.
    transaction.on_commit(enqueue, robust=True)


def take_up() -> int:
    """Put the jobs into the queue again that nobody works on any more or that nobody took up; gives their number."""
    now = timezone.now()
    lost = LongJob.objects.annotate(last_seen=Coalesce("seen_at", "created_at")).filter(
        Q(status=Status.RUNNING, last_seen__lt=now - ABANDONED_AFTER) | Q(status=Status.WAITING, last_seen__lt=now - AGAIN_AFTER)
    )
    return sum(_take_up(job, now) for job in lost)


@transaction.atomic
def _take_up(job: LongJob, now: dt.datetime) -> bool:
    is_still_lost = LongJob.objects.filter(pk=job.pk, status=job.status, attempts=job.attempts, seen_at=job.seen_at)
    if not is_still_lost.update(status=Status.WAITING, seen_at=now):
        return False
    enqueue_on_commit(job)
    return True


# Deleting


def delete_old(now: dt.datetime | None = None) -> int:
    """Delete jobs that ended more than ``KEPT`` ago and that nothing asks for any more; gives how many. What they made stays."""
    ended = LongJob.objects.exclude(status__in=LongJob.UNDER_WAY).filter(finished_at__lt=(now or timezone.now()) - KEPT)
    for name, kind in _kinds.items():
        if kind.subjects_kept:
            ended = ended.exclude(kind=name, subject__in=list(kind.subjects_kept()))
    return ended.delete()[1].get(LongJob._meta.label, 0)


# Running


def run(job_id: int) -> None:
    """Do the job if there is anything to do and nobody is at it. Raises nothing that the work raises."""
    job = _claim(job_id)
    if job is None:
        return
    with translation.override(language_for(job.started_by)):
        try:
            message = _kinds[job.kind].work(job, _report_for(job))
        except TakenOver:
            logger.warning("Long job %s (%s): attempt %s was overtaken by another one", job.pk, job.kind, job.attempts)
        except NotAllowed as refusal:
            _finish(job, Status.FAILED, refusal.message)
        except Exception as error:
            # Without the error's own text, which may quote what people wrote.
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("Long job %s (%s), attempt %s: %s\n%s", job.pk, job.kind, job.attempts, type(error).__name__, frames)
            _give_back(job)
        else:
            _finish(job, Status.DONE, message)


def _claim(job_id: int) -> LongJob | None:
    """Take the job and count the attempt; ``None`` when it is over, when somebody is at it, or after the last attempt."""
    with transaction.atomic(durable=True):
        job = LongJob.objects.select_for_update().filter(pk=job_id).first()
        now = timezone.now()
        if job is None or not job.is_under_way or is_worked_on(job, now):
            return None
        if job.attempts >= ATTEMPTS:
            with translation.override(language_for(job.started_by)):
                _finish(job, Status.FAILED, gave_up(job))
            return None
        job.status = Status.RUNNING
        job.attempts += 1
        job.seen_at = now
        job.save(update_fields=["status", "attempts", "seen_at"])
    return job


def is_worked_on(job: LongJob, now: dt.datetime) -> bool:
    return job.status == Status.RUNNING and job.seen_at is not None and job.seen_at >= now - ABANDONED_AFTER


def _report_for(job: LongJob) -> Report:
    next_at = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal next_at
        if time.monotonic() < next_at:
            return
        next_at = time.monotonic() + SECONDS_BETWEEN_REPORTS
        if not _write(job, done=done, total=total, seen_at=timezone.now()):
            raise TakenOver

    return report


def _give_back(job: LongJob) -> None:
    """After an attempt that failed: the minutely job tries it again, unless it was the last one."""
    if job.attempts >= ATTEMPTS:
        _finish(job, Status.FAILED, gave_up(job))
    else:
        _write(job, status=Status.WAITING, seen_at=timezone.now())


def gave_up(job: LongJob) -> str:
    return _(
        "This was tried %(attempts)s times and broke off each time. Nothing is lost: what was finished before stays as it is. Please "
        "start it again; if it breaks off once more, name the number %(number)s to those who run this website."
    ) % {"attempts": job.attempts, "number": job.pk}


def _finish(job: LongJob, status: Status, message: str) -> None:
    _write(job, status=status, message=Truncator(message).chars(500), finished_at=timezone.now())


def _write(job: LongJob, **values) -> bool:
    """Write ``values`` if the job is still ours: a later attempt has a higher number."""
    ours = LongJob.objects.filter(pk=job.pk, status=job.status, attempts=job.attempts)
    return ours.update(**values) == 1
