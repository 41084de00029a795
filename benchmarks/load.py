#!/usr/bin/env python
"""How many answers a second an address gives: by wrk where it is installed, else by some processes of our own.

Each request opens a connection, since gunicorn's sync workers keep none. This file is also the program of each process.
"""

from __future__ import annotations

import http.client
import itertools
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TURNS = str(Path(__file__).with_name("turns.lua"))
TIMEOUT = 60  # seconds
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True)
class Load:
    """``rate`` is answers a second, ``median`` the seconds that half of them took at most."""

    rate: float
    median: float


def generator() -> str:
    """What makes the load, with its version."""
    if not (wrk := shutil.which("wrk")):
        return "a load generator in Python"
    # It prints its version along with how to use it, and ends with 1.
    return " ".join(subprocess.run([wrk, "--version"], capture_output=True, text=True).stdout.split()[:2])


def put_load(urls: list[str], *, connections: int, seconds: int, headers: dict[str, str]) -> Load:
    """Ask for ``urls`` of one host in turn, over so many connections at once; longer when nothing was answered in this time.

    Raises ``RuntimeError`` when an answer is an error, or nothing is answered.
    """
    measure = by_wrk if shutil.which("wrk") else by_processes
    for longer in (1, 5, 20):
        if load := measure(urls, connections, seconds * longer, headers):
            return load
    raise RuntimeError(f"{urls[0]}: no answer")


def by_wrk(urls: list[str], connections: int, seconds: int, headers: dict[str, str]) -> Load | None:
    url = urls[0]
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency"]
    command += ["--timeout", f"{TIMEOUT}s"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as addresses:
        if len(urls) > 1:
            base = "{0.scheme}://{0.netloc}".format(urlsplit(url))
            addresses.write("\n".join(each.removeprefix(base) for each in urls))
            addresses.flush()
            command += ["--script", TURNS, url, "--", addresses.name]
        else:
            command += [url]
        output = subprocess.run(command, capture_output=True, text=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", output)
    rate, median = re.search(r"Requests/sec:\s+([\d.]+)", output), re.search(r"50%\s+([\d.]+)(us|ms|s|m)", output)
    if wrong or not rate:
        raise RuntimeError(f"{url}: {wrong[0] if wrong else output}")
    if not float(rate[1]):
        return None
    return Load(rate=float(rate[1]), median=float(median[1]) * UNITS[median[2]])


def by_processes(urls: list[str], connections: int, seconds: int, headers: dict[str, str]) -> Load | None:
    begin = time.time() + 0.5
    options = [str(begin), str(seconds), json.dumps(headers)]
    clients = []
    for number in range(connections):
        # Each begins at another one.
        turned = urls[number % len(urls) :] + urls[: number % len(urls)]
        command = [sys.executable, __file__, json.dumps(turned), *options]
        clients.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    outputs = [client.communicate()[0] for client in clients]
    if any(client.returncode for client in clients):
        raise RuntimeError(f"{urls[0]}: a client failed")
    durations = [duration for output in outputs for duration in json.loads(output)]
    return Load(rate=len(durations) / seconds, median=statistics.median(durations)) if durations else None


def ask(url: str, headers: dict[str, str]) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request; gives status, headers and body."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def client(urls: list[str], begin: float, seconds: float, headers: dict[str, str]) -> list[float]:
    """One process: ask again and again; the durations of the answers that came in time."""
    time.sleep(max(0, begin - time.time()))
    durations: list[float] = []
    end = begin + seconds
    for url in itertools.cycle(urls):
        started = time.time()
        status, _headers, _body = ask(url, headers)
        finished = time.time()
        if status >= 400:
            raise RuntimeError(f"{url} answered {status}")
        if finished > end:
            return durations
        durations.append(finished - started)
    raise ValueError("no address")


if __name__ == "__main__":
    print(json.dumps(client(json.loads(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), json.loads(sys.argv[4]))))
