"""Servers for the time of a measurement, each on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 20  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*commands: list, port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run ``commands`` until the block ends; it begins when one of them listens on ``port``. Raises ``RuntimeError``."""
    processes: list[subprocess.Popen] = []
    try:
        for command in commands:
            processes.append(
                subprocess.Popen(
                    command,
                    cwd=BASE_DIR,
                    env={**os.environ, **(environment or {})},
                    # Groups of their own: their children end with them.
                    start_new_session=True,
                    stdout=subprocess.DEVNULL,
                )
            )
        wait_for(port, processes)
        yield
    finally:
        for process in processes:
            end(process, signal.SIGTERM)
        for process in processes:
            try:
                process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                end(process, signal.SIGKILL)
                process.wait()


def wait_for(port: int, processes: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        ended = [process.args for process in processes if process.poll() is not None]
        if ended or time.monotonic() > deadline:
            raise RuntimeError(f"nothing listens on port {port}; ended: {ended}")
        time.sleep(0.1)


def end(process: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def gunicorn(application: str, *, workers: int, port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", application, "--workers", str(workers), "--bind", f"127.0.0.1:{port}"]
    return [*command, "--log-level", "warning"]


@contextmanager
def running_redis() -> Iterator[str | None]:
    """Yield the address of a Redis that keeps nothing on disk; ``None`` where there is none."""
    server = shutil.which("redis-server")
    if server is None:
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="ehrenamt-redis-") as folder:
        command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        with running(command, port=port):
            yield f"redis://127.0.0.1:{port}/0"
