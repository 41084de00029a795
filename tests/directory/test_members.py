"""Inviting, changing and removing members: who may, what happens, and that refusals change nothing."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.directory import actions
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import Membership, Organisation, OutgoingMail
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
User = get_user_model()


def invite(organisation, actor, **facts):
    facts = {
        "first_name": "Jörg",
        "last_name": "Groß",
        "email": "pfarramt@kirche.example",
        "role": Membership.Role.MEMBER,
        **facts,
    }
    return actions.invite_member(organisation=organisation, actor=actor, **facts)


def counts():
    return (
        User.objects.count(),
        Membership.objects.count(),
        OutgoingMail.objects.count(),
        ModelLogEntry.objects.count(),
    )


def assert_refused(organisation, actor, **facts):
    before = counts()
    with pytest.raises(NotAllowed) as refusal:
        invite(organisation, actor, **facts)
    assert counts() == before
    return refusal.value.message


def test_invitation_creates_account_without_password_or_admin_access(organisation, coordinator, queued_jobs):
    membership = invite(organisation, coordinator, first_name=" Jörg ", email=" pfarramt@kirche.example ")

    user = membership.user
    assert (user.username, user.first_name, user.email) == ("joerg-gross", "Jörg", "pfarramt@kirche.example")
    assert not user.has_usable_password()
    assert not (user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin"))
    assert (membership.organisation, membership.role, membership.invited_by) == (organisation, "member", coordinator)
    assert membership.invited_at is not None


def test_invitation_queues_exactly_one_confidential_mail_without_token(organisation, coordinator, queued_jobs):
    membership = invite(organisation, coordinator)

    mail = OutgoingMail.objects.get()
    assert (mail.template, mail.user, mail.is_confidential) == ("directory/invitation", membership.user, True)
    assert mail.params == {"membership": membership.pk}


def test_invitation_is_logged_at_the_organisation(organisation, coordinator, queued_jobs):
    invite(organisation, coordinator)

    entry = ModelLogEntry.objects.get(action="ehrenamt.invite_member")
    assert (entry.user, entry.object_id, entry.data["person"]) == (coordinator, str(organisation.pk), "Jörg Groß")
    assert entry.message == "Jörg Groß wurde eingeladen"


def test_manager_invites_to_own_organisation(organisation, manager, queued_jobs):
    assert invite(organisation, manager).organisation == organisation


def test_manager_does_not_invite_to_other_organisation(organisation, manager):
    assert "Nothing" not in assert_refused(OrganisationFactory(), manager)


def test_manager_of_inactive_organisation_does_not_invite(organisation, manager):
    Organisation.objects.update(is_active=False)
    assert_refused(organisation, manager)


def test_plain_member_does_not_invite(organisation, member):
    assert_refused(organisation, member)


def test_editor_does_not_invite(organisation, editor):
    assert_refused(organisation, editor)


def test_deactivated_coordinator_does_not_invite(organisation, coordinator):
    coordinator.is_active = False
    coordinator.save()
    assert_refused(organisation, User.objects.get(pk=coordinator.pk))


def test_nobody_is_invited_to_inactive_organisation(organisation, coordinator):
    organisation.is_active = False
    organisation.save()
    assert "nicht aktiv" in assert_refused(organisation, coordinator)


def test_unknown_role_is_refused(organisation, coordinator):
    assert_refused(organisation, coordinator, role="superuser")


@pytest.mark.parametrize("kind", ["staff", "superuser", "admin permission"])
def test_admin_account_is_never_attached(organisation, coordinator, editor, kind):
    account = editor if kind == "admin permission" else UserFactory()
    User.objects.filter(pk=account.pk).update(
        email="Amt@landkreis.example",
        first_name="Anna",
        last_name="Amt",
        is_staff=kind == "staff",
        is_superuser=kind == "superuser",
    )

    message = assert_refused(
        organisation, coordinator, first_name="Anna", last_name="Amt", email="amt@landkreis.example"
    )

    assert "Zugang zur Verwaltung" in message
    assert not Membership.objects.filter(user=account).exists()


def test_portal_account_is_attached_when_name_and_mail_agree(organisation, coordinator, queued_jobs):
    account = UserFactory(first_name="Jörg", last_name="Groß", email="Pfarramt@Kirche.example")
    accounts = User.objects.count()

    membership = invite(organisation, coordinator, last_name="groß")

    assert membership.user == account
    assert User.objects.count() == accounts
    assert User.objects.get(pk=account.pk).password == account.password


def test_shared_address_gives_a_second_account(organisation, coordinator, queued_jobs):
    first = invite(organisation, coordinator).user
    second = invite(organisation, coordinator, first_name="Ute").user

    assert first != second
    assert first.email == second.email
    assert OutgoingMail.objects.count() == 2


def test_same_name_with_other_address_gets_another_user_name(organisation, coordinator, queued_jobs):
    invite(organisation, coordinator)
    other = invite(organisation, coordinator, email="joerg@anderswo.example").user

    assert other.username == "joerg-gross-2"


def test_member_is_not_invited_twice(organisation, coordinator, queued_jobs):
    invite(organisation, coordinator)
    assert "bereits Zugang" in assert_refused(organisation, coordinator)


def test_account_that_is_switched_off_is_not_invited(organisation, coordinator):
    UserFactory(first_name="Jörg", last_name="Groß", email="pfarramt@kirche.example", is_active=False)
    assert "abgeschaltet" in assert_refused(organisation, coordinator)


def test_invitation_is_written_in_the_language_of_the_member(organisation, coordinator, queued_jobs, monkeypatch):
    membership = invite(organisation, coordinator)
    actions.change_language(membership, language="en", actor=coordinator)
    later = actions.timezone.now() + dt.timedelta(minutes=5)
    monkeypatch.setattr(actions.timezone, "now", lambda: later)

    actions.resend_invitation(membership, actor=coordinator)

    german, english = OutgoingMail.objects.order_by("pk")
    assert (german.language, english.language) == ("de", "en")


# Roles


def test_manager_makes_colleague_a_manager(organisation, manager, member):
    membership = Membership.objects.get(user=member)
    actions.change_role(membership, role="manager", actor=manager)
    membership.refresh_from_db()
    assert membership.role == "manager"


def test_last_manager_is_demoted_and_removed_by_coordinators_only(organisation, manager, member, coordinator):
    membership = Membership.objects.get(user=manager)
    for refused in (
        lambda: actions.change_role(membership, role="member", actor=manager),
        lambda: actions.remove_member(membership, actor=manager),
    ):
        with pytest.raises(NotAllowed, match="letzte Person"):
            refused()
    membership.refresh_from_db()
    assert membership.role == "manager"

    actions.remove_member(membership, actor=coordinator)
    assert not Membership.objects.filter(user=manager).exists()
    assert User.objects.filter(pk=manager.pk).exists()


def test_one_of_two_managers_may_go(organisation, manager):
    other = MembershipFactory(organisation=organisation, role="manager")
    actions.remove_member(other, actor=manager)
    assert list(Membership.objects.values_list("user", flat=True)) == [manager.pk]


def test_member_changes_nobody(organisation, manager, member):
    membership = Membership.objects.get(user=manager)
    for refused in (
        lambda: actions.change_role(membership, role="member", actor=member),
        lambda: actions.remove_member(membership, actor=member),
        lambda: actions.resend_invitation(membership, actor=member),
        lambda: actions.change_language(membership, language="en", actor=member),
    ):
        with pytest.raises(NotAllowed):
            refused()
    membership.refresh_from_db()
    assert (membership.role, membership.language) == ("manager", "")
    assert not OutgoingMail.objects.exists()


def test_manager_does_not_reach_members_of_others(manager):
    foreign = MembershipFactory()
    with pytest.raises(NotAllowed):
        actions.remove_member(foreign, actor=manager)
    assert Membership.objects.filter(pk=foreign.pk).exists()


def test_manager_of_inactive_organisation_changes_nobody(organisation, manager, member):
    Organisation.objects.update(is_active=False)
    membership = Membership.objects.select_related("organisation").get(user=member)
    with pytest.raises(NotAllowed):
        actions.remove_member(membership, actor=manager)
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_removing_twice_is_refused_in_words(organisation, manager, member):
    membership = Membership.objects.get(user=member)
    actions.remove_member(membership, actor=manager)
    with pytest.raises(NotAllowed, match="nicht mehr"):
        actions.remove_member(Membership(pk=membership.pk or 999, organisation=organisation, user=member), actor=manager)


# Again


def test_resending_twice_within_a_minute_queues_one_mail(organisation, manager, member, queued_jobs, monkeypatch):
    now = actions.timezone.now().replace(second=1)
    monkeypatch.setattr(actions.timezone, "now", lambda: now)
    membership = Membership.objects.get(user=member)
    actions.resend_invitation(membership, actor=manager)
    actions.resend_invitation(membership, actor=manager)
    assert OutgoingMail.objects.count() == 1


def test_no_link_is_sent_to_admin_accounts(organisation, coordinator, queued_jobs):
    district = OrganisationFactory(kind=Organisation.Kind.DISTRICT)
    membership = actions.join_district(user=coordinator, organisation=district)
    with pytest.raises(NotAllowed, match="Passwort"):
        actions.resend_invitation(membership, actor=coordinator)
    assert not OutgoingMail.objects.exists()


# The district


def test_coordinator_joins_the_district_once(coordinator):
    district = OrganisationFactory(kind=Organisation.Kind.DISTRICT)
    first = actions.join_district(user=coordinator, organisation=district)
    assert actions.join_district(user=coordinator, organisation=district) == first
    assert Membership.objects.count() == 1


def test_nobody_joins_other_organisations_by_themselves(organisation, coordinator, manager, editor):
    district = OrganisationFactory(kind=Organisation.Kind.DISTRICT)
    before = Membership.objects.count()
    for user, target in ((coordinator, organisation), (manager, district), (editor, district)):
        with pytest.raises(NotAllowed):
            actions.join_district(user=user, organisation=target)
    assert Membership.objects.count() == before
