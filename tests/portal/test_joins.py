import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehrenamt_wagtail.coordination import joins
from ehrenamt_wagtail.coordination.models import JoinProposal
from ehrenamt_wagtail.models import CoHost, TrainingPage
from tests.factories import (
    OrganisationFactory,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
)

pytestmark = pytest.mark.django_db

Status = JoinProposal.Status


@pytest.fixture
def parties(site):
    return OrganisationFactory(name="Kirche"), OrganisationFactory(name="Caritas")


@pytest.fixture
def our_member(parties):
    return member_of(parties[0])


@pytest.fixture
def their_member(parties):
    return member_of(parties[1])


@pytest.fixture
def proposal(parties):
    joining = draft_offering(organisation=parties[0], title="Asylrecht Grundlagen", summary="Unser Geheimnis.")
    host = published_offering(organisation=parties[1], title="Grundlagen des Asylrechts", summary="Für alle.")
    return joins.propose_join(joining, host, actor=coordinator_user(), comment="Ein Abend genügt.")


def read(client, user, path: str) -> str:
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def address(proposal) -> str:
    return f"/partner/zusammenarbeit/{proposal.pk}/"


def send(client, user, proposal, **data) -> str:
    client.force_login(user)
    return client.post(address(proposal), data, follow=True).content.decode()


def test_page_shows_both_offerings_and_the_buttons(client, proposal, our_member):
    html = read(client, our_member, address(proposal))
    assert "Asylrecht Grundlagen" in html
    assert "Grundlagen des Asylrechts" in html
    assert "Für alle." in html
    assert "Ein Abend genügt." in html
    assert 'value="accept"' in html
    assert 'value="decline"' in html


def test_text_of_an_unpublished_offering_is_not_shown_to_the_other(client, proposal, our_member, their_member, parties):
    assert "Unser Geheimnis." in read(client, our_member, address(proposal))
    html = read(client, their_member, address(proposal))
    assert "Asylrecht Grundlagen" in html
    assert "Petra Beispiel" in html
    assert "Unser Geheimnis." not in html
    parties[0].shares_drafts = True
    parties[0].save()
    assert "Unser Geheimnis." in read(client, their_member, address(proposal))


def test_pending_change_of_the_host_is_not_shown_to_the_other(client, proposal, our_member):
    change = proposal.host.specific.get_latest_revision_as_object()
    change.title, change.summary = "Geheimer Titel", "Geheimer Text"
    change.save_revision(clean=False)
    html = read(client, our_member, address(proposal))
    assert "Grundlagen des Asylrechts" in html
    assert "Geheimer" not in html


def test_strangers_find_nothing(client, proposal):
    client.force_login(member_of())
    assert client.get(address(proposal)).status_code == 404
    assert client.post(address(proposal), {"action": "accept"}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.joining_accepted_at is None
    assert proposal.host_accepted_at is None


def test_both_accept_and_find_it_in_cooperation(client, proposal, our_member, their_member):
    assert "Sobald auch der andere Veranstalter zusagt" in send(client, our_member, proposal, action="accept")
    html = read(client, our_member, address(proposal))
    assert 'value="accept"' not in html
    assert 'value="decline"' in html
    assert "ein gemeinsames Angebot" in send(client, their_member, proposal, action="accept")
    assert CoHost.objects.filter(page=proposal.host_id, organisation=proposal.joining.organisation_id).exists()
    start = read(client, our_member, "/partner/")
    assert "In Kooperation" in start
    assert "Grundlagen des Asylrechts" in start
    assert "Wartet auf Sie" not in start
    draft = read(client, our_member, f"/partner/angebote/{proposal.joining_id}/")
    assert "Aufgegangen in „Grundlagen des Asylrechts“ (Caritas)" in draft
    assert 'name="title"' not in draft


def test_declining_keeps_the_reason(client, proposal, their_member):
    html = send(client, their_member, proposal, action="decline", comment="Zu klein.")
    assert "Sie haben abgelehnt" in html
    proposal.refresh_from_db()
    assert (proposal.status, proposal.answer) == (Status.DECLINED, "Zu klein.")
    assert "Zu klein." in html
    assert 'value="accept"' not in html


def test_second_window_is_told_what_happened(client, proposal, our_member, their_member):
    send(client, their_member, proposal, action="decline")
    html = send(client, our_member, proposal, action="accept")
    assert "inzwischen abgelehnt" in html
    proposal.refresh_from_db()
    assert proposal.status == Status.DECLINED


def test_unknown_button_changes_nothing(client, proposal, our_member):
    assert "zusagen oder ablehnen" in send(client, our_member, proposal, action="")
    proposal.refresh_from_db()
    assert (proposal.status, proposal.joining_accepted_at) == (Status.OPEN, None)


def test_start_page_asks_until_the_own_side_has_answered(client, proposal, our_member):
    assert address(proposal) in read(client, our_member, "/partner/")
    joins.accept_join(proposal, actor=our_member)
    assert address(proposal) not in read(client, our_member, "/partner/")


def test_start_page_asks_the_database_as_often_for_many(client, parties, our_member, their_member):
    def joined(number):
        joining = draft_offering(organisation=parties[0], title=f"Abend {number}")
        host = published_offering(organisation=parties[1], title=f"Gastgeber {number}", dates=[in_days(20 + number)])
        proposal = joins.propose_join(joining, host, actor=coordinator_user())
        for member in (our_member, their_member):
            joins.accept_join(proposal, actor=member)

    joined(1)
    read(client, our_member, "/partner/")
    with CaptureQueriesContext(connection) as few:
        read(client, our_member, "/partner/")
    joined(2)
    joined(3)
    with CaptureQueriesContext(connection) as many:
        read(client, our_member, "/partner/")
    assert len(many) == len(few)
    assert TrainingPage.objects.count() == 6
