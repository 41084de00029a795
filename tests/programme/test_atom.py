"""The Atom feed as feedparser reads it: what is new or changed, in pages, by ids that stay."""

import calendar
import datetime as dt

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.models import OfferingPage
from ehrenamt_wagtail.programme import feeds
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.listed import refresh
from tests import factories

ADDRESS = "/programm/feed.atom"
SITE = "http://testserver"


def read(client, address=ADDRESS):
    response = client.get(address)
    feed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def titles(feed) -> list[str]:
    return [entry.title for entry in feed.entries]


def moment(parsed) -> dt.datetime:
    return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)


@pytest.fixture
def aged(live_offering, date):
    """Makes an offering that was published so many days ago."""

    def make(title, *, days, **facts):
        page = live_offering(title, **{"dates": [date(5)]} | facts)
        at = (timezone.now() - dt.timedelta(days=days)).replace(microsecond=0)
        OfferingPage.objects.filter(pk=page.pk).update(first_published_at=at, last_published_at=at)
        refresh([page.pk])
        return OfferingPage.objects.get(pk=page.pk).specific

    return make


def test_entry_says_what_where_and_when_it_changed(client, aged, date):
    topic = factories.TopicFactory(name="Wohnen")
    page = aged("Miete & Co. <b>", days=3, topics=[topic], summary="Zeile 1\n\nZeile 2 äöü")
    feed = read(client)
    (entry,) = feed.entries
    assert entry.title == "Miete & Co. <b>"
    assert entry.link == f"{SITE}{page.url}"
    assert entry.id == f"urn:uuid:{page.translation_key}"
    assert entry.author == page.organisation.name
    assert [tag.term for tag in entry.tags] == ["Fortbildung", "Wohnen"]
    assert "<p>Zeile 2 äöü</p>" in entry.summary
    assert moment(entry.updated_parsed) == moment(entry.published_parsed) == page.last_published_at
    assert moment(feed.feed.updated_parsed) == page.last_published_at
    assert feed.feed.language == "de"


def test_all_addresses_are_absolute_and_the_feed_names_its_own(client, aged):
    aged("eins", days=1, training_format="workshop")
    feed = read(client, f"{ADDRESS}?art=workshop&von=")
    links = {link.rel: link.href for link in feed.feed.links}
    assert links == {"self": f"{SITE}{ADDRESS}?art=workshop", "alternate": f"{SITE}/programm/?art=workshop"}
    assert all(link.href.startswith(f"{SITE}/") for entry in feed.entries for link in entry.links)
    assert titles(read(client, links["self"])) == ["eins"]


def test_what_changed_last_comes_first_under_the_same_id(client, aged):
    old, new = aged("alt", days=30), aged("neu", days=2)
    cancelled = aged("abgesagt", days=40)
    before = read(client)
    assert titles(before) == ["neu", "alt", "abgesagt"]
    old.title = "alt, geändert"
    old.save_revision().publish()
    cancel(cancelled, actor=factories.member_of(cancelled.organisation), reason="Krankheit")
    after = read(client)
    assert titles(after) == ["Abgesagt: abgesagt", "alt, geändert", "neu"]
    assert {entry.id for entry in after.entries} == {entry.id for entry in before.entries}
    by_id = {entry.id: entry for entry in before.entries}
    for entry in after.entries:
        earlier = by_id[entry.id]
        assert entry.published == earlier.published
        assert (entry.updated == earlier.updated) == (entry.id == f"urn:uuid:{new.translation_key}")
    assert after.feed.updated_parsed == after.entries[0].updated_parsed > before.feed.updated_parsed


def test_each_choice_of_filters_is_a_feed_with_an_id_that_stays(client, aged, programme):
    aged("eins", days=1)
    plain = read(client).feed.id
    filtered = read(client, f"{ADDRESS}?art=fortbildung").feed.id
    assert plain == f"urn:uuid:{programme.translation_key}"
    assert filtered != plain and filtered.startswith("urn:uuid:")
    aged("zwei", days=0)
    assert read(client, f"{ADDRESS}?art=fortbildung&von=&seite=1").feed.id == filtered


def test_long_feed_comes_in_pages_that_name_each_other(client, aged, monkeypatch):
    monkeypatch.setattr(feeds, "FEED_ENTRIES", 2)
    for number in range(5):
        aged(f"Angebot {number}", days=number)
    aged("Workshop", days=9, training_format="workshop")
    seen, ids, previous, address = [], set(), None, f"{ADDRESS}?art=fortbildung"
    while address:
        feed = read(client, address)
        links = {link.rel: link.href for link in feed.feed.links}
        assert ("previous" in links) == (previous is not None)
        ids.add(feed.feed.id)
        seen.append(titles(feed))
        previous, address = address, links.get("next")
    assert seen == [["Angebot 0", "Angebot 1"], ["Angebot 2", "Angebot 3"], ["Angebot 4"]]
    assert len(ids) == 1
    assert titles(read(client, f"{ADDRESS}?art=fortbildung&seite=9")) == []


def test_number_of_queries_does_not_depend_on_the_length(client, aged):
    numbers = []
    for count in (1, 3, 20):
        for number in range(count):
            aged(f"Angebot {count}-{number}", days=number)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        numbers.append(len(queries))
    assert len(set(numbers)) == 1


def test_search_finds_entries(client, aged):
    aged("Miete und Wohnen", days=1)
    aged("Asyl", days=2)
    for query in ("?q=miete", "?q=miete&sortierung=relevanz"):
        assert titles(read(client, ADDRESS + query)) == ["Miete und Wohnen"]


def test_who_has_it_already_is_told_so(client, aged):
    page = aged("eins", days=1)
    first = client.get(ADDRESS)
    unchanged = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    cancel(page, actor=factories.member_of(page.organisation))
    changed = client.get(ADDRESS, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200 and b"Abgesagt" in changed.content
