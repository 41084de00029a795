"""Where to go on from a day, town or topic for which nothing is planned: addresses of the portal with what is known filled in."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Invitation:
    label: str
    url: str


def invitations(*, town: str = "", topic: str = "") -> list[Invitation]:
    """Hold a date, report a need, announce an event; ``town`` and ``topic`` are slugs. Only members can follow them."""
    query = query_of(gemeinde=town, thema=topic)
    return [
        Invitation(_("Hold a date"), reverse("ehrenamt:hold-new") + query),
        Invitation(_("Report a need"), reverse("ehrenamt:need-new") + query),
        Invitation(_("Announce an event"), reverse("ehrenamt:offering-new") + query),
    ]


def hold_url(day: dt.date, *, town: str = "", topic: str = "") -> str:
    return reverse("ehrenamt:hold-new") + query_of(datum=day.isoformat(), gemeinde=town, thema=topic)


def query_of(**facts: str) -> str:
    query = urlencode({name: value for name, value in facts.items() if value})
    return f"?{query}" if query else ""
