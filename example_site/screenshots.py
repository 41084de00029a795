#!/usr/bin/env python
"""Take the pictures of the documentation from the demonstration: ``make screenshots`` writes them to ``docs/images/``.

    python example_site/screenshots.py [NAME …]      of these screens alone, such as ``circle`` or ``admin-period``
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

BASE_DIR = Path(__file__).resolve().parent.parent
IMAGES = BASE_DIR / "docs" / "images"
WIDTHS = {320: 720, 768: 1024, 1280: 900}
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "ehrenamt-demo"
# What the README shows: the first screen of this page.
README = "programme-1280"
# Shown in all widths, in light and dark; others on a phone and a desk, in light.
MAIN = {"programme", "calendar", "map", "offering", "volunteer-day", "sign-up", "circle"}
OTHERS = (320, 1280)
# The first screen of this page shows the looks of docs/theming.md.
THEME = "/programm/?art=workshop&art=vortrag"
SECOND_LOOK = "tests.second_look"


@dataclass(frozen=True)
class Screen:
    """A page of the demonstration: its address, who looks at it, and the links to follow from there, one after the other."""

    name: str
    path: str
    account: str = ""
    follow: str | tuple[str, ...] = ()


SCREENS = [
    Screen("home", "/"),
    Screen("programme", "/programm/"),
    Screen("programme-filtered", "/programm/?art=workshop&gemeinde=gibt-es-nicht"),
    Screen("programme-empty", "/programm/?q=gibtesnicht"),
    Screen("calendar", "/programm/kalender/"),
    Screen("map", "/programm/karte/"),
    Screen("offering", "/programm/", follow=".ehrenamt-offering__link"),
    Screen("volunteer-day", "/programm/?art=ehrenamtstag", follow=".ehrenamt-offering__link"),
    Screen("sign-up-box", "/programm/fernreise-daheim/"),
    Screen("sign-up", "/programm/fernreise-daheim/", follow=".ehrenamt-sign-up a[href^='/anmeldung/']"),
    Screen(
        "sign-up-confidential",
        "/programm/supervision-fuer-ehrenamtlich-taetige/",
        follow=".ehrenamt-sign-up a[href^='/anmeldung/']",
    ),
    # From the mail that confirms a seat to the page behind its link.
    Screen("sign-up-own", "/demo/post/", follow=("main a:has-text('Angemeldet:')", ".demo-mail-text a[href*='/anmeldung/']")),
    # From the mail that asks a circle for its figures to the form behind its link.
    Screen("circle-figures", "/demo/post/", follow=("main a:has-text('Bitte melden Sie')", ".demo-mail-text a[href*='/zahlen/']")),
    # From the mail that asks a circle whom to thank to the form behind its link.
    Screen("thanks", "/demo/post/", follow=("main a:has-text('Wem möchten Sie danken')", ".demo-mail-text a[href*='/danken/']")),
    Screen("archive", "/programm/?archiv=1"),
    Screen("circles", "/arbeitskreise/"),
    Screen("circle", "/arbeitskreise/arbeitskreis-asyl-renningen/"),
    Screen("embedded", "/programm/einbetten/?gemeinde=herrenberg"),
    Screen("embedding-code", "/programm/einbetten/code/?gemeinde=herrenberg"),
    Screen("accessibility-statement", "/barrierefreiheit/"),
    Screen("report-barrier", "/barrierefreiheit/", follow=".ehrenamt-button--primary"),
    Screen("portal-login", "/partner/login/"),
    Screen("portal", "/partner/", "caritas"),
    Screen("portal-new", "/partner/angebote/neu/", "caritas"),
    Screen("portal-form", "/partner/angebote/neu/?art=fortbildung", "caritas"),
    Screen("portal-sign-up-settings", "/partner/", "caritas", follow=".ehrenamt-own__sign-ups a[href$='einrichten/']"),
    Screen("portal-sign-ups", "/partner/", "caritas", follow="li:has-text('Asylrecht – eine') .ehrenamt-own__sign-ups a"),
    Screen(
        "portal-door",
        "/partner/",
        "caritas",
        follow=(
            "li:has-text('Ankommen verstehen') .ehrenamt-own__sign-ups a",
            "main a[href$='anwesenheit/']",
            "main a[href*='/tuer/']",
        ),
    ),
    Screen("portal-supervisions", "/partner/supervision/", "supervision"),
    Screen("portal-supervision", "/partner/supervision/", "supervision", follow="main a:has-text('Patinnen und Paten')"),
    Screen("portal-hold-new", "/partner/vormerkungen/neu/", "caritas"),
    Screen("portal-hold", "/partner/", "caritas", follow="section[aria-labelledby=holds] .ehrenamt-own__title a"),
    Screen("portal-needs", "/partner/bedarfe/", "ak-renningen"),
    Screen("portal-need-new", "/partner/bedarfe/neu/", "ak-renningen"),
    Screen("portal-need", "/partner/bedarfe/", "caritas", follow="section[aria-labelledby=open-needs] .ehrenamt-own__title a"),
    Screen(
        "portal-circle-figures",
        "/partner/",
        "ak-renningen",
        follow=("main a[href*='/partner/arbeitskreise/']", "main a[href$='/zahlen/']"),
    ),
    Screen("portal-members", "/partner/zugaenge/", "caritas"),
    Screen("portal-calendar", "/partner/termine/", "caritas"),
    Screen("portal-half-year", "/partner/termine/", "caritas", follow="nav a[href*='halbjahr=']"),
    Screen("portal-gaps", "/partner/luecken/", "caritas"),
]
# Pages of ours inside Wagtail's admin; what stands around them is Wagtail's own.
ADMIN_SCREENS = [
    Screen(
        "admin-period",
        "/verwaltung/ehrenamt_wagtail/programmeperiod/",
        "koordination",
        follow="a[href*='/ehrenamt/periods/']",
    ),
    Screen("admin-circle-figures", "/verwaltung/ehrenamt/circle-figures/", "koordination"),
    Screen("admin-figures", "/verwaltung/ehrenamt/figures/", "koordination"),
    Screen("admin-figure", "/verwaltung/ehrenamt/figures/volunteers/", "koordination"),
    Screen("admin-thanks", "/verwaltung/ehrenamt_wagtail/thanksround/", "koordination", follow="a[href*='/ehrenamt/thanks/']"),
    Screen(
        "admin-thanks-people",
        "/verwaltung/ehrenamt_wagtail/thanksround/",
        "koordination",
        follow=("a[href*='/ehrenamt/thanks/']", "main a:has-text('Namen ansehen')"),
    ),
]


def launch(playwright):
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


def sign_in(page, url: str, account: str) -> None:
    """Sign ``account`` in through the portal's log-in page."""
    page.goto(f"{url}/partner/login/")
    page.fill("input[name=username]", account)
    page.fill("input[name=password]", PASSWORD)
    page.click("form:has(input[name=password]) button[type=submit]")


def open_screen(page, url: str, screen: Screen) -> None:
    response = page.goto(url + screen.path)
    for selector in [screen.follow] if isinstance(screen.follow, str) else screen.follow:
        # Links in mails are absolute, and name the host by its other name.
        link = urlsplit(page.get_attribute(selector, "href"))
        response = page.goto(f"{url}{link.path}?{link.query}" if link.query else url + link.path)
    if response.status != 200:
        raise RuntimeError(f"{screen.name}: {page.url} answers {response.status}")


def take(page, path: Path, *, full_page: bool = False) -> None:
    """A picture with 128 colours: pages have few, and a quarter of the size is enough for a repository."""
    page.screenshot(path=path, full_page=full_page)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128)
    small.save(path, optimize=True)


def pictures(screen: Screen) -> Iterator[tuple[str, int, str]]:
    """Name, width and colour scheme of the pictures of a screen."""
    for width in WIDTHS if screen.name in MAIN else OTHERS:
        yield f"{screen.name}-{width}", width, "light"
    for width in WIDTHS if screen.name in MAIN else ():
        yield f"{screen.name}-dark-{width}", width, "dark"


def take_screens(browser, url: str, screens: list[Screen]) -> None:
    for screen in screens:
        for name, width, scheme in pictures(screen):
            context = browser.new_context(viewport={"width": width, "height": WIDTHS[width]}, locale="de-DE", color_scheme=scheme)
            page = context.new_page()
            if screen.account:
                sign_in(page, url, screen.account)
            open_screen(page, url, screen)
            take(page, IMAGES / f"{name}.png", full_page=True)
            if name == README:
                take(page, IMAGES / "readme.png")
            context.close()


def take_theme(browser, url: str, look: str) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE", color_scheme=scheme)
        page = context.new_page()
        page.goto(url + THEME)
        take(page, IMAGES / f"theme-{look}-{scheme}-1280.png")
        context.close()


def picture_documents(folder: Path) -> None:
    """Pages of the report, the brochure and a poster, made of the data that were loaded."""
    environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}"}
    subprocess.run([sys.executable, str(BASE_DIR / "example_site" / "document_images.py")], check=True, env=environment)


def main(names: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(BASE_DIR))
    from example_site.demo.running import running_demo

    screens = [screen for screen in [*SCREENS, *ADMIN_SCREENS] if screen.name in (names or {screen.name})]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with running_demo(Path(folder)) as url:
            take_screens(browser, url, screens)
            if not names:
                take_theme(browser, url, "first")
        if not names:
            # The same data with another look.
            with running_demo(Path(folder), settings=SECOND_LOOK) as url:
                take_theme(browser, url, "second")
            picture_documents(Path(folder))
        browser.close()
    print(f"The pictures are in {IMAGES.relative_to(BASE_DIR)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
