"""What the browser's tab says: the page, the area, the site, each of them once."""

import html
import re

from django.urls import reverse

from tests import factories


def title_of(response) -> str:
    return html.unescape(" ".join(re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[1].split()))


def test_title_names_each_thing_once(client, organisation):
    draft = factories.draft_offering(organisation=organisation, title="Entwurf")
    published = factories.published_offering(organisation=organisation, title="Offen")
    circle = factories.circle_page(organisation=organisation)
    addresses = [
        reverse("ehrenamt:portal"),
        reverse("ehrenamt:offering-new"),
        reverse("ehrenamt:portal-calendar"),
        reverse("ehrenamt:members"),
        *(reverse(f"ehrenamt:offering-{name}", args=[draft.pk]) for name in ("edit", "history", "delete")),
        *(reverse(f"ehrenamt:offering-{name}", args=[published.pk]) for name in ("edit", "copy", "cancel")),
        *(reverse(f"ehrenamt:circle-{name}", args=[circle.pk]) for name in ("edit", "history")),
        "/programm/",
        "/programm/?archiv=1",
        "/programm/kalender/2027/3/",
        "/programm/karte/",
        published.url,
        "/arbeitskreise/",
        circle.url,
    ]
    titles = {address: title_of(client.get(address)) for address in addresses}
    client.logout()
    for name in ("login", "login-link"):
        titles[name] = title_of(client.get(reverse(f"ehrenamt:{name}")))
    client.force_login(factories.UserFactory())
    titles["no access"] = title_of(client.get(reverse("ehrenamt:portal")))
    for address, title in titles.items():
        parts = title.split(" – ")
        assert all(parts), (address, title)
        assert len(parts) == len(set(parts)), (address, title)
    assert sorted(titles.values()) == sorted(set(titles.values()))

