"""The register of periods and the page of a period in the Wagtail admin."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.models import Brochure, Organisation, OutgoingMail, ProgrammePeriod
from ehrenamt_wagtail.reporting import actions
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    in_days,
    member_of,
    published_offering,
    submitted_offering,
)

from .periods import day, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "queued_jobs")]

REGISTER = "/verwaltung/ehrenamt_wagtail/programmeperiod/"


@pytest.fixture
def coordinator(client):
    call_command("ehrenamt_setup", verbosity=0)
    coordinator = coordinator_user()
    client.force_login(coordinator)
    return coordinator


def page_of(period) -> str:
    return f"/verwaltung/ehrenamt/periods/{period.pk}/"


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text(response) -> str:
    return " ".join(soup(response).get_text(" ").split())


def data(first: int, last: int, deadline: int, **facts) -> dict:
    days = {"first_day": first, "last_day": last, "deadline": deadline}
    return {"name": "Programm bis Juli", "message": "", **{name: day(days[name]).isoformat() for name in days}, **facts}


def rows() -> list:
    return list(ProgrammePeriod.objects.order_by("pk").values())


# Register


def test_new_period_leads_to_its_page_and_writes_to_nobody(client, coordinator):
    member_of()
    response = client.post(f"{REGISTER}create/", data(60, 240, 30, message="Bitte bald."), follow=True)
    period = ProgrammePeriod.objects.get()
    assert (period.first_day, period.deadline, period.message, period.called_at) == (day(60), day(30), "Bitte bald.", None)
    assert response.redirect_chain[-1][0] == page_of(period)
    assert "Es wurde noch niemand angeschrieben." in text(response)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ((300, 299, 290), "last_day", "Der letzte Tag liegt vor dem ersten."),
        ((300, 400, 401), "deadline", "Der Redaktionsschluss liegt nach dem letzten Tag"),
        ((240, 400, 100), "first_day", "überschneiden sich mit „Bestehender“"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(client, coordinator, facts, field, words):
    make_period(60, 240, 30, name="Bestehender")
    before = rows()
    response = client.post(f"{REGISTER}create/", data(*facts, message="Bleibt stehen"))
    assert rows() == before
    shown = soup(response)
    wrapper = shown.select_one(f"[name={field}]").find_parent(class_="w-field__wrapper")
    assert words in wrapper.get_text()
    assert shown.select_one("[name=message]").get_text().strip() == "Bleibt stehen"
    assert "constraint" not in text(response).lower()


def test_present_name_is_refused_beside_its_field(client, coordinator):
    make_period(60, 240, 30, name="Programm bis Juli")
    before = rows()
    response = client.post(f"{REGISTER}create/", data(300, 400, 290))
    assert rows() == before
    errors = soup(response).select_one("[name=name]").find_parent(class_="w-field__wrapper").select_one(".w-field__errors")
    assert "existiert bereits" in errors.get_text()


def test_what_became_wrong_in_this_moment_is_told_too(client, coordinator, monkeypatch):
    make_period(60, 240, 30, name="Bestehender")
    before = rows()
    monkeypatch.setattr(actions, "errors_of", Once(actions.errors_of))
    response = client.post(f"{REGISTER}create/", data(240, 400, 100))
    assert rows() == before
    assert "überschneiden sich mit „Bestehender“" in text(response)


class Once:
    """Finds nothing wrong the first time, as when the other period is saved a moment later."""

    def __init__(self, judge):
        self.judge, self.asked = judge, 0

    def __call__(self, *args):
        self.asked += 1
        return {} if self.asked == 1 else self.judge(*args)


def test_open_period_is_extended_in_its_form(client, coordinator):
    period = make_period(60, 240, 30, name="Programm bis Juli", called=-3)
    response = client.post(f"{REGISTER}edit/{period.pk}/", data(60, 240, 40), follow=True)
    assert ProgrammePeriod.objects.get().deadline == day(40)
    assert response.redirect_chain[-1][0] == page_of(period)


def test_period_that_was_called_or_has_a_brochure_is_not_deleted(client, coordinator):
    called, with_brochure, free = make_period(called=-3), make_period(300, 310), make_period(320, 330)
    Brochure.objects.create(period=with_brochure, title="Heft")
    for period, words in ((called, "um Beiträge gebeten"), (with_brochure, "Programmheft")):
        for send in (client.get, client.post):
            before = rows()
            response = send(f"{REGISTER}delete/{period.pk}/")
            assert words in text(response)
            assert not soup(response).select(f"form[action$='delete/{period.pk}/'] button")
            assert rows() == before
    assert "Möchten Sie" in text(client.get(f"{REGISTER}delete/{free.pk}/"))
    client.post(f"{REGISTER}delete/{free.pk}/")
    assert not ProgrammePeriod.objects.filter(pk=free.pk).exists()


def test_register_asks_the_same_number_of_queries(client, coordinator):
    counted = []
    for present, wanted in ((0, 1), (1, 3), (3, 300)):
        for number in range(present, wanted):
            make_period(10 * number + 1, 10 * number + 10, 10 * number, name=f"Zeitraum {number}")
        client.get(REGISTER)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(REGISTER)
        assert len(soup(response).select("table.listing tbody tr")) == min(wanted, 50)
        counted.append(len(queries))
    assert counted[0] == counted[1] and counted[2] <= counted[1] + 1


# The page of a period


def test_page_is_for_coordinators_alone(client):
    period = make_period()
    member_of()
    editor = UserFactory()
    editor.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    for user in (member_of(), editor):
        client.force_login(user)
        for send in (client.get, lambda url: client.post(url, {"action": "call"})):
            response = send(page_of(period))
            assert response.status_code == 302 and "Programm ab" not in response.text
    assert ProgrammePeriod.objects.get().called_at is None
    assert not OutgoingMail.objects.exists()


def test_page_shows_numbers_and_each_organisation(client, coordinator):
    period = make_period()
    caritas, kirche = OrganisationFactory(name="Caritas"), OrganisationFactory(name="Kirche")
    OrganisationFactory(name="Landkreis", kind=Organisation.Kind.DISTRICT)
    member_of(caritas)
    member_of(kirche)
    published_offering(organisation=caritas, dates=[in_days(100)])
    submitted_offering(organisation=caritas, dates=[in_days(101)])
    actions.call_for_contributions(period, actor=coordinator)
    response = client.get(page_of(period))
    table = soup(response).select_one(".ehrenamt-reporting table")
    cells = [[" ".join(cell.get_text().split()) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert [row[:7] for row in cells] == [
        ["Caritas", "beigetragen", "2", "1", "1", "0", "0"],
        ["Kirche", "noch nichts", "0", "0", "0", "0", "0"],
        ["Landkreis", "noch nichts", "0", "0", "0", "0", "0"],
    ]
    assert table.select_one("tbody a")["href"].endswith("traeger=caritas")
    numbers = {item.dt.get_text(): item.dd.get_text() for item in soup(response).select(".ehrenamt-reporting__numbers > div")}
    assert numbers["Veranstalter haben beigetragen"] == "1" and numbers["warten auf Prüfung"] == "1"
    filtered = soup(client.get(f"{page_of(period)}?stand=ohne"))
    names = [link.get_text() for link in filtered.select(".ehrenamt-reporting tbody a")]
    assert names == ["Kirche", "Landkreis"]


def test_call_close_and_open_again_by_buttons(client, coordinator):
    period, organisation = make_period(), OrganisationFactory()
    member_of(organisation)
    OrganisationFactory(name="Ohne Ansprechperson")
    shown = text(client.get(page_of(period)))
    assert "1 Veranstalter wird angeschrieben (1 E-Mail)" in shown
    assert "Ohne Ansprechperson" in shown and "noch nicht aufgerufen" in shown
    response = client.post(page_of(period), {"action": "call"}, follow=True)
    assert "1 Veranstalter ist um Beiträge gebeten." in text(response)
    assert OutgoingMail.objects.count() == 1
    assert not soup(response).select("button[value=call]")
    response = client.post(page_of(period), {"action": "call"}, follow=True)
    assert "Niemand wurde angeschrieben" in text(response)
    assert OutgoingMail.objects.count() == 1
    response = client.post(page_of(period), {"action": "close"}, follow=True)
    assert "Redaktion beendet" in text(response) and ProgrammePeriod.objects.get().is_closed()
    assert not soup(response).select("button[value=close], button[value=call]")
    response = client.post(page_of(period), {"action": "reopen", "deadline": day(20).isoformat()}, follow=True)
    assert "Wieder offen" in text(response)
    assert ProgrammePeriod.objects.get().deadline == day(20) and not ProgrammePeriod.objects.get().is_closed()


def test_wrong_new_deadline_is_told_beside_its_field(client, coordinator):
    period = make_period(called=-3, closed_at=timezone.now())
    before = rows()
    for deadline, words in (
        ("", "Dieses Feld muss ausgefüllt werden."),
        ("30.02.2027", "gültiges Datum"),
        (day(-1).isoformat(), "Dieser Tag ist vorbei"),
        (day(999).isoformat(), "nach dem letzten Tag"),
    ):
        response = client.post(page_of(period), {"action": "reopen", "deadline": deadline})
        wrapper = soup(response).select_one("[name=deadline]").find_parent(class_="w-field__wrapper")
        assert words in " ".join(wrapper.get_text().split()), deadline
        assert rows() == before


def test_refusals_and_unknown_buttons_change_nothing(client, coordinator):
    planned, over = make_period(), make_period(-100, -1, -50, called=-90)
    before = rows()
    for period, action in ((planned, "close"), (over, "call"), (over, "close"), (planned, "delete"), (planned, "")):
        client.post(page_of(period), {"action": action})
        assert rows() == before
    response = client.post(page_of(over), {"action": "reopen", "deadline": day(3).isoformat()}, follow=True)
    assert rows() == before and "ist vorbei" in text(response)
    assert not soup(client.get(page_of(over))).select(".ehrenamt-reporting button[name=action]")


def test_page_asks_the_same_number_of_queries_for_1_3_and_300_organisations(client, coordinator):
    period, counted = make_period(called=-3), []
    published_offering(dates=[in_days(100)])
    for wanted in (1, 3, 300):
        present = Organisation.objects.count()
        Organisation.objects.bulk_create(
            Organisation(name=f"Verein Nr. {n:03}", slug=f"verein-nr-{n}", kind="other") for n in range(present, wanted)
        )
        client.get(page_of(period))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page_of(period))
        assert len(soup(response).select(".ehrenamt-reporting tbody tr")) == wanted
        counted.append(len(queries))
    assert counted == [counted[0]] * 3
