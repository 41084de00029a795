"""How clashes are found: nothing lost, nothing counted twice, the same few queries whatever there is."""

import datetime as dt
import random
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination import clashes as module
from ehrenamt_wagtail.coordination.checks import check_plan
from ehrenamt_wagtail.coordination.clashes import Ignored, clashes_of, find_clashes, find_matches, match_of
from ehrenamt_wagtail.coordination.models import PlannedDate
from ehrenamt_wagtail.coordination.plans import Place, Plan, PlannedSpan, plan_of
from ehrenamt_wagtail.coordination.scoring import Candidate, parts_of
from ehrenamt_wagtail.coordination.visibility import Viewer
from ehrenamt_wagtail.programme.actions import cancel
from tests.factories import (
    OrganisationFactory,
    TopicFactory,
    draft_offering,
    in_days,
    member_of,
    published_offering,
)

from .scenarios import HOME, KM, NOW, Day, Other, Own, World, span, weekly

pytestmark = pytest.mark.django_db


def queries(function) -> int:
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)


def random_rows(world: World, number: int, seed: int = 1) -> None:
    """Dates of two weeks around the own one, near and far, of every sort."""
    chance = random.Random(seed)
    rows = []
    for _number in range(number):
        start = span("15.4. 19-21").starts_at + dt.timedelta(minutes=chance.randrange(-10_000, 10_000))
        is_all_day = chance.random() < 0.1
        if is_all_day:
            start = timezone.make_aware(dt.datetime.combine(timezone.localtime(start).date(), dt.time.min))
        length = dt.timedelta(days=chance.choice([1, 2, 20])) if is_all_day else dt.timedelta(hours=chance.choice([1, 2, 8, 50]))
        mode = chance.choice(["on_site", "on_site", "on_site", "online", "both"])
        is_located = mode != "online" and chance.random() < 0.9
        rows.append(
            PlannedDate(
                offering_id=world.page.pk,
                uid=uuid.uuid4(),
                state="published",
                starts_at=start,
                ends_at=start + length,
                is_all_day=is_all_day,
                mode=mode,
                latitude=HOME[0] + chance.uniform(-50, 50) * KM if is_located else None,
                longitude=HOME[1] + chance.uniform(-50, 50) * KM if is_located else None,
                art=chance.choice(["fortbildung", "vortrag"]),
            )
        )
    PlannedDate.objects.bulk_create(rows)


@pytest.mark.parametrize("mode", ["on_site", "online", "both"])
def test_database_leaves_out_nothing_that_competes(mode):
    world = World(Own(mode=mode))
    random_rows(world, 400)
    place = Place(**world.place(world.own))
    dates = [*weekly("15.4. 19-21", 2), span("13.4."), span("16.4. 22-2")]
    everything = [Candidate._make(row) for row in PlannedDate.objects.values_list(*Candidate._fields)]
    expected = set()
    for date in dates:
        for other in everything:
            parts, _distance = parts_of(date, place, other, "", "fortbildung", ())
            if match_of(date, parts):
                expected.add((date, other.pk))
    found = find_matches(dates, place, (), "", "fortbildung", now=NOW)
    assert {(match.date, match.planned.pk) for match in found if match.planned} == expected
    assert len(expected) > 20


def test_strongest_come_first_and_are_kept_by_the_limit():
    world = World(Own())
    world.add(Other(km=20))
    world.add(Other(topic=True))
    world.add(Other(km=1))
    world.block(Day())
    scores = [clash.score for clash in world.clashes()]
    assert scores == [85, 80, 59, 43]
    assert [clash.score for clash in world.clashes(limit=2)] == [85, 80]


def test_dates_that_are_to_be_ignored_do_not_compete():
    world = World(Own())
    world.add(Other(topic=True))
    uid = PlannedDate.objects.get().uid
    assert len(world.clashes()) == 1
    assert find_clashes([span("15.4. 19-21")], Place(), (), "", "", ignore=Ignored(uids=[uid]), now=NOW) == []


def test_series_has_one_entry_for_each_other_offering_and_day():
    world = World(Own(weekly("15.4. 19-21", 6)))
    world.add(Other(weekly("15.4. 19-21", 6)))
    world.add(Other("22.4. 19-21", topic=True))
    world.block(Day("20.4.–30.4."))
    found = world.clashes()
    blocked = [clash for clash in found if clash.day and clash.day.kind == "blocked"]
    assert [clash.further for clash in blocked] == [1]
    assert [(clash.score, clash.further) for clash in found if clash.planned] == [(85, 0), (57, 5)]


def test_points_never_add_up_to_more_than_a_hundred(settings):
    settings.EHRENAMT = {"CLASH_WEIGHTS": {"overlap": 90, "topic": 50}}
    world = World(Own())
    world.add(Other(topic=True))
    (clash,) = world.clashes()
    assert [(reason.code, reason.points) for reason in clash.reasons] == [("overlap", 90), ("distance", 10), ("topic", 0)]
    assert clash.score == 100


def test_weights_and_distances_are_settings(settings):
    world = World(Own())
    world.add(Other())
    assert [clash.score for clash in world.clashes()] == [57]
    settings.EHRENAMT = {"CLASH_WEIGHTS": {"overlap": 60}}
    (clash,) = world.clashes()
    assert (clash.score, clash.is_strong) == (82, True)
    settings.EHRENAMT = {"CLASH_DISTANCE_KM": 3}
    assert world.clashes() == []
    settings.EHRENAMT = {"CLASH_STRONG": 50}
    assert world.clashes()[0].is_strong
    settings.EHRENAMT = {"CLASH_MENTIONED": 58}
    assert world.clashes() == []


def test_gap_between_two_dates_is_a_setting(settings):
    world = World(Own("15.4. 14-16"))
    world.add(Other("15.4. 18-19", km=0.5))
    assert [clash.reasons[0].code for clash in world.clashes()] == ["gap"]
    settings.EHRENAMT = {"CLASH_GAP_HOURS": 1.5}
    assert world.clashes() == []


def test_reasons_are_german_sentences():
    world = World(Own())
    world.add(Other("15.4. 17", topic=True))
    (clash,) = world.clashes()
    assert [reason.text for reason in clash.reasons] == [
        "am selben Abend",
        "4 km entfernt",
        "gemeinsames Thema: Asylrecht",
        "ohne Ende angegeben, mit 2 Stunden gerechnet",
    ]


@pytest.mark.parametrize("own_dates", [1, 100])
def test_queries_depend_neither_on_rows_nor_on_own_dates(own_dates):
    world = World(Own(weekly("15.4. 19-21", own_dates)))
    world.block(Day())
    world.add(Other(topic=True))
    counts = [queries(world.clashes)]
    for number in (2, 297):
        for _number in range(number if number < 10 else 1):
            world.add(Other([span("15.4. 19-21") for _date in range(number)], topic=True))
        counts.append(queries(world.clashes))
    # For the family of the offering, the candidates, their topics, the register and the rows to show.
    assert len(set(counts)) == 1
    assert counts[0] <= 7


def test_row_that_has_gone_in_between_is_left_out(monkeypatch):
    world = World(Own())
    world.add(Other())
    real = module.find_matches

    def and_gone(*args, **options):
        found = list(real(*args, **options))
        PlannedDate.objects.all().delete()
        return found

    monkeypatch.setattr(module, "find_matches", and_gone)
    assert world.clashes() == []


# With real offerings


@pytest.fixture
def programme(ready_site):
    return ready_site[0]


def test_draft_of_another_organisation_competes_until_it_is_cancelled_or_deleted(programme):
    topic = TopicFactory()
    own = draft_offering(topics=[topic])
    other = published_offering(topics=[topic])
    (clash,) = clashes_of(plan_of(own))
    assert clash.planned.offering_id == other.pk
    assert clash.is_strong
    cancel(other, actor=member_of(other.organisation), reason="Krankheit")
    assert clashes_of(plan_of(own)) == []


def test_offering_that_joins_a_volunteer_day_does_not_compete_with_it(programme):
    day = published_offering(model=models.VolunteerDayPage, title="Ehrenamtstag")
    own = draft_offering(parent=day)
    beside = draft_offering()
    assert [clash.planned.offering_id for clash in clashes_of(plan_of(own))] == [beside.pk]
    assert {clash.planned.offering_id for clash in clashes_of(plan_of(beside))} == {day.pk, own.pk}


def test_check_warns_where_school_holidays_are_not_known():
    start = timezone.make_aware(dt.datetime(2029, 11, 8, 19))
    plan = Plan(dates=(PlannedSpan(start, start + dt.timedelta(hours=2)),))
    (notice,) = check_plan(plan, Viewer(), now=NOW).notices
    assert "2029" in notice
    known = PlannedSpan(in_days(20), in_days(20, 21))
    assert check_plan(Plan(dates=(known,)), Viewer(), now=NOW).notices == ()


def test_sentence_says_how_many_further_dates_compete(programme):
    other = published_offering(dates=[in_days(10), in_days(17), in_days(24)], organisation=OrganisationFactory())
    own = draft_offering(dates=[in_days(10), in_days(17), in_days(24)], organisation=other.organisation)
    found = [shown for shown in check_plan(plan_of(own), Viewer()).clashes if shown.other]
    assert [shown.clash.further for shown in found] == [2]
    assert found[0].sentence.endswith(", und 2 weitere Termine")
