"""Keeps the read model of the programme in step with the pages. Nothing else writes it.

A change made past ``save()`` (``QuerySet.update``, ``bulk_create``, ``loaddata``) is not heard: run
``ehrenamt_rebuild_listing`` afterwards.
"""

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from wagtail.models import Page

from .events import as_event
from .facts import DateFacts, OfferingFacts, facts_of
from .models import ListedDate, ListedOffering, ListedTag, OfferingPage, ProgrammePage
from .models.listing import EVER_BEFORE

# So many offerings are derived together: a fixed number of queries, their rows locked for a moment.
CHUNK = 200
# What the facts of an offering are read from.
SOURCES = (
    "occurrences__venue__municipality", "cancellations", "topics", "organisation", "municipality", "venue__municipality",
    "co_hosts__organisation", "trainers",
)  # fmt: skip

OFFERING_FIELDS = ("programme_id", "address", "base_url", "art", "ends_at", "updated_at", "facts", "title_words")
DATE_FIELDS = (
    "programme_id", "starts_at", "ends_at", "is_cancelled", "is_long", "town", "listed_from", "listed_until", "archived_from",
    "event",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """What the read model should say of one offering, or says: its own fields, its tags, the fields of its dates by uid."""

    offering: dict = field(default_factory=dict)
    tags: frozenset[tuple[str, str]] = frozenset()
    dates: dict[UUID, dict] = field(default_factory=dict)


NOTHING = Entry()


@dataclass(frozen=True)
class Drift:
    """The read model said something else of an offering than its page."""

    offering_id: int
    is_missing: bool
    is_surplus: bool


# What the read model should say


def entries_of(page_ids: Collection[int]) -> dict[int, Entry]:
    """An entry for each of the pages that everybody may read and that lies below a programme."""
    pages = OfferingPage.objects.filter(pk__in=page_ids).live().public().specific().prefetch_related(*SOURCES)
    programmes = list(ProgrammePage.objects.all())
    entries = {}
    for page in pages:
        programme = next((programme for programme in programmes if page.path.startswith(programme.path)), None)
        if programme is not None:
            entries[page.pk] = entry_of(page, programme)
    return entries


def entry_of(page: OfferingPage, programme: ProgrammePage) -> Entry:
    address = page.url_path.removeprefix(programme.url_path)
    facts = facts_of(page, address)
    offering = {
        "programme_id": programme.pk,
        "address": address,
        "base_url": programme.full_url or "",
        "art": facts.art,
        "ends_at": max((date.ends_at for date in facts.dates), default=None),
        "updated_at": facts.updated,
        "title_words": texts_of(page),
        "facts": json.loads(json.dumps(facts.as_json(), cls=ExactEncoder)),
    }
    spans = spans_of(facts.dates)
    events = events_of(facts, offering["base_url"] + address)
    dates = {
        UUID(date.uid): fields_of_date(date, programme.pk) | spans[date.uid] | {"event": event}
        for date, event in zip(facts.dates, events, strict=True)
    }
    return Entry(offering, frozenset(tags_of(page, facts)), dates)


def texts_of(page: OfferingPage) -> str:
    names = [str(page.organisation or ""), str(page.municipality or ""), str(page.venue or "")]
    names += [str(host) for host in page.co_hosts.all()] + [str(trainer) for trainer in page.trainers.all()]
    names += [f"{date.venue} {date.venue.municipality}" for date in page.occurrences.all() if date.venue_id]
    names += [topic.name for topic in page.topics.all()]
    own = [page.title, page.subtitle, page.summary, page.contents, page.series_title, page.audience, page.place]
    return " ".join(filter(None, own + names))


class ExactEncoder(DjangoJSONEncoder):
    """Moments to the microsecond, which Django's encoder drops."""

    def default(self, o):
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


def fields_of_date(date: DateFacts, programme_id: int) -> dict:
    return {
        "programme_id": programme_id,
        "starts_at": date.starts_at,
        "ends_at": date.ends_at,
        "is_cancelled": date.cancelled,
        "is_long": date.ends_at - date.starts_at > ListedDate.LONG,
        "town": date.town_slug,
    }


def events_of(facts: OfferingFacts, url: str) -> list[str]:
    """The entries of a calendar, in the language that most people read."""
    with translation.override(settings.LANGUAGE_CODE):
        return [as_event(date, facts, url).to_ical().decode() for date in facts.dates]


def spans_of(dates: Iterable[DateFacts]) -> dict[str, dict]:
    """When each of the dates is the one that its offering is listed by, by uid; see ``ListedDate``."""
    dates = list(dates)
    spans = {date.uid: {"listed_from": None, "listed_until": None, "archived_from": None} for date in dates}
    moment = EVER_BEFORE
    for is_cancelled in (False, True):
        coming = [date for date in dates if date.cancelled == is_cancelled]
        while coming := [date for date in coming if date.ends_at > moment]:
            following = min(coming, key=lambda date: date.starts_at)
            spans[following.uid] |= {"listed_from": moment, "listed_until": following.ends_at}
            moment = following.ends_at
    if dates:
        last = max(dates, key=lambda date: (not date.cancelled, date.starts_at))
        spans[last.uid]["archived_from"] = max(date.ends_at for date in dates)
    return spans


def tags_of(page: OfferingPage, facts) -> Iterator[tuple[str, str]]:
    """What filters find the offering by."""
    yield "art", facts.art
    towns = {facts.town_slug} | {date.venue.municipality.slug for date in page.occurrences.all() if date.venue_id}
    yield from (("gemeinde", slug) for slug in towns if slug)
    yield from (("thema", slug) for slug, _name in facts.topics)
    hosts = {facts.organiser_slug} | {host.organisation.slug for host in page.co_hosts.all() if host.organisation_id}
    yield from (("traeger", slug) for slug in hosts if slug)


# What it says


def stored_entries(page_ids: Collection[int]) -> dict[int, Entry]:
    rows = ListedOffering.objects.filter(pk__in=page_ids).prefetch_related("tags", "dates")
    return {
        row.pk: Entry(
            {name: getattr(row, name) for name in OFFERING_FIELDS},
            frozenset((tag.name, tag.value) for tag in row.tags.all()),
            {date.uid: {name: getattr(date, name) for name in DATE_FIELDS} for date in row.dates.all()},
        )
        for row in rows
    }


# Bringing it up to date


def refresh(page_ids: Collection[int]) -> list[Drift]:
    """Bring what the read model says of these offerings up to date; gives what was wrong.

    Atomic; locks the pages' rows in the order of their keys.
    """
    with transaction.atomic():
        list(Page.objects.select_for_update().filter(pk__in=page_ids).order_by("pk").values_list("pk"))
        wanted, stored = entries_of(page_ids), stored_entries(page_ids)
        drifts = drifts_between(wanted, stored)
        for drift in drifts:
            write(drift.offering_id, wanted.get(drift.offering_id, NOTHING), stored.get(drift.offering_id, NOTHING))
    return drifts


def drifts_between(wanted: dict[int, Entry], stored: dict[int, Entry]) -> list[Drift]:
    return [
        Drift(pk, is_missing=pk not in stored, is_surplus=pk not in wanted)
        for pk in sorted({*wanted, *stored})
        if wanted.get(pk, NOTHING) != stored.get(pk, NOTHING)
    ]


def write(offering_id: int, wanted: Entry, stored: Entry) -> None:
    if wanted is NOTHING:
        ListedOffering.objects.filter(pk=offering_id).delete()
        return
    if stored is NOTHING:
        ListedOffering.objects.create(pk=offering_id, **wanted.offering)
    elif wanted.offering != stored.offering:
        ListedOffering.objects.filter(pk=offering_id).update(**wanted.offering)
    for name, value in stored.tags - wanted.tags:
        ListedTag.objects.filter(offering=offering_id, name=name, value=value).delete()
    ListedTag.objects.bulk_create(
        ListedTag(offering_id=offering_id, name=name, value=value) for name, value in sorted(wanted.tags - stored.tags)
    )
    if gone := stored.dates.keys() - wanted.dates.keys():
        ListedDate.objects.filter(offering=offering_id, uid__in=gone).delete()
    new = []
    for uid, values in wanted.dates.items():
        if uid not in stored.dates:
            new.append(ListedDate(offering_id=offering_id, uid=uid, **values))
        elif values != stored.dates[uid]:
            ListedDate.objects.filter(offering=offering_id, uid=uid).update(**values)
    ListedDate.objects.bulk_create(new)


def refresh_below(pages: Q) -> None:
    """Bring all offerings up to date that the condition finds."""
    ids = list(OfferingPage.objects.filter(pages).order_by("pk").values_list("pk", flat=True).distinct())
    for first in range(0, len(ids), CHUNK):
        refresh(ids[first : first + CHUNK])


# All of it


def find_drift(tell: Callable[[int, int], None]) -> Iterator[Drift]:
    """What the read model says wrong, without changing it; ``tell(done, total)`` is called now and then."""
    for chunk in chunks(tell):
        yield from drifts_between(entries_of(chunk), stored_entries(chunk))


def rebuild(tell: Callable[[int, int], None]) -> Iterator[Drift]:
    """Correct all of the read model, chunk by chunk, each in a transaction of its own; gives what was wrong."""
    for chunk in chunks(tell):
        yield from refresh(chunk)


def chunks(tell: Callable[[int, int], None]) -> Iterator[list[int]]:
    total, done, last = OfferingPage.objects.count(), 0, 0
    while ids := list(OfferingPage.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield ids
        done, last = done + len(ids), ids[-1]
        tell(done, total)
