"""Two coordinators at the same moment, on a real PostgreSQL with real threads."""

import pytest

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import StaleRevision
from ehrenamt_wagtail.reporting.report import actions, documents
from tests.threads import at_once

from .reading import body_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

ROUNDS = pytest.mark.parametrize("round_", range(3))


@pytest.fixture
def written():
    """Nothing of the district's data is needed."""
    from tests import factories

    one, other = factories.coordinator_user(), factories.coordinator_user()
    report = models.StatusReport.objects.create(
        title="Bericht", first_day="2026-01-01", last_day="2026-06-30", drafted_at="2026-07-01T12:00Z", body=body_of("Text.")
    )
    return models.StatusReport.objects.get(pk=report.pk), one, other


def released(report, actor, **kwargs):
    return actions.release(report, edition=report.edition, number=1, actor=actor, **kwargs)


@ROUNDS
def test_of_two_releases_at_once_one_is_told_of_the_other(written, round_, monkeypatch):
    monkeypatch.setattr(documents, "pdf_of", lambda content: b"%PDF")
    report, one, other = written
    results = at_once(*[lambda actor=actor: released(report, actor) for actor in (one, other)])
    refused = [result for result in results if isinstance(result, StaleRevision)]
    kept = models.ReportVersion.objects.get()
    assert len(refused) == 1 and "Fassung 1" in refused[0].message
    assert kept in results and kept.number == 1 and kept.released_by in (one, other)


@ROUNDS
def test_one_job_that_runs_twice_at_once_releases_once(written, round_, monkeypatch):
    monkeypatch.setattr(documents, "pdf_of", lambda content: b"%PDF")
    report, one, _other = written
    job = actions.start_release(report, edition=report.edition, number=1, actor=one)
    results = at_once(*[lambda: released(report, one, job=job) for _number in range(2)])
    assert [version.number for version in results] == [1, 1]
    assert models.ReportVersion.objects.count() == 1


@ROUNDS
def test_two_saves_at_once_lose_nothing_silently(written, round_):
    report, one, other = written
    results = at_once(
        *[
            lambda actor=actor: actions.save_report(report, edition=report.edition, actor=actor, developments=f"Von {actor.pk}.")
            for actor in (one, other)
        ]
    )
    refused = [result for result in results if isinstance(result, StaleRevision)]
    saved = [result for result in results if isinstance(result, models.StatusReport)]
    assert len(refused) == len(saved) == 1
    assert models.StatusReport.objects.get().developments == saved[0].developments


@ROUNDS
def test_two_clicks_start_one_draft(written, round_):
    _report, one, other = written
    report = models.StatusReport.objects.create(title="Neu", first_day="2026-01-01", last_day="2026-06-30")
    results = at_once(*[lambda actor=actor: actions.start_draft(report, actor=actor).pk for actor in (one, other)])
    assert results[0] == results[1] and models.LongJob.objects.count() == 1
