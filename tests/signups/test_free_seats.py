"""The list of what still has seats: kept with every sign-up, the same in list, month, calendar and API."""

import uuid

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import ListedSeats, SeatPlan, SignUp
from ehrenamt_wagtail.programme.listed import find_drift
from ehrenamt_wagtail.signups import signing
from tests import factories


@pytest.fixture(autouse=True)
def _site(ready_site):
    pass


def offering(title: str, **plan):
    page = factories.published_offering(title=title)
    if plan:
        SeatPlan.objects.create(offering_id=page.pk, **plan)
    return page


def shown(client) -> set[str]:
    """The titles that each of the public views gives, which have to be the same."""
    day = timezone.localtime(factories.in_days(10))
    rows = {row.title for row in client.get("/programm/?frei=1").context["rows"]}
    assert {result["title"] for result in client.get("/api/angebote/?frei=1").json()["results"]} == rows
    month = client.get(f"/programm/kalender/{day.year}/{day.month}/?frei=1").context["month"]["weeks"]
    assert {entry["title"] for week in month for date in week for entry in date.entries} == rows
    calendar = client.get("/programm/kalender.ics?frei=1").content.decode()
    assert all((f"SUMMARY:{title}" in calendar) == (title in rows) for title in ("Voll", "Frei", "Offen", "Woanders", "Unbekannt"))
    return rows


def no_drift() -> bool:
    return not list(find_drift(lambda _done, _total: None))


def sign_up(page, name: str) -> None:
    signing.sign_up(
        SeatPlan.objects.get(offering_id=page.pk), names=[name], email=f"{name.lower()}@post.example", uid=uuid.uuid4(), language="de"
    )


def test_list_of_free_seats_follows_each_sign_up(client):
    full = offering("Voll", mode="here", capacity=1)
    offering("Frei", mode="here", capacity=None)
    offering("Offen", mode="none")
    offering("Woanders", mode="external", external_url="https://vhs.example/")
    offering("Unbekannt")
    assert shown(client) == {"Voll", "Frei", "Offen"}
    sign_up(full, "Erika")
    assert shown(client) == {"Frei", "Offen"}
    assert no_drift()
    signing.cancel_sign_up(SignUp.objects.get())
    assert shown(client) == {"Voll", "Frei", "Offen"}
    assert ListedSeats.objects.get(pk=full.pk).is_free and no_drift()


def test_filter_is_named_and_can_be_taken_back(client):
    offering("Frei", mode="here", capacity=5)
    response = client.get("/programm/?frei=1")
    assert [chip.label for chip in response.context["chips"]] == ["mit freien Plätzen"]
    assert 'name="frei" value="1" id="filter_frei" checked' in response.content.decode()
