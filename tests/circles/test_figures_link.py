"""The form behind the mailed link: what it shows, stores and refuses, and what it never does."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from ehrenamt_wagtail.circles.figures import state_figure, take_back_figure
from ehrenamt_wagtail.circles.tokens import read_token, token_of
from ehrenamt_wagtail.models import CircleFigure, Coordinator
from tests.clients import main_text
from tests.factories import circle_page, coordinator_user
from tests.inline import Inline

from .half_years import BEFORE, LONG_AGO, NEXT, PRESENT, stop_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def present(ready_site, monkeypatch):
    stop_clock(monkeypatch)


@pytest.fixture
def circle():
    return circle_page(contact_email="kontakt@renningen.example")


def address(circle, half_year=PRESENT, name="circle-figures") -> str:
    return reverse(f"ehrenamt:{name}", args=[token_of(circle, half_year)])


def fields_of(response) -> dict:
    """What the form would send as it stands."""
    form = BeautifulSoup(response.content, "html.parser").select_one("form.ehrenamt-form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input")}
    fields |= {field["name"]: field.get_text().removeprefix("\n") for field in form.select("textarea")}
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def send(client, circle, half_year=PRESENT, **typed):
    """Open the form, type, send it."""
    url = address(circle, half_year)
    return client.post(url, {**fields_of(client.get(url)), **typed})


def errors_of(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [" ".join(error.get_text(" ").split()) for error in soup.select(".ehrenamt-field__error")]


def state(circle, half_year=PRESENT, volunteers=34, groups=3, remarks="", **facts):
    facts = facts or {"is_by_link": True}
    return state_figure(
        circle, year=half_year.year, half=half_year.half, volunteers=volunteers, groups=groups, remarks=remarks, **facts
    )


def rows() -> list[tuple]:
    return list(CircleFigure.objects.order_by("pk").values_list("circle", "year", "half", "volunteers", "groups", "is_current"))


# The way it goes


def test_form_shows_circle_half_year_and_what_was_stated_last(client, circle):
    state(circle, LONG_AGO, volunteers=1200, groups=4)
    response = client.get(address(circle))
    text = main_text(response)
    for part in (
        "Arbeitskreis Asyl, ",
        "Juli bis Dezember 2026",
        "Wie viele Ehrenamtliche machen mit? zuletzt: 1.200 (Juli bis Dezember 2025)",
        "zuletzt: 4 (Juli bis Dezember 2025)",
        "(freiwillig)",
        "Bitte keine Namen.",
        "Dieser Link gilt bis Mittwoch, 30. Juni 2027",
    ):
        assert part in text
    assert fields_of(response) == {"seen": "0", "volunteers": "", "groups": "", "remarks": ""}


def test_figures_are_stored_and_shown_with_thanks(client, circle):
    response = send(client, circle, volunteers="34", groups="3", remarks="Die Kochgruppe\r\nhat sich geteilt.")
    assert response["Location"] == address(circle, name="circle-figures-thanks")
    figure = CircleFigure.objects.get()
    assert (figure.remarks, figure.is_by_link, figure.stated_by) == ("Die Kochgruppe\nhat sich geteilt.", True, None)
    assert rows() == [(circle.pk, 2026, 2, 34, 3, True)]
    text = main_text(client.get(response["Location"]))
    for part in ("Danke, Ihre Zahlen sind gespeichert", "Juli bis Dezember 2026", "34", "hat sich geteilt.", "Arbeitskreis selbst"):
        assert part in text


def test_account_that_happens_to_be_signed_in_is_not_noted(client, circle):
    client.force_login(coordinator_user())
    send(client, circle, volunteers="34")
    figure = CircleFigure.objects.get()
    assert (figure.stated_by, figure.is_by_link, figure.groups) == (None, True, None)


def test_opened_again_it_shows_what_was_stated_and_takes_a_correction(client, circle):
    send(client, circle, volunteers="43", groups="3")
    response = client.get(address(circle))
    assert "Für dieses Halbjahr gemeldet" in main_text(response) and "Berichtigung speichern" in main_text(response)
    assert fields_of(response) | {"seen": ""} == {"seen": "", "volunteers": "43", "groups": "3", "remarks": ""}
    send(client, circle, volunteers="34")
    assert rows() == [(circle.pk, 2026, 2, 43, 3, False), (circle.pk, 2026, 2, 34, 3, True)]


def test_sent_twice_or_with_the_back_button_it_is_stored_once(client, circle):
    url = address(circle)
    data = {**fields_of(client.get(url)), "volunteers": "34", "groups": "3"}
    responses = [client.post(url, data) for _click in range(3)]
    assert {response.status_code for response in responses} == {302}
    assert len(rows()) == 1


def test_public_page_shows_the_number_at_once(client, circle):
    client.get(circle.url)
    send(client, circle, volunteers="34")
    assert "34 Ehrenamtliche" in main_text(client.get(circle.url))
    assert "34 Ehrenamtliche" in main_text(client.get("/arbeitskreise/"))


# Reading changes nothing


def test_scanner_that_follows_the_link_changes_nothing(client, circle):
    state(circle, BEFORE)
    before = rows()
    for url in (address(circle), address(circle, name="circle-figures-thanks")):
        for method in (client.get, client.head, client.options):
            method(url)
    assert rows() == before
    assert client.post(address(circle, name="circle-figures-thanks")).status_code == 405
    assert client.get(address(circle, name="circle-figures-thanks"))["Location"] == address(circle)


def test_answers_are_kept_by_nobody_and_set_the_one_cookie():
    circle = circle_page()
    client = Client(enforce_csrf_checks=True)
    response = client.get(address(circle))
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "same-origin")
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert set(response.cookies) == {"csrftoken"} and not response.wsgi_request.session.accessed
    assert Inline(response.content.decode()).found == []
    assert client.post(address(circle), {"volunteers": "34"}).status_code == 403
    assert rows() == []
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]
    client.post(address(circle), {"volunteers": "34", "csrfmiddlewaretoken": token})
    assert len(rows()) == 1
    assert set(client.get(address(circle, name="circle-figures-thanks")).cookies) == set()


# What was typed wrongly


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"volunteers": ""}, "0, wenn es keine sind"),
        ({"volunteers": "-3"}, "0 oder mehr"),
        ({"volunteers": "−3"}, "0 oder mehr"),
        ({"volunteers": "etwa 30"}, "ganze Zahl in Ziffern"),
        ({"volunteers": "3,5"}, "ganze Zahl in Ziffern"),
        ({"volunteers": "1.00"}, "ganze Zahl in Ziffern"),
        ({"volunteers": "٣٤"}, "ganze Zahl in Ziffern"),
        ({"volunteers": "1e3"}, "ganze Zahl in Ziffern"),
        ({"volunteers": "100001"}, "Mehr als 100.000 lässt sich nicht melden"),
        ({"volunteers": "9" * 5000}, "Mehr als 100.000 lässt sich nicht melden"),
        ({"volunteers": "34", "groups": "-1"}, "0 oder mehr"),
        ({"volunteers": "34", "remarks": "x" * 1001}, "1001 Zeichen"),
    ],
)
def test_mistake_is_said_beside_the_field_and_what_was_typed_kept(typed, message, client, circle):
    response = send(client, circle, **typed)
    (error,) = errors_of(response)
    assert message in error and error.startswith("Fehler")
    assert "Eine Angabe fehlt noch oder passt nicht" in main_text(response)
    kept = fields_of(response)
    assert {name: kept[name] for name in typed} == typed
    assert rows() == []


@pytest.mark.parametrize(
    ("typed", "number"), [("1.200", 1200), ("1 200", 1200), (" 34 ", 34), ("0", 0), ("0034", 34), ("100.000", 100_000)]
)
def test_numbers_are_read_as_people_write_them(typed, number, client, circle):
    send(client, circle, volunteers=typed)
    assert rows() == [(circle.pk, 2026, 2, number, None, True)]


def test_remarks_lose_what_nobody_sees(client, circle):
    send(client, circle, volunteers="34", remarks="Kochen\x00 und\u202e Reden")
    assert CircleFigure.objects.get().remarks == "Kochen und Reden"


# Meanwhile


def test_figures_stated_meanwhile_are_named_and_not_replaced_unseen(client, circle):
    url = address(circle)
    data = {**fields_of(client.get(url)), "volunteers": "34", "groups": "", "remarks": "Unser Stand"}
    state(circle, volunteers=40, actor=coordinator_user())
    response = client.post(url, data)
    assert response.status_code == 409
    assert "inzwischen 40 Ehrenamtliche gemeldet" in main_text(response)
    kept = fields_of(response)
    assert (kept["volunteers"], kept["remarks"]) == ("34", "Unser Stand")
    assert [row[3] for row in rows()] == [40]
    assert client.post(url, kept).status_code == 302
    assert [(row[3], row[-1]) for row in rows()] == [(40, False), (34, True)]


def test_figures_taken_back_meanwhile_are_said(client, circle):
    figure = state(circle)
    url = address(circle)
    data = {**fields_of(client.get(url)), "volunteers": "35"}
    take_back_figure(figure, actor=coordinator_user())
    response = client.post(url, data)
    assert "inzwischen zurückgenommen" in main_text(response)
    assert len(rows()) == 1
    client.post(url, fields_of(response))
    assert [(row[3], row[-1]) for row in rows()] == [(34, False), (35, True)]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40])
def test_form_that_lost_its_mark_replaces_nothing_unseen(seen, client, circle):
    state(circle, volunteers=40)
    response = client.post(address(circle), {"volunteers": "34", "seen": seen})
    assert response.status_code == 409
    assert [row[3] for row in rows()] == [40]


# The token


@pytest.mark.parametrize("change", ["cut", "other circle", "other half-year", "garbage", "empty signature"])
def test_altered_link_leads_nowhere_and_stores_nothing(change, client, circle):
    other = circle_page(title="Freundeskreis")
    Coordinator.objects.create(name="Miriam Sommerfeld", phone="07031 663")
    token = token_of(circle, PRESENT)
    value, _dot, signature = token.partition(".")
    altered = {
        "cut": token[:-3],
        "other circle": f"{other.pk}-2026-2.{signature}",
        "other half-year": f"{circle.pk}-2026-1.{signature}",
        "garbage": "so-nicht",
        "empty signature": f"{value}.",
    }[change]
    for name in ("circle-figures", "circle-figures-thanks"):
        response = client.get(reverse(f"ehrenamt:{name}", args=[altered]))
        assert response.status_code == 404
        assert "Unter dieser Adresse gibt es kein Formular." in main_text(response)
        assert "Miriam Sommerfeld, 07031 663" in main_text(response)
    assert client.post(reverse("ehrenamt:circle-figures", args=[altered]), {"volunteers": "34"}).status_code == 404
    assert rows() == []


def test_link_states_its_own_circle_and_half_year_whatever_is_sent(client, circle):
    other = circle_page(title="Freundeskreis")
    sent = {"volunteers": "34", "circle": other.pk, "year": "2020", "half": "2", "is_current": "", "seen": "0"}
    client.post(address(circle, BEFORE), sent)
    assert rows() == [(circle.pk, 2026, 1, 34, None, True)]


def test_link_is_valid_until_the_end_of_the_following_half_year(client, circle, monkeypatch):
    url = address(circle)
    stop_clock(monkeypatch, dt.datetime(2027, 6, 30, 21, 59, tzinfo=dt.UTC))
    assert "Zahlen melden" in main_text(client.get(url))
    stop_clock(monkeypatch, dt.datetime(2027, 6, 30, 22, 1, tzinfo=dt.UTC))
    for response in (client.get(url), client.post(url, {"volunteers": "34", "seen": "0"})):
        assert response.status_code == 410
        assert "Die Zeit, die Zahlen für Juli bis Dezember 2026 zu melden, ist vorbei." in main_text(response)
    assert rows() == []


@pytest.mark.parametrize("gone", ["unpublished", "deleted"])
def test_link_of_a_circle_that_is_gone_says_so(gone, client, circle):
    url = address(circle)
    circle.unpublish() if gone == "unpublished" else circle.delete()
    for response in (client.get(url), client.post(url, {"volunteers": "34", "seen": "0"})):
        assert response.status_code == 410
        assert "nicht mehr öffentlich" in main_text(response)
    assert rows() == []


def test_link_for_a_half_year_to_come_stores_nothing(client, circle):
    response = send(client, circle, NEXT, volunteers="34")
    assert response.status_code == 403
    assert "noch nicht begonnen" in main_text(response)
    assert fields_of(response)["volunteers"] == "34"
    assert rows() == []


def test_token_reads_back_what_it_was_made_for(circle):
    link = read_token(token_of(circle, BEFORE))
    assert (link.circle_id, link.half_year) == (circle.pk, BEFORE)
    assert re.fullmatch(r"[0-9]+-2026-1\.[\w-]+", token_of(circle, BEFORE))
