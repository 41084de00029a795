"""A date that the district proposed: shown, taken with one click, given back."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.mail import rendering
from ehrenamt_wagtail.models import DateHold, Occurrence, OutgoingMail, ReviewDecision
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review.proposals import take_proposed_date
from tests import factories
from tests.clients import signed_in
from tests.portal.helpers import form_data, messages_of, soup, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(organisation, person):
    """A page with two dates, and the decision that proposes another time for the first."""
    dates = [
        Occurrence(start=factories.in_days(10), end=factories.in_days(10, 21), room="Saal"),
        Occurrence(start=factories.in_days(12), end=factories.in_days(12, 21)),
    ]
    return factories.returned_with_date(
        organisation=organisation, actor=person, dates=dates, start=factories.in_days(17, 18), end=factories.in_days(17, 20)
    )


def edit(page):
    return reverse("ehrenamt:offering-edit", args=[page.pk])


def answer(page):
    return reverse("ehrenamt:offering-proposal", args=[page.pk])


def form_of(client, page, action, **changes) -> dict:
    """What the button of the page that the mail leads to sends: the form below with ``changes``, and which date is meant."""
    response = client.get(edit(page))
    card = soup(response).select_one(".ehrenamt-proposal")
    assert card.select_one(f"button[form=offering][formaction='{answer(page)}'][value='{action}']") is not None
    decision = card.select_one("input[form=offering][name=decision]")["value"]
    return form_data(response, **changes) | {"decision": decision, "action": action}


def reload(page):
    return type(page).objects.get(pk=page.pk)


def dates_of(page) -> dict:
    return {date.uid: (date.start, date.end, date.room) for date in reload(page).get_latest_revision_as_object().occurrences.all()}


def test_page_shows_the_proposed_date_and_what_it_replaces(client, returned):
    page, _decision = returned
    text = text_of(client.get(edit(page)))
    assert f"{timezone.localtime(factories.in_days(17)).day}." in text
    assert "18–20 Uhr" in text
    assert "statt" in text
    assert "19–21 Uhr" in text


def test_one_click_takes_the_date_and_submits(client, returned):
    page, decision = returned
    before = dates_of(page)
    response = client.post(answer(page), form_of(client, page, "submit"), follow=True)
    assert reload(page).workflow_in_progress
    after = dates_of(page)
    assert after[decision.proposed_for] == (decision.proposed_start, decision.proposed_end, "Saal")
    assert {uid: date for uid, date in after.items() if uid != decision.proposed_for} == {
        uid: date for uid, date in before.items() if uid != decision.proposed_for
    }
    assert "eingereicht" in messages_of(response)
    assert DateHold.objects.get().status == DateHold.Status.USED


def test_second_click_does_no_harm(client, returned):
    page, _decision = returned
    data = form_of(client, page, "submit")
    client.post(answer(page), data)
    revisions = Revision.objects.for_instance(page).count()
    states = reload(page).current_workflow_state.pk
    response = client.post(answer(page), data, follow=True)
    assert Revision.objects.for_instance(page).count() == revisions
    assert reload(page).current_workflow_state.pk == states
    assert "zweite Klick" in messages_of(response)


def test_taking_alone_saves_and_leaves_submitting_to_one_more_click(client, returned):
    page, decision = returned
    client.post(answer(page), form_of(client, page, "save"))
    assert dates_of(page)[decision.proposed_for][0] == decision.proposed_start
    assert not reload(page).workflow_in_progress
    assert DateHold.objects.get().status == DateHold.Status.ACTIVE
    client.post(answer(page), form_of(client, page, "submit"))
    assert reload(page).workflow_in_progress


def test_change_by_a_colleague_in_between_is_not_overwritten(client, returned, organisation):
    page, decision = returned
    data = form_of(client, page, "submit")
    draft = reload(page).get_latest_revision_as_object()
    draft.title = "Neuer Titel der Kollegin"
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=factories.member_of(organisation))
    before = dates_of(page)
    for sent in (data, {name: data[name] for name in ("decision", "revision", "action")}):
        response = client.post(answer(page), sent, follow=True)
        assert "nicht" in messages_of(response)
        assert dates_of(page) == before
        assert not reload(page).workflow_in_progress
    client.post(answer(page), form_of(client, page, "submit"))
    assert dates_of(page)[decision.proposed_for][0] == decision.proposed_start
    assert reload(page).get_latest_revision_as_object().title == "Neuer Titel der Kollegin"


def test_strong_clash_that_came_up_meanwhile_asks_for_a_reason_and_keeps_the_date(client, returned, organisation):
    page, decision = returned
    topic = factories.TopicFactory()
    draft = reload(page).get_latest_revision_as_object()
    draft.topics.set([topic])
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=organisation.memberships.get().user)
    data = form_of(client, page, "submit")
    other = factories.OrganisationFactory(municipality=organisation.municipality)
    factories.published_offering(organisation=other, dates=[decision.proposed_start], topics=[topic])
    response = client.post(answer(page), data)
    assert response["Location"] == reverse("ehrenamt:offering-submit", args=[page.pk])
    assert dates_of(page)[decision.proposed_for][0] == decision.proposed_start
    assert not reload(page).workflow_in_progress


def test_what_was_typed_below_is_saved_with_the_date(client, returned):
    page, decision = returned
    client.post(answer(page), form_of(client, page, "submit", title="Neu getippt", audience="Alle"))
    draft = reload(page).get_latest_revision_as_object()
    assert (draft.title, draft.audience) == ("Neu getippt", "Alle")
    assert dates_of(page)[decision.proposed_for] == (decision.proposed_start, decision.proposed_end, "Saal")
    assert reload(page).workflow_in_progress


def test_date_is_not_taken_while_something_typed_is_wrong(client, returned):
    page, _decision = returned
    before = dates_of(page)
    response = client.post(answer(page), form_of(client, page, "submit", title="", audience="Alle"))
    assert form_data(response)["audience"] == "Alle"
    assert "noch nicht übernommen" in messages_of(response)
    assert dates_of(page) == before
    assert not reload(page).workflow_in_progress


def test_date_removed_from_the_form_is_not_taken_and_the_form_stays(client, returned):
    page, _decision = returned
    before = dates_of(page)
    data = form_of(client, page, "submit", audience="Alle")
    client_response = client.post(edit(page), data | {"action": "remove_dates-0"})
    data = form_data(client_response) | {"decision": data["decision"], "action": "submit"}
    response = client.post(answer(page), data)
    assert "nicht mehr" in messages_of(response)
    assert form_data(response)["audience"] == "Alle"
    assert dates_of(page) == before


def test_what_was_typed_survives_declining(client, returned):
    page, _decision = returned
    response = client.post(answer(page), form_of(client, page, "decline", title="Neu getippt"))
    assert form_data(response)["title"] == "Neu getippt"
    assert "noch nicht gespeichert" in messages_of(response)
    assert DateHold.objects.get().status == DateHold.Status.RELEASED
    assert reload(page).draft_title != "Neu getippt"


def test_what_was_typed_is_back_after_signing_in_again(client, returned):
    page, _decision = returned
    data = form_of(client, page, "submit", title="Neu getippt")
    client.logout()
    redirect = client.post(answer(page), data)
    back = client.get(client.post(redirect.url, {"username": "caritas", "password": "ehrenamt-demo"}).url)
    assert form_data(back)["title"] == "Neu getippt"
    assert not reload(page).workflow_in_progress


def test_typed_text_and_a_colleagues_change_are_shown_side_by_side(client, returned, organisation):
    page, _decision = returned
    data = form_of(client, page, "submit", audience="Alle")
    draft = reload(page).get_latest_revision_as_object()
    draft.title = "Neuer Titel der Kollegin"
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=factories.member_of(organisation))
    before = dates_of(page)
    response = client.post(answer(page), data)
    assert form_data(response)["audience"] == "Alle"
    assert "Neuer Titel der Kollegin" in text_of(response)
    assert dates_of(page) == before


def test_declining_gives_the_date_back_and_changes_nothing_else(client, returned):
    page, _decision = returned
    before = dates_of(page)
    client.post(answer(page), form_of(client, page, "decline"))
    assert DateHold.objects.get().status == DateHold.Status.RELEASED
    assert dates_of(page) == before
    assert "nicht mehr für Sie vorgemerkt" in text_of(client.get(edit(page)))


def test_other_organisation_finds_nothing(returned):
    page, decision = returned
    before = dates_of(page)
    data = {"decision": decision.pk, "revision": page.latest_revision_id, "action": "submit"}
    assert signed_in(factories.member_of()).post(answer(page), data).status_code == 404
    assert dates_of(page) == before


def test_decision_of_another_page_is_refused(client, returned, organisation, person):
    page, _decision = returned
    _other, foreign = factories.returned_with_date(title="Anderes", organisation=organisation, actor=person)
    before = dates_of(page)
    for key in (foreign.pk, "", "x", "9" * 30):
        data = {"decision": key, "revision": page.latest_revision_id, "action": "submit"}
        assert client.post(answer(page), data).status_code == 404
    assert dates_of(page) == before


def test_whole_day_stays_a_whole_day(organisation, person):
    day = timezone.localdate() + dt.timedelta(days=10)
    midnights = [factories.in_days(20, 0), factories.in_days(21, 0)]
    page, decision = factories.returned_with_date(
        organisation=organisation, actor=person, dates=[Occurrence(start_date=day)], start=midnights[0], end=midnights[1]
    )
    assert DateHold.objects.get().start_date == timezone.localdate(midnights[0])
    take_proposed_date(page, decision, actor=person, base_revision_id=page.latest_revision_id)
    date = reload(page).get_latest_revision_as_object().occurrences.get()
    assert (date.start, date.start_date, date.end_date) == (None, timezone.localdate(midnights[0]), None)
    assert date.uid == decision.proposed_for


def test_date_that_is_gone_from_the_draft_cannot_be_taken(returned, person):
    page, decision = returned
    draft = page.get_latest_revision_as_object()
    draft.occurrences.set([date for date in draft.occurrences.all() if date.uid != decision.proposed_for])
    revision = save_draft(draft, base_revision_id=page.latest_revision_id, actor=person)
    with pytest.raises(NotAllowed):
        take_proposed_date(page, decision, actor=person, base_revision_id=revision.pk)
    assert reload(page).latest_revision_id == revision.pk


def test_stale_and_foreign_actors_are_refused_by_the_action(returned, person):
    page, decision = returned
    with pytest.raises(StaleRevision):
        take_proposed_date(page, decision, actor=person, base_revision_id=None)
    with pytest.raises(NotAllowed):
        take_proposed_date(page, decision, actor=factories.member_of(), base_revision_id=page.latest_revision_id)
    assert reload(page).latest_revision_id == page.latest_revision_id


def test_older_decision_is_not_taken(returned, person):
    page, decision = returned
    ReviewDecision.objects.create(page_id=page.pk, outcome="returned")
    with pytest.raises(NotAllowed):
        take_proposed_date(page, decision, actor=person, base_revision_id=page.latest_revision_id)
    assert reload(page).latest_revision_id == page.latest_revision_id


def test_returned_with_words_alone_shows_no_proposal(client, organisation, person):
    page, _decision = factories.returned_with_date(organisation=organisation, actor=person)
    ReviewDecision.objects.update(proposed_start=None, proposed_end=None, proposed_for=None)
    response = client.get(edit(page))
    assert soup(response).select_one(".ehrenamt-proposal") is None
    assert "Passt Ihnen ein anderer Abend?" in text_of(response)


def test_mail_names_the_date_and_leads_to_it(returned, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "BASE_URL": "https://landkreis.example"}
    page, _decision = returned
    message = rendering.render(OutgoingMail.objects.filter(template="review/returned").first())
    for text in (message.text, message.html):
        assert "18–20 Uhr" in text
        assert f"https://landkreis.example{edit(page)}#returned" in text
