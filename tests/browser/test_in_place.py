"""With JavaScript list and month change in place, with history, focus and what is read aloud; what fails is ordinary navigation."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STATUS = "[data-ehrenamt-status]"
COUNT = "[data-ehrenamt-count]"
CHIPS = ".ehrenamt-chips a"
# Survives as long as no other page is loaded; notes each text that a screen reader is given.
WATCH = """
window.told = [];
new MutationObserver(() => {
  const text = document.querySelector('[data-ehrenamt-status]').textContent;
  if (text) window.told.push(text);
}).observe(document.querySelector('[data-ehrenamt-status]'), {childList: true, characterData: true, subtree: true});
"""
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
    window.shifts.push([entry.value, ...entry.sources.map(source => source.node && (source.node.outerHTML || source.node.data))]);
  }
}).observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture
def visit(browser, demo_url):
    """Opens an address of the demonstration in a browser of its own, and watches it."""
    contexts = []

    def visit(path: str, *, width: int = 1280, init: str = ""):
        context = browser.new_context(locale="de-DE", base_url=demo_url, viewport={"width": width, "height": 900})
        contexts.append(context)
        context.set_default_timeout(15_000)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.goto(path)
        page.evaluate(WATCH)
        return page

    yield visit
    for context in contexts:
        context.close()


def is_same_page(page) -> bool:
    return page.evaluate("Array.isArray(window.told)")


def focused(page) -> str:
    return page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def tick(page, name: str, value: str) -> None:
    """Tick a box with the keyboard and wait for the answer."""
    box = page.locator(f"input[name={name}][value='{value}']")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(rf"[?&]{name}={value}"))


def open_filters(page) -> None:
    page.locator(".ehrenamt-filter summary").click()


def test_ticked_box_changes_all_parts_and_keeps_focus_fold_and_scroll(visit):
    page = visit("/programm/")
    open_filters(page)
    before = page.inner_text(COUNT)
    page.locator("#filter_gemeinde").evaluate("list => list.scrollTop = 40")
    page.locator("input[name=art][value=workshop]").focus()
    page.evaluate("window.scrollBy(0, 70)")
    depth = page.evaluate("window.scrollY")
    assert depth > 0
    tick(page, "art", "workshop")

    assert is_same_page(page)
    assert page.evaluate("document.activeElement.matches('input[name=art][value=workshop]:checked')")
    assert page.locator(".ehrenamt-filter details").get_attribute("open") is not None
    assert page.evaluate("window.scrollY") == depth
    assert page.locator("#filter_gemeinde").evaluate("list => list.scrollTop") == 40
    assert page.inner_text(COUNT) != before
    assert page.evaluate("window.told") == [page.inner_text(COUNT)]
    assert set(page.locator(".ehrenamt-offerings .ehrenamt-kind").all_inner_texts()) == {"Workshop"}
    assert "Workshop" in page.locator(CHIPS).first.inner_text()
    assert "(1 aktiv)" in page.inner_text(".ehrenamt-filter summary")
    for address in ("kalender.ics?art=workshop", "feed.atom?art=workshop", "einbetten/code/?art=workshop"):
        assert page.locator(f"main a[href$='{address}']").count() == 1
    assert page.locator("head link[rel=alternate]").get_attribute("href").endswith("feed.atom?art=workshop")
    assert page.locator(".ehrenamt-subnav a[href*='kalender'][href$='?art=workshop']").count() == 1


def test_page_in_place_is_the_page_that_is_loaded(visit):
    page = visit("/programm/?sprache=de")
    open_filters(page)
    tick(page, "art", "fortbildung")
    tick(page, "kostenlos", "1")
    page.uncheck("input[name=sprache][value=de]")
    page.wait_for_url(lambda url: "sprache" not in url)
    shown = """() => [document.title,
        [...document.querySelectorAll('[data-ehrenamt-part]')].map(part => part.textContent.replace(/\\s+/g, ' ')),
        [...document.querySelectorAll('main input')].map(field => [field.name, field.value, field.checked, field.id]),
        [...document.querySelectorAll('main a, head link')].map(link => link.href)]"""
    # Choices that would find nothing any more are not moved away below one's finger.
    drop = """() => [...document.querySelectorAll('.ehrenamt-field__count')].filter(count => count.textContent === '(0)')
        .forEach(count => count.closest('div').remove())"""
    page.wait_for_function("() => document.querySelector('[data-ehrenamt-status]').textContent !== ''")
    page.evaluate(drop)
    in_place = page.evaluate(shown)
    page.reload()
    page.evaluate(drop)
    assert page.evaluate(shown) == in_place


def test_back_and_forward_show_what_was_chosen_and_where_one_was(visit):
    page = visit("/programm/")
    everything, title = page.inner_text(COUNT), page.title()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(100)
    depth = page.evaluate("window.scrollY")
    page.locator(".ehrenamt-pagination a[rel=next]").click()
    page.wait_for_url(re.compile("seite=2"))
    assert page.title() != title
    assert page.evaluate("document.activeElement.matches('[data-ehrenamt-count]')")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    # What has the focus is read anyway.
    assert page.evaluate("window.told") == []
    first = page.locator(".ehrenamt-offering__link").first.inner_text()

    page.go_back()
    page.wait_for_function("title => document.title === title", arg=title)
    assert page.locator(".ehrenamt-offering__link").first.inner_text() != first
    page.wait_for_function("depth => Math.abs(window.scrollY - depth) < 2", arg=depth)
    page.go_forward()
    page.wait_for_function("title => document.title !== title", arg=title)
    assert page.locator(".ehrenamt-offering__link").first.inner_text() == first

    page.go_back()
    page.wait_for_function("title => document.title === title", arg=title)
    open_filters(page)
    tick(page, "art", "vortrag")
    page.go_back()
    page.wait_for_function("() => document.querySelectorAll('.ehrenamt-chips a').length === 0")
    assert not page.is_checked("input[name=art][value=vortrag]")
    assert page.inner_text(COUNT) == everything
    assert is_same_page(page)


def test_removed_chip_gives_the_focus_to_its_neighbour_and_the_last_one_to_the_results(visit):
    page = visit("/programm/?art=workshop&art=vortrag&q=a")
    assert page.locator(CHIPS).count() == 4
    page.locator(CHIPS).nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "vortrag" not in url)
    assert "Suche" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "q=" not in url)
    assert page.input_value("input[name=q]") == ""
    assert "Workshop" in page.evaluate("document.activeElement.textContent")
    assert len(page.evaluate("window.told")) == 2
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "workshop" not in url)
    assert page.evaluate("document.activeElement.matches('[data-ehrenamt-count]')"), focused(page)
    assert not page.is_checked("input[name=art][value=workshop]")
    assert is_same_page(page)


def test_search_and_order_are_shown_in_place(visit):
    page = visit("/programm/")
    page.fill("input[name=q]", "asylrecht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programm/?q=asylrecht")
    assert page.evaluate("document.activeElement.matches('[data-ehrenamt-count]')")
    page.locator(".ehrenamt-order a").click()
    page.wait_for_url(re.compile("sortierung="))
    assert is_same_page(page)
    page.fill("input[name=q]", "gibtesnicht")
    page.get_by_role("button", name="Suchen").click()
    page.wait_for_url(re.compile("gibtesnicht"))
    expect(page.locator(".ehrenamt-empty")).to_be_visible()
    assert is_same_page(page)


def test_views_and_months_change_in_place_and_offerings_open(visit):
    page = visit("/programm/?art=workshop")
    page.locator(".ehrenamt-subnav a:has-text('Kalender')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/kalender/\d+/\d+/\?art=workshop"))
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "page"
    page.locator(".ehrenamt-month__links a[rel~=next]").focus()
    month = page.inner_text(".ehrenamt-month__title")
    page.keyboard.press("Enter")
    page.wait_for_function("month => document.querySelector('.ehrenamt-month__title').textContent !== month", arg=month)
    assert page.evaluate("document.activeElement.matches('.ehrenamt-month__links a[rel~=next]')"), focused(page)
    assert page.inner_text(".ehrenamt-month__title") in page.evaluate("window.told")[-1]
    assert is_same_page(page)
    page.locator(".ehrenamt-subnav a:has-text('Karte')").click()
    page.wait_for_url("**/programm/karte/?art=workshop")
    expect(page.locator(".ehrenamt-map__picture")).to_be_visible()
    page.locator(".ehrenamt-subnav a:has-text('Liste')").click()
    page.wait_for_url("**/programm/?art=workshop")
    assert is_same_page(page)
    page.locator(".ehrenamt-offering__link").first.click()
    page.wait_for_url(re.compile(r"/programm/[^?]+/$"))
    assert not is_same_page(page)
    page.go_back()
    page.wait_for_url("**/programm/?art=workshop")
    assert "Workshop" in page.locator(CHIPS).first.inner_text()


def ask_for_workshops(page, address: str) -> list:
    """Tick the box; what then asks for such an address is held back and given, to be let go on."""
    open_filters(page)
    held = []
    page.route(re.compile(address), lambda route: held.append(route))
    page.check("input[name=art][value=workshop]")
    return held


def test_slow_answer_is_announced_and_never_covers_a_newer_one(visit):
    page = visit("/programm/")
    held = ask_for_workshops(page, r"/programm/\?art=workshop$")
    expect(page.locator("[data-ehrenamt-loading]")).to_be_visible()
    assert page.inner_text(STATUS) == "Wird geladen …"
    assert page.locator(CHIPS).count() == 0
    page.check("input[name=art][value=vortrag]")
    page.wait_for_url(re.compile("art=workshop&art=vortrag"))
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    assert page.url.endswith("?art=workshop&art=vortrag")
    assert page.locator(CHIPS).count() == 3
    expect(page.locator("[data-ehrenamt-loading]")).to_be_hidden()
    assert page.inner_text(STATUS) == page.inner_text(COUNT)


def test_what_is_typed_while_an_answer_comes_stays(visit):
    page = visit("/programm/")
    held = ask_for_workshops(page, "art=workshop")
    page.locator("input[name=q]").press_sequentially("deut")
    held[0].continue_()
    page.wait_for_url(re.compile("art=workshop"))
    assert page.input_value("input[name=q]") == "deut"
    assert page.evaluate("document.activeElement.name") == "q"
    page.unroute(re.compile(r"art=workshop"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/programm/?q=deut&art=workshop")


def test_dates_wait_until_they_are_typed(visit):
    page = visit("/programm/")
    open_filters(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("input[name=von]").press_sequentially("01012031")
    page.wait_for_url(re.compile("von=2031-01-01"))
    assert len(asked) == 1
    assert page.evaluate("document.activeElement.name") == "von"


@pytest.mark.parametrize("how", ["error", "offline", "other"])
def test_what_cannot_be_shown_in_place_is_ordinary_navigation(visit, how):
    page = visit("/programm/")
    open_filters(page)
    answers = {
        "error": lambda route: route.fulfill(status=500, content_type="text/html", body="<title>Fehler</title>"),
        "offline": lambda route: route.abort("internetdisconnected"),
        "other": lambda route: route.fulfill(status=200, content_type="text/html", body="<title>Anderes</title>"),
    }

    def answer(route):
        answers[how](route) if route.request.resource_type == "fetch" else route.continue_()

    page.route(re.compile("art=workshop"), answer)
    with page.expect_navigation(url=re.compile("art=workshop"), wait_until="load"):
        page.check("input[name=art][value=workshop]")
    assert not is_same_page(page)
    assert "Workshop" in page.locator(CHIPS).first.inner_text()


@pytest.mark.parametrize("modifier", ["Control", "Shift"])
def test_links_with_a_key_held_open_elsewhere(visit, modifier):
    page = visit("/programm/")
    with page.context.expect_page() as opened:
        page.locator(".ehrenamt-pagination a[rel=next]").click(modifiers=[modifier])
    opened.value.wait_for_url(re.compile("seite=2"))
    assert page.url.endswith("/programm/")
    assert page.evaluate("window.told") == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/programm/", "/programm/kalender/"])
def test_nothing_moves_on_load_and_while_filtering(visit, path, width):
    page = visit(path, width=width, init=SHIFTS)
    page.wait_for_timeout(300)
    open_filters(page)
    # Later than what browsers forgive after a click.
    page.route(re.compile("art=workshop"), lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.check("input[name=art][value=workshop]")
    page.wait_for_url(re.compile("art=workshop"))
    page.wait_for_timeout(300)
    page.locator(CHIPS).first.click()
    page.wait_for_url(lambda url: "workshop" not in url)
    page.wait_for_timeout(300)
    assert is_same_page(page)
    assert page.evaluate("window.shifts") == []
