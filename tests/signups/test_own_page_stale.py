"""One's own page from an old tab, after the back button, and when somebody else was quicker: what is over stays over."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.signups import signing, views, waiting
from ehrenamt_wagtail.signups.tokens import token_of
from tests.factories import offering_with_sign_up, sign_up_of

from .public import fill_in, fresh, own_url, press, text_of

pytestmark = pytest.mark.django_db

BUTTONS = ["confirm", "cancel", "accept", "decline", "wait", "seats"]


def state(row) -> tuple:
    row = fresh(row)
    return row.status, row.seats_held, row.seats, row.ended_at, sorted(row.participants.values_list("name", "active_key"))


@pytest.mark.parametrize("action", BUTTONS)
def test_no_button_of_an_old_tab_brings_a_cancelled_sign_up_back(action, client):
    _page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    gone, next_one = sign_up_of(plan), sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    signing.cancel_sign_up(gone)
    waiting.accept_offer(next_one)
    before, mails = state(gone), models.OutgoingMail.objects.count()
    answer = press(client, gone, action, second_name="Emil Muster")
    assert (state(gone), models.OutgoingMail.objects.count()) == (before, mails)
    assert fresh(next_one).status == "confirmed"
    assert "Traceback" not in text_of(answer)
    assert "abgesagt" in text_of(client.get(own_url(gone)))


@pytest.mark.parametrize("action", BUTTONS)
def test_no_button_of_an_old_tab_brings_a_lapsed_sign_up_back(action, client):
    _page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    gone = sign_up_of(plan, confirmed=False)
    signing.free_unconfirmed(gone, now=timezone.now() + dt.timedelta(days=3))
    sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    before, mails = state(gone), models.OutgoingMail.objects.count()
    press(client, gone, action, second_name="Emil Muster")
    assert (state(gone), models.OutgoingMail.objects.count()) == (before, mails)


@pytest.mark.parametrize("action", ["accept", "decline", "wait", "seats", "confirm"])
def test_buttons_of_an_offer_do_nothing_to_who_still_waits(action, client):
    _page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    sign_up_of(plan)
    in_line = sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    before = state(in_line)
    press(client, in_line, action, second_name="Emil Muster")
    assert state(in_line) == before
    assert fresh(in_line).status == "waiting"


@pytest.mark.parametrize("action", BUTTONS)
def test_sign_up_deleted_in_the_very_moment_is_explained(action, client, monkeypatch):
    _page, plan = offering_with_sign_up(seats_per_sign_up=2)
    row = sign_up_of(plan)
    find = views.sign_up_of

    def find_before_it_goes(token):
        found = find(token)
        if found is not None:
            models.SignUp.objects.filter(pk=found.pk).delete()
        return found

    monkeypatch.setattr(views, "sign_up_of", find_before_it_goes)
    answer = press(client, row, action, second_name="Emil Muster")
    assert answer.status_code == 404
    assert "Dieser Link" in text_of(answer)
    assert not models.SignUp.objects.exists()


def test_form_of_the_back_button_with_another_name_signs_up_another_person(client):
    page, _plan = offering_with_sign_up(capacity=5)
    mark = "6a1f3f0e-58ce-4a57-9f38-0d1c5a9f1b11"
    fill_in(client, page, uid=mark)
    fill_in(client, page, uid=mark, name="Otto Muster")
    fill_in(client, page, uid=mark, name="Otto Muster")
    assert sorted(models.Participant.objects.values_list("name", flat=True)) == ["Erika Muster", "Otto Muster"]


def test_form_with_the_mark_of_somebody_else_neither_changes_nor_shows_theirs(client):
    page, plan = offering_with_sign_up(capacity=5)
    theirs = sign_up_of(plan, name="Frida Fremd", email="frida@post.example", confirmed=False)
    before = state(theirs)
    answer = fill_in(client, page, uid=theirs.uid)
    stranger = fill_in(client, page, name="Otto Muster", email="otto@post.example")
    assert (answer.status_code, answer["Location"]) == (stranger.status_code, stranger["Location"])
    assert state(theirs) == before
    assert models.SignUp.objects.filter(email="erika@post.example").exclude(uid=theirs.uid).count() == 1


@pytest.mark.parametrize("name", ["sign-up-confirmation", "sign-up-calendar", "sign-up", "certificate"])
def test_own_token_shows_nothing_of_another_persons(name, client):
    _page, plan = offering_with_sign_up(capacity=5)
    own = sign_up_of(plan)
    theirs = sign_up_of(plan, name="Frida Fremd", email="frida@post.example")
    more = [theirs.participants.get().pk] if name == "certificate" else []
    before = state(theirs)
    url = reverse(f"ehrenamt:{name}", args=[token_of(own), *more])
    answers = [client.get(url), client.post(url, {"action": "cancel", "sign_up": theirs.pk, "uid": str(theirs.uid)})]
    assert not any("Frida" in answer.content.decode() for answer in answers)
    assert state(theirs) == before
    assert not models.Certificate.objects.exists()
