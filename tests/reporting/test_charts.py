"""Charts: well-formed pictures that say the numbers of their table, also in black and white."""

import re
from xml.etree import ElementTree

import pytest

from ehrenamt_wagtail.reporting.charts import Series, bar_chart, line_chart, scale_of

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ["1. Hj. 2025", "2. Hj. 2025", "1. Hj. 2026"]


def parsed(chart) -> ElementTree.Element:
    return ElementTree.fromstring(str(chart))


def words(root) -> list[str]:
    return [node.text for node in root.iter(f"{SVG}text")]


def line(values=(1000, 1250, 900), name="Ehrenamtliche", texts=("1.000", "1.250", "900")):
    return Series(name, values, texts)


@pytest.mark.parametrize("draw", [line_chart, bar_chart])
def test_chart_names_itself_and_stands_alone(draw):
    root = parsed(draw(LABELS, [line()], title="Ehrenamtliche <alle>", description="1. Hj. 2025: 1.000", name="volunteers"))
    assert root.get("role") == "img" and root.get("aria-labelledby") == "volunteers-title volunteers-desc"
    assert root.find(f"{SVG}title").text == "Ehrenamtliche <alle>"
    assert root.find(f"{SVG}desc").text == "1. Hj. 2025: 1.000"
    text = ElementTree.tostring(root, encoding="unicode")
    assert not re.search(r"<script|style=|href=|#[0-9a-f]{6}|rgb", text)
    assert set(LABELS) <= set(words(root)) and {"1.000", "1.250", "900"} <= set(words(root))


def test_points_stand_where_their_values_are():
    root = parsed(line_chart(LABELS, [line((0, 5, 10), texts=("0", "5", "10"))], title="T", description="D", name="c", height=248))
    (points,) = [node.get("points") for node in root.iter(f"{SVG}polyline")]
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert heights == [222, 122, 22]
    marks = [(float(node.get("cx")), float(node.get("cy"))) for node in root.iter(f"{SVG}circle")]
    assert [y for _x, y in marks] == heights


def test_what_is_not_told_leaves_a_gap():
    values = Series("Plätze", (12, None, 30, 40), ("12", "unter 5", "30", "40"))
    root = parsed(line_chart([*LABELS, "x"], [values], title="T", description="D", name="c"))
    (points,) = [node.get("points").split() for node in root.iter(f"{SVG}polyline")]
    assert len(points) == 2 and len(list(root.iter(f"{SVG}circle"))) == 3
    assert "unter 5" in words(root)
    bars = parsed(bar_chart([*LABELS, "x"], [values], title="T", description="D", name="c"))
    drawn = [node for node in bars.iter(f"{SVG}rect") if node.get("stroke")]
    assert len(drawn) == 3


def test_several_series_differ_without_colours_and_are_named():
    series = [line(name="Angebote"), line((500, 600, 700), name="Termine"), line((1, 2, 3), name="Stunden")]
    root = parsed(line_chart(LABELS, series, title="T", description="D", name="c"))
    dashes = [node.get("stroke-dasharray") for node in root.iter(f"{SVG}polyline")]
    assert len(set(dashes)) == 3
    assert {"Angebote", "Termine", "Stunden"} <= set(words(root))
    bars = parsed(bar_chart(LABELS, series, title="T", description="D", name="bars"))
    patterns = {node.get("id"): ElementTree.tostring(node) for node in bars.iter(f"{SVG}pattern")}
    assert set(patterns) == {"bars-0", "bars-1", "bars-2"}
    assert len({text.split(b">", 1)[1] for text in patterns.values()}) == 3


@pytest.mark.parametrize(
    ("most", "tick", "top"), [(0, 1, 1), (3, 1, 3), (7, 2, 8), (1250, 500, 1500), (980.5, 500, 1000), (0.5, 0.2, 0.6)]
)
def test_scale_is_round_and_no_value_exceeds_it(most, tick, top):
    assert scale_of([Series("x", [None, most])]) == (pytest.approx(tick), pytest.approx(top))


def test_drawing_stays_within_the_picture():
    many = [Series(f"Reihe mit langem Namen {number}", [10 * number, 3]) for number in range(6)]
    for draw in (line_chart, bar_chart):
        root = parsed(draw(LABELS[:2], many, title="T", description="D", name="c", width=400, height=200))
        _x, _y, width, height = map(float, root.get("viewBox").split())
        for node in root.iter(f"{SVG}text"):
            assert 0 <= float(node.get("x")) <= width and 0 <= float(node.get("y")) <= height
