"""Where to go on from a day, town or topic for which nothing is planned: addresses of the portal with what is known filled in."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Invitation:
    label: str
    url: str


def invitations(*, day: dt.date | None = None, town: str = "", topic: str = "") -> list[Invitation]:
    """Hold a date, report a need, announce an event; ``town`` and ``topic`` are slugs. Only members can follow them."""
    found = [
        Invitation(_("Hold a date"), hold_url(day=day, town=town, topic=topic)),
        Invitation(_("Report a need"), prefilled("ehrenamt:need-new", day=day, town=town, topic=topic)),
        Invitation(_("Announce an event"), prefilled("ehrenamt:offering-new", day=day, town=town, topic=topic)),
    ]
    return [invitation for invitation in found if invitation.url]


def hold_url(*, day: dt.date | None = None, town: str = "", topic: str = "") -> str:
    return prefilled("ehrenamt:hold-new", day=day, town=town, topic=topic)


def prefilled(name: str, *, day: dt.date | None, town: str, topic: str) -> str:
    facts = {"datum": day.isoformat() if day else "", "gemeinde": town, "thema": topic}
    query = urlencode({key: value for key, value in facts.items() if value})
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    return f"{address}?{query}" if query else address
