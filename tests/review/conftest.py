import pytest

from tests import factories


@pytest.fixture
def site(ready_site):
    return ready_site


@pytest.fixture
def coordinator(site):
    return factories.coordinator_user(first_name="Karin", last_name="Koordination")


@pytest.fixture
def admin_client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture(autouse=True)
def _public_address(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "BASE_URL": "https://landkreis.example"}
