"""How far a long job is, in the Wagtail admin."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.admin.coordinator import CoordinatorView
from ehrenamt_wagtail.formatting import near_moment

from . import long_jobs
from .models import LongJob

# A worker takes a job up within a second or two, if there is one that is free.
SOON = dt.timedelta(seconds=15)
# Works report more often.
SILENT_FOR = dt.timedelta(minutes=2)


class JobView(CoordinatorView):
    """Refreshes itself while the job is under way; then it leads back to what the job was about."""

    template_name = "ehrenamt_wagtail/reporting/admin/job.html"
    header_icon = "cogs"

    def get(self, request: HttpRequest, job_id: int) -> HttpResponse:
        self.job = get_object_or_404(LongJob, id=job_id)
        return super().get(request)

    @property
    def page_title(self) -> str:
        return long_jobs.title_of(self.job)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            job=self.job,
            words=words_of(self.job, timezone.now()),
            level="critical" if self.job.status == LongJob.Status.FAILED else "info",
            result_url=long_jobs.result_url_of(self.job),
            **kwargs,
        )


def words_of(job: LongJob, now: dt.datetime) -> str:
    """What happens with the job, and what to do."""
    if not job.is_under_way:
        return job.message
    last_seen = job.seen_at or job.created_at
    if job.status == LongJob.Status.WAITING:
        if job.attempts:
            return _("The last attempt broke off. Nothing is lost: it is tried again by itself within a few minutes.")
        if now - job.created_at < SOON:
            return _("The work is about to begin.")
        return _(
            "The work has been waiting since %(when)s. It begins by itself as soon as a job worker is free; you may close this page. "
            "If it still waits in ten minutes, no job cluster is running: please tell those who run this website."
        ) % {"when": near_moment(job.created_at)}
    if now - last_seen > SILENT_FOR:
        return _(
            "Nothing has been heard of the work since %(when)s. If it broke off, it is taken up again by itself within a few minutes; "
            "nothing is lost."
        ) % {"when": near_moment(last_seen)}
    return _("The work is going on. You may close this page; it goes on without it.")
