"""Which long jobs there are, and who does them."""

from . import carrying, long_jobs
from .report import works as report_works
from .thanks import work as thanks_work


def register() -> None:
    """Make the works known; called in ``ready()``."""
    long_jobs.register_work(
        carrying.KIND,
        carrying.work,
        result_url=carrying.result_url,
        title=carrying.title_of,
        subjects_kept=carrying.subjects_kept,
    )
    report_works.register()
    thanks_work.register()
