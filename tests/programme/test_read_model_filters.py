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

from ehrenamt_wagtail.programme.filters import parse_filters

from .pairs import choices, pairwise
from .reference import Reference, midnight

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def test_each_pair_of_filters_finds_what_pages_say(client, programme, kept_mixture):
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
