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
    if not screen.account and screen.name != "portal-login":
        assert context.cookies() == []
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
