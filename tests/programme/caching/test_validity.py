"""Until when an answer is kept."""

import datetime as dt

from django.db import connection
from django.utils import timezone

from ehrenamt_wagtail.models import Occurrence, OfferingPage, SeatPlan
from ehrenamt_wagtail.programme import moments, providers, versions
from tests import factories
from tests.factories import in_days

from .cached import LIST, entries, how


def test_answer_ends_at_the_next_moment(client, site, monkeypatch):
    began = timezone.now()
    Occurrence.objects.update(starts_at=began + dt.timedelta(minutes=3), ends_at=began + dt.timedelta(minutes=5))
    client.get(LIST)
    monkeypatch.setattr("time.time", lambda: began.timestamp() + 179)
    assert how(client.get(LIST)) == "hit"
    monkeypatch.setattr("time.time", lambda: began.timestamp() + 180.01)
    assert how(client.get(LIST)) == "miss"
    assert how(client.get(LIST)) == "hit"
    monkeypatch.setattr("time.time", lambda: began.timestamp() + 300)
    assert how(client.get(LIST)) == "miss"


def test_page_shows_others_on_its_topic_as_long_as_they_are_not_over(client, live_offering, date, monkeypatch):
    topic, began = factories.TopicFactory(), timezone.now()
    page = live_offering("Dieses", topics=[topic], dates=[date(40)])
    versions.finish(connection)
    client.get(page.url)
    assert how(client.get(page.url)) == "hit"
    running = Occurrence(start=began - dt.timedelta(hours=1), end=began + dt.timedelta(minutes=5))
    live_offering("Anderes", topics=[topic], dates=[running])
    versions.finish(connection)
    assert how(client.get(page.url)) == "miss"
    assert b"Anderes" in client.get(page.url).content
    moment = began + dt.timedelta(seconds=301)
    monkeypatch.setattr("time.time", moment.timestamp)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    response = client.get(page.url)
    assert how(response) == "miss"
    assert b"Anderes" not in response.content


def test_nothing_is_kept_beyond_the_longest_time(client, site, monkeypatch, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CACHE_SECONDS": 20}
    began = timezone.now().timestamp()
    monkeypatch.setattr(moments, "next_moment", lambda now: now + dt.timedelta(hours=1))
    client.get(LIST)
    assert how(client.get(LIST)) == "hit"
    monkeypatch.setattr("time.time", lambda: began + 25)
    assert how(client.get(LIST)) == "miss"


def test_what_ends_while_it_is_rendered_is_not_kept(client, site, monkeypatch):
    monkeypatch.setattr(moments, "end_of_validity", lambda version, began: began)
    client.get(LIST)
    assert entries() == {}


def test_next_moment_is_the_first_of_dates_sign_ups_and_midnight(site, django_assert_num_queries):
    noon = in_days(3, hour=12)
    midnight = in_days(4, hour=0)
    assert moments.next_moment(noon) == midnight
    page = OfferingPage.objects.get()
    Occurrence.objects.filter(page=page).update(starts_at=in_days(3, hour=9), ends_at=in_days(3, hour=19))
    assert moments.next_moment(noon) == in_days(3, hour=19)
    later = Occurrence.objects.create(page=page, start=in_days(3, hour=18))
    assert moments.next_moment(noon) == in_days(3, hour=18)
    plan = SeatPlan.objects.create(offering=page, mode="here", opens_at=in_days(3, hour=17), closes_at=in_days(3, hour=16))
    assert moments.next_moment(noon) == in_days(3, hour=16)
    SeatPlan.objects.filter(pk=plan.pk).update(closes_at=in_days(2))
    with django_assert_num_queries(2):
        assert moments.next_moment(noon) == in_days(3, hour=17)
    assert moments.next_moment(later.starts_at) == in_days(3, hour=19)


def test_host_names_moments_of_its_own(site, monkeypatch):
    monkeypatch.setattr(providers, "_moments", [])
    providers.register_moments(lambda now: now + dt.timedelta(seconds=5))
    providers.register_moments(lambda now: None)
    now = in_days(3, hour=12)
    assert moments.next_moment(now) == now + dt.timedelta(seconds=5)
