"""The public pages of the circles."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.models import CircleFigure, CirclePage, CircleTeam
from tests import factories
from tests.clients import main_text


def text_of(response) -> str:
    """What people read, on one line."""
    assert response.status_code == 200
    return main_text(response)


@pytest.fixture
def index(db):
    return factories.make_site(setup=False)[1]


def circle_in(town: str, volunteers=None, *, topics=(), **facts) -> CirclePage:
    organisation = factories.OrganisationFactory(kind="circle", municipality=factories.MunicipalityFactory(name=town))
    page = factories.circle_page(organisation=organisation, **facts)
    if topics:
        page.topics.set(topics)
        page.save()
    if volunteers is not None:
        CircleFigure.objects.create(circle=page, year=2026, volunteers=volunteers)
    return page


def test_circles_stand_by_town_with_the_total_of_their_latest_figures(client, index):
    circle_in("Renningen", 700, title="Zusammen")
    older = circle_in("Böblingen", 400, title="Miteinander")
    CircleFigure.objects.create(circle=older, year=2016, volunteers=5000)
    CircleFigure.objects.create(circle=older, year=2026, half=2, volunteers=6000, is_current=False)
    CircleFigure.objects.filter(circle=older, year=2026, half=1).update(volunteers=7000)
    CircleFigure.objects.create(circle=older, year=2026, half=2, volunteers=400)
    circle_in("Leonberg", title="Entwurf", live=False)
    text = text_of(client.get("/arbeitskreise/"))
    assert text.index("Miteinander") < text.index("Zusammen")
    assert "2 Arbeitskreise · 1.100 Ehrenamtliche" in text
    assert "Entwurf" not in text


def test_circles_are_called_as_the_district_calls_them(client, index, settings):
    settings.EHRENAMT = {"CIRCLE_NAME": "Helferkreis", "CIRCLE_NAME_PLURAL": "Helferkreise"}
    page = circle_in("Renningen")
    assert "1 Helferkreis" in text_of(client.get("/arbeitskreise/"))
    assert text_of(client.get(page.url)).count("Helferkreis") == 1


@pytest.mark.parametrize(("number", "words"), [(1, "unter 5"), (4, "unter 5"), (5, "5 Ehrenamtliche"), (0, "")])
def test_small_numbers_are_not_told_exactly(client, index, number, words):
    page = circle_in("Renningen", number)
    text = text_of(client.get(page.url))
    assert words in text
    assert ("Aktive" in text) is bool(words)


def test_topics_filter_and_unknown_ones_are_named(client, index):
    housing, language = factories.TopicFactory(name="Wohnen"), factories.TopicFactory(name="Sprache")
    factories.TopicFactory(name="Ohne Arbeitskreis")
    circle_in("Renningen", title="Die Wohnpaten", topics=[housing])
    circle_in("Leonberg", title="Die Sprachpaten", topics=[language])
    text = text_of(client.get("/arbeitskreise/?thema=wohnen&thema=quatsch"))
    assert "Die Wohnpaten" in text and "Die Sprachpaten" not in text
    assert "Ein Thema „quatsch“ gibt es hier nicht." in text
    assert "Ohne Arbeitskreis" not in text
    both = text_of(client.get("/arbeitskreise/?thema=wohnen&thema=sprache"))
    assert "Die Wohnpaten" in both and "Die Sprachpaten" in both
    nothing = text_of(client.get("/arbeitskreise/?thema=ohne-arbeitskreis"))
    assert "An diesen Themen arbeitet noch niemand." in nothing


CONTACT = {"contact_name": "Petra Privat", "contact_email": "petra@privat.example", "contact_phone": "07159 / 99-1"}


@pytest.mark.parametrize("public", [(), ("name",), ("email",), ("phone",), ("name", "email", "phone")])
def test_contact_shows_only_the_chosen_fields(client, index, public):
    page = circle_in("Renningen", **CONTACT, **{f"contact_{name}_is_public": True for name in public})
    content = client.get(page.url).content.decode() + client.get("/arbeitskreise/").content.decode()
    for name in ("name", "email", "phone"):
        assert (CONTACT[f"contact_{name}"] in content) is (name in public)
    assert ("mailto:petra" in content) is ("email" in public)
    assert ("tel:07159991" in content) is ("phone" in public)


def test_circle_says_what_it_does_and_what_it_needs(client, index):
    page = circle_in("Renningen", 41, meets="Dienstags, 19:30 Uhr", how_to_join="Kommen Sie vorbei.", wanted="Fahrräder")
    page.carriers.set([factories.OrganisationFactory(name="Kirchengemeinde Mitte")])
    page.teams.add(CircleTeam(name="Werkstatt", description="repariert samstags"))
    page.save()
    text = text_of(client.get(page.url))
    for part in ("Renningen", "Dienstags, 19:30 Uhr", "Kommen Sie vorbei.", "Was wir gerade suchen Fahrräder",
                 "Kirchengemeinde Mitte", "Werkstatt : repariert samstags", "41 Ehrenamtliche ( 2026 )"):  # fmt: skip
        assert part.replace("( 2026 )", "(2026)") in text


def test_circle_shows_what_comes_in_its_town_and_of_its_topics(client, index):
    topic = factories.TopicFactory(name="Wohnen")
    page = circle_in("Renningen", topics=[topic])
    elsewhere = factories.OrganisationFactory()
    factories.published_offering(title="Hier", municipality=page.municipality)
    factories.published_offering(title="Zum Thema", organisation=elsewhere, topics=[topic])
    factories.published_offering(title="Fremd", organisation=elsewhere)
    factories.draft_offering(title="Geplant", municipality=page.municipality)
    response = client.get(page.url)
    text = text_of(response)
    assert "Hier" in text and "Zum Thema" in text
    assert "Fremd" not in text and "Geplant" not in text
    assert 'href="/programm/?gemeinde=renningen"' in response.content.decode()


def test_only_coordinators_in_office_are_named(client, index):
    today = timezone.localdate()
    factories.CoordinatorFactory(name="Frau Jetzt", email="jetzt@landkreis.example", until_date=today)
    factories.CoordinatorFactory(name="Herr Früher", until_date=today - dt.timedelta(days=1))
    factories.CoordinatorFactory(name="Frau Später", from_date=today + dt.timedelta(days=1))
    text = text_of(client.get(circle_in("Renningen").url))
    assert "Frau Jetzt" in text and "jetzt@landkreis.example" in text
    assert "Herr Früher" not in text and "Frau Später" not in text


def test_texts_are_never_html(client, index):
    page = circle_in("Renningen", **dict.fromkeys(("summary", "meets", "how_to_join", "wanted"), "<b>fett</b>"))
    for address in (page.url, "/arbeitskreise/"):
        assert "<b>fett" not in client.get(address).content.decode()


def test_reading_touches_no_session(client, index):
    page = circle_in("Renningen")
    for address in (page.url, "/arbeitskreise/"):
        response = client.get(address)
        assert not response.cookies and not response.wsgi_request.session.accessed


def test_map_leads_to_the_first_circle_of_each_town(client, index):
    circle_in("Renningen", title="Zusammen")
    organisation = factories.OrganisationFactory(kind="circle", municipality=CirclePage.objects.get().municipality)
    factories.circle_page(organisation=organisation, title="Auch hier")
    circle_in("Leonberg", title="Miteinander")
    factories.MunicipalityFactory(name="Weissach")
    html = client.get("/arbeitskreise/").content.decode()
    dots = re.findall(r'<a class="ehrenamt-map__town" href="#([^"]*)" tabindex="-1"><title>(.*?)</title>', html)
    assert sorted(dots) == [("ort-leonberg", "Leonberg: 1 Arbeitskreis"), ("ort-renningen", "Renningen: 2 Arbeitskreise")]
    for anchor, title in (("ort-leonberg", "Miteinander"), ("ort-renningen", "Auch hier")):
        assert html.count(f'id="{anchor}"') == 1
        assert title in html.partition(f'<li id="{anchor}">')[2].partition("</li>")[0]
    assert "<title>Weissach: 0 Arbeitskreise</title>" in html
    assert 'aria-label="Karte des Landkreises: Arbeitskreise nach Ort. Die Liste sagt dasselbe."' in html


def test_map_shows_the_circles_of_the_topics_chosen(client, index):
    housing = factories.TopicFactory(name="Wohnen")
    circle_in("Renningen", topics=[housing])
    circle_in("Leonberg")
    html = client.get("/arbeitskreise/?thema=wohnen").content.decode()
    assert "<title>Renningen: 1 Arbeitskreis</title>" in html and "<title>Leonberg: 0 Arbeitskreise</title>" in html


def test_circles_without_a_town_have_no_map(client, index):
    circle_in("Renningen", title="Überall")
    CirclePage.objects.update(municipality=None)
    html = client.get("/arbeitskreise/").content.decode()
    assert "Überall" in html and "ehrenamt-map" not in html


def test_index_asks_the_same_number_of_queries(client, index, django_assert_num_queries):
    topics = [factories.TopicFactory()]
    circle_in("Ort", 10, topics=topics)
    client.get("/arbeitskreise/")
    with CaptureQueriesContext(connection) as once:
        client.get("/arbeitskreise/")
    for number in range(9):
        circle_in(f"Ort {number}", 10, topics=topics)
    with django_assert_num_queries(len(once)):
        assert "10 Arbeitskreise" in text_of(client.get("/arbeitskreise/"))


def test_preview_of_a_circle_that_was_never_saved(index):
    response = CirclePage(title="Neu", summary="Wir fangen an.").make_preview_request().render()
    assert "Wir fangen an." in text_of(response)
