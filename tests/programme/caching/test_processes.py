"""Two processes publish, interleaved, two others read the same pages: what was committed is seen by the very next request.

On PostgreSQL, with caches that processes share. Each commit is visible a while before its process can tell the cache, and now and
then a change is taken back.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests import factories
from tests.signups.test_processes import database_url

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BASE_DIR = Path(__file__).resolve().parents[3]
CROWD = [("publish", 1), ("publish", 2), ("read", 3), ("read", 4)]


@pytest.fixture
def files(tmp_path) -> dict:
    return {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path / "cache")}


@pytest.fixture
def redis(tmp_path):
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("no redis-server on this machine")
    socket = tmp_path / "redis"
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([server, *options], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"unix://{socket}"}
    finally:
        process.terminate()
        process.wait(20)


def run_crowd(cache: dict) -> list[dict]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CROWD_CACHES": json.dumps({"default": cache}),
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.programme.caching.crowd", role, str(number)],
            cwd=BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for role, number in CROWD
    ]
    try:
        # All begin together, however long they take to start; readers end when nobody changes anything any more.
        assert [process.stdout.readline() for process in processes] == ["ready\n"] * len(processes)
        for process in processes:
            tell(process)
        reports = [json.loads(process.communicate(timeout=300)[0]) for process in processes[:2]]
        for process in processes[2:]:
            tell(process)
        return reports + [json.loads(process.communicate(timeout=60)[0]) for process in processes[2:]]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def tell(process: subprocess.Popen) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.mark.parametrize("kind", ["files", "redis"])
def test_no_process_serves_what_another_has_changed(request, kind):
    cache = request.getfixturevalue(kind)
    for number in (1, 2):
        factories.CoordinatorFactory(name=str(number))
    reports = run_crowd(cache)
    done = sum((Counter(report["done"]) for report in reports), Counter())
    assert [wrong for report in reports for wrong in report["wrong"]] == []
    # Otherwise nothing was tried.
    for name in ("saved", "updated", "without_transaction", "taken_back"):
        assert done[name] > 5, done
    assert done["hit"] > 50, done
    assert done["miss"] > 50, done
