"""What the list costs those who are on the road with little data."""

import gzip

import pytest

pytestmark = pytest.mark.browser

MOST = 60_000  # bytes


def test_list_costs_at_most_sixty_kilobytes(browser, demo_url):
    """Page, style sheets, scripts, icons, all that is loaded with it, compressed as a server does."""
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{demo_url}/programm/", wait_until="networkidle")
    assert page.locator(".ehrenamt-offering").count() == 20
    sizes = {answer.url.removeprefix(demo_url): len(gzip.compress(answer.body(), 6)) for answer in answers}
    context.close()
    assert {"/programm/", "/static/ehrenamt_wagtail/ehrenamt.css", "/static/ehrenamt_wagtail/programme.js"} <= set(sizes)
    assert sum(sizes.values()) <= MOST, sizes
