#!/usr/bin/env python
"""How many visitors a second the programme serves, against what Django and Wagtail serve at best, at any number of offerings.

    python .ci/with_postgres.py python benchmarks/serving.py [--quick] [--write] [--most 10000] [--profile "list, page 1"]

Prints one table, see the README.md beside this file, and ends with 1 when a goal is missed; with ``--quick`` when not even
``QUICK_SHARE`` of it is reached. ``--write`` puts the table into docs/performance.md. ``--profile`` measures nothing, but says where
the time of one request goes. Works in the database that DATABASE_URL names and fills its tables: never point it at one that matters.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE_DIR))
os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floors.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import goals, processes, profiling, publishing, report, tree  # noqa: E402
from benchmarks.goals import LARGE, SIZES, Request  # noqa: E402
from benchmarks.load import Load, ask, put_load  # noqa: E402
from benchmarks.offerings import District, month_after, offering  # noqa: E402
from benchmarks.results import Results, misses, table  # noqa: E402

ROUNDS = 3
SECONDS, QUICK_SECONDS = 3, 1
# Each of the workers should have answered before it counts.
WARM_UP = 10


@dataclass
class Site:
    """A running site. ``base`` is its address; ``known`` says which requests it has answered as they should be."""

    base: str
    facts: dict[str, str]
    results: Results
    known: dict[Request, dict[str, str]] = field(default_factory=dict)

    def urls(self, request: Request) -> list[str]:
        url = self.base + goals.address(request, self.facts)
        towns = self.facts["towns"].split() if request.turns else []
        values = range(1, request.turns + 1)
        return [f"{url}?gemeinde={town}&{request.turning}={value}" for value in values for town in towns] or [url]

    def is_right(self, request: Request, *, not_modified: bool = False) -> bool:
        """Ask a few times to warm up; whether it answers as it should. What is wrong is noted once."""
        if request not in self.known:
            # By the name that the site has in Wagtail: calendars keep their text for that.
            headers = {"Accept-Encoding": "identity", "Host": "localhost"}
            for _time in range(WARM_UP):
                status, fields, body = ask(self.urls(request)[0], headers)
            shown = body.decode().count(request.text.format(**self.facts))
            wrong = status != 200 or shown < request.times
            if not wrong and not_modified:
                headers["If-None-Match"] = fields.get("ETag", "")
                status = ask(self.urls(request)[0], headers)[0]
                wrong = status != 304
            if wrong:
                self.results.wrong.append(f"{request.name}: answered {status} and showed {shown}, not {request.times}")
            self.known[request] = {} if wrong else headers
        return bool(self.known[request])

    def measure(self, request: Request, *, seconds: int) -> Load:
        return put_load(self.urls(request), connections=request.connections, seconds=seconds, headers=self.known[request])


@contextmanager
def running_site(results: Results, facts: dict[str, str], *, workers: int, **environment: str) -> Iterator[Site]:
    port = processes.free_port()
    command = processes.gunicorn("example_site.wsgi", workers=workers, port=port)
    with processes.running(command, port=port, environment=environment):
        yield Site(f"http://127.0.0.1:{port}", facts, results)


def facts_of(district: District) -> dict[str, str]:
    """What the addresses name: an offering with dates to come, a month, a topic."""
    shown = offering(1, district)
    following = month_after(district.today.replace(day=1), 1)
    return {
        "offering": shown.slug,
        "title": shown.title,
        "towns": " ".join(venues[0].municipality.slug for venues in district.venues.values()),
        "month": f"{district.month.year}/{district.month.month}",
        "topic": district.topics[0].slug,
        "from": following.isoformat(),
        "to": following.replace(day=28).isoformat(),
    }


def measure_size(size: int, facts: dict[str, str], results: Results, *, quick: bool) -> None:
    """All rounds with so many offerings."""
    requests = goals.asked(goals.ROUND, size=size, quick=quick)
    with running_site(results, facts, workers=2) as site:
        for number in range(1, ROUNDS + 1):
            tell(f"{size:,} offerings, round {number} of {ROUNDS}")
            latest: dict[str, float] = {}
            for request in requests:
                if not site.is_right(request):
                    continue
                load = site.measure(request, seconds=max(QUICK_SECONDS if quick else SECONDS, request.seconds))
                latest[request.name] = load.rate
                floors = {floor: latest[floor] for floor in request.floors if floor in latest}
                results.add(request.name, size, load, floors)
    count_queries(size, facts, results)


def count_queries(size: int, facts: dict[str, str], results: Results) -> None:
    """In this process, on the same database, when all that a process keeps is there."""
    client = Client()
    for request in dict.fromkeys(goals.asked(goals.ROUND, size=size, quick=False)):
        address = goals.address(request, facts)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        results.queries[request.name, size] = len(queries)


def measure_cached(cache: str, size: int, facts: dict[str, str], results: Results, *, quick: bool) -> None:
    """What the cache answers, against the plain view of as many processes that do not have the cache."""
    with ExitStack() as stack:
        environment = {"BENCHMARK_CACHED": "1"}
        if cache == goals.WITH_REDIS:
            redis = stack.enter_context(processes.running_redis())
            if redis is None:
                results.absent[goals.plain_of(cache)] = "no Redis here"
                return
            workers, environment["REDIS_URL"] = 2, redis
        else:
            workers, environment["BENCHMARK_ONE_PROCESS"] = 1, "1"
        bare = stack.enter_context(running_site(results, facts, workers=workers))
        cached = stack.enter_context(running_site(results, facts, workers=workers, **environment))
        seconds = QUICK_SECONDS if quick else SECONDS
        floor = goals.plain_of(cache)
        for number in range(1, ROUNDS + 1):
            tell(f"cache: {cache}, round {number} of {ROUNDS}")
            for request in goals.asked(goals.CACHED, size=size, quick=quick):
                assert bare.is_right(goals.plain)
                plain = bare.measure(goals.plain, seconds=seconds)
                results.add(floor, size, plain, {})
                for how in (goals.FROM_CACHE, goals.NOT_MODIFIED):
                    given = goals.of_cache(request, how, cache)
                    if cached.is_right(given, not_modified=how == goals.NOT_MODIFIED):
                        results.add(given.name, size, cached.measure(given, seconds=seconds), {floor: plain.rate})


def tell(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def measure(*, quick: bool, sizes: tuple[int, ...]) -> Results:
    results = Results(sizes)
    call_command("migrate", verbosity=0)
    district = tree.build_site(timezone.localdate())
    facts = facts_of(district)
    for size in sizes:
        tell(f"writing {size:,} offerings")
        tree.grow(district, size, indexed=not quick)
        measure_size(size, facts, results, quick=quick)
        # A long run that is broken off should not have been for nothing.
        tell(table(results))
    for cache in goals.CACHED_GOALS:
        measure_cached(cache, sizes[-1], facts, results, quick=quick)
    tell("publishing")
    results.publishing[sizes[-1]] = publishing.measure()
    return results


def print_profile(name: str, size: int) -> None:
    call_command("migrate", verbosity=0)
    district = tree.build_site(timezone.localdate())
    tree.grow(district, size, indexed=False)
    request = next(request for request in goals.ROUND if request.name == name)
    print(profiling.profile(goals.address(request, facts_of(district))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer offerings and shorter, judged by a share of each goal")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--most", type=int, default=LARGE, choices=SIZES, help="the largest number of offerings")
    names = dict.fromkeys(request.name for request in goals.ROUND)
    parser.add_argument("--profile", choices=list(names), metavar="REQUEST", help=f"one of: {'; '.join(names)}")
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("This needs PostgreSQL: python .ci/with_postgres.py python benchmarks/serving.py")
    if options.profile:
        print_profile(options.profile, options.most)
        return 0
    started = time.monotonic()
    most = min(options.most, goals.MIDDLE) if options.quick else options.most
    results = measure(quick=options.quick, sizes=tuple(size for size in SIZES if size <= most))
    text = report.measured(table(results), today=timezone.localdate(), minutes=(time.monotonic() - started) / 60)
    print(f"\n{text}\n")
    if options.write:
        report.write(text)
    found = misses(results, quick=options.quick)
    for miss in found:
        print("MISSED  " + miss)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
