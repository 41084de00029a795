"""What the long jobs take that make documents: a status report of a large district, a brochure of 200 offerings.

``figures.py`` asks for it in the data that it has filled in. Each runs in a process of its own, as in a job worker, so that its memory
is its own::

    python -m benchmarks.documents report|a5|a4

prints what it took as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Promised: seconds by the clock of drafting and releasing a report together, and the most memory that the process has.
REPORT_SECONDS, REPORT_MEGABYTES = 60, 500
# Promised: seconds by the clock for each file of a brochure, whose progress can be read meanwhile.
BROCHURE_SECONDS = 20
FORMATS = ["a5", "a4"]
# So often at most a file is made where the promise is missed: a busy minute makes it longer, never shorter.
ROUNDS = 3
SECONDS_BETWEEN_LOOKS = 0.2


# In the process of the benchmark


def measured(base) -> list[str]:
    """Run the jobs, print what they took, and give what was missed. Adds the brochure's offerings to those that are there."""
    from benchmarks.brochure import make_brochure

    print(f"\n{'job':<34} {'seconds':>8} {'of it Python':>13} {'memory':>8}   what was made")
    jobs = result_of(started("report"))
    tell(jobs)
    make_brochure(base)
    return missed_by_report(jobs) + [miss for job in brochures() if (miss := missed_by_brochure(job))]


def brochures() -> list[dict]:
    """Both formats at once, as two job workers make them; one that is late is made again, alone, and the fastest counts."""
    found = {job["format"]: job for job in made(FORMATS)}
    for format in FORMATS:
        for _round in range(ROUNDS - 1):
            if found[format]["seconds"] > BROCHURE_SECONDS:
                found[format] = min(found[format], *made([format]), key=lambda job: job["seconds"])
    return list(found.values())


def made(formats: list[str]) -> list[dict]:
    """``told``: whether who looked meanwhile saw how far the job was."""
    processes, told = {format: started(format) for format in formats}, set()
    while any(process.poll() is None for process in processes.values()):
        time.sleep(SECONDS_BETWEEN_LOOKS)
        told |= formats_under_way()
    jobs = [{**job, "format": format, "told": format in told} for format in formats for job in result_of(processes[format])]
    tell(jobs)
    return jobs


def formats_under_way() -> set[str]:
    from django.db.models import F

    from ehrenamt_wagtail.models import LongJob

    jobs = LongJob.objects.filter(kind=LongJob.Kind.BROCHURE, status=LongJob.Status.RUNNING, done__gt=0, done__lt=F("total"))
    return {job.params["format"] for job in jobs}


def missed_by_report(jobs: list[dict]) -> list[str]:
    """Drafting and releasing together."""
    seconds, megabytes = sum(job["seconds"] for job in jobs), max(job["megabytes"] for job in jobs)
    found = []
    if seconds > REPORT_SECONDS:
        found.append(f"the jobs of a report take {seconds:.0f} s; at most {REPORT_SECONDS} s")
    if megabytes > REPORT_MEGABYTES:
        found.append(f"the jobs of a report take {megabytes} MB; at most {REPORT_MEGABYTES} MB")
    return found


def missed_by_brochure(job: dict) -> str:
    if job["seconds"] > BROCHURE_SECONDS:
        return f"{job['name']} takes {job['seconds']:.1f} s; at most {BROCHURE_SECONDS} s"
    return "" if job["told"] else f"{job['name']} told nobody how far it is"


def tell(jobs: list[dict]) -> None:
    for job in jobs:
        print(f"{job['name']:<34} {job['seconds']:8.1f} {job['own']:13.1f} {job['megabytes']:5} MB   {job['message']}", flush=True)


def started(what: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "benchmarks.documents", what], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)


def result_of(process: subprocess.Popen) -> list[dict]:
    """Waits for it; raises ``SystemExit`` if it failed."""
    output, _errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(process.args)} ended with {process.returncode}")
    # What else is printed comes before.
    return json.loads(output.splitlines()[-1])


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


def brochure_jobs(format: str) -> list[dict]:
    from benchmarks.brochure import OFFERINGS
    from ehrenamt_wagtail.models import Brochure
    from ehrenamt_wagtail.reporting.brochure import actions

    brochure = Brochure.objects.latest("pk")
    job = timed(f"brochure in {format.upper()}", lambda: actions.make(brochure, format=format, actor=coordinator()))
    file = brochure.files.get(format=format)
    if file.offerings != OFFERINGS:
        raise SystemExit(f"The brochure has {file.offerings} offerings instead of {OFFERINGS}")
    return [{**job, "message": f"{job['message']} {file.file.size // 1024} kB PDF"}]


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
    what = sys.argv[1]
    print(json.dumps(report_jobs() if what == "report" else brochure_jobs(what)))


if __name__ == "__main__":
    main()
