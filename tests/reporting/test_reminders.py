"""Reminders by the clock: 14 and 3 days before the deadline, each once, none that the call came too late for."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import OutgoingMail, ProgrammePeriod
from ehrenamt_wagtail.reporting import actions, jobs
from ehrenamt_wagtail.review.actions import submit_for_review, withdraw_from_review
from tests.factories import (
    OrganisationFactory,
    draft_offering,
    member_of,
    published_offering,
)
from tests.threads import at_once

from .periods import day, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "queued_jobs")]

DEADLINE = 30


@pytest.fixture
def organisation():
    organisation = OrganisationFactory(name="Caritas")
    member_of(organisation, username="anna")
    return organisation


@pytest.fixture
def period(organisation, coordinator):
    """Called today, thirty days before its deadline."""
    period = make_period()
    actions.call_for_contributions(period, actor=coordinator)
    return ProgrammePeriod.objects.get(pk=period.pk)


def at(days: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day(days), dt.time(hour, minute)))


def before(days: int, **clock) -> dt.datetime:
    """So many days before the deadline."""
    return at(DEADLINE - days, **clock)


def reminded(template: str = "reporting/period_reminder") -> list[str]:
    return [mail.user.username for mail in OutgoingMail.objects.filter(template=template).order_by("pk")]


def in_period(period) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(period.first_day + dt.timedelta(days=3), dt.time(19)))


def test_reminder_begins_with_its_local_day_and_comes_once(period):
    assert actions.remind_organisations(now=before(15, hour=23, minute=59)) == 0
    assert actions.remind_organisations(now=before(14)) == 1
    assert [actions.remind_organisations(now=before(days, hour=12)) for days in (14, 13, 4)] == [0, 0, 0]
    assert actions.remind_organisations(now=before(3)) == 1
    assert [actions.remind_organisations(now=before(days, hour=23)) for days in (3, 1, 0, -1)] == [0, 0, 0, 0]
    assert reminded() == ["anna", "anna"]


def test_only_the_later_one_is_sent_when_the_job_was_down(period):
    assert actions.remind_organisations(now=before(2)) == 1
    assert actions.remind_organisations(now=before(1)) == 0
    assert reminded() == ["anna"]
    assert ":3:" in OutgoingMail.objects.get(template="reporting/period_reminder").dedupe_key


def test_after_a_short_pause_the_job_catches_up(period):
    assert actions.remind_organisations(now=before(12)) == 1
    assert actions.remind_organisations(now=before(3)) == 1


def test_nothing_is_sent_after_the_deadline_or_once_it_is_closed(period, coordinator):
    assert actions.remind_organisations(now=before(-1)) == 0
    actions.close_period(period, actor=coordinator)
    assert actions.remind_organisations(now=before(14)) == 0
    assert reminded() == []


def test_period_that_nobody_was_called_for_reminds_nobody(organisation):
    make_period()
    assert actions.remind_organisations(now=before(14)) == 0
    assert reminded() == []


@pytest.mark.parametrize(("called", "expected"), [(15, [14, 3]), (14, [3]), (4, [3]), (3, []), (0, [])])
def test_reminder_whose_day_came_before_the_call_is_not_sent(organisation, coordinator, called, expected):
    period = make_period()
    actions.call_for_contributions(period, actor=coordinator, now=before(called, hour=9))
    sent = [DEADLINE - n for n in range(DEADLINE + 1) if actions.remind_organisations(now=at(n, hour=11))]
    assert sent == expected


def test_entries_and_answers_spare_the_reminder_but_drafts_do_not(period, organisation, coordinator):
    def other(name: str):
        organisation = OrganisationFactory(name=name)
        return organisation, member_of(organisation, username=name)

    published, _anybody = other("veroeffentlicht")
    submitted, member = other("eingereicht")
    drafts, _anybody = other("entwurf")
    nothing, answering = other("nichts")
    published_offering(organisation=published, dates=[in_period(period)])
    page = draft_offering(organisation=submitted, dates=[in_period(period)])
    submit_for_review(page, actor=member, reason="Bleibt dabei.")
    draft_offering(organisation=drafts, dates=[in_period(period)])
    # What lies outside the period is no contribution to it.
    published_offering(organisation=drafts, dates=[at(20, hour=19)])
    actions.answer_nothing(period, nothing, actor=answering)
    assert actions.remind_organisations(now=before(14)) == 2
    assert sorted(reminded()) == ["anna", "entwurf"]
    # Whoever takes the submission back has no entry any more.
    withdraw_from_review(type(page).objects.get(pk=page.pk), actor=member)
    assert actions.remind_organisations(now=before(3)) == 3
    assert sorted(reminded()) == ["anna", "anna", "eingereicht", "entwurf", "entwurf"]


def test_organisation_that_joined_since_is_reminded_unless_it_was_called_too_late(period, coordinator):
    never_called, called_late = OrganisationFactory(), OrganisationFactory()
    member_of(never_called, username="nie")
    actions.remind_organisations(now=before(14))
    assert reminded() == ["anna", "nie"]
    member_of(called_late, username="spaet")
    never_called.is_active = False
    never_called.save()
    assert actions.call_for_contributions(period, actor=coordinator, now=before(10)) == 1
    assert actions.remind_organisations(now=before(9)) == 0
    assert actions.remind_organisations(now=before(3)) == 2
    assert reminded() == ["anna", "nie", "anna", "spaet"]


def test_moved_deadline_reminds_anew(period, coordinator):
    assert actions.remind_organisations(now=before(14)) == 1
    period.deadline = day(DEADLINE + 14)
    actions.save_period(period, actor=coordinator)
    assert actions.remind_organisations(now=before(14, hour=12)) == 0
    assert actions.remind_organisations(now=before(0)) == 1
    assert actions.remind_organisations(now=before(-11)) == 1
    assert reminded() == ["anna", "anna", "anna"]


def test_job_tells_the_number(period, monkeypatch):
    moment = before(14, hour=8)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert jobs.remind_organisations() == 1
    assert jobs.remind_organisations() == 0


# Day by day over a year, beside a plain reference


def expected_reminders(called: dt.date, deadline: dt.date, run_days: list[dt.date]) -> list[tuple[dt.date, int]]:
    """By the words of the specification: on which day which reminder goes out, if the job runs on these days."""
    sent = []
    for run_day in run_days:
        if not called <= run_day <= deadline:
            continue
        begun = [days for days in (14, 3) if run_day >= deadline - dt.timedelta(days=days)]
        if not begun:
            continue
        latest = min(begun)
        if latest not in [days for _day, days in sent] and called < deadline - dt.timedelta(days=latest):
            sent.append((run_day, latest))
    return sent


@pytest.mark.thorough
def test_a_year_of_hourly_runs_sends_what_the_reference_says(organisation, coordinator):
    """Five periods over both changes of the clock; the job is down in some weeks, and runs every six hours in all others."""
    year = 2027
    deadlines = [dt.date(year, 1, 14), dt.date(year, 3, 28), dt.date(year, 4, 11), dt.date(year, 10, 31), dt.date(year, 11, 14)]
    leads = [40, 10, 14, 15, 2]
    down = {(dt.date(year, 10, 16) + dt.timedelta(days=n)) for n in range(14)}
    periods = []
    for number, (deadline, lead) in enumerate(zip(deadlines, leads, strict=True)):
        first = dt.date(2030, 1, 1) + dt.timedelta(days=40 * number)
        called = deadline - dt.timedelta(days=lead)
        period = ProgrammePeriod.objects.create(
            name=f"Zeitraum {number}", first_day=first, last_day=first + dt.timedelta(days=30), deadline=deadline
        )
        moment = timezone.make_aware(dt.datetime.combine(called, dt.time(0, 30)))
        actions.call_for_contributions(period, actor=coordinator, now=moment)
        periods.append((period.pk, called, deadline))
    run_days = [dt.date(2026, 12, 1) + dt.timedelta(days=n) for n in range(380)]
    run_days = [run_day for run_day in run_days if run_day not in down]
    sent = {pk: [] for pk, _called, _deadline in periods}
    for run_day, hour in itertools.product(run_days, (0, 6, 12, 23)):
        now = timezone.make_aware(dt.datetime.combine(run_day, dt.time(hour, 5)))
        known = set(OutgoingMail.objects.values_list("pk", flat=True))
        actions.remind_organisations(now=now)
        for mail in OutgoingMail.objects.exclude(pk__in=known):
            _template, _period, deadline, days, *_rest = mail.dedupe_key.split(":")
            assert dt.date.fromisoformat(deadline) == ProgrammePeriod.objects.get(pk=mail.params["period"]).deadline
            sent[mail.params["period"]].append((run_day, int(days)))
    assert sent == {pk: expected_reminders(called, deadline, run_days) for pk, called, deadline in periods}
    assert sum(map(len, sent.values())) == 2 + 1 + 1 + 1 + 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_the_same_moment_remind_once(period):
    other = OrganisationFactory()
    member_of(other, username="otto")
    outcomes = at_once(*(lambda: actions.remind_organisations(now=before(14, hour=8)) for _n in range(3)))
    assert sorted(outcomes) == [0, 0, 2]
    assert sorted(reminded()) == ["anna", "otto"]
