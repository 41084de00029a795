"""Every main page of the demonstration, from phone to desk, in light and dark: nothing for axe to find, nothing from elsewhere."""

from urllib.parse import urlsplit

import pytest

from example_site.screenshots import ADMIN_SCREENS, SCREENS, WIDTHS, Screen, open_screen, sign_in

from .looking import wrong_now, wrong_with

pytestmark = pytest.mark.browser

HAVE_FORMS = {"portal-login", "sign-up", "sign-up-confidential", "sign-up-own", "report-barrier", "circle-figures", "thanks"}
REGISTERS = "/verwaltung/ehrenamt_wagtail"
# Pages in the admin of which the documentation has no picture.
FURTHER = [
    Screen("brochure", f"{REGISTERS}/brochure/", "koordination", follow="a[href*='/ehrenamt/brochures/']"),
    Screen("report", f"{REGISTERS}/statusreport/", "koordination", follow="a[href*='/ehrenamt/reports/']"),
    Screen("report-new", "/verwaltung/ehrenamt/reports/new/", "koordination"),
]
# How far the first words stand below Wagtail's header.
GAP = """() => {
    const header = document.querySelector("main .w-slim-header");
    const first = [...document.querySelectorAll("main p, main .help-block")].find(one => one.clientHeight && !header.contains(one));
    return first.getBoundingClientRect().top - header.getBoundingClientRect().bottom;
}"""


@pytest.fixture(scope="module")
def signed_in(browser, demo_url):
    """The cookies of an account, which signs in once."""
    known = {"": None}

    def signed_in(account: str) -> dict | None:
        if account not in known:
            context = browser.new_context(locale="de-DE")
            sign_in(context.new_page(), demo_url, account)
            known[account] = context.storage_state()
            context.close()
        return known[account]

    return signed_in


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_is_accessible_and_asks_no_other_host(screen, demo_url, browser, signed_in):
    context = browser.new_context(locale="de-DE", storage_state=signed_in(screen.account))
    page = context.new_page()
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_screen(page, demo_url, screen)

    assert wrong_with(page) == []
    assert hosts <= {urlsplit(demo_url).netloc, ""}
    assert complaints == []
    assert page.evaluate("document.documentElement.lang") == "de"
    if not screen.account:
        assert [cookie["name"] for cookie in context.cookies()] == (["csrftoken"] if screen.name in HAVE_FORMS else [])
    context.close()


@pytest.mark.parametrize("screen", [*ADMIN_SCREENS, *FURTHER], ids=lambda screen: screen.name)
def test_screen_in_the_admin_is_accessible_in_what_is_ours(screen, demo_url, browser, signed_in):
    context = browser.new_context(locale="de-DE", storage_state=signed_in(screen.account))
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_screen(page, demo_url, screen)
    assert page.evaluate(GAP) >= 12
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert wrong_now(page, within="main") == []
    # An icon in a button needs its class, or it fills the page.
    assert all(height <= 48 for height in page.locator("main svg.icon").evaluate_all("all => all.map(one => one.clientHeight)"))
    assert complaints == []
    context.close()


@pytest.mark.parametrize("register", ["circlefigure", "programmeperiod", "enteredfigure", "figurekind", "brochure", "statusreport"])
def test_register_shows_all_its_columns_on_a_desk(register, demo_url, browser, signed_in):
    context = browser.new_context(locale="de-DE", storage_state=signed_in("koordination"), viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{demo_url}{REGISTERS}/{register}/")
    lists = page.locator(".result-list")
    assert lists.count() == 1
    needed, there = lists.evaluate("list => [list.scrollWidth, list.clientWidth]")
    assert needed <= there
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
