"""The picture of the district: where dots and names stand, and how large they are."""

import math
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from ehrenamt_wagtail.maps import EMPTY, LARGEST, LINE, SMALLEST, WIDTH, Box, Town, draw, width_of
from example_site.demo.register import rows
from example_site.outline import OUTLINE
from tests.inline import Inline

# As the demonstration has them: many of them, some close together.
TOWNS = [(row["name"], float(row["latitude"]), float(row["longitude"])) for row in rows("municipalities.csv")]
NUMBERS = {"Böblingen": 30, "Sindelfingen": 30, "Herrenberg": 12, "Leonberg": 7, "Renningen": 1, "Schönaich": 5, "Altdorf": 3}


def towns(numbers=NUMBERS, places=TOWNS) -> list[Town]:
    return [
        Town(name, latitude, longitude, number := numbers.get(name, 0), f"{name}: {number}", f"/?gemeinde={name}" if number else "")
        for name, latitude, longitude in places
    ]


def dots(drawn) -> dict:
    return {dot.town.name: dot for dot in drawn.dots}


def boxes_of(drawn, view) -> list[Box]:
    """The space that each name takes, with letters as wide as they are taken for."""
    boxes = []
    for dot in drawn.dots:
        for label in dot.labels:
            if label.view == view:
                x, y, size = float(label.x), float(label.y), float(label.size)
                width, middle = width_of(dot.town.name) * size, y - 0.35 * size
                left = x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
                boxes.append(Box(left, middle - LINE / 2 * size, left + width, middle + LINE / 2 * size))
    return boxes


def test_area_goes_by_the_number_and_small_dots_can_still_be_seen():
    radius = {name: float(dot.radius) for name, dot in dots(draw(towns({"Böblingen": 100, "Herrenberg": 25, "Bondorf": 1}))).items()}
    assert radius["Böblingen"] == LARGEST and radius["Herrenberg"] == LARGEST / 2
    assert radius["Bondorf"] == SMALLEST and radius["Weissach"] == EMPTY < SMALLEST


def test_places_lie_as_on_the_ground():
    """Kilometres east and north of each other are the same number of units, whatever the shape of the picture."""
    drawn = dots(draw(towns()))

    def between(one, other):
        (x, y), (to_x, to_y) = ((float(drawn[name].x), float(drawn[name].y)) for name in (one, other))
        return to_x - x, to_y - y

    east, down = between("Herrenberg", "Leonberg")
    # 11.0 km east, 22.8 km north.
    assert east > 0 > down
    assert math.isclose(east / -down, 11.0 / 22.8, rel_tol=0.01)


def test_demonstration_draws_its_towns_inside_the_border():
    (ring,) = OUTLINE
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    for name, latitude, longitude in TOWNS:
        crossed = [
            edge for (x, y), (to_x, to_y) in edges if (y > latitude) != (to_y > latitude)
            and longitude < (edge := x + (latitude - y) / (to_y - y) * (to_x - x))
        ]  # fmt: skip
        assert len(crossed) % 2 == 1, name


@pytest.mark.parametrize("view", ["wide", "narrow"])
@pytest.mark.parametrize("numbers", [NUMBERS, {}, {name: 9 for name, *_place in TOWNS}, {"Mötzingen": 1}])
@pytest.mark.parametrize("outline", [[], OUTLINE])
def test_names_touch_neither_each_other_nor_dots_nor_the_edge(settings, outline, numbers, view):
    settings.EHRENAMT = {"DISTRICT_OUTLINE": outline}
    drawn = draw(towns(numbers))
    width, height = map(float, drawn.view_box.split()[2:])
    boxes = boxes_of(drawn, view)
    boxes = [smaller(box) for box in boxes]
    for number, box in enumerate(boxes):
        assert 0 <= box.left and box.right <= width and 0 <= box.top and box.bottom <= height
        assert not any(box.touches(other) for other in boxes[number + 1 :])
    for dot in drawn.dots:
        circle = float(dot.x), float(dot.y), float(dot.radius)
        assert not any(box.touches_circle(circle) for box in boxes)


def smaller(box: Box) -> Box:
    """By what is lost in rounding."""
    return Box(box.left + 0.2, box.top + 0.2, box.right - 0.2, box.bottom - 0.2)


def test_every_town_of_the_demonstration_is_named_on_a_wide_page(settings):
    settings.EHRENAMT = {"DISTRICT_OUTLINE": OUTLINE}
    assert len(TOWNS) == 26
    for numbers in (NUMBERS, {}, {name: 9 for name, *_place in TOWNS}):
        drawn = draw(towns(numbers))
        assert [dot.town.name for dot in drawn.dots if "wide" not in [label.view for label in dot.labels]] == []


def test_on_a_phone_the_largest_are_named_and_none_that_is_empty():
    drawn = draw(towns())
    named = {dot.town.name for dot in drawn.dots if "narrow" in [label.view for label in dot.labels]}
    assert {"Böblingen", "Sindelfingen", "Herrenberg", "Leonberg"} <= named <= set(NUMBERS)


def test_equal_numbers_give_equal_pictures_in_whatever_order():
    assert draw(towns()) == draw(reversed(towns()))


def test_town_without_coordinates_is_left_out_and_a_single_one_stands_in_the_middle(settings):
    settings.EHRENAMT = {}
    drawn = draw([Town("Irgendwo", None, None, 5), Town("Herrenberg", 48.6, 8.87, 3, "Herrenberg: 3", "/")])
    (dot,) = drawn.dots
    assert (dot.town.name, float(dot.x), float(dot.y)) == ("Herrenberg", WIDTH / 2, float(drawn.view_box.split()[3]) / 2)
    assert draw([Town("Irgendwo", None, None, 5)]) is None


def test_outline_is_a_closed_path_for_each_ring(settings):
    settings.EHRENAMT = {}
    assert draw(towns()).outline == ""
    settings.EHRENAMT = {"DISTRICT_OUTLINE": [[(8.7, 48.5), (9.2, 48.5), (9.0, 48.9)], [[8.9, 48.6], [9.0, 48.6], [9.0, 48.7]]]}
    outline = draw(towns()).outline
    assert re.fullmatch(r"(M[\d.]+ [\d.]+( L[\d.]+ [\d.]+){2}Z ?){2}", outline)


# As it is written


def test_picture_has_names_numbers_and_links_that_the_keyboard_passes_by():
    with translation.override("de"):
        html = render_to_string("ehrenamt_wagtail/includes/map.html", {"map": draw(towns()), "name": "Karte", "rel": "nofollow"})
    assert "<title>Herrenberg: 12</title>" in html
    links = re.findall(r"<a [^>]*>", html)
    assert len(links) == len(NUMBERS)
    assert all('tabindex="-1"' in link and 'rel="nofollow"' in link for link in links)
    # A comma in a number would end it.
    assert not re.search(r'(cx|cy|r|x|y|font-size)="[^"]*,', html)
    assert Inline(html).found == []


def test_markup_in_a_name_is_escaped():
    evil = Town("<script>x</script>", 48.6, 8.9, 1, "<script>", '/?q="><script>')
    html = render_to_string("ehrenamt_wagtail/includes/map.html", {"map": draw([evil]), "name": "<script>", "note": "<script>"})
    assert "<script" not in html and html.count("&lt;script&gt;") >= 4
