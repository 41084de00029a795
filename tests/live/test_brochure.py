"""From the register to the printed brochure, and what a visitor reads of it; nothing for axe to find."""

import re

import pytest
from playwright.sync_api import expect

from ehrenamt_wagtail import models
from example_site.screenshots import sign_in
from tests import factories
from tests.browser.looking import wrong_now
from tests.pdfs import read_pdf, text_of
from tests.reporting.brochures import period

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

@pytest.fixture
def programme(live_server, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    factories.make_site()
    period(name="Programm bis Juli")
    page = factories.published_offering(title="Grundlagen des Asylrechts", dates=[factories.in_days(5), factories.in_days(12)])
    factories.offering_with_sign_up(page=page, capacity=20)
    day = factories.published_offering(model=models.VolunteerDayPage, title="Ehrenamtstag", dates=[factories.in_days(9, 10)])
    factories.published_offering(parent=day, title="Fahrräder flicken", dates=[factories.in_days(9, 11)])
    factories.circle_page(contact_email="ak@post.example", contact_email_is_public=True)
    factories.CoordinatorFactory(name="Eva Muster", email="eva@post.example")
    return factories.coordinator_user(username="koordination")


def test_coordinator_makes_and_publishes_the_brochure_and_a_visitor_reads_it(programme, browse):
    office = browse(viewport={"width": 1280, "height": 900})
    sign_in(office, "", "koordination")
    office.wait_for_load_state()
    office.goto("/verwaltung/ehrenamt_wagtail/brochure/create/")
    office.locator("#id_period").select_option(label="Programm bis Juli")
    office.locator("input[name=title]").fill("Programm bis Juli")
    office.locator("textarea[name=preface]").fill("Schön, dass Sie da sind.")
    office.get_by_role("button", name="Speichern").click()
    brochure = models.Brochure.objects.get()
    for format in ("A4", "A5"):
        office.goto(f"/verwaltung/ehrenamt/brochures/{brochure.pk}/")
        office.get_by_role("button", name=f"PDF erstellen: {format}").click()
        office.wait_for_url(re.compile(r"/ehrenamt/jobs/\d+/"))
        expect(office.get_by_text(f"Das Programmheft mit 3 Angeboten ist fertig: {format}")).to_be_visible()
    office.goto(f"/verwaltung/ehrenamt/brochures/{brochure.pk}/")
    with office.expect_download() as download:
        office.get_by_role("link", name="A5").click()
    assert re.fullmatch(r"programm-bis-juli-a5\.pdf", download.value.suggested_filename)
    booklet = read_pdf(download.value.path().read_bytes())
    assert len(booklet.pages) % 4 == 0 and "Fahrräder flicken" in text_of(booklet)
    office.get_by_role("button", name="Veröffentlichen").click()
    expect(office.get_by_text("Das Programmheft ist veröffentlicht")).to_be_visible()

    visitor = browse(viewport={"width": 320, "height": 700})
    visitor.goto("/programm/")
    visitor.get_by_role("link", name="Programmheft „Programm bis Juli“").click()
    expect(visitor.get_by_role("heading", name="Programm bis Juli", level=1)).to_be_visible()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name=re.compile("^A4")).click()
    assert "Grundlagen des Asylrechts" in text_of(read_pdf(download.value.path().read_bytes()))
    for width in (320, 1280):
        for scheme in ("light", "dark"):
            screen = browse(viewport={"width": width, "height": 900}, color_scheme=scheme)
            screen.goto(f"/programmheft/{brochure.pk}/")
            for summary in screen.locator("summary").all():
                summary.click()
            assert wrong_now(screen) == []
