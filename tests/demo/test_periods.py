"""Programme periods of the demonstration: a running one whose deadline has passed, and the next half-year."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.models import OutgoingMail, PeriodAnswer, ProgrammePeriod
from ehrenamt_wagtail.reporting.periods import late_among, offerings_of_period, open_periods
from ehrenamt_wagtail.reporting.progress import progress
from example_site.demo.dates import is_closed
from example_site.demo.periods import thursday_about


def test_one_period_is_closed_and_the_next_half_year_is_open(demo):
    upcoming, running = ProgrammePeriod.objects.all()
    today = timezone.localdate()
    assert running.is_closed() and running.last_day >= today
    assert open_periods() == [upcoming]
    assert upcoming.first_day == running.last_day + dt.timedelta(days=1)
    assert 170 <= (upcoming.last_day - upcoming.first_day).days <= 190
    assert today + dt.timedelta(days=14) < upcoming.deadline < upcoming.first_day
    assert timezone.localdate(upcoming.called_at) == today - dt.timedelta(days=4)


def test_running_period_is_full_and_little_came_late(demo):
    running = ProgrammePeriod.objects.last()
    offerings = offerings_of_period(running)
    assert len(offerings) >= 40
    assert len(late_among(offerings, running)) <= len(offerings) / 4


def test_some_have_contributed_to_the_next_one_and_one_has_nothing(demo):
    upcoming = ProgrammePeriod.objects.first()
    found = progress(upcoming)
    assert len(found.rows) == 14
    assert PeriodAnswer.objects.count() == 1
    contributed = sum(row.contribution.has_entry for row in found.rows)
    assert contributed >= 3 and len(found.missing()) >= 2
    assert contributed + len(found.missing()) + 1 == 14
    mails = OutgoingMail.objects.filter(template="reporting/period_called")
    assert set(mails.values_list("params__period", flat=True)) == {upcoming.pk}
    assert {row.organisation.pk for row in found.rows if row.people} == set(mails.values_list("params__organisation", flat=True))


def test_deadlines_lie_on_thursdays_that_are_no_holidays():
    for number in range(3 * 366):
        day = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        thursday = thursday_about(day)
        assert -7 < (thursday - day).days <= 21 and thursday.weekday() == 3 and not is_closed(thursday)
