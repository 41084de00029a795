"""Joining at the same moment as something else, on PostgreSQL with real threads: one consistent end, and the loser is told."""

import pytest

from ehrenamt_wagtail.coordination import joins
from ehrenamt_wagtail.coordination.models import JoinProposal, PlannedDate
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import CoHost, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.review.actions import submit_for_review
from tests.factories import OrganisationFactory, coordinator_user, draft_offering, make_site, member_of, published_offering
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

Status = JoinProposal.Status


@pytest.fixture
def story():
    make_site()
    ours, theirs = OrganisationFactory(name="Kirche"), OrganisationFactory(name="Caritas")
    our_member, their_member = member_of(ours), member_of(theirs)
    # The host is the older page here, so that the order of the keys is not that of the arguments.
    host = published_offering(organisation=theirs, title="Gastgeber")
    joining = draft_offering(organisation=ours, title="Beitretend")
    proposal = joins.propose_join(joining, host, actor=coordinator_user())
    return proposal, joining, host, our_member, their_member


def test_both_accept_at_once(story):
    proposal, joining, host, our_member, their_member = story
    results = at_once(
        lambda: joins.accept_join(proposal, actor=our_member),
        lambda: joins.accept_join(proposal, actor=their_member),
    )
    assert sorted(result.status for result in results) == [Status.JOINED, Status.OPEN]
    proposal.refresh_from_db()
    assert proposal.status == Status.JOINED
    assert CoHost.objects.filter(page=host.pk).count() == 1
    assert not PlannedDate.objects.filter(offering=joining.pk).exists()


def test_join_and_submit_at_once(story):
    proposal, joining, host, our_member, their_member = story
    joins.accept_join(proposal, actor=their_member)
    results = at_once(
        lambda: joins.accept_join(proposal, actor=our_member),
        lambda: submit_for_review(joining, actor=our_member, reason="Wir bleiben dabei."),
    )
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    proposal.refresh_from_db()
    page = TrainingPage.objects.get(pk=joining.pk)
    is_joined = proposal.status == Status.JOINED
    assert is_joined or proposal.status == Status.DROPPED
    assert page.locked == is_joined
    assert bool(page.workflow_in_progress) != is_joined
    assert CoHost.objects.filter(page=host.pk).exists() == is_joined


def test_join_and_cancel_at_once(story):
    proposal, joining, host, our_member, their_member = story
    joins.accept_join(proposal, actor=their_member)
    results = at_once(lambda: joins.accept_join(proposal, actor=our_member), lambda: cancel(host, actor=their_member))
    proposal.refresh_from_db()
    joined = not isinstance(results[0], NotAllowed)
    assert not isinstance(results[1], Exception)
    assert proposal.status == (Status.JOINED if joined else Status.DROPPED)
    assert TrainingPage.objects.get(pk=host.pk).is_cancelled()


def test_accept_and_decline_at_once(story):
    proposal, joining, host, our_member, their_member = story
    joins.accept_join(proposal, actor=their_member)
    results = at_once(
        lambda: joins.accept_join(proposal, actor=our_member), lambda: joins.decline_join(proposal, actor=their_member)
    )
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    proposal.refresh_from_db()
    assert proposal.status in (Status.JOINED, Status.DECLINED)
    assert TrainingPage.objects.get(pk=joining.pk).locked == (proposal.status == Status.JOINED)
