"""Every figure of the catalogue equals an independent count; see ``tests/demo/test_figures.py`` for the whole demonstration."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import TaskState

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination.joins import accept_join, propose_join
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.reporting.figures.catalogue import figures
from ehrenamt_wagtail.reporting.figures.reading import Reading
from ehrenamt_wagtail.reporting.figures.spans import Span, half_year, half_years, year
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review
from tests import factories

from .comparing import assert_equal_everywhere

pytestmark = pytest.mark.django_db

EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.fixture
def site(ready_site):
    return ready_site


def days_around(days: int) -> Span:
    today = timezone.localdate()
    return Span(today - dt.timedelta(days=days), today + dt.timedelta(days=days))


def whole_days(first: int, last: int | None = None) -> models.Occurrence:
    today = timezone.localdate()
    end = None if last is None else today + dt.timedelta(days=last)
    return models.Occurrence(start_date=today + dt.timedelta(days=first), end_date=end)


def seat_figure(**facts) -> models.SeatFigure:
    values = {"title": "Abend", "kind": "training", "format": "workshop", "date": timezone.localdate()}
    return models.SeatFigure.objects.create(**{**values, **facts})


# Of everything a little


@pytest.fixture
def scene(site):
    """Something of each sort, in each state that counts and that does not."""
    towns = [factories.MunicipalityFactory(name=name) for name in ("Weil", "Calw", "Sindelfingen")]
    housing, law = factories.TopicFactory(focus="follow_up_housing"), factories.TopicFactory(focus="integration")
    church = factories.OrganisationFactory(kind="church", municipality=towns[0])
    other = factories.OrganisationFactory(kind="welfare", municipality=towns[1])
    in_two_towns = [
        models.Occurrence(start=factories.in_days(-3), end=factories.in_days(-3, 21, 30)),
        models.Occurrence(start=factories.in_days(4), venue=factories.VenueFactory(municipality=towns[1])),
    ]
    factories.published_offering(organisation=church, dates=in_two_towns, topics=[housing, law], training_format="workshop")
    factories.published_offering(organisation=other, dates=[whole_days(5, 7), whole_days(9)], model=models.VolunteerDayPage)
    long = models.Occurrence(start=factories.in_days(2, 18), end=factories.in_days(4, 12), mode="online")
    factories.published_offering(organisation=church, dates=[long], model=models.SupervisionPage, topics=[law])
    partly = factories.published_offering(organisation=other, dates=[factories.in_days(6), factories.in_days(8)])
    member = factories.member_of(other)
    cancel(partly, occurrence_uid=partly.occurrences.first().uid, actor=member)
    # Nothing else is in its town and on its topic.
    alone = factories.OrganisationFactory(municipality=factories.MunicipalityFactory(name="Bondorf"))
    off = factories.published_offering(
        organisation=alone, dates=[factories.in_days(6)], model=models.VolunteerDayPage, topics=[factories.TopicFactory()]
    )
    cancel(off, actor=factories.member_of(alone))
    factories.draft_offering(organisation=church)
    taken_off = factories.published_offering(organisation=church)
    taken_off.unpublish()
    factories.published_offering(organisation=church, dates=[factories.in_days(900)])
    seats()
    statements()
    reviews(church, other)
    kinds()
    rounds_of_thanks()


def rounds_of_thanks():
    for day, thanked in ((-3, 12), (0, None), (900, 99)):
        date = timezone.localdate() + dt.timedelta(days=day)
        models.ThanksRound.objects.create(
            title="Dank", day=date, deadline=date, thanked=thanked, circles=thanked and 3, deleted_at=thanked and timezone.now()
        )


def seats():
    people = {"offered": 10, "taken": 8, "waiting": 2, "attended": 6, "by_circle": {"A": 3, "B": 2}}
    seat_figure(municipality="Weil", organisation_kind="church", **people)
    seat_figure(offered=None, taken=4, attended=1, municipality="Calw", format="lecture", by_circle={"A": 1})
    seat_figure(offered=30, taken=30, attended=25, kind="volunteer_day", format="", municipality="Calw")
    seat_figure(offered=5, taken=5, kind="supervision", format="", attended=4)
    seat_figure(offered=99, taken=99, is_cancelled=True, by_circle={"A": 99})
    seat_figure(offered=7, taken=7, date=timezone.localdate() - dt.timedelta(days=900))


def statements():
    present = half_year(timezone.localdate())
    before = half_year(present.first - dt.timedelta(days=1))
    long_ago = half_year(present.first - dt.timedelta(days=900))
    gone = factories.circle_page(title="Aufgelöst")
    for span, circle, volunteers, groups in (
        (present, factories.circle_page(title="Stetig"), 40, 3),
        (before, factories.circle_page(title="Säumig"), 20, None),
        (before, gone, 15, 1),
        (long_ago, factories.circle_page(title="Stumm"), 30, 2),
    ):
        half = 1 if span.first.month == 1 else 2
        models.CircleFigure.objects.create(circle=circle, year=span.first.year, half=half, volunteers=volunteers, groups=groups)
    models.CircleFigure.objects.create(
        circle=circle, year=present.first.year, half=1, volunteers=4711, groups=99, is_current=False
    )
    gone.unpublish()


def reviews(church, other):
    coordinator = factories.coordinator_user()
    page, task_state = factories.submitted_offering(organisation=church, dates=[factories.in_days(40)])
    return_to_organisation(task_state, actor=coordinator, reasons=["date_clash"])
    member = factories.member_of(church)
    fresh = models.OfferingPage.objects.get(pk=page.pk).specific
    again = submit_for_review(fresh, actor=member, reason="Doch.")
    approve(again, actor=coordinator)
    back_date(TaskState.objects.get(pk=again.pk), 16)
    # Competes with the one before, so hints are shown.
    _page, task_state = factories.submitted_offering(organisation=other, dates=[factories.in_days(40)])
    return_to_organisation(task_state, actor=coordinator, reasons=["facts_missing"])
    back_date(task_state, 9)
    joining, _task_state = factories.submitted_offering(organisation=other, dates=[factories.in_days(41)])
    host = factories.published_offering(organisation=church, dates=[factories.in_days(41)])
    proposal = propose_join(joining, host, actor=coordinator)
    accept_join(proposal, actor=factories.member_of(other))
    accept_join(proposal, actor=factories.member_of(church))
    # Of a page that was deleted, and one that was not submitted here.
    models.ReviewDecision.objects.create(page_id=4711, outcome="returned", reasons=["similar_offering"], warnings=["Ähnlich"])
    models.ReviewDecision.objects.create(page_id=host.pk, outcome="approved", warnings=[])


def back_date(task_state, days: int) -> None:
    task_state.started_at -= dt.timedelta(days=days)
    task_state.save()


def kinds():
    today = timezone.localdate()
    for number, kind in enumerate(models.FigureKind.objects.all()):
        for back, days, value in ((0, 0, "3"), (5, 2, "12.50"), (200, 200, "7")):
            models.EnteredFigure.objects.create(
                kind=kind,
                first_day=today - dt.timedelta(days=back),
                last_day=today - dt.timedelta(days=back - days),
                value=Decimal(value) + number,
            )


def test_every_figure_equals_the_independent_count(scene):
    today = timezone.localdate()
    spans = [*half_years(6), year(today.year), days_around(10), days_around(60), Span(today, today)]
    found = assert_equal_everywhere(spans)
    # What is never counted would be right without a line of code.
    unseen = [name for name, amounts in found.items() if not any(amounts)]
    assert unseen == []


def test_rows_of_several_topics_or_towns_do_not_multiply(scene):
    span = days_around(60)
    reading = Reading([span])
    by_name = {figure.name: figure for figure in figures()}
    offerings, dates = by_name["offerings"], by_name["dates"]
    for figure in (offerings, dates):
        keys = [row.pk for row, _value in reading.entries(figure, span)]
        assert len(keys) == len(set(keys)) > 4
    by_focus = [reading.group_amount(dates, "focus", key, span) for key in reading.groups(dates, "focus", span)]
    assert sum(by_focus) > reading.amount(dates, span)


def test_day_on_which_the_clock_changes_counts_as_any_other(site):
    days = [dt.date(2027, 3, 27), dt.date(2027, 3, 28), dt.date(2027, 10, 31)]
    factories.published_offering(dates=[models.Occurrence(start_date=day) for day in days])
    [hours] = [figure for figure in figures() if figure.name == "hours"]
    reading = Reading([Span(day, day) for day in days])
    assert len({reading.amount(hours, span) for span in reading.spans}) == 1


# Any data


moments = st.tuples(st.integers(-200, 200), st.integers(0, 23), st.sampled_from([None, 1, 3, 24, 25, 40]))
some_days = st.tuples(st.just("days"), st.integers(-200, 200), st.sampled_from([None, 0, 3]))
some_dates = st.lists(st.one_of(moments.map(lambda m: ("moment", *m)), some_days), min_size=1, max_size=3)
some_offerings = st.lists(
    st.tuples(
        st.sampled_from([models.TrainingPage, models.SupervisionPage, models.VolunteerDayPage]),
        some_dates,
        st.sets(st.integers(0, 2)),
        st.sampled_from(["on_site", "online", "both"]),
        st.sampled_from(["none", "first", "whole"]),
    ),
    max_size=2,
)
some_seats = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.integers(-400, 400),
            "offered": st.none() | st.integers(0, 30),
            "taken": st.integers(0, 12),
            "waiting": st.integers(0, 6),
            "attended": st.integers(0, 12),
            "kind": st.sampled_from(["training", "supervision", "volunteer_day", "other"]),
            "format": st.sampled_from(["", "lecture", "exchange"]),
            "organisation_kind": st.sampled_from(["", "church", "district"]),
            "municipality": st.sampled_from(["", "Weil", "Calw"]),
            "by_circle": st.dictionaries(st.sampled_from("ABC"), st.integers(0, 9)),
            "is_cancelled": st.booleans(),
        }
    ),
    max_size=8,
)
some_decisions = st.lists(
    st.fixed_dictionaries(
        {
            "page": st.integers(1, 3),
            "days": st.integers(-400, 0),
            "outcome": st.sampled_from(["approved", "returned"]),
            "reasons": st.lists(st.sampled_from(["date_clash", "other", "similar_offering"]), max_size=2),
            "warnings": st.sampled_from([[], ["Am selben Abend"]]),
            "taken": st.none() | st.integers(0, 20),
            "warned": st.booleans(),
        }
    ),
    max_size=8,
)
some_statements = st.lists(st.tuples(st.integers(-3, 1), st.integers(0, 9), st.none() | st.integers(0, 3), st.booleans()), max_size=8)


def occurrence(kind: str, days: int, *rest) -> models.Occurrence:
    if kind == "days":
        return whole_days(days, None if rest[0] is None else days + rest[0])
    hour, hours = rest
    start = factories.in_days(days, hour)
    return models.Occurrence(start=start, end=start + dt.timedelta(hours=hours) if hours else None)


def build(offerings, seat_rows, decisions, circle_rows):
    today, now = timezone.localdate(), timezone.now()
    topics = [factories.TopicFactory(focus=focus) for focus in ("integration", "integration", "across")]
    organisation = factories.OrganisationFactory(kind="church")
    for model, dates, about, mode, cancelled in offerings:
        rows = [occurrence(*date) for date in dates]
        page = factories.published_offering(
            model=model, organisation=organisation, dates=rows, topics=[topics[number] for number in about], mode=mode
        )
        if cancelled != "none":
            uid = page.occurrences.first().uid if cancelled == "first" else None
            models.Cancellation.objects.create(offering_id=page.pk, occurrence_uid=uid)
    for row in seat_rows:
        facts = dict(row)
        seat_figure(date=today + dt.timedelta(days=facts.pop("days")), **facts)
    for number, row in enumerate(decisions, 1):
        # Keys of task states that are gone: what was decided stays.
        at = now + dt.timedelta(days=row["days"], minutes=number)
        key = None if row["taken"] is None else 900_000 + number
        models.ReviewDecision.objects.create(
            page_id=row["page"], task_state_id=key, at=at, **{name: row[name] for name in ("outcome", "reasons", "warnings")}
        )
        if key:
            models.ReviewRequest.objects.create(
                page_id=row["page"], task_state_id=key, at=at - dt.timedelta(days=row["taken"]), warnings=["Ähnlich"] * row["warned"]
            )
    circle = factories.circle_page()
    for back, volunteers, groups, is_current in circle_rows:
        span = half_years(4, until=today)[back - 1] if back < 0 else half_year(today)
        half = 1 if span.first.month == 1 else 2
        models.CircleFigure.objects.filter(circle=circle, year=span.first.year, half=half).update(is_current=False)
        models.CircleFigure.objects.create(
            circle=circle, year=span.first.year, half=half, volunteers=volunteers, groups=groups, is_current=is_current
        )


@EXAMPLES
@given(some_offerings, some_seats, some_decisions, some_statements)
def test_any_data_are_counted_as_by_hand(site, offerings, seat_rows, decisions, circle_rows):
    with transaction.atomic():
        build(offerings, seat_rows, decisions, circle_rows)
        assert_equal_everywhere([*half_years(2), days_around(30), days_around(300)])
        transaction.set_rollback(True)


# Queries


def read_everything() -> int:
    """The number of queries of reading every figure, group and row of it."""
    spans = half_years(6)
    with CaptureQueriesContext(connection) as queries:
        reading = Reading([*spans, days_around(100), days_around(200)])
        for figure in figures():
            for span in reading.spans:
                reading.amount(figure, span)
                for grouping in figure.groupings:
                    reading.groups(figure, grouping, span)
    return len(queries)


def test_number_of_queries_depends_on_nothing(site):
    circle = factories.circle_page()
    page = factories.published_offering(topics=[factories.TopicFactory()])
    planned = models.PlannedDate.objects.get(offering=page.pk)
    kind = models.FigureKind.objects.first()
    numbers = []
    for wanted in (1, 3, 300):
        present = models.SeatFigure.objects.count()
        for number in range(present, wanted):
            seat_figure(title=f"Abend {number}", by_circle={"A": 1})
            models.ReviewDecision.objects.create(page_id=page.pk, outcome="returned", reasons=["date_clash"])
            models.ReviewRequest.objects.create(page_id=page.pk, warnings=["Ähnlich"])
            models.EnteredFigure.objects.create(
                kind=kind, first_day=timezone.localdate(), last_day=timezone.localdate(), value=1
            )
            models.CircleFigure.objects.create(circle=circle, year=2025, volunteers=number, is_current=number == 0)
            add_date(planned, number)
        numbers.append(read_everything())
    assert models.PlannedDate.objects.count() == 301
    assert numbers[0] == numbers[1] == numbers[2] <= 20


def add_date(planned: models.PlannedDate, number: int) -> None:
    """Another row like it, past the app."""
    topics = list(planned.topics.all())
    copy = models.PlannedDate.objects.get(pk=planned.pk)
    copy.pk, copy.uid = None, models.Occurrence().uid
    copy.starts_at = timezone.now() - dt.timedelta(days=number % 90)
    copy.ends_at = copy.starts_at + dt.timedelta(hours=2)
    copy.save()
    copy.topics.set(topics)
