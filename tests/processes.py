"""Real processes for what has to hold when several work on the tests' own database at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.db import connection

BASE_DIR = Path(__file__).resolve().parent.parent


@contextmanager
def running(*commands: list, **environment: str) -> Iterator[list[subprocess.Popen]]:
    """A process for each command, which is a module and its arguments; at the end whatever still runs is killed."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings", **environment}
    processes = []
    try:
        for command in commands:
            process = subprocess.Popen(
                [sys.executable, "-m", *map(str, command)],
                cwd=BASE_DIR,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            processes.append(process)
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()


def database_url() -> str:
    database = connection.settings_dict
    return f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"


def begin_together(processes: list[subprocess.Popen]) -> None:
    """Let them go on once each has said that it is ready, however long that takes."""
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * len(processes)
    for process in processes:
        tell(process)


def tell(process: subprocess.Popen) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()
