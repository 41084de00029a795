"""On what and when it was measured, and the page of the documentation that says so."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from benchmarks.load import generator

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def machine() -> str:
    return f"{processor()}, {os.cpu_count()} cores"


def processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def versions() -> str:
    packages = [f"{name} {version(name.lower())}" for name in ("Wagtail", "Django", "gunicorn", "icalendar")]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0].split()[0]
    return ", ".join([f"Python {platform.python_version()}", *packages, f"PostgreSQL {postgres}", redis(), generator()])


def redis() -> str:
    if not (server := shutil.which("redis-server")):
        return "no Redis here"
    output = subprocess.run([server, "--version"], capture_output=True, text=True).stdout
    return "Redis " + re.search(r"v=(\S+)", output)[1]


def measured(table: str, *, today: dt.date, minutes: float) -> str:
    facts = f"Measured on {today.isoformat()} in {minutes:.0f} minutes: {machine()}; {versions()}."
    return f"{facts}\n\n{table}"


def write(text: str) -> None:
    """Put the text into the page, in place of what was measured before. Raises ``ValueError`` when its place is not marked."""
    page = PAGE.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE} lacks {BEGIN} or {END}")
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
