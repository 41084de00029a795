"""What the public side shows of an offering, as plain data: lists, month view, feeds and API read nothing else.

``facts_of(page)`` takes them from a page, in a preview too; the read model keeps them as JSON. They hold values, not words: what is
said in the language of the reader is made in ``presentation.py``.
"""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from ehrenamt_wagtail.directory.models import Venue

from .dates import cancellation_of, dated, shown_end, shown_start, updated_at
from .models import Mode, Occurrence, OfferingPage
from .places import place_of
from .translations import language_of_original


@dataclass(frozen=True)
class DateFacts:
    """One date. ``start`` and ``end`` as they were entered: moments, or days if ``all_day``; ``end`` may be missing.

    ``place`` is the house with its room, ``location`` all of it in one line; both say nothing of online. ``town`` and ``town_slug``
    are empty for what takes place online only.
    """

    uid: str
    start: dt.date | dt.datetime
    end: dt.date | dt.datetime | None
    all_day: bool
    starts_at: dt.datetime
    ends_at: dt.datetime
    mode: str
    place: str
    location: str
    town: str
    town_slug: str
    step_free: bool
    cancelled: bool
    reason: str


@dataclass(frozen=True)
class OfferingFacts:
    """An offering. ``address`` is its path below the programme, ``model`` the label of its class, ``town`` its own.

    ``dates`` are in order. ``updated`` is when what the public sees of it last changed: published or cancelled. ``language`` is that
    of its texts, empty if it is that of the programme.
    """

    id: int
    model: str
    art: str
    kind: str
    format: str | None
    title: str
    address: str
    key: str
    summary: str
    organiser: str
    organiser_slug: str
    town: str
    town_slug: str
    topics: tuple[tuple[str, str], ...]
    mode: str
    free: bool
    step_free: bool
    cancelled: bool
    published: dt.datetime | None
    updated: dt.datetime
    dates: tuple[DateFacts, ...]
    language: str = ""

    @cached_property
    def kind_label(self) -> str:
        """The kind in the language of the reader."""
        return str(kind_label(self.model, self.art))

    def as_json(self) -> dict[str, Any]:
        """Without a language that is that of the programme, as of nearly all."""
        return {name: value for name, value in asdict(self).items() if value or name != "language"}


@cache
def kind_label(model: str, art: str):
    """The kind of an offering, to be translated when it is shown."""
    label = apps.get_model(model).kind_label
    if not isinstance(label, property):
        return label
    return next((label for value, label, _condition in apps.get_model(model).art_choices() if value == art), "")


# From a page


def facts_of(page: OfferingPage, address: str = "") -> OfferingFacts:
    """The facts of a specific page, also of one that was never saved; reads what ``reading.completed`` reads if it was not read."""
    organisation, town = page.organisation, page.municipality
    return OfferingFacts(
        id=page.pk,
        model=page._meta.label_lower,
        art=page.art,
        kind=page.kind,
        format=page.format,
        title=page.title,
        address=address,
        key=str(page.translation_key),
        summary=page.summary,
        organiser=organisation.name if organisation else "",
        organiser_slug=organisation.slug if organisation else "",
        town=town.name if town else "",
        town_slug=town.slug if town else "",
        topics=tuple((topic.slug, topic.name) for topic in page.topics.all()),
        mode=page.mode,
        free=not page.costs.strip(),
        step_free=is_step_free(page.mode, page.venue),
        cancelled=page.is_cancelled(),
        published=page.first_published_at,
        updated=updated_at(page),
        dates=tuple(facts_of_date(date, page) for date in dated(page)),
        language=language_of_original(page),
    )


def facts_of_date(date: Occurrence, page: OfferingPage) -> DateFacts:
    mode, venue = date.effective_mode(), date.effective_venue()
    place = place_of(page, date)
    town = None if mode == Mode.ONLINE else venue.municipality if venue else page.municipality
    cancellation = cancellation_of(date, page)
    return DateFacts(
        uid=str(date.uid),
        start=shown_start(date),
        end=shown_end(date),
        all_day=date.is_all_day,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        mode=mode,
        place=place.short,
        location=str(place),
        town=town.name if town else "",
        town_slug=town.slug if town else "",
        step_free=is_step_free(mode, venue),
        cancelled=cancellation is not None,
        reason=cancellation.reason if cancellation else "",
    )


# What lists and month view show of one date besides its offering's facts.
SHOWN = ("start", "end", "all_day", "mode", "town", "step_free", "cancelled")
SHOWN_OF_OFFERING = ("title", "address", "model", "art", "organiser", "free")


def shown_of(facts: "OfferingFacts | StoredFacts", date: "DateFacts | StoredDate") -> dict[str, Any]:
    """What the row of an offering that is listed by ``date`` shows, and its entry in the month view, as JSON."""
    values = {name: getattr(facts, name) for name in SHOWN_OF_OFFERING} | {name: getattr(date, name) for name in SHOWN}
    return as_json(values | ({"language": facts.language} if facts.language else {}))


def is_step_free(mode: str, venue: Venue | None) -> bool:
    return mode != Mode.ONLINE and venue is not None and venue.step_free == Venue.Access.YES


# To JSON and back


def as_json(values: dict) -> dict:
    """As the database gives it back."""
    return json.loads(json.dumps(values, cls=ExactEncoder))


class ExactEncoder(DjangoJSONEncoder):
    """Moments to the microsecond, which Django's encoder drops."""

    def default(self, o):
        return o.isoformat() if isinstance(o, dt.datetime) else super().default(o)


class StoredDate:
    """One date as the read model keeps it; the same attributes as ``DateFacts``. Only what is asked for is read."""

    __slots__ = ("values",)

    def __init__(self, values: dict[str, Any]):
        self.values = values

    def __getattr__(self, name: str):
        try:
            value = self.values[name]
        except KeyError:
            raise AttributeError(name) from None
        if name in ("starts_at", "ends_at"):
            return dt.datetime.fromisoformat(value)
        if name in ("start", "end") and value:
            return (dt.date if self.values["all_day"] else dt.datetime).fromisoformat(value)
        return value


class StoredFacts:
    """An offering as the read model keeps it; the same attributes as ``OfferingFacts``."""

    def __init__(self, values: dict[str, Any]):
        self.values = values

    def __getattr__(self, name: str):
        # While a copy is made there is nothing yet.
        if name not in self.__dict__.get("values", {}):
            raise AttributeError(name)
        value = self.values[name]
        if name in ("published", "updated") and value:
            return dt.datetime.fromisoformat(value)
        return value

    @cached_property
    def topics(self) -> tuple[tuple[str, str], ...]:
        return tuple(map(tuple, self.values["topics"]))

    @cached_property
    def dates(self) -> tuple[StoredDate, ...]:
        return tuple(map(StoredDate, self.values["dates"]))

    @property
    def language(self) -> str:
        return self.values.get("language", "")

    @property
    def kind_label(self) -> str:
        return str(kind_label(self.model, self.art))


def facts_from_json(values: dict[str, Any]) -> StoredFacts:
    """What ``as_json`` gave, after it went through JSON."""
    return StoredFacts(values)
