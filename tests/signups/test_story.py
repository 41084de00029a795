"""A walk through the room: sign up, confirm from the mail, cancel, the next one moves up."""


import pytest
from django.core import mail
from django.urls import reverse

from ehrenamt_wagtail.models import SignUp
from tests.factories import offering_with_sign_up
from tests.mails import link_in

pytestmark = pytest.mark.django_db


def sign_up_by_form(client, page, name, email, action="sign-up"):
    date = page.occurrences.get()
    url = reverse("ehrenamt:sign-up-new", args=[date.uid])
    uid = client.get(url).context["form"]["uid"].value()
    return client.post(url, {"name": name, "email": email, "uid": uid, "action": action})


def test_seat_moves_on_to_who_waits(client, django_capture_on_commit_callbacks):
    page, plan = offering_with_sign_up(capacity=1)
    with django_capture_on_commit_callbacks(execute=True):
        assert "platz=seat" in sign_up_by_form(client, page, "Erika Muster", "erika@post.example")["Location"]
        assert "platz=waiting" in sign_up_by_form(client, page, "Otto Muster", "otto@post.example", "wait")["Location"]
    erika, otto = (link_in(message, "/anmeldung/") for message in mail.outbox)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(erika, {"action": "confirm"})
        client.post(otto, {"action": "confirm"})
    assert [row.status for row in SignUp.objects.order_by("pk")] == ["confirmed", "waiting"]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(erika, {"action": "cancel"})
    assert [row.status for row in SignUp.objects.order_by("pk")] == ["cancelled", "offered"]
    assert mail.outbox[-1].to == ["otto@post.example"]

    client.post(otto, {"action": "accept"})
    assert [row.status for row in SignUp.objects.order_by("pk")] == ["cancelled", "confirmed"]
