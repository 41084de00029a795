"""What a visitor does, for the tests of the public pages."""

import re
import uuid

from django.urls import reverse

from ehrenamt_wagtail.models import SignUp
from ehrenamt_wagtail.signups.tokens import token_of


def form_url(page, number=0) -> str:
    dates = sorted(page.occurrences.all(), key=lambda date: date.starts_at)
    return reverse("ehrenamt:sign-up-new", args=[dates[number].uid])


def fill_in(client, page, *, number=0, action="sign-up", **fields):
    """POST the form of a date; unnamed fields are those of Erika."""
    fields = {"name": "Erika Muster", "email": "erika@post.example", "uid": uuid.uuid4(), **fields}
    return client.post(form_url(page, number), {**fields, "action": action})


def own_url(sign_up) -> str:
    return reverse("ehrenamt:sign-up", args=[token_of(sign_up)])


def press(client, sign_up, action, **fields):
    return client.post(own_url(sign_up), {"action": action, **fields})


def fresh(sign_up) -> SignUp:
    return SignUp.objects.get(pk=sign_up.pk)


def text_of(response) -> str:
    """What one reads: without tags, spaces in a row as one."""
    html = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
