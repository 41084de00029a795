"""An offering on paper, and the buttons that only a script can offer."""


import pytest

from tests.pdfs import read_pdf, text_of

pytestmark = pytest.mark.browser

OFFERING = "/programm/fernreise-daheim/"
NOT_ON_PAPER = "button, .ehrenamt-button, nav, form, summary, .ehrenamt-actions, .ehrenamt-skip, section[aria-labelledby=related]"


def is_shown(page, selector: str) -> list[str]:
    """The beginnings of the elements that take place on the page."""
    return page.locator(selector).evaluate_all(
        "all => all.filter(one => one.getClientRects().length).map(one => one.outerHTML.slice(0, 90))"
    )


def test_offering_prints_what_one_takes_along_and_nothing_to_press(open_page, demo_url):
    page = open_page()
    page.goto(OFFERING)
    mail = page.locator(".ehrenamt-facts a[href^='mailto:']").first.inner_text()
    assert is_shown(page, ".ehrenamt-button")
    page.emulate_media(media="print")
    assert is_shown(page, NOT_ON_PAPER) == []
    assert is_shown(page, ".ehrenamt-share__code img")
    assert is_shown(page, ".ehrenamt-facts")
    # Nobody has scrolled to the code.
    sheet = read_pdf(page.pdf(format="A4"))
    text = text_of(sheet)
    assert len(sheet.pages) == 1
    assert page.locator(".ehrenamt-share__code img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert f"{demo_url}{OFFERING}" in text
    assert text.count(mail) == 1
    assert page.inner_text("h1") in text


def test_buttons_of_the_script_print_and_copy(open_page, demo_url):
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page.goto(OFFERING)
    page.get_by_role("button", name="Drucken").click()
    assert page.evaluate("window.printed") == 1
    page.get_by_role("button", name="Adresse kopieren").click()
    page.wait_for_function("document.querySelector('.ehrenamt-share__status').textContent === 'Die Adresse ist kopiert.'")
    assert page.evaluate("navigator.clipboard.readText()") == f"{demo_url}{OFFERING}"


def test_without_a_script_there_are_no_such_buttons(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(OFFERING)
    assert page.locator(".ehrenamt-share button").count() == 3
    for button in page.locator(".ehrenamt-share button").all():
        assert not button.is_visible()
    assert page.locator(".ehrenamt-share a[href^='mailto:?']").is_visible()
