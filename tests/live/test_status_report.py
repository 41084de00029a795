"""A coordinator makes a report in a browser: drafts it, edits a text, releases it, fetches the PDF; then everybody reads it."""


import pytest
from wagtail.models import Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years
from example_site.screenshots import sign_in
from tests import factories
from tests.browser.looking import wrong_now
from tests.pdfs import read_pdf, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

@pytest.fixture
def coordinator(live_server):
    factories.make_site()
    before, span = half_years(3)[0], half_years(2)[0]
    circle = factories.circle_page(title="Arbeitskreis Asyl Herrenberg")
    for part, volunteers in ((before, 50), (span, 40)):
        half = 1 if part.first.month == 1 else 2
        models.CircleFigure.objects.create(circle=circle, year=part.first.year, half=half, volunteers=volunteers)
    return factories.coordinator_user(username="koordination", first_name="Karin", last_name="Koordination")


def test_coordinator_drafts_edits_releases_and_downloads_a_report(page, live_server, coordinator):
    page.set_default_timeout(30_000)
    sign_in(page, live_server.url, "koordination")
    page.wait_for_load_state()
    page.goto(f"{live_server.url}/verwaltung/ehrenamt_wagtail/statusreport/create/")
    page.fill("input[name=title]", "Bericht aus dem Browser")
    page.click("button:has-text('Bericht entwerfen')")
    page.wait_for_selector("text=Der Bericht ist entworfen")
    page.click("a.button:has-text('Zurück')")

    page.click("a:has-text('Bericht bearbeiten')")
    editor = page.locator(".public-DraftEditor-content").first
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Im Landkreis ist viel geschehen. ")
    # The editor hands over what was typed a moment later.
    page.wait_for_timeout(600)
    page.click("footer button[type=submit]")
    page.wait_for_selector("text=ist gespeichert")
    report = models.StatusReport.objects.get()
    assert "Im Landkreis ist viel geschehen. " in str(report.body.raw_data[0])

    page.goto(f"{live_server.url}/verwaltung/ehrenamt/reports/{report.pk}/")
    page.click("button:has-text('Als Fassung 1 freigeben')")
    page.wait_for_selector("text=Fassung 1 ist freigegeben")
    page.click("a.button:has-text('Zurück')")
    address = page.get_attribute("a:text-is('PDF')", "href")
    answer = page.context.request.get(live_server.url + address)
    text = text_of(read_pdf(answer.body()))
    assert "Bericht aus dem Browser" in text and "Im Landkreis ist viel geschehen." in text

    read_by_everybody(page, live_server, report)


def read_by_everybody(page, live_server, report) -> None:
    """The page of the website: nothing for axe to find, nothing wider than a phone."""
    models.StatusReport.objects.update(is_public=True)
    version = models.ReportVersion.objects.get()
    models.ReportVersion.objects.filter(pk=version.pk).update(is_public=True)
    root = Site.objects.get(is_default_site=True).root_page
    root.add_child(instance=models.StatusReportPage(title="Sachstandsbericht", slug="bericht", version_id=version.pk))
    page.context.clear_cookies()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{live_server.url}/bericht/")
        assert "Im Landkreis ist viel geschehen." in page.inner_text("main")
        assert wrong_now(page) == []
    assert all(address.startswith(live_server.url) for address in asked)
