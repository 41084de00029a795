"""A circle reports its figures from the mail: on a phone, with the keyboard alone, and without JavaScript."""

import pytest

from ehrenamt_wagtail.circles.asking import ask
from ehrenamt_wagtail.circles.figures import state_figure
from ehrenamt_wagtail.circles.half_years import present_half_year
from ehrenamt_wagtail.models import CircleFigure, Coordinator
from example_site.screenshots import sign_in
from tests.browser.looking import PHONE, wrong_with
from tests.browser.ways import type_into
from tests.factories import circle_page, coordinator_user, make_site, member_of
from tests.mails import link_in, newest_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def circle(live_server):
    make_site()
    Coordinator.objects.create(name="Miriam Sommerfeld", phone="07031 663", email="miriam@landkreis.example")
    page = circle_page(title="Arbeitskreis Asyl Renningen", contact_email="kontakt@renningen.example")
    before = present_half_year().later(-1)
    state_figure(page, year=before.year, half=before.half, volunteers=1034, groups=4, is_by_link=True)
    return page


def mailed_link(circle) -> str:
    """The path in the mail that the coordinators have sent."""
    ask([circle], half_year=present_half_year(), actor=coordinator_user())
    return link_in(newest_to("kontakt@renningen.example"), "/zahlen/")


def stated() -> list[tuple]:
    half_year = present_half_year()
    rows = CircleFigure.objects.filter(year=half_year.year, half=half_year.half).order_by("pk")
    return list(rows.values_list("volunteers", "groups", "remarks", "is_current"))


def test_circle_reports_its_figures_from_the_mail_on_a_phone(phone, circle):
    page = phone()
    page.goto(mailed_link(circle))
    assert wrong_with(page, says="zuletzt: 1.034") == []
    page.set_viewport_size(PHONE)
    assert stated() == []

    page.fill("input[name=volunteers]", "ungefähr 34")
    page.get_by_role("button", name="Zahlen melden").click()
    page.wait_for_selector(".ehrenamt-errors:focus")
    assert wrong_with(page, says="ganze Zahl in Ziffern") == []
    page.set_viewport_size(PHONE)
    assert page.input_value("input[name=volunteers]") == "ungefähr 34"

    page.fill("input[name=volunteers]", "43")
    page.fill("input[name=groups]", "3")
    page.fill("textarea[name=remarks]", "Die Kochgruppe hat sich geteilt. " + "W" * 200)
    page.get_by_role("button", name="Zahlen melden").click()
    assert "Danke" in page.inner_text("h1")
    assert wrong_with(page, says="Die Kochgruppe hat sich geteilt.") == []
    page.set_viewport_size(PHONE)

    page.get_by_role("link", name="Zahlen berichtigen").click()
    assert wrong_with(page, says="Für dieses Halbjahr gemeldet") == []
    page.set_viewport_size(PHONE)
    page.fill("input[name=volunteers]", "34")
    page.fill("textarea[name=remarks]", "")
    page.get_by_role("button", name="Berichtigung speichern").click()
    assert "34" in page.inner_text("main")
    assert [(row[0], row[-1]) for row in stated()] == [(43, False), (34, True)]
    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]
    page.goto(circle.url)
    assert "34 Ehrenamtliche" in page.inner_text("main")


def test_link_that_was_cut_off_says_what_to_do(phone, circle):
    page = phone()
    page.goto(mailed_link(circle)[:-4] + "/")
    assert wrong_with(page, says="Miriam Sommerfeld, 07031 663") == []


def test_figures_stated_meanwhile_are_shown_beside_what_was_typed(phone, circle):
    page = phone()
    page.goto(mailed_link(circle))
    page.fill("input[name=volunteers]", "34")
    half_year = present_half_year()
    state_figure(circle, year=half_year.year, half=half_year.half, volunteers=40, actor=coordinator_user())
    page.get_by_role("button", name="Zahlen melden").click()
    page.wait_for_selector("[role=alert]:focus")
    assert wrong_with(page, says="inzwischen 40 Ehrenamtliche gemeldet") == []
    page.set_viewport_size(PHONE)
    assert page.input_value("input[name=volunteers]") == "34"
    page.get_by_role("button", name="Berichtigung speichern").click()
    assert "Danke" in page.inner_text("h1")
    assert [row[0] for row in stated()] == [40, 34]


def test_keyboard_alone_states_the_figures(phone, circle):
    page = phone()
    page.goto(mailed_link(circle))
    type_into(page, volunteers="34", groups="3", remarks="Alles gut.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert stated() == [(34, 3, "Alles gut.", True)]


def test_figures_are_stated_without_javascript(phone, circle):
    page = phone(java_script_enabled=False)
    page.goto(mailed_link(circle))
    page.fill("input[name=volunteers]", "1.034")
    page.get_by_role("button", name="Zahlen melden").click()
    assert "Danke" in page.inner_text("h1")
    assert stated() == [(1034, None, "", True)]


def test_member_states_them_in_the_portal(phone, circle):
    member_of(circle.organisation, username="ak-renningen")
    page = phone()
    sign_in(page, "", "ak-renningen")
    page.goto(f"/partner/arbeitskreise/{circle.pk}/")
    page.get_by_role("link", name="Zahlen melden").click()
    assert wrong_with(page, says="zuletzt: 1.034") == []
    page.set_viewport_size(PHONE)
    page.fill("input[name=volunteers]", "34")
    page.get_by_role("button", name="Zahlen melden").click()
    page.wait_for_selector(".ehrenamt-messages")
    assert wrong_with(page, says="sind gespeichert") == []
    assert [row[0] for row in stated()] == [34]
