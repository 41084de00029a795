"""The texts themselves: complete, consistent, on sensible days, whatever day it is. No database."""

import datetime as dt
from dataclasses import asdict

import pytest

from ehrenamt_wagtail.circles.half_years import HalfYear
from example_site.demo.circles import CIRCLES
from example_site.demo.content import days, people, stories
from example_site.demo.dates import days_of, easter_sunday, is_closed, moment
from example_site.demo.figures import figures
from example_site.demo.programme import real_offerings, stock
from example_site.demo.register import rows

JOURNEYS = [
    stories.ORIGINAL, stories.NEAR_DUPLICATE, stories.FIRST_OF_CLASH, stories.SECOND_OF_CLASH, stories.RETURNED,
    stories.SECOND_ATTEMPT, stories.CHANGED, stories.CANCELLED, stories.ONE_DATE_CANCELLED, stories.OWN,
    *(offering for _days, offering in stories.WAITING),
]  # fmt: skip
DAYS = [real_offerings()[-1], *days.PAST_CHILDREN, days.COMING_DAY, *days.CHILDREN, days.ACCEPTED_CHILD, days.REQUESTED_CHILD]
OFFERINGS = [*stock(), *JOURNEYS, *DAYS]
ANY_DAY = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(0, 3 * 365, 3)]


def titled(title, offerings=OFFERINGS):
    return [offering for offering in offerings if offering.title == title]


def test_real_offerings_keep_title_weekday_and_time_of_day():
    today = dt.date(2026, 11, 24)
    for row in rows("real_offerings.csv"):
        (offering,) = titled(row["title"])
        announced = [dt.datetime.fromisoformat(date.split("/")[0]) for date in row["dates"].split("; ")]
        shown = days_of(offering.when, today)
        assert {(new - old.date()).days % 7 for new, old in zip(shown, announced, strict=True)} == {0}
        assert len({(new - old.date()).days for new, old in zip(shown, announced, strict=True)}) == 1
        assert [when.start for when in offering.when] == [old.strftime("%H:%M") for old in announced]
        ends = [date.split("/")[1][11:16] for date in row["dates"].split("; ")]
        assert [when.end for when in offering.when] == ends


def test_real_titles_are_used_with_their_kind():
    for row in rows("titles.csv"):
        found = titled(row["title"])
        assert found, row["title"]
        assert {offering.art for offering in found} == {row["kind"]}


@pytest.mark.parametrize("offering", OFFERINGS, ids=lambda offering: f"{offering.org}-{offering.title[:30]}")
def test_offering_is_complete_and_uses_only_its_own_or_shared_venues(offering):
    assert offering.summary and offering.when and offering.topics
    assert set(offering.topics) <= set(people.TOPICS)
    assert offering.org in people.ORGANISATIONS
    if offering.venue:
        name, town, _street, _code, owner, *_access, venue_rooms = people.VENUES[offering.venue]
        assert owner in ("", offering.org)
        assert offering.room in ("", *(room for room, _seats, _step_free in venue_rooms))
    else:
        assert offering.town and (offering.place or offering.mode == "online")
    for when in offering.when:
        assert when.start and (not when.end or when.start < when.end)


def test_texts_have_typographic_quotes_and_no_filler():
    for text in (value for thing in (*OFFERINGS, *CIRCLES) for value in asdict(thing).values() if isinstance(value, str)):
        assert '"' not in text
        assert "lorem" not in text.lower()
        assert text == text.strip()
        assert text.count("„") == text.count("“")


def test_no_two_texts_are_the_same():
    for things in (OFFERINGS, CIRCLES):
        summaries = [thing.summary for thing in things]
        assert len(set(summaries)) == len(summaries)
    for name in ("meets", "join", "wanted"):
        assert len({getattr(circle, name) for circle in CIRCLES}) == len(CIRCLES) == 28


def test_easter_is_known():
    assert [easter_sunday(year) for year in (2024, 2026, 2027, 2038)] == [
        dt.date(2024, 3, 31), dt.date(2026, 4, 5), dt.date(2027, 3, 28), dt.date(2038, 4, 25),
    ]  # fmt: skip
    assert is_closed(dt.date(2027, 3, 26)) and is_closed(dt.date(2026, 12, 24)) and not is_closed(dt.date(2026, 11, 24))


def test_dates_are_never_on_holidays_and_always_on_the_wanted_side_of_today():
    for today in ANY_DAY:
        upcoming = 0
        for offering in OFFERINGS:
            dates = days_of(offering.when, today)
            assert not any(is_closed(day) for day in dates), (today, offering.title)
            assert [day.weekday() for day in dates] == [when.weekday for when in offering.when]
            assert sorted(dates) == dates
            if all(when.week < 0 for when in offering.when):
                assert max(dates) < today
            if all(when.week > 0 for when in offering.when):
                assert min(dates) > today
                upcoming += 1
        assert upcoming >= 60


def test_clash_and_look_alike_share_their_evening_on_any_day():
    journey = titled("Fernreise Daheim")
    assert len(journey) == len({offering.org for offering in journey}) == 5
    for today in ANY_DAY:
        assert len({tuple(days_of(offering.when, today)) for offering in journey}) == 1
        first, second = (days_of(offering.when, today) for offering in (stories.FIRST_OF_CLASH, stories.SECOND_OF_CLASH))
        assert first == second
        (day,) = days_of(days.COMING_DAY.when, today)
        for child in (*days.CHILDREN, days.ACCEPTED_CHILD, days.REQUESTED_CHILD):
            assert days_of(child.when, today) == [day]


def test_evenings_stay_evenings_across_summer_time():
    assert moment(dt.date(2027, 3, 27), "19:00").utcoffset() == dt.timedelta(hours=1)
    assert moment(dt.date(2027, 3, 28), "19:00").utcoffset() == dt.timedelta(hours=2)
    assert moment(dt.date(2027, 3, 28), "19:00").hour == 19


def test_volunteers_rise_and_decline_to_about_a_thousand():
    latest = HalfYear(2026, 1)
    stated = [figures(circle, latest=latest) for circle in CIRCLES]
    total = {
        year: sum(own[half_year].volunteers for own in stated if (half_year := HalfYear(year, 1)) in own) for year in range(2015, 2027)
    }
    assert 950 <= total[2026] <= 1050
    assert total[2016] > total[2015] and total[2016] > 1.5 * total[2026]
    assert total[2016] > total[2018] > total[2021] < total[2022] > total[2024] > total[2026]
    for circle, own in zip(CIRCLES, stated, strict=True):
        assert min(own) == HalfYear(max(circle.since, 2015), 1) and own[latest].volunteers == circle.volunteers
        assert figures(circle, latest=latest) == own
