"""JSON-LD on offering pages: only what schema.org documents, only what somebody entered, and nothing that ends a script."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from ehrenamt_wagtail.models import Occurrence, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.structured_data import offer_of
from tests import factories

BERLIN = ZoneInfo("Europe/Berlin")

# https://schema.org/Thing, /Event, /Place, /PostalAddress, /VirtualLocation, /Organization, /Audience and /Offer: of Thing and Event
# all properties that are documented there, of the others those that may serve here.
THING = set(
    """
    additionalType alternateName description disambiguatingDescription identifier image mainEntityOfPage name potentialAction sameAs
    subjectOf url
""".split()
)
EVENT = THING | set(
    """
    about actor aggregateRating attendee audience composer contributor director doorTime duration endDate eventAttendanceMode
    eventSchedule eventStatus funder funding inLanguage isAccessibleForFree keywords location maximumAttendeeCapacity
    maximumPhysicalAttendeeCapacity maximumVirtualAttendeeCapacity offers organizer performer previousStartDate recordedIn
    remainingAttendeeCapacity review sponsor startDate subEvent superEvent translator typicalAgeRange workFeatured workPerformed
""".split()
)
DOCUMENTED = {
    "Event": EVENT,
    "Place": THING | {"address", "geo", "telephone", "containedInPlace", "amenityFeature"},
    "PostalAddress": THING | {"addressCountry", "addressLocality", "addressRegion", "postalCode", "streetAddress"},
    "VirtualLocation": THING,
    "Organization": THING | {"address", "email", "telephone", "logo"},
    "Audience": THING | {"audienceType", "geographicArea"},
    "Offer": THING | {"availability", "availabilityEnds", "availabilityStarts", "price", "priceCurrency", "validFrom", "validThrough"},
}  # fmt: skip
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def data_of(response) -> dict:
    (text,) = SCRIPT.findall(response.content.decode())
    return json.loads(text)


def events_of(client, page) -> list[dict]:
    data = data_of(client.get(page.url))
    assert data.pop("@context") == "https://schema.org"
    events = data["@graph"] if "@graph" in data else [data]
    for event in events:
        assert_documented(event)
    return events


def assert_documented(thing) -> None:
    assert set(thing) - {"@type"} <= DOCUMENTED[thing["@type"]], thing
    for value in thing.values():
        assert value not in (None, "", [], {})
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                assert_documented(part)


@pytest.fixture
def venue():
    return factories.VenueFactory(name="Haus der Begegnung", street="Weg 2", postal_code="71083", municipality__name="Herrenberg")


def test_event_says_all_that_was_entered(client, live_offering, venue):
    start = dt.datetime(2031, 7, 1, 19, tzinfo=BERLIN)
    organisation = factories.OrganisationFactory(name="Caritas", website="https://caritas.example/")
    page = live_offering(
        "Miete & Wohnen", dates=[Occurrence(start=start, end=start + dt.timedelta(hours=2))], venue=venue, room="Saal",
        organisation=organisation, summary="Worum es geht", audience="Ehrenamtliche", languages=["de", "de-simple"],
        topics=[factories.TopicFactory(name="Wohnen")], costs="12,50 €",
    )  # fmt: skip
    url = f"http://testserver{page.url}"
    assert events_of(client, page) == [
        {
            "@type": "Event",
            "name": "Miete & Wohnen",
            "url": url,
            "identifier": str(page.occurrences.get().uid),
            "description": "Worum es geht",
            "startDate": "2031-07-01T19:00+02:00",
            "endDate": "2031-07-01T21:00+02:00",
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": {
                "@type": "Place",
                "name": "Haus der Begegnung, Saal",
                "address": {
                    "@type": "PostalAddress", "streetAddress": "Weg 2", "postalCode": "71083", "addressLocality": "Herrenberg"
                },
            },
            "organizer": {"@type": "Organization", "name": "Caritas", "url": "https://caritas.example/"},
            "audience": {"@type": "Audience", "audienceType": "Ehrenamtliche"},
            "keywords": ["Wohnen"],
            "inLanguage": ["de", "de-simple"],
            "offers": {"@type": "Offer", "price": "12.50", "priceCurrency": "EUR", "url": url},
        }
    ]  # fmt: skip


def test_what_nobody_entered_is_left_out(client, live_offering):
    page = live_offering(
        dates=[Occurrence(start=dt.datetime(2031, 1, 7, 19, tzinfo=BERLIN))],
        summary="", venue=None, municipality=None, place="", room="", costs="", languages=[],
    )  # fmt: skip
    (event,) = events_of(client, page)
    assert set(event) == {
        "@type", "name", "url", "identifier", "startDate", "eventStatus", "eventAttendanceMode", "isAccessibleForFree",
        "organizer",
    }  # fmt: skip
    assert event["startDate"] == "2031-01-07T19:00+01:00"
    assert event["isAccessibleForFree"] is True
    assert event["organizer"] == {"@type": "Organization", "name": page.organisation.name}


def test_each_date_of_a_series_is_an_event(client, live_offering, venue):
    other = factories.VenueFactory(name="Rathaus", postal_code="", municipality__name="Nagold")
    page = live_offering(
        dates=[
            Occurrence(start=dt.datetime(2031, 1, 7, 19, tzinfo=BERLIN)),
            Occurrence(start=dt.datetime(2031, 1, 8, 19, tzinfo=BERLIN), venue=other),
            Occurrence(start=dt.datetime(2031, 1, 9, 19, tzinfo=BERLIN), mode="online"),
            Occurrence(start=dt.datetime(2031, 1, 10, 19, tzinfo=BERLIN), mode="both"),
            Occurrence(start_date=dt.date(2031, 2, 1), end_date=dt.date(2031, 2, 2)),
        ],
        venue=venue,
    )
    dates = list(page.occurrences.order_by("starts_at"))
    cancel(page, actor=factories.member_of(page.organisation), occurrence_uid=dates[1].uid)
    events = events_of(client, page)
    assert [event["identifier"] for event in events] == [str(date.uid) for date in dates]
    assert [event["eventStatus"].rpartition("/")[2] for event in events] == [
        "EventScheduled", "EventCancelled", "EventScheduled", "EventScheduled", "EventScheduled"
    ]  # fmt: skip
    assert [event["eventAttendanceMode"].rpartition("/")[2].removesuffix("EventAttendanceMode") for event in events] == [
        "Offline", "Offline", "Online", "Mixed", "Offline"
    ]  # fmt: skip
    assert events[1]["location"]["name"] == "Rathaus"
    assert events[1]["location"]["address"]["addressLocality"] == "Nagold" and "postalCode" not in events[1]["location"]["address"]
    assert events[2]["location"] == {"@type": "VirtualLocation", "name": "online"}
    assert [place["@type"] for place in events[3]["location"]] == ["Place", "VirtualLocation"]
    assert (events[4]["startDate"], events[4]["endDate"]) == ("2031-02-01", "2031-02-02")
    cancel(page, actor=factories.member_of(page.organisation))
    assert {event["eventStatus"] for event in events_of(client, page)} == {"https://schema.org/EventCancelled"}


def test_address_of_an_online_meeting_stays_secret(client, live_offering, date):
    page = live_offering(dates=[date(1)], mode="online", online_url="https://meet.example/geheim")
    assert "geheim" not in client.get(page.url).content.decode()
    assert events_of(client, page)[0]["location"]["@type"] == "VirtualLocation"


def test_no_text_ends_the_script_or_begins_another(client, live_offering, date):
    evil = "</script><script>alert(1)</script><!-- & \u2028 ]]>"
    page = live_offering(evil, dates=[date(1)], summary=evil, audience=evil, costs=evil, place=evil, municipality=None, venue=None)
    content = client.get(page.url).content.decode()
    assert "<script>alert" not in content
    (text,) = SCRIPT.findall(content)
    assert not set("<>&\u2028") & set(text)
    (event,) = events_of(client, page)
    assert event["name"] == event["description"] == evil
    assert event["offers"]["description"] == evil
    assert event["location"]["name"] == evil


def test_page_without_dates_has_none(client, live_offering):
    response = client.get(live_offering(dates=[]).url)
    assert "ld+json" not in response.content.decode() and "Termin noch offen" in response.content.decode()


def test_volunteer_day_is_an_event_too(client, live_offering, date):
    page = live_offering("Ehrenamtstag", model=VolunteerDayPage, dates=[date(4, all_day=True)])
    assert events_of(client, page)[0]["name"] == "Ehrenamtstag"


@pytest.mark.parametrize(
    ("costs", "price"),
    [("5 €", "5"), ("5,- €", "5"), ("12,50 Euro", "12.50"), ("20EUR", "20"), ("5 € Materialkosten", None), ("1.000 €", None),
     ("5–10 €", None), ("Spende erbeten", None), ("5,5 €", None)],
)  # fmt: skip
def test_price_is_taken_from_costs_that_say_nothing_else(costs, price):
    offer = offer_of(costs, None)
    assert offer.get("price") == price
    assert offer.get("description") == (costs if price is None else None)
    assert ("priceCurrency" in offer) == (price is not None)


def test_picture_is_named_with_its_whole_address_and_looked_for_once(client, live_offering, date):
    image = get_image_model().objects.create(title="Bild", file=get_test_image_file())
    page = live_offering(dates=[date(1)], image=image, image_alt="Ein Bild")
    client.get(page.url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(page.url)
    assert sum("rendition" in query["sql"] for query in queries) == 1
    address = data_of(response)["image"]
    assert address.startswith("http://testserver/media/")
    assert f'src="{address.removeprefix("http://testserver")}"' in response.content.decode()
