"""A release: values instead of figures, which stay whatever the data do."""

import datetime as dt

import pytest
from django.db.models import ProtectedError

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.figures.catalogue import figures
from ehrenamt_wagtail.reporting.figures.reading import Reading
from ehrenamt_wagtail.reporting.figures.shown import Shown
from ehrenamt_wagtail.reporting.figures.spans import Span
from ehrenamt_wagtail.reporting.report import actions, documents
from ehrenamt_wagtail.reporting.report.content import content_of
from tests import factories
from tests.pdfs import read_pdf, text_of

from .reading import body_of, chapter_content
from .times import evening

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_pdf(monkeypatch):
    """Most of the time of a release goes into its PDF."""
    monkeypatch.setattr(documents, "pdf_of", lambda content: b"%PDF-kept")


def released(report, actor) -> models.ReportVersion:
    return actions.release(report, edition=report.edition, number=actions.next_number(report), actor=actor)


def test_every_figure_of_the_report_is_that_of_the_catalogue(report, span):
    content = content_of(report)
    shown = Shown(Reading([span, span.year_before()]))
    told = {figure["key"]: figure for group in content["annex"] for figure in group["figures"]}
    assert set(told) == {figure.name for figure in figures()}
    for figure in figures():
        now, before = shown.cell(figure, span), shown.cell(figure, span.year_before())
        assert (told[figure.name]["text"], told[figure.name]["compared_text"]) == (now.text, before.text)
        assert told[figure.name]["definition"] == str(figure.definition)
        assert told[figure.name]["change"] == shown.change(figure, span, span.year_before())


def test_same_figure_reads_the_same_wherever_it_stands(report):
    content = content_of(report)
    # In the annex definitions are said in parts, too.
    told = {figure["key"]: figure for group in content["annex"] for figure in group["figures"]}
    blocks = [*chapter_content(content, "table"), {"figures": content["headlines"]}]
    shown = [figure for block in blocks for figure in block["figures"]]
    shown += [block["figure"] for block in chapter_content(content, "figure")]
    assert shown
    for figure in shown:
        assert figure.items() <= told[figure["key"]].items()


def test_tables_of_the_charts_add_up(report, span):
    charts = {block["chart"]["key"]: block["chart"] for block in chapter_content(content_of(report), "chart")}
    for key in ("kinds", "organisers"):
        assert [sum(row["numbers"][place] for row in charts[key]["rows"]) for place in (0, 1)] == [3, 1]
    # Each circle's latest statement counts on for a year.
    years = {row["head"]: row["numbers"] for row in charts["volunteers"]["rows"]}
    assert years[str(span.first.year - 1)][0 if span.first.month == 1 else 1] == 50
    assert years[str(span.first.year)][0 if span.first.month == 1 else 1] == 40
    focus = {row["head"]: row["numbers"] for row in charts["focus"]["rows"]}
    assert [sum(numbers) for numbers in focus.values()] == [1, 3] and len(charts["focus"]["columns"]) == 1 + 6
    towns = {row["head"]: row["numbers"] for row in charts["towns"]["rows"]}
    assert towns == {"Herrenberg": [1, 1], "Sindelfingen": [2, 0]}
    assert "Leerstadt" in charts["towns"]["description"]


def test_release_keeps_who_when_and_all_that_was_said(report, district, no_pdf):
    version = released(report, district.coordinator)
    assert (version.number, version.released_by, version.released_by_name) == (1, district.coordinator, "Karin Koordination")
    assert version.content["number"] == 1 and version.content["title"] == report.title
    assert "Ausgangslage und Zahlen" in version.html and "<svg" in version.html
    assert bytes(version.pdf) == b"%PDF-kept" and version.xlsx


def test_what_was_released_stays_when_the_data_and_the_report_change(report, district, span, no_pdf):
    first = released(report, district.coordinator)
    kept = models.ReportVersion.objects.values().get()
    factories.published_offering(dates=[evening(span.first + dt.timedelta(days=5))], organisation=district.church)
    models.CircleFigure.objects.update(volunteers=1)
    models.OfferingPage.objects.filter(title="Abend 0").first().delete()
    report = actions.save_report(report, edition=report.edition, actor=district.other, body=body_of("Alles neu."), title="Anders")
    assert models.ReportVersion.objects.values().get() == kept
    second = released(report, district.other)
    assert second.number == 2 and "Alles neu." in second.html and "Alles neu." not in first.html
    assert models.ReportVersion.objects.filter(number=1).values().get() == kept
    numbers = [
        {figure["key"]: figure["text"] for group in version.content["annex"] for figure in group["figures"]}
        for version in (models.ReportVersion.objects.get(number=1), second)
    ]
    assert [found["volunteers"] for found in numbers] == ["40", "unter 5"]


def test_version_cannot_be_changed_and_keeps_its_report(report, district, no_pdf):
    version = released(report, district.coordinator)
    version.title = "Gefälscht"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(NotAllowed):
        actions.delete_report(report, actor=district.coordinator)
    with pytest.raises(ProtectedError):
        report.delete()
    assert models.ReportVersion.objects.get().title == report.title


def test_report_without_a_version_can_be_deleted(report, district):
    actions.delete_report(report, actor=district.coordinator)
    assert not models.StatusReport.objects.exists()


def test_only_what_was_seen_is_released(report, district, no_pdf):
    actions.save_report(report, edition=report.edition, actor=district.other, title="Später geändert")
    with pytest.raises(StaleRevision):
        actions.start_release(models.StatusReport.objects.get(), edition=report.edition, number=1, actor=district.coordinator)
    with pytest.raises(StaleRevision):
        actions.release(report, edition=report.edition, number=1, actor=district.coordinator)
    assert not models.ReportVersion.objects.exists() and not models.LongJob.objects.exists()


def test_what_is_saved_after_the_click_is_not_released(report, district, no_pdf):
    job = actions.start_release(report, edition=report.edition, number=1, actor=district.coordinator)
    actions.save_report(report, edition=report.edition, actor=district.other, title="Später geändert")
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "inzwischen geändert" in job.message
    assert not models.ReportVersion.objects.exists()


def test_page_opened_before_a_release_does_not_release_the_same_again(report, district, no_pdf):
    released(report, district.other)
    with pytest.raises(StaleRevision, match="Fassung 1"):
        actions.start_release(report, edition=report.edition, number=1, actor=district.coordinator)
    assert models.ReportVersion.objects.get().released_by == district.other and not models.LongJob.objects.exists()


def test_version_released_while_a_job_waits_is_not_followed_by_another(report, district, no_pdf):
    job = actions.start_release(report, edition=report.edition, number=1, actor=district.coordinator)
    released(report, district.other)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "Fassung 1" in job.message
    assert models.ReportVersion.objects.get().released_by == district.other


def test_job_that_runs_again_releases_nothing_twice(report, district, no_pdf, monkeypatch):
    job = actions.start_release(report, edition=report.edition, number=1, actor=district.coordinator)
    with monkeypatch.context() as patch:
        patch.setattr(long_jobs, "_finish", killed)
        with pytest.raises(KeyboardInterrupt):
            long_jobs.run(job.pk)
    assert models.ReportVersion.objects.count() == 1
    models.LongJob.objects.update(seen_at=job.created_at - 2 * long_jobs.ABANDONED_AFTER)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "done" and models.ReportVersion.objects.get().number == 1


def killed(*_args):
    raise KeyboardInterrupt


def test_release_that_breaks_off_leaves_no_half_version(report, district, monkeypatch):
    job = actions.start_release(report, edition=report.edition, number=1, actor=district.coordinator)
    with monkeypatch.context() as patch:
        patch.setattr(documents, "pdf_of", killed)
        with pytest.raises(KeyboardInterrupt):
            long_jobs.run(job.pk)
    assert not models.ReportVersion.objects.exists()


def test_report_without_chapters_is_not_released(report, district):
    empty = actions.save_report(report, edition=report.edition, actor=district.coordinator, body=[])
    with pytest.raises(NotAllowed):
        actions.start_release(empty, edition=empty.edition, number=1, actor=district.coordinator)
    assert not models.LongJob.objects.exists()


def test_notes_to_who_edits_are_no_part_of_it(report):
    note = "Wo Arbeitskreise gegründet"
    assert any(note in str(block.value) for chapter in report.body for block in chapter.value["content"])
    html = documents.html_of(content_of(report))
    assert note not in html and note not in documents.document_of(content_of(report))


def test_chart_or_figure_that_is_gone_leaves_the_rest(report, district):
    kind = models.FigureKind.objects.create(name="Besuche", definition="Besuche vor Ort.")
    raw = [
        {
            "type": "chapter",
            "value": {
                "heading": "Lage",
                "content": [
                    {"type": "figure", "value": {"figure": f"entered-{kind.pk}"}},
                    {"type": "chart", "value": {"chart": "nothing", "remark": ""}},
                    {"type": "callout", "value": "Bleibt."},
                ],
            },
        }
    ]
    body = models.StatusReport._meta.get_field("body").stream_block.to_python(raw)
    report = actions.save_report(report, edition=report.edition, actor=district.coordinator, body=body)
    kind.delete()
    content = content_of(report)
    assert [block["type"] for block in content["chapters"][0]["blocks"]] == ["callout"]


def test_no_comparison_asked_for_is_no_comparison_shown(report, district):
    report = actions.save_report(
        report, edition=report.edition, actor=district.coordinator, compared_first_day=None, compared_last_day=None
    )
    content = content_of(report)
    assert content["compared_title"] == "" and all(not figure["compared_text"] for figure in content["headlines"])
    assert "None" not in documents.html_of(content) and documents.xlsx_of(content)


def test_supervision_and_signed_up_people_are_never_named(report, district, span):
    page = factories.published_offering(
        title="Vorbei", dates=[evening(span.first + dt.timedelta(days=8))], organisation=district.church
    )
    _page, plan = factories.offering_with_sign_up(page=page)
    factories.sign_up_of(plan, name="Gerda Geheim", email="geheim@post.example", now=evening(span.first))
    content = content_of(report)
    assert "Geheim" not in str(content) and "geheim@" not in str(content)


def test_pdf_of_a_version_says_its_number(report, district):
    version = released(report, district.coordinator)
    text = text_of(read_pdf(version.pdf))
    assert "Fassung 1" in text and report.title in text
    assert Span(*report.span).days in text
