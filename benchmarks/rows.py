"""Offerings of the serving benchmark as rows of all tables that a published offering has, copied past the app."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from benchmarks.dataset import copy
from benchmarks.floors.models import PlainEvent
from benchmarks.offerings import NAMES, District, Offering
from ehrenamt_wagtail.models import (
    Occurrence,
    OfferingPage,
    PlannedDate,
    SeatPlan,
    SupervisionPage,
    TrainingPage,
)
from ehrenamt_wagtail.programme.models import Trainer

# The step below the programme of the first; the pages that all sizes have come before it.
FIRST_STEP = 100
INDEXED_AT_ONCE = 1_000  # as Wagtail's own command does

Rows = Iterator[dict]


def write(offerings: list[Offering], district: District, *, indexed: bool) -> None:
    """Write all rows; ``indexed``: enter them into Wagtail's search index as well, which takes longer than all else."""
    first = Page.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    for model, rows_of in TABLES.items():
        copy(model, [row for key, given in enumerate(offerings, first) for row in rows_of(given, key, district)])
    for start in range(0, len(offerings) if indexed else 0, INDEXED_AT_ONCE):
        index(offerings[start : start + INDEXED_AT_ONCE], first + start)


def index(offerings: list[Offering], first: int) -> None:
    """Enter them into Wagtail's search index, as pages of the plain listing."""
    events = [
        PlainEvent(
            pk=key,
            id=key,
            title=given.title,
            summary=given.summary,
            town=given.venue.municipality,
            organiser=given.organiser,
        )
        for key, given in enumerate(offerings, first)
    ]
    get_search_backend().get_index_for_model(PlainEvent).add_items(PlainEvent, events)


# The tables, one after another; a function gives the rows of one offering whose page has this key


def pages(given: Offering, key: int, district: District) -> Rows:
    depth = district.programme.depth + 1
    yield {
        "id": key,
        "path": Page._get_path(district.programme.path, depth, FIRST_STEP + given.number),
        "depth": depth,
        "translation_key": given.key,
        "locale_id": district.programme.locale_id,
        "title": given.title,
        "draft_title": given.title,
        "slug": given.slug,
        "url_path": f"{district.programme.url_path}{given.slug}/",
        "content_type_id": ContentType.objects.get_for_model(TrainingPage if given.format else SupervisionPage).pk,
        "live": True,
        "first_published_at": given.published,
        "last_published_at": given.published,
    }


def offering_pages(given: Offering, key: int, district: District) -> Rows:
    yield {
        "page_ptr_id": key,
        "organisation_id": given.organiser.pk,
        "summary": given.summary,
        "contents": given.contents,
        "audience": given.audience,
        "mode": given.mode,
        "municipality_id": given.venue.municipality_id,
        "venue_id": given.venue.pk,
        "costs": given.costs,
        "contact_name": NAMES[given.number % len(NAMES)],
        "contact_email": "kontakt@post.example",
    }


def trainings(given: Offering, key: int, district: District) -> Rows:
    if given.format:
        yield {"offeringpage_ptr_id": key, "training_format": given.format}


def supervisions(given: Offering, key: int, district: District) -> Rows:
    if not given.format:
        yield {"offeringpage_ptr_id": key}


def topics(given: Offering, key: int, district: District) -> Rows:
    for topic in given.topics:
        yield {"offeringpage_id": key, "topic_id": topic.pk}


def dates(given: Offering, key: int, district: District) -> Rows:
    for place, date in enumerate(given.dates):
        yield {
            "page_id": key,
            "sort_order": place,
            "uid": date.uid,
            "start": date.start,
            "end": date.end,
            "starts_at": date.start,
            "ends_at": date.end,
        }


def trainers(given: Offering, key: int, district: District) -> Rows:
    if given.trainer:
        yield {"page_id": key, "sort_order": 0, "name": given.trainer}


def seat_plans(given: Offering, key: int, district: District) -> Rows:
    if given.format and given.capacity:
        yield {"offering_id": key, "mode": SeatPlan.Mode.HERE, "capacity": given.capacity}


def planned_dates(given: Offering, key: int, district: District) -> Rows:
    for date in given.dates:
        yield {
            "offering_id": key,
            "uid": date.uid,
            "state": "published",
            "starts_at": date.start,
            "ends_at": date.end,
            "mode": given.mode,
            "organisation_id": given.organiser.pk,
            "municipality_id": given.venue.municipality_id,
            "venue_id": given.venue.pk,
            "latitude": given.venue.municipality.latitude,
            "longitude": given.venue.municipality.longitude,
            "kind": "training" if given.format else "supervision",
            "title": given.title,
            "audience": given.audience,
            "text": f"{given.summary}\n{given.contents}",
        }


def plain_events(given: Offering, key: int, district: District) -> Rows:
    yield {
        "page_ptr_id": key,
        "starts_at": given.dates[0].start,
        "summary": given.summary,
        "town_id": given.venue.municipality_id,
        "organiser_id": given.organiser.pk,
    }


TABLES = {
    Page: pages,
    OfferingPage: offering_pages,
    TrainingPage: trainings,
    SupervisionPage: supervisions,
    OfferingPage.topics.through: topics,
    Occurrence: dates,
    Trainer: trainers,
    SeatPlan: seat_plans,
    PlannedDate: planned_dates,
    PlainEvent: plain_events,
}
