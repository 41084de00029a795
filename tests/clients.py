"""Whoever visits, and what they read."""

from django.test import Client
from django.utils.html import strip_tags


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def main_text(response) -> str:
    """What people read of the page's main part, on one line."""
    content = response.content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    return " ".join(strip_tags(main.replace("<", " <")).split())
