"""Entry points of the job cluster; all may run any number of times and side by side."""

from . import actions, long_jobs
from .thanks import deletion


def run_long_job(job_id: int) -> None:
    """Do a long job, if there is anything to do and nobody is at it."""
    long_jobs.run(job_id)


def take_up_long_jobs() -> int:
    """Put long jobs into the queue again whose process died or whose last attempt failed; returns their number."""
    return long_jobs.take_up()


def delete_old_jobs() -> int:
    """Delete long jobs that ended half a year ago; returns their number."""
    return long_jobs.delete_old()


def remind_organisations() -> int:
    """Remind organisations without a contribution of editorial deadlines; returns the number of organisations."""
    return actions.remind_organisations()


def delete_thanked() -> int:
    """Delete the names of people who were thanked until yesterday; returns their number."""
    return deletion.delete_names()
