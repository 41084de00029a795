"""A circle's members propose changes to its page."""

import pytest

from ehrenamt_wagtail.models import CirclePage
from ehrenamt_wagtail.review.actions import approve
from tests.factories import circle_page, coordinator_user

from .helpers import field_errors, form_data, messages_of, soup, text_of


@pytest.fixture
def circle(organisation):
    return circle_page(organisation=organisation)


def test_change_is_saved_submitted_withdrawn_and_approved(client, circle):
    address = f"/partner/arbeitskreise/{circle.pk}/"
    response = client.post(address, form_data(client.get(address), action="add_team"))
    data = form_data(response, wanted="Fahrräder", action="save") | {"teams-0-name": "Sprache", "teams-0-description": "Übt Deutsch"}
    assert client.post(address, data).url == address
    circle.refresh_from_db()
    assert (circle.wanted, circle.live) == ("", True)
    client.post(address, form_data(client.get(address), action="submit"))
    assert soup(client.get(address)).select_one("button[value=submit]") is None
    assert "Fahrräder" in text_of(client.get(address))
    client.post(address, {"action": "withdraw"})
    client.post(address, form_data(client.get(address), action="submit"))
    circle = CirclePage.objects.get()
    approve(circle.current_workflow_task_state, actor=coordinator_user())
    circle = CirclePage.objects.get()
    assert (circle.wanted, [(team.name, team.description) for team in circle.teams.all()]) == (
        "Fahrräder", [("Sprache", "Übt Deutsch")],
    )  # fmt: skip


def test_missing_facts_are_named_and_the_draft_is_kept(client, circle):
    address = f"/partner/arbeitskreise/{circle.pk}/"
    response = client.post(address, form_data(client.get(address), summary="", action="submit"))
    [error] = field_errors(response, "summary")
    assert "Arbeitskreis" in error
    assert "eingereicht ist er noch nicht" in messages_of(response)
    circle = CirclePage.objects.get()
    assert (circle.workflow_in_progress, circle.get_latest_revision_as_object().summary) == (False, "")
    assert circle.summary == "Wir begleiten Familien im Alltag."


def test_nothing_personal_is_public_by_default(client, circle):
    address = f"/partner/arbeitskreise/{circle.pk}/"
    client.post(address, form_data(client.get(address), contact_name="Petra Privat", action="save"))
    newest = CirclePage.objects.get().get_latest_revision_as_object()
    assert (newest.contact_name, newest.contact_name_is_public) == ("Petra Privat", False)
    client.post(address, form_data(client.get(address), contact_name_is_public="on", action="save"))
    assert CirclePage.objects.get().get_latest_revision_as_object().contact_name_is_public


def test_preview_and_history(client, circle):
    address = f"/partner/arbeitskreise/{circle.pk}/"
    response = client.post(address, form_data(client.get(address), wanted="Fahrräder gesucht", action="preview"))
    assert "Fahrräder gesucht" in text_of(client.get(response.url))
    assert "Clara Muster" in text_of(client.get(f"{address}verlauf/"))


def test_circle_is_listed_on_the_first_page(client, circle):
    assert soup(client.get("/partner/")).select_one(f"a[href='/partner/arbeitskreise/{circle.pk}/']") is not None
