"""The page of the website that shows a released version: only of public reports, only what was released."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.report import actions, documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(report, district, monkeypatch):
    monkeypatch.setattr(documents, "pdf_of", lambda content: b"%PDF-1.7 frozen")

    def release(*, is_public: bool) -> models.ReportVersion:
        present = models.StatusReport.objects.get(pk=report.pk)
        present = actions.save_report(present, edition=present.edition, actor=district.coordinator, is_public=is_public)
        return actions.release(
            present, edition=present.edition, number=actions.next_number(present), actor=district.coordinator
        )

    return release


def page_of(home, version) -> models.StatusReportPage:
    page = models.StatusReportPage(title="Bericht im Netz", slug="bericht", intro="Zum Nachlesen.", version=version)
    return home.add_child(instance=page)


def test_page_shows_the_released_version_with_one_main_heading(home, release, client):
    page_of(home, release(is_public=True))
    html = client.get("/bericht/").content.decode()
    assert html.count("<h1") == 1 and "Bericht im Netz" in html and "Zum Nachlesen." in html
    assert "Ausgangslage und Zahlen" in html and "<svg" in html
    assert "/bericht/pdf/" in html and "/bericht/zahlen/" in html


def test_page_stays_when_the_data_change_and_until_the_editor_chooses_another(home, release, client):
    page = page_of(home, release(is_public=True))
    before = client.get("/bericht/").content
    models.CircleFigure.objects.filter(volunteers=40).update(volunteers=77)
    assert client.get("/bericht/").content == before
    page.version = release(is_public=True)
    page.save_revision().publish()
    after = client.get("/bericht/").content.decode()
    assert '<span class="ehrenamt-report__number">77</span>' in after


def test_files_of_the_page_are_those_of_the_version(home, release, client):
    version = release(is_public=True)
    page_of(home, version)
    answer = client.get("/bericht/pdf/")
    # The page may be withdrawn, or show another version: nobody in between keeps the file.
    assert answer.content == b"%PDF-1.7 frozen" and "no-store" in answer["Cache-Control"]
    assert client.get("/bericht/zahlen/").content == bytes(version.xlsx)


def test_report_that_is_not_public_is_neither_chosen_nor_shown(home, release, client):
    page = page_of(home, release(is_public=True))
    page.version = release(is_public=False)
    with pytest.raises(ValidationError):
        page.full_clean()
    models.StatusReportPage.objects.update(version=page.version)
    html = client.get("/bericht/").content.decode()
    assert "Ausgangslage" not in html and "Hier steht noch kein Bericht" in html
    assert client.get("/bericht/pdf/").status_code == 404
    assert client.get("/bericht/zahlen/").status_code == 404


def test_version_that_a_page_shows_is_not_lost(home, release):
    version = release(is_public=True)
    page = page_of(home, version)
    with pytest.raises(ProtectedError):
        version.delete()
    page.delete()
    assert models.ReportVersion.objects.get() == version


def test_page_without_a_version_says_so(home, release, client):
    page_of(home, release(is_public=True))
    models.StatusReportPage.objects.update(version=None)
    assert "Hier steht noch kein Bericht" in client.get("/bericht/").content.decode()
