"""How to get to where an offering takes place, with links to maps that a visitor may follow; our pages load nothing from there."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from .places import Place
from .presentation import DateLine


class MapLink(NamedTuple):
    name: str
    url: str


class Way(NamedTuple):
    """A place with its maps. ``dates`` say what takes place there, in words; none where everything does."""

    place: Place
    maps: tuple[MapLink, ...]
    dates: tuple[str, ...] = ()


def ways_to(place: Place | None, dates: Sequence[DateLine]) -> tuple[Way, ...]:
    """A way for each place of the dates to come; ``place`` is the offering's own, ``None`` for what is online only.

    A place of which no more is known than its name in the facts is left out.
    """
    at: dict[Place, list[str]] = {}
    for date in dates:
        where = date.place or place
        if where is not None and not (date.is_online or date.cancelled or date.past):
            at.setdefault(where, []).append(date.text)
    if place is not None and not dates:
        at[place] = []
    has_several = len(at) > 1
    ways = (Way(where, map_links(where), tuple(texts) if has_several else ()) for where, texts in at.items())
    return tuple(way for way in ways if way.maps or way.place.access or way.place.notes)


def map_links(place: Place) -> tuple[MapLink, ...]:
    """Where to see the place on a map: at its position, else by a search for its address; nothing for a town alone."""
    if place.position:
        latitude, longitude = (f"{degrees:.6f}" for degrees in place.position)
        osm = f"?{urlencode({'mlat': latitude, 'mlon': longitude})}#map=18/{latitude}/{longitude}"
        google, apple = f"{latitude},{longitude}", {"ll": f"{latitude},{longitude}", "q": place.name}
    elif address := place.address or place.name:
        google = ", ".join(filter(None, (address, place.town)))
        osm, apple = f"search?{urlencode({'query': google})}", {"q": google}
    else:
        return ()
    return (
        MapLink("OpenStreetMap", f"https://www.openstreetmap.org/{osm}"),
        MapLink("Google Maps", f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': google})}"),
        MapLink(_("Apple Maps"), f"https://maps.apple.com/?{urlencode(apple)}"),
    )
