"""An offering that is being written: what its tables said before, and what they say now, without reading it all again."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from wagtail.models import Page

from .details import CoHost, Download, Funder, Trainer
from .occurrence import Occurrence

ROWS = {"occurrences": Occurrence, "trainers": Trainer, "co_hosts": CoHost, "funders": Funder, "downloads": Download}


@dataclass(frozen=True)
class Before:
    """What the tables say of an offering, whose row is locked, before it is written."""

    was_published: bool = False
    dates: tuple[Occurrence, ...] = ()

    @cached_property
    def published_uids(self) -> set:
        """The dates that the public knows."""
        return {date.uid for date in self.dates} if self.was_published else set()

    def says(self, date: Occurrence) -> bool:
        """Whether the table says of this date what it says in memory."""
        stored = next((row for row in self.dates if row.pk == date.pk), None)
        names = [field.attname for field in Occurrence._meta.concrete_fields]
        return stored is not None and all(getattr(stored, name) == getattr(date, name) for name in names)


def read_before(page_id: int | None) -> Before:
    """Locks the page's row until the end of the transaction. Two queries."""
    if page_id is None:
        return Before()
    rows = Page.objects.select_for_update(no_key=True).filter(pk=page_id).values_list("first_published_at", flat=True)
    published = list(rows)
    return Before(published not in ([], [None]), tuple(Occurrence.objects.filter(page=page_id)))


def rows_in_memory(page: Page) -> dict[str, list[models.Model]]:
    """The rows of a page that are about to be written with it, in the order in which they will be read; only those that are known."""
    found = {}
    for name in ROWS:
        manager = getattr(page, name)
        if manager.is_deferring:
            rows = list(manager.all())
            places = [row.sort_order for row in rows]
            is_in_order = None not in places and len(set(places)) == len(rows)
            if is_in_order or len(rows) < 2:
                found[name] = sorted(rows, key=lambda row: row.sort_order or 0)
    return found


class Written:
    """A page that was just written with these ``rows``, in the same transaction."""

    def __init__(self, page: Page, rows: dict[str, list[models.Model]]):
        self.page, self.rows = page, rows
        # What ``reading.read_written`` made of it.
        self.completed: Page | None = None

    @property
    def stored(self) -> Page:
        """The page as it would be read now: without what it remembers of registers, which others may have changed meanwhile.

        Its rows are what was written, so far as that is known. To be read only.
        """
        page = as_stored(self.page)
        for name, rows in self.rows.items():
            setattr(page, name, [as_stored(row) for row in rows])
        return page


def as_stored(row: models.Model) -> models.Model:
    """A row in memory as the database gives it back."""
    fields = row._meta.concrete_fields
    values = [value_as_stored(field, getattr(row, field.attname)) for field in fields]
    return type(row).from_db(row._state.db, [field.attname for field in fields], values)


def value_as_stored(field: models.Field, value):
    value = field.to_python(value)
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value
