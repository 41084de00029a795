"""Browsers for the tests against a live server."""

from functools import partial

import pytest

from tests.browser.looking import PHONE


@pytest.fixture
def browse(browser, live_server):
    """Opens a page of the live server in a browser of its own; takes what Playwright's ``new_context`` takes."""
    contexts = []

    def browse(**options):
        context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", base_url=live_server.url, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield browse
    for context in contexts:
        context.close()


@pytest.fixture
def phone(browse):
    """Opens a page in a browser of its own, on a small phone."""
    return partial(browse, viewport=PHONE)
