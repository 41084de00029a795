"""Where an offering and each of its dates take place, in words. Reads nothing that is not prefetched."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Venue

from .models import Occurrence, OfferingPage


@dataclass(frozen=True)
class Place:
    """Where something takes place; ``access`` are sentences about getting in, ``position`` latitude and longitude in degrees."""

    name: str
    address: str = ""
    room: str = ""
    town: str = ""
    access: tuple[str, ...] = ()
    notes: str = ""
    position: tuple[float, float] | None = None

    @property
    def short(self) -> str:
        """The house and the room."""
        return ", ".join(part for part in (self.name, self.room) if part)

    def __str__(self) -> str:
        parts = (self.name, self.room, self.address, self.town)
        return ", ".join(dict.fromkeys(part for part in parts if part))


def place_of(page: OfferingPage, date: Occurrence | None = None) -> Place:
    """The place of the offering, or of one of its dates."""
    return place_from(place_facts(page, date))


ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "parking", "nearest_stop")


def place_facts(page: OfferingPage, date: Occurrence | None = None) -> dict:
    """What ``place_from`` makes a place of, as JSON; ``position`` is there only if it is known."""
    venue = date.effective_venue() if date else page.venue
    room = (date.room if date else "") or page.room
    if date and date.venue_id and date.venue_id != page.venue_id:
        room = date.room
    if venue is None:
        town = page.municipality.name if page.municipality else ""
        return {"name": page.place, "address": "", "room": room, "town": town, "access": {}, "notes": ""}
    return {
        "name": venue.name,
        "address": venue.street,
        "room": room,
        "town": " ".join(part for part in (venue.postal_code, venue.municipality.name) if part),
        "access": {name: getattr(venue, name) for name in ACCESS if getattr(venue, name)},
        "notes": venue.access_notes,
        **position_of(venue),
    }


def position_of(venue: Venue) -> dict[str, list[float]]:
    is_known = venue.latitude is not None and venue.longitude is not None
    return {"position": [venue.latitude, venue.longitude]} if is_known else {}


def place_from(facts: dict) -> Place:
    position = facts.get("position")
    return Place(**facts | {"access": tuple(access_of(facts["access"])), "position": tuple(position) if position else None})


def access_of(facts: dict) -> list[str]:
    """Sentences about getting in; what is not known is left out."""
    if not facts:
        return []
    known = {
        "step_free": {"yes": _("step-free"), "partly": _("partly step-free"), "no": _("not step-free")},
        "accessible_toilet": {
            "yes": _("accessible toilet"),
            "partly": _("toilet accessible in parts"),
            "no": _("no accessible toilet"),
        },
        "hearing_loop": {
            "yes": _("hearing loop"),
            "partly": _("hearing loop in some rooms"),
            "no": _("no hearing loop"),
        },
    }
    sentences = [words[facts[name]] for name, words in known.items() if facts.get(name) in words]
    if "parking" in facts:
        sentences.append(_("Parking: %(parking)s") % {"parking": facts["parking"]})
    if "nearest_stop" in facts:
        sentences.append(_("Nearest stop: %(stop)s") % {"stop": facts["nearest_stop"]})
    return sentences
