"""The custom properties: documented, sufficient, and readable in both looks, light and dark."""

import re
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parent.parent
CSS = (BASE_DIR / "ehrenamt_wagtail/static/ehrenamt_wagtail/ehrenamt.css").read_text()
SECOND = (BASE_DIR / "tests/testapp/static/testapp/second-look.css").read_text()
DOCS = (BASE_DIR / "docs/theming.md").read_text()
PROPERTY = re.compile(r"(--ehrenamt-[\w-]+):\s*(.*?);", re.DOTALL)
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root\S* \{(.*?)\}", re.DOTALL)
GROUNDS = ("page", "surface", "tint")
STATES = ("success", "warning", "error")
# Foreground, ground, least contrast.
PAIRS = [
    *((name, ground, 4.5) for name in ("text", "text-quiet", "link", "district-strong") for ground in GROUNDS),
    *((state, ground, 4.5) for state in STATES for ground in (f"{state}-tint", "page", "surface")),
    *(("text", f"{state}-tint", 4.5) for state in STATES),
    ("on-district", "district", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("accent", "page", 3),
    *((name, ground, 3) for name in ("border", "focus") for ground in GROUNDS),
]


def first_part() -> str:
    return CSS[: CSS.index("/* These follow")]


def values(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """What the first rule of a style sheet sets, and what differs in the dark."""
    light = re.search(r":root \{(.*?)\n\}", css, re.DOTALL)[1]
    return dict(PROPERTY.findall(light)), dict(PROPERTY.findall(DARK.search(css)[1]))


def rows(width: int) -> list[list[str]]:
    lines = re.findall(r"^\| `--ehrenamt-.*$", DOCS, re.MULTILINE)
    cells = ([cell.strip(" `") for cell in line.strip("| ").split(" | ")] for line in lines)
    return [row for row in cells if len(row) == width]


def test_documentation_lists_every_property_with_its_values():
    light, dark = values(first_part())
    assert {name: value for name, value, _dark, _what in rows(4)} == {name: light[name] for name in dark}
    assert {name: value for name, _light, value, _what in rows(4)} == dark
    assert {name: value for name, value, _what in rows(3)} == {name: value for name, value in light.items() if name not in dark}
    assert 25 <= len(light) <= 36


def test_style_sheet_needs_nothing_but_these_properties():
    light, _dark = values(first_part())
    follow = {name for name, _value in PROPERTY.findall(CSS[CSS.index("/* These follow") : CSS.index("/* 2. Ground")])}
    used = set(re.findall(r"var\((--ehrenamt-[\w-]+)", CSS))
    assert used <= set(light) | follow
    # Nothing of ours stands on the district's ground, but a host's header does.
    assert set(light) - used == {"--ehrenamt-on-district"}
    rules = CSS[CSS.index("/* 2. Ground") :]
    screen = re.sub(r"@media print \{.*?\n\}", "", rules, flags=re.DOTALL)
    # A code to photograph is black on white; previews of a host's own page may lack our properties.
    literals = re.findall(r"^(?!.*var\(--ehrenamt).*#[0-9a-f]{3,8}\b.*$", screen, re.MULTILINE)
    assert [line.strip() for line in literals] == ["background: #ffffff;"]


def test_second_look_sets_documented_properties_and_nothing_else():
    light, dark = values(SECOND)
    ours, our_dark = values(first_part())
    assert set(light) <= set(ours) and set(dark) <= set(our_dark)
    left = PROPERTY.sub("", re.sub(r"/\*.*?\*/", "", SECOND, flags=re.DOTALL))
    assert re.sub(r"\s+", "", left) == ":root{}@media(prefers-color-scheme:dark){:root{}}"
    assert [path.name for path in (BASE_DIR / "tests/testapp/second_look").rglob("*.html")] == ["style_sheets.html"]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("look", ["first", "second"])
def test_colours_that_meet_have_contrast(look, scheme):
    light, dark = values(first_part())
    colours = {**light, **dark} if scheme == "dark" else light
    if look == "second":
        own, own_dark = values(SECOND)
        # What it sets once counts in the dark, too: the later style sheet wins.
        colours = {**colours, **own, **(own_dark if scheme == "dark" else {})}
    found = {
        f"{name} on {ground}": round(contrast(colours[f"--ehrenamt-{name}"], colours[f"--ehrenamt-{ground}"]), 2)
        for name, ground, least in PAIRS
        if contrast(colours[f"--ehrenamt-{name}"], colours[f"--ehrenamt-{ground}"]) < least
    }
    assert found == {}


def test_contrast_is_measured_as_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
