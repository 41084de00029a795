"""What tests of the organiser's side of sign-ups share."""

from django.urls import reverse

from ehrenamt_wagtail.models import SignUp
from tests.factories import offering_with_sign_up, published_offering

from .helpers import soup

Status = SignUp.Status


def offering_of(organisation):
    """A published offering of the organisation with twenty seats, and its plan."""
    return offering_with_sign_up(
        page=published_offering(organisation=organisation, title="Grundlagen des Asylrechts", contact_phone="07031 123"),
        capacity=20,
        seats_per_sign_up=2,
    )


def address(name: str, page, *args) -> str:
    return reverse(f"ehrenamt:{name}", args=[page.pk, *args])


def act(client, page, sign_up, action: str, **data):
    """Press a button of the page as it stands."""
    url = address("sign-up-detail", page, sign_up.pk)
    seen = soup(client.get(url)).select_one('input[name="seen"]')["value"]
    return client.post(url, {"seen": seen, "action": action, **data}, follow=True)


def logged(page) -> list[str]:
    from wagtail.models import PageLogEntry

    return list(PageLogEntry.objects.filter(page=page.pk, action__startswith="ehrenamt.").values_list("action", flat=True))
