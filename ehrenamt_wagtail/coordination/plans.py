"""What somebody plans, apart from where it is stored: the same facts of a draft in a form, an offering or a hold."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.models.occurrence import Mode

from .models import DateHold


@dataclass(frozen=True)
class Place:
    """Where it takes place. ``latitude`` and ``longitude`` are WGS 84 degrees of the venue or else the town, none online."""

    mode: str = Mode.ON_SITE
    municipality_id: int | None = None
    venue_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_online(self) -> bool:
        return self.mode == Mode.ONLINE


@dataclass(frozen=True)
class PlannedSpan:
    """One date: aware datetimes, end exclusive. ``place`` only where it differs from the plan's."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    uid: uuid.UUID | None = None
    is_all_day: bool = False
    has_end: bool = True
    place: Place | None = None


@dataclass(frozen=True)
class Plan:
    """All that coordination compares. ``kind`` is the value of the address parameter ``art``; ``topics`` are primary keys.

    ``series`` and ``co_hosts`` (primary keys of organisations) tell what is planned together.
    """

    dates: tuple[PlannedSpan, ...] = ()
    place: Place = Place()
    topics: frozenset[int] = frozenset()
    audience: str = ""
    kind: str = ""
    title: str = ""
    text: str = ""
    organisation_id: int | None = None
    offering_id: int | None = None
    hold_id: int | None = None
    series: str = ""
    co_hosts: frozenset[int] = frozenset()

    def place_of(self, date: PlannedSpan) -> Place:
        return date.place or self.place


def place_of(*, mode: str, venue, municipality) -> Place:
    """Coordinates of the venue if it has both, else the town's; none for what takes place online only."""
    if mode == Mode.ONLINE:
        return Place(mode=mode, municipality_id=municipality.pk if municipality else None)
    town = venue.municipality if venue else municipality
    located = next(
        (place for place in (venue, town) if place and place.latitude is not None and place.longitude is not None), None
    )
    return Place(
        mode=mode,
        municipality_id=town.pk if town else None,
        venue_id=venue.pk if venue else None,
        latitude=located.latitude if located else None,
        longitude=located.longitude if located else None,
    )


def plan_of(
    page: OfferingPage,
    topics: Iterable[int] | None = None,
    dates: Iterable[Occurrence] | None = None,
    co_hosts: Iterable[int] | None = None,
) -> Plan:
    """The plan of an offering as it stands in memory: a revision as object, a form's unsaved page, or the published row.

    ``topics`` replaces the page's own, for a page never saved, whose topics cannot be asked for; ``dates`` and
    ``co_hosts`` likewise.
    """
    place = place_of(mode=page.mode, venue=page.venue, municipality=page.municipality)
    if topics is None:
        topics = [topic.pk for topic in page.topics.all()]
    if co_hosts is None:
        co_hosts = [row.organisation_id for row in page.co_hosts.all()]
    return Plan(
        dates=tuple(spans_of(page, dates)),
        place=place,
        topics=frozenset(topics),
        audience=page.audience,
        kind=page.art,
        title=page.title,
        text="\n\n".join(filter(None, [page.summary, page.contents])),
        organisation_id=page.organisation_id,
        offering_id=page.pk,
        series=page.series_title,
        co_hosts=frozenset(co_hosts) - {None},
    )


def spans_of(page: OfferingPage, dates: Iterable[Occurrence] | None = None) -> list[PlannedSpan]:
    """The dates that have a start, in order; those of ``page`` unless others are given."""
    spans = []
    for date in page.occurrences.all() if dates is None else dates:
        if (span := date.span()) is None:
            continue
        differs = date.venue_id or date.mode
        own = place_of(mode=date.mode or page.mode, venue=date.venue or page.venue, municipality=page.municipality)
        spans.append(
            PlannedSpan(
                starts_at=span[0],
                ends_at=span[1],
                uid=date.uid,
                is_all_day=date.is_all_day,
                has_end=date.is_all_day or date.end is not None,
                place=own if differs else None,
            )
        )
    return sorted(spans, key=lambda span: (span.starts_at, span.ends_at))


def plan_of_hold(hold: DateHold) -> Plan:
    starts_at, ends_at = hold.span()
    return Plan(
        dates=(
            PlannedSpan(
                starts_at=starts_at,
                ends_at=ends_at,
                uid=hold.uid,
                is_all_day=hold.is_all_day,
                has_end=hold.is_all_day or hold.end is not None,
            ),
        ),
        place=place_of(mode=hold.mode, venue=None, municipality=hold.municipality),
        topics=frozenset([hold.topic_id] if hold.topic_id else []),
        title=hold.title,
        organisation_id=hold.organisation_id,
        hold_id=hold.pk,
    )
