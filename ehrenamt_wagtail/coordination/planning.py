"""Keeps ``PlannedDate`` in step with what it is derived from. Nothing else writes it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Page, WorkflowState

from ehrenamt_wagtail.directory.models import Municipality, Venue
from ehrenamt_wagtail.programme.models import Mode, Occurrence, OfferingPage
from ehrenamt_wagtail.programme.models.written import Written

from .models import DateHold, PlannedDate, PlanState
from .plans import Plan, PlannedSpan, place_of, plan_of_hold
from .sources import Source, dates_in, load_sources, review_statuses, source_of_written

# What a row says, besides its key and its topics.
FACTS = (
    "offering_id", "hold_id", "uid", "state", "is_cancelled", "starts_at", "ends_at", "is_all_day", "has_end", "mode",
    "organisation_id", "municipality_id", "venue_id", "latitude", "longitude", "kind", "art", "title", "audience", "text",
)  # fmt: skip

STATE_OF_DRAFT = {
    None: PlanState.DRAFT,
    WorkflowState.STATUS_IN_PROGRESS: PlanState.IN_REVIEW,
    WorkflowState.STATUS_NEEDS_CHANGES: PlanState.RETURNED,
}
STATE_OF_CHANGE = {
    None: PlanState.CHANGE_DRAFT,
    WorkflowState.STATUS_IN_PROGRESS: PlanState.CHANGE_IN_REVIEW,
    WorkflowState.STATUS_NEEDS_CHANGES: PlanState.CHANGE_RETURNED,
}

# So many offerings or holds are derived together: a fixed number of queries, their rows locked for a moment.
CHUNK = 200


@dataclass(frozen=True)
class Row:
    """A row as it should be: its facts in the order of ``FACTS``, and the keys of its topics."""

    facts: tuple
    topics: frozenset[int]

    def build(self) -> PlannedDate:
        return PlannedDate(**dict(zip(FACTS, self.facts, strict=True)))


# What the table should say


def rows_of_offering(source: Source) -> list[Row]:
    """A row for each date of a draft; of a published offering for each public date, and for each that a change moves."""
    if not source.counts:
        return []
    newest = source.newest.plan()
    if not source.public.page.live:
        return rows_of_dates(source, newest, STATE_OF_DRAFT[source.review_status], newest.dates)
    public = source.public.plan()
    known = {date.uid: facts_of_date(date, public) for date in public.dates}
    moved = [date for date in newest.dates if known.get(date.uid) != facts_of_date(date, newest)]
    return [
        *rows_of_dates(source, public, PlanState.PUBLISHED, public.dates),
        *rows_of_dates(source, newest, STATE_OF_CHANGE[source.review_status], moved),
    ]


def rows_of_dates(source: Source, plan: Plan, state: PlanState, dates: Iterable[PlannedSpan]) -> list[Row]:
    """One row for each uid, whatever a revision says twice."""
    is_cancelled, kind = None in source.cancelled, source.newest.page.kind
    rows = {}
    for date in dates:
        rows.setdefault(date.uid, row_of(plan, date, state, is_cancelled or date.uid in source.cancelled, kind))
    return list(rows.values())


def rows_of_hold(hold: DateHold) -> list[Row]:
    """One row while the hold is active."""
    if hold.status != DateHold.Status.ACTIVE:
        return []
    plan = plan_of_hold(hold)
    return [row_of(plan, plan.dates[0], PlanState.HOLD, False, "")]


def facts_of_date(date: PlannedSpan, plan: Plan) -> dict:
    """When and where, as it is stored."""
    place = plan.place_of(date)
    return {
        # In UTC: Python takes the hour that summer time repeats for unequal to itself in another zone.
        "starts_at": date.starts_at.astimezone(dt.UTC),
        "ends_at": date.ends_at.astimezone(dt.UTC),
        "is_all_day": date.is_all_day,
        "has_end": date.has_end,
        "mode": place.mode,
        "municipality_id": place.municipality_id,
        "venue_id": place.venue_id,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def row_of(plan: Plan, date: PlannedSpan, state: PlanState, is_cancelled: bool, kind: str) -> Row:
    facts = facts_of_date(date, plan) | {
        "offering_id": plan.offering_id,
        "hold_id": plan.hold_id,
        "uid": date.uid,
        "state": state.value,
        "is_cancelled": is_cancelled,
        "organisation_id": plan.organisation_id,
        "kind": kind,
        "art": plan.kind,
        "title": plan.title,
        "audience": plan.audience,
        "text": plan.text,
    }
    return Row(tuple(facts[name] for name in FACTS), plan.topics)


def is_planned_so(date: Occurrence, content: dict, row: PlannedDate) -> bool:
    """Whether a date of a revision with this ``content`` is when and where the row says; what follows from the place is not asked."""
    starts_at, ends_at = date.span()
    mode = date.mode or content.get("mode")
    venue_id = None if mode == Mode.ONLINE else date.venue_id or content.get("venue")
    is_there = row.venue_id == venue_id and (venue_id is not None or row.municipality_id == content.get("municipality"))
    has_end = date.is_all_day or date.end is not None
    return is_there and (mode, starts_at, ends_at, date.is_all_day, has_end) == (
        row.mode, row.starts_at, row.ends_at, row.is_all_day, row.has_end,
    )  # fmt: skip


# Bringing it up to date


def refresh_offering(page_id: int, written: Written | None = None) -> bool:
    """Bring the rows of one offering up to date; whether anything had to change. Locks the page's row.

    ``written`` is the page if it was just written, in this transaction, which thus holds its row.
    """
    if written is None:
        return bool(refresh_offerings([page_id]))
    drifts = drifts_of([source_of_written(written)], [page_id])
    write(drifts)
    return bool(drifts)


@transaction.atomic
def refresh_offerings(page_ids: Collection[int]) -> list["Drift"]:
    """Bring the rows of these offerings up to date; gives what was wrong. Locks the pages' rows in the order of their keys."""
    lock_pages(page_ids)
    drifts = drifts_of_offerings(page_ids)
    write(drifts)
    return drifts


def lock_pages(page_ids: Collection[int]) -> None:
    list(Page.objects.select_for_update().filter(pk__in=page_ids).order_by("pk").values_list("pk"))


@transaction.atomic
def refresh_state(page_id: int) -> None:
    """A review began, went on or ended: nothing else follows from it than the state of what is not public. Locks the page's row."""
    lock_pages([page_id])
    planned = dict(PlannedDate.objects.filter(offering=page_id).values_list("pk", "state"))
    status = review_statuses([page_id]).get(page_id) if planned else None
    for states in (STATE_OF_DRAFT, STATE_OF_CHANGE):
        if wrong := [pk for pk, state in planned.items() if state in states.values() and state != states[status]]:
            PlannedDate.objects.filter(pk__in=wrong).update(state=states[status])


def moves_nothing(page: OfferingPage) -> bool:
    """Whether a revision of a published offering that was just saved leaves each date when and where it is planned.

    Nothing has to be derived then, whatever else it says. One query.
    """
    rows = {row.uid: row for row in PlannedDate.objects.filter(offering=page.pk)}
    if any(row.state != PlanState.PUBLISHED for row in rows.values()) or page.latest_revision is None:
        return False
    content = page.latest_revision.content
    return all(
        date.span() is None or (date.uid in rows and is_planned_so(date, content, rows[date.uid]))
        for date in dates_in(content)
    )


def refresh_hold(hold: DateHold) -> bool:
    """Bring the row of one hold up to date; whether anything had to change."""
    return bool(refresh_holds([hold.pk]))


@transaction.atomic
def refresh_holds(hold_ids: Collection[int]) -> list["Drift"]:
    """Bring the rows of these holds up to date; gives what was wrong. Locks the holds' rows in the order of their keys."""
    list(DateHold.objects.select_for_update().filter(pk__in=hold_ids).order_by("pk").values_list("pk"))
    drifts = drifts_of_holds(hold_ids)
    write(drifts)
    return drifts


def place_moved(place: Venue | Municipality) -> int:
    """A venue or town was written, perhaps with other coordinates or another town; gives the number of rows changed."""
    if isinstance(place, Municipality):
        # Venues stand where they stand, unless nobody entered it.
        follows = Q(venue=None) | Q(venue__latitude=None) | Q(venue__longitude=None)
        rows = PlannedDate.objects.filter(follows, municipality=place.pk).exclude(mode=Mode.ONLINE)
        here = place_of(mode=Mode.ON_SITE, venue=None, municipality=place)
    else:
        # Whoever saved it may have had its town in memory for long.
        place = Venue.objects.select_related("municipality").get(pk=place.pk)
        rows = PlannedDate.objects.filter(venue=place.pk)
        here = place_of(mode=Mode.ON_SITE, venue=place, municipality=None)
    facts = {"municipality": here.municipality_id, "latitude": here.latitude, "longitude": here.longitude}
    return rows.exclude(**facts).update(**facts)


# Differences


@dataclass
class Drift:
    """Where the table does not say what it should about one offering or hold."""

    offering_id: int | None
    hold_id: int | None
    wrong: list[int]
    missing: list[Row]


def drifts_of_offerings(page_ids: Collection[int]) -> list[Drift]:
    """What is wrong about these offerings, those that are gone included; a fixed number of queries. Reads only."""
    return drifts_of(load_sources(page_ids), page_ids)


def drifts_of(sources: Iterable[Source], page_ids: Collection[int]) -> list[Drift]:
    wanted = {pk: [] for pk in page_ids}
    for source in sources:
        wanted[source.public.page.pk] = rows_of_offering(source)
    return compare(PlannedDate.objects.filter(offering__in=page_ids), wanted, "offering_id")


def drifts_of_holds(hold_ids: Collection[int]) -> list[Drift]:
    """What is wrong about these holds; a fixed number of queries. Reads only."""
    wanted = {pk: [] for pk in hold_ids}
    for hold in DateHold.objects.select_related("municipality").filter(pk__in=hold_ids):
        wanted[hold.pk] = rows_of_hold(hold)
    return compare(PlannedDate.objects.filter(hold__in=hold_ids), wanted, "hold_id")


def compare(stored: QuerySet[PlannedDate], wanted: dict[int, list[Row]], key: str) -> list[Drift]:
    """Rows that are right stay as they are."""
    present = defaultdict(dict)
    rows = list(stored)
    topics = topics_of(rows)
    for planned in rows:
        row = Row(tuple(getattr(planned, name) for name in FACTS), frozenset(topics[planned.pk]))
        present[getattr(planned, key)][row] = planned.pk
    drifts = []
    for pk, right in wanted.items():
        missing = [row for row in right if row not in present[pk]]
        wrong = [planned_id for row, planned_id in present[pk].items() if row not in set(right)]
        if missing or wrong:
            drifts.append(Drift(**{"offering_id": None, "hold_id": None, key: pk}, wrong=wrong, missing=missing))
    return drifts


def topics_of(planned: Iterable[PlannedDate]) -> dict[int, set[int]]:
    found = defaultdict(set)
    through = PlannedDate.topics.through.objects.filter(planneddate__in=[row.pk for row in planned])
    for planned_id, topic_id in through.values_list("planneddate_id", "topic_id"):
        found[planned_id].add(topic_id)
    return found


def write(drifts: list[Drift]) -> None:
    if wrong := [pk for drift in drifts for pk in drift.wrong]:
        PlannedDate.objects.filter(pk__in=wrong).delete()
    if missing := [row for drift in drifts for row in drift.missing]:
        written = PlannedDate.objects.bulk_create([row.build() for row in missing], batch_size=500)
        through = PlannedDate.topics.through
        links = [
            through(planneddate_id=planned.pk, topic_id=topic)
            for planned, row in zip(written, missing, strict=True)
            for topic in sorted(row.topics)
        ]
        through.objects.bulk_create(links, batch_size=500)


# All of it


def find_drift(told: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Drift]:
    """Everything that the table says wrong. Reads only. ``told`` hears how many offerings and holds of how many are through."""
    yield from through_all(told, drifts_of_offerings, drifts_of_holds)


def rebuild(told: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Drift]:
    """Bring the whole table up to date, chunk by chunk, each in its own transaction; gives what was wrong as it goes."""
    yield from through_all(told, refresh_offerings, refresh_holds)


def through_all(told, of_offerings, of_holds) -> Iterator[Drift]:
    offerings = list(OfferingPage.objects.order_by("pk").values_list("pk", flat=True))
    # Holds that are over and have no row are right as they are.
    counted = Q(status=DateHold.Status.ACTIVE) | Q(planned_dates__isnull=False)
    holds = list(DateHold.objects.filter(counted).order_by("pk").values_list("pk", flat=True).distinct())
    done, total = 0, len(offerings) + len(holds)
    for ids, work in ((offerings, of_offerings), (holds, of_holds)):
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            yield from work(chunk)
            done += len(chunk)
            told(done, total)
