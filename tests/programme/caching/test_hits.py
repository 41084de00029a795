"""Which answers come from the cache, whole or in short."""

import re

import pytest
from django.core.cache import cache

from ehrenamt_wagtail.programme import caching, versions

from .cached import ADDRESSES, LIST, entries, how


@pytest.mark.parametrize("address", ADDRESSES)
def test_second_answer_comes_from_the_cache_without_a_query(client, site, address, django_assert_num_queries):
    first = client.get(address)
    assert how(first) == "miss"
    with django_assert_num_queries(0):
        second = client.get(address)
    assert how(second) == "hit"
    assert second.content == first.content
    assert {**second.headers, "X-Ehrenamt-Cache": ""} == {**first.headers, "X-Ehrenamt-Cache": ""}
    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    assert first["Cache-Control"].startswith("public, max-age=")
    assert first["Cache-Control"].endswith("must-revalidate")
    assert "Cookie" not in first.get("Vary", "")


@pytest.mark.parametrize("address", [LIST, "/programm/feed.atom", "/api/angebote/"])
def test_who_has_the_answer_already_is_told_so_at_first_and_from_the_cache(client, site, address, django_assert_num_queries):
    etag = client.head(address)["ETag"]
    first = client.get(address, headers={"if-none-match": etag})
    with django_assert_num_queries(0):
        second = client.get(address, headers={"if-none-match": etag})
        # The first answer was kept in full, though it was told in short.
        full = client.get(address)
    assert [(answer.status_code, answer.content, answer["ETag"]) for answer in (first, second)] == [(304, b"", etag)] * 2
    assert (how(full), full["ETag"], bool(full.content)) == ("hit", etag, True)
    assert first["Cache-Control"] == second["Cache-Control"] == full["Cache-Control"]


@pytest.fixture
def bodies_apart(monkeypatch):
    """All of them are kept as large ones are; gives the keys of those that were asked for."""
    asked, body = [], versions.body
    monkeypatch.setattr(caching, "LARGE_BODY", 10)
    monkeypatch.setattr(versions, "body", lambda cache, key: asked.append(key) or body(cache, key))
    return asked


@pytest.mark.parametrize("address", [LIST, "/programm/kalender.ics"])
def test_large_answer_is_not_fetched_for_who_has_it_already(client, site, bodies_apart, address, django_assert_num_queries):
    first = client.get(address)
    with django_assert_num_queries(0):
        short = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (short.status_code, bodies_apart) == (304, [])
        full = client.get(address)
    assert (how(full), full.content, full["Content-Length"]) == ("hit", first.content, str(len(first.content)))
    assert client.head(address)["Content-Length"] == full["Content-Length"]


def test_large_answer_without_its_body_is_written_anew(client, site, bodies_apart):
    first = client.get(LIST)
    cache.delete(next(entry[4] for entry in entries().values()))
    second = client.get(LIST)
    assert (how(second), second.content, len(bodies_apart)) == ("miss", first.content, 1)
    assert how(client.get(LIST)) == "hit"


def test_first_answer_may_be_short_even_where_nothing_is_kept(client, site, settings):
    etag = client.get(LIST)["ETag"]
    settings.EHRENAMT = {}
    response = client.get(LIST, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert client.get(LIST, headers={"if-none-match": '"other"'}).status_code == 200


def test_head_is_answered_from_the_cache_and_fills_nothing(client, site):
    head = client.head(LIST)
    assert (how(head), head.content, entries()) == ("miss", b"", {})
    full = client.get(LIST)
    head = client.head(LIST)
    assert (how(head), head.content) == ("hit", b"")
    assert head["Content-Length"] == str(len(full.content))
    assert head["ETag"] == full["ETag"]
