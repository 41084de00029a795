"""What a new draft begins with, however it comes about: by a form, a hold or a need."""

import datetime as dt

from django.http import HttpRequest, QueryDict
from wagtail.models import Site

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.programme.models import ProgrammePage


def suggested_facts(organisation: Organisation, person) -> dict:
    """Values of fields: what is known about the organisation and the person."""
    venue = organisation.default_venue
    return {
        "venue": venue,
        "municipality": venue.municipality if venue else organisation.municipality,
        "contact_name": organisation.contact_name or person.get_full_name(),
        "contact_email": organisation.contact_email or person.email,
        "contact_phone": organisation.contact_phone,
    }


def town_and_topic(wishes: QueryDict) -> tuple[Municipality | None, Topic | None]:
    """What an address, tidied, says by ``gemeinde`` and ``thema`` (slugs); nothing for what it says wrongly."""
    town = Municipality.objects.filter(slug=wishes.get("gemeinde", "")).first()
    return town, Topic.objects.filter(slug=wishes.get("thema", "")).first()


def programme_page(request: HttpRequest) -> ProgrammePage | None:
    """The programme of this site, else any."""
    site = Site.find_for_request(request)
    programmes = ProgrammePage.objects.live()
    own = programmes.descendant_of(site.root_page, inclusive=True).first() if site else None
    return own or programmes.first()


def organisations_to_choose(request: HttpRequest) -> list[Organisation]:
    """For whom the person may hold dates and report needs: the own organisations, for coordinators then all others."""
    own = list(request.organisations)
    if not is_coordinator(request.user):
        return own
    others = Organisation.objects.filter(is_active=True).select_related("municipality").order_by("name")
    return own + [organisation for organisation in others if organisation not in own]


def parse_day(text: str) -> dt.date | None:
    """A day as addresses name it, ``2027-03-14``; nothing for anything else, and for a year that no programme reaches."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
