import pytest
from django.test import Client

from ehrenamt_wagtail.models import Membership
from tests.clients import signed_in
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory


@pytest.fixture
def site(ready_site):
    return ready_site


@pytest.fixture
def organisation(site):
    return OrganisationFactory(name="Caritasverband", contact_name="Petra Beispiel", contact_email="caritas@post.example")


@pytest.fixture
def person(organisation):
    person = UserFactory(username="caritas", first_name="Clara", last_name="Muster")
    MembershipFactory(user=person, organisation=organisation, role=Membership.Role.MANAGER)
    return person


@pytest.fixture
def client(person) -> Client:
    return signed_in(person)
