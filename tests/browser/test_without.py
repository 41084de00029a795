"""Without JavaScript, and without a mouse."""

import datetime as dt

import pytest

from example_site.screenshots import PASSWORD, sign_in

from .ways import press_until

pytestmark = pytest.mark.browser

# So late that nothing of the demonstration competes with it, whatever day it is today.
DAY = dt.date.today() + dt.timedelta(days=400)
NEW = "/partner/angebote/neu/?art=vortrag"


def test_offering_is_submitted_withdrawn_and_found_without_javascript(open_page, demo_url):
    page = open_page(java_script_enabled=False)
    sign_in(page, demo_url, "kirche")
    page.goto(NEW)
    page.fill("input[name=title]", "Ohne Skript gemeldet")
    page.fill("input[name=dates-0-date]", DAY.isoformat())
    page.fill("input[name=dates-0-start_time]", "18:00")
    page.get_by_role("button", name="Weiteren Termin hinzufügen").click()
    page.fill("input[name=dates-1-date]", (DAY + dt.timedelta(days=1)).isoformat())
    page.fill("input[name=dates-1-start_time]", "18:00")
    page.fill("textarea[name=summary]", "Zwei Abende.")
    page.click("button[name=action][value=submit]")
    assert "Ohne Skript gemeldet" in page.inner_text("main")
    page.click("button[value=withdraw]")
    assert page.input_value("input[name=title]") == "Ohne Skript gemeldet"
    assert page.input_value("input[name=dates-1-date]") == (DAY + dt.timedelta(days=1)).isoformat()

    page.goto("/programm/")
    page.fill("input[name=q]", "Asylrecht")
    page.get_by_role("button", name="Suchen").click()
    assert "q=Asylrecht" in page.url
    assert page.locator(".ehrenamt-offering__link").count() > 0


def test_keyboard_alone_signs_in_and_submits_and_lands_on_the_errors(open_page):
    page = open_page()
    page.goto("/partner/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    press_until(page, "Tab", "input[name=username]")
    page.keyboard.type("kirche")
    press_until(page, "Tab", "input[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(NEW)
    press_until(page, "Tab", "input[name=title]")
    page.keyboard.type("Nur mit Tasten")
    press_until(page, "Tab", "textarea[name=summary]")
    page.keyboard.type("Ein Satz.")
    press_until(page, "Tab", "button[name=action][value=submit]")
    outline = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert outline >= 3
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.closest('.ehrenamt-errors') !== null")
    press_until(page, "Tab", ".ehrenamt-errors a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "dates-0-date"
    assert page.input_value("textarea[name=summary]") == "Ein Satz."
