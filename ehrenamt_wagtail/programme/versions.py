"""The version that cached answers belong to, and what becomes of it while somebody changes the programme.

In the cache stand the version and a few places for marks. A reader takes the version, all marks and the answer in one round trip.
It serves the answer only if it was stored under this very version and nobody is changing anything, and stores what it renders
under the version that it took *before* rendering. Who changes something

1. takes a place and puts a mark there, for ``CHANGE_SECONDS`` at most, and gives a new version: what is stored is stale from now on,
2. commits,
3. gives a new version and takes the mark away.

Between the commit and step 3 the mark keeps everybody from serving. What was read before the commit is stored, if at all, under a
version that is gone. Each who changes something has a mark of its own: one who is ready does not speak for another. Where all places
are taken, a mark is put that nobody takes away before its time is over. Who dies, or rolls back, leaves a mark that ends by itself,
and a version that nothing is stored under; whose mark ends before the commit still gives a new version after it.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.signals import request_finished
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.dispatch import receiver
from django.utils.module_loading import import_string

from ehrenamt_wagtail.conf import conf

logger = logging.getLogger(__name__)

VERSION = "ehrenamt.version"
PLACES = tuple(f"ehrenamt.changing.{number}" for number in range(8))
NO_PLACE = "ehrenamt.changing"
KEYS = (VERSION, *PLACES, NO_PLACE)

CHANGE_SECONDS = 60
# A mark that ends so soon is not relied on.
MARGIN_SECONDS = 5
# A cache that did not answer is not asked again for so long.
PAUSE_SECONDS = 5


# Which cache


def store() -> BaseCache | None:
    """The cache of answers; ``None`` where it is off, since processes would not share it, or not at the right moment."""
    cache = caches[conf.CACHE_ALIAS]
    if isinstance(cache, LocMemCache):
        return cache if conf.CACHE_ONE_PROCESS else None
    # Rows of the database cache are written inside the transaction of the change: nobody else would see a mark.
    return None if isinstance(cache, DummyCache | BaseDatabaseCache) else cache


def is_installed() -> bool:
    """Whether the host uses the middleware, or one derived from it."""
    return any(getattr(made, "caches_programme", False) for made in middleware(tuple(settings.MIDDLEWARE)))


@lru_cache(maxsize=8)
def middleware(paths: tuple[str, ...]) -> list:
    found = []
    for path in paths:
        try:
            found.append(import_string(path))
        except ImportError:
            # Django itself says so, when it loads them.
            continue
    return found


# Whether it answers


@dataclass
class Contact:
    """What this process knows of the cache. ``owes_version``: a change was saved that the cache could not be told."""

    is_down: bool = False
    owes_version: bool = False
    ask_again_at: float = 0.0

    def failed(self) -> None:
        """Called in an ``except`` block; says so once, until the cache answers again."""
        if not self.is_down:
            logger.exception("The cache of the programme cannot be reached. Changes are saved; pages are served without it.")
        self.is_down = True
        self.ask_again_at = time.monotonic() + PAUSE_SECONDS

    def answered(self) -> None:
        self.is_down = False


contact = Contact()


def told(action: Callable[[], None]) -> bool:
    """Whether the cache could be told; whatever goes wrong with it must not undo a change."""
    try:
        action()
    except Exception:
        contact.failed()
        return False
    contact.answered()
    return True


def new_version() -> str:
    return secrets.token_hex(8)


# Changes


@dataclass(frozen=True)
class Change:
    """The mark of a change that goes on; ``until`` is when its time is over, on the monotonic clock, in seconds."""

    place: str | None
    until: float

    @property
    def is_safe(self) -> bool:
        return time.monotonic() < self.until - MARGIN_SECONDS

    @property
    def is_young(self) -> bool:
        return time.monotonic() < self.until - CHANGE_SECONDS / 2


def programme_changed(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Public pages show something else from now on: no answer that was cached before is served again, in any process.

    Call it whenever something that they show was changed other than by saving it. Inside a transaction nothing is served from the
    cache until it ends; call it before the commit, as often as you like. Outside of one call it after the change. A change is saved
    even if the cache cannot be reached; that is logged. Does nothing where the cache is not in use.
    """
    cache = active_store()
    if cache is None:
        return
    connection = connections[using]
    if connection.in_atomic_block:
        begin(cache, connection)
    else:
        finish(connection)


def programme_changing(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Public pages are about to show something else. Where there is no transaction ``programme_changed`` must follow."""
    cache = active_store()
    if cache is not None:
        begin(cache, connections[using])


def active_store() -> BaseCache | None:
    return store() if is_installed() else None


def begin(cache: BaseCache, connection) -> None:
    change = pending(connection)
    if change is None or not change.is_young:
        connection.ehrenamt_change = marked(cache, change)
    if connection.in_atomic_block:
        # Each time: a savepoint that is rolled back takes back what was asked for inside it.
        transaction.on_commit(partial(finish_pending, connection), using=connection.alias)


def pending(connection) -> Change | None:
    return getattr(connection, "ehrenamt_change", None)


def pending_on(alias: str) -> bool:
    """Whether a change that was announced on this connection is not yet over."""
    return pending(connections[alias]) is not None


def marked(cache: BaseCache, present: Change | None) -> Change:
    """A mark for ``CHANGE_SECONDS`` from now on, at the same place if there is one; none if the cache cannot be reached."""
    until = time.monotonic() + CHANGE_SECONDS
    place = None

    def mark() -> None:
        nonlocal place
        is_kept = present is not None and present.place is not None and present.is_safe
        if is_kept and cache.touch(present.place, CHANGE_SECONDS):
            place = present.place
        else:
            place = free_place(cache)
        cache.set(VERSION, new_version(), None)

    told(mark)
    return Change(place, until)


def free_place(cache: BaseCache) -> str | None:
    # Each process begins with another one.
    first = os.getpid() % len(PLACES)
    for place in (*PLACES[first:], *PLACES[:first]):
        if is_taken(cache, place):
            return place
    cache.set(NO_PLACE, 1, CHANGE_SECONDS)
    return None


def is_taken(cache: BaseCache, place: str) -> bool:
    """Whether the place was free and is ours now. With files two may find it free at once; who writes last has it."""
    token = new_version()
    return cache.add(place, token, CHANGE_SECONDS) and (not isinstance(cache, FileBasedCache) or cache.get(place) == token)


def finish_pending(connection) -> None:
    if pending(connection) is not None:
        finish(connection)


def finish(connection) -> None:
    """What was changed is visible to all now: a new version, then the mark is taken away."""
    change, connection.ehrenamt_change = pending(connection), None
    cache = store()
    if cache is None:
        return

    def tell() -> None:
        cache.set(VERSION, new_version(), None)
        if change is not None and change.place is not None and change.is_safe:
            cache.delete(change.place)

    if not told(tell):
        contact.owes_version = True


@receiver(request_finished, dispatch_uid="ehrenamt_change_over")
def finish_what_is_over(**kwargs) -> None:
    """A transaction that was rolled back, or whose hooks failed, says nothing of its end; no mark shall stay for long."""
    for connection in connections.all(initialized_only=True):
        if pending(connection) is not None and not connection.in_atomic_block:
            finish(connection)


# Reading


def read(cache: BaseCache, key: str) -> tuple[str | None, tuple | None]:
    """Version and entry of ``key``, in one round trip. Without a version nothing may be served or stored."""
    if contact.is_down and time.monotonic() < contact.ask_again_at:
        return None, None
    try:
        if contact.owes_version:
            cache.set(VERSION, new_version(), None)
            contact.owes_version = False
        found = cache.get_many((*KEYS, key))
        version = found.pop(VERSION, None)
        entry = found.pop(key, None)
        if version is None:
            cache.add(VERSION, new_version(), None)
    except Exception:
        contact.failed()
        return None, None
    contact.answered()
    # What is left are marks.
    return (None, None) if version is None or found else (version, entry)


def body(cache: BaseCache, key: str) -> bytes | None:
    """What is kept apart from its entry; nothing if it is there no longer."""
    try:
        return cache.get(key)
    except Exception:
        contact.failed()
        return None


def write(cache: BaseCache, key: str, entry: tuple | bytes, seconds: int) -> None:
    told(partial(cache.set, key, entry, seconds))
