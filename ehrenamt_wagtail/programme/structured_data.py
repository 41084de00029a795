"""An offering for search engines: schema.org events as JSON-LD, one a date. A field without a value is left out, none is guessed."""

import json
import re
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .events import printable
from .facts import DateFacts, OfferingFacts
from .models import Mode, OfferingPage

SCHEMA = "https://schema.org"
ATTENDANCE = {
    Mode.ON_SITE: f"{SCHEMA}/OfflineEventAttendanceMode",
    Mode.ONLINE: f"{SCHEMA}/OnlineEventAttendanceMode",
    Mode.BOTH: f"{SCHEMA}/MixedEventAttendanceMode",
}
# Costs are free text; a number is taken from it only where it says nothing else.
AMOUNT = re.compile(r"([0-9]{1,4})(?:,([0-9]{2}|-))?\s?(?:€|Euro|EUR)")
# What could end a script or begin a comment in HTML; JSON knows all of it in another form.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def structured_data(page: OfferingPage, request: HttpRequest, *, facts: OfferingFacts, details: dict, url: str | None) -> SafeString:
    """The element for the head of the page, or nothing without dates. Browsers run nothing in it, so that no policy forbids it.

    ``details`` are those of ``details.details_of``, ``url`` the address of the page if it has one.
    """
    if not facts.dates:
        return SafeString()
    common = facts_of_all(page, request, facts=facts, details=details, url=url and request.build_absolute_uri(url))
    events = [
        without_empty(common | facts_of_one(date, more["place"] or details["place"]))
        for date, more in zip(facts.dates, details["dates"], strict=True)
    ]
    data = {"@context": SCHEMA} | (events[0] if len(events) == 1 else {"@graph": events})
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def facts_of_all(page: OfferingPage, request: HttpRequest, *, facts: OfferingFacts, details: dict, url: str | None) -> dict[str, Any]:
    """What is the same for all dates."""
    organiser = details["organiser"] or {}
    return {
        "@type": "Event",
        "name": printable(facts.title),
        "url": url,
        "description": printable(facts.summary).strip(),
        "image": image_of(page, request),
        "organizer": described("Organization", name=organiser.get("name"), url=organiser.get("website")),
        "audience": described("Audience", audienceType=printable(page.audience).strip()),
        "keywords": [printable(name) for _slug, name in facts.topics],
        "inLanguage": list(page.languages or []),
        "isAccessibleForFree": True if facts.free else None,
        "offers": None if facts.free else offer_of(page.costs, url),
    }


def facts_of_one(date: DateFacts, place: dict) -> dict[str, Any]:
    return {
        "identifier": date.uid,
        "startDate": iso(date.start),
        "endDate": iso(date.end),
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if date.cancelled else 'EventScheduled'}",
        "eventAttendanceMode": ATTENDANCE.get(date.mode),
        "location": location_of(date, place),
    }


def location_of(date: DateFacts, place: dict):
    """The address of an online meeting is told to those alone who signed up."""
    online = described("VirtualLocation", name=_("online"))
    if date.mode == Mode.ONLINE:
        return online
    house = described(
        "Place",
        name=printable(", ".join(filter(None, [place["name"], place["room"]]))),
        address=described(
            "PostalAddress",
            streetAddress=place["address"],
            # What stands before the name of the town.
            postalCode=place["town"].removesuffix(date.town).strip(),
            addressLocality=date.town,
        ),
    )
    if date.mode == Mode.BOTH:
        return [house, online] if house else online
    return house


def offer_of(costs: str, url: str | None) -> dict | None:
    costs = printable(costs).strip()
    if amount := AMOUNT.fullmatch(costs):
        cents = "" if amount[2] in (None, "-") else f".{amount[2]}"
        return described("Offer", price=f"{amount[1]}{cents}", priceCurrency="EUR", url=url)
    return described("Offer", description=costs, url=url)


def image_of(page: OfferingPage, request: HttpRequest) -> str | None:
    """The picture as the page shows it. What was found is kept with the picture: the page does not ask again."""
    if page.image is None:
        return None
    prefetch_related_objects([page.image], "renditions")
    return request.build_absolute_uri(page.image.get_rendition("width-960").url)


def described(kind: str, **values) -> dict | None:
    """A thing with those of the values that there are; ``None`` without any."""
    values = without_empty(values)
    return {"@type": kind} | values if values else None


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def iso(value) -> str | None:
    """A plain date, or a local time to the minute with its offset."""
    if value is None or not hasattr(value, "hour"):
        return value and value.isoformat()
    return timezone.localtime(value, timezone.get_default_timezone()).isoformat(timespec="minutes")
