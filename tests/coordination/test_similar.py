import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from ehrenamt_wagtail.coordination.plans import plan_of
from ehrenamt_wagtail.coordination.similar import find_similar
from ehrenamt_wagtail.models import CoHost, DateHold, Occurrence
from ehrenamt_wagtail.programme.actions import cancel
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    VenueFactory,
    draft_offering,
    in_days,
    make_site,
    member_of,
    published_offering,
)

from .pairs import judge, precision_and_recall, read_pairs

pytestmark = pytest.mark.django_db

# What ``benchmarks/similar.py`` prints; the same on every database.
FOUND = {"precision": 0.83, "recall": 0.88}


@pytest.fixture
def programme():
    return make_site(setup=False)[0]


@pytest.fixture
def topic():
    return TopicFactory()


@pytest.fixture
def town():
    return MunicipalityFactory(latitude=48.6, longitude=8.9)


@pytest.fixture
def page(programme, topic, town):
    return draft_offering(title="Asylrecht Grundlagen", municipality=town, topics=[topic], dates=[in_days(30)])


@pytest.fixture
def another(programme, topic, town):
    def make(title="Grundlagen des Asyl- und Aufenthaltsrechts", days=40, **facts):
        facts = {"municipality": town, "topics": [topic], **facts}
        return draft_offering(title=title, dates=[in_days(days)], **facts)

    return make


def found(page, **facts) -> list:
    return [near.planned.offering_id or near.planned.hold_id for near in find_similar(replace(plan_of(page), **facts))]


def labelled() -> list:
    return judge(read_pairs())


def assert_as_good_as_we_say(answers) -> None:
    assert len(answers) >= 60
    precision, recall = precision_and_recall(answers)
    assert precision >= FOUND["precision"]
    assert recall >= FOUND["recall"]
    # Whoever looks first: the score is the same from both sides.
    assert [answer.pair.title for answer in answers if answer.score != answer.back] == []


def test_labelled_pairs_are_told_apart(programme):
    assert_as_good_as_we_say(labelled())


def test_score_is_the_sum_of_its_reasons(page, another):
    other = another()
    (near,) = find_similar(plan_of(page))
    assert near.planned.offering_id == other.pk
    assert near.score == sum(reason.points for reason in near.reasons) <= 100
    assert [reason.code for reason in near.reasons] == ["title", "text", "topic", "kind", "weeks", "distance"]
    assert near.reasons[0].text == "Titel zu 85 % ähnlich"
    assert near.reasons[4].text == "1 Woche auseinander"
    assert near.distance_km == 0


def test_one_entry_for_each_offering_by_its_nearest_date(page, programme, topic, town):
    draft_offering(title=page.title, municipality=town, topics=[topic], dates=[in_days(60), in_days(33), in_days(20)])
    (near,) = find_similar(plan_of(page))
    assert near.planned.starts_at == in_days(33)


def test_own_organisation_is_left_out(page, another):
    another(organisation=page.organisation)
    assert found(page) == []


def test_weeks_and_kilometres_limit_what_is_compared(page, another):
    far = MunicipalityFactory(latitude=49.2, longitude=8.9)
    another(days=30 + 7 * 9)
    another(municipality=far)
    assert found(page) == []
    with override_settings(EHRENAMT={"SIMILAR_WEEKS": 10, "SIMILAR_KM": 90}):
        assert len(found(page)) == 2


def test_online_is_near_everywhere(page, another):
    far = MunicipalityFactory(latitude=49.2, longitude=8.9)
    online = another(municipality=far, mode="online")
    assert found(page) == [online.pk]
    assert find_similar(plan_of(page))[0].distance_km is None


def test_place_of_a_single_date_counts(page, another, programme, topic):
    far = MunicipalityFactory(latitude=49.2, longitude=8.9)
    other = another(municipality=far)
    venue = VenueFactory(municipality=far)
    page.occurrences.add(Occurrence(start=in_days(37), venue=venue))
    assert found(page) == [other.pk]


def test_other_topics_are_left_out_unless_the_title_is_the_same(page, another):
    another(topics=[TopicFactory()])
    same = another(title=page.title, topics=[TopicFactory()])
    assert found(page) == [same.pk]


def test_missing_topics_leave_the_title_to_decide(page, another):
    other = another(topics=[])
    assert found(page) == [other.pk]
    assert found(page, topics=frozenset()) == [other.pk]


def test_holds_are_found_by_their_title(page, town):
    hold = DateHold.objects.create(
        organisation=OrganisationFactory(),
        title="Grundlagen Asylrecht",
        start=in_days(31),
        municipality=town,
        expires_at=in_days(20),
    )
    assert found(page) == [hold.pk]
    assert found(page, hold_id=hold.pk) == []


def test_cancelled_and_past_dates_are_left_out(page, programme, topic, town):
    organisation = OrganisationFactory()
    other = published_offering(title=page.title, organisation=organisation, municipality=town, topics=[topic], dates=[in_days(33)])
    published_offering(title=page.title, municipality=town, topics=[topic], dates=[in_days(-3)])
    assert found(page) == [other.pk]
    cancel(other, actor=member_of(organisation))
    assert found(page) == []


def test_plan_without_dates_is_compared_with_the_coming_weeks(page, another):
    other = another(days=20)
    another(days=100)
    assert found(page, dates=()) == [other.pk]


def test_plan_without_title_has_nothing_similar(page, another):
    another()
    assert found(page, title="") == []


def test_co_hosts_plan_together(page, another):
    other = another(title=page.title)
    assert found(page) == [other.pk]
    assert found(page, co_hosts=frozenset([other.organisation_id])) == []
    other.co_hosts.add(CoHost(organisation=page.organisation))
    other.save()
    assert found(page) == []


def test_same_series_is_planned_together(page, another):
    other = another(title=page.title, series_title="Ein Abend – fünf Orte")
    assert found(page) == [other.pk]
    assert found(page, series="Ein Abend – Fünf Orte") == []


def test_each_town_has_its_own_of_what_is_named_after_it(page, another):
    MunicipalityFactory(name="Herrenberg")
    MunicipalityFactory(name="Weil der Stadt")
    elsewhere = another(title="Sprachcafé Weil der Stadt")
    nowhere = another(title="Sprachcafé")
    assert found(page, title="Sprachcafé Herrenberg") == [nowhere.pk]
    assert set(found(page, title="Sprachcafé")) == {elsewhere.pk, nowhere.pk}


def test_likest_comes_first_and_limit_holds(page, another):
    alike, same = another(), another(title=page.title)
    assert found(page) == [same.pk, alike.pk]
    assert [near.planned.offering_id for near in find_similar(plan_of(page), limit=1)] == [same.pk]


def test_number_of_queries_does_not_grow(page, another):
    plan = plan_of(page)
    another()
    with CaptureQueriesContext(connection) as few:
        assert len(find_similar(plan, limit=50)) == 1
    for number in range(9):
        another(days=31 + number)
    more = tuple(replace(plan.dates[0], starts_at=in_days(30 + days)) for days in range(20))
    with CaptureQueriesContext(connection) as many:
        assert len(find_similar(replace(plan, dates=more), limit=50)) == 10
    assert len(many) == len(few)


def test_now_decides_what_is_past(page, another):
    another(days=40)
    assert len(find_similar(plan_of(page), now=in_days(39))) == 1
    assert find_similar(plan_of(page), now=in_days(41) + dt.timedelta(hours=1)) == []
