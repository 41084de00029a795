"""Approving several submissions at once."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.models import OfferingPage, OutgoingMail, ReviewDecision
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review import actions, bulk
from ehrenamt_wagtail.review.actions import approve, submit_for_review, withdraw_from_review
from tests import factories
from tests.review.helpers import texts

pytestmark = pytest.mark.django_db

QUEUE = "ehrenamt_admin:review_queue"
APPROVE = "ehrenamt_admin:review_approve_selected"


@pytest.fixture(autouse=True)
def _no_holidays(settings):
    """Tests run on any day of the year."""
    settings.EHRENAMT = {**settings.EHRENAMT, "CLASH_WEIGHTS": {"public_holiday": 0, "school_holiday": 0}}


def quiet(number: int, **facts):
    """A submission that nothing competes with and nothing is similar to; gives the page and its key in the queue."""
    titles = ["Fahrradwerkstatt", "Nähabend", "Gartenpflege", "Bewerbung schreiben", "Traumapädagogik"]
    organisation = factories.OrganisationFactory()
    facts = {"organisation": organisation, "title": titles[number], "dates": [factories.in_days(20 + 9 * number)], **facts}
    actor = factories.member_of(facts["organisation"])
    page, task_state = factories.submitted_offering(actor=actor, reason="", **facts)
    return page, key_of(page, task_state)


def key_of(page, task_state) -> str:
    revision = OfferingPage.objects.get(pk=page.pk).latest_revision
    return f"{task_state.pk}_{revision.pk}_{revision.created_at.isoformat()}"


def is_live(page) -> bool:
    return OfferingPage.objects.get(pk=page.pk).live


def confirm(client, *keys):
    return client.post(reverse(APPROVE), {"selected": keys, "confirmed": "1"}, follow=True)


def test_queue_offers_the_checkbox_only_without_warnings(admin_client):
    _page, key = quiet(0)
    clashing = factories.OrganisationFactory()
    for title in ("Eins", "Zwei"):
        factories.submitted_offering(organisation=clashing, title=title, dates=[factories.in_days(70)])
    html = admin_client.get(reverse(QUEUE)).content.decode()
    assert f'value="{key}"' in html
    assert html.count('name="selected"') == 1
    assert " checked" not in html
    assert " checked" in admin_client.get(reverse(QUEUE), {"alle": "1"}).content.decode()


def test_selected_are_named_and_approved_only_when_confirmed(admin_client, coordinator):
    pages, keys = zip(*[quiet(number) for number in range(3)], strict=True)
    response = admin_client.post(reverse(APPROVE), {"selected": keys[:2]})
    html = response.content.decode()
    assert [row.title for row, _selected in response.context["ready"]] == ["Fahrradwerkstatt", "Nähabend"]
    assert "Fahrradwerkstatt" in html
    assert "Gartenpflege" not in html
    assert not ReviewDecision.objects.exists()

    response = confirm(admin_client, *keys[:2])
    assert [is_live(page) for page in pages] == [True, True, False]
    assert "„Fahrradwerkstatt“, „Nähabend“" in texts(response)[0]
    assert {decision.actor for decision in ReviewDecision.objects.all()} == {coordinator}
    assert ReviewDecision.objects.count() == 2
    # Each organisation has its own mail.
    assert OutgoingMail.objects.filter(template="review/approved").count() == 2


def test_one_that_fails_in_the_middle_does_not_stop_the_others(admin_client, monkeypatch):
    pages, keys = zip(*[quiet(number) for number in range(3)], strict=True)
    real = actions.approve

    def fails_for_second(task_state, **facts):
        if task_state.pk == int(keys[1].split("_")[0]):
            real(task_state, **facts)
            raise actions.SubmissionIncomplete({"title": ["Diesen Titel gibt es schon."]})
        return real(task_state, **facts)

    monkeypatch.setattr(actions, "approve", fails_for_second)
    response = confirm(admin_client, *keys)
    # The second is undone as a whole, although it had been published when it failed.
    assert [is_live(page) for page in pages] == [True, False, True]
    assert ReviewDecision.objects.count() == 2
    told = texts(response)
    assert "„Fahrradwerkstatt“, „Gartenpflege“" in told[0]
    assert "„Nähabend“ wurde nicht freigegeben" in told[1]
    assert "Diesen Titel gibt es schon." in told[1]


@pytest.mark.expected_errors("Approving task state")
def test_even_a_technical_failure_does_not_stop_the_others(admin_client, monkeypatch):
    pages, keys = zip(*[quiet(number) for number in range(3)], strict=True)
    real = actions.approve

    def breaks_for_second(task_state, **facts):
        if task_state.pk == int(keys[1].split("_")[0]):
            raise RuntimeError("disk full")
        return real(task_state, **facts)

    monkeypatch.setattr(actions, "approve", breaks_for_second)
    response = confirm(admin_client, *keys)
    assert [is_live(page) for page in pages] == [True, False, True]
    assert "disk full" not in response.content.decode()
    assert "schiefgegangen" in texts(response)[1]


def test_stale_revision_is_left_out_and_said(admin_client, coordinator):
    (changed, old_key), (page, key) = quiet(0), quiet(1)
    draft = OfferingPage.objects.get(pk=changed.pk).specific.get_latest_revision_as_object()
    draft.title = "Anderer Titel"
    draft.save_revision(user=coordinator, clean=False)
    response = admin_client.post(reverse(APPROVE), {"selected": [old_key, key]})
    assert [row.page.pk for row, _selected in response.context["ready"]] == [page.pk]
    assert "während Sie" in response.context["left"][0][1]
    response = confirm(admin_client, old_key, key)
    assert (is_live(changed), is_live(page)) == (False, True)
    assert "wurde nicht freigegeben" in texts(response)[1]


def test_what_somebody_else_decided_or_withdrew_is_left_out(admin_client):
    organisation = factories.OrganisationFactory()
    (one, one_key), (two, two_key), (three, three_key) = quiet(0), quiet(1, organisation=organisation), quiet(2)
    anna = factories.coordinator_user(first_name="Anna", last_name="Schnell")
    approve(task_state_of(one), actor=anna)
    withdraw_from_review(two, actor=factories.member_of(organisation))
    response = confirm(admin_client, one_key, two_key, three_key)
    told = texts(response)
    assert "Anna Schnell" in told[1]
    assert "zurückgezogen" in told[2]
    assert (is_live(two), is_live(three)) == (False, True)
    assert ReviewDecision.objects.get(page_id=one.pk).actor == anna
    assert ReviewDecision.objects.count() == 2


def task_state_of(page):
    return OfferingPage.objects.get(pk=page.pk).current_workflow_task_state


def test_sent_twice_it_decides_once_and_sounds_like_success(admin_client):
    page, key = quiet(0)
    confirm(admin_client, key)
    response = confirm(admin_client, key)
    assert is_live(page)
    assert ReviewDecision.objects.count() == 1
    assert texts(response)[-1].startswith("„Fahrradwerkstatt“ ist freigegeben")


def test_clash_that_came_since_is_found_at_that_moment(admin_client):
    page, key = quiet(0)
    factories.draft_offering(organisation=page.organisation, title="Neu dazu", dates=[factories.in_days(20)])
    response = admin_client.post(reverse(APPROVE), {"selected": [key]})
    assert response.context["ready"] == []
    assert "Neu dazu" in response.context["left"][0][1]
    response = confirm(admin_client, key)
    assert not is_live(page)
    assert not ReviewDecision.objects.exists()
    assert "Neu dazu" in texts(response)[0]


def test_reason_past_date_and_missing_facts_need_a_look(admin_client):
    reason, state = factories.submitted_offering(title="Mit Grund", dates=[factories.in_days(30)], reason="Bitte lesen")
    past, past_key = quiet(1)
    missing, missing_key = quiet(2)
    for page, change in ((past, {"start": (timezone.now() - dt.timedelta(days=1)).isoformat()}), (missing, {})):
        revision = OfferingPage.objects.get(pk=page.pk).latest_revision
        revision.content["occurrences"][0].update(change)
        if page is missing:
            revision.content["summary"] = ""
        revision.save()
    response = confirm(admin_client, key_of(reason, state), past_key, missing_key)
    told = texts(response)
    assert "Bitte lesen" in told[0]
    assert "vorbei" in told[1] or "Vergangenheit" in told[1]
    assert "Es fehlen Angaben" in told[2]
    assert not ReviewDecision.objects.exists()
    assert not any(is_live(page) for page in (reason, past, missing))


def test_nonsense_decides_nothing(admin_client):
    page, key = quiet(0)
    for keys in ([], ["x"], ["1"], ["9" * 40 + "_1_x"], ["999999_1_x"], [key.rsplit("_", 1)[0] + "_2020-01-01"], ["-1_2_3"]):
        response = confirm(admin_client, *keys)
        assert response.status_code == 200
        assert texts(response)
    assert not is_live(page)
    assert not ReviewDecision.objects.exists()


def test_at_most_so_many_at_once_each_once():
    keys = [f"{number}_1_x" for number in range(80)] * 2
    assert len(bulk.selected_from(keys)) == bulk.MOST_AT_ONCE


def test_change_of_a_published_offering_is_approved_too(admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, title="Alt", dates=[factories.in_days(20)])
    draft = page.get_latest_revision_as_object()
    draft.title = "Neu"
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    task_state = submit_for_review(page, actor=member)
    confirm(admin_client, key_of(page, task_state))
    assert OfferingPage.objects.get(pk=page.pk).title == "Neu"
