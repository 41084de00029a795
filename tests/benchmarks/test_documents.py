"""Whether the benchmark of reports and brochures tells what was missed."""

from benchmarks import documents
from benchmarks.documents import BROCHURE_SECONDS, FORMATS, REPORT_MEGABYTES, REPORT_SECONDS, missed_by_brochure, missed_by_report


def job(seconds: float, megabytes: int = 1, **facts) -> dict:
    return {"name": "making a brochure", "seconds": seconds, "megabytes": megabytes, **facts}


def test_both_jobs_of_a_report_together_keep_the_time_and_each_the_memory():
    assert missed_by_report([job(REPORT_SECONDS / 2, REPORT_MEGABYTES), job(REPORT_SECONDS / 2)]) == []
    assert missed_by_report([job(REPORT_SECONDS / 2), job(REPORT_SECONDS / 2 + 2)]) == [
        "the jobs of a report take 62 s; at most 60 s"
    ]
    assert missed_by_report([job(1), job(1, REPORT_MEGABYTES + 1)]) == ["the jobs of a report take 501 MB; at most 500 MB"]


def test_each_file_of_a_brochure_keeps_the_time_and_tells_how_far_it_is():
    assert missed_by_brochure(job(BROCHURE_SECONDS, told=True)) == ""
    assert missed_by_brochure(job(BROCHURE_SECONDS + 1, told=True)) == "making a brochure takes 21.0 s; at most 20 s"
    assert missed_by_brochure(job(1, told=False)) == "making a brochure told nobody how far it is"


def test_late_file_of_a_brochure_is_made_again_alone_and_the_fastest_counts(monkeypatch):
    asked, seconds = [], iter([25, 15, 22, 24])

    def made(formats: list[str]) -> list[dict]:
        asked.append(formats)
        return [job(next(seconds), format=format) for format in formats]

    monkeypatch.setattr(documents, "made", made)
    assert [(one["format"], one["seconds"]) for one in documents.brochures()] == [("a5", 22), ("a4", 15)]
    assert asked == [FORMATS, ["a5"], ["a5"]]
