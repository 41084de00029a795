"""The maps as people meet them: names that can be read, dots that lead somewhere, a keyboard that need not pass by all of them."""

import re

import pytest
from playwright.sync_api import expect

from example_site.screenshots import WIDTHS

from .looking import wrong_with

pytestmark = pytest.mark.browser

MAPS = ["/programm/karte/", "/arbeitskreise/"]
# Names as the browser draws them, and how large their letters are, in CSS pixels.
NAMES = """() => [...document.querySelectorAll('.ehrenamt-map__label')]
    .map(label => ({text: label.textContent, height: parseFloat(getComputedStyle(label).fontSize) * label.getScreenCTM().a,
                    box: label.getBoundingClientRect().toJSON()}))
    .filter(label => label.box.width)"""


@pytest.fixture
def at(browser, demo_url):
    contexts = []

    def open_page(path, width, **options):
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 900)}, locale="de-DE", base_url=demo_url, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def overlap(one: dict, other: dict) -> bool:
    return (
        one["left"] < other["right"] and other["left"] < one["right"] and one["top"] < other["bottom"] and other["top"] < one["bottom"]
    )


@pytest.mark.parametrize("path", MAPS)
@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_names_can_be_read_and_do_not_overlap(at, path, width):
    page = at(path, width)
    names = page.evaluate(NAMES)
    assert len(names) == 26 if width >= 768 else len(names) >= 5
    assert min(name["height"] for name in names) >= 12
    for number, name in enumerate(names):
        # The rectangle of a line is higher than its letters.
        for other in names[number + 1 :]:
            assert not overlap(shrunk(name["box"]), shrunk(other["box"])), (name["text"], other["text"])
    picture = page.locator(".ehrenamt-map__picture").bounding_box()
    assert picture["x"] >= 0 and picture["x"] + picture["width"] <= width


def shrunk(box: dict) -> dict:
    return box | {"top": box["top"] + 3, "bottom": box["bottom"] - 3}


@pytest.mark.parametrize("path", ["/programm/karte/?q=gibtesnicht", "/programm/karte/?art=workshop"])
def test_empty_and_narrowed_maps_are_accessible(at, path):
    assert wrong_with(at(path, 1280)) == []


def test_dot_and_row_lead_to_the_same_list(at):
    page = at("/programm/karte/?art=fortbildung", 1280)
    row = page.locator(".ehrenamt-towns tbody tr").first
    town, number = row.locator("a").inner_text(), row.locator("td").inner_text()
    address = row.locator("a").get_attribute("href")
    dot = page.locator(f".ehrenamt-map__town:has(title:text-matches('^{re.escape(town)}: '))")
    assert dot.get_attribute("href") == address
    dot.locator("circle").click()
    assert page.url.endswith(address)
    assert page.inner_text(".ehrenamt-count") == f"{number} Angebot{'e' if number != '1' else ''}"


def test_list_and_map_change_in_place_and_keep_the_filters(at):
    page = at("/programm/", 1280)
    page.evaluate("window.same = true")
    page.locator("[data-ehrenamt-stay=views] a", has_text="Karte").click()
    page.locator(".ehrenamt-map").wait_for()
    page.locator(".ehrenamt-periods a:visible", has_text="Nächster Monat").click()
    chip = page.locator(".ehrenamt-chip").first
    expect(chip).to_have_text("Filter entfernen: Nächster Monat")
    query = page.url.partition("?")[2]
    assert page.url.partition("?")[0].endswith("/programm/karte/")
    page.locator("[data-ehrenamt-stay=views] a", has_text="Liste").click()
    page.locator(".ehrenamt-offerings").wait_for()
    assert page.url.endswith(f"/programm/?{query}") and page.evaluate("window.same")
    page.go_back()
    page.locator(".ehrenamt-map").wait_for()
    assert page.evaluate("window.same")


def test_dot_leads_to_the_circles_of_its_town(at):
    page = at("/arbeitskreise/", 320)
    page.locator(".ehrenamt-map__town[href='#ort-leonberg'] circle").click()
    assert "Leonberg" in page.inner_text(":target")
    top = page.locator(":target").bounding_box()["y"]
    # Browsers scroll by whole pixels.
    assert -1 < top < 100


@pytest.mark.parametrize("path", MAPS)
def test_keyboard_meets_each_town_once(at, path):
    page = at(path, 1280)
    stops = page.evaluate("[...document.querySelectorAll('.ehrenamt-map a')].filter(link => link.tabIndex >= 0).length")
    assert stops == 0 and page.locator(".ehrenamt-map a").count() > 5


def test_quick_choices_stand_in_the_folded_filter_on_a_phone(at):
    phone = at("/programm/", 320)
    choice = phone.get_by_role("link", name="Nächster Monat")
    assert choice.count() == 0
    phone.locator(".ehrenamt-fold__summary").first.click()
    assert choice.count() == 1
    choice.click()
    expect(phone.locator(".ehrenamt-chip").first).to_have_text("Filter entfernen: Nächster Monat")
    desk = at("/programm/", 1280)
    desk.get_by_role("link", name="Nächster Monat").click()
    expect(desk.locator(".ehrenamt-periods [aria-current=true]:visible")).to_contain_text("Nächster Monat")


def test_dots_stand_out_in_forced_colours(at):
    page = at("/programm/karte/", 1280, forced_colors="active")
    colours = page.evaluate(
        "['.ehrenamt-map a .ehrenamt-map__dot', '.ehrenamt-map__outline', '.ehrenamt-map a .ehrenamt-map__label']"
        ".map(selector => getComputedStyle(document.querySelector(selector)).fill)"
    )
    assert len(set(colours)) == 3
