"""The programme that the labelled queries are asked of: ``data/search_offerings.json`` and ``data/search_queries.csv``.

``wanted`` of a query are the numbers of the offerings that a person would want to read, ``found`` those that the search gives.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from wagtail.models import Page

from ehrenamt_wagtail.models import (
    CoHost,
    Municipality,
    Occurrence,
    Organisation,
    SupervisionPage,
    Topic,
    Trainer,
    TrainingPage,
    Venue,
    VolunteerDayPage,
)
from ehrenamt_wagtail.programme.listed import refresh
from tests import factories

DATA = Path(__file__).parent / "data"
MODELS = {"supervision": SupervisionPage, "ehrenamtstag": VolunteerDayPage}
FORMATS = {art: form for form, art in TrainingPage.ART_OF_FORMAT.items()}


@dataclass(frozen=True)
class Query:
    text: str
    wanted: frozenset[int]
    found: frozenset[int]


def labelled_queries() -> list[Query]:
    with (DATA / "search_queries.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Query(row["query"], *(frozenset(map(int, row[name].split())) for name in ("wanted", "found")))
            for row in csv.DictReader(lines)
        ]


def publish_offerings(programme: Page) -> dict[int, int]:
    """Publish all of them; gives the number of each page."""
    offerings = json.loads((DATA / "search_offerings.json").read_text(encoding="utf-8"))
    numbers = {publish(programme, values): values["number"] for values in offerings}
    now = timezone.now()
    Page.objects.filter(pk__in=numbers).update(live=True, first_published_at=now, last_published_at=now)
    refresh(list(numbers))
    return numbers


def publish(programme: Page, values: dict) -> int:
    town = Municipality.objects.get_or_create(name=values["town"], defaults={"latitude": 48.6, "longitude": 8.9})[0]
    organisation = Organisation.objects.get_or_create(
        name=values["organiser"], defaults={"kind": Organisation.Kind.OTHER, "municipality": town}
    )[0]
    venue = values.get("venue") and Venue.objects.get_or_create(name=values["venue"], municipality=town)[0]
    topics = [Topic.objects.get_or_create(name=name)[0] for name in values.get("topics", [])]
    model = MODELS.get(values["art"], TrainingPage)
    page = factories.build_offering(
        model,
        organisation=organisation,
        dates=[Occurrence(start=factories.in_days(1 + values["number"]))],
        topics=topics,
        title=values["title"],
        subtitle=values.get("subtitle", ""),
        series_title=values.get("series", ""),
        summary=values.get("summary", ""),
        contents=values.get("contents", ""),
        audience=values.get("audience", ""),
        simple_text=values.get("simple", ""),
        place=values.get("place", ""),
        mode=values.get("mode", "on_site"),
        municipality=town,
        venue=venue or None,
        live=False,
        **({"training_format": FORMATS[values["art"]]} if model is TrainingPage else {}),
    )
    for name in values.get("co_hosts", []):
        page.co_hosts.add(CoHost(name=name))
    for text in values.get("trainers", []):
        name, _comma, function = text.partition(", ")
        page.trainers.add(Trainer(name=name, function=function))
    Page.objects.get(pk=programme.pk).add_child(instance=page)
    return page.pk
