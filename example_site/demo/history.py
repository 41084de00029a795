"""Publishing without mails, and moving what happened back in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from ehrenamt_wagtail import models


def publish_quietly(page, *, parent: Page, actor, reviewer, days: int) -> None:
    """Publish an unsaved page as if it had been approved ``days`` ago; its dates may lie in the past.

    Leaves the history that a review leaves (created, approved, published), but asks no workflow and sends no mail.
    """
    page.live = False
    page.has_unpublished_changes = True
    page.owner = actor
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    log(instance=page, action="wagtail.create", user=actor, content_changed=True)
    revision = page.save_revision(user=actor, clean=False, log_action=True)
    age(page, dt.timedelta(days=2, hours=3))
    # Dates that were published may lie in the past.
    Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now())
    models.ReviewDecision.objects.create(
        page_id=page.pk,
        revision=revision,
        outcome=models.ReviewDecision.Outcome.APPROVED,
        checklist=["facts", "access", "wording"],
        actor=reviewer,
        is_own_offering=actor == reviewer,
    )
    Revision.objects.get(pk=revision.pk).publish(user=reviewer)
    page.refresh_from_db()
    age(page, dt.timedelta(days=days))


@contextmanager
def without_mails() -> Iterator[None]:
    """What happens inside happened long ago: the mails about it were read and cleared away, and no job waits for them."""
    jobs = list(connection.run_on_commit)
    newest = models.OutgoingMail.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    yield
    models.OutgoingMail.objects.filter(pk__gt=newest).delete()
    connection.run_on_commit = jobs


def age(page, by: dt.timedelta) -> None:
    """Move everything that happened to the page so far back by ``by``."""
    states = WorkflowState.objects.for_instance(page)
    tasks = TaskState.objects.filter(workflow_state__in=list(states))
    for rows, names in (
        (PageLogEntry.objects.filter(page_id=page.pk), ["timestamp"]),
        (Revision.objects.for_instance(page), ["created_at"]),
        (states, ["created_at"]),
        (tasks, ["started_at", "finished_at"]),
        (models.ReviewDecision.objects.filter(page_id=page.pk), ["at"]),
        (models.ReviewRequest.objects.filter(page_id=page.pk), ["at"]),
        (models.Cancellation.objects.filter(offering_id=page.pk), ["at"]),
        (models.DayRequest.objects.filter(offering_id=page.pk), ["requested_at", "decided_at"]),
        (Page.objects.filter(pk=page.pk), ["first_published_at", "last_published_at", "latest_revision_created_at"]),
    ):
        rows.update(**{name: F(name) - by for name in names})
