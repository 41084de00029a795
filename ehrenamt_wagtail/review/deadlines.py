"""Until when an organisation has its answer, and how urgent that makes a submission. Local dates of the site's zone."""

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.days_off import add_working_days


class Light(models.TextChoices):
    """The traffic light of the queue; shown as a word with a shape."""

    IN_TIME = "in_time", pgettext_lazy("answer", "in time")
    DUE_SOON = "due_soon", pgettext_lazy("answer", "due soon")
    OVERDUE = "overdue", pgettext_lazy("answer", "overdue")


def due_date(submitted_at: dt.datetime) -> dt.date:
    """The last day of the promise: ``conf.REVIEW_WORKING_DAYS`` working days after the day it was submitted."""
    return add_working_days(timezone.localdate(submitted_at), conf.REVIEW_WORKING_DAYS)


def due_dates(submitted: Iterable[dt.datetime]) -> dict[dt.date, dt.date]:
    """The last day of the promise by the local day on which something was submitted; each day is counted once."""
    days = {timezone.localdate(moment) for moment in submitted}
    return {day: add_working_days(day, conf.REVIEW_WORKING_DAYS) for day in days}


def soon_until(today: dt.date | None = None) -> dt.date:
    """What is due by this day is due soon: ``conf.REVIEW_DUE_SOON_DAYS`` working days from today."""
    return add_working_days(today or timezone.localdate(), conf.REVIEW_DUE_SOON_DAYS)


def light_of(due: dt.date, *, today: dt.date | None = None, soon: dt.date | None = None) -> Light:
    """Overdue from the day after ``due``. ``soon`` is ``soon_until()`` where it was counted already."""
    today = today or timezone.localdate()
    if due < today:
        return Light.OVERDUE
    return Light.DUE_SOON if due <= (soon or soon_until(today)) else Light.IN_TIME


def answer_due(page) -> dt.date | None:
    """Until when the organisation has its answer about a page that waits; ``None`` when nothing waits."""
    workflow_state = page.current_workflow_state
    if workflow_state is None or workflow_state.status != workflow_state.STATUS_IN_PROGRESS:
        return None
    task_state = workflow_state.current_task_state
    return due_date(task_state.started_at) if task_state else None
