"""A worker of its own that does one long job; run by ``test_job_processes.py``, which kills it.

    python -m tests.reporting.carry_process JOB STOP_AT

Prints how many offerings are carried over after each one, and waits for ever once ``STOP_AT`` are: with ``.5`` inside of the
transaction of the next one, when its draft is written and the row that says so is not.
"""

import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from ehrenamt_wagtail.programme import actions  # noqa: E402
from ehrenamt_wagtail.reporting import carrying, jobs  # noqa: E402


def main(job_id: int, stop_at: float) -> None:
    done = 0
    carry_one, copy = carrying.carry_one, actions.carry_over

    def stop() -> None:
        print("waiting", flush=True)
        time.sleep(120)

    def noted(*args):
        nonlocal done
        if done == stop_at:
            stop()
        carry_one(*args)
        done += 1
        print(done, flush=True)

    def stopping(*args, **facts):
        made = copy(*args, **facts)
        if done + 0.5 == stop_at:
            stop()
        return made

    carrying.carry_one, actions.carry_over = noted, stopping
    jobs.run_long_job(job_id)
    print("done", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
