"""The long jobs of status reports: drafting and releasing."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision

from .. import long_jobs
from ..models import LongJob, StatusReport
from .actions import release
from .drafting import draft


def register() -> None:
    """Called in ``ready()``."""
    long_jobs.register_work(LongJob.Kind.REPORT_DRAFT, draft_work, result_url=result_url, title=draft_title)
    long_jobs.register_work(LongJob.Kind.REPORT_RELEASE, release_work, result_url=result_url, title=release_title)


def report_of(job: LongJob) -> StatusReport | None:
    return StatusReport.objects.filter(pk=job.params["report"]).first()


def present_report(job: LongJob) -> StatusReport:
    report = report_of(job)
    if report is None:
        raise NotAllowed(_("The report was deleted in the meantime."))
    return report


def draft_work(job: LongJob, progress: long_jobs.Report) -> str:
    """Drafts it at once or not at all; what is drafted already stays."""
    draft(present_report(job), progress=progress)
    return _("The report is drafted. Please read it, and change what is to be changed.")


def release_work(job: LongJob, progress: long_jobs.Report) -> str:
    report = present_report(job)
    seen = {name: job.params[name] for name in ("edition", "number")}
    try:
        version = release(report, **seen, actor=job.started_by, job=job, progress=progress)
    except StaleRevision as stale:
        raise NotAllowed(stale.message) from stale
    return _("Version %(number)s is released. It never changes.") % {"number": version.number}


def draft_title(job: LongJob) -> str:
    report = report_of(job)
    return _("Draft “%(report)s”") % {"report": report} if report else ""


def release_title(job: LongJob) -> str:
    report = report_of(job)
    return _("Release “%(report)s”") % {"report": report} if report else ""


def result_url(job: LongJob) -> str:
    report = report_of(job)
    return reverse("ehrenamt_admin:report", args=[report.pk]) if report else ""
