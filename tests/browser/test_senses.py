"""Pages for people who see, move and read otherwise: forced colours, less motion, text twice as large, a ring around the focus."""

import pytest

from example_site.screenshots import Screen, open_screen, sign_in

from .looking import AXE, COLOURS

pytestmark = pytest.mark.browser

SIGN_UP = ".ehrenamt-sign-up a[href^='/anmeldung/']"
SCREENS = [
    Screen("list", "/programm/?art=workshop&art=vortrag"),
    Screen("offering", "/programm/fernreise-daheim/"),
    Screen("sign-up", "/programm/fernreise-daheim/", follow=SIGN_UP),
    Screen("month", "/programm/kalender/"),
    Screen("map", "/programm/karte/"),
    Screen("circle", "/arbeitskreise/arbeitskreis-asyl-renningen/"),
    Screen("portal-form", "/partner/angebote/neu/?art=fortbildung", "caritas"),
]
EACH = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)

# Text outside of the window, or cut off by a box around it; what is for screen readers only is no larger than a pixel.
LOST_TEXT = """() => {
  const lost = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, range = document.createRange();
    const isHidden = node.parentElement.closest('.ehrenamt-visually-hidden, .ehrenamt-skip, option, script, noscript');
    if (!node.data.trim() || isHidden) continue;
    range.selectNodeContents(node);
    for (const place of range.getClientRects()) {
      if (place.width <= 1) continue;
      let box = node.parentElement, cut = place.right > innerWidth + 1 || place.left < -1;
      for (; box && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box), edge = box.getBoundingClientRect();
        if (edge.width <= 1) { cut = false; break; }
        if (style.overflowX === 'hidden' && place.right > edge.right + 1) cut = true;
        if (style.overflowY === 'hidden' && place.bottom > edge.bottom + 1) cut = true;
      }
      if (cut) lost.push(node.data.trim().slice(0, 80));
    }
  }
  return [...new Set(lost)];
}"""
RING = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const widths = [null, '::after'].map(part => getComputedStyle(node, part))
    .map(style => style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth));
  return [node.outerHTML.slice(0, 160), Math.max(...widths)];
}"""
MOTION = """() => [...document.querySelectorAll('*')]
  .flatMap(node => [null, '::before', '::after'].map(part => getComputedStyle(node, part)))
  .filter(style => style.animationName !== 'none' || style.transitionDuration.split(', ').some(time => parseFloat(time) > 0)
    || style.scrollBehavior === 'smooth').length"""


@pytest.fixture
def look(browser, demo_url):
    """Opens a screen in a browser of its own; folded groups are unfolded."""
    contexts = []

    def look(screen: Screen, **options):
        context = browser.new_context(locale="de-DE", **options)
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        if screen.account:
            sign_in(page, demo_url, screen.account)
        open_screen(page, demo_url, screen)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
        return page

    yield look
    for context in contexts:
        context.close()


@EACH
def test_text_twice_as_large_is_all_there(screen, look):
    page = look(screen)
    browser = page.context.new_cdp_session(page)
    usual = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 2 * usual
    wrong = {}
    for width in (640, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong[width] = "wider than the screen"
        if lost := page.evaluate(LOST_TEXT):
            wrong[width] = lost
    assert wrong == {}


@EACH
def test_narrow_page_loses_no_text(screen, look):
    page = look(screen, viewport={"width": 320, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(LOST_TEXT) == []


@EACH
def test_whatever_has_the_focus_has_a_ring(screen, look):
    page = look(screen, viewport={"width": 1280, "height": 900})
    thin, seen = {}, 0
    for _press in range(250):
        page.keyboard.press("Tab")
        ring = page.evaluate(RING)
        if ring is None:
            break
        seen += 1
        if ring[1] < 3:
            thin[ring[0]] = ring[1]
    assert seen > 10
    assert thin == {}


@EACH
def test_nothing_moves_for_who_wants_no_motion(screen, look):
    page = look(screen, reduced_motion="reduce")
    assert page.evaluate(MOTION) == 0


@EACH
def test_forced_colours_leave_everything_readable(screen, look):
    page = look(screen, forced_colors="active", color_scheme="dark")
    page.evaluate(AXE.axe_script)
    violations = page.evaluate("options => axe.run(options)", COLOURS)["violations"]
    assert [node["html"] for entry in violations for node in entry["nodes"]] == []


def style(page, selector: str, name: str, part: str = "") -> str:
    return page.locator(selector).first.evaluate(
        "(node, [name, part]) => getComputedStyle(node, part || null)[name]", [name, part]
    )


def test_forced_colours_leave_chips_states_buttons_and_tabs_apart(look):
    page = look(SCREENS[0], forced_colors="active")
    assert style(page, ".ehrenamt-chip", "borderTopWidth") == "1px"
    current, other = (f".ehrenamt-subnav a{part}" for part in ("[aria-current]", ":not([aria-current])"))
    assert style(page, current, "borderBottomColor") != style(page, other, "borderBottomColor")
    assert style(page, other, "borderBottomColor") == style(page, "body", "backgroundColor")

    page = look(SCREENS[2], forced_colors="active")
    primary = "main form .ehrenamt-button--primary"
    assert style(page, primary, "backgroundColor") != style(page, "body", "backgroundColor")
    assert style(page, primary, "backgroundColor") != style(page, primary, "color")
    page.keyboard.press("Tab")
    assert page.evaluate(RING)[1] >= 3

    page = look(Screen("cancelled", "/programm/gesund-essen-mit-wenig-geld/"), forced_colors="active")
    assert style(page, ".ehrenamt-state--cancelled", "borderTopStyle") == "solid"
    assert style(page, ".ehrenamt-facts", "borderLeftStyle") == "solid"
    page = look(SCREENS[3], forced_colors="active")
    assert style(page, ".ehrenamt-month__entry", "borderLeftWidth") == "4px"
    page = look(Screen("archive", "/programm/?archiv=1"), forced_colors="active")
    assert style(page, ".ehrenamt-state--past", "borderTopColor") == style(page, "body", "backgroundColor")


def test_returned_offering_keeps_its_shape_in_forced_colours(look):
    page = look(Screen("portal", "/partner/", "kirche"), forced_colors="active")
    shape = ".ehrenamt-state--returned"
    assert style(page, shape, "borderTopColor", "::before") == "rgba(0, 0, 0, 0)"
    assert style(page, shape, "borderRightColor", "::before") == style(page, shape, "color")
