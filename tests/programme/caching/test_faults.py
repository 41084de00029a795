"""Where the cache is off, and where it does not answer."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.db import connection

from ehrenamt_wagtail.models import Topic
from ehrenamt_wagtail.programme import caching, versions
from ehrenamt_wagtail.programme.caching import programme_changed
from tests import factories

from .cached import answer, is_served, marks


@pytest.mark.django_db
def test_changes_ask_nothing_of_a_cache_that_is_off(settings, monkeypatch):
    monkeypatch.setattr(LocMemCache, "add", lambda *args, **kwargs: pytest.fail("asked"))
    monkeypatch.setattr(LocMemCache, "set", lambda *args, **kwargs: pytest.fail("asked"))
    settings.EHRENAMT = {}
    programme_changed()
    settings.EHRENAMT = {"CACHE_ONE_PROCESS": True}
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "ProgrammeCache" not in path]
    programme_changed()
    assert versions.pending(connection) is None


class OwnMiddleware(caching.ProgrammeCacheMiddleware):
    pass


@pytest.mark.django_db
def test_command_forgets_what_is_kept(settings, capsys):
    answer("/seite/")
    call_command("ehrenamt_forget_pages")
    assert "are forgotten" in capsys.readouterr().out
    versions.finish(connection)
    assert not is_served("/seite/")
    settings.EHRENAMT = {}
    call_command("ehrenamt_forget_pages")
    assert "nothing to forget" in capsys.readouterr().out


@pytest.mark.django_db
def test_middleware_of_a_host_derived_from_ours_counts(settings):
    settings.MIDDLEWARE = ["tests.programme.caching.test_faults.OwnMiddleware"]
    programme_changed()
    assert len(marks()) == 1


class Unreachable(LocMemCache):
    is_down = False

    def _check(self):
        if Unreachable.is_down:
            raise ConnectionError("nobody answers")

    def get_many(self, *args, **kwargs):
        self._check()
        return super().get_many(*args, **kwargs)

    def set(self, *args, **kwargs):
        self._check()
        return super().set(*args, **kwargs)

    def add(self, *args, **kwargs):
        self._check()
        return super().add(*args, **kwargs)


@pytest.fixture
def unreliable(settings, monkeypatch):
    monkeypatch.setattr(Unreachable, "is_down", False)
    settings.CACHES = {"default": {"BACKEND": "tests.programme.caching.test_faults.Unreachable", "LOCATION": "unreliable"}}
    cache.clear()
    cache.set(versions.VERSION, "first", None)


@pytest.mark.django_db
@pytest.mark.expected_errors("cache of the programme cannot be reached")
def test_cache_that_is_down_stops_no_change_and_no_answer(unreliable, monkeypatch, caplog):
    topic = factories.TopicFactory(name="Wohnen")
    versions.finish(connection)
    answer("/seite/")
    assert is_served("/seite/")
    monkeypatch.setattr(Unreachable, "is_down", True)
    topic.name = "Wohnraum"
    topic.save()
    versions.finish(connection)
    assert Topic.objects.get().name == "Wohnraum"
    for _time in range(3):
        assert answer("/seite/").content == b"Angebote"
        assert not is_served("/seite/")
    assert [record.levelname for record in caplog.records if "cannot be reached" in record.message] == ["ERROR"]
    # It answers again, with all it had: what was changed meanwhile counts.
    monkeypatch.setattr(Unreachable, "is_down", False)
    assert not is_served("/seite/")
    monkeypatch.setattr(versions.contact, "ask_again_at", 0)
    assert not is_served("/seite/")
    assert is_served("/seite/")
