import pytest
from django.core.cache import cache
from django.db import connection

from ehrenamt_wagtail.programme import versions
from tests import factories


@pytest.fixture(autouse=True)
def one_process(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CACHE_ONE_PROCESS": True}
    # Says with each answer whether it came from the cache.
    settings.DEBUG = True


@pytest.fixture(autouse=True)
def nothing_pending(monkeypatch):
    """No change of another test goes on, and nothing is known of the cache.

    A test's transaction never ends, so that no hook takes its marks away.
    """
    connection.ehrenamt_change = None
    cache.set(versions.VERSION, "first", None)
    monkeypatch.setattr(versions, "contact", versions.Contact())
    yield
    connection.ehrenamt_change = None


@pytest.fixture
def site(programme, live_offering, date):
    """A programme with one offering and a circle, whose changes are over."""
    live_offering(dates=[date(40)])
    factories.circle_page()
    versions.finish(connection)
