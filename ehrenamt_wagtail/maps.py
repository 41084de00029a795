"""The district as a picture: towns as dots, the larger the more there is in them. Plain values for ``includes/map.html``.

Degrees become units of the picture by an equirectangular projection at the mean latitude: right enough for a district. Everything is
placed by a fixed rule, so that equal numbers give equal pictures.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ehrenamt_wagtail.german import fold

from .conf import conf

# In units of the picture, which are CSS pixels where it is as wide as it gets.
WIDTH, MOST_HEIGHT = 608, 830
MARGIN = 28
LARGEST, SMALLEST, EMPTY = 18.0, 7.0, 5.0
GAP = 4.0
# Of letters: on a wide page, and on a phone, which shows the picture half as large.
SIZES = {"wide": 15.0, "narrow": 27.0}
ATTEMPTS = {"wide": 8, "narrow": 1}
# Height of a line and widths of letters by their size.
LINE, LETTER, CAPITAL = 1.15, 0.62, 0.74
WIDTHS = dict.fromkeys("fijlrt ", 0.4) | dict.fromkeys("mwMW", 0.98)

Ring = Sequence[Sequence[float]]
# Where a dot stands, and its radius.
Circle = tuple[float, float, float]


class Town(NamedTuple):
    """``number`` of what there is in it, in ``words`` together with its name; ``url`` leads there, empty where there is nothing."""

    name: str
    latitude: float | None
    longitude: float | None
    number: int = 0
    words: str = ""
    url: str = ""


class Spot(NamedTuple):
    """What decides where everything of a town stands."""

    name: str
    latitude: float
    longitude: float
    number: int


class Label(NamedTuple):
    """A text beside its dot: place, ``text-anchor`` and size as SVG writes them; ``view`` is one of ``SIZES``."""

    view: str
    x: str
    y: str
    anchor: str
    size: str


class Dot(NamedTuple):
    town: Town
    x: str
    y: str
    radius: str
    labels: tuple[Label, ...]


class Map(NamedTuple):
    """All numbers are texts, since templates would write them as the language does. ``outline`` is the data of an SVG path."""

    view_box: str
    outline: str
    dots: tuple[Dot, ...]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def touches_circle(self, circle: Circle) -> bool:
        x, y, radius = circle
        dx, dy = x - min(max(x, self.left), self.right), y - min(max(y, self.top), self.bottom)
        return dx * dx + dy * dy < radius * radius


def draw(towns: Iterable[Town]) -> Map | None:
    """The map of the towns whose coordinates are known, within ``conf.DISTRICT_OUTLINE``; nothing if there is none."""
    placed = [town for town in towns if town.latitude is not None and town.longitude is not None]
    if not placed:
        return None
    # What is drawn later lies above: small dots on large ones.
    placed.sort(key=lambda town: (-town.number, fold(town.name), town.name))
    rings = tuple(tuple(map(tuple, ring)) for ring in conf.DISTRICT_OUTLINE)
    spots = tuple(Spot(town.name, town.latitude, town.longitude, town.number) for town in placed)
    view_box, outline, marks = layout(spots, rings)
    return Map(view_box, outline, tuple(Dot(town, *mark) for town, mark in zip(placed, marks, strict=True)))


@lru_cache(128)
def layout(spots: tuple[Spot, ...], rings: tuple) -> tuple[str, str, list[tuple]]:
    """View box, outline, and of each dot place, radius and labels; kept, since it takes longer than to count what is shown."""
    project = Projection([(spot.longitude, spot.latitude) for spot in spots] + [place for ring in rings for place in ring])
    most = spots[0].number
    circles = [(*project(spot.longitude, spot.latitude), radius_of(spot.number, most)) for spot in spots]
    labels = [labels_of(spots, circles, project.box, view) for view in SIZES]
    marks = [
        (written(x), written(y), written(radius), tuple(label for label in own if label is not None))
        for (x, y, radius), *own in zip(circles, *labels, strict=True)
    ]
    view_box = f"0 0 {written(project.box.right)} {written(project.box.bottom)}"
    return view_box, " ".join(path_of(ring, project) for ring in rings), marks


def radius_of(number: int, most: int) -> float:
    """The area goes by the number, as long as that can be seen."""
    return max(SMALLEST, LARGEST * math.sqrt(number / most)) if number else EMPTY


class Projection:
    """From degrees to units of the picture; ``box`` is what the picture needs."""

    def __init__(self, places: Sequence[tuple[float, float]]):
        longitudes, latitudes = zip(*places, strict=True)
        self.longitude, self.latitude = (max(longitudes) + min(longitudes)) / 2, (max(latitudes) + min(latitudes)) / 2
        self.squeezed = math.cos(math.radians(self.latitude))
        # A single town has no extent.
        width = max((max(longitudes) - min(longitudes)) * self.squeezed, 0.01)
        height = max(max(latitudes) - min(latitudes), 0.01)
        self.scale = min((WIDTH - 2 * MARGIN) / width, (MOST_HEIGHT - 2 * MARGIN) / height)
        self.box = Box(0, 0, WIDTH, height * self.scale + 2 * MARGIN)

    def __call__(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = (longitude - self.longitude) * self.squeezed * self.scale
        return self.box.right / 2 + x, self.box.bottom / 2 + (self.latitude - latitude) * self.scale


def path_of(ring: Ring, project: Projection) -> str:
    points = " L".join(f"{written(x)} {written(y)}" for x, y in (project(*place) for place in ring))
    return f"M{points}Z"


def written(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


# Labels


class Place(NamedTuple):
    """Where a name may stand: its label and the space that it takes."""

    label: Label
    space: Box


def labels_of(spots: Sequence[Spot], circles: Sequence[Circle], box: Box, view: str) -> list[Label | None]:
    """Where each name stands: no name touches another one or a dot, and what finds no place has none.

    The largest numbers choose first. On a wide page, which has room for all, those that found no place choose first the next time. On
    a phone only towns with something are named.
    """
    size = SIZES[view]
    places = [
        [place for place in places_of(spot.name, circle, size, view) if is_free(place.space, circle, circles, box)]
        if spot.number or view == "wide"
        else []
        for spot, circle in zip(spots, circles, strict=True)
    ]
    order = [number for number, own in enumerate(places) if own]
    best: dict[int, Label] = {}
    for _attempt in range(ATTEMPTS[view]):
        found = chosen(order, places)
        best = max(best, found, key=len)
        without = [number for number in order if number not in found]
        if not without:
            break
        order = without + [number for number in order if number in found]
    return [best.get(number) for number in range(len(spots))]


def chosen(order: Iterable[int], places: Sequence[Sequence[Place]]) -> dict[int, Label]:
    """For each in turn the first of its places that nobody before took."""
    taken: list[Box] = []
    found = {}
    for number in order:
        place = next((place for place in places[number] if not any(place.space.touches(other) for other in taken)), None)
        if place is not None:
            taken.append(place.space)
            found[number] = place.label
    return found


def places_of(name: str, circle: Circle, size: float, view: str) -> Iterable[Place]:
    """Right, left, below and above the dot, then between these, then below and above to one side."""
    x, y, radius = circle
    width, height, away = width_of(name) * size, LINE * size, radius + GAP
    near, under, slanting = away * 0.7, away + height / 2, away * 0.7 + height / 3
    for dx, dy, anchor in (
        (away, 0, "start"), (-away, 0, "end"), (0, under, "middle"), (0, -under, "middle"),
        (near, slanting, "start"), (near, -slanting, "start"), (-near, slanting, "end"), (-near, -slanting, "end"),
        (-radius, under, "start"), (-radius, -under, "start"), (radius, under, "end"), (radius, -under, "end"),
    ):  # fmt: skip
        left = x + dx - {"start": 0, "middle": width / 2, "end": width}[anchor]
        # SVG names the line that letters stand on.
        label = Label(view, written(x + dx), written(y + dy + size * 0.35), anchor, written(size))
        yield Place(label, Box(left, y + dy - height / 2, left + width, y + dy + height / 2))


def is_free(space: Box, own: Circle, circles: Iterable[Circle], box: Box) -> bool:
    """Whether the space lies in the picture and touches no other dot."""
    inside = box.left <= space.left and space.right <= box.right and box.top <= space.top and space.bottom <= box.bottom
    return inside and not any(space.touches_circle(circle) for circle in circles if circle is not own)


def width_of(name: str) -> float:
    """By the size of the letters; wider than in most fonts."""
    return sum(WIDTHS.get(letter, CAPITAL if letter.isupper() else LETTER) for letter in name)
