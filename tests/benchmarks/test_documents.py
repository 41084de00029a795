"""Whether the benchmark of the status report tells what was missed."""

from benchmarks.documents import REPORT_MEGABYTES, REPORT_SECONDS, missed


def job(seconds: float, megabytes: int) -> dict:
    return {"seconds": seconds, "megabytes": megabytes}


def test_both_jobs_together_keep_the_time_and_each_the_memory():
    assert missed([job(REPORT_SECONDS / 2, REPORT_MEGABYTES), job(REPORT_SECONDS / 2, 1)]) == []
    assert missed([job(REPORT_SECONDS / 2, 1), job(REPORT_SECONDS / 2 + 2, 1)]) == [
        "the jobs of a report take 62 s; at most 60 s"
    ]
    assert missed([job(1, 1), job(1, REPORT_MEGABYTES + 1)]) == ["the jobs of a report take 501 MB; at most 500 MB"]
