"""Two people at once, on PostgreSQL with real threads.

Each thread that has passed the rules waits for the other one. With the locks the other one never gets there, the wait ends by
itself, and one of the two is refused; without them both pass the rules and both act. The races that planned dates depend on, deciding
against deciding, withdrawing and submitting twice among them, stand in ``tests/coordination/test_races.py``.
"""

import threading
from contextlib import suppress

import pytest

from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, StaleRevision
from ehrenamt_wagtail.models import Cancellation, ReviewDecision
from ehrenamt_wagtail.programme import actions as programme_actions
from ehrenamt_wagtail.programme.actions import cancel, save_draft
from ehrenamt_wagtail.review import actions as review_actions
from ehrenamt_wagtail.review.actions import approve, submit_for_review, withdraw_from_review
from tests import factories
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAIT = 1.5  # seconds


@pytest.fixture(autouse=True)
def _jobs_wait(queued_jobs, site):
    pass


@pytest.fixture
def meeting(monkeypatch):
    """Whoever has passed the rules waits here for the other one."""
    barrier = threading.Barrier(2)

    def meet_after(original):
        def ensure(rules, **facts):
            original(rules, **facts)
            with suppress(threading.BrokenBarrierError):
                barrier.wait(WAIT)

        return ensure

    for module in (review_actions, programme_actions):
        monkeypatch.setattr(module, "ensure", meet_after(module.ensure))
    # Asked before the lock is taken.
    monkeypatch.setattr(review_actions.rules, "must_be_our_review", lambda **facts: None)
    monkeypatch.setattr(review_actions, "lock_decision", lock_decision_without_meeting)
    return barrier


def lock_decision_without_meeting(task_state):
    page = review_actions.lock_page(task_state.workflow_state.content_object.pk)
    return page, review_actions.lock_task_state(task_state.pk)


def reload(page):
    return type(page).objects.get(pk=page.pk)


def failures(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


def test_two_coordinators_approve_at_once_and_it_is_published_once(meeting):
    page, task_state = factories.submitted_offering()
    people = [factories.coordinator_user(), factories.coordinator_user()]
    outcomes = at_once(*[lambda person=person: approve(task_state, actor=person) for person in people])
    assert [type(error) for error in failures(outcomes)] == [NotAllowed]
    assert ReviewDecision.objects.count() == 1
    assert reload(page).live


def test_submit_against_withdraw_ends_in_one_clear_state(meeting):
    organisation = factories.OrganisationFactory()
    first, second = factories.member_of(organisation), factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=first)
    outcomes = at_once(
        lambda: withdraw_from_review(page, actor=first),
        lambda: submit_for_review(page, actor=second),
    )
    assert all(isinstance(error, EhrenamtError) for error in failures(outcomes))
    task_state.refresh_from_db()
    assert task_state.status == "cancelled"
    active = page.workflow_states.active().count()
    # Either it was submitted again after the withdrawal, or it was refused because the review was still running.
    assert active == (0 if failures(outcomes) else 1)


def test_two_saves_from_one_form_keep_the_first(meeting):
    organisation = factories.OrganisationFactory()
    first, second = factories.member_of(organisation), factories.member_of(organisation)
    page = factories.draft_offering(organisation=organisation)

    def save(title, actor):
        draft = reload(page).get_latest_revision_as_object()
        draft.title = title
        return save_draft(draft, base_revision_id=page.latest_revision_id, actor=actor)

    outcomes = at_once(lambda: save("Erste", first), lambda: save("Zweite", second))
    assert [type(error) for error in failures(outcomes)] == [StaleRevision]
    kept = next(outcome for outcome in outcomes if not isinstance(outcome, Exception))
    assert reload(page).latest_revision_id == kept.pk
    assert reload(page).title == kept.content["title"]
    assert page.revisions.count() == 2


def test_double_clicked_save_writes_one_revision(meeting):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.draft_offering(organisation=organisation)

    def save():
        draft = reload(page).get_latest_revision_as_object()
        draft.title = "Neuer Titel"
        return save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)

    outcomes = at_once(save, save)
    assert failures(outcomes) == []
    assert outcomes[0] == outcomes[1]
    assert page.revisions.count() == 2


def test_cancellation_during_an_approval_survives(meeting):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(9)])
    draft = reload(page).get_latest_revision_as_object()
    draft.title = "Neuer Titel"
    save_draft_alone(draft, page, member)
    task_state = submit_for_review(page, actor=member)
    uid = page.occurrences.first().uid
    coordinator = factories.coordinator_user()
    outcomes = at_once(
        lambda: approve(task_state, actor=coordinator),
        lambda: cancel(page, actor=member, occurrence_uid=uid),
    )
    assert failures(outcomes) == []
    published = reload(page)
    assert published.title == "Neuer Titel"
    assert published.live
    assert published.cancelled_uids() == {uid}
    assert published.occurrences.count() == 2


def save_draft_alone(draft, page, member):
    return save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)


def test_double_clicked_cancellation_is_one(meeting):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation)
    outcomes = at_once(*[lambda: cancel(page, actor=member) for _click in range(2)])
    assert [type(error) for error in failures(outcomes)] == [NotAllowed]
    assert Cancellation.objects.count() == 1
