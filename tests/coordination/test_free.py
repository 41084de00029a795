"""The nearest free evenings: where a clashing date would be better off."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from ehrenamt_wagtail.coordination.clashes import Ignored
from ehrenamt_wagtail.coordination.free import nearest_free_evenings
from ehrenamt_wagtail.coordination.plans import Place
from ehrenamt_wagtail.days_off import school_holidays

from .scenarios import NOW, Day, Other, Own, World, span, weekly

pytestmark = pytest.mark.django_db


def evenings(world: World, when: str = "15.4. 19-21", **options) -> list[str]:
    """As „Do 22.04. 19:00–21:00“."""
    found = nearest_free_evenings(
        span(when),
        Place(**world.place(world.own)),
        {world.topic.pk},
        kind=world.own.kind,
        ignore=Ignored(offering_id=world.page.pk),
        now=options.pop("now", NOW),
        **options,
    )
    return [written(evening) for evening in found]


def written(evening) -> str:
    start, end = timezone.localtime(evening.starts_at), timezone.localtime(evening.ends_at)
    weekday = "Mo Di Mi Do Fr Sa So".split()[start.weekday()]
    return f"{weekday} {start.day}.{start.month}. {start:%H:%M}–{end:%H:%M}"


@pytest.fixture
def world():
    return World(Own())


def test_nearest_are_the_same_weekday_then_other_working_evenings(world):
    # The Thursday before and after are seven days away, Wednesday, Tuesday and Monday one to three and another weekday.
    assert evenings(world) == ["Do 8.4. 19:00–21:00", "Do 22.4. 19:00–21:00", "Mi 14.4. 19:00–21:00"]


def test_evenings_on_which_something_competes_are_left_out(world):
    world.add(Other("8.4. 19-21", topic=True))
    world.add(Other("22.4. 20-22"))
    world.add(Other("14.4. 17-18", town="home"))
    found = evenings(world, limit=10)
    assert not {"Do 8.4. 19:00–21:00", "Do 22.4. 19:00–21:00", "Mi 14.4. 19:00–21:00"} & set(found)
    assert found[0] == "Di 13.4. 19:00–21:00"


def test_weak_competition_counts_less_than_none_but_is_said(world):
    world.add(Other("22.4. 19-21", km=20))
    found = nearest_free_evenings(span("15.4. 19-21"), Place(**world.place(world.own)), (), now=NOW, limit=10)
    assert [written(evening) for evening in found][:3] == ["Do 8.4. 19:00–21:00", "Mi 14.4. 19:00–21:00", "Di 13.4. 19:00–21:00"]
    (weak,) = [evening for evening in found if evening.score]
    assert written(weak) == "Do 22.4. 19:00–21:00"
    assert [(reason.code, reason.points) for reason in weak.reasons] == [("overlap", 35), ("distance", 8)]
    assert weak.score == 43


def test_what_is_too_far_away_does_not_count(world):
    world.add(Other("8.4. 19-21", km=40, topic=True))
    assert evenings(world)[0] == "Do 8.4. 19:00–21:00"


def test_holidays_and_blocked_dates_are_left_out(world):
    world.block(Day("8.4."))
    found = evenings(world, limit=30)
    assert "Do 8.4. 19:00–21:00" not in found
    assert "Do 6.5. 19:00–21:00" not in found  # Ascension Day
    assert "Do 29.4. 19:00–21:00" in found


def test_school_holidays_come_only_after_everything_else(world):
    place = Place(**world.place(world.own))
    found = nearest_free_evenings(span("15.4. 19-21"), place, (), now=NOW, limit=100)
    days = [timezone.localtime(evening.starts_at).date() for evening in found]
    lies_in_them = [any(holidays.touches(day, day) for holidays in school_holidays(2027, 2027)) for day in days]
    assert True in lies_in_them
    assert lies_in_them == sorted(lies_in_them)


def test_evening_in_the_summer_holidays_is_moved_to_their_end_or_start(world):
    found = evenings(world, "26.8. 19-21")
    assert found == ["Do 16.9. 19:00–21:00", "Mo 13.9. 19:00–21:00", "Di 14.9. 19:00–21:00"]


def test_days_of_the_plans_other_dates_are_not_proposed(world):
    found = evenings(world, besides=weekly("8.4. 19-21", 3), limit=100)
    assert not {"Do 8.4. 19:00–21:00", "Do 22.4. 19:00–21:00"} & set(found)
    assert found[0] == "Mi 14.4. 19:00–21:00"
    assert "Do 29.4. 19:00–21:00" in found


def test_today_and_the_past_are_never_proposed(world):
    now = dt.datetime(2027, 4, 12, 9, 0, tzinfo=dt.UTC)
    found = evenings(world, limit=100, now=now)
    assert "Mo 12.4. 19:00–21:00" not in found
    assert "Do 8.4. 19:00–21:00" not in found
    assert "Di 13.4. 19:00–21:00" in found


def test_time_on_the_clock_stays_across_the_change_to_summer_time(world):
    date = span("18.3. 19-21")
    stored = replace(date, starts_at=date.starts_at.astimezone(dt.UTC), ends_at=date.ends_at.astimezone(dt.UTC))
    found = nearest_free_evenings(stored, Place(**world.place(world.own)), (), now=NOW, limit=100)
    assert "Do 8.4. 19:00–21:00" in [written(evening) for evening in found]


def test_weekend_stays_on_weekends(world):
    assert evenings(world, "17.4. 10-16") == ["Sa 10.4. 10:00–16:00", "Sa 24.4. 10:00–16:00", "So 18.4. 10:00–16:00"]


def test_exhibition_gets_no_proposal(world):
    assert evenings(world, "1.4.–31.5.") == []


@pytest.mark.parametrize("number", [1, 3, 300])
def test_queries_do_not_depend_on_what_is_planned(world, number, django_assert_max_num_queries):
    world.add(Other([span(f"{1 + n % 28}.{4 + n % 2}. {9 + n % 12}-22") for n in range(number)], km=1))
    with django_assert_max_num_queries(12):
        evenings(world, limit=3)
