"""Who follows every link and asks every form of the demonstration finds nothing broken, nothing English and nothing from elsewhere."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import Page

from ehrenamt_wagtail import models
from tests.coordination.secrets import patterns
from tests.demo.site_crawl import ADMIN, PORTAL, SiteCrawl
from tests.documents import Document
from tests.words import german, looks_english, untranslated

PUBLIC = ["/", "/sitemap.xml", "/robots.txt", "/demo/post/", "/programm/kalender/", "/api/openapi.json"]
PEOPLE = ["caritas", "herrenberg", "kirche", "ak-renningen", "supervision", "koordination", "admin", "redaktion"]
# What each looks at more than a few examples of: the registers belong to the coordinators.
IN_FULL = {"koordination": (PORTAL, ADMIN), "admin": ()}
# Each sees at least so many pages; who sees fewer was stopped by something.
FEWEST = {"ak-renningen": 20, "supervision": 20, "redaktion": 5}
OFFERINGS = [models.TrainingPage, models.SupervisionPage, models.VolunteerDayPage, models.CirclePage, models.ProgrammePage]


@pytest.fixture
def user_of(demo):
    return lambda name: get_user_model().objects.get(username=name)


def portal() -> list[str]:
    """Every address of the portal that names nothing, and one of each kind of public page."""
    own = [reverse(name) for name, arguments in patterns(("ehrenamt:",)) if not arguments and name != "ehrenamt:page_file"]
    return ["/", *(address for address in own if "pruefen" not in address)]


def administration() -> list[str]:
    """Our registers and what Wagtail shows of one page of each of our types."""
    own = [reverse(name) for name, arguments in patterns(("ehrenamt_",)) if not arguments]
    pages = [model.objects.live().order_by("pk").first().pk for model in OFFERINGS]
    edits = [reverse(f"wagtailadmin_pages:{name}", args=[pk]) for name in ("edit", "history") for pk in pages]
    root = Page.objects.get(depth=2).pk
    return [ADMIN, *own, *edits, *(reverse(name, args=[root]) for name in ("wagtailadmin_explore", "wagtailadmin_pages:add_subpage"))]


@pytest.mark.thorough
def test_visitor_finds_nothing_wrong(demo):
    crawl = SiteCrawl(None, start=PUBLIC, most_alike=15).run()
    assert crawl.wrong == {}
    assert crawl.statuses[200] > 150
    offerings = {path for path in crawl.seen if path.startswith("/programm/") and path.count("/") == 3}
    assert len(offerings) > 60
    assert {"/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/", "/barrierefreiheit/barriere-melden/"} <= crawl.seen
    asked = {name for shape, name in crawl.asked if shape == "/programm/"}
    assert {"q", "gemeinde", "umkreis", "thema", "art", "traeger", "von", "bis", "tag", "zeit", "ort", "kostenlos", "seite"} <= asked


@pytest.mark.thorough
@pytest.mark.parametrize("name", PEOPLE)
def test_account_finds_nothing_wrong(name, user_of):
    start = portal() + (administration() if name in ("koordination", "admin") else [])
    crawl = SiteCrawl(user_of(name), start=start, in_full=IN_FULL.get(name, (PORTAL,))).run()
    assert crawl.wrong == {}
    assert crawl.statuses[200] >= FEWEST.get(name, 40)


# The crawl itself sees what it looks for


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<a href="/gibt-es-nicht/">x</a>', "broken"),
        ('<a href="">x</a>', "empty links"),
        ('<a href="javascript:x()">x</a>', "strange links"),
        ('<a href="#nirgends">x</a>', "broken anchors"),
        ('<a href="/programm/#nirgends">x</a>', "broken anchors"),
        ('<label for="nirgends">x</label>', "names of nothing"),
        ('<p id="eins"></p><p id="eins"></p>', "doubled ids"),
        ('<img src="https://cdn.example/x.png" alt="">', "loaded from elsewhere"),
        ('<p style="background: url(//cdn.example/x.png)">x</p>', "loaded from elsewhere"),
        ('<script src="/static/gibt-es-nicht.js"></script>', "broken"),
        ('<img src="/media/gibt-es-nicht.png" alt="">', "broken"),
        ("<p>Nothing is planned at the moment.</p>", "not translated"),
        ('<img alt="Remove all filters" src="data:,">', "not translated"),
        ("<p>Bitte: You see the last one, page 3.</p>", "not translated"),
        ("<p>These are the words that somebody forgot to mark.</p>", "not translated"),
        ('<form action="/gibt-es-nicht/"><input name="q"></form>', "broken"),
    ],
)
def test_crawl_sees_what_is_wrong(html, kind, demo):
    crawl = SiteCrawl(None, start=[], most_alike=1)
    crawl.read("/", f'<html lang="de"><body>{html}</body></html>'.encode())
    crawl.most = len(crawl.waiting)
    crawl.run()
    assert list(crawl.wrong) == [kind]


def test_what_is_said_in_german_or_is_marked_as_english_is_fine():
    page = Document('<html lang="de"><p>Suche: Workshop, Online</p><p lang="en">Nothing is planned at the moment.</p></html>')
    assert page.texts == ["Suche: Workshop, Online"]
    assert not any(untranslated().found_in(text) or looks_english(text) for text in page.texts)
    assert german().found_in("Zurzeit ist nichts geplant.")
    assert not german().found_in("Nothing is planned at the moment.")
