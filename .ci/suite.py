#!/usr/bin/env python
"""Everything ``make test`` runs, in the environment it is started with.

    python .ci/suite.py            checks, then all tests on SQLite, then on PostgreSQL those that need it
    python .ci/suite.py --lint     the checks only
    python .ci/suite.py --quick    migrations, then the tests without browser, without the thorough ones and those that need PostgreSQL

With DATABASE_URL the tests run once, on that database. With CI set nothing may be left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
PYTEST = [sys.executable, "-m", "pytest", "-q", "--durations=15", "-n", os.environ.get("TEST_WORKERS") or "2"]
MANAGE = [sys.executable, "manage.py"]

Step = tuple[str, list[str]]

LINT: list[Step] = [
    ("ruff", [str(BIN / "ruff"), "check", "."]),
    ("import contracts", [str(BIN / "lint-imports")]),
]
MIGRATIONS: list[Step] = [
    ("system checks", [*MANAGE, "check", "--fail-level", "WARNING"]),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
]


def planned_steps(options: argparse.Namespace) -> tuple[list[Step], list[str]]:
    """The steps to run and, in words, what is left out."""
    if options.quick:
        return [*MIGRATIONS, ("tests", [*PYTEST, "-m", "not browser and not postgres and not thorough"])], []
    steps = [*LINT, *MIGRATIONS]
    if options.lint:
        return steps, []
    left_out = []
    if not Path(CHROMIUM).exists():
        left_out.append(f"browser tests: no Chromium at {CHROMIUM} (CHROMIUM=/path/to/chromium)")
    if url := os.environ.get("DATABASE_URL"):
        steps.append(("tests on DATABASE_URL", PYTEST))
        if not url.startswith("postgres"):
            left_out.append("tests that need PostgreSQL: DATABASE_URL names another database")
    else:
        steps.append(("tests on SQLite", [*PYTEST, "-m", "not postgres"]))
        on_postgres = [sys.executable, ".ci/with_postgres.py", *PYTEST, "-m", "postgres"]
        steps.append(("tests on PostgreSQL", on_postgres))
    return steps, left_out


def run(step: Step) -> bool:
    name, command = step
    print(f"\n== {name}", flush=True)
    return subprocess.run(command, cwd=BASE_DIR).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lint", action="store_true", help="the checks only")
    parser.add_argument("--quick", action="store_true", help="no browser, nothing that takes long")
    options = parser.parse_args()
    steps, left_out = planned_steps(options)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    if options.quick:
        os.environ["QUICK_TESTS"] = "1"
    lines, failed = [], False
    for step in steps:
        started = time.monotonic()
        passed = run(step)
        failed = failed or not passed
        seconds = time.monotonic() - started
        lines.append(f"{'ok' if passed else 'FAILED':8}{step[0]} ({seconds:.0f} s)")
    lines += [f"{'LEFT OUT':10}{what}" for what in left_out]
    if left_out and os.environ.get("CI"):
        failed = True
        lines.append("CI leaves nothing out, so this is a failure.")
    print("\n== summary\n" + "\n".join(lines), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
