"""Public pages and the portal in the states that few people see: nothing for axe to find, nothing wider than the screen."""

import datetime as dt

import pytest

from example_site.screenshots import sign_in

from .looking import wrong_with

pytestmark = pytest.mark.browser

NEXT_YEAR = dt.date.today().year + 1
OFFERING = ".ehrenamt-offering__link"
SIGN_UP = ".ehrenamt-sign-up a[href^='/anmeldung/']"
SEND = "main form .ehrenamt-button--primary"
# Address, links to follow one after the other, what to press then, what the page says.
PUBLIC = {
    "nothing found": ("/programm/?q=gibtesnicht", (), "", "gibtesnicht"),
    "nothing fits": ("/programm/?art=supervision&zeit=morgens&tag=so", (), "summary", "Alle Filter entfernen"),
    "mistaken address": ("/programm/?von=2027-13-45&gemeinde=nirgends&seite=99", (), "summary", "Bitte beachten"),
    "everything chosen": ("/programm/?art=workshop&art=vortrag&q=a&kostenlos=1&von=2020-01-01", (), "summary", "aktiv)"),
    "last page": ("/programm/?seite=2", (), "", "Vorige Seite"),
    "month without dates": (f"/programm/kalender/{NEXT_YEAR + 5}/2/", (), "", "noch nichts geplant"),
    "past": ("/programm/?archiv=1", (OFFERING,), "", "ist vorbei"),
    "cancelled": ("/programm/gesund-essen-mit-wenig-geld/", (), "", "findet nicht statt"),
    "one date cancelled": ("/programm/gesundheitslotsen-vier-abende/", (), "", "Abgesagt:"),
    "full with a waiting list": ("/programm/asylrecht-eine-einfuehrung/", (), "", "ausgebucht – Warteliste möglich"),
    "full": ("/programm/die-wohnungsmappe/", (), "", "ausgebucht"),
    "sign-up with errors": ("/programm/fernreise-daheim/", (SIGN_UP,), SEND, "Fehler"),
    "sign-up for the waiting list": ("/programm/asylrecht-eine-einfuehrung/", (SIGN_UP,), "", "Warteliste"),
    "unknown sign-up": ("/anmeldung/so-nicht/", (), "", ""),
    "certificates": ("/anmeldung/nachweise/", (), SEND, "Fehler"),
    "unknown certificate": ("/anmeldung/pruefen/?code=AAAA", (), "", ""),
    "frame without offerings": ("/programm/einbetten/?q=gibtesnicht", (), "", "nichts geplant"),
    "no such page": ("/programm/so-etwas-gibt-es-nicht/", (), "", ""),
}
PORTAL = {
    "offering with errors": ("/partner/angebote/neu/?art=fortbildung", (), "button[name=action][value=submit]", "Fehler"),
    "held date with errors": ("/partner/vormerkungen/neu/", (), SEND, "Fehler"),
    "month with nothing": (f"/partner/termine/?monat={NEXT_YEAR + 5}-02", (), "", ""),
    "offering that is edited": ("/partner/", (".ehrenamt-own__title a",), "", ""),
}


def walk(page, url: str, screens: dict) -> dict[str, list[str]]:
    wrong = {}
    for name, (path, links, pressed, says) in screens.items():
        page.goto(url + path)
        for selector in links:
            page.goto(url + page.locator(selector).first.get_attribute("href"))
        if pressed:
            page.locator(pressed).last.click()
            page.wait_for_load_state("load")
        if found := wrong_with(page, says=says):
            wrong[name] = found
    return wrong


@pytest.fixture
def page(browser):
    context = browser.new_context(locale="de-DE")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_public_pages_in_every_state(page, demo_url):
    assert walk(page, demo_url, PUBLIC) == {}


def test_portal_in_every_state(page, demo_url):
    sign_in(page, demo_url, "caritas")
    assert walk(page, demo_url, PORTAL) == {}


def test_failed_sign_in(page, demo_url):
    page.goto(f"{demo_url}/partner/login/")
    page.fill("input[name=username]", "niemand")
    page.fill("input[name=password]", "falsch")
    page.click("form:has(input[name=password]) button[type=submit]")
    assert page.evaluate("document.activeElement.closest('.ehrenamt-errors') !== null")
    assert wrong_with(page, says="Fehler") == []
