"""The job that makes the files: complete or not at all, older ones in their place until then, nothing left behind."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from ehrenamt_wagtail import models, pdf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.brochure import actions, files, rendering, work
from tests import factories
from tests.pdfs import read_pdf, text_of

from .brochures import brochure, made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "own_media")]


def stored() -> set[str]:
    try:
        return {f"ehrenamt/brochures/{name}" for name in default_storage.listdir("ehrenamt/brochures")[1]}
    except FileNotFoundError:
        return set()


def named() -> set[str]:
    return set(models.BrochureFile.objects.values_list("file", flat=True))


def run(of, actor, django_capture_on_commit_callbacks, format="a4") -> models.LongJob:
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.make(of, format=format, actor=actor)
    job.refresh_from_db()
    return job


def test_jobs_make_a_file_of_each_format_and_say_what_came_of_it(coordinator, django_capture_on_commit_callbacks):
    factories.published_offering(title="Grundlagen des Asylrechts", dates=[factories.in_days(9)])
    of = brochure()
    for format in ("a4", "a5"):
        job = run(of, coordinator, django_capture_on_commit_callbacks, format)
        assert job.status == "done"
        assert job.message.startswith(f"Das Programmheft mit 1 Angebot ist fertig: {format.upper()} mit ")
        assert format.upper() in work.title_of(job)
    assert work.result_url(job) == long_jobs.result_url_of(job) == f"/verwaltung/ehrenamt/brochures/{of.pk}/"
    newest = files.newest_files(of)
    assert [file.format for file in newest] == ["a4", "a5"]
    for file in newest:
        pages = read_pdf(file.file.read())
        assert (file.pages, file.offerings, file.made_by) == (len(pages.pages), 1, coordinator)
        assert "Grundlagen des Asylrechts" in text_of(pages)
    assert newest[1].pages % 4 == 0
    assert stored() == named()


def test_job_speaks_the_language_of_the_site_whoever_starts_it(coordinator, django_capture_on_commit_callbacks):
    from wagtail.users.models import UserProfile

    UserProfile.objects.create(user=coordinator, preferred_language="en")
    of = brochure()
    run(of, coordinator, django_capture_on_commit_callbacks)
    page = read_pdf(files.newest_files(of)[0].file.read())
    assert page.trailer["/Root"]["/Lang"].startswith("de") and "Die Angebote nach Datum" in text_of(page)


def test_progress_is_told_step_by_step():
    of = brochure()
    job = models.LongJob.objects.create(kind="brochure", subject=f"brochure:{of.pk}", params={"brochure": of.pk, "format": "a5"})
    steps = []
    work.make_files(job, lambda done, total: steps.append((done, total)))
    assert steps == [(number, work.STEPS) for number in range(work.STEPS + 1)]


def test_newer_files_take_the_place_of_older_ones(django_capture_on_commit_callbacks):
    of, other = brochure(), None
    other = brochure(title="Anderes", period=of.period)
    with django_capture_on_commit_callbacks(execute=True):
        files.keep(other.pk, made(1), offerings=1, made_by=None)
        files.keep(of.pk, made(1), offerings=1, made_by=None)
    older = stored()
    with django_capture_on_commit_callbacks(execute=True):
        files.keep(of.pk, made(2), offerings=2, made_by=None)
    assert [file.pages for file in files.newest_files(of)] == [2, 2]
    assert [file.pages for file in files.newest_files(other)] == [1, 1]
    assert stored() == named() and len(stored()) == 4 and older != stored()


def test_failure_leaves_the_older_files_and_nothing_else(monkeypatch, django_capture_on_commit_callbacks):
    of = brochure()
    with django_capture_on_commit_callbacks(execute=True):
        files.keep(of.pk, made(1), offerings=1, made_by=None)
    before = stored()

    save = models.BrochureFile.save

    def fail_on_second(self, *args, **kwargs):
        if self.format == "a5":
            raise OSError("no space left")
        save(self, *args, **kwargs)

    monkeypatch.setattr(models.BrochureFile, "save", fail_on_second)
    with pytest.raises(OSError, match="no space"), django_capture_on_commit_callbacks(execute=True):
        files.keep(of.pk, made(2), offerings=2, made_by=None)
    assert stored() == before == named()
    assert [file.pages for file in files.newest_files(of)] == [1, 1]


@pytest.mark.expected_errors("Long job .* attempt 1: RuntimeError")
def test_killed_job_leaves_no_half_brochure_and_is_made_again(coordinator, monkeypatch, django_capture_on_commit_callbacks):
    of = brochure()
    written = rendering.written

    def die(pages, contents, format):
        raise RuntimeError("killed")

    monkeypatch.setattr(rendering, "written", die)
    job = run(of, coordinator, django_capture_on_commit_callbacks)
    assert job.status == "waiting" and stored() == set() == named()
    monkeypatch.setattr(rendering, "written", written)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "done" and len(named()) == 1 and stored() == named()


def test_brochure_that_was_deleted_meanwhile_gets_no_files(coordinator):
    of = brochure()
    job = models.LongJob.objects.create(kind="brochure", subject="brochure:1", params={"brochure": of.pk, "format": "a4"})
    of.delete()
    with pytest.raises(NotAllowed, match="gelöscht"):
        work.make_files(job, lambda done, total: None)
    with pytest.raises(NotAllowed, match="gelöscht"):
        files.keep(of.pk or 0, made(1), offerings=1, made_by=None)
    assert stored() == set() and not models.BrochureFile.objects.exists()


def test_files_go_with_their_brochure(django_capture_on_commit_callbacks):
    of = brochure()
    files.keep(of.pk, made(1), offerings=1, made_by=None)
    assert len(stored()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        of.delete()
    assert stored() == set()


def test_old_orphans_are_removed_and_young_ones_may_belong_to_a_running_job():
    of = brochure()
    files.keep(of.pk, made(1), offerings=1, made_by=None)
    orphan = default_storage.save("ehrenamt/brochures/" + "0" * 32 + ".pdf", ContentFile(b"half"))
    assert files.remove_orphans() == 0 and orphan in stored()
    assert files.remove_orphans(timezone.now() + dt.timedelta(hours=1)) == 1
    assert stored() == named() and len(named()) == 2


def test_who_does_not_keep_brochures_starts_nothing():
    of = brochure()
    with pytest.raises(NotAllowed):
        actions.make(of, format="a4", actor=factories.member_of())
    assert not models.LongJob.objects.exists()


def test_without_the_extra_no_job_is_started(coordinator, monkeypatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    with pytest.raises(NotAllowed, match="drucken Sie die Seiten"):
        actions.make(brochure(), format="a4", actor=coordinator)
    assert not models.LongJob.objects.exists()


def test_two_clicks_are_one_job_of_each_format(coordinator, queued_jobs):
    of = brochure()
    jobs = [actions.make(of, format=format, actor=coordinator) for format in ("a4", "a5", "a4", "a5")]
    assert jobs[:2] == jobs[2:] and models.LongJob.objects.count() == 2


def test_new_file_leaves_that_of_the_other_format(coordinator, django_capture_on_commit_callbacks):
    of = brochure()
    with django_capture_on_commit_callbacks(execute=True):
        files.keep(of.pk, made(1), offerings=1, made_by=None)
    run(of, coordinator, django_capture_on_commit_callbacks, "a5")
    a4, a5 = files.newest_files(of)
    assert a4.file.read() == b"a4 1" and read_pdf(a5.file.read()).pages and stored() == named()
