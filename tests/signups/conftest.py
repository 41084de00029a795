import pytest

from ehrenamt_wagtail.models import PrivacyNotice
from tests.factories import OrganisationFactory, member_of


@pytest.fixture(autouse=True)
def _site(ready_site):
    pass


@pytest.fixture
def organisation():
    """With the privacy notice that signing up asks for."""
    organisation = OrganisationFactory()
    PrivacyNotice.objects.create(organisation=organisation, controller="Verein, Hauptstraße 1")
    return organisation


@pytest.fixture
def actor(organisation):
    return member_of(organisation)
