#!/usr/bin/env python
"""Prepare and run the demonstration: web server and job cluster together, until Ctrl-C.

    python example_site/demo/run.py            what ``make demo`` calls
    python example_site/demo/run.py --reset    throw the demonstration's data away and load it anew
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

BASE_DIR = Path(__file__).resolve().parent.parent.parent
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = int(os.environ.get("PORT") or 8000)
MANAGE = [sys.executable, str(BASE_DIR / "manage.py")]
# Taken before anything else: whoever started this may be gone by the time it runs.
PARENT = os.getppid()
START_TIMEOUT = 60  # seconds
STOP_TIMEOUT = 15  # seconds

PASSWORD = "ehrenamt-demo"
ACCOUNTS = [
    ("admin", "technische Verwaltung (alle Rechte)"),
    ("koordination", "Ehrenamtskoordination: prüft und veröffentlicht"),
    ("redaktion", "Redaktion der Website"),
    ("caritas", "Wohlfahrtsverband, verwaltet die Zugänge"),
    ("herrenberg", "Stadt"),
    ("kirche", "Kirchengemeinde"),
    ("ak-renningen", "Sprecherin eines Arbeitskreises"),
    ("supervision", "Supervisor"),
]
ADDRESSES = [
    ("/", "Startseite"),
    ("/programm/", "Programm"),
    ("/arbeitskreise/", "Arbeitskreise"),
    ("/partner/", "Partnerbereich"),
    ("/verwaltung/", "Verwaltung (Wagtail)"),
    ("/demo/post/", "Postfach: alle E-Mails der Vorführung"),
]


class Stopped(Exception):
    """Somebody asked the demonstration to end."""


def stop_requested(signum: int, frame: FrameType | None) -> None:
    raise Stopped


def manage(*arguments: str) -> None:
    """Run a management command; ends the script if it fails."""
    result = subprocess.run([*MANAGE, *arguments], cwd=BASE_DIR)
    if result.returncode:
        sys.exit(f"»manage.py {' '.join(arguments)}« ist fehlgeschlagen.")


def port_is_taken() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, PORT)) == 0


def require_free_port() -> None:
    if port_is_taken():
        sys.exit(
            f"Auf Port {PORT} läuft schon etwas, vielleicht eine zweite Vorführung. Beenden Sie es"
            f" oder wählen Sie einen anderen Port: make demo PORT={PORT + 1}"
        )


def prepare() -> None:
    """Bring database, groups and demonstration data up to date; existing data stay."""
    from django.core.management import get_commands

    manage("migrate", "--verbosity", "0")
    for command in ("load_demo", "ehrenamt_setup"):
        if command in get_commands():
            manage(command)


def reset() -> None:
    """Delete the demonstration's data."""
    from django.conf import settings
    from django.db import connection

    if not settings.DEMO:
        sys.exit("Das ist keine Vorführung (DEMO=0): Es wurde nichts gelöscht.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    else:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
    connection.close()
    for folder in (settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH):
        shutil.rmtree(folder, ignore_errors=True)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    # Its own group: Ctrl-C reaches this script alone, which then stops both in order.
    return subprocess.Popen([*MANAGE, *arguments], cwd=BASE_DIR, start_new_session=True)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, wait, and end by force whatever is left of their groups."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_TIMEOUT
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def wait_until_it_answers(server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and server.poll() is None:
        if port_is_taken():
            return
        time.sleep(0.2)
    sys.exit("Der Webserver ist nicht gestartet; die Meldung steht weiter oben.")


def print_welcome() -> None:
    width = max(len(address) for address, _ in ADDRESSES) + len(f"http://localhost:{PORT}")
    lines = ["", "Die Vorführung läuft. Strg-C beendet sie; die Daten bleiben erhalten.", ""]
    for address, name in ADDRESSES:
        lines.append(f"  {f'http://localhost:{PORT}{address}'.ljust(width)}  {name}")
    lines += ["", f"Zugänge, alle mit dem Passwort {PASSWORD}:", ""]
    lines += [f"  {account.ljust(14)}{role}" for account, role in ACCOUNTS]
    print("\n".join([*lines, ""]), flush=True)


def run() -> int:
    """Run both processes until one ends or somebody stops them; returns the exit code."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        # DEBUG is off: --insecure serves static files all the same.
        address = f"{HOST}:{PORT}"
        processes.append(start("runserver", address, "--noreload", "--insecure"))
        processes.append(start("qcluster"))
        wait_until_it_answers(processes[0])
        print_welcome()
        while all(process.poll() is None for process in processes):
            # A killed make cannot pass anything on.
            if "MAKELEVEL" in os.environ and os.getppid() != PARENT:
                return 1
            time.sleep(0.5)
        print("Die Vorführung endet, weil einer ihrer beiden Dienste geendet hat.", flush=True)
        return 1
    except (KeyboardInterrupt, Stopped):
        print("\nDie Vorführung wird beendet …", flush=True)
        return 0
    finally:
        # From here on a second Ctrl-C must not leave anything behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(processes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reset", action="store_true", help="delete the data and load them anew")
    options = parser.parse_args()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    os.environ["PORT"] = str(PORT)
    # Visitors see the site's own pages for what is missing or fails; DEBUG=1 shows Django's.
    os.environ.setdefault("DEBUG", "0")
    sys.path.insert(0, str(BASE_DIR))
    import django

    django.setup()
    signal.signal(signal.SIGTERM, stop_requested)
    signal.signal(signal.SIGHUP, stop_requested)
    try:
        require_free_port()
        if options.reset:
            reset()
            prepare()
            print("Die Daten sind neu geladen. »make demo« startet die Vorführung.")
            return 0
        prepare()
        return run()
    except (KeyboardInterrupt, Stopped):
        return 130


if __name__ == "__main__":
    sys.exit(main())
