"""Every pair of values of two filters, in list, month view, feeds and API, against a naive walk over the pages."""

import datetime as dt
import json
from itertools import combinations, product
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.utils import timezone
from icalendar import Calendar

from ehrenamt_wagtail.models import Cancellation, CoHost, Occurrence, SupervisionPage, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.filters import parse_filters
from tests import factories
from tests.testapp.models import ConcertPage

from .reference import Reference, midnight

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
NUMBER = 36


def day(number):
    return (TODAY() + dt.timedelta(days=number)).isoformat()


def choices():
    """What each parameter may be; nobody offers anything in town 3, about topic 3 and by organisation 3."""
    return {
        "gemeinde": [(), ("ort-0",), ("ort-1", "ort-2"), ("ort-3",)],
        "thema": [(), ("thema-0",), ("thema-1", "thema-2"), ("thema-3",)],
        "traeger": [(), ("verein-0",), ("verein-1", "verein-2"), ("verein-3",)],
        "art": [(), ("fortbildung",), ("supervision", "concert"), ("ehrenamtstag", "workshop")],
        "von": [(), (day(-40),), (day(3),)],
        "bis": [(), (day(-5),), (day(20),)],
        "archiv": [(), ("1",)],
        "umkreis": [(), ("10",), ("100",)],
        "tag": [(), ("sa",), ("mo", "di")],
        "zeit": [(), ("abend",), ("vormittag", "nachmittag")],
        "ort": [(), ("online",), ("praesenz",), ("online", "praesenz")],
        "sprache": [(), ("de",), ("en", "ar"), ("so",)],
        "barrierefrei": [(), ("1",)],
        "kostenlos": [(), ("1",)],
    }


def pairwise(options: dict[str, list]) -> list[dict]:
    """Few combinations in which each pair of values of two parameters occurs."""
    pairs = {
        ((first, a), (second, b))
        for first, second in combinations(options, 2)
        for a, b in product(range(len(options[first])), range(len(options[second])))
    }
    chosen = []
    while pairs:
        row: dict[str, int] = dict(min(pairs))
        for name in options:
            if name not in row:
                row[name] = max(range(len(options[name])), key=lambda value: len(covered(row | {name: value}, options) & pairs))
        pairs -= covered(row, options)
        chosen.append({name: options[name][row[name]] for name in options})
    return chosen


def covered(row: dict[str, int], options) -> set:
    names = [name for name in options if name in row]
    return {((first, row[first]), (second, row[second])) for first, second in combinations(names, 2)}


@pytest.fixture
def offerings(programme, live_offering):
    """Every mixture of kinds, towns, topics, hosts and dates, some cancelled, some below a volunteer day."""
    # About eight kilometres from one to the next; nobody knows where the last one lies.
    towns = [
        factories.MunicipalityFactory(name=f"Ort {number}", slug=f"ort-{number}", latitude=latitude, longitude=9)
        for number, latitude in enumerate((48.60, 48.67, 48.74, None))
    ]
    access = ("yes", "no", "")
    venues = [factories.VenueFactory(municipality=towns[number], step_free=access[number]) for number in range(3)]
    topics = [factories.TopicFactory(name=f"Thema {number}", slug=f"thema-{number}") for number in range(4)]
    hosts = [factories.OrganisationFactory(name=f"Verein {number}", slug=f"verein-{number}") for number in range(4)]
    parent = live_offering(title="Tag", model=VolunteerDayPage, municipality=towns[0], organisation=hosts[0])
    kinds = [TrainingPage, SupervisionPage, ConcertPage, TrainingPage]
    for number in range(NUMBER):
        model = kinds[number % 4]
        page = live_offering(
            title=f"Angebot {number}",
            model=model,
            parent=parent if number % 9 == 4 else None,
            municipality=towns[number % 3],
            organisation=hosts[number // 2 % 3],
            topics=[topics[number % 3], topics[number // 3 % 3]][: number % 3],
            rows=[CoHost(organisation=hosts[number // 5 % 3])] if number % 4 == 0 else (),
            dates=list(dates_for(number, venues)),
            venue=venues[number % 3] if number % 8 == 6 else None,
            languages=[[], ["de"], ["en", "de"], ["ar"]][number // 3 % 4],
            costs=["", "5 Euro", " "][number // 2 % 3],
            **({"training_format": ["training", "workshop"][number // 4 % 2]} if model is TrainingPage else {}),
        )
        if number % 7 == 3:
            Cancellation.objects.create(offering=page)
        elif number % 5 == 2:
            Cancellation.objects.create(offering=page, occurrence_uid=page.occurrences.order_by("pk").first().uid)


def dates_for(number, venues):
    for position, first in enumerate([(number * 7) % 60 - 35, (number * 11) % 50 - 20][: number % 2 + 1]):
        venue = venues[(number + position) % 3] if (number + position) % 4 == 1 else None
        mode = ["", "online", "both"][(number + position) % 3]
        if number % 6 == 5:
            start = TODAY() + dt.timedelta(days=first)
            yield Occurrence(start_date=start, end_date=start + dt.timedelta(days=number % 12), venue=venue, mode=mode)
        else:
            yield Occurrence(start=factories.in_days(first, hour=10 + number % 9), venue=venue, mode=mode)


def test_each_pair_of_filters_finds_what_pages_say(client, programme, offerings):
    reference = Reference(programme)
    rows = pairwise(choices())
    lengths = set()
    for parameters in rows:
        pairs = [(name, value) for name, values in parameters.items() for value in values]
        query = urlencode(pairs)
        filters = parse_filters(QueryDict(query))
        now = timezone.now()
        listing = reference.listing(filters, now)
        lengths.add(len(listing))
        titles = [title for title, _uid in listing]
        assert listed(client, query) == listing, query
        assert from_api(client, query) == titles, query
        assert sorted(from_atom(client, query)) == sorted(titles), query
        assert from_calendar(client, query) == [uid for _title, uid in reference.dates(filters, now)], query
        dates = reference.dates(filters, now, this_month())
        assert in_month(client, query) == (len(dates), {title for title, _uid in dates}), query
        assert on_map(client, query) == reference.towns(filters, now), query
    assert len(rows) < 60
    assert {0, 1} < lengths and max(lengths) > 20


def listed(client, query):
    found = []
    for number in range(1, 9):
        page = client.get(f"/programm/?{query}&seite={number}").context["page_obj"]
        found += [(json.loads(row.shown)["title"], str(UUID(str(row.uid)))) for row in page]
        if not page.has_next():
            return found
    raise AssertionError("There is no last page.")


def from_api(client, query):
    address, found = f"/api/angebote/?{query}", []
    while address:
        content = client.get(address).json()
        found += [row["title"] for row in content["results"]]
        address = content["next"]
    assert content["count"] == len(found)
    return found


def from_atom(client, query):
    root = ElementTree.fromstring(client.get(f"/programm/feed.atom?{query}").content)
    titles = [entry.findtext("{*}title") for entry in root.findall("{*}entry")]
    return [title.removeprefix("Abgesagt: ") for title in titles]


def from_calendar(client, query):
    calendar = Calendar.from_ical(client.get(f"/programm/kalender.ics?{query}").content)
    return [str(event["uid"]) for event in calendar.walk("VEVENT")]


def this_month():
    first = TODAY().replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return midnight(first), midnight(following)


def in_month(client, query):
    """How many dates, and the titles of all entries."""
    context = client.get(f"/programm/kalender/{TODAY().year}/{TODAY().month}/?{query}").context
    days = [day for week in context["month"]["weeks"] for day in week]
    return context["count"], {entry["title"] for day in days for entry in day.entries}


def on_map(client, query):
    """Numbers by slug, the empty one for offerings without a town."""
    context = client.get(f"/programm/karte/?{query}").context
    numbers = {parse_qs(urlsplit(town.url).query)["gemeinde"][0]: int(town.number) for town in context["towns"]}
    without = [int(line.label.split()[2]) for line in context["elsewhere"] if line.label.startswith("Ohne Ort")]
    return numbers | ({"": without[0]} if without else {})


def test_pairs_are_all_there():
    options = {"a": [1, 2, 3], "b": [1, 2], "c": [1, 2, 3, 4]}
    rows = pairwise(options)
    for first, second in combinations(options, 2):
        assert {(row[first], row[second]) for row in rows} == set(product(options[first], options[second]))
    assert len(rows) < 20
