"""A circle names people from the mail on a phone; a coordinator asks, writes the letters and fetches them."""

import re

import pytest
from django.core import mail

from ehrenamt_wagtail.models import LongJob, ThankedPerson
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.thanks.asking import ask
from example_site.screenshots import sign_in
from tests.browser.looking import PHONE, wrong_with
from tests.browser.ways import type_into
from tests.factories import coordinator_user, make_site
from tests.mails import link_in, newest_to
from tests.reporting.thanks.rounds import make_circle, make_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def circle(live_server):
    make_site()
    return make_circle(contact_email="kontakt@renningen.example")


@pytest.fixture
def link(circle) -> str:
    """The path in the mail that a coordinator has sent."""
    ask(make_round(), [circle], actor=coordinator_user())
    return link_in(newest_to("kontakt@renningen.example"), "/danken/")


def names() -> list[tuple]:
    return list(ThankedPerson.objects.order_by("pk").values_list("name", "since"))


def test_circle_names_people_from_the_mail_on_a_phone(phone, link):
    page = phone()
    page.goto(link)
    assert wrong_with(page, says="Wem möchten Sie danken?") == []
    page.set_viewport_size(PHONE)
    page.fill("input[name=name]", "Maria Beispiel")
    page.fill("input[name=since]", "2015")
    page.get_by_role("button", name="Diese Person nennen").click()
    page.wait_for_selector(".ehrenamt-errors:focus")
    assert wrong_with(page, says="einverstanden") == []
    page.set_viewport_size(PHONE)
    assert page.input_value("input[name=name]") == "Maria Beispiel" and names() == []

    second_tab = page.context.new_page()
    second_tab.goto(link)
    page.check("input[name=consent]")
    page.get_by_role("button", name="Diese Person nennen").click()
    assert wrong_with(page, says="Maria Beispiel, seit 2015") == []
    page.set_viewport_size(PHONE)
    assert names() == [("Maria Beispiel", 2015)]
    # Once more from another tab names nobody twice.
    second_tab.fill("input[name=name]", "Maria Beispiel")
    second_tab.fill("input[name=since]", "2015")
    second_tab.check("input[name=consent]")
    second_tab.get_by_role("button", name="Diese Person nennen").click()
    second_tab.get_by_role("status").wait_for()
    assert names() == [("Maria Beispiel", 2015)]
    page.get_by_role("button", name=re.compile(r"Löschen\s?: Maria Beispiel")).click()
    assert wrong_with(page, says="Der Name ist gelöscht") == []
    assert names() == []
    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]


def test_people_are_named_without_javascript(phone, link):
    page = phone(java_script_enabled=False)
    page.goto(link)
    page.fill("input[name=name]", "Ali Muster")
    page.fill("input[name=since]", "2022")
    page.check("input[name=consent]")
    page.get_by_role("button", name="Diese Person nennen").click()
    assert "Ali Muster, seit 2022" in page.inner_text("main")
    assert names() == [("Ali Muster", 2022)]


def test_keyboard_alone_names_somebody(phone, link):
    page = phone()
    page.goto(link)
    type_into(page, name="Ali Muster", since="2022", consent=" ")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert names() == [("Ali Muster", 2022)]


def test_coordinator_asks_enters_names_and_fetches_the_letters(browse, circle):
    round = make_round()
    coordinator_user(username="koordination")
    page = browse(viewport={"width": 1280, "height": 900})
    sign_in(page, "", "koordination")
    page.goto(f"/verwaltung/ehrenamt/thanks/{round.pk}/")
    page.get_by_role("button", name="Alle fragen, die noch niemanden genannt haben").click()
    assert [message.to for message in mail.outbox] == [["kontakt@renningen.example"]]
    page.get_by_role("link", name="Namen eintragen").click()
    page.fill("input[name=name]", "Maria Beispiel")
    page.fill("input[name=since]", "2015")
    page.check("input[name=consent]")
    page.get_by_role("button", name="Diese Person nennen").click()
    page.get_by_text("Der Name ist gespeichert").wait_for()
    page.goto(f"/verwaltung/ehrenamt/thanks/{round.pk}/")
    page.get_by_role("button", name="Alle Briefe schreiben").click()
    long_jobs.run(LongJob.objects.get().pk)
    page.goto(f"/verwaltung/ehrenamt/thanks/{round.pk}/")
    letters = page.context.request.get(page.get_by_role("link", name="1 Brief als PDF").get_attribute("href"))
    assert letters.headers["content-type"] == "application/pdf" and letters.body().startswith(b"%PDF")
