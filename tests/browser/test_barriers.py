"""The form for barriers in the states that no picture shows: mistakes, and what one is told afterwards."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from example_site.screenshots import WIDTHS
from tests.browser.test_screens import RULES

pytestmark = pytest.mark.browser


def findings(page) -> list:
    violations = Axe().run(page, options=RULES).response["violations"]
    return [(found["id"], [node["target"] for node in found["nodes"]]) for found in violations]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_barrier_is_reported_from_a_page(width, scheme, demo_url, browser):
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, locale="de-DE", color_scheme=scheme, base_url=demo_url
    )
    page = context.new_page()
    page.goto("/programm/?art=workshop")
    page.locator("footer").get_by_role("link", name="Barriere melden").click()
    assert page.input_value("input[name=address]") == "/programm/?art=workshop"
    assert findings(page) == []

    page.fill("input[name=email]", "erika")
    page.get_by_role("button", name="Meldung senden").click()
    assert page.evaluate("document.activeElement.closest('.ehrenamt-errors') !== null")
    assert page.input_value("input[name=email]") == "erika"
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.fill("textarea[name=description]", "Der Kalender wird nicht vorgelesen.")
    page.fill("input[name=email]", "erika@post.example")
    page.get_by_role("button", name="Meldung senden").click()
    assert page.url.endswith("/barriere-melden/danke/")
    assert "Ihre Meldung ist angekommen" in page.inner_text("h1")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
