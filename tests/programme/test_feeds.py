"""Calendars and the Atom feed: correct for the programs that read them, silent about what is nobody's business."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone
from icalendar import Calendar

from ehrenamt_wagtail.models import ListedDate, Occurrence, OfferingPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.listed import refresh
from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"


def events(response):
    assert response.status_code == 200
    return Calendar.from_ical(response.content).walk("VEVENT")


def entries(response):
    assert response.status_code == 200
    return ET.fromstring(response.content).findall(f"{ATOM}entry")


def test_calendar_has_one_event_a_date_by_its_uid(client, live_offering, date):
    page = live_offering(dates=[date(1), date(8)])
    other = live_offering(dates=[date(3)])
    uids = {str(row.uid) for row in Occurrence.objects.filter(page__in=[page.pk, other.pk])}
    found = events(client.get("/programm/kalender.ics"))
    assert {str(event["uid"]) for event in found} == uids
    assert [str(event["uid"]) for event in events(client.get(page.url + "termin.ics"))] == [
        str(row.uid) for row in page.occurrences.order_by("starts_at")
    ]


def test_event_says_when_and_where(client, live_offering):
    zone = timezone.get_current_timezone()
    venue = factories.VenueFactory(name="Haus, Süd; 1", street="Weg 2", municipality__name="Herrenberg")
    # The night in which the clocks go forward, and summer time.
    live_offering(
        dates=[
            Occurrence(start=dt.datetime(2027, 3, 27, 22, tzinfo=zone), end=dt.datetime(2027, 3, 28, 4, tzinfo=zone)),
            Occurrence(start=dt.datetime(2027, 7, 1, 19, tzinfo=zone)),
        ],
        venue=venue,
        room="Saal",
    )
    night, evening = events(client.get("/programm/kalender.ics"))
    assert night["dtstart"].dt == dt.datetime(2027, 3, 27, 21, tzinfo=dt.UTC)
    assert night["dtend"].dt == dt.datetime(2027, 3, 28, 2, tzinfo=dt.UTC)
    assert evening["dtstart"].dt == dt.datetime(2027, 7, 1, 17, tzinfo=dt.UTC)
    assert evening["dtend"].dt == dt.datetime(2027, 7, 1, 19, tzinfo=dt.UTC)
    assert str(night["location"]) == "Haus, Süd; 1, Saal, Weg 2, Herrenberg"
    assert str(night["url"]).startswith("http://testserver/programm/")


def test_whole_days_are_dates_and_the_end_is_exclusive(client, live_offering):
    live_offering(dates=[Occurrence(start_date=dt.date(2027, 3, 27), end_date=dt.date(2027, 3, 28))])
    (event,) = events(client.get("/programm/kalender.ics"))
    assert (event["dtstart"].dt, event["dtend"].dt) == (dt.date(2027, 3, 27), dt.date(2027, 3, 29))
    assert event["dtstart"].params["VALUE"] == "DATE"


def test_cancelled_date_stays_in_the_calendar_as_cancelled(client, live_offering, date):
    page = live_offering(dates=[date(1), date(8)])
    first, second = page.occurrences.order_by("starts_at")
    before = events(client.get("/programm/kalender.ics"))[0]
    cancel(page, actor=factories.member_of(page.organisation), occurrence_uid=first.uid, reason="Krankheit")
    after = events(client.get("/programm/kalender.ics"))
    assert [str(event["uid"]) for event in after] == [str(first.uid), str(second.uid)]
    assert [str(event["status"]) for event in after] == ["CANCELLED", "CONFIRMED"]
    assert str(after[0]["summary"]).startswith("Abgesagt: ")
    assert "Krankheit" in str(after[0]["description"])
    assert after[0]["sequence"] > before["sequence"]
    assert after[0]["last-modified"].dt >= before["last-modified"].dt


def test_online_address_is_told_by_no_output(client, live_offering, date):
    secret = "https://meet.example/geheim"
    page = live_offering(dates=[date(1)], mode="online", online_url=secret)
    for address in ("/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/", page.url, page.url + "termin.ics"):
        assert "geheim" not in client.get(address).content.decode().replace("\r\n ", "")
    assert str(events(client.get(page.url + "termin.ics"))[0]["location"]) == "online"


@pytest.mark.parametrize("name", ["/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/"])
def test_output_says_the_same_until_something_changes(client, live_offering, date, name):
    page = live_offering(dates=[date(1)])
    first, second = client.get(name), client.get(name)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert "public" in first["Cache-Control"]
    unchanged = client.get(name, headers={"if-none-match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    cancel(page, actor=factories.member_of(page.organisation))
    assert client.get(name, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_outputs_of_an_empty_programme_are_valid_and_stable(client, programme):
    assert events(client.get("/programm/kalender.ics")) == []
    first = client.get("/programm/feed.atom")
    assert entries(first) == []
    assert first["ETag"] == client.get("/programm/feed.atom")["ETag"]


def test_control_characters_and_long_texts_break_nothing(client, live_offering, date):
    title = 'Umlaute äöü, "Anführung"; \x0b\x07 Emoji 🎉 und عربي'
    live_offering(title, dates=[date(1)], summary="Zeile 1\r\nZeile 2\x0c " + "sehr lang " * 150)
    (event,) = events(client.get("/programm/kalender.ics"))
    assert str(event["summary"]) == 'Umlaute äöü, "Anführung";  Emoji 🎉 und عربي'
    assert "Zeile 1\nZeile 2 sehr lang" in str(event["description"])
    assert all(len(line) <= 75 for line in client.get("/programm/kalender.ics").content.split(b"\r\n"))
    (entry,) = entries(client.get("/programm/feed.atom"))
    assert entry.find(f"{ATOM}title").text == 'Umlaute äöü, "Anführung";  Emoji 🎉 und عربي'


def test_feed_has_one_entry_an_offering_and_begins_with_what_is_new(client, live_offering, date):
    later = live_offering("älter", dates=[date(1), date(6)], topics=[factories.TopicFactory(name="Wohnen")])
    sooner = live_offering("neuer", dates=[date(2)], summary="<script>alert(1)</script>")
    first, second = entries(client.get("/programm/feed.atom"))
    assert [first.find(f"{ATOM}title").text, second.find(f"{ATOM}title").text] == ["neuer", "älter"]
    assert second.find(f"{ATOM}id").text == f"urn:uuid:{later.translation_key}"
    assert second.find(f"{ATOM}link").get("href") == f"http://testserver{later.url}"
    assert [category.get("term") for category in second.findall(f"{ATOM}category")] == ["Fortbildung", "Wohnen"]
    assert "<script>" not in first.find(f"{ATOM}summary").text
    assert dt.datetime.fromisoformat(first.find(f"{ATOM}updated").text) == OfferingPage.objects.get(pk=sooner.pk).last_published_at


def test_feed_marks_a_cancelled_date_in_german(client, live_offering, date):
    page = live_offering(dates=[date(1), date(8)])
    first = page.occurrences.order_by("starts_at").first()
    cancel(page, actor=factories.member_of(page.organisation), occurrence_uid=first.uid, reason="Krankheit")
    (entry,) = entries(client.get("/programm/feed.atom"))
    assert entry.find(f"{ATOM}summary").text.count("(abgesagt)") == 1
    assert "(cancelled)" not in entry.find(f"{ATOM}summary").text


def test_feeds_take_the_parameters_of_the_list(client, live_offering, date):
    live_offering("Fortbildung", dates=[date(2)])
    workshop = live_offering("Workshop", dates=[date(3)], training_format="workshop")
    past = live_offering("vorbei", dates=[date(-3)])
    assert [event["summary"] for event in events(client.get("/programm/kalender.ics?art=workshop&seite=99&von=x"))] == [workshop.title]
    assert [entry.find(f"{ATOM}title").text for entry in entries(client.get("/programm/feed.atom?archiv=1"))] == [past.title]


@pytest.mark.parametrize("address", ["/programm/kalender.ics", "/programm/feed.atom"])
def test_trailing_slash_is_tolerated(client, live_offering, date, address):
    page = live_offering(dates=[date(1)])
    assert client.get(address + "/").content.replace(b"/?", b"") == client.get(address).content
    assert events(client.get(page.url + "termin.ics/"))[0]["uid"] == str(page.occurrences.get().uid)


@pytest.mark.parametrize(
    "address",
    [
        "/programm/",
        "/programm/?gemeinde=nirgendwo",
        "/programm/kalender/2027/3/",
        "/programm/karte/",
        "/programm/kalender.ics",
        "/programm/feed.atom",
        "/programm/grundlagen-des-asylrechts/",
        "/programm/grundlagen-des-asylrechts/termin.ics",
        "/api/angebote/",
        "/arbeitskreise/",
    ],
)
def test_reading_sets_no_cookie_and_touches_no_session(client, live_offering, date, address):
    live_offering(dates=[date(1)])
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert not response.wsgi_request.session.accessed


def test_calendar_is_the_same_from_stored_events_and_from_facts(client, live_offering, date, monkeypatch):
    """The address that the site has by its settings is served from what was stored; another one, and another language, not."""
    long = live_offering("Grundlagen des Asylrechts für Ehrenamtliche, die ganz neu dabei sind „Überblick“", dates=[date(1), date(9)])
    live_offering("Ausstellung", dates=[date(3, all_day=True, length=2)])
    cancel(long, actor=factories.member_of(long.organisation), occurrence_uid=long.occurrences.first().uid, reason="Krankheit")
    stored = client.get("/programm/kalender.ics", headers={"host": "localhost"}).content
    assert stored.count(b"BEGIN:VEVENT") == 3
    ListedDate.objects.update(event="")
    assert client.get("/programm/kalender.ics", headers={"host": "localhost"}).content == stored
    assert refresh([long.pk])
    assert b"http://localhost/programm/" in stored
    ListedDate.objects.update(event="BEGIN:VEVENT\r\nEND:VEVENT\r\n")
    assert client.get("/programm/kalender.ics", headers={"host": "localhost"}).content != stored
    elsewhere = unfolded(client.get("/programm/kalender.ics").content)
    assert elsewhere == unfolded(stored).replace(b"http://localhost/", b"http://testserver/")


def unfolded(calendar: bytes) -> bytes:
    return calendar.replace(b"\r\n ", b"")
