"""Versions and marks in the cache, with nothing but the cache."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from ehrenamt_wagtail.programme import caching, versions
from ehrenamt_wagtail.programme.caching import programme_changed

from .cached import answer, is_served, marks, version


@pytest.mark.django_db
def test_what_was_rendered_before_a_change_is_never_served_after_it():
    def overtaken(request):
        response = caching.mark(HttpResponse("alt"), request)
        versions.finish(connection)
        return response

    answer("/seite/", overtaken)
    assert not is_served("/seite/")
    assert is_served("/seite/")


@pytest.mark.django_db
def test_render_that_began_during_a_change_is_not_kept(monkeypatch):
    programme_changed()
    assert len(marks()) == 1

    def view(request):
        versions.finish(connection)
        return caching.mark(HttpResponse("alt"), request)

    answer("/seite/", view)
    assert not is_served("/seite/")


@pytest.mark.django_db
def test_process_that_died_blocks_for_a_while_and_revives_nothing():
    answer("/seite/")
    assert is_served("/seite/")
    programme_changed()
    connection.ehrenamt_change = None  # as if nobody remembered it
    assert not is_served("/seite/")
    (place,) = marks()
    assert 0 < cache._expire_info[cache.make_key(place)] - timezone.now().timestamp() <= versions.CHANGE_SECONDS
    cache.delete(place)
    assert not is_served("/seite/")
    assert is_served("/seite/")


@pytest.mark.django_db
def test_one_change_does_not_take_away_the_mark_of_another():
    other = versions.marked(cache, None)
    programme_changed()
    assert len(marks()) == 2
    versions.finish(connection)
    assert marks() == {other.place}
    assert not is_served("/seite/")
    assert not is_served("/seite/")


@pytest.mark.django_db
def test_more_changes_at_once_than_places_block_until_the_limit():
    changes = [versions.marked(cache, None) for _number in range(len(versions.PLACES) + 1)]
    assert sum(change.place is None for change in changes) == 1
    assert marks() == {*versions.PLACES, versions.NO_PLACE}
    for change in changes:
        connection.ehrenamt_change = change
        versions.finish(connection)
    assert marks() == {versions.NO_PLACE}
    assert not is_served("/seite/")


@pytest.mark.django_db
def test_mark_is_put_once_a_transaction_and_again_when_half_of_its_time_is_over(monkeypatch):
    programme_changed()
    place, first = *marks(), version()
    for _time in range(3):
        programme_changed()
    assert (marks(), version()) == ({place}, first)
    later = connection.ehrenamt_change.until - versions.CHANGE_SECONDS / 3
    monkeypatch.setattr(versions.time, "monotonic", lambda: later)
    programme_changed()
    assert (marks(), connection.ehrenamt_change.until) == ({place}, later + versions.CHANGE_SECONDS)
    # Where the old one is over another place is taken, and the old one is left to whoever has it now.
    much_later = later + 2 * versions.CHANGE_SECONDS
    monkeypatch.setattr(versions.time, "monotonic", lambda: much_later)
    programme_changed()
    assert len(marks()) == 2
    versions.finish(connection)
    assert marks() == {place}


@pytest.mark.django_db
def test_without_a_version_nothing_is_kept_and_one_is_given():
    cache.clear()
    answer("/seite/")
    assert version()
    assert not is_served("/seite/")
    assert is_served("/seite/")


def test_place_that_two_found_free_at_once_belongs_to_who_wrote_last(tmp_path, monkeypatch):
    files = FileBasedCache(str(tmp_path), {})
    add, asked = files.add, []

    def add_and_be_overwritten(key, *arguments):
        asked.append(key)
        is_added = add(key, *arguments)
        if len(asked) == 1:
            files.set(key, "another", 60)
        return is_added

    monkeypatch.setattr(files, "add", add_and_be_overwritten)
    place = versions.free_place(files)
    assert asked == [next(other for other in versions.PLACES if files.get(other) == "another"), place]
    assert versions.free_place(files) not in asked[:2]
