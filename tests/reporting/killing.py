"""Workers that are killed in the middle of a long job: real processes on PostgreSQL, ended by SIGKILL."""

import datetime as dt
import signal
from pathlib import Path

from django.utils import timezone

from ehrenamt_wagtail.models import LongJob
from ehrenamt_wagtail.reporting import jobs, long_jobs
from tests.processes import running


def killed_at(job: LongJob, place: str, *, when: str = "before", call: int = 1, var_dir: Path | None = None) -> None:
    """A worker of its own does the job and is killed ``when``, before or after, a function is called the ``call``-th time.

    ``place`` is „module:name“, see ``job_process``. ``var_dir`` is where the worker keeps its media, in a folder of that name.
    Fails if it never gets there.
    """
    environment = {"VAR_DIR": str(var_dir)} if var_dir is not None else {}
    with running(["tests.reporting.job_process", job.pk, place, when, call], **environment) as [process]:
        said = process.stdout.readline().strip()
        assert said == "waiting", said
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        assert process.returncode == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("running", 1)


def forget_the_worker(job: LongJob) -> None:
    """Time passes until the job counts as abandoned."""
    seen_at = timezone.now() - long_jobs.ABANDONED_AFTER - dt.timedelta(seconds=1)
    assert LongJob.objects.filter(pk=job.pk, status="running").update(seen_at=seen_at) == 1


def done_by_another(job: LongJob) -> None:
    """The job is taken up again as it is each minute, and another worker brings it to its end."""
    forget_the_worker(job)
    assert jobs.take_up_long_jobs() == 1
    jobs.run_long_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("done", 2)
