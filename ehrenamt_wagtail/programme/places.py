"""Where an offering and each of its dates take place, in words. Reads nothing that is not prefetched."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Venue

from .models import Occurrence, OfferingPage


@dataclass(frozen=True)
class Place:
    """Where something takes place; ``access`` are sentences about getting in."""

    name: str
    address: str = ""
    room: str = ""
    town: str = ""
    access: tuple[str, ...] = ()
    notes: str = ""

    @property
    def short(self) -> str:
        """The house and the room."""
        return ", ".join(part for part in (self.name, self.room) if part)

    def __str__(self) -> str:
        parts = (self.name, self.room, self.address, self.town)
        return ", ".join(dict.fromkeys(part for part in parts if part))


def place_of(page: OfferingPage, date: Occurrence | None = None) -> Place:
    """The place of the offering, or of one of its dates."""
    venue = date.effective_venue() if date else page.venue
    room = (date.room if date else "") or page.room
    if date and date.venue_id and date.venue_id != page.venue_id:
        room = date.room
    if venue is None:
        return Place(name=page.place, room=room, town=page.municipality.name if page.municipality else "")
    return Place(
        name=venue.name,
        address=venue.street,
        room=room,
        town=" ".join(part for part in (venue.postal_code, venue.municipality.name) if part),
        access=tuple(access_of(venue)),
        notes=venue.access_notes,
    )


def access_of(venue: Venue) -> list[str]:
    """Sentences about getting in; what is not known is left out."""
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
    sentences = [words[getattr(venue, name)] for name, words in known.items() if getattr(venue, name) in words]
    if venue.parking:
        sentences.append(_("Parking: %(parking)s") % {"parking": venue.parking})
    if venue.nearest_stop:
        sentences.append(_("Nearest stop: %(stop)s") % {"stop": venue.nearest_stop})
    return sentences
