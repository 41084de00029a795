"""What the page of an offering offers beyond its facts: files of single dates, ways and maps, others on its topics, telling others."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.models import ListedOffering, OfferingPage, ProgrammePage, SeatPlan, VolunteerDayPage
from ehrenamt_wagtail.programme import sharing
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.listed import find_drift
from tests import factories


def section(html: str, name: str) -> str:
    """The section that this heading labels, or nothing."""
    found = re.search(rf'<section[^>]* aria-labelledby="{name}".*?</section>', html, re.S)
    return found[0] if found else ""


def words(html: str) -> str:
    return " ".join(strip_tags(html.replace("<", " <")).split())


def links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', html)]


def shown(client, page, name: str) -> str:
    return section(client.get(page.url).content.decode(), name)


def preview_of(page) -> str:
    return page.make_preview_request().render().content.decode()


def call_off(page, number: int | None = None) -> None:
    uid = None if number is None else page.occurrences.order_by("starts_at")[number].uid
    cancel(page, actor=factories.member_of(page.organisation), occurrence_uid=uid)


# Single dates


def test_each_date_to_come_leads_to_its_own_file(client, live_offering, date):
    page = live_offering(dates=[date(-1), date(3), date(4), date(5)])
    call_off(page, 2)
    _past, coming, _off, last = page.occurrences.order_by("starts_at")
    html = client.get(page.url).content.decode()
    files = re.findall(r'href="([^"]*/termin/[^"]*)"', html)
    assert files == [f"{page.url}termin/{date.uid}.ics" for date in (coming, last)]
    for address, row in zip(files, (coming, last), strict=True):
        calendar = client.get(address).content.decode()
        assert calendar.count("BEGIN:VEVENT") == 1 and f"UID:{row.uid}" in calendar
    assert re.search(rf'<a class="ehrenamt-button ehrenamt-button--primary" href="{page.url}termin.ics">Alle Termine', html)


def test_only_date_has_the_button_alone(client, live_offering, date):
    html = client.get(live_offering(dates=[date(3)]).url).content.decode()
    assert "termin.ics" in html and "/termin/" not in html
    assert "Alle Termine" not in html


def test_what_nobody_else_can_read_has_no_files_and_is_not_told_to_others(programme, date):
    page = factories.draft_offering(dates=[date(3), date(4)], topics=[factories.TopicFactory()])
    html = preview_of(page)
    assert "Grundlagen des Asylrechts" in html
    assert not re.search(r"termin|qr\.svg|mailto:\?", html)


# Ways


HERRENBERG = {"municipality__name": "Herrenberg", "street": "Weg 2", "postal_code": "71083"}


def test_way_says_how_to_get_there_and_opens_the_map_of_ones_choice(client, live_offering, date):
    venue = factories.VenueFactory(
        name="Haus & Hof", latitude=48.5955, longitude=8.87, step_free="yes", parking="im Hof", nearest_stop="Bahnhof",
        access_notes="Bitte klingeln.", **HERRENBERG,
    )  # fmt: skip
    way = shown(client, live_offering(dates=[date(3)], venue=venue, room="Saal"), "ways")
    text = words(way)
    parts = ("Haus &amp; Hof", "Saal", "Weg 2", "71083 Herrenberg", "stufenlos", "Parken: im Hof", "Haltestelle: Bahnhof", "klingeln")
    assert [part for part in parts if part not in text] == []
    assert links(way) == [
        "https://www.openstreetmap.org/?mlat=48.595500&mlon=8.870000#map=18/48.595500/8.870000",
        "https://www.google.com/maps/search/?api=1&query=48.595500%2C8.870000",
        "https://maps.apple.com/?ll=48.595500%2C8.870000&q=Haus+%26+Hof",
    ]
    assert way.count('rel="noopener noreferrer"') == 3


@pytest.mark.parametrize("position", [{}, {"latitude": 48.5}, {"longitude": 8.9}])
def test_maps_look_for_the_address_where_the_position_is_not_known(client, live_offering, date, position):
    street = """Weg "2" & '3' <b>?#a=b&c=ä %41"""
    venue = factories.VenueFactory(name="Haus", **HERRENBERG | {"street": street} | position)
    way = shown(client, live_offering(dates=[date(3)], venue=venue), "ways")
    asked = [parse_qs(urlsplit(link).query, strict_parsing=True) for link in links(way)]
    wanted = [f"{street}, 71083 Herrenberg"]
    assert [query.get("query") or query["q"] for query in asked] == [wanted] * 3
    assert [set(query) for query in asked] == [{"query"}, {"api", "query"}, {"q"}]
    assert [urlsplit(link).fragment for link in links(way)] == [""] * 3
    assert "<b>" not in way


def test_place_without_a_house_of_the_register_is_looked_for_by_its_name(client, live_offering, date):
    town = factories.MunicipalityFactory(name="Leonberg")
    page = live_offering(dates=[date(3)], place="Alte Mühle, Bachweg 1", municipality=town)
    assert parse_qs(urlsplit(links(shown(client, page, "ways"))[0]).query) == {"query": ["Alte Mühle, Bachweg 1, Leonberg"]}


@pytest.mark.parametrize("facts", [{"place": ""}, {"mode": "online"}])
def test_there_is_no_way_to_a_town_alone_or_to_a_meeting_online(client, live_offering, date, facts):
    html = client.get(live_offering(dates=[date(3)], **facts).url).content.decode()
    assert section(html, "ways") == "" and "openstreetmap" not in html


def test_dates_elsewhere_have_ways_of_their_own_with_their_dates(client, live_offering, date):
    def house(name):
        return factories.VenueFactory(name=name, street="Weg 1", step_free="no", municipality__name=f"Ort {name}")

    dates = [
        date(-2, venue=house("Gestern")), date(2), date(3, venue=house("Mühle")), date(4, mode="online"),
        date(5, venue=house("Ausfall")), date(6),
    ]  # fmt: skip
    page = live_offering(dates=dates, venue=house("Schule"))
    call_off(page, 4)
    html = client.get(page.url).content.decode()
    school, mill = section(html, "ways").split('<div class="ehrenamt-way">')[1:]
    assert "Schule" in school and "Mühle" in mill
    assert school.count("ehrenamt-way__date") == 2 and mill.count("ehrenamt-way__date") == 1
    assert "nicht stufenlos" in mill
    assert "Gestern" not in school + mill and "Ausfall" not in school + mill


def test_way_is_not_shown_for_what_does_not_take_place(client, live_offering, date):
    past, off = live_offering(dates=[date(-3)]), live_offering(dates=[date(3)])
    assert "Kirchgasse" in shown(client, off, "ways")
    call_off(off)
    assert shown(client, past, "ways") == shown(client, off, "ways") == ""


def test_rows_of_before_positions_were_kept_can_be_shown(client, live_offering, date):
    venue = factories.VenueFactory(name="Haus", latitude=48.5, longitude=8.9, **HERRENBERG)
    page = live_offering(dates=[date(3)], venue=venue)
    row = ListedOffering.objects.get()
    assert row.details["place"].pop("position") == [48.5, 8.9]
    row.save()
    assert "search?query=Weg+2" in links(shown(client, page, "ways"))[0]
    assert len(list(find_drift(lambda done, total: None))) == 1


def test_map_follows_the_register(client, live_offering, date):
    venue = factories.VenueFactory(name="Haus", latitude=48.5, longitude=8.9, **HERRENBERG)
    page = live_offering(dates=[date(3)], venue=venue)
    venue.latitude = 48.25
    venue.save()
    assert "mlat=48.250000" in links(shown(client, page, "ways"))[0]
    assert list(find_drift(lambda done, total: None)) == []


# Others on its topics


@pytest.fixture
def housing(db):
    return factories.TopicFactory(name="Wohnen & Umzug")


def titles(html: str) -> list[str]:
    return re.findall(r'class="ehrenamt-offering__link"[^>]*>([^<]*)<', html)


def test_next_three_on_its_topics_are_shown_soonest_first(client, live_offering, date, housing):
    law = factories.TopicFactory(name="Recht")
    page = live_offering("Dieses", topics=[housing, law], dates=[date(1), date(9)])
    for title, days, topics in (("Vierte", 8, [law]), ("Zweite", 5, [law, housing]), ("Erste", 2, [housing]), ("Dritte", 6, [law])):
        live_offering(title, topics=topics, dates=[date(-1), date(days)])
    live_offering("Anderes", topics=[factories.TopicFactory()], dates=[date(2)])
    live_offering("Ohne Thema", dates=[date(2)])
    related = shown(client, page, "related")
    assert titles(related) == ["Erste", "Zweite", "Dritte"]
    assert "<h3" in related and related.count("<h2") == 1
    assert links(related)[3:] == [f"/programm/?thema={topic.slug}" for topic in (law, housing)]
    assert "Alles zu „Wohnen &amp; Umzug“" in words(related)
    assert titles(client.get(links(related)[3]).content.decode()) == ["Dieses", "Zweite", "Dritte", "Vierte"]


def test_what_is_not_public_over_or_cancelled_is_not_among_them(client, live_offering, date, housing):
    page = live_offering("Dieses", topics=[housing], dates=[date(1)])
    live_offering("Vorbei", topics=[housing], dates=[date(-1)])
    live_offering("Entwurf", topics=[housing], dates=[date(2)], live=False)
    private = live_offering("Vertraulich", topics=[housing], dates=[date(2)])
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    offline = live_offering("Zurückgezogen", topics=[housing], dates=[date(2)])
    offline.unpublish()
    off = live_offering("Abgesagt", topics=[housing], dates=[date(2), date(3)])
    call_off(off)
    root = ProgrammePage.objects.get().get_parent()
    elsewhere = root.add_child(instance=ProgrammePage(title="Anderes Programm", slug="anderes"))
    live_offering("Drüben", parent=elsewhere, topics=[housing], dates=[date(2)])
    assert shown(client, page, "related") == ""
    partly = live_offering("Teils", topics=[housing], dates=[date(2), date(3)])
    call_off(partly, 0)
    assert titles(shown(client, page, "related")) == ["Teils"]


def test_over_or_cancelled_it_still_leads_to_others(client, live_offering, date, housing):
    past = live_offering("Vorbei", topics=[housing], dates=[date(-1)])
    off = live_offering("Fällt aus", topics=[housing], dates=[date(1)])
    call_off(off)
    live_offering("Nächstes", topics=[housing], dates=[date(5)])
    assert titles(shown(client, past, "related")) == titles(shown(client, off, "related")) == ["Nächstes"]


def test_volunteer_day_does_not_name_its_parts_twice(client, live_offering, date, housing):
    day = live_offering("Ehrenamtstag", model=VolunteerDayPage, topics=[housing], dates=[date(20)])
    part = live_offering("Teil", parent=day, topics=[housing], dates=[date(20)])
    live_offering("Anderes", topics=[housing], dates=[date(30)])
    html = client.get(day.url).content.decode()
    assert titles(section(html, "related")) == ["Anderes"] and html.count(">Teil<") == 1
    assert titles(shown(client, part, "related")) == ["Ehrenamtstag", "Anderes"]


def test_rows_say_what_lists_say_of_seats(client, live_offering, date, housing):
    page = live_offering("Dieses", topics=[housing], dates=[date(1)])
    other = live_offering("Anderes", topics=[housing], dates=[date(2)])
    SeatPlan.objects.create(offering_id=other.pk, mode="here", capacity=5)
    assert "noch 5 Plätze" in words(shown(client, page, "related"))


def test_they_cost_one_query_however_many_there_are(client, live_offering, date, housing):
    """And none where there is no topic."""

    def asked(page) -> list[str]:
        client.get(page.url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page.url).status_code == 200
        return [query["sql"] for query in captured if "ListedDate".lower() in query["sql"]]

    plain = live_offering(dates=[date(1)])
    page = live_offering("Dieses", topics=[housing, factories.TopicFactory()], dates=[date(1)])
    assert len(asked(plain)) == 0
    for number in (0, 1, 20):
        for _number in range(number):
            live_offering(topics=[housing], dates=[date(2), date(3)])
        assert len(asked(page)) == 1


# Telling others


def test_mail_to_others_says_what_when_where_and_the_address(client, live_offering, date):
    venue = factories.VenueFactory(name="Haus", **HERRENBERG)
    page = live_offering("Miete & Recht?\r\nBcc: a@b.example", dates=[date(-1), *(date(400 + day) for day in range(5))], venue=venue)
    share = shown(client, page, "share")
    assert f"http://testserver{page.url}</a>" in share
    (mail,) = [link for link in links(share) if link.startswith("mailto:")]
    assert re.fullmatch(r"mailto:\?subject=[\w.~%-]*&body=[\w.~%-]*", mail)
    subject, body = (unquote(part.split("=")[1]) for part in mail.removeprefix("mailto:?").split("&"))
    assert subject == "Miete & Recht? Bcc: a@b.example"
    lines = body.split("\r\n")
    assert lines[0] == subject and lines[-1] == f"http://testserver{page.url}"
    assert [line.startswith("Wann: ") for line in lines[2:5]] == [True] * 3
    assert lines[5:7] == ["und 2 weitere Termine", "Wo: Haus, Weg 2, 71083 Herrenberg"]


def test_mail_about_what_is_cancelled_or_online_says_so(client, live_offering, date):
    page = live_offering("Mietrecht", dates=[date(3)], mode="online")
    call_off(page)
    (mail,) = [unquote(link) for link in links(shown(client, page, "share")) if link.startswith("mailto:")]
    assert mail.startswith("mailto:?subject=Abgesagt: Mietrecht&body=Abgesagt: Mietrecht\r\n") and "\r\nWo: online\r\n" in mail


# Code


def dots_of(svg: str) -> set[tuple[int, int]]:
    """Column and row of the black squares: the path goes from line to line, right for what is black."""
    (path,) = re.findall(r'stroke="#000"[^>]* d="([^"]*)"', svg)
    dots, x, y = set(), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            dots |= {(int(x) + step, int(y)) for step in range(int(values[0]))}
            x += values[0]
        elif command == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
    return dots


def test_code_holds_the_whole_address_of_the_page(client, live_offering, date, settings):
    settings.ALLOWED_HOSTS = ["*"]
    page = live_offering(dates=[date(3)])
    assert f'<img src="{page.url}qr.svg"' in shown(client, page, "share")
    assert f'href="{page.url}qr.svg" download="qr-{page.slug}.svg"' in shown(client, page, "share")
    response = client.get(f"{page.url}qr.svg", headers={"host": "ehrenamt.example:8443"})
    assert response["Content-Type"] == "image/svg+xml"
    matrix = segno.make_qr(f"http://ehrenamt.example:8443{page.url}", error="m").matrix
    wanted = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, is_black in enumerate(row) if is_black}
    assert dots_of(response.content.decode()) == wanted
    assert dots_of(client.get(f"{page.url}qr.svg").content.decode()) != wanted


def test_code_is_asked_for_again_only_if_it_changed(client, live_offering, date):
    address = f"{live_offering(dates=[date(3)]).url}qr.svg"
    first = client.get(address)
    assert "max-age=86400" in first["Cache-Control"] and first["X-Robots-Tag"] == "noindex"
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.cookies == {}


def test_without_the_library_there_is_no_code(client, live_offering, date, monkeypatch):
    page = live_offering(dates=[date(3)])
    monkeypatch.setattr(sharing, "segno", None)
    share = shown(client, page, "share")
    assert page.url in share and "mailto:?" in share
    assert "qr.svg" not in share and "<img" not in share
    response = client.get(f"{page.url}qr.svg")
    assert response.status_code == 404 and b"<svg" not in response.content.partition(b"<main")[0]


def test_code_of_what_is_not_public_is_not_given(client, live_offering, date):
    draft, private = live_offering(dates=[date(3)], live=False), live_offering(dates=[date(3)])
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for page in (draft, private):
        url = OfferingPage.objects.get(pk=page.pk).get_url()
        response = client.get(f"{url}qr.svg")
        assert response.status_code in (404, 302)
        assert response.get("Content-Type") != "image/svg+xml"
