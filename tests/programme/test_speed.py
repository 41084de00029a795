"""What the public pages ask the database besides Wagtail's way to the page, and that statements written by hand find the same."""

import json
from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from ehrenamt_wagtail.models import (
    CoHost,
    Funder,
    ListedOffering,
    Occurrence,
    SeatPlan,
    Trainer,
    VolunteerDayPage,
)
from ehrenamt_wagtail.programme import listing as listing_module
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.choices import read_choices
from ehrenamt_wagtail.programme.facets import Facets
from ehrenamt_wagtail.programme.facts import StoredDate
from ehrenamt_wagtail.programme.filters import parse_filters
from ehrenamt_wagtail.programme.listed import find_drift
from ehrenamt_wagtail.programme.listing import Listing, dates_of_month, page_of_listing, programme_dates
from ehrenamt_wagtail.programme.views import rows_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def own_statements(client, address) -> list[str]:
    """Those that are not Wagtail's: it looks for site, pages, their aliases and restrictions."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured if not query["sql"].startswith('SELECT "wagtailcore_')]


FILTERS = [
    "",
    "seite=2",
    "seite=60",
    "archiv=1",
    "gemeinde=herrenberg&gemeinde=leonberg",
    "thema=asylrecht&traeger=caritas&art=fortbildung&art=workshop",
    "thema=gibtesnicht",
    "traeger=gibtesnicht&traeger=caritas",
    "von={today}",
    "bis={today}&gemeinde=leonberg",
    "von={today}&archiv=1",
    "von={month}-01&bis={month}-28&thema=wohnen",
    "q=Fortbildung",
    "q=Ehrenamtstag&archiv=1&gemeinde=leonberg",
    "q=Wohnen+Caritas&von={today}",
    "q=Wohnen&sortierung=relevanz",
]


def query_of(text: str) -> str:
    today = timezone.localdate()
    return text.format(today=today, month=f"{today:%Y-%m}")


# Lists


@pytest.mark.parametrize("query", [text for text in FILTERS if "seite" not in text])
def test_list_asks_two_questions_with_any_filter(client, kept_variety, query):
    assert len(own_statements(client, f"/programm/?{query_of(query)}")) == 2


def test_list_asks_no_more_for_many_rows_with_sign_up(client, live_offering, date):
    topics = [factories.TopicFactory()]
    numbers = []
    for number in (1, 2, 27):
        for _number in range(number):
            page = live_offering(topics=topics, dates=[date(2, venue=factories.VenueFactory()), date(3)])
            SeatPlan.objects.create(offering_id=page.pk, mode="here", capacity=5)
        numbers += [len(own_statements(client, address)) for address in ("/programm/", "/programm/?seite=1&archiv=")]
    assert set(numbers) == {2}


@pytest.mark.parametrize("query", [*FILTERS, "q=xylophonist"])
def test_statement_for_a_page_finds_what_the_listing_finds(kept_variety, programme, query, monkeypatch):
    parameters = QueryDict(query_of(query))
    filters = parse_filters(parameters, read_choices(programme, parameters.getlist("traeger")))
    now = timezone.now()
    listing = Listing(filters, now=now, programme=programme)
    made = lambda: Facets(programme).counts(filters, now=now, search=listing.search)  # noqa: E731
    for per_page, counts, is_soon in product((2, 20), (None, made), (True, False)):
        monkeypatch.setattr(listing_module, "is_found_soon", lambda *_given, answer=is_soon: answer)
        page = page_of_listing(listing, per_page=per_page, counts=counts)
        first = (page.number - 1) * per_page
        wanted = listing[first : first + per_page]
        assert rows_of(page, programme_url="/programm/", now=now) == rows_of(wanted, programme_url="/programm/", now=now)
        assert page.paginator.count == listing.count()


def test_number_behind_what_is_counted_is_not_said(client, live_offering, date, monkeypatch, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "ITEMS_PER_PAGE": 1}
    monkeypatch.setattr(listing_module, "COUNTED", 3)
    for number in range(4):
        live_offering(dates=[date(number + 1)])
        is_more = "über 1.000 Angebote" in client.get("/programm/").content.decode()
        assert is_more is (number == 3)
    assert "4 Angebote" in client.get("/programm/?seite=4").content.decode()
    assert len(own_statements(client, "/programm/?seite=4")) == 2


# Month view


def test_month_asks_two_questions(client, kept_variety):
    day = timezone.localdate()
    assert len(own_statements(client, f"/programm/kalender/{day.year}/{day.month}/")) == 2
    assert len(own_statements(client, f"/programm/kalender/{day.year}/{day.month}/?gemeinde=leonberg&archiv=1")) == 2


@pytest.mark.parametrize("query", [text for text in FILTERS if "seite" not in text])
def test_statement_for_a_month_finds_the_single_dates(kept_variety, programme, query):
    now = timezone.now()
    filters = parse_filters(QueryDict(query_of(query)))
    span = (factories.in_days(-25), factories.in_days(5))
    found = [StoredDate(json.loads(text)) for text in dates_of_month(filters, now=now, programme=programme, span=span)]
    wanted = programme_dates(filters, now=now, programme=programme, span=span)
    assert [(date.title, date.start, date.end, date.town, date.cancelled) for date in found] == [
        (offering.title, date.start, date.end, date.town, date.cancelled) for offering, date in wanted
    ]


# Offering


def test_page_of_an_offering_asks_the_same_whatever_hangs_on_it(client, live_offering, date):
    caritas = factories.OrganisationFactory(name="Caritas", website="https://caritas.example/")
    rows = [CoHost(organisation=caritas), CoHost(name="Freundeskreis"), Trainer(name="Dr. Amira Beispiel")]
    mill = factories.VenueFactory(name="Alte Mühle", parking="im Hof")
    plain = live_offering(dates=[date(1)])
    full = live_offering(
        organisation=caritas, rows=rows, topics=[factories.TopicFactory(name="Wohnen")], venue=factories.VenueFactory(),
        dates=[date(1), date(2, venue=mill), date(3), date(4, mode="online")],
    )  # fmt: skip
    SeatPlan.objects.create(offering_id=full.pk, mode="here", capacity=5)
    cancel(full, actor=factories.member_of(caritas), occurrence_uid=full.occurrences.order_by("starts_at")[2].uid, reason="krank")
    # What is listed of it, and what else there is on its topics; its own row stands among Wagtail's.
    assert [len(own_statements(client, page.url)) for page in (plain, full)] == [1, 2]
    text = client.get(full.url).content.decode()
    for part in ("https://caritas.example/", "Freundeskreis", "Amira", "Alte Mühle", "im Hof", "krank", "noch 5 Plätze", "Wohnen"):
        assert part in text


def test_logos_and_image_cost_the_same_for_many(client, live_offering, date):
    image = get_image_model().objects.create(title="Logo", file=get_test_image_file())
    numbers = []
    for number in (1, 3):
        funders = [Funder(name=f"Stiftung {position}", logo=image) for position in range(number)]
        page = live_offering(dates=[date(1)], rows=funders)
        numbers.append(len(own_statements(client, page.url)))
    assert numbers == [4, 4]


def test_volunteer_day_asks_one_question_for_all_of_its_parts(client, live_offering, date):
    day = live_offering("Ehrenamtstag", model=VolunteerDayPage, dates=[date(20, hours=8)])
    numbers = []
    for number in (1, 3):
        for _number in range(number):
            live_offering("Teil", parent=day, dates=[Occurrence(start=factories.in_days(20, hour=11))])
        numbers.append(len(own_statements(client, day.url)))
    assert numbers == [2, 2]


def test_part_of_a_volunteer_day_names_the_day_on_its_way(client, live_offering, date):
    day = live_offering("Ehrenamtstag", model=VolunteerDayPage, dates=[date(20, hours=8)])
    part = live_offering("Trommeln", parent=day, dates=[date(20, hours=1)])
    assert len(own_statements(client, part.url)) == 1
    html = client.get(part.url).content.decode()
    assert f'<a href="{day.url}">Ehrenamtstag</a>' in html
    assert '<a href="/programm/">Programm</a>' in html


def test_page_says_at_once_what_changed_in_a_register(client, live_offering, date):
    venue = factories.VenueFactory(name="Haus", nearest_stop="Bahnhof")
    page = live_offering(dates=[date(1)], venue=venue)
    venue.nearest_stop = "Marktplatz"
    venue.save()
    page.organisation.website = "https://neu.example/"
    page.organisation.save()
    text = client.get(page.url).content.decode()
    assert "Marktplatz" in text and "Bahnhof" not in text
    assert "https://neu.example/" in text
    assert list(find_drift(lambda done, total: None)) == []


def test_page_in_another_way_reads_its_own_rows(client, live_offering, date):
    """As a preview does, or a host that serves it below another page."""
    page = live_offering(dates=[date(1)], rows=[Trainer(name="Dr. Amira Beispiel")], venue=factories.VenueFactory(name="Haus"))
    listed = client.get(page.url).content
    ListedOffering.objects.filter(pk=page.pk).delete()
    assert client.get(page.url).content == listed
