"""Where tests get their database from: migrated once, and each process works on a copy of its own.

Migrating takes many times longer than most rooms' tests, and two processes that do it at once take nearly twice as long as one: one
migrates, the others wait for their copy. On SQLite what it made is kept in var/ under a name made of all migrations, on PostgreSQL,
whose server is mostly thrown away afterwards, as long as the run lasts.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test.utils import setup_databases, teardown_databases

BASE_DIR = Path(__file__).resolve().parent.parent
KEPT = BASE_DIR / "var"


@contextmanager
def own_database(folder: Path, shared: Path, *, worker: str, keep: bool, anew: bool) -> Iterator[None]:
    """The migrated database of this process. ``folder`` is its own, ``shared`` that of all processes of the run.

    ``keep`` and ``anew`` are pytest's --reuse-db and --create-db.
    """
    if connection.vendor == "sqlite":
        yield from _on_sqlite(folder / "test.sqlite3", anew=anew)
    elif worker and not keep:
        yield from _on_server(shared, worker)
    else:
        if worker:
            connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{worker}"
        databases = _set_up(keep=keep)
        yield
        if not keep:
            teardown_databases(databases, verbosity=0)


def _set_up(*, keep: bool = False) -> list:
    return setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=[])


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _on_sqlite(own_copy: Path, *, anew: bool) -> Iterator[None]:
    # A file, since threads of a live server cannot share one connection in memory.
    connection.settings_dict["TEST"]["NAME"] = str(own_copy)
    connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    KEPT.mkdir(exist_ok=True)
    template = KEPT / f"test-{_migrations_digest()}.sqlite3"
    with _alone(KEPT / "test-migrating.lock"):
        is_copy = template.exists() and not anew
        if is_copy:
            shutil.copyfile(template, own_copy)
        databases = _set_up(keep=is_copy)
        if not is_copy:
            _store(own_copy, template)
    yield
    if not is_copy:
        teardown_databases(databases, verbosity=0)


def _on_server(shared: Path, worker: str) -> Iterator[None]:
    name, test_settings = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    template, is_there, lock = f"test_{name}_migrated", shared / "migrated", shared / "migrating.lock"
    with _alone(lock):
        is_first = not is_there.exists()
        if is_first:
            test_settings["NAME"] = template
            # Nobody may be connected to what is copied.
            teardown_databases(_set_up(), verbosity=0, keepdb=True)
            is_there.touch()
        test_settings |= {"NAME": f"test_{name}_{worker}", "TEMPLATE": template}
        databases = _set_up()
    yield
    teardown_databases(databases, verbosity=0)
    if is_first:
        with _alone(lock):
            is_there.unlink()
            connection.creation._destroy_test_db(template, verbosity=0)


def _migrations_digest() -> str:
    """Changes with any migration, with the apps and with the versions of what we build on."""
    import django
    import wagtail
    from django.conf import settings

    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__} {settings.INSTALLED_APPS}".encode())
    for path in sorted(BASE_DIR.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    for path in sorted(BASE_DIR.glob("tests/**/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _store(database: Path, template: Path) -> None:
    for outdated in KEPT.glob("test-*.sqlite3"):
        # Another version of Wagtail may be in use at the same time: only remove what is old.
        if outdated.stat().st_mtime < KEPT.stat().st_mtime - 24 * 3600:
            outdated.unlink(missing_ok=True)
    unfinished = template.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(database) as source, sqlite3.connect(unfinished) as target:
        source.backup(target)
    unfinished.rename(template)
