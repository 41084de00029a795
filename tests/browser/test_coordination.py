"""Coordination on the running demonstration: from the queue a clashing training goes back with another date, and is taken."""

import re

import pytest

from example_site.demo.content.stories import SECOND_OF_CLASH
from example_site.screenshots import sign_in

from .looking import wrong_now

pytestmark = pytest.mark.browser

TITLE = SECOND_OF_CLASH.title
QUEUE = "/verwaltung/ehrenamt/review/"


class Clicks:
    """A browser's page whose clicks are counted."""

    def __init__(self, page):
        self.page, self.number = page, 0

    def __call__(self, target) -> None:
        target.click()
        self.page.wait_for_load_state()
        self.number += 1


def test_review_page_is_accessible_and_fits_a_phone(open_page, demo_url):
    for width in (320, 1280):
        page = open_page(viewport={"width": width, "height": 900})
        sign_in(page, demo_url, "koordination")
        page.goto(QUEUE)
        page.get_by_role("link", name=TITLE).first.click()
        page.wait_for_selector(".ehrenamt-review__competition")
        assert wrong_now(page, within=".ehrenamt-review") == []
        panel, window = page.locator(".ehrenamt-review__competition").bounding_box(), page.evaluate("window.innerWidth")
        assert panel["x"] + panel["width"] <= window


def test_queue_gives_titles_room_and_keeps_its_filter_in_the_frame(open_page, demo_url):
    for width, least in ((320, 200), (1280, 300)):
        page = open_page(viewport={"width": width, "height": 900})
        sign_in(page, demo_url, "koordination")
        page.goto(f"{QUEUE}?kind=new")
        assert page.locator("td.title").first.bounding_box()["width"] >= least
        frame = page.locator(".ehrenamt-review__filter").bounding_box()
        for select in page.locator(".ehrenamt-review__filters select").all():
            box = select.bounding_box()
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_clashing_training_goes_back_with_a_date_in_four_clicks_and_is_taken_in_two(open_page, demo_url):
    koordination, caritas = open_page(java_script_enabled=False), open_page(java_script_enabled=False)
    sign_in(koordination, demo_url, "koordination")
    koordination.goto(QUEUE)
    click = Clicks(koordination)
    click(koordination.get_by_role("link", name=TITLE).first)
    assert "starke überschneidung" in koordination.inner_text(".ehrenamt-review__competition").lower()
    proposed = koordination.locator(".ehrenamt-review__rows a", has_text="Diesen Termin vorschlagen").first
    when = proposed.inner_text().partition(": ")[2].strip()
    click(proposed)
    assert when in koordination.input_value("textarea[name=return-comment]")
    click(koordination.locator("button[name=action][value=return]"))
    assert click.number <= 4
    assert "zurückgegeben" in koordination.inner_text("body")

    sign_in(caritas, demo_url, "caritas")
    caritas.get_by_role("link", name=re.compile(re.escape(TITLE))).first.click()
    caritas.wait_for_load_state()
    # The mail's one button leads here.
    assert when in caritas.inner_text(".ehrenamt-proposal")
    click = Clicks(caritas)
    click(caritas.get_by_role("button", name="Termin übernehmen und erneut einreichen"))
    assert click.number <= 2
    caritas.wait_for_selector("button[value=withdraw]")
    assert when in caritas.inner_text("main")
    caritas.goto("/partner/")
    assert TITLE in caritas.inner_text("main")
    koordination.goto(QUEUE)
    assert TITLE in koordination.inner_text("main")
