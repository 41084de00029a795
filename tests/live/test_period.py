"""A coordinator opens a programme period, calls, sees who contributed, closes and opens it again; with and without JavaScript."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from ehrenamt_wagtail.models import PeriodAnswer, ProgrammePeriod
from example_site.screenshots import sign_in
from tests.browser.looking import wrong_now
from tests.factories import OrganisationFactory, coordinator_user, in_days, make_site, member_of, published_offering

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REGISTER = "/verwaltung/ehrenamt_wagtail/programmeperiod/"
@pytest.fixture
def open_signed_in(browse):
    """Opens a page in a browser of its own, in which the account has signed in."""

    def opened(user, **options):
        page = browse(viewport={"width": 1280, "height": 900}, **options)
        sign_in(page, "", user.username)
        page.wait_for_load_state()
        return page

    return opened


@pytest.fixture
def people(live_server):
    """A district with two organisations; one has contributed already. Gives coordinator and member."""
    make_site()
    present, missing = OrganisationFactory(name="Caritas"), OrganisationFactory(name="Kirchengemeinde St. Dionysius")
    member_of(present, username="caritas")
    published_offering(organisation=present, dates=[in_days(100)])
    return coordinator_user(username="koordination"), member_of(missing, username="kirche")


def day(days: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


def must_be_accessible(page, part: str) -> None:
    """At both widths: nothing for axe to find in our part, and no wider than the screen."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert wrong_now(page, within=part) == [], page.url


def row_of(page, name: str) -> str:
    return " ".join(page.locator(".ehrenamt-reporting tbody tr", has_text=name).text_content().split())


@pytest.mark.parametrize("with_script", [True, False])
def test_coordinator_opens_calls_watches_and_closes_a_period(open_signed_in, people, with_script):
    coordinator, member = people
    page = open_signed_in(coordinator, java_script_enabled=with_script)
    page.goto(f"{REGISTER}create/")
    page.fill("input[name=name]", "Programm bis Juli")
    for name, days in (("first_day", 60), ("last_day", 240), ("deadline", 30)):
        page.fill(f"input[name={name}]", day(days))
        if with_script:
            page.keyboard.press("Tab")
    page.fill("textarea[name=message]", "Gesucht sind Abende zu Wohnen.")
    page.locator("form[action$='create/'] button[type=submit]").first.click()
    page.wait_for_selector(".ehrenamt-reporting")
    assert "2 Veranstalter werden angeschrieben (2 E-Mails)" in page.inner_text("main")

    page.get_by_role("button", name="Jetzt um Beiträge bitten").click()
    page.get_by_text("2 Veranstalter sind um Beiträge gebeten.").wait_for()
    assert sorted(message.to[0] for message in mail.outbox) == ["caritas@post.example", "kirche@post.example"]
    assert "beigetragen 1 1 0 0 0" in row_of(page, "Caritas")
    assert "noch nichts 0 0 0 0 0" in row_of(page, "Dionysius")
    if with_script:
        must_be_accessible(page, ".ehrenamt-reporting")

    # The other organisation reads the deadline, says that it has nothing, and takes it back; by keyboard alone.
    partner = open_signed_in(member, java_script_enabled=with_script)
    partner.goto("/partner/")
    assert "Redaktionsschluss am" in partner.inner_text("main")
    if with_script:
        must_be_accessible(partner, "main")
    partner.get_by_role("button", name="Dieses Mal nichts").focus()
    partner.keyboard.press("Enter")
    partner.wait_for_selector("button[value=back]")
    assert PeriodAnswer.objects.count() == 1
    page.reload()
    assert "dieses Mal nichts" in row_of(page, "Dionysius")
    partner.get_by_role("button", name="Wir haben doch etwas").focus()
    partner.keyboard.press("Enter")
    partner.wait_for_selector("button[value=nothing]")

    page.reload()
    page.get_by_role("link", name="Noch ohne Beitrag (1)").click()
    page.wait_for_url("**/?stand=ohne")
    assert page.locator(".ehrenamt-reporting tbody tr").count() == 1
    page.get_by_role("button", name="Jetzt schließen").click()
    page.get_by_text("Geschlossen. Was ab jetzt eingereicht wird").wait_for()
    assert ProgrammePeriod.objects.get().is_closed()
    assert "Redaktion beendet" in page.text_content(".ehrenamt-reporting")
    partner.goto("/partner/")
    assert "Redaktionsschluss am" not in partner.inner_text("main")

    page.fill("input[name=deadline]", day(20))
    # By keyboard: the calendar that opens below the field covers the button.
    page.get_by_role("button", name="Bis zu diesem Tag wieder öffnen").press("Enter")
    page.get_by_text("Wieder offen.").wait_for()
    assert not ProgrammePeriod.objects.get().is_closed()
