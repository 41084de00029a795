import pytest

from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, StaleRevision, SubmissionIncomplete
from ehrenamt_wagtail.models import OfferingPage, ReviewDecision, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel, save_draft
from ehrenamt_wagtail.programme.queries import offering_state
from ehrenamt_wagtail.review.actions import (
    approve,
    return_to_organisation,
    submit_for_review,
    withdraw_from_review,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(ready_site):
    return ready_site


def reload(page):
    return type(page).objects.get(pk=page.pk)


def test_address_taken_in_the_meantime_is_said_instead_of_failing(site):
    page, task_state = factories.submitted_offering(title="Café Welcome")
    revision = page.latest_revision
    revision.content["slug"] = factories.published_offering(title="Sommerfest").slug
    revision.save()
    with pytest.raises(SubmissionIncomplete) as refusal:
        approve(task_state, actor=factories.coordinator_user())
    assert list(refusal.value.errors) == ["slug"]
    [sentence] = refusal.value.errors["slug"]
    assert "sommerfest" in sentence
    task_state.refresh_from_db()
    assert (task_state.status, reload(page).live, ReviewDecision.objects.count()) == ("in_progress", False, 0)


def test_offering_goes_through_return_and_resubmission_to_publication(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    coordinator = factories.coordinator_user()
    page = factories.draft_offering(organisation=organisation)

    first = submit_for_review(page, actor=member)
    assert offering_state(reload(page)).code == "in_review"
    assert list(OfferingPage.objects.live()) == []

    decision = return_to_organisation(first, actor=coordinator, reasons=["facts_missing"], comment="Bitte das Stockwerk nennen.")
    assert offering_state(reload(page)).code == "returned"
    assert "Stockwerk" in offering_state(reload(page)).comment
    assert decision.reasons == ["facts_missing"]

    changed = reload(page).get_latest_revision_as_object()
    changed.room = "1. Stock"
    save_draft(changed, base_revision_id=changed.latest_revision_id, actor=member)
    second = submit_for_review(page, actor=member)
    approve(second, actor=coordinator, checklist=["facts"])

    published = TrainingPage.objects.live().get()
    assert published.room == "1. Stock"
    assert offering_state(published).code == "published"
    assert [d.outcome for d in ReviewDecision.objects.order_by("at")] == ["returned", "approved"]


def test_incomplete_offering_is_not_submitted_and_names_what_is_missing(site):
    organisation = factories.OrganisationFactory()
    page = factories.draft_offering(organisation=organisation, summary="", contact_name="", dates=[])
    with pytest.raises(SubmissionIncomplete) as refusal:
        submit_for_review(page, actor=factories.member_of(organisation))
    assert set(refusal.value.errors) == {"summary", "contact_name", "occurrences"}
    assert offering_state(reload(page)).code == "draft"


def test_second_decision_is_refused_and_names_who_was_faster(site):
    page, task_state = factories.submitted_offering()
    approve(task_state, actor=factories.coordinator_user(first_name="Anna", last_name="Schnell"))
    with pytest.raises(NotAllowed, match="Anna Schnell"):
        return_to_organisation(task_state, actor=factories.coordinator_user(), reasons=["other"])
    assert ReviewDecision.objects.get().outcome == "approved"
    assert reload(page).live


def test_other_organisation_can_neither_submit_nor_withdraw(site):
    page, _task_state = factories.submitted_offering()
    stranger = factories.member_of()
    with pytest.raises(NotAllowed):
        withdraw_from_review(page, actor=stranger)
    assert offering_state(reload(page)).code == "in_review"
    draft = factories.draft_offering()
    with pytest.raises(NotAllowed):
        submit_for_review(draft, actor=stranger)
    assert offering_state(reload(draft)).code == "draft"


def test_newer_revision_of_a_member_is_not_approved(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    sneaked = reload(page).get_latest_revision_as_object()
    sneaked.title = "Heimlich geändert"
    sneaked.save_revision(user=member)
    with pytest.raises(NotAllowed):
        approve(task_state, actor=factories.coordinator_user())
    assert not reload(page).live
    assert not ReviewDecision.objects.exists()


def test_stale_save_is_refused_and_changes_nothing(site):
    organisation = factories.OrganisationFactory()
    first, second = factories.member_of(organisation), factories.member_of(organisation)
    page = factories.draft_offering(organisation=organisation)
    mine = reload(page).get_latest_revision_as_object()
    theirs = reload(page).get_latest_revision_as_object()
    theirs.title = "Ihr Titel"
    saved = save_draft(theirs, base_revision_id=page.latest_revision_id, actor=second)
    mine.title = "Mein Titel"
    with pytest.raises(StaleRevision) as refusal:
        save_draft(mine, base_revision_id=page.latest_revision_id, actor=first)
    assert refusal.value.latest.pk == saved.pk
    assert reload(page).title == "Ihr Titel"


def test_reviewer_without_publish_permission_is_told_and_nothing_is_decided(site):
    page, task_state = factories.submitted_offering()
    coordinator = factories.coordinator_user()
    coordinator.groups.get().page_permissions.all().delete()
    with pytest.raises(NotAllowed, match="ehrenamt_setup"):
        approve(task_state, actor=coordinator)
    assert offering_state(reload(page)).code == "in_review"
    assert not ReviewDecision.objects.exists()


def test_nobody_but_reviewers_decides(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    for actor in (member, factories.UserFactory()):
        with pytest.raises(NotAllowed):
            approve(task_state, actor=actor)
        with pytest.raises(NotAllowed):
            return_to_organisation(task_state, actor=actor, reasons=["other"])
    assert offering_state(reload(page)).code == "in_review"
    assert not ReviewDecision.objects.exists()


def test_withdrawn_submission_is_not_decided(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    withdraw_from_review(page, actor=member)
    coordinator = factories.coordinator_user()
    with pytest.raises(NotAllowed):
        approve(task_state, actor=coordinator)
    with pytest.raises(NotAllowed):
        return_to_organisation(task_state, actor=coordinator, reasons=["other"])
    assert offering_state(reload(page)).code == "draft"
    assert not ReviewDecision.objects.exists()


def test_submitting_twice_starts_one_review(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    with pytest.raises(NotAllowed):
        submit_for_review(page, actor=member)
    assert page.workflow_states.get().current_task_state == task_state


def test_cancellation_survives_the_approval_of_a_pending_change(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(9)])
    first, second = page.occurrences.order_by("start")
    draft = page.get_latest_revision_as_object()
    draft.title = "Neuer Titel"
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    task_state = submit_for_review(page, actor=member)
    cancel(page, actor=member, occurrence_uid=first.uid, reason="Krank")
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"
    approve(task_state, actor=factories.coordinator_user())
    published = reload(page)
    assert published.title == "Neuer Titel"
    assert published.cancelled_uids() == {first.uid}
    assert {date.uid for date in published.occurrences.all()} == {first.uid, second.uid}
    assert not published.is_cancelled()


def test_date_dropped_from_the_published_version_becomes_a_cancelled_date(site):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(9)])
    first, second = page.occurrences.order_by("start")
    draft = page.latest_revision.as_object()
    draft.occurrences.remove(next(date for date in draft.occurrences.all() if date.uid == first.uid))
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    approve(submit_for_review(page, actor=member), actor=factories.coordinator_user())
    published = reload(page)
    assert {date.uid for date in published.occurrences.all()} == {first.uid, second.uid}
    assert published.cancelled_uids() == {first.uid}


def test_incomplete_change_is_not_published(site):
    page, task_state = factories.submitted_offering()
    coordinator = factories.coordinator_user()
    emptied = reload(page).get_latest_revision_as_object()
    emptied.summary = ""
    emptied.save_revision(user=coordinator)
    with pytest.raises(SubmissionIncomplete) as refusal:
        approve(task_state, actor=coordinator)
    assert set(refusal.value.errors) == {"summary"}
    assert not reload(page).live
    assert not ReviewDecision.objects.exists()


def test_return_needs_a_reason(site):
    page, task_state = factories.submitted_offering()
    with pytest.raises(EhrenamtError):
        return_to_organisation(task_state, actor=factories.coordinator_user(), reasons=[])
    assert offering_state(reload(page)).code == "in_review"


def test_without_setup_nothing_is_submitted_to_another_workflow():
    factories.make_site(setup=False)
    organisation = factories.OrganisationFactory()
    page = factories.draft_offering(organisation=organisation)
    # Wagtail's standard workflow hangs on the root page.
    assert page.get_workflow() is not None
    with pytest.raises(EhrenamtError):
        submit_for_review(page, actor=factories.member_of(organisation))
    assert offering_state(reload(page)).code == "draft"
    assert not page.workflow_states.exists()
