"""Setting up a sign-up on a phone: without JavaScript, and by keyboard alone."""

import pytest

from example_site.screenshots import sign_in

from .looking import wrong_now
from .ways import press_until

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
NOT_SET_UP = ".ehrenamt-own__sign-ups a[href$='einrichten/']"


def open_settings(page, url: str) -> None:
    """Those of an own offering that nobody has set up yet."""
    sign_in(page, url, "caritas")
    page.goto("/partner/")
    page.goto(page.locator(NOT_SET_UP).last.get_attribute("href"))


def test_sign_up_is_set_up_without_javascript(open_page, demo_url):
    page = open_page(java_script_enabled=False, viewport=PHONE)
    open_settings(page, demo_url)
    page.fill("[name=capacity]", "0")
    page.click("summary:has-text('Eigene Fragen')")
    page.click("button:has-text('Frage hinzufügen')")
    assert page.locator("#questions").get_attribute("open") is not None
    page.fill("[name=questions-0-text]", "Brauchen Sie eine Kinderbetreuung?")
    page.select_option("[name=questions-0-kind]", "yes_no")
    page.locator("button[value=save]").last.click()
    assert "eine Zahl von 1 bis 10.000" in page.inner_text(".ehrenamt-errors")
    page.fill("[name=capacity]", "15")
    page.locator("button[value=save]").last.click()
    assert "wofür die Antwort gebraucht wird" in page.inner_text("#questions")
    page.fill("[name=questions-0-purpose]", "Damit wir jemanden dafür finden")
    page.locator("button[value=save]").last.click()
    assert "Gespeichert." in page.inner_text(".ehrenamt-message")
    assert page.input_value("[name=capacity]") == "15"
    assert page.input_value("[name=questions-0-text]") == "Brauchen Sie eine Kinderbetreuung?"
    page.goto("/partner/")
    assert "0 von 15 Plätzen" in page.inner_text("main")


def test_sign_up_is_set_up_by_keyboard_alone_and_axe_finds_nothing(open_page, demo_url):
    page = open_page(viewport=PHONE)
    open_settings(page, demo_url)
    assert wrong_now(page) == []
    assert not page.is_visible("[name=external_url]")
    press_until(page, "Tab", "[name=mode][value=here]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.is_visible("[name=external_url]")
    assert not page.is_visible("[name=capacity]")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    press_until(page, "Tab", "[name=capacity]")
    page.keyboard.type("12")
    press_until(page, "Tab", "summary:has(+ .ehrenamt-fold__body [name=minimum])")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "[name=minimum]")
    page.keyboard.type("20")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # The first error is reached from the summary, which has the focus.
    page.wait_for_selector(".ehrenamt-errors:focus")
    assert "Das sind mehr, als es Plätze gibt (12)." in page.inner_text("main")
    assert page.is_visible("[name=minimum]")
    assert wrong_now(page) == []
    press_until(page, "Tab", "[name=minimum]")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Gespeichert." in page.inner_text(".ehrenamt-message")
    assert page.input_value("[name=capacity]") == "12"
