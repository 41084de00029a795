"""Reporting a barrier, and deleting what is no longer kept."""

import datetime as dt
import uuid as uuids

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.queries import coordinators
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.signups.deletion import Counts, batches, months_after, named, record
from ehrenamt_wagtail.signups.models import DeletionRecord

from .models import AccessibilityStatementPage, BarrierReport
from .queries import reports_about

REPORTED = "outreach/barrier_reported"


@transaction.atomic
def report_barrier(
    page: AccessibilityStatementPage, *, uid: uuids.UUID, description: str, address: str = "", name: str = "", email: str = ""
) -> BarrierReport:
    """Store the report and tell the address of the statement, or all coordinators where it names none.

    The same ``uid`` again gives the row that is there. Raises ``NotAllowed`` once ``conf.BARRIER_REPORTS_PER_HOUR`` reports came
    within an hour, from whomever: nothing is known of those who report.
    """
    # Those who report at the same moment are counted one after the other.
    page = AccessibilityStatementPage.objects.select_for_update().get(pk=page.pk)
    if known := BarrierReport.objects.filter(uid=uid).first():
        return known
    if BarrierReport.objects.filter(created_at__gt=timezone.now() - dt.timedelta(hours=1)).count() >= conf.BARRIER_REPORTS_PER_HOUR:
        raise NotAllowed(
            _(
                "Your report was not sent: more reports came within the last hour than this form takes. What you wrote stands below. "
                "Please send it again in an hour, or use one of the other ways named on this page."
            )
        )
    report = BarrierReport.objects.create(
        uid=uid, statement=page, description=description, address=address, name=name, email=email
    )
    tell_reported(report)
    return report


def tell_reported(report: BarrierReport) -> None:
    """Rows of the outbox as part of the caller's transaction; nobody is told the same report twice."""
    params, key = {"report": report.pk}, f"{REPORTED}:{report.uid.hex}"
    if report.statement.report_email:
        queue_mail(REPORTED, email=report.statement.report_email, params=params, dedupe_key=key)
        return
    for user in coordinators():
        queue_mail(REPORTED, user=user, params=params, dedupe_key=f"{key}:{user.pk}")


def delete_old_reports(*, now: dt.datetime | None = None) -> Counts:
    """Delete reports with their mails ``conf.BARRIER_REPORTS_KEPT_MONTHS`` months after they came; gives how many of what."""
    now = now or timezone.now()
    rows = BarrierReport.objects.order_by("pk").values_list("pk", "created_at")
    kept = conf.BARRIER_REPORTS_KEPT_MONTHS
    today = timezone.localdate(now)
    due = [pk for pk, at in rows.iterator() if months_after(timezone.localdate(at), kept) < today]
    counts = Counts()
    for ids in batches(due):
        counts += delete_reports(ids, DeletionRecord.Reason.BARRIERS, now)
    return counts


def erase_reports(address: str, *, now: dt.datetime | None = None) -> Counts:
    """Delete all reports that name this mail address, at the person's request; gives how many of what."""
    ids = list(reports_about(address).values_list("pk", flat=True))
    return delete_reports(ids, DeletionRecord.Reason.REQUEST, now or timezone.now())


@transaction.atomic
def delete_reports(ids: list[int], reason: DeletionRecord.Reason, now: dt.datetime) -> Counts:
    mails = OutgoingMail.objects.filter(template=REPORTED, params__report__in=ids)
    counts = named(mails.delete()[1]) + named(BarrierReport.objects.filter(pk__in=ids).delete()[1])
    return record(reason, counts, now)
