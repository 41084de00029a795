"""What the list says about a search."""

import html
import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def read(client, address: str) -> str:
    """The page's text with its entities resolved."""
    return html.unescape(client.get(address).content.decode())


def rows(text: str) -> list[str]:
    """The titles of the list, in order."""
    return re.findall("(Andere Hilfe|Alte Supervision|Supervision)</", text[text.index("ehrenamt-order") :])


def links(text: str, label: str) -> list[str]:
    return re.findall(rf'<a[^>]*href="([^"]*)"[^>]*>{re.escape(label)}</a>', text)


@pytest.fixture
def supervision(live_offering, date):
    town = factories.MunicipalityFactory(name="Herrenberg")
    organisation = factories.OrganisationFactory(name="Caritas", municipality=town)
    live_offering("Supervision", organisation=organisation, dates=[date(5)])
    live_offering("Andere Hilfe", organisation=organisation, summary="Auch Supervision.", dates=[date(2)])
    live_offering("Alte Supervision", organisation=organisation, dates=[date(-20)])
    factories.MunicipalityFactory(name="Leonberg")


def test_misspelt_word_is_corrected_and_said(client, supervision):
    text = read(client, "/programm/?q=Supervsion")
    assert "Gezeigt wird, was zu „Supervision“ passt." in text
    assert "2 Angebote" in text
    assert "Gezeigt wird" not in read(client, "/programm/?q=Supervision")


@pytest.mark.postgres
@pytest.mark.parametrize("order", ["", "&sortierung=relevanz"])
def test_page_counts_and_lists_on_postgresql(client, supervision, order):
    """Number and rows come in one query there, each with aliases of its own."""
    text = read(client, f"/programm/?q=Supervision{order}")
    assert "2 Angebote" in text
    assert sorted(rows(text)) == ["Andere Hilfe", "Supervision"]


def test_correction_that_finds_nothing_is_not_said(client, supervision):
    text = read(client, "/programm/?q=Supervsion&gemeinde=leonberg")
    assert "Gezeigt wird" not in text
    assert "Zu „Supervsion“ wurde nichts gefunden." in text


def test_order_is_offered_while_there_is_a_search(client, supervision):
    assert "Sortiert nach Datum" not in read(client, "/programm/")
    text = read(client, "/programm/?q=Supervision&gemeinde=herrenberg&seite=1")
    assert rows(text) == ["Andere Hilfe", "Supervision"]
    assert links(text, "Zuerst zeigen, was am besten passt") == ["?q=Supervision&gemeinde=herrenberg&sortierung=relevanz"]
    text = read(client, "/programm/?q=Supervision&gemeinde=herrenberg&sortierung=relevanz")
    assert rows(text) == ["Supervision", "Andere Hilfe"]
    assert links(text, "Nach Datum sortieren") == ["?q=Supervision&gemeinde=herrenberg&sortierung=datum"]
    assert '<input type="hidden" name="sortierung" value="relevanz"' in text


def test_nothing_found_suggests_the_nearest_words_with_the_same_filters(client, supervision):
    text = read(client, "/programm/?q=Soperwisoin&gemeinde=herrenberg&seite=2")
    assert "Zu „Soperwisoin“ wurde nichts gefunden." in text
    assert "Meinten Sie …?" in text
    assert links(text, "Supervision") == ["?q=Supervision&gemeinde=herrenberg"]


def test_nothing_found_says_what_the_words_find_elsewhere(client, supervision):
    text = read(client, "/programm/?q=Supervision&gemeinde=leonberg")
    assert links(text, "Ohne Filter: 2 Angebote") == ["?q=Supervision"]
    assert links(text, "Im Archiv: 1 Angebot") == ["?q=Supervision&archiv=1"]
    text = read(client, "/programm/?q=Quantenphysik")
    assert "Dieselben Wörter" not in text
    assert "Versuchen Sie es mit einem anderen oder kürzeren Wort." in text


@pytest.mark.parametrize("address", ["/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/"])
def test_feeds_and_api_search_alike(client, supervision, address):
    text = client.get(f"{address}?q=Supervsion").content.decode()
    assert "Andere Hilfe" in text
    assert "Supervision" in text
    assert "Andere Hilfe" not in client.get(f"{address}?q=Gartenbau").content.decode()
