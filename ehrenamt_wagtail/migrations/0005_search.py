"""What full-text search needs besides the models' columns; PostgreSQL and SQLite each in their own way, other databases nothing.

Whatever alters ``ListedOffering`` on SQLite makes its table anew, without these triggers: such a migration creates them again.
"""

from django.db import migrations

TABLE = "ehrenamt_wagtail_listedoffering"
INDEX = "ehrenamt_wagtail_listedsearch"
COLUMNS = "title_words, name_words, text_words"
NEW = "new.offering_id, new.title_words, new.name_words, new.text_words"
OLD = "old.offering_id, old.title_words, old.name_words, old.text_words"


def weighted(column, weight):
    """Each word of the column as PostgreSQL writes a word with a weight: ``asyl:1A``; no text search configuration takes part."""
    return f"CASE {column} WHEN '' THEN '' ELSE replace({column}, ' ', ':{weight} ') || ':{weight} ' END"


ON_POSTGRESQL = (
    f"ALTER TABLE {TABLE} ADD COLUMN search tsvector GENERATED ALWAYS AS (("
    f"{weighted('title_words', '1A')} || {weighted('name_words', '2B')} || {weighted('text_words', '3C')})::tsvector) STORED",
    f"CREATE INDEX {INDEX} ON {TABLE} USING gin (search)",
)
OFF_POSTGRESQL = (f"ALTER TABLE {TABLE} DROP COLUMN search",)

ADD = f"INSERT INTO {INDEX} (rowid, {COLUMNS}) VALUES ({NEW});"
REMOVE = f"INSERT INTO {INDEX} ({INDEX}, rowid, {COLUMNS}) VALUES ('delete', {OLD});"
ON_SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5({COLUMNS}, content='{TABLE}', content_rowid='offering_id', "
    "tokenize='unicode61 remove_diacritics 0', detail='column')",
    f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {TABLE} BEGIN {ADD} END",
    f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {TABLE} BEGIN {REMOVE} END",
    f"CREATE TRIGGER {INDEX}_update AFTER UPDATE OF offering_id, {COLUMNS} ON {TABLE} BEGIN {REMOVE} {ADD} END",
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",
)
OFF_SQLITE = (
    *(f"DROP TRIGGER IF EXISTS {INDEX}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE {INDEX}",
)


def run(on_postgresql, on_sqlite):
    def statements(apps, schema_editor):
        by_vendor = {"postgresql": on_postgresql, "sqlite": on_sqlite}
        for statement in by_vendor.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement)

    return statements


class Migration(migrations.Migration):
    dependencies = [("ehrenamt_wagtail", "0004_read_model")]

    operations = [migrations.RunPython(run(ON_POSTGRESQL, ON_SQLITE), run(OFF_POSTGRESQL, OFF_SQLITE))]
