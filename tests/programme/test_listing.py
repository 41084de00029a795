"""The one function behind list, feeds and API: who is in it, in which order, and at what price."""

import datetime as dt
import unicodedata

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.models import CoHost, Occurrence, SupervisionPage, Trainer, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.filters import parse_filters
from ehrenamt_wagtail.programme.listing import Listing, programme_dates
from tests import factories
from tests.testapp.models import ConcertPage


@pytest.fixture
def titles(programme):
    def listed(query="", *, now=None):
        pages = Listing(parse_filters(QueryDict(query)), now=now or timezone.now(), programme=programme)
        return [page.title for page in pages]

    return listed


def cancelled(page, uid=None):
    return cancel(page, actor=factories.member_of(page.organisation), occurrence_uid=uid)


def first_uid(page):
    return page.occurrences.order_by("starts_at").first().uid


# Order


def test_rows_stand_by_their_next_date_that_takes_place(live_offering, titles, date):
    live_offering("später", dates=[date(9)])
    live_offering("läuft seit gestern", dates=[date(-1, hours=72)])
    live_offering("ganztags seit gestern", dates=[date(-1, all_day=True, length=3)])
    series = live_offering("Reihe, zweiter Termin abgesagt", dates=[date(-3), date(5), date(8)])
    cancelled(series, series.occurrences.order_by("starts_at")[1].uid)
    live_offering("dazwischen", dates=[date(7)])
    assert titles() == [
        "ganztags seit gestern",
        "läuft seit gestern",
        "dazwischen",
        "Reihe, zweiter Termin abgesagt",
        "später",
    ]


def test_cancelled_offering_keeps_its_place_until_its_date_has_passed(live_offering, titles, date):
    page = live_offering("abgesagt", dates=[date(3)])
    by_date = live_offering("jeder Termin abgesagt", dates=[date(4), date(6)])
    live_offering("vorher", dates=[date(2)])
    live_offering("nachher", dates=[date(5)])
    cancelled(page)
    for occurrence in by_date.occurrences.all():
        cancelled(by_date, occurrence.uid)
    assert titles() == ["vorher", "abgesagt", "jeder Termin abgesagt", "nachher"]
    assert titles(now=factories.in_days(4, hour=20)) == ["jeder Termin abgesagt", "nachher"]
    assert titles(now=factories.in_days(7)) == []


def test_date_without_end_counts_two_hours(live_offering, titles, date):
    live_offering("ohne Ende", dates=[date(1)])
    start = factories.in_days(1)
    assert titles(now=start + dt.timedelta(minutes=119)) == ["ohne Ende"]
    assert titles(now=start + dt.timedelta(hours=2)) == []
    assert titles("archiv=1", now=start + dt.timedelta(hours=2)) == ["ohne Ende"]


def test_whole_day_ends_at_local_midnight_also_when_the_clocks_change(live_offering, titles):
    live_offering("Zeitumstellung", dates=[Occurrence(start_date=dt.date(2027, 3, 28))])
    almost = dt.datetime(2027, 3, 28, 21, 59, tzinfo=dt.UTC)  # 23:59 summer time; in winter time it would be 22:59
    assert titles(now=almost) == ["Zeitumstellung"]
    assert titles(now=almost + dt.timedelta(minutes=1)) == []


def test_archive_has_what_is_over_newest_first(live_offering, titles, date):
    live_offering("lange her", dates=[date(-40)])
    live_offering("kürzlich", dates=[date(-60), date(-2)])
    live_offering("läuft noch", dates=[date(-5), date(5)])
    assert titles("archiv=1") == ["kürzlich", "lange her"]
    assert titles() == ["läuft noch"]


def test_period_alone_also_reaches_the_past(live_offering, titles, date):
    live_offering("vorbei", dates=[date(-10)])
    live_offering("kommt", dates=[date(10)])
    day = timezone.localdate() + dt.timedelta(days=-10)
    assert titles(f"von={day}") == ["vorbei", "kommt"]
    assert titles(f"von={day + dt.timedelta(days=1)}") == ["kommt"]
    assert titles(f"bis={day}") == ["vorbei"]
    assert titles(f"von={day}&bis={day}") == ["vorbei"]
    assert titles(f"von={day}&archiv=1") == ["vorbei"]


@pytest.mark.parametrize(("day", "found"), [("2027-03-13", False), ("2027-03-14", True), ("2027-03-15", True), ("2027-03-16", False)])
def test_period_touches_every_local_day_of_a_date(live_offering, titles, day, found):
    zone = timezone.get_current_timezone()
    start = dt.datetime(2027, 3, 14, 23, 30, tzinfo=zone)
    live_offering(dates=[Occurrence(start=start, end=start + dt.timedelta(hours=1))])
    assert bool(titles(f"von={day}&bis={day}")) is found


# Filters


@pytest.fixture
def variety(live_offering, date):
    """Offerings that differ in everything that can be filtered; by title."""
    herrenberg = factories.MunicipalityFactory(name="Herrenberg")
    leonberg = factories.MunicipalityFactory(name="Leonberg")
    asylum, housing = factories.TopicFactory(name="Asylrecht"), factories.TopicFactory(name="Wohnen")
    caritas = factories.OrganisationFactory(name="Caritas", municipality=herrenberg)
    church = factories.OrganisationFactory(name="Kirchenbezirk", municipality=leonberg)
    mill = factories.VenueFactory(name="Alte Mühle", municipality=leonberg)
    live_offering("A", organisation=caritas, topics=[asylum], dates=[date(1)], place="Klosterhof")
    live_offering("B", organisation=church, topics=[housing], training_format="workshop", dates=[date(2)])
    live_offering("E", organisation=church, dates=[date(9)])
    live_offering(
        "C",
        model=SupervisionPage,
        organisation=caritas,
        dates=[date(3), date(4, venue=mill)],
        rows=[CoHost(organisation=church), Trainer(name="Öznur Yıldız", function="Supervisorin")],
    )
    live_offering("D", organisation=caritas, model=VolunteerDayPage, topics=[asylum, housing], dates=[date(8)])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gemeinde=herrenberg", "ACD"),
        ("gemeinde=leonberg", "BCE"),
        ("gemeinde=herrenberg&gemeinde=leonberg", "ABCDE"),
        ("thema=asylrecht", "AD"),
        ("thema=asylrecht&thema=wohnen", "ABD"),
        ("traeger=kirchenbezirk", "BCE"),
        ("art=fortbildung", "AE"),
        ("art=workshop&art=supervision", "BC"),
        ("art=ehrenamtstag", "D"),
        ("gemeinde=herrenberg&thema=wohnen", "D"),
        ("gemeinde=herrenberg&thema=asylrecht&art=fortbildung", "A"),
        ("gemeinde=nirgendwo&thema=wohnen", "BD"),
        ("q=caritas", "ACD"),
        ("q=CARITAS+herrenberg", "ACD"),
        ("q=klosterHOF", "A"),
        ("q=MÜHLE", "C"),
        ("q=öznur", "C"),
        ("q=supervisorin+caritas", "C"),
        ("q=asylrecht", "AD"),
        ("q=kirchenbezirk", "BCE"),
        ("q=gibtesnicht", ""),
        ("q=%25", ""),
        ("q=_", ""),
        ("q=%5C", ""),
        ("q='%22%3B--", ""),
    ],
)
def test_filters_find_what_they_say(variety, titles, query, expected):
    assert "".join(titles(query)) == expected


def test_composed_and_decomposed_umlauts_are_the_same_search(variety, titles):
    assert titles("q=" + unicodedata.normalize("NFD", "Mühle")) == ["C"]


# Who may be seen


@pytest.fixture
def hidden(live_offering, date):
    """A draft, one in review, one taken back, one for signed-in people only; all would match."""
    live_offering("Entwurf", live=False, dates=[date(1)])
    withdrawn = live_offering("zurückgenommen", dates=[date(1)])
    withdrawn.live = False
    withdrawn.save(clean=False)
    private = live_offering("nur intern", dates=[date(1)])
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    past = live_offering("alter Entwurf", live=False, dates=[date(-9)])
    return [page.pk for page in (withdrawn, private, past)]


ALL_OUTPUTS = [
    "/programm/",
    "/programm/?archiv=1",
    "/programm/?von=2000-01-01",
    "/programm/?q=sichtbar",
    "/programm/kalender/{year}/{month}/",
    "/programm/kalender.ics",
    "/programm/kalender.ics?von=2000-01-01",
    "/programm/feed.atom",
    "/programm/feed.atom?archiv=1",
    "/api/angebote/",
    "/api/angebote/?von=2000-01-01",
]


@pytest.mark.parametrize("address", ALL_OUTPUTS)
def test_hidden_offerings_appear_in_no_output(client, live_offering, date, hidden, address):
    live_offering("sichtbar", dates=[date(-9), date(1)])
    day = timezone.localdate(factories.in_days(1))
    text = client.get(address.format(year=day.year, month=day.month)).content.decode()
    for title in ("Entwurf", "zurückgenommen", "nur intern"):
        assert title not in text
    if "archiv" not in address:
        assert "sichtbar" in text


@pytest.mark.parametrize("name", ["", "termin.ics"])
def test_hidden_offering_has_no_address(client, live_offering, date, name):
    draft = live_offering("Entwurf", live=False, dates=[date(1)])
    private = live_offering("nur intern", dates=[date(1)])
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert "Entwurf" not in client.get(draft.url + name).content.decode()
    response = client.get(private.url + name)
    assert response.status_code == 302
    assert "nur intern" not in response.content.decode()


def test_pending_change_of_a_live_offering_stays_hidden(client, programme):
    page = factories.published_offering()
    change = page.get_latest_revision_as_object()
    change.title = "Geheimer neuer Titel"
    change.save_revision()
    for address in ("/programm/", "/programm/?q=geheimer", "/programm/kalender.ics", "/api/angebote/", page.url):
        assert "Geheimer" not in client.get(address).content.decode()


# Price


@pytest.mark.parametrize(
    "address",
    [
        "/programm/",
        "/programm/?q=asyl&art=fortbildung",
        "/programm/kalender/{year}/{month}/",
        "/programm/karte/",
        "/programm/karte/?q=asyl&von=2000-01-01",
        "/programm/kalender.ics",
        "/programm/feed.atom",
        "/api/angebote/",
    ],
)
def test_number_of_queries_does_not_grow(client, live_offering, date, address, django_assert_num_queries, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    day = timezone.localdate(factories.in_days(2))
    address = address.format(year=day.year, month=day.month)
    venue = factories.VenueFactory()
    topics = [factories.TopicFactory()]

    def add(number):
        for _number in range(number):
            live_offering(topics=topics, dates=[date(2, venue=venue), date(2, hours=1)])

    add(1)
    client.get(address)
    with CaptureQueriesContext(connection) as once:
        client.get(address)
    number = len(once)
    add(2)
    # The first search afterwards reads the words that came.
    client.get(address)
    with django_assert_num_queries(number):
        client.get(address)
    add(27)
    client.get(address)
    with django_assert_num_queries(number):
        assert client.get(address).status_code == 200


def test_single_dates_follow_town_and_period(live_offering, programme, date):
    town, other = factories.MunicipalityFactory(), factories.MunicipalityFactory()
    venue = factories.VenueFactory(municipality=other)
    live_offering(
        model=ConcertPage, organisation=factories.OrganisationFactory(municipality=town), dates=[date(3), date(5, venue=venue)]
    )

    def days(query):
        dates = programme_dates(parse_filters(QueryDict(query)), now=timezone.now(), programme=programme)
        return [(timezone.localdate(found.start) - timezone.localdate()).days for _offering, found in dates]

    assert days("") == [3, 5]
    assert days(f"gemeinde={town.slug}") == [3]
    assert days(f"gemeinde={other.slug}") == [5]
    assert days(f"von={timezone.localdate() + dt.timedelta(days=4)}") == [5]
