"""A host's look: properties in one style sheet and one template change every page, and nothing gets worse."""

import pytest

from tests import second_look
from tests.browser.looking import wrong_now
from tests.factories import make_site, offering_with_sign_up, published_offering

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = ["/programm/", "/programm/kalender/", "/programm/zuhoeren/", "/programm/einbetten/", "/partner/login/"]
LOOK = """() => {
  const style = selector => getComputedStyle(document.querySelector(selector));
  const button = document.querySelector('.ehrenamt-button') ? style('.ehrenamt-button') : null;
  return {
    ground: style('body').backgroundColor, text: style('body').color, font: style('body').fontFamily,
    heading: style('h1').color, headings: style('h1').fontFamily,
    corner: button && button.borderTopLeftRadius, width: style('main').maxWidth,
  };
}"""


@pytest.fixture
def site(live_server):
    make_site()
    offering_with_sign_up(page=published_offering(title="Zuhören", slug="zuhoeren"), capacity=5)
    return live_server.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_style_sheet_and_one_template_change_every_page(site, browse, settings, scheme):
    page = browse(color_scheme=scheme)
    looks, wrong = {}, {}
    for name in ("first", "second"):
        if name == "second":
            settings.TEMPLATES = second_look.TEMPLATES
        for path in PATHS:
            assert page.goto(path).status == 200
            looks[name, path] = page.evaluate(LOOK)
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                if found := wrong_now(page):
                    wrong[name, path, width] = found
    assert wrong == {}
    for path in PATHS:
        first, second = looks["first", path], looks["second", path]
        same = {part for part in first if first[part] == second[part] and first[part] not in (None, "none")}
        # The frame has no width of its own.
        assert same <= ({"width"} if "einbetten" in path else set()), path
    ground, heading = looks["second", "/programm/"]["ground"], looks["second", "/programm/"]["heading"]
    assert (ground, heading) == {
        "light": ("rgb(255, 255, 255)", "rgb(74, 18, 57)"),
        "dark": ("rgb(23, 16, 20)", "rgb(240, 179, 220)"),
    }[scheme]


def test_site_that_is_always_light_says_so(site, browse):
    page = browse(color_scheme="dark")
    page.goto("/programm/")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("document.documentElement.dataset.ehrenamtScheme = 'light'")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark, light) == ("rgb(16, 25, 27)", "rgb(251, 250, 247)")


def test_focus_ring_is_as_wide_as_the_host_says(site, browse, settings):
    page = browse()
    widths = []
    for templates in (settings.TEMPLATES, second_look.TEMPLATES):
        settings.TEMPLATES = templates
        page.goto("/programm/")
        page.keyboard.press("Tab")
        widths.append(page.evaluate("getComputedStyle(document.activeElement).outlineWidth"))
    assert widths == ["3px", "4px"]
