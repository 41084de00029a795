"""People with the rights of a real site, made by the command that sets it up."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from ehrenamt_wagtail.models import Membership, Organisation
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory, coordinator_user, member_of


@pytest.fixture
def coordinator(db):
    call_command("ehrenamt_setup", stdout=io.StringIO())
    return coordinator_user(first_name="Karin", last_name="Koordination")


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("chef", "chef@landkreis.example", "x")


@pytest.fixture
def editor(db):
    """Edits pages in the admin, has none of our permissions."""
    group = Group.objects.create(name="Redaktion Test")
    group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
    user = UserFactory(username="redaktion")
    user.groups.add(group)
    return user


@pytest.fixture
def organisation(db):
    return OrganisationFactory(name="Caritas Musterkreis", kind=Organisation.Kind.WELFARE)


@pytest.fixture
def manager(organisation):
    return MembershipFactory(
        organisation=organisation, role=Membership.Role.MANAGER, user=UserFactory(first_name="Mara", last_name="Manager")
    ).user


@pytest.fixture
def member(organisation):
    return member_of(organisation, first_name="Milan", last_name="Mitglied")
