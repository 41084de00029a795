import pytest
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, TaskState, Workflow, WorkflowTask

from ehrenamt_wagtail.models import Occurrence, ReviewDecision, Trainer
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review import compare
from ehrenamt_wagtail.review.actions import approve, submit_for_review, withdraw_from_review
from tests import factories
from tests.review.helpers import texts

pytestmark = pytest.mark.django_db


def reload(page):
    return type(page).objects.get(pk=page.pk)


def address(task_state):
    return reverse("ehrenamt_admin:review", args=[task_state.pk])


def approval(task_state, **data):
    return {"action": "approve", "revision_id": task_state.revision_id, **data}


def returning(task_state, **data):
    return {"action": "return", "revision_id": task_state.revision_id, **data}


def test_page_shows_facts_preview_and_forms(admin_client):
    page, task_state = factories.submitted_offering(title="Asylrecht „kurz“ & gut")
    response = admin_client.get(address(task_state))
    html = response.content.decode()
    facts = dict(response.context["facts"])
    assert facts["Kontakt" if "Kontakt" in facts else "Contact"].startswith("Petra Beispiel")
    assert "Asylrecht „kurz“ &amp; gut" in html
    assert f'value="{task_state.revision_id}"' in html
    assert f'value="{reload(page).latest_revision.created_at.isoformat()}"' in html
    assert reverse("ehrenamt_admin:review_preview", args=[task_state.pk, page.latest_revision_id]) in html
    assert response.context["differences"] == []


def test_approval_publishes_records_and_goes_on_to_the_next(admin_client, coordinator):
    page, task_state = factories.submitted_offering()
    _other, following = factories.submitted_offering()
    data = approval(task_state, **{"approve-checklist": ["facts", "access"], "approve-comment": "Schön."})
    response = admin_client.post(address(task_state), data, follow=True)
    assert response.redirect_chain[-1][0] == address(following)
    assert reload(page).live
    decision = ReviewDecision.objects.get()
    assert (decision.outcome, decision.checklist, decision.comment) == ("approved", ["facts", "access"], "Schön.")
    assert (decision.actor, decision.revision_id) == (coordinator, task_state.revision_id)
    assert page.title in texts(response)[0]


def test_return_needs_a_reason_and_keeps_what_was_typed(admin_client):
    page, task_state = factories.submitted_offering()
    response = admin_client.post(address(task_state), returning(task_state, **{"return-comment": "Bitte ergänzen"}))
    assert "Bitte ergänzen" in response.content.decode()
    assert response.context["return_form"].errors["reasons"]
    assert not ReviewDecision.objects.exists()

    data = returning(task_state, **{"return-reasons": ["facts_missing", "too_late"], "return-comment": "Bitte ergänzen"})
    response = admin_client.post(address(task_state), data, follow=True)
    assert response.redirect_chain[-1][0] == reverse("ehrenamt_admin:review_queue")
    assert ReviewDecision.objects.get().reasons == ["facts_missing", "too_late"]
    assert not reload(page).live


def test_unknown_reason_and_check_item_are_refused(admin_client):
    _page, task_state = factories.submitted_offering()
    admin_client.post(address(task_state), returning(task_state, **{"return-reasons": ["because"]}))
    admin_client.post(address(task_state), approval(task_state, **{"approve-checklist": ["nonsense"]}))
    assert not ReviewDecision.objects.exists()


def test_somebody_faster_is_named(admin_client):
    page, task_state = factories.submitted_offering()
    approve(task_state, actor=factories.coordinator_user(first_name="Anna", last_name="Schnell"))
    response = admin_client.post(address(task_state), returning(task_state, **{"return-reasons": ["other"]}))
    assert "Anna Schnell" in texts(response)[0]
    assert "Anna Schnell" in admin_client.get(address(task_state)).context["outcome"]
    assert ReviewDecision.objects.get().outcome == "approved"
    assert reload(page).live


def test_withdrawn_submission_is_not_decided(admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    withdraw_from_review(page, actor=member)
    for data in (approval(task_state), returning(task_state, **{"return-reasons": ["other"]})):
        response = admin_client.post(address(task_state), data)
        assert texts(response)
        assert not response.context["is_waiting"]
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live


@pytest.mark.parametrize("seen", ["", "x", "0", "999999"])
def test_decision_on_another_version_than_the_one_read_is_refused(admin_client, seen):
    page, task_state = factories.submitted_offering()
    response = admin_client.post(address(task_state), approval(task_state) | {"revision_id": seen, "approve-comment": "Gut"})
    assert texts(response)
    assert "Gut" in response.content.decode()
    response = admin_client.post(address(task_state), returning(task_state, **{"return-reasons": ["other"]}) | {"revision_id": seen})
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live


def test_members_newer_version_can_be_returned_but_not_approved(admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    sneaked = reload(page).get_latest_revision_as_object()
    sneaked.title = "Heimlich geändert"
    newer = sneaked.save_revision(user=member)
    response = admin_client.post(address(task_state), approval(task_state) | {"revision_id": newer.pk})
    assert texts(response)
    assert not ReviewDecision.objects.exists()
    data = returning(task_state, **{"return-reasons": ["other"]}) | {"revision_id": newer.pk}
    admin_client.post(address(task_state), data)
    assert ReviewDecision.objects.get().outcome == "returned"
    assert not reload(page).live


def test_members_version_below_a_reviewers_is_not_approved_either(admin_client, coordinator):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    sneaked = reload(page).get_latest_revision_as_object()
    sneaked.title = "Heimlich geändert"
    sneaked.save_revision(user=member)
    newest = reload(page).get_latest_revision_as_object().save_revision(user=coordinator)
    admin_client.post(address(task_state), approval(task_state) | {"revision_id": newest.pk})
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live


def test_reviewers_own_correction_is_shown_and_published(admin_client, coordinator):
    page, task_state = factories.submitted_offering(title="Grundlagn")
    corrected = reload(page).get_latest_revision_as_object()
    corrected.title = "Grundlagen"
    newest = corrected.save_revision(user=coordinator)
    response = admin_client.get(address(task_state))
    assert response.context["revision"].pk == newest.pk
    assert response.context["edited_by"] == "Karin Koordination"
    admin_client.post(address(task_state), approval(task_state) | {"revision_id": newest.pk})
    assert reload(page).live
    assert reload(page).title == "Grundlagen"


def test_version_saved_into_the_same_revision_since_is_not_approved(admin_client):
    page, task_state = factories.submitted_offering()
    colleague = factories.coordinator_user()
    draft = reload(page).get_latest_revision_as_object()
    seen = draft.save_revision(user=colleague)
    time = admin_client.get(address(task_state)).context["revision"].created_at.isoformat()
    draft.title = "Noch nicht fertig getippt"
    draft.save_revision(user=colleague, overwrite_revision=seen)
    data = approval(task_state) | {"revision_id": seen.pk, "revision_time": time}
    assert texts(admin_client.post(address(task_state), data))
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live
    time = admin_client.get(address(task_state)).context["revision"].created_at.isoformat()
    admin_client.post(address(task_state), data | {"revision_time": time})
    assert reload(page).title == "Noch nicht fertig getippt"


def test_incomplete_submission_is_not_approved_and_says_what_is_missing(admin_client, coordinator):
    page, task_state = factories.submitted_offering()
    emptied = reload(page).get_latest_revision_as_object()
    emptied.contact_name = ""
    newest = emptied.save_revision(user=coordinator)
    assert admin_client.get(address(task_state)).context["missing"]
    response = admin_client.post(address(task_state), approval(task_state) | {"revision_id": newest.pk})
    assert str(page.required_facts["contact_name"]) in texts(response)[0]
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live


def test_own_offering_is_shown_and_recorded_as_such(admin_client, coordinator):
    organisation = factories.OrganisationFactory(kind="district")
    factories.MembershipFactory(user=coordinator, organisation=organisation)
    _page, task_state = factories.submitted_offering(organisation=organisation)
    assert admin_client.get(address(task_state)).context["is_own_offering"]
    admin_client.post(address(task_state), approval(task_state))
    assert ReviewDecision.objects.get().is_own_offering


def test_task_states_of_other_workflows_are_not_decided_here(admin_client, coordinator):
    task = GroupApprovalTask.objects.create(name="Redaktion")
    task.groups.set(coordinator.groups.all())
    workflow = Workflow.objects.create(name="Redaktion")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    foreign = Page.objects.get(depth=2)
    foreign.save_revision()
    task_state = workflow.start(foreign, coordinator).current_task_state
    assert admin_client.get(address(task_state)).status_code == 302
    response = admin_client.post(address(task_state), approval(task_state))
    assert response.status_code == 302
    task_state.refresh_from_db()
    assert task_state.status == TaskState.STATUS_IN_PROGRESS
    assert not ReviewDecision.objects.exists()


def test_change_shows_which_fields_and_dates_differ(admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(10), factories.in_days(20)])
    draft = page.get_latest_revision_as_object()
    draft.summary = "Ein Abend für <b>alle</b>, die Geflüchtete begleiten."
    dates = sorted(draft.occurrences.all(), key=lambda date: date.start)
    dates[0].room = "Saal"
    draft.occurrences.add(dates[0])
    draft.occurrences.add(Occurrence(start=factories.in_days(30)))
    draft.trainers.add(Trainer(name="Dr. Ute Muster", function="Juristin"))
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    task_state = submit_for_review(page, actor=member)

    rows = admin_client.get(address(task_state)).context["differences"]
    by_before = {row.before: row.after for row in rows}
    assert len(rows) == 4
    assert by_before["Ein Abend für alle, die Geflüchtete begleiten."].startswith("Ein Abend für <b>alle</b>,")
    was = compare.describe_date(Occurrence.objects.get(uid=dates[0].uid))
    assert by_before[was] == f"{was}, Saal"
    assert "Dr. Ute Muster, Juristin" in [row.after for row in rows if not row.before]
    marked = next(row for row in rows if "<b>" in row.after)
    assert "<b>" not in marked.after_html
    assert "&lt;b&gt;" in marked.after_html
    assert "<ins>" in marked.after_html
    assert "<del>" in marked.before_html


def test_preview_shows_the_submitted_version_to_reviewers_only(admin_client, client):
    page, task_state = factories.submitted_offering(title="Nur für die Prüfung")
    url = reverse("ehrenamt_admin:review_preview", args=[task_state.pk, page.latest_revision_id])
    response = admin_client.get(url)
    assert "Nur für die Prüfung" in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    foreign, _task_state = factories.submitted_offering()
    wrong = reverse("ehrenamt_admin:review_preview", args=[task_state.pk, foreign.latest_revision_id])
    assert admin_client.get(wrong).status_code == 404
    client.force_login(factories.member_of())
    assert "Nur für die Prüfung" not in client.get(url, follow=True).content.decode()


def test_history_tells_who_did_what_and_why(admin_client, coordinator):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation, first_name="Mia", last_name="Mitglied")
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    data = returning(task_state, **{"return-reasons": ["facts_missing"], "return-comment": "Welcher Raum?"})
    admin_client.post(address(task_state), data)
    again = submit_for_review(page, actor=member)
    history = admin_client.get(address(again)).context["history"]
    assert [entry.who for entry in history[:3]] == ["Mia Mitglied", "Karin Koordination", "Mia Mitglied"]
    assert history[1].why == "Welcher Raum?"
    assert len(history[1].reasons) == 1
