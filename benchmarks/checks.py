#!/usr/bin/env python
"""Those benchmarks that take minutes, one after another; ends with 1 when one of them missed a promise.

    python .ci/with_postgres.py python benchmarks/checks.py

The server that DATABASE_URL names is migrated once, in a database of its own; each benchmark works in a copy, since migrating takes
longer than some of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

BASE_DIR = Path(__file__).resolve().parent.parent
CHECKS = ["coordination", "sign_ups", "figures"]
MIGRATED = "migrated"


def main() -> int:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        sys.exit("This needs PostgreSQL: python .ci/with_postgres.py python benchmarks/checks.py")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {MIGRATED}")
        run("manage.py", "migrate", "--verbosity", "0", url=url, database=MIGRATED, check=True)
        missed = [check for check in CHECKS if not is_kept(check, url, server)]
    if missed:
        print(f"\nMISSED in {', '.join(missed)}")
    return 1 if missed else 0


def is_kept(check: str, url: str, server: psycopg.Connection) -> bool:
    """Whether the benchmark keeps its promises."""
    server.execute(f"CREATE DATABASE {check} TEMPLATE {MIGRATED}")
    result = run(f"benchmarks/{check}.py", url=url, database=check)
    # What a killed process left connected, too.
    server.execute(f"DROP DATABASE {check} WITH (FORCE)")
    return result.returncode == 0


def run(*command: str, url: str, database: str, check: bool = False) -> subprocess.CompletedProcess:
    environment = {**os.environ, "DATABASE_URL": f"{url.rpartition('/')[0]}/{database}"}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    return subprocess.run([sys.executable, *command], cwd=BASE_DIR, env=environment, check=check)


if __name__ == "__main__":
    sys.exit(main())
