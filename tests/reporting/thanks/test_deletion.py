"""The day after, names and letters go; their number stays."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import DeletionRecord, ThankedPerson, ThanksLetters
from ehrenamt_wagtail.reporting import jobs
from ehrenamt_wagtail.reporting.thanks.deletion import delete_names
from ehrenamt_wagtail.schedules import SCHEDULES

from .rounds import make_circle, make_round

pytestmark = pytest.mark.django_db


def midnight_after(thanks) -> dt.datetime:
    """The first moment of the day after, by the district's clock."""
    return timezone.make_aware(dt.datetime.combine(thanks.day + dt.timedelta(days=1), dt.time()))


@pytest.fixture
def named(thanks, circle):
    other = make_circle("Leonberg")
    for where, name in ((circle, "A"), (circle, "B"), (other, "C")):
        ThankedPerson.objects.create(round=thanks, circle=where, name=name, since=2015)
    ThanksLetters.objects.create(round=thanks, pdf=b"%PDF", number=3)
    return thanks


def test_names_and_letters_go_the_day_after_and_their_number_stays(named):
    later = make_round(in_days=60)
    assert delete_names(now=midnight_after(named) - dt.timedelta(seconds=1)) == 0
    assert ThankedPerson.objects.count() == 3
    now = midnight_after(named)
    assert delete_names(now=now) == 3
    assert not ThankedPerson.objects.exists() and not ThanksLetters.objects.exists()
    named.refresh_from_db()
    assert (named.thanked, named.circles, named.deleted_at) == (3, 2, now)
    (record,) = DeletionRecord.objects.all()
    assert (record.reason, record.counts) == ("thanks", {"ThankedPerson": 3, "ThanksLetters": 1})
    later.refresh_from_db()
    assert later.deleted_at is None


def test_deleting_again_changes_nothing(named):
    delete_names(now=midnight_after(named))
    assert delete_names(now=midnight_after(named) + dt.timedelta(days=1)) == 0
    named.refresh_from_db()
    assert (named.thanked, named.deleted_at) == (3, midnight_after(named))
    assert DeletionRecord.objects.count() == 1


def test_round_without_names_is_closed_without_a_record(thanks):
    assert delete_names(now=midnight_after(thanks)) == 0
    thanks.refresh_from_db()
    assert thanks.thanked == 0 and thanks.deleted_at
    assert not DeletionRecord.objects.exists()


def test_a_nightly_job_does_it(named):
    assert SCHEDULES["ehrenamt: people to be thanked to delete"] == ("ehrenamt_wagtail.reporting.jobs.delete_thanked", 1440)
    named.day = named.deadline = timezone.localdate() - dt.timedelta(days=1)
    named.save()
    assert jobs.delete_thanked() == 3
