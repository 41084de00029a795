"""What happens to a status report.

::

    created ──► drafted ──► saved ──► saved …        each save counts ``edition``
                    └──► released as version 1, 2, …  the report itself goes on; what was released never changes

All actions write Wagtail's log. Making figures, charts and files takes seconds and happens outside of any transaction.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import StaleRevision, ensure
from ehrenamt_wagtail.formatting import near_moment

from .. import long_jobs
from ..models import LongJob, ReportVersion, StatusReport
from . import documents, rules
from .content import content_of

# What a form may change.
EDITABLE = (
    "title", "first_day", "last_day", "compared_first_day", "compared_last_day", "paper_number", "department", "paper_date",
    "committee", "meeting_on", "is_public", "purpose", "proposed_decision", "annexes", "headlines", "developments",
    "need_for_action", "body",
)  # fmt: skip

Progress = Callable[[int, int], None]
STEPS = 3


def no_progress(_done: int, _total: int) -> None:
    pass


@transaction.atomic
def create_report(
    *, actor, title: str, first_day, last_day, compared_first_day=None, compared_last_day=None, sections=()
) -> StatusReport:
    """A report that the job cluster drafts: ``sections`` are keys of ``chapters``. Raises ``NotAllowed``."""
    report = StatusReport(
        title=title,
        first_day=first_day,
        last_day=last_day,
        compared_first_day=compared_first_day,
        compared_last_day=compared_last_day,
        sections=list(sections),
        created_by=actor,
        changed_by=actor,
    )
    ensure(rules.CREATE, report=report, actor=actor)
    report.save()
    log(instance=report, action="wagtail.create", user=actor)
    start_draft(report, actor=actor)
    return report


def start_draft(report: StatusReport, *, actor) -> LongJob:
    """Let the job cluster draft it; the job that is under way, if there is one. Raises ``NotAllowed``."""
    ensure(rules.DRAFT, report=report, actor=actor)
    return long_jobs.start(LongJob.Kind.REPORT_DRAFT, subject=subject_of(report), params={"report": report.pk}, actor=actor)


def subject_of(report: StatusReport) -> str:
    return f"report:{report.pk}"


@transaction.atomic
def keep_draft(report: StatusReport, values: dict) -> bool:
    """Write a whole draft at once; false, and nothing written, if there is one already."""
    locked = StatusReport.objects.select_for_update().get(pk=report.pk)
    if locked.drafted_at is not None:
        return False
    for name, value in values.items():
        setattr(locked, name, value)
    locked.drafted_at = timezone.now()
    locked.edition += 1
    locked.changed_at = locked.drafted_at
    locked.save()
    return True


@transaction.atomic
def save_report(report: StatusReport, *, edition: int, actor, **values) -> StatusReport:
    """Write ``values`` of the fields of ``EDITABLE``; gives the report as it is now.

    ``edition`` is the one that the form was opened with. Raises ``NotAllowed``, and ``StaleRevision`` (its ``latest`` is the report
    as it is) if somebody saved meanwhile; nothing is written then.
    """
    present = StatusReport.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=report.pk)
    ensure(rules.EDIT, report=present, actor=actor)
    if present.edition != edition:
        raise StaleRevision(stale_words(present), present)
    for name, value in values.items():
        if name not in EDITABLE:
            raise TypeError(f"{name} is not edited")
        setattr(present, name, value)
    present.edition += 1
    present.changed_at, present.changed_by = timezone.now(), actor
    present.save()
    log(instance=present, action="wagtail.edit", user=actor, content_changed=True)
    return present


def stale_words(report: StatusReport) -> str:
    return _(
        "Your change was not saved, because %(who)s changed the report %(when)s. Your text stands below; compare it and save again."
    ) % {"who": person(report.changed_by) or _("somebody else"), "when": near_moment(report.changed_at)}


def person(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


# Releasing


def start_release(report: StatusReport, *, edition: int, number: int, actor) -> LongJob:
    """Let the job cluster release it as it is now; the job that is under way, if there is one.

    Raises ``NotAllowed``, and ``StaleRevision`` if ``edition`` or the ``number`` of the next version, which the person saw, is no
    longer the present one.
    """
    ensure(rules.RELEASE, report=report, actor=actor)
    must_be_as_seen(report, edition, number)
    params = {"report": report.pk, "edition": edition, "number": number}
    return long_jobs.start(LongJob.Kind.REPORT_RELEASE, subject=subject_of(report), params=params, actor=actor)


def release(
    report: StatusReport, *, edition: int, number: int, actor, job: LongJob | None = None, progress: Progress = no_progress
) -> ReportVersion:
    """Freeze the report with all figures and charts of this moment as version ``number``; gives it. In the active language.

    Raises ``NotAllowed``, and ``StaleRevision`` if the report is no longer of ``edition`` or ``number`` is not its next version. The
    same ``job`` releases once, however often it runs: later it is given the version that it made.
    """
    ensure(rules.RELEASE, report=report, actor=actor)
    if made := version_by(job):
        return made
    present = StatusReport.objects.get(pk=report.pk)
    must_be_as_seen(present, edition, number)
    version = frozen(present, number=number, actor=actor, progress=progress)
    version.job = job
    return keep_version(version, edition=edition, actor=actor)


def version_by(job: LongJob | None) -> ReportVersion | None:
    return ReportVersion.objects.filter(job=job).first() if job is not None else None


def must_be_as_seen(report: StatusReport, edition: int, number: int) -> None:
    if report.edition != edition:
        raise StaleRevision(
            _("Nothing was released: the report was changed in the meantime. Please read it again, and release it then."), report
        )
    if (present := next_number(report)) != number:
        raise StaleRevision(
            _(
                "Nothing was released, because version %(number)s was released in the meantime. Please look at it first; after that "
                "you can release another one."
            )
            % {"number": present - 1},
            report,
        )


def next_number(report: StatusReport) -> int:
    return (report.versions.aggregate(newest=Max("number"))["newest"] or 0) + 1


def frozen(report: StatusReport, *, number: int, actor, progress: Progress) -> ReportVersion:
    """The version as it would be released now; not saved."""
    version = ReportVersion(
        report=report,
        number=number,
        title=report.title,
        is_public=report.is_public,
        released_at=timezone.now(),
        released_by=actor,
        released_by_name=person(actor),
    )
    version.content = content_of(report, number=number, released_at=version.released_at)
    progress(1, STEPS)
    version.html = documents.html_of(version.content)
    version.xlsx = documents.xlsx_of(version.content)
    progress(2, STEPS)
    version.pdf = documents.pdf_of(version.content)
    progress(3, STEPS)
    return version


@transaction.atomic
def keep_version(version: ReportVersion, *, edition: int, actor) -> ReportVersion:
    """Save it under the report's lock; gives it, or the one that its job made meanwhile."""
    report = StatusReport.objects.select_for_update().get(pk=version.report_id)
    ensure(rules.RELEASE, report=report, actor=actor)
    if made := version_by(version.job):
        return made
    must_be_as_seen(report, edition, version.number)
    version.save()
    log(instance=report, action="ehrenamt.release_report", user=actor, data={"version": version.number})
    return version


@transaction.atomic
def delete_report(report: StatusReport, *, actor) -> None:
    """Raises ``NotAllowed``: released versions are kept, and the report with them."""
    present = StatusReport.objects.select_for_update().get(pk=report.pk)
    ensure(rules.DELETE, report=present, actor=actor)
    log(instance=present, action="wagtail.delete", user=actor, deleted=True)
    present.delete()
