"""Works of long jobs for tests."""

from collections.abc import Callable

from django.contrib.auth.models import Permission

from ehrenamt_wagtail.models import LongJob
from ehrenamt_wagtail.reporting import long_jobs
from tests.factories import UserFactory, coordinator_user

KIND = LongJob.Kind.BROCHURE


class Killed(BaseException):
    """The process is gone: nothing after it runs that does not run in any case."""


class Work:
    def __init__(
        self,
        *,
        steps: int = 1,
        message: str | Callable[[], str] = "Fertig.",
        during: Callable[[], None] | None = None,
        before_last: Callable[[], None] | None = None,
    ) -> None:
        self.steps, self.message, self.during, self.before_last = steps, message, during, before_last
        self.seen: list[dict] = []
        self.steps_done = 0

    def __call__(self, job: LongJob, report: long_jobs.Report) -> str:
        self.seen.append(job.params)
        for number in range(self.steps):
            if number == self.steps - 1 and self.before_last:
                self.before_last()
            report(number, self.steps)
            if self.during:
                self.during()
            self.steps_done += 1
        return self.message() if callable(self.message) else self.message


def register(monkeypatch, *, result_url: str = "/verwaltung/", title: str = "", **facts) -> Work:
    """Let jobs of the kind be done by a ``Work`` until the end of the test."""
    work = Work(**facts)
    monkeypatch.setitem(long_jobs._kinds, KIND, long_jobs.Kind(work, lambda job: result_url, lambda job: title))
    return work


def start(*, subject: str = "brochure:1", params: dict | None = None, actor=None) -> LongJob:
    return long_jobs.start(KIND, subject=subject, params=params or {}, actor=actor or coordinator_user())


def editor_user():
    """Somebody who gets into the admin and coordinates nothing."""
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return user
