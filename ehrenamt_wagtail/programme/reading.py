"""Offerings with all that is said of them, for the tables that are derived from them: many with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import prefetch_related_objects

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Venue

from .models import Cancellation, OfferingPage
from .models.written import ROWS, Written
from .translations import know_originals

# The key of an advisory lock, the same in all processes.
WRITERS = 0x456872656E616D74


def lock(function: str) -> None:
    """Writers of the read model hold this lock together. Other databases than PostgreSQL let only one write at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [WRITERS])


def read_live(page_ids: Collection[int]) -> list[OfferingPage]:
    """Those of the offerings that are published, in their own types."""
    return completed(list(OfferingPage.objects.filter(pk__in=page_ids).live().specific())) if page_ids else []


def read_written(written: Written) -> OfferingPage:
    """The page that was just written, as it would be read now. Asked again in the same transaction it gives the same object.

    Holds the lock of the writers before it reads any register: who renames one meanwhile waits, and looks again.
    """
    if written.completed is None:
        lock("pg_advisory_xact_lock_shared")
        [written.completed] = completed([written.stored])
    return written.completed


def completed(pages: list[OfferingPage]) -> list[OfferingPage]:
    """The same pages, which now know their rows, cancellations and registers."""
    read_rows(pages)
    prefetch_related_objects(pages, "cancellations", "topics")
    know_originals(pages)
    read_cancellations_of_originals(pages)
    know_registers(pages)
    return pages


def read_rows(pages: Iterable[OfferingPage]) -> None:
    for name, model in ROWS.items():
        unknown = {page.pk: page for page in pages if not getattr(page, name).is_deferring}
        if unknown:
            rows = defaultdict(list)
            for row in model.objects.filter(page__in=unknown):
                rows[row.page_id].append(row)
            for pk, page in unknown.items():
                # As if it was about to be saved with them.
                setattr(page, name, rows[pk])


def read_cancellations_of_originals(pages: Iterable[OfferingPage]) -> None:
    aliases = [page for page in pages if page.alias_of_id]
    if aliases:
        rows = defaultdict(list)
        for row in Cancellation.objects.filter(offering__in={alias.alias_of_id for alias in aliases}):
            rows[row.offering_id].append(row)
        for alias in aliases:
            alias.cancellations_of_original = rows[alias.alias_of_id]


def know_registers(pages: Iterable[OfferingPage]) -> None:
    places = [*pages, *(date for page in pages for date in page.occurrences.all())]
    hosts = [*pages, *(host for page in pages for host in page.co_hosts.all())]
    organisations = Organisation.objects.in_bulk({host.organisation_id for host in hosts} - {None})
    venues = Venue.objects.select_related("municipality").in_bulk({place.venue_id for place in places} - {None})
    towns = {venue.municipality_id: venue.municipality for venue in venues.values()}
    if missing := {page.municipality_id for page in pages} - towns.keys() - {None}:
        towns |= Municipality.objects.in_bulk(missing)
    for host in hosts:
        host.organisation = organisations.get(host.organisation_id)
    for place in places:
        place.venue = venues.get(place.venue_id)
    for page in pages:
        page.municipality = towns.get(page.municipality_id)
