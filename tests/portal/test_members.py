"""Managers keep the access of their own organisation."""

import pytest
from django.core.management import call_command

from ehrenamt_wagtail.models import Membership, OutgoingMail
from tests.clients import signed_in
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, coordinator_user

from .helpers import messages_of, soup, text_of

ADDRESS = "/partner/zugaenge/"
NEW_PERSON = {"first_name": "Nina", "last_name": "Neu", "email": "nina@post.example", "role": "member"}


@pytest.fixture
def member(organisation):
    return MembershipFactory(user=UserFactory(first_name="Max", last_name="Mitglied"), organisation=organisation)


def test_manager_invites(client, organisation):
    response = client.post(ADDRESS, NEW_PERSON | {"organisation": organisation.pk}, follow=True)
    assert "Nina Neu ist per E-Mail eingeladen." in messages_of(response)
    membership = Membership.objects.get(user__email="nina@post.example")
    assert (membership.organisation, membership.role) == (organisation, "member")
    assert OutgoingMail.objects.filter(template="directory/invitation", user=membership.user).count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_name": ""}, "Geben Sie den Vornamen ein."),
        ({"email": "nina"}, "Das ist keine E-Mail-Adresse."),
        ({"role": "chef"}, "Diese Rolle gibt es nicht."),
        ({"last_name": "x" * 200}, "Das ist zu lang: 200 Zeichen."),
    ],
)
def test_bad_invitation_is_named_and_kept(client, organisation, changes, sentence):
    number = Membership.objects.count()
    response = client.post(ADDRESS, NEW_PERSON | changes | {"organisation": organisation.pk})
    assert sentence in text_of(response)
    kept = {field["name"]: field.get("value", "") for field in soup(response).select("details[open] input")}
    assert kept["email"] == (NEW_PERSON | changes)["email"]
    assert (Membership.objects.count(), OutgoingMail.objects.count()) == (number, 0)


def test_admin_account_is_never_attached(client, organisation):
    coordinator = coordinator_user(email="koordination@post.example")
    call_command("ehrenamt_setup", verbosity=0)
    response = client.post(ADDRESS, NEW_PERSON | {"email": coordinator.email, "organisation": organisation.pk})
    assert soup(response).select_one(".ehrenamt-errors") is not None
    assert not Membership.objects.filter(user=coordinator).exists()
    assert not Membership.objects.filter(user__first_name="Nina").exists()


def test_manager_changes_role_resends_and_removes(client, member):
    address = f"{ADDRESS}{member.pk}/"
    client.post(address, {"action": "make_manager"})
    member.refresh_from_db()
    assert member.role == "manager"
    client.post(address, {"action": "make_member"})
    member.refresh_from_db()
    assert member.role == "member"
    client.post(address, {"action": "resend"})
    assert OutgoingMail.objects.filter(user=member.user).count() == 1
    client.post(address, {"action": "unfug"})
    assert Membership.objects.filter(pk=member.pk).exists()
    client.post(address, {"action": "remove"})
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_last_manager_stays(client, person, member):
    own = Membership.objects.get(user=person)
    for action in ("remove", "make_member"):
        response = client.post(f"{ADDRESS}{own.pk}/", {"action": action}, follow=True)
        assert "ehrenamt-message--error" in response.content.decode()
    own.refresh_from_db()
    assert own.role == "manager"


@pytest.mark.parametrize("action", ["make_manager", "remove", "resend"])
def test_member_changes_nobody(member, person, action):
    client = signed_in(member.user)
    assert soup(client.get(ADDRESS)).select_one("main button[name=action]") is None
    before = list(Membership.objects.order_by("pk").values_list("pk", "role"))
    own, other = member.pk, Membership.objects.get(user=person).pk
    for pk in (own, other):
        client.post(f"{ADDRESS}{pk}/", {"action": action})
    client.post(ADDRESS, NEW_PERSON | {"organisation": member.organisation_id})
    assert list(Membership.objects.order_by("pk").values_list("pk", "role")) == before
    assert OutgoingMail.objects.count() == 0


def test_other_organisations_are_out_of_reach(client, organisation):
    theirs = MembershipFactory(role="member")
    before = list(Membership.objects.order_by("pk").values_list("pk", "role"))
    for action in ("make_manager", "remove", "resend"):
        assert client.post(f"{ADDRESS}{theirs.pk}/", {"action": action}).status_code == 404
    for forged in (theirs.organisation_id, OrganisationFactory().pk, "", "x"):
        assert client.post(ADDRESS, NEW_PERSON | {"organisation": forged}).status_code == 404
    assert theirs.user.get_full_name() not in text_of(client.get(ADDRESS))
    assert list(Membership.objects.order_by("pk").values_list("pk", "role")) == before


def test_address_longer_than_an_account_can_keep_is_refused(client, organisation):
    before = Membership.objects.count()
    email = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    response = client.post(ADDRESS, NEW_PERSON | {"organisation": organisation.pk, "email": email})
    assert f"Das ist zu lang: {len(email)} Zeichen." in text_of(response)
    assert (Membership.objects.count(), OutgoingMail.objects.count()) == (before, 0)
