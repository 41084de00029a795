"""The secret token of a sign-up: opens one page and no other."""

import uuid

import pytest
from django.core.signing import Signer

from ehrenamt_wagtail.models import OutgoingMail, SignUp
from ehrenamt_wagtail.signups import tokens
from tests.factories import offering_with_sign_up, sign_up_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]


@pytest.fixture
def row():
    return sign_up_of(offering_with_sign_up()[1])


def test_token_opens_its_own_sign_up_only(row):
    other = sign_up_of(row.plan, name="Otto", email="otto@post.example")
    assert [tokens.sign_up_of(tokens.token_of(each)) for each in (row, other)] == [row, other]


def test_altered_token_opens_nothing(row):
    other = sign_up_of(row.plan, name="Otto", email="otto@post.example")
    token, foreign = tokens.token_of(row), tokens.token_of(other)
    uid, signature = token.split(".")
    altered = [
        "",
        ".",
        uid,
        f"{uid}.",
        signature,
        f"{uid}.{foreign.split('.')[1]}",
        f"{uid[:-1]}{'0' if uid[-1] != '0' else '1'}.{signature}",
        f"{uid.upper()}.{signature}" if uid.upper() != uid else f"{uid}x.{signature}",
        f"{row.uid}.{signature}",
        token[:-1],
        f"{token}x",
        f"{token}.{signature}",
        "\x00",
        "ä" * 300,
        Signer(salt="another", sep=".").sign(uid),
        str(row.pk),
    ]
    assert [tokens.sign_up_of(value) for value in altered] == [None] * len(altered)


def test_token_of_a_deleted_sign_up_opens_nothing(row):
    token = tokens.token_of(row)
    row.delete()
    assert tokens.sign_up_of(token) is None


def test_token_of_something_else_that_was_signed_opens_nothing(row):
    assert tokens.sign_up_of(tokens.signer().sign("kein-uid")) is None
    assert tokens.sign_up_of(tokens.signer().sign(uuid.uuid4().hex)) is None


def test_token_is_stored_nowhere(row):
    token = tokens.token_of(row)
    stored = [*SignUp.objects.values_list(), *OutgoingMail.objects.values_list()]
    assert token.split(".")[1] not in repr(stored)


def test_token_hangs_on_the_sites_own_key(row, settings):
    token = tokens.token_of(row)
    settings.SECRET_KEY = "another-key-of-another-site-with-enough-length"
    assert tokens.sign_up_of(token) is None
