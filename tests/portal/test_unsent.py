"""Nothing typed is lost when the log-in has run out before the form is sent."""

import pytest
from django.test import Client

from ehrenamt_wagtail.coordination.joins import propose_join
from ehrenamt_wagtail.models import TrainingPage
from ehrenamt_wagtail.portal import unsent
from ehrenamt_wagtail.review.actions import submit_for_review
from tests import factories

from .helpers import NEW, facts, form_data, messages_of, text_of

PASSWORD = {"username": "caritas", "password": "ehrenamt-demo"}


def sign_in(client: Client, redirect) -> object:
    """Follow the way to the log-in page and back; gives the page one arrives at."""
    response = client.post(redirect.url, PASSWORD)
    return client.get(response.url)


def test_new_offering_is_back_after_signing_in_again(client, person):
    data = form_data(client.get(NEW), **facts(title="Fast verloren", dates__0__start_time="18:15"), action="submit")
    client.logout()
    back = sign_in(client, client.post(NEW, data))
    assert not TrainingPage.objects.exists()
    shown = form_data(back)
    assert (shown["title"], shown["dates-0-start_time"]) == ("Fast verloren", "18:15")
    assert "noch nicht gespeichert" in text_of(back)
    client.post(NEW, form_data(back, action="save"))
    assert TrainingPage.objects.get().title == "Fast verloren"
    assert form_data(client.get(NEW))["title"] == ""


def test_changed_offering_is_back_after_signing_in_again(client, person, organisation):
    page = factories.draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), title="Neuer Titel", action="save")
    client.logout()
    back = sign_in(client, client.post(address, data))
    page.refresh_from_db()
    assert page.title == "Grundlagen des Asylrechts"
    assert form_data(back)["title"] == "Neuer Titel"
    client.post(address, form_data(back, action="save"))
    page.refresh_from_db()
    assert page.title == "Neuer Titel"


@pytest.mark.parametrize("case", ["another page", "too late", "too long"])
def test_what_was_typed_comes_back_only_where_and_while_it_belongs(case, client, person, organisation, monkeypatch):
    page = factories.draft_offering(organisation=organisation)
    other = factories.draft_offering(organisation=organisation, title="Ein anderes Angebot")
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), title="Neuer Titel", action="save")
    client.logout()
    if case == "too long":
        monkeypatch.setattr(unsent, "MAX_CHARACTERS", 10)
    redirect = client.post(address, data)
    if case == "too late":
        monkeypatch.setattr(unsent, "MAX_AGE", -1)
    client.post(redirect.url, PASSWORD)
    shown = client.get(f"/partner/angebote/{other.pk}/" if case == "another page" else address)
    assert form_data(shown)["title"] == ("Ein anderes Angebot" if case == "another page" else page.title)
    assert messages_of(shown) == ""


def test_what_was_typed_is_back_although_a_colleague_submitted_meanwhile(client, person, organisation):
    page = factories.draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), title="Neuer Titel", action="save")
    client.logout()
    redirect = client.post(address, data)
    submit_for_review(page, actor=factories.member_of(organisation))
    back = sign_in(client, redirect)
    assert form_data(back)["title"] == "Neuer Titel"
    assert "nicht gespeichert" in messages_of(back)


def test_reason_for_submitting_all_the_same_is_back_after_signing_in_again(client, person, organisation):
    page = factories.draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/einreichen/"
    data = form_data(client.get(address), reason="Nur an diesem Abend.", action="submit")
    client.logout()
    back = sign_in(client, client.post(address, data))
    assert form_data(back)["reason"] == "Nur an diesem Abend."
    assert "Sie waren ausgeloggt" in messages_of(back)
    page.refresh_from_db()
    assert not page.workflow_in_progress


def test_comment_on_joining_forces_is_back_after_signing_in_again(client, person, organisation):
    own = factories.draft_offering(organisation=organisation)
    host = factories.published_offering(organisation=factories.OrganisationFactory(name="Kirche"))
    proposal = propose_join(own, host, actor=factories.coordinator_user())
    address = f"/partner/zusammenarbeit/{proposal.pk}/"
    data = form_data(client.get(address), comment="Wir rufen erst an.", action="decline")
    client.logout()
    back = sign_in(client, client.post(address, data))
    assert form_data(back)["comment"] == "Wir rufen erst an."
    assert "Sie waren ausgeloggt" in messages_of(back)
    proposal.refresh_from_db()
    assert proposal.is_open


def test_reason_of_a_cancellation_is_back_after_signing_in_again(client, person, organisation):
    page = factories.published_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/absagen/"
    data = form_data(client.get(address), reason="Die Referentin ist krank.", date="all")
    client.logout()
    back = sign_in(client, client.post(address, data))
    shown = form_data(back)
    assert (shown["reason"], shown["date"]) == ("Die Referentin ist krank.", "all")
    assert not page.cancellations.exists()
