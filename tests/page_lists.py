"""Wagtail's lists of pages, where one page is deleted, or several together."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page


def delete(client, page):
    return client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))


def delete_together(client, *pages):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    return client.post(f"{url}?{'&'.join(f'id={page.pk}' for page in pages)}")


both_ways_to_delete = pytest.mark.parametrize(
    "delete", [pytest.param(delete, id="alone"), pytest.param(delete_together, id="together")]
)


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def are_there(*pages) -> bool:
    return Page.objects.filter(pk__in=[page.pk for page in pages]).count() == len(pages)
