"""One page of the list with the number of all rows, or one offering, each in a single statement written by hand.

The page has what ``listing.Listing`` finds. Everybody who visits the programme waits for it, and Django takes several times longer to
build these queries than the database to answer them. Plain SQL that PostgreSQL and SQLite both understand.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from wagtail.models import Page

from .facts import StoredDate, StoredFacts
from .filters import Filters
from .models import ListedDate, ListedOffering, ListedTag

TABLES = {model.__name__: model._meta.db_table for model in (ListedDate, ListedOffering, ListedTag)}
MOMENT = ListedDate._meta.get_field("starts_at")

PAGE = """
    SELECT listed.facts, listed.seats, date.uid, (SELECT COUNT(*) FROM ({counted} {at_most}) counted)
    FROM {ListedDate} date JOIN {ListedOffering} listed ON listed.offering_id = date.offering_id
    WHERE {which}
    ORDER BY date.starts_at {direction}, date.offering_id {direction} LIMIT %(number)s OFFSET %(skipped)s
"""
NEXT = """
    AND date.listed_from <= %(now)s AND date.listed_until > %(now)s
    AND date.starts_at >= {least}(%(recent)s, COALESCE((
        SELECT MIN(longer.starts_at) FROM {ListedDate} longer
        WHERE longer.programme_id = %(programme)s AND longer.is_long AND longer.ends_at > %(now)s
    ), %(recent)s))
"""
ARCHIVED = " AND date.archived_from <= %(now)s"
OVER = """
    AND EXISTS (SELECT 1 FROM {ListedOffering} past WHERE past.offering_id = date.offering_id AND past.ends_at <= %(now)s)
"""
TOUCHES = "({0}.is_long OR {0}.starts_at > %(near)s) AND {0}.starts_at < %(until)s AND {0}.ends_at > %(since)s"
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
IN_WINDOW = " AND EXISTS (SELECT 1 FROM {ListedDate} date WHERE date.offering_id = own.offering_id AND {touches})"
TAGGED = " AND {row}.offering_id IN (SELECT offering_id FROM {ListedTag} WHERE name = '{name}' AND value IN ({values}))"


def read_page(
    filters: Filters, *, now: dt.datetime, programme: Page, number: int, skipped: int, at_most: int | None
) -> tuple[list[tuple[dict, dict, str]], int | None]:
    """``number`` rows after ``skipped``: the facts, what is said of seats, and the uid of the date; and how many there are in all.

    Not for a search. Counts to ``at_most`` (``None``: to the end). Where there is no row the number is not known.
    """
    values = values_of(filters, now) | {"programme": programme.pk, "number": number, "skipped": skipped}
    sql = PAGE.format(
        which=which(filters, values),
        counted=to_count(filters, values),
        direction="DESC" if filters.archive else "ASC",
        at_most=f"LIMIT {at_most}" if at_most else "",
        **TABLES,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    read = [(json.loads(facts), json.loads(seats), str(UUID(str(uid)))) for facts, seats, uid, _count in rows]
    return read, rows[0][3] if rows else None


def to_count(filters: Filters, values: dict) -> str:
    """A row for each offering that is listed; to find them by their own rows takes less long than by their dates."""
    sql = OFFERINGS.format(**TABLES) + "".join(tagged(filters, values, "own"))
    if filters.has_window:
        sql += IN_WINDOW.format(touches=TOUCHES.format("date"), **TABLES)
    if filters.archive:
        return sql + PAST
    return sql if filters.has_window else sql + COMING


def values_of(filters: Filters, now: dt.datetime) -> dict:
    since, until = filters.window() if filters.has_window else (now, now)
    moments = {"now": now, "recent": now - ListedDate.LONG, "since": since, "until": until, "near": since - ListedDate.LONG}
    return {name: MOMENT.get_db_prep_value(value, connection) for name, value in moments.items()}


def which(filters: Filters, values: dict) -> str:
    """The condition for the dates that offerings are listed by; adds the values of the filters."""
    sql = "date.programme_id = %(programme)s" + "".join(tagged(filters, values))
    if filters.has_window:
        names = {"before": ">" if filters.archive else "<", **TABLES}
        for alias in ("date", "other"):
            names |= {f"{alias}_touches": TOUCHES.format(alias), f"{alias}_rank": RANK.format(alias)}
        return sql + FIRST.format(**names) + (OVER.format(**TABLES) if filters.archive else "")
    if filters.archive:
        return sql + ARCHIVED
    return sql + NEXT.format(least="MIN" if connection.vendor == "sqlite" else "LEAST", **TABLES)


def tagged(filters: Filters, values: dict, row: str = "date") -> Iterator[str]:
    """A condition for each filter on the rows that are called ``row``; adds their values."""
    for name, chosen in filters.tags():
        names = [f"{name}_{number}" for number in range(len(chosen))]
        values |= zip(names, chosen, strict=True)
        yield TAGGED.format(row=row, name=name, values=", ".join(f"%({key})s" for key in names), **TABLES)


# A month

MONTH = """
    SELECT date.shown FROM {ListedDate} date WHERE date.programme_id = %(programme)s {which}
    ORDER BY date.starts_at, date.ends_at, date.offering_id, date.uid
"""
IN_MONTH = " AND (date.is_long OR date.starts_at > %(near_month)s) AND date.starts_at < %(month_end)s AND date.ends_at > %(month)s"
IN_TOWN = " AND date.town IN ({values})"


def read_month(
    filters: Filters, *, now: dt.datetime, programme: Page, span: tuple[dt.datetime, dt.datetime]
) -> list[StoredDate]:
    """What ``listing.dates_of_programme`` finds in a span, as the month view shows it; not for a search."""
    values = values_of(filters, now) | {"programme": programme.pk}
    month = {"month": span[0], "month_end": span[1], "near_month": span[0] - ListedDate.LONG}
    values |= {name: MOMENT.get_db_prep_value(value, connection) for name, value in month.items()}
    which = "".join(tagged(filters, values)) + IN_MONTH
    if filters.has_window:
        which += " AND " + TOUCHES.format("date")
    if filters.archive:
        which += OVER.format(**TABLES)
    if filters.municipalities:
        # Their names are those of the tags.
        which += IN_TOWN.format(values=", ".join(f"%(gemeinde_{number})s" for number in range(len(filters.municipalities))))
    with connection.cursor() as cursor:
        cursor.execute(MONTH.format(which=which, **TABLES), values)
        # Read in one go: a month may have hundreds.
        return [StoredDate(shown) for shown in json.loads(f"[{','.join(row for (row,) in cursor.fetchall())}]")]


# One offering


@dataclass(frozen=True)
class StoredOffering:
    """What the read model keeps of an offering; ``above`` are the offerings between it and the programme, as title and address."""

    programme: Page
    facts: StoredFacts
    details: dict
    seats: dict
    above: tuple[tuple[str, str], ...] = ()


OFFERING = "SELECT facts, details, seats FROM {ListedOffering} WHERE programme_id = %s AND address IN ({marks}) ORDER BY address DESC"


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
