"""What waits for review, and what the pages of the review say."""

import datetime as dt

from django.utils import timezone
from wagtail.models import TaskState

from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review.actions import submit_for_review
from tests import factories

QUEUE = "ehrenamt_admin:review_queue"


def submitted(days=0, **facts):
    """Submitted so many days ago."""
    page, task_state = factories.submitted_offering(**facts)
    TaskState.objects.filter(pk=task_state.pk).update(started_at=timezone.now() - dt.timedelta(days=days))
    return page, task_state


def submitted_change(**changes):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation)
    draft = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    return page, submit_for_review(page, actor=member)


def texts(response) -> list[str]:
    """The messages that the page at the end of the redirects shows."""
    return [str(message) for message in response.context["messages"]]
