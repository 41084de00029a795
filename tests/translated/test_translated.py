"""A host that serves the programme in two languages by Wagtail's locales and ``simple_translation``."""

import re

import feedparser
import icalendar
import pytest
from django.core.management import call_command
from django.utils import translation
from wagtail import hooks
from wagtail.models import Page

from ehrenamt_wagtail.models import ListedOffering, Occurrence, PlannedDate, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel
from tests import factories
from tests.documents import Document
from tests.translated.pages import translate
from tests.words import german, looks_english, untranslated

SUMMARY = "An evening for all who support refugees."


@pytest.fixture
def offering(site):
    """A German offering and its English translation."""
    page = factories.published_offering(site.german_programme, title="Grundlagen des Asylrechts")
    return page, translate(page, site.english, title="Basics of asylum law", slug="basics", summary=SUMMARY, audience="Volunteers")


def document(client, path) -> Document:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code} {response.get('Location')}"
    return Document(response.content.decode())


def titles(client, path) -> set[str]:
    return {"Grundlagen des Asylrechts", "Basics of asylum law"}.intersection(document(client, path).texts)


def in_step(capsys) -> bool:
    """Whether the read model says what the pages say."""
    call_command("ehrenamt_rebuild_listing", "--check")
    return "wrong" not in capsys.readouterr().out


def test_each_language_lists_its_own_offerings(client, site, offering, django_capture_on_commit_callbacks):
    assert titles(client, "/de/programm/") == {"Grundlagen des Asylrechts"}
    assert titles(client, "/en/programme/") == {"Basics of asylum law"}
    date = Occurrence.objects.filter(page=offering[0]).get().start
    month = f"kalender/{date.year}/{date.month}/"
    assert titles(client, f"/de/programm/{month}") == {"Grundlagen des Asylrechts"}
    assert titles(client, f"/en/programme/{month}") == {"Basics of asylum law"}
    found = {language: client.get(f"/{language}/api/angebote/").json()["results"] for language in ("de", "en")}
    assert [row["title"] for row in found["de"]] == ["Grundlagen des Asylrechts"]
    assert [(row["title"], row["url"]) for row in found["en"]] == [
        ("Basics of asylum law", "http://testserver/en/programme/basics/")
    ]
    rows = dict(ListedOffering.objects.values_list("pk", "programme"))
    assert rows == {offering[0].pk: site.german_programme.pk, offering[1].pk: site.programme.pk}
    assert titles(client, "/en/programme/?q=asylum") == {"Basics of asylum law"}
    assert titles(client, "/en/programme/?q=asylrecht") == set()


@pytest.mark.parametrize("path", ["/en/programme/", "/en/programme/kalender/2027/3/", "/en/programme/basics/", "/en/circles/",
                                  "/en/programme/einbetten/", "/en/programme/einbetten/code/", "/en/partner/login/"])  # fmt: skip
def test_english_pages_speak_english(path, client, offering):
    page = document(client, path)
    assert page.language == "en"
    assert [text for text in page.texts if german().found_in(text)] == []
    assert page.languages <= {"en", "de"}


def test_german_pages_beside_them_speak_german(client, offering):
    for path in ("/de/programm/", "/de/programm/grundlagen-des-asylrechts/"):
        page = document(client, path)
        assert page.language == "de"
        assert page.languages == {"de"}
        assert [text for text in page.texts if untranslated().found_in(text) or looks_english(text)] == []


def test_calendars_and_feeds_speak_the_language_of_their_address(client, offering):
    cancel(offering[1], actor=factories.member_of(offering[1].organisation))
    calendars = {}
    for path in ("/en/programme/kalender.ics", "/en/programme/basics/termin.ics", "/de/programm/kalender.ics"):
        calendars[path] = icalendar.Calendar.from_ical(client.get(path).content)
    for path in ("/en/programme/kalender.ics", "/en/programme/basics/termin.ics"):
        assert calendars[path]["prodid"].endswith("//EN")
        (event,) = calendars[path].events
        assert event["summary"] == "Cancelled: Basics of asylum law"
        assert event["url"] == "http://testserver/en/programme/basics/"
        assert "Organiser: " in event["description"]
    assert calendars["/de/programm/kalender.ics"]["prodid"].endswith("//DE")
    assert calendars["/de/programm/kalender.ics"].events[0]["summary"] == "Grundlagen des Asylrechts"
    feed = feedparser.parse(client.get("/en/programme/feed.atom").content)
    assert feed.feed.language == "en"
    assert [entry.title for entry in feed.entries] == ["Cancelled: Basics of asylum law"]
    assert "from 7 pm" in feed.entries[0].summary


# The same page in the other language


def test_pages_name_each_other(client, site, offering):
    german, english = "http://testserver/de/programm/", "http://testserver/en/programme/"
    pairs = [
        ("", ""),
        ("kalender/2026/12/", "kalender/2026/12/"),
        ("grundlagen-des-asylrechts/", "basics/"),
    ]
    for first, second in pairs:
        wanted = {"de": german + first, "en": english + second}
        for address in wanted.values():
            assert document(client, address.removeprefix("http://testserver")).alternates == wanted, address
    circles = document(client, "/en/circles/").alternates
    assert circles == {"de": "http://testserver/de/arbeitskreise/", "en": "http://testserver/en/circles/"}


def test_filtered_lists_and_drafts_name_no_other(client, site, offering):
    assert document(client, "/en/programme/?q=asylum").alternates == {}
    alone = factories.published_offering(site.german_programme, title="Nur deutsch", slug="nur-deutsch")
    alone.copy_for_translation(site.english)
    assert document(client, "/de/programm/nur-deutsch/").alternates == {}


def test_offering_knows_its_own_dates(client, offering):
    first, second = (Occurrence.objects.get(page=page) for page in offering)
    assert first.uid != second.uid
    assert first.start == second.start


# Aliases, as ``simple_translation`` makes them for each new page where it keeps trees in step


@pytest.fixture
def alias(site, settings):
    settings.WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
    page = factories.published_offering(site.german_programme, title="Grundlagen des Asylrechts", summary="Ein Abend.")
    for hook in hooks.get_hooks("after_create_page"):
        hook(None, page)
    alias = page.get_translation(site.english)
    assert alias.alias_of_id == page.pk
    return page, alias


def test_alias_is_listed_in_its_tree_and_says_that_it_is_german(client, site, alias):
    month = alias[1].occurrences.get().start.strftime("/en/programme/kalender/%Y/%m/")
    for path in ("/en/programme/", month, "/en/programme/grundlagen-des-asylrechts/", "/en/programme/einbetten/"):
        content = client.get(path).content.decode()
        page = Document(content)
        assert page.language == "en"
        assert page.languages == {"en", "de"}
        assert re.search(r'<(a|h1|span)[^>]* lang="de">Grundlagen des Asylrechts<', content), path
        assert [text for text in page.texts if german().found_in(text)] == []
    german_page = document(client, "/de/programm/")
    assert german_page.languages == {"de"}
    assert "Grundlagen des Asylrechts" in german_page.texts


def test_search_engines_keep_the_original_of_an_alias(client, alias):
    page = document(client, "/en/programme/grundlagen-des-asylrechts/")
    assert page.canonical == "http://testserver/de/programm/grundlagen-des-asylrechts/"
    assert page.alternates == {}
    assert document(client, "/de/programm/grundlagen-des-asylrechts/").alternates == {}
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/de/programm/grundlagen-des-asylrechts/" in sitemap
    assert "/en/programme/grundlagen-des-asylrechts/" not in sitemap


def test_alias_follows_its_original(client, alias):
    page, _alias = alias
    change = page.get_latest_revision_as_object()
    change.title = "Asylrecht für alle"
    change.save_revision().publish()
    for path in ("/de/programm/", "/en/programme/"):
        content = client.get(path).content.decode()
        assert "Asylrecht für alle" in content
        assert "Grundlagen des Asylrechts" not in content
    assert Occurrence.objects.filter(page=alias[1]).count() == 1


def test_alias_is_cancelled_with_its_original(client, alias):
    page, _alias = alias
    before = client.get("/en/programme/").content.decode()
    assert "Cancelled" not in before
    cancel(page, actor=factories.member_of(page.organisation))
    for path in ("/en/programme/", "/en/programme/grundlagen-des-asylrechts/"):
        assert "Cancelled" in client.get(path).content.decode()
    (event,) = icalendar.Calendar.from_ical(client.get("/en/programme/kalender.ics").content).events
    assert event["status"] == "CANCELLED"


def test_alias_that_is_translated_later_becomes_english(client, site, alias):
    page, twin = alias
    # What „Translate this page“ does with an alias.
    TrainingPage.objects.filter(pk=twin.pk).update(alias_of=None)
    own = TrainingPage.objects.get(pk=twin.pk)
    own.title = "Basics of asylum law"
    own.save_revision().publish()
    shown = document(client, "/en/programme/")
    assert "Basics of asylum law" in shown.texts
    assert shown.languages == {"en"}
    assert set(document(client, "/de/programm/grundlagen-des-asylrechts/").alternates) == {"de", "en"}


# What partners plan


# The fixtures are named at run time: nothing else says that it needs the database.
@pytest.mark.django_db
@pytest.mark.parametrize("how", ["alias", "offering"])
def test_event_is_planned_once_in_whatever_languages(how, request):
    page, other = request.getfixturevalue(how)
    assert list(PlannedDate.objects.values_list("offering", flat=True)) == [page.pk]


def test_new_offerings_go_below_the_programme_of_the_site(client, site):
    user = factories.member_of()
    client.force_login(user)
    sent = {"title": "Neu", "action": "save", "dates-TOTAL_FORMS": "0", "dates-INITIAL_FORMS": "0"}
    response = client.post("/de/partner/angebote/neu/?art=vortrag", sent)
    page = TrainingPage.objects.get(title="Neu")
    assert response.status_code == 302
    assert Page.objects.get(pk=page.pk).get_parent().pk == site.german_programme.pk
    assert page.locale == site.german_programme.locale


def test_no_language_is_named_where_there_is_one(client, db, settings):
    programme, _circles = factories.make_site()
    factories.published_offering(programme, title="Grundlagen")
    for path in ("/programm/", "/programm/grundlagen/"):
        page = document(client, path)
        assert page.alternates == {}
        assert page.languages == {"de"}
    with translation.override("en"):
        # A host whose readers choose the language of the words around it.
        shown = Document(client.get("/programm/").content.decode())
    assert shown.languages == {"en", "de"}
    assert "Grundlagen" not in shown.texts
