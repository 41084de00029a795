"""Published offerings without revisions: quick, for everything that only reads."""

import datetime as dt

from django.utils import timezone
from wagtail.models import Page

from ehrenamt_wagtail.models import Occurrence, ProgrammePage, TrainingPage
from ehrenamt_wagtail.programme.listed import refresh
from tests import factories


def live_offering(title="Grundlagen des Asylrechts", *, model=TrainingPage, parent=None, live=True, rows=(), **facts):
    """Below the only programme unless ``parent`` is another page."""
    page = factories.build_offering(model, title=title, live=False, **facts)
    for row in rows:
        getattr(page, row._meta.get_field("page").remote_field.related_name).add(row)
    Page.objects.get(pk=(parent or ProgrammePage.objects.get()).pk).add_child(instance=page)
    if live:
        # Not by publishing, which refuses dates in the past.
        now = timezone.now()
        Page.objects.filter(pk=page.pk).update(live=True, first_published_at=now, last_published_at=now)
        refresh([page.pk])
    return model.objects.get(pk=page.pk)


def date(days, *, hours=None, all_day=False, length=1, **facts):
    """A date with a start so many days from today and perhaps a length in hours or days."""
    if all_day:
        first = timezone.localdate() + dt.timedelta(days=days)
        return Occurrence(start_date=first, end_date=first + dt.timedelta(days=length - 1), **facts)
    start = factories.in_days(days)
    return Occurrence(start=start, end=start + dt.timedelta(hours=hours) if hours else None, **facts)
