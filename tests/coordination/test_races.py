"""Two people, or a person and the clock, at the same moment: six races on PostgreSQL with real threads.

Each ends in one consistent state, with a message to the loser that says what happened, and with a table of planned dates that a
rebuild would make too. Whoever has passed the rules waits for the other one: with the locks the other one never gets there and the
wait ends by itself; without them both would pass the rules and both would act. More races stand in
``tests/review/test_concurrency.py``.
"""

import threading
from contextlib import suppress

import pytest

from ehrenamt_wagtail.coordination import holds, joins
from ehrenamt_wagtail.coordination.planning import find_drift
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed
from ehrenamt_wagtail.models import (
    Cancellation,
    DateHold,
    JoinProposal,
    OutgoingMail,
    PlannedDate,
    ProgrammePage,
    ReviewDecision,
    TrainingPage,
)
from ehrenamt_wagtail.programme import actions as programme
from ehrenamt_wagtail.review import actions as review
from tests import factories
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAIT = 1.0  # seconds


@pytest.fixture(autouse=True)
def _site(queued_jobs, db):
    factories.make_site()


@pytest.fixture(autouse=True)
def meeting(_site, monkeypatch):
    """Whoever has passed the rules waits here for the other one. Rules that are asked before the lock do not count."""
    barrier = threading.Barrier(2)

    def meet_after(original):
        def ensure(rules, **facts):
            original(rules, **facts)
            if rules != [review.rules.must_be_our_review]:
                with suppress(threading.BrokenBarrierError):
                    barrier.wait(WAIT)

        return ensure

    for module in (review, programme, holds, joins):
        monkeypatch.setattr(module, "ensure", meet_after(module.ensure))
    return barrier


def reload(page):
    return type(page).objects.get(pk=page.pk)


def states(page):
    return list(PlannedDate.objects.filter(offering=page.pk).values_list("state", "is_cancelled"))


def race(*functions) -> list[EhrenamtError]:
    """What was refused; nothing else may go wrong, and the table is right afterwards."""
    refused = [outcome for outcome in at_once(*functions) if isinstance(outcome, Exception)]
    assert all(isinstance(error, EhrenamtError) for error in refused), refused
    assert list(find_drift()) == []
    return refused


def waiting_offering(**facts):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member, **facts)
    return page, task_state, member


def test_decide_against_decide():
    page, task_state, _member = waiting_offering()
    anna = factories.coordinator_user(first_name="Anna", last_name="Schnell")
    bernd = factories.coordinator_user(first_name="Bernd", last_name="Flink")
    refused = race(
        lambda: review.approve(task_state, actor=anna),
        lambda: review.return_to_organisation(task_state, actor=bernd, reasons=["other"]),
    )
    decision = ReviewDecision.objects.get()
    assert [type(error) for error in refused] == [NotAllowed]
    assert decision.actor.get_full_name() in refused[0].message
    assert reload(page).live == (decision.outcome == "approved")
    assert OutgoingMail.objects.filter(template__in=["review/approved", "review/returned"]).count() == 1
    assert states(page) == [("published" if decision.outcome == "approved" else "returned", False)]


def test_decide_against_withdraw():
    page, task_state, member = waiting_offering()
    refused = race(
        lambda: review.withdraw_from_review(page, actor=member),
        lambda: review.approve(task_state, actor=factories.coordinator_user()),
    )
    was_approved = ReviewDecision.objects.exists()
    assert [type(error) for error in refused] == [NotAllowed]
    assert refused[0].message
    assert reload(page).live == was_approved
    assert reload(page).current_workflow_state is None
    task_state.refresh_from_db()
    assert task_state.status == ("approved" if was_approved else "cancelled")
    assert states(page) == [("published" if was_approved else "draft", False)]


def test_decide_against_cancel():
    """A change waits while its published offering is cancelled: the cancellation holds, whatever is decided."""
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation)
    draft = reload(page).get_latest_revision_as_object()
    draft.title = "Neuer Titel"
    draft.save_revision(clean=False)
    task_state = review.submit_for_review(page, actor=member)
    coordinator = factories.coordinator_user()
    refused = race(
        lambda: review.approve(task_state, actor=coordinator),
        lambda: programme.cancel(page, actor=member),
    )
    # Either it was cancelled after the approval, or the approval was refused because it had been cancelled.
    assert len(refused) <= 1
    assert all(isinstance(error, NotAllowed) and error.message for error in refused)
    assert Cancellation.objects.filter(offering=page.pk).count() == 1
    assert states(page) == [("published", True)]
    assert (reload(page).title == "Neuer Titel") == (not refused)


def test_decide_against_hold_expiry():
    """The organisation submits the offering for which a date is kept, and it is decided, while the hold expires."""
    organisation = factories.OrganisationFactory()
    member, coordinator = factories.member_of(organisation), factories.coordinator_user()
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    review.return_to_organisation(task_state, actor=coordinator, reasons=["date_clash"])
    hold = holds.hold_date(organisation=organisation, actor=coordinator, start=factories.in_days(10), offering=page)

    def submit_and_decide():
        review.approve(review.submit_for_review(page, actor=member), actor=coordinator)

    refused = race(submit_and_decide, lambda: holds.expire_holds(now=hold.expires_at))
    hold.refresh_from_db()
    assert refused == []
    assert hold.status in (DateHold.Status.USED, DateHold.Status.EXPIRED)
    assert not PlannedDate.objects.filter(hold=hold.pk).exists()
    assert states(page) == [("published", False)]


def test_hold_that_becomes_an_offering_against_its_expiry():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    hold = holds.hold_date(organisation=organisation, actor=member, start=factories.in_days(10), title="Vielleicht")
    refused = race(
        lambda: holds.become_offering(hold, model=TrainingPage, parent=ProgrammePage.objects.get(), actor=member),
        lambda: holds.expire_holds(now=hold.expires_at),
    )
    hold.refresh_from_db()
    if refused:
        assert hold.status == DateHold.Status.EXPIRED
        assert "expired" in refused[0].message or "abgelaufen" in refused[0].message
        assert not PlannedDate.objects.exists()
    else:
        assert hold.status == DateHold.Status.USED
        assert states(hold.offering) == [("draft", False)]
        assert PlannedDate.objects.count() == 1


def test_submit_against_submit():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    factories.coordinator_user()
    page = factories.draft_offering(organisation=organisation)
    refused = race(*[lambda: review.submit_for_review(page, actor=member) for _click in range(2)])
    assert [type(error) for error in refused] == [NotAllowed]
    assert refused[0].message
    assert page.workflow_states.count() == 1
    assert OutgoingMail.objects.filter(template="review/submitted").count() == 1
    assert states(page) == [("in_review", False)]


def test_join_against_return():
    """The second organisation accepts to join forces while a coordinator returns the offering that would be given up."""
    page, task_state, member = waiting_offering(title="Wird aufgegeben")
    host = factories.published_offering(title="Bleibt", dates=[factories.in_days(20)])
    coordinator = factories.coordinator_user()
    proposal = joins.propose_join(reload(page), host, actor=coordinator)
    joins.accept_join(proposal, actor=factories.member_of(host.organisation))
    refused = race(
        lambda: joins.accept_join(proposal, actor=member),
        lambda: review.return_to_organisation(task_state, actor=coordinator, reasons=["similar_offering"]),
    )
    proposal.refresh_from_db()
    # Joining holds in either case; the return came first, or it was refused because there was nothing to decide any more.
    assert proposal.status == JoinProposal.Status.JOINED
    assert len(refused) <= 1
    assert all(isinstance(error, NotAllowed) and error.message for error in refused)
    assert ReviewDecision.objects.count() == 1 - len(refused)
    assert states(page) == []
    assert list(host.co_hosts.values_list("organisation", flat=True)) == [page.organisation_id]
