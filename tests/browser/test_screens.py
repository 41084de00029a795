"""Every main page of the demonstration, on a phone and on a desk: nothing for axe to find, nothing from elsewhere."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from example_site.screenshots import SCREENS, WIDTHS, open_screen, sign_in

pytestmark = pytest.mark.browser

AXE = Axe()
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_is_accessible_and_asks_no_other_host(screen, width, demo_url, browser):
    context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]}, locale="de-DE")
    page = context.new_page()
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if screen.account:
        sign_in(page, demo_url, screen.account)
    open_screen(page, demo_url, screen)

    violations = AXE.run(page, options=RULES).response["violations"]
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in violations] == []
    assert hosts <= {urlsplit(demo_url).netloc, ""}
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.lang") == "de"
    if not screen.account:
        has_form = screen.name in ("portal-login", "sign-up", "sign-up-confidential", "sign-up-own", "report-barrier")
        assert [cookie["name"] for cookie in context.cookies()] == (["csrftoken"] if has_form else [])
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/programm/", "/partner/login/"])
def test_colours_have_contrast_in_light_and_dark(scheme, path, demo_url, browser):
    context = browser.new_context(color_scheme=scheme, locale="de-DE")
    page = context.new_page()
    page.goto(demo_url + path)
    violations = AXE.run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}}).response["violations"]
    assert [[node["target"] for node in v["nodes"]] for v in violations] == []
    context.close()


def test_word_without_end_does_not_widen_any_page_on_a_phone(demo_url, browser):
    context = browser.new_context(viewport={"width": 320, "height": 720}, locale="de-DE")
    page = context.new_page()
    sign_in(page, demo_url, "caritas")
    page.goto(f"{demo_url}/partner/angebote/neu/?art=vortrag")
    page.fill("input[name=title]", "W" * 255)
    # The first is what the Enter key presses, hidden from sight.
    page.locator("button[name=action][value=save]").last.click()
    address = page.url
    assert address.endswith(f"/angebote/{address.split('/')[-2]}/")
    places = ["/partner/", f"/programm/?q={'x' * 200}"]
    places += [address.removeprefix(demo_url) + part for part in ("", "vorschau/", "verlauf/", "kopieren/", "loeschen/")]
    widths = {}
    for place in places:
        page.goto(demo_url + place)
        widths[place] = page.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(places, 320)
    page.goto(f"{address}loeschen/")
    page.click("main form button[type=submit]")
    context.close()
