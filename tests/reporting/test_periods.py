"""What belongs to a period, what came too late for its brochure, and who has contributed."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, WorkflowState

from ehrenamt_wagtail.coordination.joins import accept_join, propose_join
from ehrenamt_wagtail.models import Occurrence, OfferingPage, Organisation, PeriodAnswer, PlannedDate, ProgrammePeriod
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.reporting.periods import (
    entered_at,
    last_day_of_editing,
    late_among,
    missed_by,
    missed_period,
    offerings_of_period,
    open_periods,
    period_of,
    stage_of,
)
from ehrenamt_wagtail.reporting.progress import Contribution, contribution_of, contributions, progress
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review, withdraw_from_review
from tests.factories import (
    OrganisationFactory,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
    submitted_offering,
)

from .periods import day, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "queued_jobs")]

SPRING = {"first_day": dt.date(2027, 2, 1), "last_day": dt.date(2027, 7, 31), "deadline": dt.date(2027, 1, 14)}


def local(*moment) -> dt.datetime:
    return timezone.make_aware(dt.datetime(*moment))


@pytest.fixture
def spring():
    return ProgrammePeriod.objects.create(name="Programm bis Juli 2027", **SPRING)


# Days


def test_each_day_belongs_to_one_period_at_most(spring):
    autumn = ProgrammePeriod.objects.create(
        name="Herbst", first_day=dt.date(2027, 8, 1), last_day=dt.date(2027, 12, 31), deadline=dt.date(2027, 7, 1)
    )
    assert period_of(dt.date(2027, 1, 31)) is None
    assert [period_of(dt.date(2027, month, 1)) for month in (2, 7, 8, 12)] == [spring, spring, autumn, autumn]
    assert period_of(dt.date(2027, 7, 31)) == spring


def test_deadline_lasts_to_the_end_of_its_local_day(spring):
    assert not spring.is_closed(local(2027, 1, 14, 23, 59, 59))
    assert spring.is_closed(local(2027, 1, 15))
    # The day on which clocks go forward has 23 hours.
    spring.deadline = dt.date(2027, 3, 28)
    assert spring.ends_editing_at == dt.datetime(2027, 3, 28, 22, tzinfo=dt.UTC)
    assert last_day_of_editing(spring) == dt.date(2027, 3, 28)
    spring.closed_at = local(2027, 1, 12, 10)
    assert last_day_of_editing(spring) == dt.date(2027, 1, 12)


def test_open_periods_are_those_that_were_called_and_take_contributions():
    called = make_period(called=-3)
    make_period(300, 400, 250)
    make_period(500, 600, 450, called=-3, closed_at=timezone.now())
    over = make_period(-100, 20, -10, called=-90)
    assert open_periods() == [called]
    assert [stage_of(period)[0] for period in (called, over)] == ["offen", "Redaktion beendet"]
    assert stage_of(over, timezone.now() + dt.timedelta(days=30)) == ("vorbei", False)


# What belongs to it


@pytest.fixture
def period():
    """From in sixty days to in 240 days; its deadline was five days ago."""
    return make_period(60, 240, -5, called=-40)


def test_what_is_published_and_touches_the_period_belongs_to_it(period):
    inside = [published_offering(dates=[moment]) for moment in (in_days(60, 0), in_days(240, 23))]
    series = published_offering(dates=[in_days(20), in_days(70)])
    days = published_offering(dates=[Occurrence(start_date=day(58), end_date=day(61))])
    published_offering(dates=[in_days(59)])
    published_offering(dates=[in_days(241, 0)])
    # A night that ends before six belongs to its evening.
    published_offering(dates=[Occurrence(start=in_days(59, 22), end=in_days(60, 2))])
    early = published_offering(dates=[Occurrence(start=in_days(59, 22), end=in_days(60, 7))])
    draft_offering(dates=[in_days(70)])
    cancelled = published_offering(dates=[in_days(70)])
    cancel(cancelled, actor=member_of(cancelled.organisation), reason="Krankheit")
    assert offerings_of_period(period) == sorted(page.pk for page in (*inside, series, days, early))


def test_what_not_everybody_can_read_is_no_part_of_the_public_period(period):
    page = published_offering(dates=[in_days(70)])
    PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type="login")
    assert offerings_of_period(period) == []


# What came too late


def started(page, moment) -> None:
    WorkflowState.objects.filter(object_id=str(page.pk)).update(created_at=moment)


def published(page, moment) -> None:
    OfferingPage.objects.filter(pk=page.pk).update(first_published_at=moment)


LAST_MOMENT = in_days(-4, 0) - dt.timedelta(seconds=1)
TOO_LATE = in_days(-4, 0)


def test_entered_is_the_first_submission_or_else_the_publication(period):
    page, task_state = submitted_offering(dates=[in_days(70)])
    started(page, LAST_MOMENT)
    approve(task_state, actor=coordinator_user())
    quiet = published_offering(dates=[in_days(71)])
    published(quiet, TOO_LATE)
    # A change of what was published without a review does not make it younger.
    changed = published_offering(dates=[in_days(72)])
    published(changed, in_days(-30))
    changed.refresh_from_db()
    changed.save_revision()
    submit_for_review(changed, actor=member_of(changed.organisation), reason="Der Raum ist ein anderer.")
    draft = draft_offering(dates=[in_days(73)])
    pages = [page.pk, quiet.pk, changed.pk, draft.pk]
    assert entered_at(pages) == {page.pk: LAST_MOMENT, quiet.pk: TOO_LATE, changed.pk: in_days(-30)}
    assert late_among(pages, period) == {quiet.pk}
    assert late_among([page.pk, draft.pk], period) == set()


def test_a_second_submission_does_not_make_it_late(period):
    page, _task_state = submitted_offering(dates=[in_days(70)])
    started(page, in_days(-10))
    member = member_of(page.organisation)
    withdraw_from_review(type(page).objects.get(pk=page.pk), actor=member)
    submit_for_review(type(page).objects.get(pk=page.pk), actor=member, reason="Bleibt dabei.")
    assert WorkflowState.objects.filter(object_id=str(page.pk)).count() == 2
    assert late_among([page.pk], period) == set()


def test_closing_early_and_opening_again_decide_what_is_late(period):
    page = published_offering(dates=[in_days(70)])
    published(page, in_days(-8, 12))
    assert late_among([page.pk], period) == set()
    period.closed_at = in_days(-8, 12)
    assert late_among([page.pk], period) == {page.pk}
    period.closed_at = in_days(-8, 12, 1)
    assert late_among([page.pk], period) == set()


def test_late_asks_the_same_number_of_queries_for_1_3_and_300_pages(period):
    page = published_offering(dates=[in_days(70)])
    ContentType.objects.get_for_model(Page)
    counted = []
    for number in (1, 3, 300):
        with CaptureQueriesContext(connection) as queries:
            assert late_among([page.pk, *range(900_000, 900_000 + number - 1)], period) == {page.pk}
        counted.append(len(queries))
    assert counted == [2, 2, 2]


def test_offering_misses_the_period_of_its_first_date(period):
    page = draft_offering(dates=[in_days(300), in_days(70)])
    assert missed_by(page, now=LAST_MOMENT) is None
    assert missed_by(page, now=TOO_LATE) == period
    assert missed_period(day(59), now=TOO_LATE) is None
    submit_for_review(page, actor=member_of(page.organisation), reason="Bleibt dabei.")
    started(page, LAST_MOMENT)
    assert missed_by(page, now=TOO_LATE) is None
    started(page, TOO_LATE)
    assert missed_by(page, now=LAST_MOMENT) == period


def test_draft_without_dates_misses_nothing(period):
    assert missed_by(draft_offering(dates=[]), now=TOO_LATE) is None


def test_offering_is_judged_by_the_first_date_that_takes_place(period):
    page = published_offering(dates=[in_days(70), in_days(300)])
    published(page, TOO_LATE)
    page.refresh_from_db()
    assert missed_by(page) == period
    first = min(page.occurrences.all(), key=Occurrence.span)
    cancel(page, actor=member_of(page.organisation), occurrence_uid=first.uid, reason="Krankheit")
    assert missed_by(type(page).objects.get(pk=page.pk)) is None


# Who has contributed


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Caritas")


def test_each_offering_counts_once_by_its_dates_in_the_period(organisation):
    period = make_period(called=-3)
    member, coordinator, at = member_of(organisation), coordinator_user(), day(100)
    dates = [timezone.make_aware(dt.datetime.combine(at + dt.timedelta(days=n), dt.time(19))) for n in range(3)]
    facts = {"organisation": organisation, "dates": dates, "title": "Reihe"}
    assert contribution_of(period, organisation.pk) == Contribution()
    draft_offering(**facts)
    assert contribution_of(period, organisation.pk) == Contribution(drafts=1)
    assert contribution_of(period, organisation.pk).is_missing
    _page, first = submitted_offering(actor=member, **facts)
    _page, second = submitted_offering(actor=member, **facts)
    submitted_offering(actor=member, **facts)
    approve(first, actor=coordinator)
    return_to_organisation(second, actor=coordinator, reasons=["date_clash"])
    found = contribution_of(period, organisation.pk)
    assert found == Contribution(approved=1, waiting=1, returned=1, drafts=1)
    assert (found.submitted, found.has_entry, found.is_missing) == (3, True, False)


def test_published_offering_with_a_pending_change_counts_as_approved(organisation):
    period = make_period(called=-3)
    page = published_offering(organisation=organisation, dates=[in_period(period)])
    changed = page.get_latest_revision_as_object()
    (date,) = changed.occurrences.all()
    date.start += dt.timedelta(days=1)
    changed.occurrences = [date]
    changed.save_revision()
    assert PlannedDate.objects.filter(offering=page.pk).count() == 2
    assert contribution_of(period, organisation.pk) == Contribution(approved=1)


def in_period(period, days: int = 5) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(period.first_day + dt.timedelta(days=days), dt.time(19)))


def test_cancelled_and_other_dates_do_not_count(organisation):
    period = make_period(called=-3)
    published_offering(organisation=organisation, dates=[in_period(period, -10)])
    page = published_offering(organisation=organisation, dates=[in_period(period)])
    cancel(page, actor=member_of(organisation), reason="Krankheit")
    assert contribution_of(period, organisation.pk) == Contribution()


def test_organisation_that_joined_another_has_contributed(organisation):
    period = make_period(called=-3)
    coordinator, other = coordinator_user(), OrganisationFactory()
    mine = draft_offering(organisation=organisation, dates=[in_period(period)])
    host = published_offering(organisation=other, dates=[in_period(period)])
    proposal = propose_join(mine, host, actor=coordinator)
    for actor in (member_of(organisation), member_of(other)):
        accept_join(proposal, actor=actor)
    assert contribution_of(period, organisation.pk) == Contribution(approved=1)
    assert contribution_of(period, other.pk) == Contribution(approved=1)


def test_answer_counts_until_something_is_submitted(organisation):
    period = make_period(called=-3)
    PeriodAnswer.objects.create(period=period, organisation=organisation)
    found = contribution_of(period, organisation.pk)
    assert (found.said_nothing, found.is_missing, found.in_words()) == (True, False, "dieses Mal nichts")
    published_offering(organisation=organisation, dates=[in_period(period)])
    found = contribution_of(period, organisation.pk)
    assert (found.has_entry, found.in_words()) == (True, "beigetragen")
    assert contributions(period, [OrganisationFactory().pk]) == {}


def test_table_shows_active_organisations_and_others_that_contribute(organisation):
    period = make_period(called=-3)
    OrganisationFactory(name="Alt", is_active=False)
    given_up = OrganisationFactory(name="Bund", is_active=False)
    published_offering(organisation=given_up, dates=[in_period(period)])
    district = OrganisationFactory(name="Landkreis", kind=Organisation.Kind.DISTRICT)
    member_of(district)
    member_of(district, email="")
    member_of(district, is_active=False)
    found = progress(period)
    assert [(row.organisation.name, row.people) for row in found.rows] == [("Bund", 0), ("Caritas", 0), ("Landkreis", 1)]
    assert [row.organisation.name for row in found.missing()] == ["Caritas", "Landkreis"]
    assert dict(found.numbers())["Veranstalter haben beigetragen"] == 1
    assert dict(found.numbers())["fehlen noch"] == 2


def test_progress_asks_the_same_number_of_queries_for_1_3_and_300_organisations():
    period = make_period(called=-3)
    counted, page = [], published_offering(dates=[in_period(period)])
    for wanted in (1, 3, 300):
        present = Organisation.objects.count()
        Organisation.objects.bulk_create(
            Organisation(name=f"Verein Nr. {n:03}", slug=f"verein-nr-{n}", kind="other") for n in range(present, wanted)
        )
        with CaptureQueriesContext(connection) as queries:
            rows = progress(period).rows
        assert len(rows) == wanted
        counted.append(len(queries))
    assert counted == [counted[0]] * 3
    assert page.organisation_id in {row.organisation.pk for row in rows}
