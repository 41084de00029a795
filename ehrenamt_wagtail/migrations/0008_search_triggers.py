"""SQLite may have made the table of ``ListedOffering`` anew in the migration before: without the triggers of the search."""

from importlib import import_module

from django.db import migrations

search = import_module("ehrenamt_wagtail.migrations.0005_search")


def again(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in (*search.OFF_SQLITE, *search.ON_SQLITE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ehrenamt_wagtail", "0007_public_side")]

    operations = [migrations.RunPython(again, migrations.RunPython.noop)]
