import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehrenamt_wagtail.circles.needs import report_need
from ehrenamt_wagtail.models import DateHold, Need
from tests.factories import OrganisationFactory, coordinator_user, in_days, member_of

pytestmark = pytest.mark.django_db

NEEDS = "/verwaltung/ehrenamt_wagtail/need/"
HOLDS = "/verwaltung/ehrenamt_wagtail/datehold/"


@pytest.fixture
def coordinator(client, ready_site):
    call_command("ehrenamt_setup", verbosity=0)
    coordinator = coordinator_user()
    client.force_login(coordinator)
    return coordinator


@pytest.fixture
def need(coordinator):
    organisation = OrganisationFactory(name="Arbeitskreis Renningen")
    return report_need(organisation=organisation, actor=member_of(organisation), title="Wohnungssuche")


def text(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_coordinator_enters_a_need_for_others(client, coordinator):
    organisation = OrganisationFactory()
    data = {"title": "Fahrräder", "description": "", "organisation": organisation.pk, "status": "closed"}
    client.post(f"{NEEDS}create/", data)
    need = Need.objects.get()
    assert (need.title, need.status, need.municipality, need.created_by) == (
        "Fahrräder",
        "open",
        organisation.municipality,
        coordinator,
    )


def test_wrong_period_is_told_and_not_saved(client, coordinator):
    data = {"title": "x", "organisation": OrganisationFactory().pk, "from_date": "2027-05-02", "until_date": "2027-05-01"}
    response = client.post(f"{NEEDS}create/", data)
    assert "Der letzte Tag liegt vor dem ersten." in text(response)
    assert not Need.objects.exists()


def test_coordinator_changes_and_closes_but_nothing_is_deleted(client, need):
    data = {"title": "Anders", "organisation": need.organisation_id, "status": "answered", "taken_by": need.organisation_id}
    client.post(f"{NEEDS}edit/{need.pk}/", data)
    need.refresh_from_db()
    assert (need.title, need.status, need.taken_by) == ("Anders", "open", None)
    client.post(f"{NEEDS}delete/{need.pk}/")
    need.refresh_from_db()
    assert need.status == "closed"
    client.post(f"{NEEDS}edit/{need.pk}/", data | {"title": "Noch anders"})
    need.refresh_from_db()
    assert need.title == "Anders"


def test_open_needs_stand_on_the_coordinators_start_page(client, need):
    response = client.get("/verwaltung/")
    panel = BeautifulSoup(response.content, "html.parser").select_one("#ehrenamt-needs-section")
    assert "Wohnungssuche" in panel.get_text()
    assert "1 Bedarf ist offen" in panel.get_text()
    Need.objects.update(status="closed")
    assert "ehrenamt-needs-section" not in client.get("/verwaltung/").text


def test_lists_ask_the_same_number_of_queries(client, need):
    member, organisation = member_of(need.organisation), need.organisation
    for address, make in (
        (NEEDS, lambda n: Need(organisation=organisation, title=f"Bedarf {n}")),
        (HOLDS, lambda n: DateHold(organisation=organisation, start=in_days(30), expires_at=in_days(9), created_by=member)),
    ):
        type(make(0)).objects.all().delete()
        counted = []
        for present, wanted in ((0, 1), (1, 3), (3, 300)):
            type(make(0)).objects.bulk_create(make(n) for n in range(present, wanted))
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            rows = BeautifulSoup(response.content, "html.parser").select("table.listing tbody tr")
            assert len(rows) == min(wanted, 50)
            counted.append(len(queries))
        # A list of several pages asks for their number once more at most.
        assert counted[0] == counted[1] and counted[2] <= counted[1] + 1
