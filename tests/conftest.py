"""What holds for every test: quick settings, a fresh copy of a migrated database, no silent errors."""

from __future__ import annotations

import gc
import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parent.parent
OWN_TEMPLATES = (
    BASE_DIR / "ehrenamt_wagtail" / "templates",
    BASE_DIR / "example_site" / "templates",
    BASE_DIR / "tests",
)
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


# Which tests run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run; with CI=true that is an error instead."""
    from django.conf import settings

    from tests.kept import SITE, scene_of

    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if "browser" in item.keywords and not Path(CHROMIUM).exists():
            _leave_out(item, f"no Chromium at {CHROMIUM}")
        if "postgres" in item.keywords and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only"))
        marker = item.get_closest_marker("django_db")
        if {"live_server", "transactional_db"} & set(item.fixturenames) or (
            marker and marker.kwargs.get("transaction")
        ):
            if scene := scene_of(item):
                raise pytest.UsageError(f"{item.nodeid} commits and cannot start from {scene.name}")
            # Afterwards all tables are made as they were, with Wagtail's root page.
            item.fixturenames.insert(0, "_initial_rows")
            item.fixturenames.append("django_db_serialized_rollback")
        else:
            if "ready_site" in item.fixturenames:
                item.fixturenames.append(SITE.name)
            if scene := scene_of(item):
                # Before the test's own transaction begins.
                item.fixturenames.insert(0, scene.name)
    # In a row, so that each process makes a scene once. Others keep their order.
    items.sort(key=lambda item: scene.name if (scene := scene_of(item)) else "others")


def pytest_collection_finish() -> None:
    """What was imported stays until the end: looking through it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _leave_out(item: pytest.Item, reason: str) -> None:
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{item.nodeid}: {reason}, and CI leaves nothing out")
    item.add_marker(pytest.mark.skip(reason=reason))


# Which worker runs them

# What the tests of such a folder share takes longest to make: they stay on one worker, so that it is made once.
TOGETHER = ("tests/browser/", "tests/demo/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """What ``--dist loadgroup`` does with markers, which xdist 3.8 loses under pytest 9.2."""
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)

    return Scheduling(config, log)


# Settings


@pytest.fixture(autouse=True, scope="session")
def _quick_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    from django.test.utils import override_settings

    with override_settings(
        DEBUG=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        AUTH_PASSWORD_VALIDATORS=[],
        EMAIL_FILE_PATH=tmp_path_factory.mktemp("mail"),
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    ):
        yield


@pytest.fixture(autouse=True)
def _jobs_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs run where they are enqueued; see the fixture ``queued_jobs``."""
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "SYNC", True)


@pytest.fixture(autouse=True)
def _nothing_held() -> None:
    """What a process keeps of a programme: databases are emptied between tests, as they never are under a running site."""
    from ehrenamt_wagtail.programme.facets import forget
    from ehrenamt_wagtail.reporting.brochure.links import forget as forget_links

    forget()
    forget_links()


@pytest.fixture
def queued_jobs(_jobs_run_at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait in the broker until the test runs them."""
    from django_q.conf import Conf

    monkeypatch.setattr(Conf, "SYNC", False)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import cache

    cache.clear()


class _Resting:
    def enqueue(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _indexes_rest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written into Wagtail's search and reference indexes, which the app never reads.

    Writing takes a sixth of the time. Tests that look at them say ``@pytest.mark.indexed``.
    """
    if not request.node.get_closest_marker("indexed"):
        monkeypatch.setattr("modelsearch.signal_handlers.insert_or_update_object_task", _Resting())
        monkeypatch.setattr("wagtail.signal_handlers.update_reference_index_task", _Resting())


# Database


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: object,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    from tests.databases import own_database

    anew = request.config.getvalue("create_db")
    database = own_database(
        tmp_path_factory.mktemp("database"),
        # Each worker of xdist has a folder of its own in the one of their run.
        tmp_path_factory.getbasetemp().parent,
        worker=getattr(request.config, "workerinput", {}).get("workerid", ""),
        keep=request.config.getvalue("reuse_db") and not anew,
        anew=anew,
    )
    with django_db_blocker.unblock():
        database.__enter__()
    yield
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


@pytest.fixture(scope="session")
def _initial_rows(django_db_setup: None, django_db_blocker: object) -> None:
    """What migrations put into the tables, for tests that commit; they run after all others."""
    from tests.initial_rows import InitialRows

    with django_db_blocker.unblock():
        InitialRows().install()


# Scenes that tests start from
#
# Making one takes longer than many a test. It stays for tests in a row that ask for it; see kept.py.

_keepers: list = []


@pytest.fixture(scope="session")
def _keeper(_quick_settings: None, django_db_setup: None, django_db_blocker: object) -> Iterator[object]:
    from tests.kept import Keeper

    keeper = Keeper(django_db_blocker)
    _keepers.append(keeper)
    yield keeper
    _keepers.remove(keeper)
    keeper.remove()


@pytest.fixture
def kept_site(_keeper: object) -> None:
    from tests.kept import SITE

    _keeper.build(SITE)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test sees a scene that it does not ask for; those that empty the tables could not even run beside one."""
    from tests.kept import scene_of

    for keeper in _keepers:
        if keeper.scene is not scene_of(item):
            keeper.remove()


@pytest.fixture
def ready_site(db: None) -> tuple:
    """What ``factories.make_site()`` gives, kept for tests in a row but for those that commit."""
    from ehrenamt_wagtail import models
    from tests.factories import make_site

    if not any(keeper.scene for keeper in _keepers):
        return make_site()
    return models.ProgrammePage.objects.get(), models.CircleIndexPage.objects.get()


# No silent errors


class _Recorder(logging.Handler):
    """Collects records at ERROR and above, from any thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {self.format(record)}")


_recorder = _Recorder()
_undefined_variables: list[str] = []


class _Undefined(str):
    """Stands for an undefined template variable; notes it when the template is one of ours.

    Django asks whether ``string_if_invalid`` is true before it uses it: the only moment at which
    both the variable and the node that names it are known. Templates of others go on as always.
    """

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        # ``{{ name|default:"…" }}`` says itself what to do when there is none.
        names = [func.__name__ for func, _ in getattr(expression, "filters", [])[:1]]
        if not hasattr(expression, "token") or names == ["default"]:
            return False
        while frame := frame.f_back:
            node = frame.f_locals.get("self")
            origin = getattr(node, "origin", None)
            if origin is not None and hasattr(node, "token"):
                path = Path(str(origin.name))
                if any(path.is_relative_to(folder) for folder in OWN_TEMPLATES):
                    _undefined_variables.append(
                        f"{path.relative_to(BASE_DIR)}:{node.token.lineno}: {expression.token}"
                    )
                return False
        return False


def _note_undefined_variables(**kwargs: object) -> None:
    """Django builds a new engine whenever a test changes one of several settings: tell that one, too."""
    from django.template import engines

    engines["django"].engine.string_if_invalid = _Undefined("")


@pytest.fixture(autouse=True, scope="session")
def _watch(_quick_settings: None) -> Iterator[None]:
    from django.test.signals import setting_changed

    _note_undefined_variables()
    # Connected after Django's own receiver, which throws the old engine away.
    setting_changed.connect(_note_undefined_variables)
    watched = [logging.getLogger(name) for name in ("", "django-q", "django.server")]
    for logger in watched:
        logger.addHandler(_recorder)
    yield
    setting_changed.disconnect(_note_undefined_variables)
    for logger in watched:
        logger.removeHandler(_recorder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> object:
    """Fail the test on a logged ERROR and on an undefined variable in a template of ours.

    ``@pytest.mark.expected_errors("pattern")`` allows records that match (``re.search``).
    """
    _recorder.messages.clear()
    _undefined_variables.clear()
    result = yield
    marker = item.get_closest_marker("expected_errors")
    unexpected = [
        message
        for message in _recorder.messages
        if not (marker and re.search(marker.args[0], message))
    ]
    if unexpected:
        pytest.fail("logged at ERROR:\n" + "\n".join(unexpected), pytrace=False)
    if _undefined_variables:
        names = "\n".join(dict.fromkeys(_undefined_variables))
        pytest.fail(f"undefined template variables:\n{names}", pytrace=False)
    return result


# Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium; each test opens its own context (see ``page``)."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would refuse the database for it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: object) -> Iterator[object]:
    """A page in a fresh browser context, in German, at desktop width."""
    context = browser.new_context(
        locale="de-DE",
        timezone_id="Europe/Berlin",
        viewport={"width": 1280, "height": 900},
        service_workers="block",
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
