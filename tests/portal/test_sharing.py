"""What an organisation lets others read of its plans."""

import pytest
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.directory.actions import share_plans
from ehrenamt_wagtail.exceptions import NotAllowed
from tests.clients import signed_in
from tests.factories import OrganisationFactory, coordinator_user, member_of
from tests.portal.helpers import messages_of, soup, text_of

pytestmark = pytest.mark.django_db
MEMBERS = "/partner/zugaenge/"


def logged(organisation) -> list[dict]:
    return [entry.data for entry in ModelLogEntry.objects.filter(action="ehrenamt.share_plans", object_id=organisation.pk)]


def test_manager_shares_and_keeps(client, organisation):
    response = client.post(MEMBERS, {"organisation": organisation.pk, "action": "share"}, follow=True)
    assert "lesen jetzt auch Titel und Beschreibung" in messages_of(response)
    organisation.refresh_from_db()
    assert organisation.shares_drafts is True
    assert logged(organisation) == [{"shares": True}]
    client.post(MEMBERS, {"organisation": organisation.pk, "action": "keep"})
    organisation.refresh_from_db()
    assert organisation.shares_drafts is False
    assert len(logged(organisation)) == 2


def test_same_choice_again_changes_and_logs_nothing(organisation, person):
    share_plans(organisation, shares=False, actor=person)
    assert logged(organisation) == []


def test_page_says_in_one_sentence_what_others_see(client, organisation):
    assert "sehen andere Veranstalter nur Datum, Ort, Thema, Art und Veranstalter" in text_of(client.get(MEMBERS))
    assert soup(client.get(MEMBERS)).select_one("button[name=action][value=share]") is not None


def test_member_reads_it_and_may_not_change_it(organisation):
    member = member_of(organisation)
    client = signed_in(member)
    page = client.get(MEMBERS)
    assert "sehen andere Veranstalter nur Datum" in text_of(page)
    assert soup(page).select_one("button[value=share]") is None
    client.post(MEMBERS, {"organisation": organisation.pk, "action": "share"})
    organisation.refresh_from_db()
    assert organisation.shares_drafts is False
    assert logged(organisation) == []


def test_manager_of_another_organisation_changes_nothing(client, organisation):
    other = OrganisationFactory()
    assert client.post(MEMBERS, {"organisation": other.pk, "action": "share"}).status_code == 404
    other.refresh_from_db()
    assert other.shares_drafts is False


def test_action_refuses_who_does_not_manage(organisation):
    with pytest.raises(NotAllowed):
        share_plans(organisation, shares=True, actor=member_of(organisation))
    organisation.refresh_from_db()
    assert organisation.shares_drafts is False


def test_coordinator_changes_it_in_the_register(organisation):
    client = signed_in(coordinator_user())
    address = f"/verwaltung/ehrenamt_wagtail/organisation/edit/{organisation.pk}/"
    page = client.get(address)
    assert "Andere Veranstalter lesen dann auch Titel und Beschreibung" in page.content.decode()
    data = {
        "name": organisation.name,
        "kind": organisation.kind,
        "municipality": organisation.municipality_id,
        "is_active": "on",
        "shares_drafts": "on",
        "slug": organisation.slug,
    }
    client.post(address, data)
    organisation.refresh_from_db()
    assert organisation.shares_drafts is True
