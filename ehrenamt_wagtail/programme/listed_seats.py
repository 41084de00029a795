"""Keeps what is said of free seats in the read model, which changes more often than anything else that is listed.

Whoever reads facts that a provider counted locks the row first: who changed one meanwhile has written it here already, or will.
"""

from collections.abc import Callable, Collection

from django.db import transaction

from .caching import programme_changed
from .changes import note
from .models import ListedSeats
from .providers import is_free_in, seats_of
from .words import upsert


def write_seats(seats: dict[int, dict]) -> None:
    """Say this of offerings that are listed, by their keys."""
    rows = [ListedSeats(offering_id=pk, seats=facts, is_free=is_free_in(facts)) for pk, facts in seats.items()]
    upsert(rows, ("seats", "is_free"), unique=("offering",))


def refresh_seats(page_ids: Collection[int]) -> None:
    """Bring what is said of seats up to date, after a provider's facts changed in this transaction. Atomic; locks the rows."""
    with transaction.atomic():
        stored = locked(page_ids)
        wanted = seats_of(stored) if stored else {}
        for pk in stored:
            keep_changed(pk, wanted[pk], stored[pk])


def change_seats(offering_id: int, change: Callable[[dict], dict]) -> None:
    """As ``refresh_seats``, by who knows what ``change`` makes of it; an offering that is not listed is left alone."""
    with transaction.atomic():
        for pk, seats in locked([offering_id]).items():
            keep_changed(pk, change(seats), seats)


def locked(page_ids: Collection[int]) -> dict[int, dict]:
    rows = ListedSeats.objects.select_for_update(no_key=True).filter(pk__in=page_ids).order_by("pk")
    return dict(rows.values_list("pk", "seats"))


def keep_changed(pk: int, wanted: dict, stored: dict) -> None:
    if wanted != stored:
        is_free = is_free_in(wanted)
        ListedSeats.objects.filter(pk=pk).update(seats=wanted, is_free=is_free)
        if is_free != is_free_in(stored):
            note([pk])
        programme_changed()
