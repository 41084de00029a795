"""What the long jobs of a status report take in a large district: drafting and releasing it, with PDF and spreadsheet.

``figures.py`` asks for it in the data that it has filled in. Both jobs run in a process of its own, as in a job worker, so that its
memory is its own::

    python -m benchmarks.documents

prints what they took as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Promised: seconds by the clock of both together, and the most memory that the process has.
REPORT_SECONDS, REPORT_MEGABYTES = 60, 500


# In the process of the benchmark


def measured() -> list[str]:
    """Run the jobs, print what they took, and give what was missed."""
    print(f"\n{'job':<34} {'seconds':>8} {'of it Python':>13} {'memory':>8}   what was made")
    jobs = in_a_process()
    for job in jobs:
        print(f"{job['name']:<34} {job['seconds']:8.1f} {job['own']:13.1f} {job['megabytes']:5} MB   {job['message']}", flush=True)
    return missed(jobs)


def missed(jobs: list[dict]) -> list[str]:
    """Drafting and releasing together."""
    seconds, megabytes = sum(job["seconds"] for job in jobs), max(job["megabytes"] for job in jobs)
    found = []
    if seconds > REPORT_SECONDS:
        found.append(f"the jobs of a report take {seconds:.0f} s; at most {REPORT_SECONDS} s")
    if megabytes > REPORT_MEGABYTES:
        found.append(f"the jobs of a report take {megabytes} MB; at most {REPORT_MEGABYTES} MB")
    return found


def in_a_process() -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.documents"]
        run = subprocess.run(
            command, cwd=BASE_DIR, env={**os.environ, "VAR_DIR": folder}, check=True, stdout=subprocess.PIPE, text=True
        )
    # What else is printed comes before.
    return json.loads(run.stdout.splitlines()[-1])


# In a process of its own


def report_jobs() -> list[dict]:
    from ehrenamt_wagtail.models import LongJob, StatusReport
    from ehrenamt_wagtail.reporting.figures.spans import half_years
    from ehrenamt_wagtail.reporting.report import actions, chapters

    span = half_years(2)[0]
    before, actor = span.year_before(), coordinator()
    report = actions.create_report(
        actor=actor,
        title="Sachstandsbericht",
        first_day=span.first,
        last_day=span.last,
        compared_first_day=before.first,
        compared_last_day=before.last,
        sections=[key for key, _heading in chapters.choices()],
    )
    drafted = timed("drafting a status report", lambda: LongJob.objects.get(subject=actions.subject_of(report)))
    report = StatusReport.objects.get(pk=report.pk)
    seen = {"edition": report.edition, "number": 1}
    released = timed("releasing it, with PDF and XLSX", lambda: actions.start_release(report, **seen, actor=actor))
    version = report.versions.get()
    made = f"{len(version.pdf) // 1024} kB PDF, {len(version.xlsx) // 1024} kB XLSX"
    return [drafted, {**released, "message": f"{released['message']} {made}"}]


def coordinator():
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username="benchmark")


def timed(name: str, start: Callable) -> dict:
    """Run the job that ``start`` gives, as a worker does; raises ``SystemExit`` unless it is done."""
    from ehrenamt_wagtail.reporting import long_jobs

    job = start()
    began, worked = time.perf_counter(), time.process_time()
    long_jobs.run(job.pk)
    seconds, own = time.perf_counter() - began, time.process_time() - worked
    job.refresh_from_db()
    if job.status != job.Status.DONE:
        raise SystemExit(f"{name}: {job.status}, {job.message}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"name": name, "seconds": seconds, "own": own, "megabytes": megabytes, "message": job.message}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    os.environ["DEBUG"] = "0"
    import django

    django.setup()
    print(json.dumps(report_jobs()))


if __name__ == "__main__":
    main()
