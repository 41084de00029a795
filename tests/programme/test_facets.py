"""How many offerings each choice of the filters would leave, against a count in plain Python; and that processes keep up."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.models import Cancellation, ListedChange, ListedOffering, ListedSeats, SeatPlan
from ehrenamt_wagtail.programme import choices as choices_module
from ehrenamt_wagtail.programme import facets as facets_module
from ehrenamt_wagtail.programme.bitmaps import Bitmaps, bits, numbers_of
from ehrenamt_wagtail.programme.changes import KEPT, Note, forget_old_notes
from ehrenamt_wagtail.programme.facets import Facets
from ehrenamt_wagtail.programme.filters import parse_filters
from ehrenamt_wagtail.programme.forms import number_in_words
from ehrenamt_wagtail.programme.slots import DAYS, TIMES
from tests import factories

from .pairs import choices, pairwise
from .reference import Reference, hosts_of, is_in, is_step_free, places_of, towns_of

pytestmark = pytest.mark.django_db


def counts_of(programme, query="", *, now=None):
    now = now or timezone.now()
    facets = Facets(programme, QueryDict(query).getlist("traeger"))
    filters = parse_filters(QueryDict(query), facets.choices)
    return facets.counts(filters, now=now, search=None)


def number(programme, parameter, value, query=""):
    return counts_of(programme, query).of(parameter)[value]


# Against plain Python

# Of each parameter the field of ``Filters`` and what a page has of it.
FIELDS = {
    "gemeinde": ("municipalities", lambda page: {town.slug for town in towns_of(page) if town}),
    "thema": ("topics", lambda page: {topic.slug for topic in page.topics.all()}),
    "traeger": ("organisers", lambda page: {host.slug for host in hosts_of(page) if host}),
    "art": ("kinds", lambda page: {page.art}),
    "ort": ("places", places_of),
    "sprache": ("languages", lambda page: set(page.languages or ["de"])),
    "barrierefrei": ("step_free", lambda page: {"1"} if is_step_free(page) else set()),
    "kostenlos": ("free", lambda page: set() if page.costs.strip() else {"1"}),
}
NOTHING = {"step_free": False, "free": False}


def plainly(reference, filters, now, parameter):
    """The offerings that all other filters find, and how many of them have each value."""
    field, values_of = FIELDS[parameter]
    others = replace(filters, **{field: NOTHING.get(field, ())})
    if parameter == "gemeinde":
        others = replace(others, radius=None, towns_near=())
    numbers = {}
    for offering in reference.offerings:
        if is_in(offering, others, now):
            for value in values_of(offering.page):
                numbers[value] = numbers.get(value, 0) + 1
    return numbers


def test_days_that_begin_in_this_very_moment_end_when_they_end(programme, live_offering):
    live_offering(dates=[factories.in_days(2)])
    live_offering(dates=[factories.in_days(40)])
    midnight = factories.in_days(0, hour=0)
    query = f"von={midnight:%Y-%m-%d}&bis={factories.in_days(7):%Y-%m-%d}"
    assert [counts_of(programme, query, now=midnight + dt.timedelta(minutes=minutes)).total for minutes in (0, 1)] == [1, 1]


def test_counts_equal_those_of_plain_python(programme, kept_mixture):
    reference, now = Reference(programme), timezone.now()
    kinds = set()
    for parameters in pairwise(choices())[::4]:
        query = "&".join(f"{name}={value}" for name, values in parameters.items() for value in values)
        filters = parse_filters(QueryDict(query))
        counts = counts_of(programme, query, now=now)
        assert counts.total == len(reference.listing(filters, now)), query
        for parameter in FIELDS:
            found = {value: number for value, number in counts.of(parameter).items() if number}
            assert found == plainly(reference, filters, now, parameter), (query, parameter)
            kinds.add((parameter, bool(found)))
    assert {(parameter, True) for parameter in FIELDS} <= kinds


@pytest.mark.parametrize(
    "query", ["", "archiv=1", "tag=sa", "zeit=abend", "tag=mo&tag=fr&zeit=nachmittag&gemeinde=ort-0", "von={today}"]
)
def test_weekdays_and_times_are_counted_with_each_other(programme, kept_mixture, query):
    reference, now = Reference(programme), timezone.now()
    query = query.format(today=timezone.localdate())
    filters, counts = parse_filters(QueryDict(query)), counts_of(programme, query, now=now)
    for day in DAYS:
        wanted = len(reference.listing(replace(filters, weekdays=(day,)), now))
        assert counts.of("tag")[day] == wanted, day
    for time in TIMES:
        assert counts.of("zeit")[time] == len(reference.listing(replace(filters, times=(time,)), now)), time
    assert len({*counts.of("tag").values(), *counts.of("zeit").values()}) > 2


def test_distances_are_counted_around_the_towns_chosen(programme, kept_mixture):
    assert counts_of(programme).of("umkreis") == {}
    reference, now = Reference(programme), timezone.now()
    numbers = counts_of(programme, "gemeinde=ort-0", now=now).of("umkreis")
    for radius in ("5", "10", "20"):
        filters = parse_filters(QueryDict(f"gemeinde=ort-0&umkreis={radius}"))
        assert numbers[radius] == len(reference.listing(filters, now))
    assert numbers["5"] < numbers["10"] < numbers["20"]


def test_a_period_is_counted_instead_of_the_dates_chosen(programme, kept_mixture):
    reference, now, today = Reference(programme), timezone.now(), timezone.localdate()
    first, last = today + dt.timedelta(days=2), today + dt.timedelta(days=9)
    for query in ("", "gemeinde=ort-1", f"von={today}&bis={today}", "tag=sa", "archiv=1"):
        facets = Facets(programme)
        filters = parse_filters(QueryDict(query), facets.choices)
        number = facets.counts(filters, now=now, search=None, periods=[(first, last)]).of("zeitraum")[f"{first}/{last}"]
        others = query if query in ("gemeinde=ort-1", "tag=sa") else ""
        wanted = parse_filters(QueryDict(f"{others}&von={first}&bis={last}"))
        assert number == len(reference.listing(wanted, now)), query


# What changes

TOWN = ("gemeinde", "herrenberg")


@pytest.fixture
def herrenberg():
    return factories.MunicipalityFactory(name="Herrenberg")


def test_each_change_is_counted_at_the_next_look(programme, live_offering, date, herrenberg):
    page = live_offering(municipality=herrenberg, dates=[date(3)])
    assert number(programme, *TOWN) == 1
    other = live_offering(municipality=herrenberg, dates=[date(3)])
    assert number(programme, *TOWN) == 2
    page.municipality = factories.MunicipalityFactory(name="Leonberg")
    page.save_revision(clean=False).publish()
    assert number(programme, *TOWN) == 1 and number(programme, "gemeinde", "leonberg") == 1
    other.unpublish()
    assert number(programme, *TOWN) == 0
    other.save_revision(clean=False).publish()
    assert number(programme, *TOWN) == 1
    other.delete()
    assert number(programme, *TOWN) == 0


def test_a_new_topic_can_be_chosen_at_once(programme, live_offering, date):
    live_offering(dates=[date(3)])
    assert number(programme, "kostenlos", "1") == 1
    live_offering(dates=[date(4)], topics=[factories.TopicFactory(name="Wohnen")])
    assert number(programme, "thema", "wohnen") == 1


def test_counts_are_kept_as_long_as_nothing_changes(programme, live_offering, date, monkeypatch, herrenberg):
    live_offering(municipality=herrenberg, dates=[date(1, hours=2)])
    made, counting = [], facets_module.Counting
    monkeypatch.setattr(facets_module, "Counting", lambda *arguments: made.append(1) or counting(*arguments))
    now = timezone.now()
    assert [number(programme, *TOWN, query) for query in ("", "seite=2", "seite=3", "frei=1", "frei=1")] == [1, 1, 1, 0, 0]
    assert len(made) == 2
    assert counts_of(programme, now=factories.in_days(2)).of("gemeinde")["herrenberg"] == 0
    with timezone.override("UTC"):
        counts_of(programme, now=factories.in_days(2))
    assert len(made) == 4
    live_offering(municipality=herrenberg, dates=[date(3)])
    assert counts_of(programme, now=now).of("gemeinde")["herrenberg"] == 2


def test_what_is_over_counts_no_longer_and_in_the_archive_instead(programme, live_offering, date, herrenberg):
    live_offering(municipality=herrenberg, dates=[date(1, hours=2), date(3, hours=2)])
    long = live_offering(municipality=herrenberg, dates=[date(1, all_day=True, length=20)])
    ends = [row.ends_at for row in ListedOffering.objects.get(offering__slug=long.slug).dates.all()]
    moments = [timezone.now(), factories.in_days(2), factories.in_days(5), *ends]
    coming = [counts_of(programme, now=moment).of("gemeinde")["herrenberg"] for moment in moments]
    archive = [counts_of(programme, "archiv=1", now=moment).of("gemeinde")["herrenberg"] for moment in moments]
    assert (coming, archive) == ([2, 2, 1, 0], [0, 0, 1, 2])
    # Clocks of machines differ, and tests look back.
    assert counts_of(programme, now=moments[0]).of("gemeinde")["herrenberg"] == 2


def test_a_cancelled_date_still_counts_as_the_list_shows_it(programme, live_offering, date, herrenberg):
    page = live_offering(municipality=herrenberg, dates=[date(3)])
    Cancellation.objects.create(offering=page)
    assert number(programme, *TOWN) == 1 == counts_of(programme).total


def test_the_last_seat_counts_at_once(programme, live_offering, date):
    page = live_offering(dates=[date(3)])
    plan = SeatPlan.objects.create(offering_id=page.pk, mode="here", capacity=1)
    assert number(programme, "frei", "1") == 1
    notes = ListedChange.objects.count()
    factories.sign_up_of(plan)
    assert not ListedSeats.objects.get(pk=page.pk).is_free
    assert ListedChange.objects.count() == notes + 1
    assert number(programme, "frei", "1") == 0


def test_what_was_rolled_back_counts_no_longer(programme, live_offering, date, herrenberg):
    live_offering(municipality=herrenberg, dates=[date(3)])
    assert number(programme, *TOWN) == 1
    with transaction.atomic():
        live_offering(municipality=herrenberg, dates=[date(4)])
        assert number(programme, *TOWN) == 2
        transaction.set_rollback(True)
    assert number(programme, *TOWN) == 1
    live_offering(municipality=herrenberg, dates=[date(5)])
    assert number(programme, *TOWN) == 2


def test_nothing_is_read_again_while_nothing_changes(programme, live_offering, date):
    live_offering(dates=[date(3)])
    counts_of(programme)
    with CaptureQueriesContext(connection) as queries:
        counts_of(programme, "tag=sa&gemeinde=x&frei=1")
    assert len(queries) == 1, "the registers with what changed"
    live_offering(dates=[date(4)])
    with CaptureQueriesContext(connection) as queries:
        counts_of(programme)
    assert len(queries) == 1 + 4, "and the four tables"


def test_views_that_count_nothing_read_no_notes(client, programme, live_offering, date, monkeypatch):
    live_offering(dates=[date(3)])
    read = []
    monkeypatch.setattr(choices_module, "Note", lambda *columns: read.append(columns) or Note(*columns))
    for address in ("kalender/2027/3/", "einbetten/", "einbetten/code/"):
        assert client.get(f"/programm/{address}").status_code == 200
    assert read == []
    client.get("/programm/")
    assert len(read) == 1


def test_old_notes_are_deleted_and_old_bitmaps_read_anew(programme, live_offering, date, monkeypatch, herrenberg):
    live_offering(municipality=herrenberg, dates=[date(3)])
    assert number(programme, *TOWN) == 1
    ListedChange.objects.update(at=timezone.now() - KEPT - dt.timedelta(minutes=1))
    live_offering(municipality=herrenberg, dates=[date(4)])
    assert forget_old_notes() == 1 and ListedChange.objects.count() == 1
    later = timezone.now() + KEPT / 2 + dt.timedelta(minutes=1)
    read = []
    monkeypatch.setattr(facets_module.timezone, "now", lambda: later)
    monkeypatch.setattr(facets_module, "Bitmaps", lambda pk: read.append(pk) or Bitmaps(pk))
    assert number(programme, *TOWN) == 2 and read == [programme.pk]


def test_two_programmes_are_counted_apart(programme, live_offering, date, herrenberg):
    other = programme.get_parent().add_child(instance=type(programme)(title="Archiv", slug="archiv"))
    live_offering(municipality=herrenberg, dates=[date(3)])
    page = live_offering(municipality=herrenberg, dates=[date(3)])
    assert (number(programme, *TOWN), number(other, *TOWN)) == (2, 0)
    page.move(other, pos="last-child")
    assert (number(programme, *TOWN), number(other, *TOWN)) == (1, 1)


# What is shown


BOX = re.compile(
    r'<input type="checkbox" name="(\w+)" value="([\w-]+)"[^>]*>\s*(?:<label[^>]*>)?[^<]*'
    r'(?:<span class="ehrenamt-field__count">\((.*?)\)</span>)?'
)


def shown(client, query=""):
    """What stands behind each box of the form, by parameter and value."""
    return {(name, value): count for name, value, count in BOX.findall(client.get(f"/programm/?{query}").content.decode())}


def test_the_form_says_how_many_each_choice_would_leave(client, programme, live_offering, date, herrenberg):
    leonberg = factories.MunicipalityFactory(name="Leonberg")
    topic = factories.TopicFactory(name="Wohnen")
    live_offering(municipality=herrenberg, dates=[date(3)], topics=[topic])
    live_offering(municipality=leonberg, dates=[date(3)])
    live_offering(municipality=leonberg, dates=[date(3)], costs="5 Euro")
    boxes = shown(client)
    assert boxes["gemeinde", "herrenberg"] == "1" and boxes["gemeinde", "leonberg"] == "2"
    assert boxes["kostenlos", "1"] == "2" and boxes["ort", "online"] == "0"
    boxes = shown(client, "thema=wohnen&gemeinde=leonberg")
    assert boxes["gemeinde", "herrenberg"] == "1", "with the topic, without the other town"
    assert boxes["gemeinde", "leonberg"] == "0", "it is chosen, and thus shown"
    assert ("gemeinde", "leonberg") not in shown(client, "thema=wohnen")


def test_quick_periods_say_how_many_they_would_leave(client, live_offering, date, herrenberg):
    live_offering(municipality=herrenberg, dates=[date(0, all_day=True), date(40)])
    live_offering(dates=[date(0, all_day=True)])
    live_offering(dates=[date(-9)])
    for query in ("", "archiv=1"):
        periods = client.get(f"/programm/?{query}").context["periods"]
        assert ">(2)<" in periods[0].count, periods
    assert ">(1)<" in client.get("/programm/?gemeinde=herrenberg").context["periods"][0].count


def test_many_are_not_counted_to_the_end(client, programme, live_offering, date, monkeypatch):
    number_in_words.cache_clear()
    for name in ("facets", "forms"):
        monkeypatch.setattr(f"ehrenamt_wagtail.programme.{name}.COUNTED", 1)
    for _number in range(3):
        live_offering(dates=[date(3)])
    assert shown(client)["kostenlos", "1"] == "über 1.000"
    number_in_words.cache_clear()


def test_a_search_narrows_the_choices_and_is_asked_once(client, programme, live_offering, date, herrenberg):
    live_offering("Asylrecht", municipality=herrenberg, dates=[date(3)])
    live_offering("Wohnen", municipality=herrenberg, dates=[date(3)])
    assert shown(client, "q=Asylrecht")["gemeinde", "herrenberg"] == "1"
    assert shown(client, "q=xylophonist&gemeinde=herrenberg")["gemeinde", "herrenberg"] == "0"
    with CaptureQueriesContext(connection) as queries:
        client.get("/programm/?q=Asylrecht&gemeinde=herrenberg")
    assert sum("SELECT offering_id" in query["sql"].lstrip()[:20] for query in queries) == 0
    live_offering("Asylrecht für alle", municipality=herrenberg, dates=[date(5)])
    assert shown(client, "q=Asylrecht")["gemeinde", "herrenberg"] == "2"


# Bits


def test_bits_are_those_of_the_numbers():
    for numbers in ([], [0], [7, 8], [63, 64, 1], [100_000, 3]):
        assert numbers_of(bits(numbers)) == sorted(numbers)
        assert bits(numbers) == sum(1 << number for number in numbers)
