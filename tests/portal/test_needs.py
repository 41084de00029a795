import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ehrenamt_wagtail.circles import needs
from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.coordination.models import DateHold
from ehrenamt_wagtail.models import SupervisionPage, TrainingPage
from tests.clients import signed_in
from tests.factories import OrganisationFactory, TopicFactory, member_of

from .helpers import day, form_data, soup

pytestmark = pytest.mark.django_db

NEW = "/partner/bedarfe/neu/"
ALL = "/partner/bedarfe/"


@pytest.fixture
def asking():
    return OrganisationFactory(name="Arbeitskreis Renningen", kind="circle")


@pytest.fixture
def asker(asking):
    return member_of(asking)


@pytest.fixture
def need(site, asking, asker):
    return needs.report_need(
        organisation=asking, actor=asker, title="Wohnungssuche", description="Ein Abend.\n\nGern bald.", topic=TopicFactory()
    )


def url(need) -> str:
    return f"{ALL}{need.pk}/"


def text(response) -> str:
    return " ".join(soup(response).select_one("main").get_text(" ").split())


def test_need_is_reported_with_a_sentence(client, organisation):
    data = form_data(client.get(NEW), title="Ein Abend über Wohnungssuche")
    first, second = client.post(NEW, data), client.post(NEW, data)
    need = Need.objects.get()
    assert first["Location"] == second["Location"] == url(need)
    assert (need.organisation, need.municipality, need.status) == (organisation, organisation.municipality, "open")
    assert "Ein Abend über Wohnungssuche" in text(client.get("/partner/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "   "}, "Sagen Sie in wenigen Worten, was Sie brauchen."),
        ({"group_size": "0"}, "Bitte geben Sie eine Zahl ab 1 ein."),
        ({"group_size": "viele"}, "Bitte geben Sie eine Zahl ein."),
        ({"from_date": "2027-05-01", "until_date": "2027-04-01"}, "Der letzte Tag liegt vor dem ersten."),
        ({"title": "x" * 201}, "Das ist zu lang"),
    ],
)
def test_wrong_need_is_told_and_not_saved(client, changes, sentence):
    data = form_data(client.get(NEW), title="Wohnungssuche", description="Was ich schrieb")
    response = client.post(NEW, {**data, **changes})
    assert sentence in text(response)
    assert form_data(response)["description"] == "Was ich schrieb"
    assert not Need.objects.exists()


def test_draft_takes_the_need_up_with_its_facts(client, organisation, need):
    assert "Wohnungssuche" in text(client.get(ALL))
    first = client.post(url(need), {"action": "take", "art": "supervision"})
    second = client.post(url(need), {"action": "take", "art": "supervision"})
    page = SupervisionPage.objects.get()
    assert first["Location"] == second["Location"] == reverse("ehrenamt:offering-edit", args=[page.pk])
    newest = page.get_latest_revision_as_object()
    assert (newest.title, newest.municipality, list(newest.topics.all())) == ("Wohnungssuche", need.municipality, [need.topic])
    need.refresh_from_db()
    assert (need.status, need.taken_by, need.offering_id) == ("taken", organisation, page.pk)


def test_slower_organisation_is_told_who_was_faster(client, need):
    rival = signed_in(member_of(OrganisationFactory(name="Kirchengemeinde")))
    rival.post(url(need), {"action": "take"})
    response = client.post(url(need), {"action": "take"}, follow=True)
    assert "Kirchengemeinde hat diesen Bedarf schon aufgegriffen." in text(response)
    assert TrainingPage.objects.count() == 1


def test_hold_takes_the_need_up(client, organisation, need):
    address = f"/partner/vormerkungen/neu/?bedarf={need.pk}"
    data = form_data(client.get(address), date=day(30), start_time="19:00")
    assert data["topic"] == str(need.topic_id)
    client.post(address, data)
    hold = DateHold.objects.get()
    need.refresh_from_db()
    assert (hold.need, hold.title, need.status, need.taken_by) == (need, "Wohnungssuche", "taken", organisation)
    rival = signed_in(member_of())
    response = rival.post(address, data | {"organisation": "", "key": ""})
    assert "hat diesen Bedarf schon aufgegriffen" in text(response)
    assert DateHold.objects.count() == 1


def test_own_need_is_changed_and_closed(need, asker):
    own = signed_in(asker)
    data = form_data(own.get(url(need)), title="Anders", until_date=str(dt.date(2027, 5, 1)))
    own.post(url(need), {**data, "action": "save"})
    need.refresh_from_db()
    assert (need.title, need.until_date) == ("Anders", dt.date(2027, 5, 1))
    own.post(url(need), {"action": "close"})
    need.refresh_from_db()
    assert need.status == "closed"


def test_need_of_others_cannot_be_changed_or_closed(client, need):
    client.post(url(need), {"action": "save", "title": "Anders"})
    client.post(url(need), {"action": "close"})
    need.refresh_from_db()
    assert (need.title, need.status) == ("Wohnungssuche", "open")


def test_closed_need_of_others_is_not_there(client, need, asker):
    needs.close_need(need, actor=asker)
    assert client.get(url(need)).status_code == 404
    assert "Wohnungssuche" not in text(client.get(ALL))


def test_what_was_typed_stays_when_somebody_took_it_up(need, asker, client):
    own = signed_in(asker)
    data = form_data(own.get(url(need)), description="Noch ein Satz")
    client.post(url(need), {"action": "take"})
    response = own.post(url(need), {**data, "action": "save"})
    assert "Caritasverband hat diesen Bedarf schon aufgegriffen." in text(response)
    assert form_data(response)["description"] == "Noch ein Satz"
    need.refresh_from_db()
    assert need.description == "Ein Abend.\n\nGern bald."


def test_list_asks_the_same_number_of_queries(client, need, asking):
    counted = []
    for present, wanted in ((1, 1), (1, 3), (3, 300)):
        Need.objects.bulk_create(Need(organisation=asking, title=f"Bedarf {n}") for n in range(present, wanted))
        client.get(ALL)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(ALL)
        assert len(soup(response).select("section[aria-labelledby=open-needs] li.ehrenamt-own__item")) == wanted
        counted.append(len(queries))
    assert len(set(counted)) == 1
