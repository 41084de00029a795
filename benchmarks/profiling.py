"""Where the time of one request goes: in this process, without a server."""

from __future__ import annotations

import cProfile
import io
import pstats
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

TIMES = 50
FUNCTIONS = 80


def profile(address: str) -> str:
    """Milliseconds of processor time of one answer, its queries with their seconds, and the functions that take most of it."""
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    # Before the next request: it empties Django's log.
    lines = [f"{query['time']} s  {query['sql']}" for query in queries]
    started = time.process_time()
    for _time in range(TIMES):
        client.get(address)
    spent = 1000 * (time.process_time() - started) / TIMES
    profiler = cProfile.Profile(time.process_time)
    with profiler:
        for _time in range(TIMES):
            client.get(address)
    functions = io.StringIO()
    pstats.Stats(profiler, stream=functions).sort_stats("cumulative").print_stats(FUNCTIONS)
    return "\n".join([f"{address}: {spent:.1f} ms of the processor, {len(lines)} queries", *lines, functions.getvalue()])
