"""„In Bearbeitung bei …“."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import ReviewClaim, ReviewDecision
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, withdraw_from_review
from ehrenamt_wagtail.review.claims import claim, leave_to_others, take_over
from tests import factories
from tests.review.helpers import texts
from tests.threads import at_once

pytestmark = pytest.mark.django_db

QUEUE = "ehrenamt_admin:review_queue"


def address(task_state, name="review"):
    return reverse(f"ehrenamt_admin:{name}", args=[task_state.pk])


@pytest.fixture
def anna(site):
    return factories.coordinator_user(first_name="Anna", last_name="Schnell")


@pytest.fixture
def anna_client(anna):
    client = Client()
    client.force_login(anna)
    return client


def test_opening_claims_and_others_see_it(admin_client, anna_client, coordinator):
    _page, task_state = factories.submitted_offering()
    admin_client.get(address(task_state))
    assert ReviewClaim.objects.get().user == coordinator
    html = anna_client.get(address(task_state)).content.decode()
    assert "In Bearbeitung bei Karin Koordination seit" in html
    assert "Sie können trotzdem entscheiden" in html
    assert ReviewClaim.objects.get().user == coordinator
    row = anna_client.get(reverse(QUEUE)).context["submissions"][0]
    assert row.claim.person == "Karin Koordination"
    assert "Karin Koordination" in anna_client.get(reverse(QUEUE)).content.decode()


def test_queue_filters_by_who_is_working_on_it(admin_client, anna_client):
    states = {title: factories.submitted_offering(title=title)[1] for title in ("Meins", "Ihres", "Keins")}
    admin_client.get(address(states["Meins"]))
    anna_client.get(address(states["Ihres"]))

    def titles(client, claim):
        return [row.title for row in client.get(reverse(QUEUE), {"claim": claim}).context["submissions"]]

    assert [titles(admin_client, claim) for claim in ("mine", "others", "nobody")] == [["Meins"], ["Ihres"], ["Keins"]]
    assert titles(anna_client, "mine") == ["Ihres"]


def test_whoever_sees_it_second_may_decide_all_the_same(admin_client, anna_client, anna):
    _page, task_state = factories.submitted_offering()
    admin_client.get(address(task_state))
    anna_client.post(address(task_state), {"action": "approve", "revision_id": task_state.revision_id})
    assert ReviewDecision.objects.get().actor == anna
    assert not ReviewClaim.objects.exists()


def test_taking_over_and_leaving_to_others(admin_client, anna_client, anna):
    _page, task_state = factories.submitted_offering()
    admin_client.get(address(task_state))
    response = anna_client.post(address(task_state, "review_claim"), {"action": "take"}, follow=True)
    assert response.redirect_chain[-1][0] == address(task_state)
    assert ReviewClaim.objects.get().user == anna

    # What is not one's own cannot be left.
    response = admin_client.post(address(task_state, "review_claim"), {"action": "leave"}, follow=True)
    assert "Daran arbeitet gerade jemand anderes" in texts(response)[0]
    assert ReviewClaim.objects.get().user == anna

    response = anna_client.post(address(task_state, "review_claim"), {"action": "leave"}, follow=True)
    assert response.redirect_chain[-1][0] == reverse(QUEUE)
    assert not ReviewClaim.objects.exists()


def test_claim_is_gone_with_decision_and_withdrawal(coordinator):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    ends = {
        "approved": lambda page, state: approve(state, actor=coordinator),
        "returned": lambda page, state: return_to_organisation(state, actor=coordinator, reasons=["other"]),
        "withdrawn": lambda page, state: withdraw_from_review(page, actor=member),
    }
    for name, end in ends.items():
        page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
        claim(task_state, actor=coordinator)
        end(page, task_state)
        assert not ReviewClaim.objects.exists(), name


def test_claim_of_yesterday_counts_no_more(anna_client, anna, coordinator):
    _page, task_state = factories.submitted_offering()
    old = claim(task_state, actor=coordinator)
    ReviewClaim.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(hours=25))
    assert anna_client.get(reverse(QUEUE)).context["submissions"][0].claim is None
    assert "Karin" not in anna_client.get(address(task_state)).content.decode()
    assert ReviewClaim.objects.get().user == anna


def test_opening_again_keeps_the_time(admin_client):
    _page, task_state = factories.submitted_offering()
    admin_client.get(address(task_state))
    before = ReviewClaim.objects.get().at
    admin_client.get(address(task_state))
    assert ReviewClaim.objects.get().at == before


def test_nothing_is_claimed_that_is_decided_or_by_others(site, coordinator):
    _page, task_state = factories.submitted_offering()
    for action in (claim, take_over, leave_to_others):
        with pytest.raises(NotAllowed):
            action(task_state, actor=factories.member_of())
    approve(task_state, actor=coordinator)
    for action in (claim, take_over, leave_to_others):
        with pytest.raises(NotAllowed):
            action(task_state, actor=coordinator)
    assert not ReviewClaim.objects.exists()


def test_decided_submission_is_shown_without_a_claim(admin_client, coordinator):
    _page, task_state = factories.submitted_offering()
    approve(task_state, actor=coordinator)
    assert admin_client.get(address(task_state)).context["claim"] is None
    assert not ReviewClaim.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_open_it_at_once_make_one_claim(queued_jobs, coordinator, anna):
    _page, task_state = factories.submitted_offering()
    claims = at_once(*[lambda person=person: claim(task_state, actor=person) for person in (coordinator, anna)])
    assert [found.user for found in claims] == [ReviewClaim.objects.get().user] * 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_opening_against_deciding_leaves_no_claim(queued_jobs, coordinator, anna):
    _page, task_state = factories.submitted_offering()
    at_once(lambda: claim(task_state, actor=coordinator), lambda: approve(task_state, actor=anna))
    assert ReviewDecision.objects.count() == 1
    assert not ReviewClaim.objects.exists()
