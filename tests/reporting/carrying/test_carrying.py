"""Carrying a period over: which offerings, which dates, and once each."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail import models
from ehrenamt_wagtail.models import CarriedOver, LongJob, ProgrammePeriod
from ehrenamt_wagtail.programme import actions
from ehrenamt_wagtail.reporting import carrying, long_jobs
from tests.factories import (
    OrganisationFactory,
    draft_offering,
    member_of,
    offering_with_sign_up,
    published_offering,
    sign_up_of,
)

from .carried import SOURCE, at, copies, local_starts, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site")]


# Which offerings and which dates


def test_offering_becomes_a_draft_of_its_organisation_with_weekday_and_hour(carry, period, coordinator):
    organisation = OrganisationFactory()
    maker = member_of(organisation)
    original = published_offering(organisation=organisation, title="Asylrecht", dates=[at(3, 14), at(4, 11)], owner=maker)
    carry()
    (copy,) = copies(period)
    assert not copy.live and copy.first_published_at is None
    assert copy.organisation == organisation and copy.title == "Asylrecht"
    # Both Thursdays, the second in summer time; 52 weeks later.
    assert local_starts(copy) == [dt.datetime(2031, 3, 13, 19), dt.datetime(2031, 4, 10, 19)]
    assert copy.get_latest_revision_as_object().occurrences.count() == 2
    assert not set(copy.occurrences.values_list("uid", flat=True)) & set(original.occurrences.values_list("uid", flat=True))
    # Who made it is who is asked about it; the log names who carried it over.
    assert copy.owner == maker
    assert {user for _action, user in creation_of(copy)} == {coordinator}
    assert copy.get_latest_revision_as_object().owner == maker
    original.refresh_from_db()
    assert original.live and local_starts(original)[0].year == 2030


def creation_of(page) -> list:
    return [(entry.action, entry.user) for entry in PageLogEntry.objects.filter(page=page.pk, action="wagtail.create")]


def test_only_what_was_published_in_the_source_is_carried_over(carry, period, coordinator):
    published_offering(title="Drin", dates=[at(2, 1, 9)])
    published_offering(title="Letzter Tag", dates=[at(7, 31, 22)])
    published_offering(title="Davor", dates=[at(1, 31, 23)])
    published_offering(title="Danach", dates=[at(8, 1, 0)])
    draft_offering(title="Entwurf", dates=[at(3, 14)])
    supervision = published_offering(model=models.SupervisionPage, title="Supervision", dates=[at(3, 14)])
    assert supervision.live
    published_offering(title="Ohne Veranstalter", dates=[at(3, 14)], organisation=OrganisationFactory(is_active=False))
    whole = published_offering(title="Abgesagt", dates=[at(3, 14)])
    actions.cancel(whole, actor=member_of(whole.organisation), reason="krank")
    goes_on = published_offering(title="Geht weiter", dates=[at(3, 14), at(3, 13, year=2031)])
    assert goes_on.live
    hidden = published_offering(title="Zurückgezogen", dates=[at(3, 14)])
    hidden.unpublish()
    # What is shown before is what is made.
    shown = [candidate.title for candidate in carrying.candidates_for(period, carrying.Span(*SOURCE))]
    carry()
    assert titles(period) == shown == ["Drin", "Letzter Tag"]


def test_dates_outside_the_source_and_unpublished_changes_stay_behind(carry, period):
    organisation = OrganisationFactory()
    original = published_offering(organisation=organisation, title="Reihe", dates=[at(1, 17), at(2, 14), at(3, 14)])
    second = original.occurrences.order_by("starts_at")[1]
    actions.cancel(original, actor=member_of(organisation), occurrence_uid=second.uid, reason="krank")
    changed = original.get_latest_revision_as_object()
    changed.title = "Noch nicht freigegeben"
    actions.save_draft(changed, base_revision_id=original.latest_revision_id, actor=member_of(organisation))
    carry()
    (copy,) = copies(period)
    assert copy.title == "Reihe"
    # A single date that was cancelled is planned anew.
    assert local_starts(copy) == [dt.datetime(2031, 2, 13, 19), dt.datetime(2031, 3, 13, 19)]


def test_settings_of_the_sign_up_go_along_and_nobody_who_signed_up(carry, period):
    page, plan = offering_with_sign_up(page=published_offering(dates=[at(3, 14)]), capacity=12)
    sign_up_of(plan)
    carry()
    (copy,) = copies(period)
    assert [plan.capacity for plan in models.SeatPlan.objects.filter(offering=copy.pk)] == [12]
    assert models.SignUp.objects.filter(plan__offering=copy.pk).count() == 0
    assert models.SignUp.objects.filter(plan__offering=page.pk).count() == 1


def test_child_of_a_volunteer_day_comes_to_stand_beside_the_day(carry, period):
    day = published_offering(model=models.VolunteerDayPage, title="Ehrenamtstag", dates=[at(5, 10)])
    published_offering(day, title="Stand des Vereins", dates=[at(5, 10, 11)])
    carry()
    day_copy, stand = copies(period)
    assert (day_copy.title, stand.title) == ("Ehrenamtstag", "Stand des Vereins")
    assert stand.get_parent().pk == day_copy.get_parent().pk == day.get_parent().pk


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # 1 February 2030 is a Friday; 52 weeks later is 31 January, a day before the period: it moves a week further.
        ([(2, 1)], [dt.date(2031, 2, 7)]),
        ([(2, 2)], [dt.date(2031, 2, 1)]),
        ([(7, 31)], [dt.date(2031, 7, 30)]),
        # A series keeps its distances, and its beginning counts.
        ([(2, 1), (7, 31)], [dt.date(2031, 2, 7), dt.date(2031, 8, 6)]),
    ],
)
def test_dates_keep_weekday_and_place_in_the_period(carry, period, days, expected):
    original = published_offering(dates=[at(*day) for day in days])
    carry()
    (copy,) = copies(period)
    assert [start.date() for start in local_starts(copy)] == expected
    assert [start.weekday() for start in local_starts(copy)] == [start.weekday() for start in local_starts(original)]


def test_last_days_move_a_week_less_if_they_would_slip_out_of_the_period(carry, period):
    # From a half-year that ends on a later day of the year.
    published_offering(title="Ende", dates=[at(8, 2)])
    carry(source=(dt.date(2030, 2, 4), dt.date(2030, 8, 4)))
    (copy,) = copies(period)
    # 52 weeks later is 1 August, a day too late.
    assert local_starts(copy)[0].date() == dt.date(2031, 7, 25)


def test_of_a_longer_source_only_what_has_its_place_in_the_period(carry, period):
    published_offering(title="März", dates=[at(3, 14)])
    published_offering(title="Oktober", dates=[at(10, 10)])
    carry(source=(dt.date(2030, 2, 1), dt.date(2031, 1, 31)))
    assert titles(period) == ["März"]


def test_half_year_just_before_is_a_source_too(carry, period):
    published_offering(title="Herbst", dates=[at(9, 12)])
    source = ProgrammePeriod.objects.create(
        name="Herbst 2030", first_day=dt.date(2030, 8, 1), last_day=dt.date(2031, 1, 31), deadline=dt.date(2030, 6, 15)
    )
    carry(source=source)
    (copy,) = copies(period)
    # 26 weeks later, a Thursday as before.
    assert local_starts(copy) == [dt.datetime(2031, 3, 13, 19)]


def test_whole_days_move_as_days(carry, period):
    original = published_offering(dates=[models.Occurrence(start_date=dt.date(2030, 5, 10), end_date=dt.date(2030, 5, 12))])
    assert original.live
    carry()
    (copy,) = copies(period)
    (date,) = copy.occurrences.all()
    assert (date.start_date, date.end_date, date.start) == (dt.date(2031, 5, 9), dt.date(2031, 5, 11), None)


# Once each


def test_carrying_over_twice_makes_nothing_twice(carry, period):
    for number in range(3):
        published_offering(title=f"Abend {number}", dates=[at(3, 14 + number)])
    first = carry()
    assert (first.status, first.message) == (
        "done",
        "3 Entwürfe sind vorbereitet. Sie sind für 3 Veranstalter; wer für sie handelt, hat eine E-Mail bekommen.",
    )
    made = {page.pk for page in copies(period)}
    mails = models.OutgoingMail.objects.count()
    second = carry()
    assert second != first and second.status == "done"
    assert second.message == "Es gab nichts Neues zu übernehmen."
    assert {page.pk for page in copies(period)} == made and models.OfferingPage.objects.count() == 6
    assert models.OutgoingMail.objects.count() == mails


def test_deleted_draft_does_not_come_back(carry, period):
    organisation = OrganisationFactory()
    published_offering(organisation=organisation, dates=[at(3, 14)])
    carry()
    (copy,) = copies(period)
    actions.delete_draft(copy, actor=member_of(organisation))
    assert CarriedOver.objects.get().copy is None
    assert carry().message == "Es gab nichts Neues zu übernehmen."
    assert copies(period) == [] and models.OfferingPage.objects.count() == 1


def test_same_original_goes_into_each_period_once(carry, period):
    published_offering(dates=[at(3, 14)])
    next_one = ProgrammePeriod.objects.create(
        name="2032", first_day=dt.date(2032, 2, 1), last_day=dt.date(2032, 7, 31), deadline=dt.date(2031, 12, 15)
    )
    carry()
    carry(to=next_one)
    (first,), (second,) = copies(period), copies(next_one)
    assert (local_starts(first)[0].date(), local_starts(second)[0].date()) == (dt.date(2031, 3, 13), dt.date(2032, 3, 11))


def test_draft_whose_row_was_lost_is_found_by_its_key(carry, period):
    """Not even a row that somebody deleted leads to a double: the draft has its place as a translation key."""
    published_offering(dates=[at(3, 14)])
    carry()
    CarriedOver.objects.all().delete()
    candidate = carrying.candidates_for(period, carrying.Span(*SOURCE))[0]
    with pytest.raises(Exception, match=r"(?i)unique"):
        carrying.carry_one(candidate, LongJob.objects.get(), period)
    assert models.OfferingPage.objects.count() == 2


def test_killed_job_goes_on_where_it_was(period, coordinator, monkeypatch, django_capture_on_commit_callbacks, queued_jobs):
    organisation = OrganisationFactory()
    member_of(organisation, email="team@post.example")
    for number in range(5):
        published_offering(organisation=organisation, title=f"Abend {number}", dates=[at(3, 14 + number)])
    job = carrying.carry_over(period, SOURCE, actor=coordinator)
    reports, carry_one = [], carrying.carry_one

    def die_in_the_third(*args):
        if CarriedOver.objects.count() == 2:
            raise KeyboardInterrupt
        carry_one(*args)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(carrying, "carry_one", die_in_the_third)
        long_jobs.run(job.pk)
    assert titles(period) == ["Abend 0", "Abend 1"]
    assert not models.OutgoingMail.objects.filter(template=carrying.CARRIED).exists()
    LongJob.objects.filter(pk=job.pk).update(seen_at=timezone.now() - long_jobs.ABANDONED_AFTER - dt.timedelta(seconds=1))
    monkeypatch.setattr(long_jobs, "_report_for", lambda job: lambda done, total: reports.append((done, total)))
    long_jobs.run(job.pk)
    assert titles(period) == [f"Abend {number}" for number in range(5)]
    # Progress goes on from there, too, and the one mail names all five.
    assert reports == [(2, 5), (3, 5), (4, 5)]
    (message,) = models.OutgoingMail.objects.filter(template=carrying.CARRIED)
    assert len(message.params["carried"]) == 5


@pytest.mark.expected_errors("cannot be carried over: ZeroDivisionError")
def test_offering_that_cannot_be_copied_keeps_no_other_from_its_draft(
    period, coordinator, monkeypatch, django_capture_on_commit_callbacks, queued_jobs
):
    for number in range(3):
        published_offering(title=f"Abend {number}", dates=[at(3, 14 + number)])
    copy = actions.carry_over

    def fail_for_one(page, **facts):
        made = copy(page, **facts)
        if page.title == "Abend 1":
            raise ZeroDivisionError
        return made

    monkeypatch.setattr(actions, "carry_over", fail_for_one)
    job = carrying.carry_over(period, SOURCE, actor=coordinator)
    with pytest.MonkeyPatch.context() as patch:
        # The attempts before the last one are as good as failed.
        patch.setattr(long_jobs.logger, "error", lambda *args: None)
        for attempt in (1, 2):
            long_jobs.run(job.pk)
            job.refresh_from_db()
            assert (job.status, job.attempts) == ("waiting", attempt)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "done"
    assert job.message.endswith("1 Angebot ließ sich nicht kopieren und muss von Hand kopiert werden: Abend 1")
    assert titles(period) == ["Abend 0", "Abend 2"]
    assert models.OfferingPage.objects.count() == 5


def test_what_is_withdrawn_or_deleted_meanwhile_is_passed_over(period, coordinator, queued_jobs):
    pages = [published_offering(title=f"Abend {number}", dates=[at(3, 14 + number)]) for number in range(3)]
    candidates = carrying.candidates_for(period, carrying.Span(*SOURCE))
    pages[0].unpublish()
    pages[1].delete()
    job = LongJob.objects.create(kind=carrying.KIND, subject="period:1", started_by=coordinator)
    for candidate in candidates:
        carrying.carry_one(candidate, job, period)
    assert titles(period) == ["Abend 2"]
