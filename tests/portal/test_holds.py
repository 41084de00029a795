import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.coordination import holds
from ehrenamt_wagtail.coordination.models import DateHold
from ehrenamt_wagtail.models import OfferingPage, TrainingPage, VolunteerDayPage
from tests.clients import signed_in
from tests.factories import OrganisationFactory, TopicFactory, coordinator_user, in_days, member_of

from .helpers import day, form_data, soup

pytestmark = pytest.mark.django_db

NEW = "/partner/vormerkungen/neu/"


@pytest.fixture
def hold(organisation, person):
    return holds.hold_date(
        organisation=organisation, actor=person, start=in_days(40), title="Lesung", municipality=organisation.municipality
    )


def url(hold) -> str:
    return f"/partner/vormerkungen/{hold.pk}/"


def text(response) -> str:
    return " ".join(soup(response).select_one("main").get_text(" ").split())


def test_form_holds_one_date_however_often_it_is_sent(client, organisation):
    data = form_data(client.get(NEW), date=day(30), start_time="19:00", end_time="21:00")
    first, second = client.post(NEW, data), client.post(NEW, data)
    hold = DateHold.objects.get()
    assert (hold.start, hold.end, hold.organisation) == (in_days(30), in_days(30, 21), organisation)
    assert first["Location"] == second["Location"] == url(hold)
    assert "Vorgemerkt" in text(client.get(url(hold)))


def test_form_is_filled_from_the_address(client, organisation):
    topic = TopicFactory()
    address = f"{NEW}?datum={day(20)}&gemeinde={organisation.municipality.slug}&thema={topic.slug}&bedarf=99&titel=Lesung"
    data = form_data(client.get(address))
    assert (data["date"], data["municipality"], data["topic"]) == (day(20), str(organisation.municipality.pk), str(topic.pk))
    assert data["title"] == "Lesung"
    nonsense = form_data(client.get(f"{NEW}?datum=2027-02-30&gemeinde=x&thema=\x00&bedarf=abc"))
    assert (nonsense["date"], nonsense["municipality"], nonsense["topic"]) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": ""}, "Geben Sie den Tag dieses Termins an."),
        ({"date": "2027-02-30"}, "Diesen Tag gibt es nicht."),
        ({"date": "2027-03-28", "start_time": "02:30"}, "Diese Uhrzeit gibt es nicht"),
        ({"start_time": ""}, "Geben Sie ein, wann es beginnt"),
        ({"date": "2020-01-01", "start_time": "19:00"}, "Dieser Termin hat schon begonnen"),
        ({"start_time": "19:00", "end_time": "19:00"}, "Das Ende liegt vor dem Beginn."),
        ({"municipality": "9" * 25, "start_time": "19:00"}, "Bitte wählen Sie einen Eintrag aus der Liste."),
    ],
)
def test_wrong_date_is_told_beside_the_field_and_holds_nothing(client, changes, sentence):
    data = form_data(client.get(NEW), date=day(30), title="Was ich schrieb")
    response = client.post(NEW, {**data, **changes})
    assert sentence in text(response)
    assert form_data(response)["title"] == "Was ich schrieb"
    assert not DateHold.objects.exists()


def test_night_ends_after_midnight(client):
    data = form_data(client.get(NEW), date=day(30), start_time="21:00", end_time="01:00")
    client.post(NEW, data)
    assert DateHold.objects.get().end == in_days(31, 1)


def test_check_button_compares_without_holding(client, organisation):
    other = OrganisationFactory(name="Kirchengemeinde", municipality=organisation.municipality)
    holds.hold_date(
        organisation=other,
        actor=member_of(other),
        start=in_days(30),
        title="Ganz geheim",
        municipality=organisation.municipality,
    )
    data = form_data(client.get(NEW), date=day(30), start_time="19:00", municipality=str(organisation.municipality.pk))
    response = client.post(NEW, {**data, "action": "check"})
    assert "Kirchengemeinde" in text(response)
    assert "Ganz geheim" not in response.text
    assert DateHold.objects.filter(organisation=organisation).count() == 0


def test_offering_from_the_row_in_one_click_and_the_second_gives_the_same(client, hold, organisation):
    page_of_row = soup(client.get("/partner/"))
    row = page_of_row.select_one(f'form[action="{url(hold)}"]')
    assert [button["value"] for button in row.select("button")] == ["use", "prolong", "release"]
    first, second = client.post(url(hold), {"action": "use"}), client.post(url(hold), {"action": "use"})
    page = TrainingPage.objects.get()
    assert first["Location"] == second["Location"] == reverse("ehrenamt:offering-edit", args=[page.pk])
    assert (page.title, page.contact_name, page.organisation) == ("Lesung", "Petra Beispiel", organisation)
    assert page.occurrences.get().start == in_days(40)


def test_kind_can_be_chosen(client, hold):
    client.post(url(hold), {"action": "use", "art": "ehrenamtstag"})
    assert VolunteerDayPage.objects.get().title == "Lesung"


def test_date_that_became_an_offering_is_not_called_open(client, hold):
    address = reverse("ehrenamt:hold", args=[hold.pk])
    client.post(address, {"action": "use"})
    assert "wieder anderen offen" not in text(client.get(address))
    OfferingPage.objects.get().delete()
    assert "wieder anderen offen" in text(client.get(address))


def test_two_tabs_get_a_clear_message(client, hold):
    client.post(url(hold), {"action": "release"})
    response = client.post(url(hold), {"action": "use"}, follow=True)
    assert "Diese Terminvormerkung wurde schon zurückgegeben." in text(response)
    assert "Termin erneut vormerken" in text(response)
    assert not OfferingPage.objects.exists()


def test_expired_hold_says_so_before_the_job_ran(client, hold):
    DateHold.objects.filter(pk=hold.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    for action in ("use", "prolong", "release"):
        assert "ist abgelaufen" in text(client.post(url(hold), {"action": action}, follow=True))
    hold.refresh_from_db()
    assert (hold.status, hold.prolonged_at) == ("active", None)


def test_hold_of_others_is_not_there(hold):
    stranger = signed_in(member_of())
    assert stranger.get(url(hold)).status_code == 404
    assert stranger.post(url(hold), {"action": "release"}).status_code == 404
    hold.refresh_from_db()
    assert hold.status == "active"


def test_coordinator_holds_for_others(organisation):
    coordinator = coordinator_user()
    district = OrganisationFactory(name="Landkreis", kind="district")
    district.memberships.create(user=coordinator)
    client = signed_in(coordinator)
    data = form_data(client.get(NEW), date=day(30), start_time="19:00", organisation=str(organisation.pk))
    client.post(NEW, data)
    assert DateHold.objects.get().organisation == organisation


def test_member_cannot_hold_for_others(client):
    other = OrganisationFactory()
    data = form_data(client.get(NEW), date=day(30), start_time="19:00", organisation=str(other.pk))
    assert "Bitte wählen Sie einen Eintrag aus der Liste." in text(client.post(NEW, data))
    assert not DateHold.objects.exists()


def test_start_page_asks_the_same_number_of_queries(client, organisation, person):
    counted = []
    for present, wanted in ((0, 1), (1, 3), (3, 300)):
        DateHold.objects.bulk_create(
            DateHold(organisation=organisation, start=in_days(30), expires_at=in_days(20), created_by=person)
            for _n in range(present, wanted)
        )
        client.get("/partner/")
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/partner/")
        assert len(soup(response).select("section[aria-labelledby=holds] li.ehrenamt-own__item")) == wanted
        counted.append(len(queries))
    assert len(set(counted)) == 1
