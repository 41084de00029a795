"""The form for barriers in the states that no picture shows: mistakes, and what one is told afterwards."""

import pytest

from .looking import wrong_with

pytestmark = pytest.mark.browser


def test_barrier_is_reported_from_a_page(demo_url, browser):
    context = browser.new_context(locale="de-DE", base_url=demo_url)
    page = context.new_page()
    page.goto("/programm/?art=workshop")
    page.locator("footer").get_by_role("link", name="Barriere melden").click()
    assert page.input_value("input[name=address]") == "/programm/?art=workshop"
    assert wrong_with(page) == []

    page.fill("input[name=email]", "erika")
    page.get_by_role("button", name="Meldung senden").click()
    assert page.evaluate("document.activeElement.closest('.ehrenamt-errors') !== null")
    assert page.input_value("input[name=email]") == "erika"
    assert wrong_with(page) == []

    page.fill("textarea[name=description]", "Der Kalender wird nicht vorgelesen.")
    page.fill("input[name=email]", "erika@post.example")
    page.get_by_role("button", name="Meldung senden").click()
    assert page.url.endswith("/barriere-melden/danke/")
    assert "Ihre Meldung ist angekommen" in page.inner_text("h1")
    assert wrong_with(page) == []
    context.close()
