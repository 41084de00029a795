"""Which offerings are listed in another way than before, for processes that keep what is listed in memory (``bitmaps.py``).

Whoever writes the read model notes it in the same transaction. A reader asks for the notes of all transactions that were not over
when it asked last, since rows become visible in another order than they were written in. Notes that it knows and no longer finds
were rolled back.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Func
from django.utils import timezone

from .models import ListedChange

# Notes are kept so long; whoever has not asked for half of that time reads everything anew.
KEPT = dt.timedelta(days=2)

TABLE = ListedChange._meta.db_table
# The oldest transaction that is not over. SQLite lets one write at a time and gives them no numbers; there all notes are read.
HORIZON = {"postgresql": "pg_snapshot_xmin(pg_current_snapshot())::text::bigint", "sqlite": "0"}


class ThisTransaction(Func):
    """The number of the transaction that writes."""

    output_field = BigIntegerField()
    template = "pg_current_xact_id()::text::bigint"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="0", **context)


class Note(NamedTuple):
    """That an offering changed, written by a transaction; ``key`` is another one for each note."""

    key: Any
    offering_id: int
    written_by: int


class Mark(NamedTuple):
    """How far somebody has read: notes of transactions from ``horizon`` on are asked for again; ``known`` are known."""

    horizon: int = 0
    known: frozenset[Note] = frozenset()

    def after(self, horizon: int, notes: Iterable[Note]) -> tuple["Mark", set[int]]:
        """The mark after these ``notes`` were read, and the keys of the offerings that are to be read anew."""
        found = frozenset(notes)
        changed = {note.offering_id for note in found ^ self.known}
        return Mark(horizon, frozenset(note for note in found if note.written_by >= horizon)), changed


# Of somebody who wants to know of no change.
UNCONCERNED = Mark(horizon=2**62)


def note(page_ids: Collection[int]) -> None:
    """Say that these offerings are listed in another way, or no longer; heard once this transaction is committed."""
    ListedChange.objects.bulk_create([ListedChange(offering_id=pk, written_by=ThisTransaction()) for pk in page_ids])


def forget_old_notes() -> int:
    """Delete the notes that nobody asks for any more; gives how many."""
    return ListedChange.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
