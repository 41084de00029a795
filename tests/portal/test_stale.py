"""Two colleagues, two windows, two clicks."""

import pytest
from django.utils.translation import gettext

from ehrenamt_wagtail.models import OfferingPage, TrainingPage
from ehrenamt_wagtail.review.actions import submit_for_review, withdraw_from_review
from tests.clients import signed_in
from tests.factories import MembershipFactory, UserFactory, draft_offering

from .helpers import NEW, facts, form_data, messages_of, soup


def colleague_of(organisation):
    colleague = UserFactory(first_name="Karl", last_name="Kollege")
    MembershipFactory(user=colleague, organisation=organisation)
    return colleague


def test_stale_save_is_refused_named_and_goes_through_the_second_time(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    form = client.get(address)
    other = signed_in(colleague_of(organisation))
    other.post(address, form_data(other.get(address), summary="Von Karl.", room="Saal", action="save"))

    mine = form_data(form, summary="Von mir.", contact_phone="07031 1", action="save")
    response = client.post(address, mine)

    assert response.status_code == 409
    assert "denn Karl Kollege hat hier inzwischen etwas geändert" in messages_of(response)
    table = {
        row.th.get_text(strip=True): [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in soup(response).select(".ehrenamt-diff tbody tr")
    }
    assert {label: (cells[0].split()[-1], cells[1].split()[-1]) for label, cells in table.items() if "Von" in cells[0]} != {}
    assert any("Saal" in cells[0] for cells in table.values())
    assert any("07031 1" in cells[1] for cells in table.values())
    kept = form_data(response)
    assert (kept["summary"], kept["contact_phone"]) == ("Von mir.", "07031 1")
    page.refresh_from_db()
    assert page.summary == "Von Karl."

    assert client.post(address, form_data(response, action="save")).url == address
    page.refresh_from_db()
    assert (page.summary, page.contact_phone) == ("Von mir.", "07031 1")


def test_saving_the_same_twice_makes_one_revision(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), summary="Neu.", action="save")
    client.post(address, data)
    number = page.revisions.count()
    assert client.post(address, data).url == address
    assert client.post(address, form_data(client.get(address), action="save")).url == address
    assert page.revisions.count() == number


def test_new_form_sent_twice_makes_one_draft(client):
    data = form_data(client.get(NEW), **facts(), action="save")
    first, second = client.post(NEW, data), client.post(NEW, data)
    assert first.url == second.url
    assert OfferingPage.objects.count() == 1
    changed = client.post(NEW, data | {"summary": "Beim zweiten Mal anders."})
    assert changed.status_code == 409
    assert form_data(changed)["summary"] == "Beim zweiten Mal anders."
    assert OfferingPage.objects.count() == 1
    assert client.post(first.url, form_data(changed, action="save")).url == first.url
    assert TrainingPage.objects.get().summary == "Beim zweiten Mal anders."


def test_double_clicked_submit_starts_one_review(client):
    data = form_data(client.get(NEW), **facts(), action="submit")
    client.post(NEW, data)
    page = TrainingPage.objects.get()
    response = client.post(NEW, data, follow=True)
    assert "Das ist schon zur Prüfung eingereicht. Der zweite Klick hat nichts geändert." in messages_of(response)
    assert (OfferingPage.objects.count(), page.workflow_states.count()) == (1, 1)


def test_submit_from_an_open_form_twice_starts_one_review(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), action="submit")
    client.post(address, data)
    response = client.post(address, data, follow=True)
    assert "Der zweite Klick hat nichts geändert." in messages_of(response)
    assert page.workflow_states.count() == 1


def test_writing_while_a_colleague_submits_keeps_what_was_typed(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    form = client.get(address)
    submit_for_review(page, actor=colleague_of(organisation))
    response = client.post(address, form_data(form, summary="Mein Text.", action="submit"))
    assert response.status_code == 409
    assert "Was Sie geschrieben haben, steht unten" in messages_of(response)
    assert form_data(response)["summary"] == "Mein Text."
    response = client.post(address, form_data(response, action="withdraw"))
    assert form_data(response)["summary"] == "Mein Text."
    assert client.post(address, form_data(response, action="save")).url == address
    page.refresh_from_db()
    assert (page.summary, page.workflow_in_progress) == ("Mein Text.", False)


@pytest.mark.parametrize("action", ["check", "add_date", "remove_dates-0", "save"])
@pytest.mark.parametrize("title", ["Mein neuer Titel", ""])
def test_any_button_keeps_what_was_typed_while_a_colleague_submits(action, title, client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), title=title, audience="Alle", action=action)
    submit_for_review(page, actor=colleague_of(organisation))
    response = client.post(address, data)
    shown = form_data(response)
    assert (shown["title"], shown["audience"], "dates-0-date" in shown) == (title, "Alle", True)
    assert "nicht gespeichert" in messages_of(response)
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert page.get_latest_revision_as_object().audience == ""


def test_withdrawing_what_a_colleague_withdrew_says_so(client, organisation):
    page = draft_offering(organisation=organisation)
    colleague = colleague_of(organisation)
    submit_for_review(page, actor=colleague)
    address = f"/partner/angebote/{page.pk}/"
    assert soup(client.get(address)).select_one("form.ehrenamt-form") is None
    withdraw_from_review(type(page).objects.get(pk=page.pk), actor=colleague)
    response = client.post(address, {"action": "withdraw"}, follow=True)
    assert gettext("This is not being reviewed any more. Nothing was changed.") in messages_of(response)
    assert page.workflow_states.count() == 1


def test_submit_after_a_colleague_withdrew_submits_anew(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), action="submit")
    colleague = colleague_of(organisation)
    submit_for_review(page, actor=colleague)
    withdraw_from_review(type(page).objects.get(pk=page.pk), actor=colleague)
    assert client.post(address, data).url == address
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert page.workflow_states.filter(status="in_progress").count() == 1
