"""Scenes that many tests start from, made once for tests in a row that ask for one instead of once for each.

A scene stays in a transaction around these tests; each of them rolls back only what it did itself. Such tests do not commit, and get
anew from the database what they want of the scene. No other test sees it: see ``pytest_runtest_setup`` in conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.factories import make_site


@dataclass(frozen=True)
class Scene:
    """Tests and fixtures ask for it by the fixture ``name``; ``make`` fills the empty database."""

    name: str
    make: Callable[[], object]


_scenes: dict[str, Scene] = {}


def kept(name: str, make: Callable[[], object]) -> Scene:
    _scenes[name] = Scene(name, make)
    return _scenes[name]


def fixture_of(scene: Scene) -> Callable:
    @pytest.fixture(name=scene.name)
    def fixture(_keeper: Keeper) -> None:
        _keeper.build(scene)

    return fixture


def scene_of(item: pytest.Item) -> Scene | None:
    """What the test asks for; one of its own rather than the site alone."""
    wanted = [_scenes[name] for name in item.fixturenames if name in _scenes]
    return min(wanted, key=lambda scene: scene is SITE, default=None)


SITE = kept("kept_site", make_site)


class Keeper:
    """Keeps one scene at a time."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._block: AbstractContextManager[None] | None = None
        self.scene: Scene | None = None

    def build(self, scene: Scene) -> None:
        if self.scene is None:
            block = _in_transaction(scene.make)
            with self._blocker.unblock():
                block.__enter__()
            self._block, self.scene = block, scene

    def remove(self) -> None:
        if self.scene is not None:
            block, self._block, self.scene = self._block, None, None
            with self._blocker.unblock():
                block.__exit__(None, None, None)


@contextmanager
def _in_transaction(make: Callable[[], object]) -> Iterator[None]:
    block = transaction.atomic()
    # As in Django's TestCase: delivering mail insists on an outermost transaction.
    block._from_testcase = True
    with block:
        make()
        yield
        transaction.set_rollback(True)
