"""Submitting in spite of a strong clash: the answer, the reason, and what happens in the wrong order."""

import pytest
from django.urls import reverse

from ehrenamt_wagtail.exceptions import ReasonNeeded
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import OutgoingMail, ReviewRequest
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review.actions import return_to_organisation, submit_for_review, withdraw_from_review
from tests.clients import signed_in
from tests.factories import (
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    circle_page,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
)
from tests.portal.helpers import NEW, day, facts, field_errors, form_data, messages_of, soup, text_of

pytestmark = pytest.mark.django_db
REASON = "Nur an diesem Abend kann die Referentin."


@pytest.fixture
def town(db):
    return MunicipalityFactory(name="Herrenberg")


@pytest.fixture
def topic(db):
    return TopicFactory(name="Asylrecht")


@pytest.fixture
def rival(site, town, topic):
    """What another organisation published at the same time, in the same town, on the same topic."""
    church = OrganisationFactory(name="Evang. Kirchenbezirk", kind="church", municipality=town)
    return published_offering(organisation=church, title="Ganz anderer Abend", dates=[in_days(20)], topics=[topic])


@pytest.fixture
def draft(rival, organisation, town, topic):
    return draft_offering(organisation=organisation, municipality=town, dates=[in_days(20)], topics=[topic])


def edit(page) -> str:
    return reverse("ehrenamt:offering-edit", args=[page.pk])


def submit(page) -> str:
    return reverse("ehrenamt:offering-submit", args=[page.pk])


def in_review(page) -> bool:
    return bool(type(page).objects.get(pk=page.pk).workflow_in_progress)


# The action


def test_action_refuses_a_strong_clash_without_a_reason(draft, person):
    for reason in ("", "  \n "):
        with pytest.raises(ReasonNeeded) as needed:
            submit_for_review(draft, actor=person, reason=reason)
        assert needed.value.check.has_strong_clash
    assert not in_review(draft)
    assert not ReviewRequest.objects.exists()


def test_action_keeps_reason_and_what_was_shown(draft, person):
    task_state = submit_for_review(draft, actor=person, reason=f" {REASON}\n")
    request = ReviewRequest.objects.get()
    assert (request.page_id, request.task_state, request.actor) == (draft.pk, task_state, person)
    assert request.revision_id == draft.latest_revision_id
    assert request.reason == REASON
    assert "Fortbildung „Ganz anderer Abend“, Herrenberg, Evang. Kirchenbezirk (veröffentlicht) – " in request.warnings[0]


def test_action_asks_no_reason_where_nothing_competes_strongly(organisation, person):
    page = draft_offering(organisation=organisation, dates=[in_days(20)])
    submit_for_review(page, actor=person)
    request = ReviewRequest.objects.get()
    assert (request.reason, request.warnings) == ("", [])


def test_action_keeps_a_request_for_each_submission(draft, person):
    first = submit_for_review(draft, actor=person, reason=REASON)
    return_to_organisation(first, actor=coordinator_user(), reasons=["other"])
    second = submit_for_review(draft, actor=person, reason="Der Saal ist bezahlt.")
    withdraw_from_review(draft, actor=person)
    third = submit_for_review(draft, actor=person, reason="Der Saal ist bezahlt.")
    rows = ReviewRequest.objects.order_by("pk").values_list("task_state", "reason")
    assert list(rows) == [(first.pk, REASON), (second.pk, "Der Saal ist bezahlt."), (third.pk, "Der Saal ist bezahlt.")]


def test_action_keeps_a_request_for_a_circle(organisation, person):
    circle = circle_page(organisation=organisation, live=False)
    submit_for_review(circle, actor=person)
    assert ReviewRequest.objects.get().page_id == circle.pk


def test_action_keeps_what_the_organisation_may_read_even_if_a_coordinator_submits(site, town, topic):
    church = OrganisationFactory(name="Evang. Kirchenbezirk", municipality=town)
    draft_offering(organisation=church, title="Geheimer Titel", dates=[in_days(20)], topics=[topic])
    district = OrganisationFactory(kind="district")
    person = coordinator_user()
    MembershipFactory(user=person, organisation=district)
    page = draft_offering(organisation=district, municipality=town, dates=[in_days(20)], topics=[topic])
    submit_for_review(page, actor=person, reason=REASON)
    warning = ReviewRequest.objects.get().warnings[0]
    assert "Evang. Kirchenbezirk (Entwurf)" in warning
    assert "Geheimer Titel" not in warning


# The portal


def test_submit_saves_the_draft_and_asks_why(client, rival, town, topic):
    data = form_data(
        client.get(NEW), **facts(municipality=str(town.pk), topics=[str(topic.pk)], title="Mein Abend"), action="submit"
    )
    response = client.post(NEW, data, follow=True)
    assert "Ihr Entwurf ist gespeichert, aber noch nicht eingereicht" in text_of(response)
    assert "Ganz anderer Abend" in text_of(response)
    buttons = [button.get_text(strip=True) for button in soup(response).select("form.ehrenamt-form button")]
    assert buttons == ["Trotzdem zur Prüfung einreichen"]
    page = type(rival).objects.get(draft_title="Mein Abend")
    assert response.request["PATH_INFO"] == submit(page)
    assert soup(response).select_one(f"a[href^='{edit(page)}']") is not None
    assert not in_review(page)


def test_submit_with_a_reason_goes_into_review(client, draft):
    response = client.post(submit(draft), form_data(client.get(submit(draft)), reason=REASON), follow=True)
    assert "Zur Prüfung eingereicht" in messages_of(response)
    assert in_review(draft)
    assert ReviewRequest.objects.get().reason == REASON


def test_submit_without_a_reason_is_an_error_beside_the_field(client, draft):
    response = client.post(submit(draft), form_data(client.get(submit(draft)), reason=" "))
    assert field_errors(response, "reason") == [
        "Fehler: Sagen Sie in einem Satz, warum der Termin bleiben soll. Ihr Entwurf ist gespeichert."
    ]
    assert not in_review(draft)


def test_submit_with_too_long_a_reason_keeps_it(client, draft):
    response = client.post(submit(draft), form_data(client.get(submit(draft)), reason="weil " * 300))
    assert "Das ist zu lang" in field_errors(response, "reason")[0]
    assert soup(response).select_one("[name=reason]").get_text(strip=True).startswith("weil weil")
    assert not in_review(draft)


def test_submit_without_a_strong_clash_goes_straight_through(client, organisation):
    page = draft_offering(organisation=organisation, dates=[in_days(20)])
    response = client.post(edit(page), form_data(client.get(edit(page)), action="submit"), follow=True)
    assert "Zur Prüfung eingereicht" in messages_of(response)
    assert in_review(page)


def test_submit_page_needs_no_reason_once_the_other_is_gone(client, draft, rival):
    data = form_data(client.get(submit(draft)))
    rival.delete()
    page = client.get(submit(draft))
    assert "keine starke Überschneidung" in text_of(page)
    client.post(submit(draft), data)
    assert in_review(draft)
    assert ReviewRequest.objects.get().reason == ""


def test_submit_keeps_the_reason_when_somebody_saved_meanwhile(client, draft, person):
    data = form_data(client.get(submit(draft)), reason=REASON)
    other = draft.get_latest_revision_as_object()
    other.title = "Von der Kollegin geändert"
    save_draft(other, base_revision_id=draft.latest_revision_id, actor=person)
    response = client.post(submit(draft), data)
    assert "inzwischen jemand anderes geändert" in messages_of(response)
    assert soup(response).select_one("[name=reason]").get_text(strip=True) == REASON
    assert "Von der Kollegin geändert" in text_of(response)
    assert not in_review(draft)
    client.post(submit(draft), form_data(response))
    assert in_review(draft)


def test_submit_in_two_tabs_changes_nothing_the_second_time(client, draft):
    data = form_data(client.get(submit(draft)), reason=REASON)
    client.post(submit(draft), data)
    response = client.post(submit(draft), {**data, "reason": "Anders"}, follow=True)
    assert "Der zweite Klick hat nichts geändert" in messages_of(response)
    assert [request.reason for request in ReviewRequest.objects.all()] == [REASON]


def test_submit_keeps_the_reason_when_facts_are_missing(client, draft):
    broken = draft.get_latest_revision_as_object()
    broken.summary = ""
    broken.save_revision(clean=False)
    response = client.post(submit(draft), form_data(client.get(submit(draft)), reason=REASON))
    assert "beschreiben Sie das Angebot" in messages_of(response)
    assert soup(response).select_one("[name=reason]").get_text(strip=True) == REASON
    assert not in_review(draft)


def test_submit_again_offers_the_reason_of_the_last_time(client, draft, person):
    task_state = submit_for_review(draft, actor=person, reason=REASON)
    return_to_organisation(task_state, actor=coordinator_user(), reasons=["other"])
    assert soup(client.get(submit(draft))).select_one("[name=reason]").get_text(strip=True) == REASON


def test_submit_page_of_what_waits_leads_to_the_offering(client, draft, person):
    submit_for_review(draft, actor=person, reason=REASON)
    response = client.get(submit(draft))
    assert response["Location"] == edit(draft)


def test_submit_page_of_another_organisation_answers_404(client, draft, rival, site):
    stranger = signed_in(member_of())
    for answer in (stranger.get(submit(draft)), stranger.post(submit(draft), {"reason": REASON})):
        assert answer.status_code == 404
    assert not in_review(draft)


def test_mail_to_coordinators_gives_reason_and_warnings(draft, person):
    coordinator_user()
    submit_for_review(draft, actor=person, reason=REASON)
    mail = OutgoingMail.objects.get(template="review/submitted")
    rendered = render(mail)
    for part in (rendered.text, rendered.html):
        assert REASON in part
        assert "Ganz anderer Abend" in part


def test_new_date_in_the_form_submits_without_a_reason(client, draft):
    data = form_data(client.get(edit(draft)), dates__0__date=day(50), action="submit")
    client.post(edit(draft), data)
    assert in_review(draft)
    assert ReviewRequest.objects.get().reason == ""
