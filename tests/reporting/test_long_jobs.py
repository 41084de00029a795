"""Long jobs: one at a time, counted attempts, taken up again, and what their page says."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django_q.models import OrmQ
from wagtail.users.models import UserProfile

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import LongJob, ReportVersion, StatusReport
from ehrenamt_wagtail.reporting import jobs, long_jobs
from tests.factories import coordinator_user
from tests.reporting.works import KIND, Killed, register, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]

Status = LongJob.Status


def later(job: LongJob, by: dt.timedelta) -> None:
    """So much time passes in which nothing is heard of the job."""
    job.refresh_from_db()
    LongJob.objects.filter(pk=job.pk).update(
        created_at=job.created_at - by, seen_at=job.seen_at and job.seen_at - by - dt.timedelta(seconds=1)
    )


def state_of(job: LongJob) -> tuple:
    job.refresh_from_db()
    return job.status, job.attempts


def waiting_tasks() -> list[tuple]:
    tasks = [row.task for row in OrmQ.objects.order_by("pk")]
    return [(task["func"], task["args"], task["timeout"]) for task in tasks]


# Starting


def test_job_gets_into_the_queue_with_the_commit_and_its_own_time_limit(django_capture_on_commit_callbacks, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "LONG_JOB_MINUTES": 7}
    with django_capture_on_commit_callbacks() as callbacks:
        job = start()
    assert waiting_tasks() == []
    for callback in callbacks:
        callback()
    assert waiting_tasks() == [(long_jobs.JOB, (job.pk,), 7 * 60)]
    assert state_of(job) == (Status.WAITING, 0)


def test_job_of_a_transaction_that_is_rolled_back_never_was(monkeypatch, django_capture_on_commit_callbacks):
    # A broker outside of the database would keep what it was told.
    told = []
    monkeypatch.setattr(long_jobs, "async_task", lambda *args, **facts: told.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            start()
            transaction.set_rollback(True)
    assert told == []
    assert not LongJob.objects.exists()


def test_second_start_leads_to_the_job_that_is_under_way(monkeypatch, django_capture_on_commit_callbacks):
    register(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        job = start(subject="period:1")
        assert start(subject="period:1", params={"other": 1}) == job
        other = start(subject="period:2")
        assert other != job
    assert len(waiting_tasks()) == 2
    long_jobs.run(job.pk)
    assert start(subject="period:1") not in (job, other)


@pytest.mark.expected_errors("Error calling .*enqueue")
def test_broker_that_is_down_keeps_nobody_from_starting(monkeypatch, django_capture_on_commit_callbacks):
    def fail(*args, **kwargs):
        raise ConnectionError

    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(long_jobs, "async_task", fail)
        job = start()
    assert waiting_tasks() == []
    later(job, long_jobs.AGAIN_AFTER)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.take_up_long_jobs() == 1
    assert waiting_tasks() == [(long_jobs.JOB, (job.pk,), conf.LONG_JOB_MINUTES * 60)]


# Running


def test_work_that_ends_well_leaves_its_sentence(monkeypatch):
    work = register(monkeypatch, steps=3, message="Drei Dinge sind gemacht.")
    job = start(params={"period": 5})
    jobs.run_long_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.message, job.attempts) == (Status.DONE, "Drei Dinge sind gemacht.", 1)
    assert job.finished_at is not None
    assert work.seen == [{"period": 5}]
    # A task that is delivered again finds nothing to do.
    jobs.run_long_job(job.pk)
    assert len(work.seen) == 1
    jobs.run_long_job(job.pk + 1)


def test_sentence_is_in_the_language_of_who_started_it(monkeypatch):
    register(monkeypatch, message=lambda: gettext("Published"))
    person = coordinator_user()
    UserProfile.objects.create(user=person, preferred_language="en")
    for actor, expected in ((person, "Published"), (coordinator_user(), "Veröffentlicht")):
        job = start(actor=actor)
        long_jobs.run(job.pk)
        job.refresh_from_db()
        assert job.message == expected


def test_attempt_is_counted_before_the_work(monkeypatch):
    job = start()
    seen = []
    register(monkeypatch, during=lambda: seen.append(state_of(job)))
    long_jobs.run(job.pk)
    assert seen == [(Status.RUNNING, 1)]


@pytest.mark.expected_errors(r"Long job \d+ \(brochure\), attempt \d: ZeroDivisionError")
def test_work_that_fails_is_tried_three_times_and_then_says_so(monkeypatch, django_capture_on_commit_callbacks, caplog):
    written = "Frau Beispiel wohnt in der Hauptstraße"

    def fail():
        raise ZeroDivisionError(written)

    work = register(monkeypatch, during=fail)
    job = start()
    for attempt in (1, 2):
        long_jobs.run(job.pk)
        assert state_of(job) == (Status.WAITING, attempt)
        # Not at once, but after a pause.
        assert jobs.take_up_long_jobs() == 0
        later(job, long_jobs.AGAIN_AFTER)
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.take_up_long_jobs() == 1
        # Only one task waits for it, however often the minute comes.
        assert jobs.take_up_long_jobs() == 0
    assert len(waiting_tasks()) == 2
    long_jobs.run(job.pk)
    assert state_of(job) == (Status.FAILED, 3)
    assert str(job.pk) in job.message and "3-mal" in job.message
    later(job, dt.timedelta(hours=1))
    assert jobs.take_up_long_jobs() == 0
    long_jobs.run(job.pk)
    assert len(work.seen) == 3
    # What people wrote stays out of the log.
    assert "Hauptstraße" not in caplog.text


def test_work_whose_process_dies_three_times_is_given_up(monkeypatch, django_capture_on_commit_callbacks):
    def die():
        raise Killed

    work = register(monkeypatch, during=die)
    job = start()
    for attempt in (1, 2, 3):
        with pytest.raises(Killed):
            long_jobs.run(job.pk)
        assert state_of(job) == (Status.RUNNING, attempt)
        # The broker hands the task to the next worker soon; whether the first one lives nobody knows yet.
        long_jobs.run(job.pk)
        assert jobs.take_up_long_jobs() == 0
        assert state_of(job) == (Status.RUNNING, attempt)
        later(job, long_jobs.ABANDONED_AFTER)
        with django_capture_on_commit_callbacks(execute=True):
            assert jobs.take_up_long_jobs() == 1
    long_jobs.run(job.pk)
    assert state_of(job) == (Status.FAILED, 3)
    assert len(work.seen) == 3
    assert "Nichts ist verloren" in job.message


def test_work_that_refuses_is_not_tried_again(monkeypatch):
    def refuse():
        raise NotAllowed("Der Zeitraum wurde gelöscht.")

    work = register(monkeypatch, during=refuse)
    job = start()
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.message, len(work.seen)) == (Status.FAILED, "Der Zeitraum wurde gelöscht.", 1)


@pytest.mark.expected_errors("KeyError")
def test_kind_that_nobody_does_fails_and_breaks_nothing(monkeypatch):
    monkeypatch.delitem(long_jobs._kinds, "brochure", raising=False)
    job = start()
    long_jobs.run(job.pk)
    assert state_of(job) == (Status.WAITING, 1)


def test_worker_that_was_overtaken_stops_and_writes_nothing(monkeypatch):
    job = start()

    def another_one_takes_it():
        LongJob.objects.filter(pk=job.pk).update(attempts=2, done=7)

    work = register(monkeypatch, steps=3, before_last=another_one_takes_it)
    monkeypatch.setattr(long_jobs, "SECONDS_BETWEEN_REPORTS", 0)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.done, job.message) == (Status.RUNNING, 2, 7, "")
    assert work.steps_done == 2


def test_worker_whose_job_was_deleted_stops(monkeypatch):
    job = start()
    work = register(monkeypatch, steps=3, before_last=lambda: LongJob.objects.all().delete())
    monkeypatch.setattr(long_jobs, "SECONDS_BETWEEN_REPORTS", 0)
    long_jobs.run(job.pk)
    assert work.steps_done == 2
    assert not LongJob.objects.exists()


# Progress


def test_progress_is_written_at_once_and_then_once_a_second(monkeypatch, django_assert_num_queries):
    job = start()
    clock = [100.0]
    monkeypatch.setattr(long_jobs.time, "monotonic", lambda: clock[0])
    long_jobs._claim(job.pk)
    job.refresh_from_db()
    report = long_jobs._report_for(job)
    with django_assert_num_queries(1):
        for done in range(50):
            report(done, 50)
    job.refresh_from_db()
    assert (job.done, job.total) == (0, 50)
    clock[0] += 1
    with django_assert_num_queries(1):
        for done in range(20, 50):
            report(done, 50)
    job.refresh_from_db()
    assert (job.done, job.total) == (20, 50)


def test_job_that_reports_is_not_taken_up(monkeypatch):
    job = start()
    long_jobs._claim(job.pk)
    later(job, long_jobs.ABANDONED_AFTER)
    job.refresh_from_db()
    long_jobs._report_for(job)(1, 2)
    assert jobs.take_up_long_jobs() == 0
    assert state_of(job) == (Status.RUNNING, 1)


def test_waiting_job_is_left_to_the_queue_for_a_while(monkeypatch):
    job = start()
    later(job, long_jobs.AGAIN_AFTER - dt.timedelta(seconds=10))
    assert jobs.take_up_long_jobs() == 0
    job.refresh_from_db()
    assert job.seen_at is None
    assert timezone.now() - job.created_at < long_jobs.AGAIN_AFTER


# Deleting


def ended(status: str, days: int, **facts) -> LongJob:
    """A job that ended so many days ago."""
    moment = timezone.now() - dt.timedelta(days=days)
    facts = {"kind": KIND, "subject": "brochure:1", **facts}
    return LongJob.objects.create(status=status, created_at=moment, finished_at=moment, **facts)


def test_jobs_that_ended_half_a_year_ago_are_deleted():
    old = [ended(Status.DONE, 184), ended(Status.FAILED, 400)]
    kept = [ended(Status.DONE, 182), ended(Status.FAILED, 1)]
    waiting = LongJob.objects.create(kind=KIND, subject="brochure:2", created_at=timezone.now() - dt.timedelta(days=400))
    assert jobs.delete_old_jobs() == len(old)
    assert set(LongJob.objects.all()) == {*kept, waiting}
    assert jobs.delete_old_jobs() == 0


def test_released_version_stays_when_its_job_is_deleted():
    report = StatusReport.objects.create(title="Bericht", first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 6, 30))
    version = ReportVersion.objects.create(
        report=report, number=1, content={}, html="", job=ended(Status.DONE, 200, kind=LongJob.Kind.REPORT_RELEASE)
    )
    assert jobs.delete_old_jobs() == 1
    version.refresh_from_db()
    assert version.job is None
