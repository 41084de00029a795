"""Editing: what is saved, who may, and that two coordinators do not overwrite each other."""

import pytest
from django.urls import reverse

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.reporting.report import actions
from tests import factories

from .reading import body_of, texts_of

pytestmark = pytest.mark.django_db


def edit_url(report) -> str:
    return reverse("ehrenamt_wagtail_statusreport_modeladmin_edit", args=[report.pk])


def form_of(report, **changed) -> dict:
    """What the editor's form would send."""
    names = ("title", "paper_number", "department", "committee", "purpose", "proposed_decision", "annexes", "developments")
    days = ("first_day", "last_day", "compared_first_day", "compared_last_day")
    return {
        **{name: getattr(report, name) for name in names},
        **{name: getattr(report, name).isoformat() for name in days},
        "need_for_action": report.need_for_action,
        "paper_date": "",
        "meeting_on": "",
        "edition": report.edition,
        "headlines-count": "1",
        "headlines-0-type": "figure",
        "headlines-0-order": "0",
        "headlines-0-deleted": "",
        "headlines-0-value": "volunteers",
        "body-count": "1",
        "body-0-type": "chapter",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-value-heading": "Lage im Kreis",
        "body-0-value-content-count": "2",
        "body-0-value-content-0-type": "callout",
        "body-0-value-content-0-order": "0",
        "body-0-value-content-0-deleted": "",
        "body-0-value-content-0-value": "Ohne Ehrenamt geht es nicht.",
        "body-0-value-content-1-type": "figure",
        "body-0-value-content-1-order": "1",
        "body-0-value-content-1-deleted": "",
        "body-0-value-content-1-value-figure": "volunteers",
        **changed,
    }


def test_coordinator_edits_all_of_a_report(report, district, client):
    client.force_login(district.coordinator)
    page = client.get(edit_url(report)).content.decode()
    assert "Ausgangslage und Zahlen" in page and "Vorschau" in page
    answer = client.post(edit_url(report), form_of(report, title="Neuer Titel", paper_number="146/2026", is_public="on"))
    assert answer.status_code == 302
    saved = models.StatusReport.objects.get()
    assert (saved.title, saved.paper_number, saved.is_public) == ("Neuer Titel", "146/2026", True)
    assert [chapter.value["heading"] for chapter in saved.body] == ["Lage im Kreis"]
    assert [block.block_type for block in saved.body[0].value["content"]] == ["callout", "figure"]
    assert [block.value for block in saved.headlines] == ["volunteers"]
    assert saved.edition == report.edition + 1 and saved.changed_by == district.coordinator


def test_stale_save_is_refused_names_who_was_faster_and_keeps_what_was_typed(report, district, client):
    client.force_login(district.coordinator)
    client.get(edit_url(report))
    actions.save_report(report, edition=report.edition, actor=district.other, developments="Von Konrad.")
    late = form_of(report, developments="Von Karin.", **{"body-0-value-heading": "Karins Kapitel"})
    answer = client.post(edit_url(report), late)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Ihre Änderung wurde nicht gespeichert, weil Konrad Kollege den Bericht heute um" in page
    assert "Von Karin." in page and "Karins Kapitel" in page
    saved = models.StatusReport.objects.get()
    assert saved.developments == "Von Konrad." and saved.changed_by == district.other
    assert len(saved.body) > 1
    # Told of it, she may save over it.
    assert f'name="edition" value="{saved.edition}"' in page
    assert client.post(edit_url(report), late | {"edition": saved.edition}).status_code == 302
    assert models.StatusReport.objects.get().developments == "Von Karin."


def test_action_refuses_a_stale_edition(report, district):
    actions.save_report(report, edition=report.edition, actor=district.other, body=body_of("Neu."))
    with pytest.raises(StaleRevision) as refusal:
        actions.save_report(report, edition=report.edition, actor=district.coordinator, body=body_of("Alt."))
    assert refusal.value.latest.changed_by == district.other
    assert "Neu." in texts_of(models.StatusReport.objects.get())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"developments": "Eins.\n\nZwei.\n\nDrei.\n\nVier."}, "höchstens drei Entwicklungen"),
        ({"purpose": "decision", "proposed_decision": " "}, "was beschlossen werden soll"),
        ({"last_day": "2001-01-01"}, "vor dem ersten"),
        ({"compared_last_day": ""}, "beide Tage"),
        ({"body-0-value-heading": ""}, "Dieses Feld muss ausgef"),
        ({"edition": ""}, "Fehler"),
    ],
)
def test_wrong_facts_are_told_beside_the_field_and_change_nothing(changed, says, report, district, client):
    client.force_login(district.coordinator)
    answer = client.post(edit_url(report), form_of(report, title="Falsch", **changed))
    assert answer.status_code == 200 and says in answer.content.decode()
    assert models.StatusReport.objects.get().title == report.title
    assert models.StatusReport.objects.get().edition == report.edition


@pytest.mark.parametrize(
    ("missing", "wrong"),
    [
        ("body-count", None),
        ("headlines-count", None),
        ("body-0-type", None),
        ("body-0-order", None),
        ("body-0-value-content-count", None),
        ("body-count", "viele"),
        ("body-0-value-content-count", "viele"),
    ],
)
def test_form_that_did_not_arrive_as_a_whole_is_refused_in_words_and_changes_nothing(missing, wrong, report, district, client):
    client.force_login(district.coordinator)
    sent = form_of(report, title="Verstümmelt")
    del sent[missing]
    answer = client.post(edit_url(report), sent | ({missing: wrong} if wrong else {}), follow=True)
    page = answer.content.decode()
    assert "kam nicht vollständig an" in page and "Ausgangslage und Zahlen" in page and "Verstümmelt" not in page
    saved = models.StatusReport.objects.get()
    assert (saved.title, saved.edition, len(saved.body)) == (report.title, report.edition, len(report.body))


@pytest.mark.expected_errors("Missing config for")
def test_texts_keep_only_what_committee_papers_need(report, district, client):
    client.force_login(district.coordinator)
    sent = form_of(
        report,
        **{
            "body-0-value-content-0-type": "text",
            "body-0-value-content-0-value": (
                '{"blocks":[{"key":"a","type":"header-two","text":"Groß","depth":0,"inlineStyleRanges":[],"entityRanges":[]},'
                '{"key":"b","type":"unstyled","text":"<script>alert(1)</script> fett","depth":0,'
                '"inlineStyleRanges":[{"offset":26,"length":4,"style":"BOLD"}],"entityRanges":[]}],"entityMap":{}}'
            ),
        },
    )
    assert client.post(edit_url(report), sent).status_code == 302
    source = texts_of(models.StatusReport.objects.get())
    # Elements have attributes.
    assert "<script" not in source and "<h2" not in source
    assert "<b>fett</b>" in source


def test_only_coordinators_write(report, district):
    for actor in (factories.member_of(district.church), factories.UserFactory(), None):
        with pytest.raises(NotAllowed):
            actions.save_report(report, edition=report.edition, actor=actor, title="Fremd")
        with pytest.raises(NotAllowed):
            actions.create_report(actor=actor, title="Fremd", first_day=report.first_day, last_day=report.last_day)
        with pytest.raises(NotAllowed):
            actions.start_release(report, edition=report.edition, number=1, actor=actor)
        with pytest.raises(NotAllowed):
            actions.delete_report(report, actor=actor)
    assert models.StatusReport.objects.get().title == report.title
    assert not models.LongJob.objects.exists() and not models.ReportVersion.objects.exists()


def test_report_that_is_being_drafted_cannot_be_edited(empty_report, district, client):
    client.force_login(district.coordinator)
    assert "wird noch entworfen" in client.get(edit_url(empty_report), follow=True).content.decode()
    answer = client.post(edit_url(empty_report), form_of(empty_report, title="Zu früh"), follow=True)
    assert "wird noch entworfen" in answer.content.decode()
    assert models.StatusReport.objects.get().title == empty_report.title
