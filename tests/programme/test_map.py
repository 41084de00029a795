"""The map of the programme: numbers by town, links to them, one set of filters with list and calendar."""

import re
from html import unescape

import pytest
from django.utils import timezone
from django.utils.html import escape

from ehrenamt_wagtail.models import Municipality, OfferingPage
from ehrenamt_wagtail.programme.filters import Filters
from ehrenamt_wagtail.programme.listed import refresh
from ehrenamt_wagtail.programme.listing import Listing
from ehrenamt_wagtail.programme.map_view import NO_TOWN, numbers_by_town
from tests import factories
from tests.clients import main_text

MAP = "/programm/karte/"


def table_of(response) -> dict[str, tuple[str, str]]:
    """Town → number and address."""
    rows = re.findall(r'<th scope="row"><a href="([^"]*)"[^>]*>(.*?)</a></th><td>(.*?)</td>', response.content.decode())
    return {unescape(name): (number, unescape(url)) for url, name, number in rows}


def dots_of(response) -> dict[str, str]:
    """Words → address, of the dots that lead somewhere."""
    svg = response.content.decode().partition('<svg class="ehrenamt-map')[2].partition("</svg>")[0]
    links = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*><title>(.*?)</title>', svg)
    return {unescape(words): unescape(url) for url, words in links}


@pytest.fixture
def towns(db):
    places = [("Herrenberg", 48.60, 8.87), ("Leonberg", 48.80, 9.02), ("Bondorf", 48.52, 8.84), ("Irgendwo", None, None)]
    return {
        name: factories.MunicipalityFactory(name=name, slug=name.lower(), latitude=latitude, longitude=longitude)
        for name, latitude, longitude in places
    }


@pytest.fixture
def offerings(live_offering, date, towns):
    mill = factories.VenueFactory(municipality=towns["Leonberg"])
    live_offering("Hier", municipality=towns["Herrenberg"], dates=[date(1)])
    live_offering("Beides", municipality=towns["Herrenberg"], dates=[date(40), date(41, venue=mill)], training_format="workshop")
    live_offering("Nirgends gezeichnet", municipality=towns["Irgendwo"], dates=[date(2)])
    online = live_offering("Am Bildschirm", dates=[date(3)], mode="online")
    OfferingPage.objects.filter(pk=online.pk).update(municipality=None)
    refresh([online.pk])
    live_offering("Vorbei", municipality=towns["Bondorf"], dates=[date(-3)])


def test_table_and_dots_say_the_same_and_lead_to_the_list_of_the_town(client, offerings):
    response = client.get(MAP)
    assert table_of(response) == {
        "Herrenberg": ("2", "/programm/?gemeinde=herrenberg"),
        "Irgendwo": ("1", "/programm/?gemeinde=irgendwo"),
        "Leonberg": ("1", "/programm/?gemeinde=leonberg"),
    }
    assert dots_of(response) == {
        "Herrenberg: 2 Angebote": "/programm/?gemeinde=herrenberg",
        "Leonberg: 1 Angebot": "/programm/?gemeinde=leonberg",
    }
    text = main_text(response)
    assert "4 Angebote" in text
    assert "Keine Angebote gibt es in: Bondorf, Musterort" in text
    for number, address in table_of(response).values():
        assert f" {number} Angebot" in main_text(client.get(address))


def test_what_no_dot_stands_for_is_named(client, offerings):
    response = client.get(MAP)
    assert 'href="/programm/?ort=online" rel="nofollow">Online: 1 Angebot</a>' in response.content.decode()
    assert "Ohne Ort: 1 Angebot" in main_text(response)
    assert "Am Bildschirm" in main_text(client.get("/programm/?ort=online"))
    # Who asks for a place has the answer already.
    on_site = main_text(client.get(f"{MAP}?ort=praesenz"))
    assert "Online:" not in on_site and "Ohne Ort" not in on_site and "3 Angebote" in on_site


def test_numbers_are_those_of_the_filters_and_links_keep_them(client, offerings):
    query = f"art=workshop&von={timezone.localdate()}"
    response = client.get(f"{MAP}?{query}&gemeinde=herrenberg&umkreis=5")
    assert table_of(response) == {
        "Herrenberg": ("1", f"/programm/?{query}&gemeinde=herrenberg"),
        "Leonberg": ("1", f"/programm/?{query}&gemeinde=leonberg"),
    }
    archive = client.get(f"{MAP}?archiv=1")
    assert table_of(archive) == {"Bondorf": ("1", "/programm/?archiv=1&gemeinde=bondorf")}
    search = client.get(f"{MAP}?q=beides")
    assert table_of(search)["Leonberg"] == ("1", "/programm/?q=beides&gemeinde=leonberg")


def test_views_keep_the_filters_in_both_directions(client, programme):
    today = timezone.localdate()
    month = f"/programm/kalender/{today.year}/{today.month}/"
    query = "?art=workshop&q=a"
    for address in ("/programm/", month, MAP):
        content = client.get(f"{address}{query}&seite=2").content.decode()
        for other in ("/programm/", month, MAP):
            current = ' aria-current="page"' if other == address else ""
            assert f'<a href="{escape(other + query)}"{current}>' in content, (address, other)
    html = client.get(MAP + query).content.decode()
    assert 'value="a" maxlength' in html and "Filter (2 aktiv)" in html
    assert f'<a class="ehrenamt-chip" rel="nofollow" href="{escape("?art=workshop")}">' in html


def test_notices_suggestions_and_quick_choices_are_those_of_the_list(client, offerings):
    text = main_text(client.get(f"{MAP}?gemeinde=nirgendwo"))
    assert "„nirgendwo“" in text and "Herrenberg" in text
    assert "Nächster Monat" in text
    nothing = client.get(f"{MAP}?q=xylophonist")
    assert "wurde nichts gefunden" in main_text(nothing) and '<svg class="ehrenamt-map' not in nothing.content.decode()
    assert "Zu diesen Filtern gibt es nichts." in main_text(client.get(f"{MAP}?art=supervision"))


def test_map_of_a_district_without_coordinates_is_a_table(client, live_offering, date):
    live_offering(municipality=factories.MunicipalityFactory(name="Irgendwo", latitude=None, longitude=None), dates=[date(1)])
    Municipality.objects.exclude(name="Irgendwo").update(latitude=None)
    response = client.get(MAP)
    assert list(table_of(response)) == ["Irgendwo"] and '<svg class="ehrenamt-map' not in response.content.decode()


def test_numbers_are_counted_with_one_query_and_know_new_words(
    programme, offerings, live_offering, date, towns, django_assert_num_queries
):
    now = timezone.now()
    listing = Listing(Filters(), now=now, programme=programme)
    with django_assert_num_queries(1):
        assert numbers_by_town(listing) == {"herrenberg": 2, "leonberg": 1, "irgendwo": 1, NO_TOWN: 1}

    def searched(word):
        return numbers_by_town(Listing(Filters(q=word, words=(word,)), now=now, programme=programme))

    assert searched("Beides") == {"herrenberg": 1, "leonberg": 1}
    live_offering("Xylophonkurs", municipality=towns["Bondorf"], dates=[date(5)])
    assert searched("Xylophonkurs") == {"bondorf": 1}


def test_title_heading_and_name_of_the_picture(client, offerings):
    html = client.get(MAP).content.decode()
    assert "<title>Karte – Programm" in html.replace("\n", "")
    assert html.count("<h1") == 1
    assert 'role="group" aria-label="Karte des Landkreises: Angebote nach Ort. Die Tabelle sagt dasselbe."' in html


def test_offering_is_not_given_the_address_of_the_map(programme):
    assert factories.draft_offering(programme, title="Karte").slug != "karte"
