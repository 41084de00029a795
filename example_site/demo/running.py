"""Start the demonstration for a test or for screenshots, on a free port with data of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUN = Path(__file__).parent / "run.py"
START_TIMEOUT = 240  # seconds, loading the data included
STOP_TIMEOUT = 30  # seconds


@contextmanager
def running_demo(var_dir: Path, *, settings: str = "example_site.settings") -> Iterator[str]:
    """Run ``make demo``'s script with its data below ``var_dir``; gives the address without trailing slash, then stops it.

    Raises ``RuntimeError`` with the end of its output when it does not answer within ``START_TIMEOUT`` seconds.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "PORT": str(port),
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": f"sqlite:///{var_dir / 'demo.sqlite3'}",
    }
    environment.pop("MAKELEVEL", None)
    log_path = var_dir / "demo.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(RUN)], env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            wait_until_it_answers(process, url, log_path)
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(process: subprocess.Popen[bytes], url: str, log_path: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/", timeout=10).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise RuntimeError("The demonstration does not answer:\n" + log_path.read_text(errors="replace")[-4000:])
