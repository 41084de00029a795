"""A worker of its own that does one long job until it is killed; see ``killing.killed_at``.

    python -m tests.reporting.job_process JOB MODULE:NAME before|after CALL

Prints "waiting" and waits for ever at the given call of the function that ``MODULE:NAME`` names: before it does anything, or when it
has done its work and not returned. Prints "done" if the job comes to its end without that.
"""

import os
import sys
import time
from functools import reduce
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from ehrenamt_wagtail.reporting import jobs  # noqa: E402


def main(job_id: int, place: str, when: str, number: int) -> None:
    module, _colon, name = place.partition(":")
    *classes, attribute = name.split(".")
    owner = reduce(getattr, classes, import_module(module))
    function, calls = getattr(owner, attribute), 0

    def watched(*args, **kwargs):
        nonlocal calls
        calls += 1
        if (calls, when) == (number, "before"):
            wait()
        result = function(*args, **kwargs)
        if (calls, when) == (number, "after"):
            wait()
        return result

    setattr(owner, attribute, watched)
    jobs.run_long_job(job_id)
    print("done", flush=True)


def wait() -> None:
    print("waiting", flush=True)
    time.sleep(120)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
