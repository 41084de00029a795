"""Writing new rows quickly, where many people wait for it in the same minute."""

from collections.abc import Sequence
from functools import cache

from django.db import connections, models, router

# Columns that hold the key of a row which is written by the same statement: name and number of that row.
References = tuple[tuple[str, int], ...]


def insert(*rows: models.Model) -> None:
    """Write ``rows`` as ``bulk_create`` does: their keys are set, no signal is sent. Only for models without parents.

    A row may belong to one before it that is not written yet. PostgreSQL gets all of them in one statement.
    """
    using = router.db_for_write(type(rows[0]), instance=rows[0])
    connection = connections[using]
    if len(rows) > 1 and connection.vendor == "postgresql":
        insert_at_once(rows, connection)
    else:
        for number, row in enumerate(rows):
            insert_one(row, rows[:number], connection)
    for row in rows:
        row._state.adding, row._state.db = False, using


def insert_one(row: models.Model, before: Sequence[models.Model], connection) -> None:
    for column, number in references_of(row, before):
        setattr(row, column, before[number].pk)
    with connection.cursor() as cursor:
        cursor.execute(statement(type(row), connection.vendor), values_of(row, (), connection))
        row.pk = cursor.lastrowid if connection.vendor == "sqlite" else cursor.fetchone()[0]


def insert_at_once(rows: Sequence[models.Model], connection) -> None:
    references = tuple(references_of(row, rows[:number]) for number, row in enumerate(rows))
    values = [value for row, columns in zip(rows, references, strict=True) for value in values_of(row, columns, connection)]
    with connection.cursor() as cursor:
        cursor.execute(statement_of_many(tuple(map(type, rows)), references), values)
        keys = cursor.fetchone()
    for row, key, columns in zip(rows, keys, references, strict=True):
        row.pk = key
        for column, number in columns:
            setattr(row, column, keys[number])


def references_of(row: models.Model, before: Sequence[models.Model]) -> References:
    return tuple(
        (field.attname, number)
        for field in relations_of(type(row))
        for number, other in enumerate(before)
        if field.is_cached(row) and field.get_cached_value(row) is other
    )


def values_of(row: models.Model, references: References, connection) -> list:
    left_out = dict(references)
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in fields_of(type(row))
        if field.attname not in left_out
    ]


# Built once; Django builds a statement anew for each row, which takes longer than to run it.


@cache
def fields_of(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def relations_of(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(field for field in fields_of(model) if field.is_relation)


@cache
def statement(model: type[models.Model], vendor: str, references: References = ()) -> str:
    """The INSERT of all fields but the key; it gives the key, save on SQLite."""
    quote = connections["default"].ops.quote_name
    numbers = dict(references)
    fields = fields_of(model)
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(f"(SELECT key FROM row_{numbers[field.attname]})" if field.attname in numbers else "%s" for field in fields)
    returning = "" if vendor == "sqlite" else f" RETURNING {quote(model._meta.pk.column)} AS key"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({values}){returning}"


@cache
def statement_of_many(types: tuple[type[models.Model], ...], references: tuple[References, ...]) -> str:
    """One statement of PostgreSQL that writes a row of each of the models and gives their keys."""
    parts = (
        f"row_{number} AS ({statement(model, 'postgresql', columns)})"
        for number, (model, columns) in enumerate(zip(types, references, strict=True))
    )
    keys = (f"(SELECT key FROM row_{number})" for number in range(len(types)))
    return f"WITH {', '.join(parts)} SELECT {', '.join(keys)}"
