import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory import queries
from ehrenamt_wagtail.models import Coordinator, Organisation
from tests.factories import (
    CoordinatorFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    member_of,
)

pytestmark = pytest.mark.django_db


def test_coordinators_are_active_members_of_the_group_and_superusers(superuser, editor):
    group_member = coordinator_user()
    assert queries.is_coordinator(group_member)
    assert queries.is_coordinator(superuser)
    assert not queries.is_coordinator(coordinator_user(is_active=False))
    assert not queries.is_coordinator(editor)
    assert not queries.is_coordinator(member_of())
    assert not queries.is_coordinator(AnonymousUser())


def test_asking_again_asks_the_database_once(django_assert_num_queries):
    user = coordinator_user()
    with django_assert_num_queries(1):
        assert queries.is_coordinator(user)
        assert queries.is_coordinator(user)


def test_group_of_the_host_is_used(settings):
    settings.EHRENAMT = {"COORDINATOR_GROUP": "Fachstelle"}
    user = UserFactory()
    user.groups.add(Group.objects.create(name="Fachstelle"))
    assert queries.is_coordinator(user)
    assert list(queries.coordinators()) == [user]


def test_mails_of_the_district_go_to_active_members_of_the_group_with_address(superuser):
    first, second = coordinator_user(), coordinator_user()
    coordinator_user(email="")
    coordinator_user(is_active=False)
    assert list(queries.coordinators()) == [first, second]
    assert conf.COORDINATOR_GROUP == "Ehrenamtskoordination"


def test_organisations_of_a_person_are_the_active_ones():
    user = UserFactory()
    for name, is_active in (("B", True), ("A", True), ("C", False)):
        MembershipFactory(user=user, organisation=OrganisationFactory(name=name, is_active=is_active))
    assert [one.name for one in queries.organisations_of(user)] == ["A", "B"]
    assert list(queries.organisations_of(AnonymousUser())) == []


def test_district_is_the_oldest_active_organisation_of_its_kind():
    assert queries.district_organisation() is None
    OrganisationFactory(kind=Organisation.Kind.DISTRICT, is_active=False)
    district = OrganisationFactory(kind=Organisation.Kind.DISTRICT)
    OrganisationFactory(kind=Organisation.Kind.DISTRICT)
    assert queries.district_organisation() == district


def test_members_are_listed_managers_first(organisation, member, manager):
    assert [one.user for one in queries.members_of(organisation)] == [manager, member]


def test_ended_coordinator_vanishes_by_itself(settings):
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    CoordinatorFactory(name="unbefristet")
    CoordinatorFactory(name="letzter Tag", until_date=today)
    CoordinatorFactory(name="erster Tag", from_date=today)
    CoordinatorFactory(name="vorbei", until_date=today - day)
    CoordinatorFactory(name="noch nicht", from_date=today + day)

    def names(on=None):
        return {one.name for one in Coordinator.objects.in_office(on)}

    assert names() == {"unbefristet", "letzter Tag", "erster Tag"}
    assert names(today + day) == {"unbefristet", "erster Tag", "noch nicht"}


def test_post_ends_at_local_midnight(monkeypatch):
    """22:30 UTC on 30 June is already 1 July in Germany."""
    CoordinatorFactory(until_date=dt.date(2027, 6, 30))
    moment = dt.datetime(2027, 6, 30, 21, 30, tzinfo=dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    assert Coordinator.objects.in_office().count() == 1
    moment = dt.datetime(2027, 6, 30, 22, 30, tzinfo=dt.UTC)
    assert Coordinator.objects.in_office().count() == 0
