"""Every kind of page that links lead to, in a real browser: nothing is asked of another host, stopped or complained about."""

import re
from collections import Counter, deque
from urllib.parse import urlsplit

import pytest

from example_site.screenshots import sign_in

pytestmark = pytest.mark.browser

# What differs in the addresses of pages of a kind; of pages of the programme and the circles the first ones stand for all.
KEYS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w.:=-]{24,}(?=/)|\d+")
PAGE = re.compile(r"^/(programm|arbeitskreise)/(?!kalender|einbetten|karte)(?:[\w-]+/)+$")
NOT_PAGES = re.compile(r"\.(ics|atom|csv|xlsx|pdf|svg|xml|json|eml)/?$|^/(api|media|documents|static|verwaltung)/|/logout/|\.txt$")
NOTE = "document.addEventListener('securitypolicyviolation', event => window.noted(event.violatedDirective + ' ' + event.blockedURI))"
# Links of drawings know their address otherwise.
HREFS = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
# Says to those who may not ask for supervision who may.
REFUSES = re.compile(r"/partner/supervision/\d+/anfragen/$")
# Who, where they begin, and how many kinds of pages they see at least.
PEOPLE = {"": ("/", 12), "caritas": ("/partner/", 25), "ak-renningen": ("/partner/", 15), "supervision": ("/partner/", 12)}


def kind_of(path: str) -> str:
    return KEYS.sub("0", PAGE.sub(r"/\1/page/", path))


@pytest.mark.parametrize("account", PEOPLE, ids=lambda account: account or "visitor")
def test_pages_ask_no_other_host_and_complain_of_nothing(account, demo_url, browser):
    context = browser.new_context(locale="de-DE")
    context.set_default_timeout(20_000)
    wrong: dict[str, set[str]] = {}
    own = urlsplit(demo_url).netloc
    page = context.new_page()

    def note(what: str) -> None:
        wrong.setdefault(page.url.removeprefix(demo_url), set()).add(what)

    def look_at(request) -> None:
        if urlsplit(request.url).netloc not in (own, ""):
            note(request.url)

    context.expose_function("noted", note)
    context.add_init_script(NOTE)
    context.on("request", look_at)
    page.on("console", lambda message: message.type == "error" and note(message.text))
    page.on("pageerror", lambda error: note(str(error)))
    if account:
        sign_in(page, demo_url, account)
    begin, fewest = PEOPLE[account]
    waiting, seen = deque([begin]), Counter([kind_of(begin)])
    while waiting:
        response = page.goto(demo_url + waiting.popleft(), wait_until="load")
        if response.status != 200:
            note(str(response.status))
        for href in page.eval_on_selector_all("a[href]", HREFS):
            target = urlsplit(href)
            if target.netloc != own or target.query or NOT_PAGES.search(target.path) or REFUSES.search(target.path):
                continue
            # The public pages are the visitor's.
            if account and not target.path.startswith("/partner/"):
                continue
            kind = kind_of(target.path)
            if seen[kind] < (1 if account else 2) and target.path not in waiting:
                seen[kind] += 1
                waiting.append(target.path)
    context.close()
    assert wrong == {}
    assert len(seen) >= fewest, sorted(seen)
