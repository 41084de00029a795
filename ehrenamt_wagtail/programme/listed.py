"""Keeps the read model of the programme in step with the pages. Nothing else writes it.

A change made past ``save()`` (``QuerySet.update``, ``bulk_create``, ``loaddata``) is not heard: run
``ehrenamt_rebuild_listing`` afterwards.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import translation
from wagtail.models import Page

from .caching import programme_changed
from .changes import note
from .details import details_of
from .events import as_event
from .facts import DateFacts, OfferingFacts, as_json, facts_of, shown_of
from .languages import Language
from .listed_seats import write_seats
from .models import ListedDate, ListedOffering, ListedTag, ListedVocabulary, Mode, OfferingPage, ProgrammePage
from .models.listing import EVER_BEFORE
from .models.written import Written
from .providers import is_free_in, lock_seats, seats_of
from .reading import lock, read_live, read_written
from .slots import slots_of
from .words import COLUMNS, Changes, columns_of, count_anew, forget, upsert, wrong_counts

# So many offerings are derived together: a fixed number of queries, their rows locked for a moment.
CHUNK = 200

OFFERING_FIELDS = ("programme_id", "address", "base_url", "art", "ends_at", "updated_at", "facts", "details", *COLUMNS)
DATE_FIELDS = (
    "programme_id", "starts_at", "ends_at", "is_cancelled", "is_long", "town", "slots", "listed_from", "listed_until", "archived_from",
    "event", "shown",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """What the read model should say of one offering, or says: its own fields, its seats, its tags, the fields of its dates by uid.

    ``seats`` are those of ``ListedSeats`` with ``is_free``, ``None`` where there is no such row. ``written`` says how the page
    writes each of its words.
    """

    offering: dict = field(default_factory=dict)
    seats: tuple[dict, bool] | None = None
    tags: frozenset[tuple[str, str]] = frozenset()
    dates: dict[UUID, dict] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict, compare=False)


NOTHING = Entry()


@dataclass(frozen=True)
class Drift:
    """The read model said something else of an offering than its page."""

    offering_id: int
    is_missing: bool
    is_surplus: bool

    def __str__(self) -> str:
        what = "is missing" if self.is_missing else "should not be listed" if self.is_surplus else "is listed wrong"
        page = OfferingPage.objects.filter(pk=self.offering_id).first()
        return f"Page {self.offering_id} “{page.title if page else 'deleted'}” {what}"


@dataclass(frozen=True)
class WordsDrift:
    """So many words of a programme were counted wrong."""

    programme_id: int
    words: int

    def __str__(self) -> str:
        return f"Programme {self.programme_id}: {self.words} words are counted wrong"


# What the read model should say


def entries_of(page_ids: Collection[int], written: Written | None = None) -> dict[int, Entry]:
    """An entry for each of the pages that everybody may read and that lies below a programme; ``written`` is one of them."""
    known = [read_written(written)] if written else []
    pages = [page for page in known if page.live] + read_live(set(page_ids) - {page.pk for page in known})
    # The nearest one lists it.
    programmes = sorted(ProgrammePage.objects.all(), key=lambda programme: len(programme.path), reverse=True)
    base_urls = {programme.pk: programme.full_url or "" for programme in programmes}
    private = tuple(private_paths())
    seats = seats_of(page_ids)
    entries = {}
    for page in pages:
        programme = next((programme for programme in programmes if page.path.startswith(programme.path)), None)
        if programme is not None and not page.path.startswith(private):
            entries[page.pk] = entry_of(page, programme, base_urls[programme.pk], seats[page.pk])
    return entries


def private_paths() -> list[str]:
    """What begins with one of these is not for everybody: restricted pages, and aliases of them, which are served alike."""
    found: dict[int, str] = {}
    paths = dict(Page.objects.filter(view_restrictions__isnull=False).values_list("pk", "path"))
    while fresh := {pk: path for pk, path in paths.items() if pk not in found}:
        found |= fresh
        paths = dict(Page.objects.filter(alias_of__in=fresh).values_list("pk", "path"))
    return list(found.values())


def entry_of(page: OfferingPage, programme: ProgrammePage, base_url: str, seats: dict) -> Entry:
    address = page.url_path.removeprefix(programme.url_path)
    facts = facts_of(page, address)
    columns, written = columns_of(page, facts)
    offering = {
        "programme_id": programme.pk,
        "address": address,
        "base_url": base_url,
        "art": facts.art,
        "ends_at": max((date.ends_at for date in facts.dates), default=None),
        "updated_at": facts.updated,
        "facts": as_json(facts.as_json()),
        "details": details_of(page),
        **columns,
    }
    spans, towns = spans_of(facts.dates), own_towns(page)
    events = events_of(facts, base_url + address)
    dates = {
        UUID(date.uid): fields_of_date(date, programme.pk)
        | spans[date.uid]
        | {"event": event, "town": towns.get(date.uid, facts.town_slug), "shown": shown_of(facts, date)}
        for date, event in zip(facts.dates, events, strict=True)
    }
    return Entry(offering, (seats, is_free_in(seats)), frozenset(tags_of(page, facts)), dates, written)


def fields_of_date(date: DateFacts, programme_id: int) -> dict:
    return {
        "programme_id": programme_id,
        "starts_at": date.starts_at,
        "ends_at": date.ends_at,
        "is_cancelled": date.cancelled,
        "slots": slots_of(date.start, date.end, date.ends_at),
        "is_long": date.ends_at - date.starts_at > ListedDate.LONG,
    }


def own_towns(page: OfferingPage) -> dict[str, str]:
    """The town of each date that has a venue of its own, by uid; the others, also online, count in the offering's town."""
    return {str(date.uid): date.venue.municipality.slug for date in page.occurrences.all() if date.venue_id}


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
            following = min(coming, key=lambda date: (date.starts_at, date.uid))
            spans[following.uid] |= {"listed_from": moment, "listed_until": following.ends_at}
            moment = following.ends_at
    if dates:
        last = min(dates, key=lambda date: (date.cancelled, -date.starts_at.timestamp(), date.uid))
        spans[last.uid]["archived_from"] = max(date.ends_at for date in dates)
    return spans


def tags_of(page: OfferingPage, facts) -> Iterator[tuple[str, str]]:
    """What filters find the offering by."""
    yield "art", facts.art
    yield from (("ort", value) for value in places_of(facts))
    yield from (("sprache", code) for code in dict.fromkeys(page.languages or [Language.DE.value]))
    if facts.free:
        yield "kostenlos", "1"
    if facts.step_free or any(date.step_free for date in facts.dates):
        yield "barrierefrei", "1"
    towns = {facts.town_slug, *own_towns(page).values()}
    yield from (("gemeinde", slug) for slug in towns if slug)
    yield from (("thema", slug) for slug, _name in facts.topics)
    hosts = {facts.organiser_slug} | {host.organisation.slug for host in page.co_hosts.all() if host.organisation_id}
    yield from (("traeger", slug) for slug in hosts if slug)


def places_of(facts: OfferingFacts) -> set[str]:
    """Values of ``ort`` that find an offering: by the dates that take place, without any by what it says of itself."""
    modes = {date.mode for date in facts.dates if not date.cancelled} or {facts.mode}
    return {value for value, other in (("online", Mode.ON_SITE), ("praesenz", Mode.ONLINE)) if modes - {other}}


# What it says


def stored_entries(page_ids: Collection[int]) -> dict[int, Entry]:
    rows = ListedOffering.objects.filter(pk__in=page_ids).select_related("listed_seats").prefetch_related("tags", "dates")
    return {
        row.pk: Entry(
            {name: getattr(row, name) for name in OFFERING_FIELDS},
            stored_seats(row),
            frozenset((tag.name, tag.value) for tag in row.tags.all()),
            {date.uid: {name: getattr(date, name) for name in DATE_FIELDS} for date in row.dates.all()},
        )
        for row in rows
    }


def stored_seats(row: ListedOffering) -> tuple[dict, bool] | None:
    seats = getattr(row, "listed_seats", None)
    return seats and (seats.seats, seats.is_free)


# Bringing it up to date


def refresh(page_ids: Collection[int], written: Written | None = None) -> list[Drift]:
    """Bring what the read model says of these offerings up to date; gives what was wrong.

    ``written`` is one of them, written in this transaction, which thus holds its row. Atomic; locks the pages' rows in the order of
    their keys, then what providers count seats by, then its own rows. Whoever calls ``wait_for_writers`` waits for its commit.
    """
    with transaction.atomic():
        if written is None or len(page_ids) > 1:
            list(Page.objects.select_for_update(no_key=True).filter(pk__in=page_ids).order_by("pk").values_list("pk"))
        lock("pg_advisory_xact_lock_shared")
        lock_seats(page_ids)
        wanted, stored = entries_of(page_ids, written), stored_entries(page_ids)
        drifts = drifts_between(wanted, stored)
        changes = Changes()
        for drift in drifts:
            entry, before = wanted.get(drift.offering_id, NOTHING), stored.get(drift.offering_id, NOTHING)
            changes.add(entry.offering, entry.written)
            changes.remove(before.offering)
        if drifts:
            write(drifts, wanted, stored)
            # Of those that are listed no longer the deletion of their rows has told.
            note([drift.offering_id for drift in drifts if not drift.is_surplus])
            count_words(changes)
            programme_changed()
    return drifts


def count_words(changes: Changes) -> None:
    """Count words now, or after the commit where somebody else is counting: waiting with pages locked might never end."""
    programme_ids = changes.programme_ids()
    if not programme_ids:
        return
    vocabularies = ListedVocabulary.objects.filter(pk__in=programme_ids)
    if connection.features.has_select_for_update_skip_locked:
        free = vocabularies.select_for_update(skip_locked=True).order_by("pk").values_list("pk")
        if len(free) < vocabularies.count():
            transaction.on_commit(changes.save)
            return
    changes.save()


@transaction.atomic
def wait_for_writers() -> None:
    """Wait for all transactions that may have derived rows from what has just been changed.

    To be called after the commit, with no other lock held: what they have written can be seen then, and whoever comes later derives
    from the new state.
    """
    lock("pg_advisory_xact_lock")


def drifts_between(wanted: dict[int, Entry], stored: dict[int, Entry]) -> list[Drift]:
    return [
        Drift(pk, is_missing=pk not in stored, is_surplus=pk not in wanted)
        for pk in sorted({*wanted, *stored})
        if wanted.get(pk, NOTHING) != stored.get(pk, NOTHING)
    ]


def write(drifts: Iterable[Drift], wanted: dict[int, Entry], stored: dict[int, Entry]) -> None:
    """Write what differs, and nothing else. Who calls counts the words."""
    if surplus := [drift.offering_id for drift in drifts if drift.is_surplus]:
        gone = ListedOffering.objects.filter(pk__in=surplus)
        gone.update(**dict.fromkeys(COLUMNS, ""))
        gone.delete()
    changes = [(pk, wanted[pk], stored.get(pk, NOTHING)) for pk in (drift.offering_id for drift in drifts) if pk in wanted]
    write_offerings(changes)
    write_seats({pk: entry.seats[0] for pk, entry, before in changes if entry.seats != before.seats})
    write_tags(changes)
    write_dates(changes)


def write_offerings(changes: Iterable[tuple[int, Entry, Entry]]) -> None:
    new = []
    for pk, entry, before in changes:
        if before is NOTHING:
            new.append(ListedOffering(pk=pk, **entry.offering))
        elif changed := {name: value for name, value in entry.offering.items() if value != before.offering[name]}:
            ListedOffering.objects.filter(pk=pk).update(**changed)
    ListedOffering.objects.bulk_create(new)


def write_tags(changes: Iterable[tuple[int, Entry, Entry]]) -> None:
    new = []
    for pk, entry, before in changes:
        for name, value in before.tags - entry.tags:
            ListedTag.objects.filter(offering=pk, name=name, value=value).delete()
        new += [ListedTag(offering_id=pk, name=name, value=value) for name, value in sorted(entry.tags - before.tags)]
    ListedTag.objects.bulk_create(new)


def write_dates(changes: Iterable[tuple[int, Entry, Entry]]) -> None:
    changed = []
    for pk, entry, before in changes:
        if gone := before.dates.keys() - entry.dates.keys():
            ListedDate.objects.filter(offering=pk, uid__in=gone).delete()
        changed += [
            ListedDate(offering_id=pk, uid=uid, **values) for uid, values in entry.dates.items() if values != before.dates.get(uid)
        ]
    upsert(changed, DATE_FIELDS, unique=("offering", "uid"))


@transaction.atomic
def hide(page_ids: Collection[int]) -> None:
    """List these offerings no longer, at once and without asking what their pages say."""
    forget(page_ids)
    ListedOffering.objects.filter(pk__in=page_ids).delete()
    programme_changed()


def hide_private(page_ids: Collection[int]) -> None:
    """List those no longer that not everybody may read."""
    if private := tuple(private_paths()):
        paths = Page.objects.filter(pk__in=page_ids).values_list("pk", "path")
        hide([pk for pk, path in paths if path.startswith(private)])


def offerings_where(pages: Q) -> list[int]:
    """The keys of all offerings, drafts too, that the condition finds, in their order."""
    return list(OfferingPage.objects.filter(pages).order_by("pk").values_list("pk", flat=True).distinct())


def refresh_chunks(page_ids: Sequence[int]) -> int:
    """Bring any number of offerings up to date, a chunk at a time; gives how many were wrong."""
    return sum(len(refresh(page_ids[first : first + CHUNK])) for first in range(0, len(page_ids), CHUNK))


def listed_by_another_address() -> list[int]:
    """The keys of offerings whose programme has another address than it had when they were listed."""
    wrong = Q(pk__in=[])
    for programme in ProgrammePage.objects.all():
        wrong |= Q(programme=programme.pk) & ~Q(base_url=programme.full_url or "")
    return list(ListedOffering.objects.filter(wrong).order_by("pk").values_list("pk", flat=True))


# All of it


def find_drift(tell: Callable[[int, int], None]) -> Iterator[Drift | WordsDrift]:
    """What the read model says wrong, without changing it; ``tell(done, total)`` is called now and then."""
    for chunk in chunks(tell):
        yield from drifts_between(entries_of(chunk), stored_entries(chunk))
    yield from words_drifts(wrong_counts)


def rebuild(tell: Callable[[int, int], None]) -> Iterator[Drift | WordsDrift]:
    """Correct all of the read model, chunk by chunk, each in a transaction of its own; gives what was wrong."""
    for chunk in chunks(tell):
        yield from refresh(chunk)
    yield from words_drifts(count_anew)


def words_drifts(wrong_in: Callable[[int], dict]) -> Iterator[WordsDrift]:
    """The programmes whose words ``wrong_in`` finds wrong."""
    for programme_id in ProgrammePage.objects.order_by("pk").values_list("pk", flat=True):
        if wrong := wrong_in(programme_id):
            yield WordsDrift(programme_id, len(wrong))


def chunks(tell: Callable[[int, int], None]) -> Iterator[list[int]]:
    total, done, last = OfferingPage.objects.count(), 0, 0
    while ids := list(OfferingPage.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield ids
        done, last = done + len(ids), ids[-1]
        tell(done, total)
