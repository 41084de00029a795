"""A draft: its chapters, its sentences with the numbers of the figures, whole or not at all."""

import pytest
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.report import actions, chapters, drafting
from tests import factories

from .reading import blocks_of, texts_of

pytestmark = pytest.mark.django_db


def test_draft_has_the_chapters_asked_for_in_the_words_of_an_office(report):
    assert [chapter.value["heading"] for chapter in report.body] == [
        "Ausgangslage und Zahlen",
        "Stellen der Ehrenamtskoordination und ihre Befristung",
        "Arbeitskreise und ihre Ehrenamtlichen",
        "Beratung und Besuche",
        "Qualifizierung: Fortbildungen, Workshops, Austausch, Supervision und Vorträge",
        "Ehrenamtstage und Anerkennung",
        "Vernetzung und Schnittstellenmanagement",
        "Öffentlichkeitsarbeit",
        "Verschiebung der Themen",
        "Finanzierung",
        "Handlungsbedarf und Ausblick",
    ]


def test_draft_says_the_numbers_beside_those_of_the_comparison(report, span):
    half = "ersten" if span.first.month == 1 else "zweiten"
    before = span.year_before()
    assert f"Im {half} Halbjahr {span.first.year} fanden 3 Angebote statt ({before.title}: 1)." in texts_of(report)
    assert f"In den Arbeitskreisen engagieren sich 40 Ehrenamtliche ({before.title}: 50)." in texts_of(report)


def test_draft_has_figures_charts_and_tables_of_each_chapter(report):
    # Nothing is said of volunteer days, since there were none.
    assert [value["figure"] for value in blocks_of(report, "figure")] == ["volunteers"]
    charts = [value["chart"] for value in blocks_of(report, "chart")]
    assert charts == ["volunteers", "circles", "kinds", "organisers", "towns", "focus"]
    assert "offerings" in list(blocks_of(report, "table")[0]["figures"])


def test_draft_tells_what_changed_most_and_what_is_lacking(report):
    # Nothing is known of attendance, and there was no volunteer day.
    assert [block.value for block in report.headlines] == ["volunteers", "circles", "offerings", "hours", "groups"]
    assert len(report.development_list) == 3
    assert any("Ehrenamtliche: 40 statt 50" in text for text in report.development_list)
    assert "gab es in 1 Stadt oder Gemeinde kein Angebot" in report.need_for_action


@pytest.mark.parametrize(
    ("more", "less"),
    [
        # A tenth of many weighs more than a ninth of few, and a large share of some as much as both.
        ((1017, 1135), (8, 9)),
        ((1017, 1135), (101, 113)),
        ((40, 20), (8, 9)),
        ((20, 40), (370, 344)),
        ((0, 12), (1, 2)),
        ((2, 1), (5, 5)),
    ],
)
def test_change_weighs_by_its_share_and_by_its_size(more, less):
    assert drafting.weight_of(*more) > drafting.weight_of(*less)
    # It is the same whether it rose or fell.
    assert drafting.weight_of(more[1], more[0] or 1) == drafting.weight_of(more[0] or 1, more[1])


@pytest.mark.parametrize("numbers", [(None, 5), (5, None), (None, None), (5, 5), (12, 0)])
def test_what_is_not_known_or_was_not_kept_yet_is_no_development(numbers):
    assert drafting.weight_of(*numbers) == 0


def test_developments_stand_in_the_order_of_their_weight(empty_report, district, span):
    """40 volunteers instead of 50 weigh more than 3 offerings instead of 1, though these are three times as many."""
    drafting.draft(empty_report)
    first, *_others = models.StatusReport.objects.get().development_list
    assert first.startswith("Ehrenamtliche: 40 statt 50")


def test_draft_tells_of_posts_and_names_nobody(empty_report, span):
    factories.CoordinatorFactory(name="Vera Vertraulich")
    factories.CoordinatorFactory(name="Emil Endlich", until_date=span.last + timezone.timedelta(days=90))
    drafting.draft(empty_report)
    report = models.StatusReport.objects.get()
    assert "2 Stellen" in texts_of(report) and "Eine Stelle endet am" in texts_of(report)
    assert "Eine Stelle endet am" in report.need_for_action
    everything = texts_of(report) + report.need_for_action + report.developments
    assert "Vertraulich" not in everything and "Endlich" not in everything


def test_nothing_is_said_of_what_nobody_knows(ready_site, span):
    # Where nothing is known of, nothing tells that it is lacking in a town or on a topic.
    factories.MunicipalityFactory()
    factories.TopicFactory()
    report = models.StatusReport.objects.create(
        title="Leer", first_day=span.first, last_day=span.last, sections=[key for key, _heading in chapters.choices()]
    )
    drafting.draft(report)
    report.refresh_from_db()
    assert "engagieren sich" not in texts_of(report) and "–" not in texts_of(report)
    assert report.developments == "" and report.need_for_action == "" and not report.headlines


def test_small_numbers_of_people_are_not_told(empty_report, district):
    models.CircleFigure.objects.update(volunteers=3)
    drafting.draft(empty_report)
    report = models.StatusReport.objects.get()
    assert "engagieren sich unter 5 Ehrenamtliche" in texts_of(report)
    assert not any("Ehrenamtliche:" in text for text in report.development_list)


def test_creating_a_report_starts_its_draft(district, span, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.create_report(
            actor=district.coordinator, title="Neu", first_day=span.first, last_day=span.last, sections=["situation", "topics"]
        )
    report = models.StatusReport.objects.get()
    job = models.LongJob.objects.get()
    assert (job.kind, job.status) == ("report_draft", "done")
    assert report.drafted_at is not None and report.edition == 1
    assert len(report.body) == 2


def test_draft_that_breaks_off_leaves_nothing_and_is_made_again(empty_report, district, monkeypatch):
    """As a worker that is killed: between two chapters, and again just before the end."""
    job = actions.start_draft(empty_report, actor=district.coordinator)
    for where in ("chapter_of", "keep_draft"):
        with monkeypatch.context() as patch:
            patch.setattr(drafting, where, breaks_off())
            with pytest.raises(KeyboardInterrupt):
                long_jobs.run(job.pk)
        report = models.StatusReport.objects.get()
        assert report.drafted_at is None and not report.body and not report.headlines and report.developments == ""
        models.LongJob.objects.update(seen_at=timezone.now() - 2 * long_jobs.ABANDONED_AFTER)
    long_jobs.run(job.pk)
    report = models.StatusReport.objects.get()
    assert report.drafted_at is not None and len(report.body) == len(chapters.CHAPTERS)
    assert models.LongJob.objects.get().status == "done"


def breaks_off():
    """Works a few times, then is killed; no ordinary exception, which the job would catch."""
    real, calls = drafting.chapter_of, []

    def work(*args):
        calls.append(args)
        if len(calls) > 3 or len(args) == 2:
            raise KeyboardInterrupt
        return real(*args)

    return work


def test_draft_never_replaces_what_was_written(report, district):
    written = actions.save_report(report, edition=report.edition, actor=district.coordinator, developments="Von Hand.")
    assert drafting.draft(written) is False
    assert drafting.draft(models.StatusReport(pk=report.pk, first_day=report.first_day, last_day=report.last_day)) is False
    with pytest.raises(NotAllowed):
        actions.start_draft(written, actor=district.coordinator)
    assert models.StatusReport.objects.get().developments == "Von Hand."
    assert not models.LongJob.objects.exists()
