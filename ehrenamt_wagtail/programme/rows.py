"""One page of the list with the number of all rows, or one offering, each in a single statement written by hand.

The page has what ``listing.Listing`` finds. Everybody who visits the programme waits for it, and Django takes several times longer to
build these queries than the database to answer them. Plain SQL that PostgreSQL and SQLite both understand.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from wagtail.models import Page

from .facts import StoredFacts
from .filters import Filters
from .models import ListedDate, ListedOffering, ListedSeats, ListedTag, ListedVocabulary
from .search import WRITTEN, Search, TextQuery

TABLES = {model.__name__: model._meta.db_table for model in (ListedDate, ListedOffering, ListedSeats, ListedTag, ListedVocabulary)}
MOMENT = ListedDate._meta.get_field("starts_at")

# The rows are found before what they show is joined: a database plans few tables much sooner than many. What is said of seats
# depends on all dates; most offerings say nothing, and their facts need not be read.
PAGE = """
    SELECT
        date.shown, date.uid, date.ends_at <= %(now)s, ({MORE}),
        kept.seats, CASE WHEN CAST(kept.seats AS text) = '{{}}' THEN NULL ELSE listed.facts END,
        {count}, {version}
    FROM (
        SELECT date.offering_id, date.shown, date.uid, date.starts_at, date.ends_at FROM {ListedDate} date {searched}
        WHERE {which} ORDER BY {order} LIMIT %(number)s OFFSET %(skipped)s
    ) date
    JOIN {ListedOffering} listed ON listed.offering_id = date.offering_id
    LEFT JOIN {ListedSeats} kept ON kept.offering_id = date.offering_id
    ORDER BY {order}
"""
# The other dates of the offering that take place: of one that is not over those that are not, either.
MORE = """
    SELECT COUNT(*) FROM {ListedDate} more WHERE more.offering_id = date.offering_id AND more.uid <> date.uid
    AND NOT more.is_cancelled AND (more.ends_at > %(now)s OR date.ends_at <= %(now)s)
"""
VERSION = "(SELECT version FROM {ListedVocabulary} words WHERE words.programme_id = %(programme)s)"
EXTREME = {"least": ("LEAST", "MIN"), "greatest": ("GREATEST", "MAX")}
# Nothing that begins earlier is running at ``since``: so the index by the start need not be read from its beginning.
EARLIEST = """
    AND date.starts_at >= {least}(%(near)s, COALESCE((
        SELECT MIN(longer.starts_at) FROM {ListedDate} longer
        WHERE longer.programme_id = %(programme)s AND longer.is_long AND longer.ends_at > %(since)s
    ), %(near)s))
"""
NEXT = " AND date.listed_from <= %(now)s AND date.listed_until > %(now)s"
ARCHIVED = " AND date.archived_from <= %(now)s"
OVER = """
    AND EXISTS (SELECT 1 FROM {ListedOffering} past WHERE past.offering_id = date.offering_id AND past.ends_at <= %(now)s)
"""
TOUCHES = "({0}.is_long OR {0}.starts_at > %(near)s) AND {0}.starts_at < %(until)s AND {0}.ends_at > %(since)s"
SLOTS = " AND ({0}.slots & %(slots)s) <> 0"
RANK = "(CASE WHEN {0}.ends_at <= %(now)s THEN 2 ELSE 0 END + CASE WHEN {0}.is_cancelled THEN 1 ELSE 0 END)"
# As ``listing.first_in_window`` says.
FIRST = """
    AND {date_touches} AND NOT EXISTS (
        SELECT 1 FROM {ListedDate} other
        WHERE other.offering_id = date.offering_id AND {other_touches} AND (
            {other_rank} < {date_rank} OR ({other_rank} = {date_rank} AND (
                other.starts_at {before} date.starts_at OR (other.starts_at = date.starts_at AND other.uid < date.uid)
            ))
        )
    )
"""
# Each of them is listed by one date: in a period if it has any there, else as long as its last one is not over, archived afterwards.
OFFERINGS = "SELECT 1 FROM {ListedOffering} own WHERE own.programme_id = %(programme)s"
COMING, PAST = " AND own.ends_at > %(now)s", " AND own.ends_at <= %(now)s"
ENDS_LATER = " AND own.ends_at > %(since)s"
IN_WINDOW = "SELECT DISTINCT date.offering_id FROM {ListedDate} date {searched} WHERE {which}"
SEATS_LEFT = " AND EXISTS (SELECT 1 FROM {ListedSeats} kept WHERE kept.offering_id = {row}.offering_id AND kept.is_free)"
TAGGED = " AND {row}.offering_id IN (SELECT offering_id FROM {ListedTag} WHERE name = '{name}' AND value IN ({values}))"
# Asked of each date in turn. A database cannot turn this into a join, for which it would find all offerings with the tag first.
TAGGED_EACH = """
    AND (SELECT tag.id FROM {ListedTag} tag
        WHERE tag.offering_id = {row}.offering_id AND tag.name = '{name}' AND tag.value IN ({values}) LIMIT 1) IS NOT NULL
"""


class ListedRow(NamedTuple):
    """What a list shows of an offering.

    ``shown`` is what ``facts.shown_of`` says of the date that it is listed by, as the JSON that is stored; ``uid`` names that date as
    the database writes it; ``more`` is the number of its other dates to come. ``seats`` and the ``facts`` that they need are JSON,
    too; empty where nothing is said of seats.
    """

    shown: str
    uid: UUID | str
    is_past: bool
    more: int
    seats: str
    facts: str


def read_page(
    filters: Filters,
    *,
    now: dt.datetime,
    programme: Page,
    number: int,
    skipped: int,
    at_most: int | None = None,
    counts: bool = True,
    search: Search | None = None,
    is_common: bool = False,
) -> tuple[list[ListedRow], int | None, UUID | None]:
    """``number`` rows after ``skipped``; how many there are in all; the version of the programme's words.

    ``search`` is what the words of the filters mean; its rows are in the order of their dates. Counts to ``at_most`` (``None``: to the
    end) unless ``counts`` is false. Where there is no row, number and version are not known. ``is_common`` says that so many offerings
    match that the rows are found soonest by going through the dates in their order.
    """
    values = values_of(filters, now) | {"programme": programme.pk, "number": number, "skipped": skipped}
    sql = PAGE.format(
        MORE=MORE.format(**TABLES),
        which=which(filters, values, search, is_common=is_common),
        count=count_of(to_count(filters, values, search), at_most) if counts else "NULL",
        order=order(filters, search),
        searched=SEARCHED.format(**TABLES) if search else "",
        version=VERSION.format(**TABLES) if search else "NULL",
        **TABLES,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    if not rows:
        return [], None, None
    read = [row_of(*columns) for *columns, _count, _version in rows]
    *_columns, count, version = rows[0]
    return read, count, UUID(str(version)) if version else None


def count_of(rows: str, at_most: int | None) -> str:
    return f"(SELECT COUNT(*) FROM ({rows} {f'LIMIT {at_most}' if at_most else ''}) counted)"


def row_of(shown: str, uid: UUID | str, is_past: bool, more: int, seats: str | None, facts: str | None) -> ListedRow:
    return ListedRow(shown, uid, bool(is_past), more, seats if facts else "", facts or "")


def order(filters: Filters, search: Search | None) -> str:
    direction = "DESC" if filters.archive else "ASC"
    start = "date.starts_at"
    if search is not None and search.is_rare:
        # No index serves this: a database that takes the word for a commoner one would look for it at every date.
        start = f"{EXTREME['greatest'][connection.vendor == 'sqlite']}(date.starts_at, date.starts_at)"
    return f"{start} {direction}, date.offering_id {direction}"


def found(search: Search | None, values: dict, row: str, *, in_order: bool = False) -> str:
    """The condition that the row of ``ListedOffering`` called ``row`` has the words; adds their text."""
    if search is None:
        return ""
    query = TextQuery(search.words, is_common=search.is_common if in_order else None)
    condition, values["text"] = WRITTEN[connection.vendor](query, row)
    return " AND " + condition.format("%(text)s")


def to_count(filters: Filters, values: dict, search: Search | None = None) -> str:
    """A row for each offering that is listed; to find them by their own rows takes less long than by their dates."""
    if filters.to_date or filters.slots:
        searched = SEARCHED.format(**TABLES) if search else ""
        return IN_WINDOW.format(which=in_window(filters, values, search), searched=searched, **TABLES)
    sql = OFFERINGS.format(**TABLES) + "".join(tagged(filters, values, "own")) + found(search, values, "own")
    if filters.has_window:
        # A period without an end: who has a date in it is not over before it begins.
        sql += ENDS_LATER
    if filters.archive:
        return sql + PAST
    return sql if filters.has_window else sql + COMING


def in_window(filters: Filters, values: dict, search: Search | None) -> str:
    """The condition for all dates in a period, several of an offering."""
    sql = "date.programme_id = %(programme)s" + "".join(tagged(filters, values)) + found(search, values, "listed")
    sql += f" AND {touches(filters, 'date')}" + earliest()
    return sql + (OVER.format(**TABLES) if filters.archive else "")


def values_of(filters: Filters, now: dt.datetime) -> dict:
    since, until = filters.window(now) if filters.restricts_dates else (now, now)
    moments = {"now": now, "since": since, "until": until, "near": since - ListedDate.LONG}
    return {name: MOMENT.get_db_prep_value(value, connection) for name, value in moments.items()} | {"slots": filters.slots}


def which(filters: Filters, values: dict, search: Search | None = None, *, is_common: bool = False) -> str:
    """The condition for the dates that offerings are listed by; adds the values of the filters."""
    sql = "date.programme_id = %(programme)s" + "".join(tagged(filters, values, condition=TAGGED_EACH if is_common else TAGGED))
    sql += found(search, values, "listed", in_order=not filters.restricts_dates)
    if filters.restricts_dates:
        names = {"before": ">" if filters.archive else "<", **TABLES}
        for alias in ("date", "other"):
            names |= {f"{alias}_touches": touches(filters, alias), f"{alias}_rank": RANK.format(alias)}
        return sql + FIRST.format(**names) + earliest() + (OVER.format(**TABLES) if filters.archive else "")
    return sql + (ARCHIVED if filters.archive else NEXT + earliest())


def earliest() -> str:
    return EARLIEST.format(least=EXTREME["least"][connection.vendor == "sqlite"], **TABLES)


def touches(filters: Filters, row: str) -> str:
    """The condition that a date has to meet where offerings are looked for by some dates alone."""
    return TOUCHES.format(row) + (SLOTS.format(row) if filters.slots else "")


def tagged(filters: Filters, values: dict, row: str = "date", condition: str = TAGGED) -> Iterator[str]:
    """A condition for each filter on the rows that are called ``row``; adds their values."""
    for name, chosen in filters.tags():
        names = [f"{name}_{number}" for number in range(len(chosen))]
        values |= zip(names, chosen, strict=True)
        yield condition.format(row=row, name=name, values=", ".join(f"%({key})s" for key in names), **TABLES)
    if filters.seats_left:
        yield SEATS_LEFT.format(row=row, **TABLES)


# A month

MONTH = """
    SELECT date.shown FROM {ListedDate} date {searched} WHERE date.programme_id = %(programme)s {which}
    ORDER BY date.starts_at, date.ends_at, date.offering_id, date.uid
"""
SEARCHED = "JOIN {ListedOffering} listed ON listed.offering_id = date.offering_id"
IN_MONTH = " AND (date.is_long OR date.starts_at > %(near_month)s) AND date.starts_at < %(month_end)s AND date.ends_at > %(month)s"
IN_TOWN = " AND date.town IN ({values})"


def read_month(
    filters: Filters, *, now: dt.datetime, programme: Page, span: tuple[dt.datetime, dt.datetime], search: Search | None = None
) -> list[str]:
    """What ``listing.dates_of_programme`` finds in a span: of each date what ``facts.shown_of`` says, as the JSON that is stored."""
    if search is not None and search.not_understood:
        return []
    values = values_of(filters, now) | {"programme": programme.pk}
    month = {"month": span[0], "month_end": span[1], "near_month": span[0] - ListedDate.LONG}
    values |= {name: MOMENT.get_db_prep_value(value, connection) for name, value in month.items()}
    which = "".join(tagged(filters, values)) + found(search, values, "listed") + IN_MONTH
    if filters.has_window:
        which += " AND " + TOUCHES.format("date")
    if filters.slots:
        which += SLOTS.format("date")
    if filters.archive:
        which += OVER.format(**TABLES)
    if filters.towns:
        # Their names are those of the tags.
        which += IN_TOWN.format(values=", ".join(f"%(gemeinde_{number})s" for number in range(len(filters.towns))))
    with connection.cursor() as cursor:
        searched = SEARCHED.format(**TABLES) if search else ""
        cursor.execute(MONTH.format(which=which, searched=searched, **TABLES), values)
        return [shown for (shown,) in cursor.fetchall()]


# One offering

OTHERS = " AND NOT date.is_cancelled AND date.offering_id NOT IN ({without})"


def read_next(filters: Filters, *, now: dt.datetime, programme: Page, number: int, without: Sequence[int]) -> list[ListedRow]:
    """The next ``number`` offerings that match and take place, none of those ``without``; as ``read_page`` gives them.

    The filters have neither words nor period nor archive.
    """
    keys = {f"without_{position}": key for position, key in enumerate(without)}
    values = values_of(filters, now) | {"programme": programme.pk, "number": number, "skipped": 0} | keys
    sql = PAGE.format(
        MORE=MORE.format(**TABLES),
        which=which(filters, values) + OTHERS.format(without=", ".join(f"%({key})s" for key in keys)),
        count="NULL",
        order=order(filters, None),
        searched="",
        version="NULL",
        **TABLES,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row_of(*columns) for *columns, _count, _version in cursor.fetchall()]


@dataclass(frozen=True)
class StoredOffering:
    """What the read model keeps of an offering; ``above`` are the offerings between it and the programme, as title and address."""

    programme: Page
    facts: StoredFacts
    details: dict
    seats: dict
    above: tuple[tuple[str, str], ...] = ()


OFFERING = """
    SELECT listed.facts, listed.details, COALESCE(kept.seats, '{{}}')
    FROM {ListedOffering} listed LEFT JOIN {ListedSeats} kept ON kept.offering_id = listed.offering_id
    WHERE listed.programme_id = %s AND listed.address IN ({marks}) ORDER BY listed.address DESC
"""


def read_offering(programme: Page, components: Sequence[str]) -> StoredOffering | None:
    """What lies at this path below the programme, or the last offering on the way to it."""
    addresses = ["/".join(components[:number]) + "/" for number in range(1, len(components) + 1)]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(addresses))
        cursor.execute(OFFERING.format(marks=marks, **TABLES), [programme.pk, *addresses])
        rows = [tuple(map(json.loads, row)) for row in cursor.fetchall()]
    if not rows:
        return None
    (facts, details, seats), *above = rows
    titles = tuple((values["title"], values["address"]) for values, _details, _seats in reversed(above))
    return StoredOffering(programme, StoredFacts(facts), details, seats, titles)
