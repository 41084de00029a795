"""A member states the figures of the own circle in the portal."""

import pytest

from ehrenamt_wagtail.circles.figures import state_figure
from ehrenamt_wagtail.circles.half_years import present_half_year
from ehrenamt_wagtail.models import CircleFigure
from tests.circles.half_years import stop_clock
from tests.factories import OrganisationFactory, circle_page

from .helpers import field_errors, form_data, messages_of, soup, text_of


@pytest.fixture(autouse=True)
def present(monkeypatch):
    stop_clock(monkeypatch)


@pytest.fixture
def circle(organisation):
    return circle_page(organisation=organisation)


def address(circle, half_year="") -> str:
    return f"/partner/arbeitskreise/{circle.pk}/zahlen/" + (f"?halbjahr={half_year}" if half_year else "")


def rows() -> list[tuple]:
    return list(CircleFigure.objects.order_by("pk").values_list("year", "half", "volunteers", "groups", "is_current"))


def test_member_states_and_corrects_by_the_account(client, circle, person):
    form = f"/partner/arbeitskreise/{circle.pk}/"
    for place in ("/partner/", form):
        assert "Ihre Zahlen für Juli bis Dezember 2026 sind noch nicht gemeldet." in text_of(client.get(place))
        assert soup(client.get(place)).select_one(f"a[href='{address(circle)}']") is not None
    response = client.post(address(circle), form_data(client.get(address(circle)), volunteers="1.034", groups="3"), follow=True)
    assert "Danke, die Zahlen für Juli bis Dezember 2026 sind gespeichert." in messages_of(response)
    figure = CircleFigure.objects.get()
    assert (figure.stated_by, figure.is_by_link) == (person, False)
    assert "Zahlen für Juli bis Dezember 2026: 1.034 Ehrenamtliche, 3 aktive Gruppen." in text_of(client.get(form))
    client.post(address(circle), form_data(client.get(address(circle)), volunteers="34"))
    assert rows() == [(2026, 2, 1034, 3, False), (2026, 2, 34, 3, True)]


def test_half_year_before_is_stated_too_and_others_are_not(client, circle):
    client.post(address(circle, "2026-1"), form_data(client.get(address(circle, "2026-1")), volunteers="40"))
    assert rows() == [(2026, 1, 40, None, True)]
    for other in ("2027-1", "2020-1", "x"):
        assert "Juli bis Dezember 2026" in soup(client.get(address(circle, other))).select_one(".ehrenamt-lead").get_text()
    assert "Januar bis Juni 2026 40 Ehrenamtliche" in " ".join(text_of(client.get(address(circle))).split())


def test_mistake_is_said_beside_the_field_and_kept(client, circle):
    response = client.post(address(circle), form_data(client.get(address(circle)), volunteers="-3", remarks="Fast alle"))
    assert "0 oder mehr" in field_errors(response, "volunteers")[0]
    assert (form_data(response)["volunteers"], form_data(response)["remarks"]) == ("-3", "Fast alle")
    assert rows() == []


def test_figures_stated_meanwhile_by_link_are_compared(client, circle):
    data = form_data(client.get(address(circle)), volunteers="34")
    half_year = present_half_year()
    state_figure(circle, year=half_year.year, half=half_year.half, volunteers=40, is_by_link=True)
    response = client.post(address(circle), data)
    assert response.status_code == 409
    assert "inzwischen 40 Ehrenamtliche gemeldet" in messages_of(response)
    assert [row[2] for row in rows()] == [40]
    client.post(address(circle), form_data(response))
    assert [(row[2], row[-1]) for row in rows()] == [(40, False), (34, True)]


def test_circle_of_others_and_offerings_have_no_such_page(client, circle):
    other = circle_page(organisation=OrganisationFactory(kind="circle"), title="Fremder Kreis")
    for response in (client.get(address(other)), client.post(address(other), {"volunteers": "34", "seen": "0"})):
        assert response.status_code == 404
        assert "Fremder Kreis" not in response.content.decode()
    assert rows() == []


def test_what_was_typed_survives_signing_in_again(client, circle, person):
    data = form_data(client.get(address(circle)), volunteers="34", remarks="Zwei neue Gruppen")
    client.logout()
    client.post(address(circle), data)
    client.post("/partner/login/", {"username": person.username, "password": "ehrenamt-demo"})
    kept = form_data(client.get(address(circle)))
    assert (kept["volunteers"], kept["remarks"]) == ("34", "Zwei neue Gruppen")
    assert rows() == []
