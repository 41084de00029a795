"""Two people at the same moment, on a real PostgreSQL with real threads."""


import pytest
from django.contrib.auth import get_user_model

from ehrenamt_wagtail.directory import actions
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import Membership, OutgoingMail
from tests.factories import MembershipFactory, OrganisationFactory
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

ROUNDS = pytest.mark.parametrize("round_", range(5))


@ROUNDS
def test_two_managers_who_remove_each_other_leave_one(round_):
    organisation = OrganisationFactory()
    first, second = MembershipFactory.create_batch(2, organisation=organisation, role=Membership.Role.MANAGER)
    results = at_once(
        lambda: actions.remove_member(first, actor=second.user),
        lambda: actions.remove_member(second, actor=first.user),
    )
    assert Membership.objects.filter(role=Membership.Role.MANAGER).count() == 1
    assert [type(result) for result in results if result is not None] == [NotAllowed]


@ROUNDS
def test_same_person_invited_twice_gets_one_account_and_one_mail(round_):
    organisation = OrganisationFactory()
    manager = MembershipFactory(organisation=organisation, role=Membership.Role.MANAGER).user
    facts = {"first_name": "Ute", "last_name": "Neu", "email": "ute@post.example", "role": "member"}

    def invite():
        return actions.invite_member(organisation=organisation, actor=manager, **facts)

    results = at_once(invite, invite)

    assert sorted(type(result).__name__ for result in results) == ["Membership", "NotAllowed"]
    assert get_user_model().objects.filter(email="ute@post.example").count() == 1
    assert OutgoingMail.objects.count() == 1


@ROUNDS
def test_people_of_the_same_name_invited_at_once_get_different_user_names(round_):
    organisations = OrganisationFactory.create_batch(2)
    managers = [MembershipFactory(organisation=one, role="manager").user for one in organisations]

    def invite(number):
        return actions.invite_member(
            organisation=organisations[number],
            first_name="Ute",
            last_name="Neu",
            email=f"ute{number}@post.example",
            role="member",
            actor=managers[number],
        )

    results = at_once(lambda: invite(0), lambda: invite(1))

    assert sorted(result.user.username for result in results) == ["ute-neu", "ute-neu-2"]
