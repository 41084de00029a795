"""The register of blocked dates in the Wagtail admin."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ehrenamt_wagtail.models import BlockedDate, DateHold, Need
from tests import factories
from tests.factories import MunicipalityFactory, coordinator_user

pytestmark = pytest.mark.django_db

LIST = "ehrenamt_wagtail_blockeddate_modeladmin_index"
NEW = "ehrenamt_wagtail_blockeddate_modeladmin_create"
FACTS = {"name": "Bundestagswahl", "kind": "election", "weight": "avoid", "from_date": "2027-05-23", "until_date": "", "note": ""}


@pytest.fixture
def coordinator(client, ready_site):
    user = coordinator_user()
    client.force_login(user)
    return user


def test_coordinator_enters_a_blocked_date(client, coordinator):
    town = MunicipalityFactory(name="Herrenberg")
    client.post(reverse(NEW), {**FACTS, "municipality": town.pk, "until_date": "2027-05-24"})
    blocked = BlockedDate.objects.get()
    assert (blocked.name, blocked.municipality) == ("Bundestagswahl", town)
    page = client.get(reverse(LIST)).content.decode()
    assert "23.–24. Mai 2027" in page
    assert "Herrenberg" in page


def test_last_day_before_the_first_is_refused_next_to_the_field(client, coordinator):
    answer = client.post(reverse(NEW), {**FACTS, "until_date": "2027-05-01"})
    assert not BlockedDate.objects.exists()
    page = answer.content.decode()
    assert "Der letzte Tag liegt vor dem ersten." in page
    assert "Bundestagswahl" in page


def test_more_than_a_year_is_refused_as_a_mistyped_one(client, coordinator):
    answer = client.post(reverse(NEW), {**FACTS, "until_date": "2072-05-24"})
    assert not BlockedDate.objects.exists()
    assert "Das ist mehr als ein Jahr. Bitte prüfen Sie bei beiden Tagen das Jahr." in answer.content.decode()


def test_hold_and_need_are_exported_with_the_clock_of_the_district(client, coordinator):
    moment = dt.datetime(2027, 1, 13, 22, 59, 59, 123456, tzinfo=dt.UTC)
    start = factories.in_days(20)
    hold = DateHold.objects.create(
        organisation=factories.OrganisationFactory(), start=start, expires_at=moment, created_at=moment, created_by=coordinator
    )
    Need.objects.create(title="Dolmetschen", organisation=hold.organisation, created_at=moment)
    for model, heads in ((DateHold, ["Läuft ab", "Vorgemerkt am"]), (Need, ["Gemeldet am"])):
        address = reverse(f"ehrenamt_wagtail_{model._meta.model_name}_modeladmin_index")
        answer = client.get(address, {"export": "csv"})
        [row] = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
        assert [row[head] for head in heads] == ["2027-01-13 23:59:59"] * len(heads)
        sheet = load_workbook(io.BytesIO(b"".join(client.get(address, {"export": "xlsx"}).streaming_content))).active
        assert sheet.cell(2, sheet.max_column).value == dt.datetime(2027, 1, 13, 23, 59, 59)


def test_menu_leads_to_the_register(client, coordinator):
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse(LIST) in page
    assert "Sperrtermine" in page


def test_export_names_what_people_read(client, coordinator):
    BlockedDate.objects.create(name="=1+1", from_date="2027-05-23", weight="hint")
    answer = client.get(reverse(LIST), {"export": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[1][0] == "'=1+1"
    assert "gut zu wissen" in rows[1]
    assert "ganzer Landkreis" in rows[1]


def test_list_takes_the_same_queries_for_any_number(client, coordinator):
    town = MunicipalityFactory()

    def queries(number):
        BlockedDate.objects.bulk_create(
            BlockedDate(name=f"Tag {n}", from_date="2027-05-23", municipality=town) for n in range(number)
        )
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(LIST))
        return len(captured)

    queries(1)
    assert queries(0) == queries(2) == queries(297)
