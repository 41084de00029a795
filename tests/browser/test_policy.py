"""Under the demonstration's Content Security Policy everything works, and only the list for partners may be framed."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from example_site.screenshots import Screen as S
from example_site.screenshots import open_screen, sign_in

pytestmark = pytest.mark.browser

SMUGGLED = "<p style='color:red'>x</p><img src='/x' onerror='window.x=1'>"
NOTE = "document.addEventListener('securitypolicyviolation', event => window.noted(event.violatedDirective + ' ' + event.sourceFile))"
VISITOR = [
    S("list", "/programm/"),
    S("search", "/programm/?q=asyl&art=fortbildung"),
    S("month", "/programm/kalender/"),
    S("map", "/programm/karte/"),
    S("offering", "/programm/", follow=".ehrenamt-offering__link"),
    S("frame", "/programm/einbetten/"),
    S("code", "/programm/einbetten/code/"),
    S("circle", "/arbeitskreise/arbeitskreis-asyl-renningen/"),
    S("statement", "/barrierefreiheit/"),
    S("form", "/barrierefreiheit/barriere-melden/"),
    S("certificates", "/anmeldung/nachweise/"),
]
MEMBER = [
    S("portal", "/partner/", "caritas"),
    S("new", "/partner/angebote/neu/?art=fortbildung", "caritas"),
    S("calendar", "/partner/termine/", "caritas"),
    S("gaps", "/partner/luecken/", "caritas"),
    S("sign-ups", "/partner/", "caritas", follow="li:has-text('Asylrecht – eine') .ehrenamt-own__sign-ups a"),
]


@pytest.fixture
def watched(browser):
    """A page, and what its policy stopped in it."""
    context = browser.new_context(locale="de-DE")
    context.set_default_timeout(20_000)
    stopped: list[str] = []
    context.expose_function("noted", lambda text: stopped.append(text))
    context.add_init_script(NOTE)
    page = context.new_page()
    page.on("console", lambda message: message.type == "error" and stopped.append(message.text))
    yield page, stopped
    context.close()


@pytest.mark.parametrize("screens", [VISITOR, MEMBER], ids=["visitor", "member"])
def test_policy_stops_nothing_of_ours(screens, demo_url, watched):
    page, stopped = watched
    if account := screens[0].account:
        sign_in(page, demo_url, account)
    for screen in screens:
        open_screen(page, demo_url, screen)
        page.wait_for_load_state("networkidle")
        assert stopped == [], screen.name


def test_policy_stops_what_somebody_smuggles_in(demo_url, watched):
    page, stopped = watched
    page.goto(f"{demo_url}/programm/")
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", SMUGGLED)
    page.wait_for_timeout(500)
    assert any("style-src" in text for text in stopped)
    assert any("script-src" in text for text in stopped)
    assert page.evaluate("window.x === undefined")


def test_form_of_an_offering_compares_while_one_types_and_its_preview_has_a_bar(demo_url, watched):
    page, stopped = watched
    sign_in(page, demo_url, "caritas")
    page.goto(f"{demo_url}/partner/angebote/neu/?art=vortrag")
    page.get_by_role("button", name="Weiteren Termin hinzufügen").click()
    assert page.locator("input[name=dates-1-date]").count() == 1
    page.fill("input[name=title]", "Unter strengen Regeln")
    page.fill("input[name=dates-0-start_time]", "18:00")
    with page.expect_response(re.compile("/angebote/pruefen/")):
        page.fill("input[name=dates-0-date]", "2031-03-04")
    with page.expect_navigation(url=re.compile(r"/angebote/\d+/$")):
        page.locator("button[name=action][value=save]").last.click()
    page.goto(page.url + "vorschau/")
    bar = page.locator(".ehrenamt-preview-bar")
    assert bar.evaluate("bar => getComputedStyle(bar).position") == "sticky"
    assert stopped == []
    page.goto(page.url.removesuffix("vorschau/") + "loeschen/")
    page.click("main form button[type=submit]")


@pytest.fixture
def website():
    """Serves HTML on a port of its own: browsers let no site of the internet frame one of this machine."""
    servers = []

    def serve(html: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_partner_frames_the_list_and_nothing_else(demo_url, browser, website):
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo_url}/programm/einbetten/code/?art=workshop")
    code = page.input_value("#embedding-code")
    assert f'src="{demo_url}/programm/einbetten/?art=workshop"' in code
    other = code.replace("/einbetten/", "/")
    html = f'<!doctype html><html lang="de"><title>Kirche</title><p>Unsere Seite</p>{code}{other}'
    page.goto(website(html))
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    ours, refused = page.frames[1:3]
    assert ours.locator(".ehrenamt-offering__link").count() > 0
    assert refused.locator(".ehrenamt-offering__link").count() == 0
    ours.locator(".ehrenamt-offering__link").first.click()
    page.wait_for_url(re.compile("/programm/"))
    assert page.locator("h1").count() == 1
    assert context.cookies() == []
    context.close()
