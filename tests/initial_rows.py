"""The rows that migrations put into the tables, for tests that commit.

After each of these Django would empty all tables, whether something is in them or not, and write the first rows anew from JSON, one by
one: both take longer than most of the tests. Here the first rows lie in tables beside, and only what differs is written.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

PREFIX = "initially_"


class InitialRows:
    """Keeps what is in the tables now. When installed, Django's ``TransactionTestCase`` leaves every table like that."""

    def __init__(self) -> None:
        existing = set(connection.introspection.table_names())
        self._columns: dict[str, str] = {}
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.managed and not model._meta.proxy and table in existing:
                columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
                self._columns[table] = ", ".join(f'"{column}"' for column in columns)
        self._kept = self._filled()
        with connection.cursor() as cursor:
            for table in self._kept:
                cursor.execute(f'CREATE TABLE "{PREFIX}{table}" AS SELECT {self._columns[table]} FROM "{table}"')

    def install(self) -> None:
        # On the classes: while Playwright's event loop runs in this thread, Django opens another connection.
        type(connection)._test_serialized_contents = "see InitialRows"
        type(connection.creation).deserialize_db_from_string = lambda _creation, _data: None
        type(connection.ops).sql_flush = lambda _ops, _style, _tables, **_options: self.statements()

    def statements(self) -> list[str]:
        """What makes all tables as they were; run in one transaction, at whose end keys between tables are checked."""
        added = [f'DELETE FROM "{table}"' for table in self._filled() if table not in self._kept]
        changed = []
        for table in self._changed():
            columns = self._columns[table]
            changed += [f'DELETE FROM "{table}"', f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM "{PREFIX}{table}"']
        return added + changed

    def _filled(self) -> list[str]:
        return self._those_where('EXISTS (SELECT 1 FROM "{table}")', list(self._columns))

    def _changed(self) -> list[str]:
        return self._those_where(
            '(SELECT count(*) FROM "{table}") <> (SELECT count(*) FROM "{kept}") '
            'OR EXISTS (SELECT {columns} FROM "{table}" EXCEPT SELECT {columns} FROM "{kept}")',
            self._kept,
        )

    def _those_where(self, condition: str, tables: list[str]) -> list[str]:
        """Asked in one query."""
        questions = [
            f"SELECT '{table}' WHERE {condition.format(table=table, kept=PREFIX + table, columns=self._columns[table])}"
            for table in tables
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(questions))
            return [table for (table,) in cursor.fetchall()]
