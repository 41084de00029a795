"""Status reports in the admin: beginning, own page, preview, files; and that nobody else reads or changes any of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years
from ehrenamt_wagtail.reporting.report import actions, documents
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(report, district, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(documents, "pdf_of", lambda content: b"%PDF-1.7 frozen")
        return actions.release(report, edition=report.edition, number=1, actor=district.coordinator)


def own(name, *args) -> str:
    return reverse(f"ehrenamt_admin:{name}", args=args)


def test_coordinator_begins_a_report_with_two_choices(district, client, django_capture_on_commit_callbacks):
    client.force_login(district.coordinator)
    page = client.get(reverse("ehrenamt_wagtail_statusreport_modeladmin_create"), follow=True).content.decode()
    span = half_years(2)[0]
    assert span.title in page and "Stellen der Ehrenamtskoordination" in page
    code = f"{span.first.isoformat()}_{span.last.isoformat()}"
    sent = {"title": "Bericht", "span": code, "comparison": "year_before", "sections": ["circles", "situation"]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(own("report_new"), sent)
    report = models.StatusReport.objects.get()
    assert answer.url == own("long_job", models.LongJob.objects.get().pk)
    assert report.span == (span.first, span.last)
    assert report.compared_span == (span.year_before().first, span.year_before().last)
    # In the order of the report, not of the clicks.
    assert report.sections == ["situation", "circles"] and len(report.body) == 2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "muss ausgefüllt werden"),
        ({"sections": []}, "muss ausgefüllt werden"),
        ({"span": "other"}, "Bitte geben Sie den Tag an"),
        ({"span": "other", "first_day": "2026-03-02", "last_day": "2026-03-01"}, "vor dem ersten"),
        ({"span": "2026-99-99_x"}, "gültig"),
    ],
)
def test_wrong_choices_are_told_and_begin_nothing(changed, says, district, client):
    client.force_login(district.coordinator)
    span = half_years(2)[0]
    sent = {
        "title": "Bericht",
        "span": f"{span.first.isoformat()}_{span.last.isoformat()}",
        "comparison": "none",
        "sections": ["circles"],
        **changed,
    }
    answer = client.post(own("report_new"), sent)
    assert answer.status_code == 200 and says in answer.content.decode()
    assert not models.StatusReport.objects.exists() and not models.LongJob.objects.exists()


def test_own_page_shows_where_the_report_stands(report, version, district, client):
    # Changed by somebody else since: who released it stands beside the version.
    models.StatusReport.objects.update(changed_by=district.other)
    client.force_login(district.other)
    page = client.get(own("report", report.pk)).content.decode()
    assert "Fassung 1" in page and "Karin Koordination" in page and "Als Fassung 2 freigeben" in page
    assert own("report_pdf", report.pk, 1) in page and own("report_xlsx", report.pk, 1) in page


def test_release_from_the_page_makes_a_version(report, district, client, django_capture_on_commit_callbacks):
    client.force_login(district.coordinator)
    seen = {"edition": report.edition, "number": 1}
    html = client.get(own("report", report.pk)).content.decode()
    assert all(f'name="{name}" value="{value}"' in html for name, value in seen.items())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(own("report_release", report.pk), seen)
    assert answer.url == own("long_job", models.LongJob.objects.get().pk)
    version = models.ReportVersion.objects.get()
    assert version.number == 1 and bytes(version.pdf).startswith(b"%PDF-")
    assert models.LongJob.objects.get().message == "Fassung 1 ist freigegeben. Sie ändert sich nie mehr."


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"edition": ""}, "inzwischen geändert"),
        ({"edition": "x"}, "inzwischen geändert"),
        ({"edition": "99"}, "inzwischen geändert"),
        ({"number": ""}, "Es wurde nichts freigegeben"),
        ({"number": "2"}, "Es wurde nichts freigegeben"),
    ],
)
def test_release_of_what_was_not_seen_is_refused(changed, message, report, district, client):
    client.force_login(district.coordinator)
    answer = client.post(own("report_release", report.pk), {"edition": report.edition, "number": 1, **changed}, follow=True)
    assert message in answer.content.decode()
    assert not models.ReportVersion.objects.exists() and not models.LongJob.objects.exists()


def test_preview_shows_the_figures_of_this_moment(report, district, client):
    client.force_login(district.coordinator)
    before = client.get(own("report_preview", report.pk)).content.decode()
    models.CircleFigure.objects.filter(volunteers=40).update(volunteers=77)
    after = client.get(own("report_preview", report.pk)).content.decode()
    assert '<span class="ehrenamt-report__number">40</span>' in before
    assert '<span class="ehrenamt-report__number">77</span>' in after


def test_files_of_a_version_are_those_that_were_released(report, version, district, client):
    client.force_login(district.coordinator)
    answer = client.get(own("report_pdf", report.pk, 1))
    assert answer.content == b"%PDF-1.7 frozen" and answer["Content-Type"] == "application/pdf"
    assert "sachstandsbericht-ehrenamt-1.pdf" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    assert client.get(own("report_xlsx", report.pk, 1)).content == bytes(version.xlsx)
    assert version.html in client.get(own("report_version", report.pk, 1)).content.decode()
    assert client.get(own("report_pdf", report.pk, 2)).status_code == 404


def test_version_without_a_pdf_has_no_file(report, district, client, monkeypatch):
    monkeypatch.setattr(documents, "is_available", lambda: False)
    actions.release(report, edition=report.edition, number=1, actor=district.coordinator)
    client.force_login(district.coordinator)
    assert client.get(own("report_pdf", report.pk, 1)).status_code == 404
    assert own("report_pdf", report.pk, 1) not in client.get(own("report", report.pk)).content.decode()


NAMES = ["report", "report_preview", "report_version", "report_pdf", "report_xlsx"]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_else_reads_a_report(name, report, version, district, client):
    address = own(name, report.pk, *([1] if name in ("report_version", "report_pdf", "report_xlsx") else []))
    for user in (None, factories.member_of(district.church), admin_without_group()):
        if user is not None:
            client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == 302
        assert b"frozen" not in answer.content and report.title.encode() not in answer.content


def admin_without_group():
    """Somebody who edits other parts of the website."""
    from django.contrib.auth.models import Permission

    user = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def test_nobody_else_changes_a_report(report, version, district, client):
    before = models.StatusReport.objects.values().get()
    edit = reverse("ehrenamt_wagtail_statusreport_modeladmin_edit", args=[report.pk])
    delete = reverse("ehrenamt_wagtail_statusreport_modeladmin_delete", args=[report.pk])
    for user in (factories.member_of(district.church), admin_without_group()):
        client.force_login(user)
        for address in (own("report_release", report.pk), own("report_draft", report.pk), own("report_new"), edit, delete):
            answer = client.post(address, {"edition": report.edition, "title": "Fremd"})
            assert answer.status_code == 302 and "/long_job" not in answer.url
    assert models.StatusReport.objects.values().get() == before
    assert models.ReportVersion.objects.count() == 1 and not models.LongJob.objects.exists()


def test_list_asks_as_often_for_many_reports_as_for_one(report, version, district, client, span):
    client.force_login(district.coordinator)
    address = reverse("ehrenamt_wagtail_statusreport_modeladmin_index")
    client.get(address)

    def queries() -> int:
        with CaptureQueriesContext(connection, ) as caught:
            page = client.get(address).content.decode()
        assert "Fassung 1" in page
        # What a version holds is long.
        assert not any('"ehrenamt_wagtail_reportversion"."pdf"' in query["sql"] for query in caught)
        return len(caught)

    one = queries()
    models.StatusReport.objects.bulk_create(
        models.StatusReport(title=f"Bericht {number}", first_day=span.first, last_day=span.last) for number in range(30)
    )
    assert queries() == one
