"""Links that sign in: for whom, how long, how often."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.directory import sign_in
from ehrenamt_wagtail.directory.actions import invite_member, remove_member
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import OutgoingMail
from tests.factories import UserFactory, member_of

pytestmark = pytest.mark.django_db
User = get_user_model()

MINUTE = 60
DAY = 24 * 60 * MINUTE


@pytest.fixture
def after(monkeypatch):
    """Let seconds pass."""

    def pass_seconds(seconds):
        now = time.time() + seconds
        monkeypatch.setattr("sesame.tokens_v2.time.time", lambda: now)

    return pass_seconds


def tokens_of(url):
    return parse_qs(urlsplit(url).query).get("t", [])


def test_link_is_absolute_and_carries_one_token_a_person():
    people = [UserFactory(), UserFactory()]
    with override_settings(EHRENAMT={"BASE_URL": "https://ehrenamt.example/"}):
        url = sign_in.sign_in_url(people)
    assert url.startswith(f"https://ehrenamt.example{reverse('ehrenamt:login-link')}?t=")
    assert sign_in.users_from_tokens(tokens_of(url)) == people


def test_link_is_valid_for_an_hour_and_invitations_for_two_weeks(after):
    person = UserFactory()
    link = tokens_of(sign_in.sign_in_url([person]))
    invitation = tokens_of(sign_in.sign_in_url([person], is_invitation=True))

    after(59 * MINUTE)
    assert sign_in.users_from_tokens(link) == [person]
    after(61 * MINUTE)
    assert sign_in.users_from_tokens(link) == []
    assert sign_in.users_from_tokens(invitation) == [person]
    after(13 * DAY)
    assert sign_in.users_from_tokens(invitation) == [person]
    after(15 * DAY)
    assert sign_in.users_from_tokens(invitation) == []


def test_link_is_dead_after_sign_in():
    person = UserFactory()
    link = tokens_of(sign_in.sign_in_url([person]))
    assert sign_in.users_from_tokens(link) == [person]
    assert sign_in.users_from_tokens(link) == [person]
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    assert sign_in.users_from_tokens(link) == []


def test_admin_and_inactive_accounts_get_no_token_and_lose_theirs(editor):
    for change in ({"is_staff": True}, {"is_superuser": True}, {"is_active": False}):
        person = UserFactory()
        link = tokens_of(sign_in.sign_in_url([person]))
        User.objects.filter(pk=person.pk).update(**change)
        assert sign_in.users_from_tokens(link) == []
        assert tokens_of(sign_in.sign_in_url([User.objects.get(pk=person.pk)])) == []
        assert sign_in.users_of_address(person.email) == []
    assert tokens_of(sign_in.sign_in_url([editor])) == []
    assert sign_in.users_of_address(editor.email) == []


def test_forged_and_foreign_tokens_are_nothing():
    from sesame.utils import get_token

    person = UserFactory()
    token = tokens_of(sign_in.sign_in_url([person]))[0]
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    other_scope = get_token(person, scope="elsewhere")
    assert sign_in.users_from_tokens([forged, other_scope, "", "ä" * 50, "x" * 5000, "a:b:c"]) == []


def test_doubles_are_left_out_and_the_number_is_limited():
    person = UserFactory()
    token = tokens_of(sign_in.sign_in_url([person]))[0]
    assert sign_in.users_from_tokens([token] * 3) == [person]
    assert sign_in.users_from_tokens(["x"] * sign_in.MAX_TOKENS + [token]) == []


def test_address_finds_all_who_share_it():
    ute = UserFactory(last_name="B", email="Pfarramt@kirche.example")
    jan = UserFactory(last_name="A", email="pfarramt@kirche.example")
    assert sign_in.users_of_address(" PFARRAMT@kirche.example") == [jan, ute]
    UserFactory(email="")
    assert sign_in.users_of_address("") == []


@pytest.fixture
def invited(organisation, coordinator, queued_jobs):
    """A membership whose mail waits."""
    return invite_member(
        organisation=organisation,
        first_name="Ute",
        last_name="Neu",
        email="ute@post.example",
        role="member",
        actor=coordinator,
    )


def test_invitation_mail_brings_a_working_link_and_stores_none(invited):
    mail = OutgoingMail.objects.get()
    rendered = render(mail)

    token = re.search(r"[?&]t=([\w-]+)", rendered.text).group(1)
    assert sign_in.users_from_tokens([token]) == [invited.user]
    assert "?t=" in rendered.html
    assert "Caritas Musterkreis" in rendered.subject
    assert "Karin Koordination lädt Sie ein" in rendered.text
    mail.refresh_from_db()
    assert token not in str(OutgoingMail.objects.values().get())


def test_invitation_signs_in_on_the_button_only(organisation, client):
    person = member_of(organisation)
    url = sign_in.sign_in_url([person], is_invitation=True)
    for _scanner in range(3):
        assert person.get_full_name() in client.get(url).content.decode()
        assert "_auth_user_id" not in client.session
    client.post(reverse("ehrenamt:login-link"), {"t": tokens_of(url)})
    assert client.session["_auth_user_id"] == str(person.pk)
    assert sign_in.users_from_tokens(tokens_of(url)) == []


def test_invitation_mail_has_nothing_to_say_after_removal(invited, coordinator):
    remove_member(invited, actor=coordinator)
    assert render(OutgoingMail.objects.get()) is None
