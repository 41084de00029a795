"""Clicks at the same moment, on a real PostgreSQL with real threads."""


import pytest

from ehrenamt_wagtail.models import LoginLinkCount, OfferingPage, OutgoingMail, TrainingPage
from ehrenamt_wagtail.portal.actions import request_login_link
from tests.clients import signed_in
from tests.factories import OrganisationFactory, draft_offering, make_site, member_of
from tests.threads import at_once

from .helpers import NEW, facts, form_data

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]


@pytest.fixture
def organisation():
    make_site()
    return OrganisationFactory()


@pytest.mark.parametrize("round_", range(3))
@pytest.mark.parametrize("action", ["save", "submit"])
def test_new_form_sent_twice_at_once_makes_one_draft(organisation, action, round_):
    person = member_of(organisation)
    clients = [signed_in(person), signed_in(person)]
    data = form_data(clients[0].get(NEW), **facts(), action=action)
    responses = at_once(*[lambda client=client: client.post(NEW, data) for client in clients])
    assert [response.status_code for response in responses] == [302, 302]
    page = TrainingPage.objects.get()
    assert {response.url for response in responses} == {f"/partner/angebote/{page.pk}/"}
    assert page.workflow_states.count() == (action == "submit")


@pytest.mark.parametrize("round_", range(3))
def test_of_two_colleagues_saving_at_once_one_is_asked(organisation, round_):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    clients = [signed_in(member_of(organisation)) for _number in range(2)]
    forms = [form_data(client.get(address), summary=f"Fassung {number}", action="save") for number, client in enumerate(clients)]
    responses = at_once(
        *[lambda client=client, data=data: client.post(address, data) for client, data in zip(clients, forms, strict=True)]
    )
    assert sorted(response.status_code for response in responses) == [302, 409]
    loser = next(response for response in responses if response.status_code == 409)
    winner = f"Fassung {1 - responses.index(loser)}"
    assert form_data(loser)["summary"] == f"Fassung {responses.index(loser)}"
    assert OfferingPage.objects.get().summary == winner


def test_limit_of_links_holds_when_asked_at_once(settings):
    settings.EHRENAMT = {"LOGIN_LINKS_PER_HOUR": 3}
    results = at_once(*[lambda: request_login_link("a@post.example")] * 8)
    assert sorted(results) == [False] * 5 + [True] * 3
    assert (LoginLinkCount.objects.get().number, OutgoingMail.objects.count()) == (3, 3)
