"""What tests of planned dates ask and do."""

import datetime as dt

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination.planning import find_drift


def reload(page):
    return type(page).objects.get(pk=page.pk)


def states(page):
    return sorted(models.PlannedDate.objects.filter(offering=page.pk).values_list("state", flat=True))


def row_of(page):
    return models.PlannedDate.objects.get(offering=page.pk)


def assert_in_step():
    assert list(find_drift()) == []


def change(page, **facts):
    """A new revision; the row stays as it is."""
    draft = reload(page).get_latest_revision_as_object()
    for name, value in facts.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False)
    return draft


def shift(page, days=1):
    draft = reload(page).get_latest_revision_as_object()
    dates = list(draft.occurrences.all())
    for date in dates:
        date.start += dt.timedelta(days=days)
    draft.occurrences = dates
    draft.save_revision(clean=False)
