"""Drafting and releasing a report and making a brochure, killed at any place: afterwards there is one whole result and no half one."""

import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.brochure import actions as brochures
from ehrenamt_wagtail.reporting.brochure import files
from ehrenamt_wagtail.reporting.brochure.rendering import Made
from ehrenamt_wagtail.reporting.figures.spans import half_years
from ehrenamt_wagtail.reporting.report import actions as reports
from ehrenamt_wagtail.reporting.report import chapters
from ehrenamt_wagtail.reporting.report.drafting import draft
from tests import factories
from tests.pdfs import read_pdf, text_of

from .brochures import brochure
from .killing import done_by_another, killed_at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

ENDED = ("ehrenamt_wagtail.reporting.long_jobs:_finish", "before", 1)


@pytest.fixture
def coordinator():
    factories.make_site()
    return factories.coordinator_user()


# A report


@pytest.fixture
def report(coordinator):
    """Not drafted yet."""
    span = half_years(2)[0]
    circle = factories.circle_page(title="Arbeitskreis Asyl")
    half = 1 if span.first.month == 1 else 2
    models.CircleFigure.objects.create(circle=circle, year=span.first.year, half=half, volunteers=40, groups=3)
    return models.StatusReport.objects.create(
        title="Sachstandsbericht",
        first_day=span.first,
        last_day=span.last,
        sections=[key for key, _heading in chapters.choices()],
        created_by=coordinator,
        changed_by=coordinator,
    )


def draft_of(report) -> tuple:
    return report.drafted_at is not None, len(report.body), report.edition, bool(report.headlines)


@pytest.mark.parametrize(
    ("place", "when", "call", "is_committed"),
    [
        ("ehrenamt_wagtail.reporting.report.drafting:chapter_of", "after", 5, False),
        # Written, and not committed.
        ("ehrenamt_wagtail.reporting.models.report:StatusReport.save", "after", 1, False),
        (*ENDED, True),
    ],
)
def test_draft_is_whole_or_not_there_at_all(report, coordinator, place, when, call, is_committed):
    job = reports.start_draft(report, actor=coordinator)
    killed_at(job, place, when=when, call=call)
    whole = (True, len(chapters.CHAPTERS), 1, True)
    report.refresh_from_db()
    assert draft_of(report) == (whole if is_committed else (False, 0, 0, False))
    done_by_another(job)
    report.refresh_from_db()
    assert draft_of(report) == whole


@pytest.mark.parametrize(
    ("place", "when", "call", "is_committed"),
    [
        ("ehrenamt_wagtail.reporting.report.documents:pdf_of", "before", 1, False),
        ("ehrenamt_wagtail.reporting.models.report:ReportVersion.save", "after", 1, False),
        (*ENDED, True),
    ],
)
def test_release_makes_one_whole_version(report, coordinator, place, when, call, is_committed):
    assert draft(report)
    report.refresh_from_db()
    job = reports.start_release(report, edition=report.edition, number=1, actor=coordinator)
    killed_at(job, place, when=when, call=call)
    assert models.ReportVersion.objects.count() == is_committed
    kept = list(models.ReportVersion.objects.values())
    done_by_another(job)
    version = models.ReportVersion.objects.get()
    assert (version.number, version.job_id, version.report_id) == (1, job.pk, report.pk)
    assert not kept or kept == list(models.ReportVersion.objects.values())
    assert "Fassung 1" in text_of(read_pdf(bytes(version.pdf))) and bytes(version.xlsx)[:2] == b"PK" and version.content["number"] == 1


# A brochure


@pytest.fixture
def media(tmp_path, settings):
    """The same folder for this process and for the one that is killed."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def stored() -> set[str]:
    try:
        return {f"ehrenamt/brochures/{name}" for name in default_storage.listdir("ehrenamt/brochures")[1]}
    except FileNotFoundError:
        return set()


def named() -> set[str]:
    return set(models.BrochureFile.objects.values_list("file", flat=True))


def grow_old() -> None:
    """Files, as old as they are when the job of a dead process is taken up."""
    moment = (timezone.now() - long_jobs.ABANDONED_AFTER - timedelta(seconds=1)).timestamp()
    for name in stored():
        os.utime(default_storage.path(name), (moment, moment))


@pytest.mark.parametrize(
    ("place", "when", "call", "left"),
    [
        # Made, and not kept.
        ("ehrenamt_wagtail.reporting.brochure.rendering:written", "after", 1, (0, 0)),
        # The file is written, and its row is not committed.
        ("ehrenamt_wagtail.reporting.models.brochure:BrochureFile.save", "after", 1, (1, 0)),
        (*ENDED, (1, 1)),
    ],
)
def test_brochure_has_one_whole_file_and_nothing_lies_around(coordinator, media, place, when, call, left):
    factories.published_offering(title="Grundlagen des Asylrechts", dates=[factories.in_days(9)])
    of = brochure()
    job = brochures.make(of, format="a5", actor=coordinator)
    killed_at(job, place, when=when, call=call, var_dir=media)
    assert (len(stored()), len(named())) == left
    grow_old()
    done_by_another(job)
    assert stored() == named() and len(named()) == 1
    file = of.files.get()
    made = read_pdf(file.file.read())
    assert file.format == "a5" and len(made.pages) == file.pages and "Grundlagen des Asylrechts" in text_of(made)


def test_older_files_do_not_stay_when_a_worker_dies_before_it_removes_them(coordinator, media):
    of = brochure()
    files.keep(of.pk, {"a5": Made(b"older", 4)}, offerings=0, made_by=None)
    job = brochures.make(of, format="a5", actor=coordinator)
    killed_at(job, "ehrenamt_wagtail.reporting.brochure.files:remove", var_dir=media)
    assert len(stored()) == 2 and len(named()) == 1
    grow_old()
    done_by_another(job)
    assert stored() == named() and len(named()) == 1
    assert read_pdf(of.files.get().file.read()).pages
