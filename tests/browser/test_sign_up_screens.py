"""Pages of organisers and supervisors, filled, empty and with errors: nothing for axe to find, nothing wider than the screen."""

import pytest

from example_site.screenshots import sign_in

from .looking import wrong_with
from .ways import press_until

pytestmark = pytest.mark.browser

SEND = "main form .ehrenamt-button--primary"


@pytest.fixture
def walk(open_page, demo_url):
    """Gives a page that is signed in, and ``look`` to open an address, press what is named and collect what is wrong there."""

    def walk(account: str):
        page = open_page()
        sign_in(page, demo_url, account)
        wrong = {}

        def look(address: str = "", *presses: str, says: str = "") -> None:
            if address:
                assert page.goto(address).status == 200, address
            for selector in presses:
                page.locator(selector).last.click()
            page.wait_for_load_state("load")
            if found := wrong_with(page, says=says):
                wrong[f"{address} {' '.join(presses)}"] = found

        return page, look, wrong

    return walk


def sign_ups_of(page, title: str) -> str:
    """The address of an own offering's sign-ups, which the overview links."""
    page.goto("/partner/")
    item = page.locator(f"li.ehrenamt-own__item:has-text('{title}')").first
    return item.locator(".ehrenamt-own__sign-ups a").first.get_attribute("href")


def link(page, text: str) -> str:
    return page.locator(f"main a:has-text('{text}')").first.get_attribute("href")


def test_pages_of_the_organiser(walk):
    page, look, wrong = walk("caritas")
    full, series = sign_ups_of(page, "Asylrecht – eine Einführung"), sign_ups_of(page, "Schulungsreihe für Ehrenamtliche")
    look(full, "summary:has-text('Liste herunterladen')", says="Warteliste, Nr. 1")
    look(f"{full}?q=gibtesnicht", says="Zu dieser Suche passt keine Anmeldung.")
    look(sign_ups_of(page, "Verfahrensberatung"), says="Noch hat sich niemand angemeldet")
    look(f"{full}einrichten/", "summary >> nth=0")
    look(f"{series}neu/", says="Für welchen Termin?")
    look(f"{full}neu/", says="Anmeldung von Hand eintragen")
    look("", SEND, says="Fehler")
    look(f"{full}nachrichten/", says="Nachricht schreiben")
    look(f"{full}nachrichten/neu/", SEND, says="Die Nachricht ist noch leer.")
    page.fill("input[name=subject]", "Etwas zu schreiben")
    page.fill("textarea", "Bitte bringen Sie einen Stift mit.")
    look("", SEND, says="Nachricht prüfen")
    look(f"{full}anwesenheit/", says="Unterschriftenliste drucken")
    page.goto(series)
    one = page.locator(".ehrenamt-sign-ups tbody a").first.get_attribute("href")
    look(one, "summary:has-text('anderen Termin')", "button[value=move]", says="Bitte wählen Sie den Termin.")
    look(f"{one}bestaetigung/", says="Guten Tag")
    assert wrong == {}


def test_pages_of_the_supervisor(walk):
    page, look, wrong = walk("supervision")
    look("/partner/supervision/", says="Anfragen von Arbeitskreisen")
    single, group, asked = (link(page, title) for title in ("Coaching für", "Patinnen", "Supervision für Ihren"))
    request = page.locator("section[aria-labelledby=received] a").first.get_attribute("href")
    look(single, ".ehrenamt-people__end > summary", says="Kommt nicht")
    look(group, "summary:has-text('Vergangene Termine')", says="Die Gruppe")
    add, write, held = (link(page, text) for text in ("Person eintragen", "Allen schreiben", "Berichtigen"))
    look(add, SEND, says="Fehler")
    look(write, SEND, says="Fehler")
    page.goto(held)
    page.fill("[name=hours]", "0")
    look("", SEND, says="Fehler")
    look(asked, says="Arbeitskreis")
    look(request, "button[value=agree]", says="Geben Sie den Tag dieses Termins an.")
    look("/partner/supervision/nachweis/", says="Summe")
    assert wrong == {}


def test_pages_about_supervision_of_those_who_read_no_names(walk):
    page, look, wrong = walk("koordination")
    coaching = sign_ups_of(page, "Coaching für Ehrenamtliche")
    look(coaching, says="Supervision ist vertraulich")
    look(coaching.replace("anmeldungen/", "supervision/"), says="Form und Leitung")
    look("/partner/supervision/personen/", SEND, says="Fehler")
    look("/partner/supervision/nachweis/?von=2001-01-01&bis=2001-01-31", says="wurde keine Supervision")
    page, look, nothing = walk("kirche")
    look("/partner/supervision/", says="Sie leiten hier keine Supervision")
    page, look, circle = walk("ak-renningen")
    look("/partner/supervision/", says="Ihre Anfragen")
    look(page.locator("section[aria-labelledby=to-ask] a").first.get_attribute("href"), SEND, says="Fehler")
    look("/partner/supervision/")
    look(page.locator("section[aria-labelledby=asked] a").first.get_attribute("href"), says="Was Sie einander geschrieben haben")
    assert {**wrong, **nothing, **circle} == {}


def test_supervisor_reaches_everything_by_keyboard_and_lands_on_the_error(open_page, demo_url):
    page = open_page(viewport={"width": 320, "height": 720})
    sign_in(page, demo_url, "supervision")
    page.goto("/partner/supervision/")
    page.goto(link(page, "Patinnen"))
    press_until(page, "Tab", ".ehrenamt-people__end > summary")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "button[value=cancel]")
    press_until(page, "Tab", ".ehrenamt-groups a[href$='person/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press_until(page, "Tab", "[name=name]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector(".ehrenamt-errors:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "name"
