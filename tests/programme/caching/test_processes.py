"""Two processes publish, interleaved, two others read the same pages: what was committed is seen by the very next request.

On PostgreSQL, with caches that processes share. Each commit is visible a while before its process can tell the cache, and now and
then a change is taken back.
"""

import json
import shutil
import subprocess
import time
from collections import Counter

import pytest

from tests import factories
from tests.processes import begin_together, running, tell

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

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
    commands = [["tests.programme.caching.crowd", role, number] for role, number in CROWD]
    with running(*commands, CROWD_CACHES=json.dumps({"default": cache})) as processes:
        begin_together(processes)
        reports = [json.loads(process.communicate(timeout=300)[0]) for process in processes[:2]]
        # Readers end when nobody changes anything any more.
        for process in processes[2:]:
            tell(process)
        return reports + [json.loads(process.communicate(timeout=60)[0]) for process in processes[2:]]


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
