"""The site that most tests start from, made once for many of them instead of once for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.factories import make_site


@contextmanager
def _site_in_transaction() -> Iterator[None]:
    block = transaction.atomic()
    # As in Django's TestCase: delivering mail insists on an outermost transaction.
    block._from_testcase = True
    with block:
        make_site()
        yield
        transaction.set_rollback(True)


class KeptSite:
    """``make_site()`` in a transaction around the tests that ask for it; each of them rolls back only what it did itself.

    It must be gone before any other test: see ``pytest_runtest_setup`` in conftest.py.
    """

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._site: AbstractContextManager[None] | None = None

    @property
    def is_there(self) -> bool:
        return self._site is not None

    def build(self) -> None:
        if self._site is None:
            site = _site_in_transaction()
            with self._blocker.unblock():
                site.__enter__()
            self._site = site

    def remove(self) -> None:
        if self._site is not None:
            site, self._site = self._site, None
            with self._blocker.unblock():
                site.__exit__(None, None, None)
