"""Charts as SVG: lines over half-years and grouped bars, for screen, print and PDF.

Pure functions from numbers to text. Clear in black and white: lines differ by dashes and marks, bars by patterns, everything is
drawn in the colour of the text around it. No scripts, no styles, nothing from elsewhere. ``values`` may be ``None`` where a number is
not told: the line has a gap there, the bar is missing. What a chart shows stands in a table beside it; it never stands alone.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ehrenamt_wagtail.maps import width_of, written

DASHES = ["", "7 4", "2 4", "10 3 2 3", "4 2", "12 4"]
MARKS = [
    '<circle cx="{x}" cy="{y}" r="4" fill="currentColor"/>',
    '<path d="M{x} {y}m-4 -4h8v8h-8z" fill="currentColor"/>',
    '<path d="M{x} {y}m0 -5l5 9h-10z" fill="currentColor"/>',
    '<circle cx="{x}" cy="{y}" r="3.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    '<path d="M{x} {y}m0 -5l5 5l-5 5l-5 -5z" fill="currentColor"/>',
    '<path d="M{x} {y}m-4 -4l8 8m0 -8l-8 8" fill="none" stroke="currentColor" stroke-width="2"/>',
]
PATTERNS = [
    '<rect width="8" height="8" fill="currentColor"/>',
    '<path d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4" stroke="currentColor" stroke-width="2"/>',
    "",
    '<circle cx="2" cy="2" r="1.4" fill="currentColor"/><circle cx="6" cy="6" r="1.4" fill="currentColor"/>',
    '<path d="M0 2h8M0 6h8" stroke="currentColor" stroke-width="1.5"/>',
    '<path d="M0 0l8 8M8 0l-8 8" stroke="currentColor" stroke-width="1"/>',
]
FONT = 13
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 22, 26
MOST_TICKS = 5


class Series(NamedTuple):
    """A line, or one bar of each group. ``texts`` are the values as the table writes them."""

    name: str
    values: Sequence[float | None]
    texts: Sequence[str] = ()


class Plot(NamedTuple):
    """Where things stand: ``labels`` side by side, values from 0 up to ``top``."""

    labels: Sequence[str]
    tick: float
    top: float
    width: float
    height: float

    @property
    def step(self) -> float:
        return (self.width - LEFT - RIGHT) / max(1, len(self.labels))

    def x(self, place: int) -> float:
        """The middle of the place of a label."""
        return LEFT + self.step * (place + 0.5)

    def y(self, value: float) -> float:
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * value / self.top


def line_chart(
    labels: Sequence[str], lines: Sequence[Series], *, title: str, description: str, name: str, width: int = 640, height: int = 260
) -> SafeString:
    """Lines over ``labels``. ``name`` is unlike that of every other chart of the page. A single line has its values written on it."""
    plot = Plot(labels, *scale_of(lines), width, height)
    parts = axes(plot)
    for number, line in enumerate(lines):
        points = [(plot.x(place), plot.y(float(value))) if value is not None else None for place, value in enumerate(line.values)]
        dash = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if DASHES[number % len(DASHES)] else ""
        parts += [
            f'<polyline points="{" ".join(f"{written(x)},{written(y)}" for x, y in run)}" fill="none" stroke="currentColor" '
            f'stroke-width="2"{dash}/>'
            for run in runs(points)
        ]
        parts += [mark(number, *point) for point in points if point]
    parts += texts(plot, lines[0], [plot.x(place) for place in range(len(labels))]) if len(lines) == 1 else []
    legend, needed = legend_of(lines, width, height, lambda number, x, y: mark(number, x + 8, y))
    return svg([*parts, *legend], title, description, name, width, needed)


def bar_chart(
    labels: Sequence[str], bars: Sequence[Series], *, title: str, description: str, name: str, width: int = 640, height: int = 260
) -> SafeString:
    """A group of bars for each label, one of each series; as ``line_chart`` otherwise."""
    plot = Plot(labels, *scale_of(bars), width, height)
    thick = plot.step * 0.8 / max(1, len(bars))
    parts = [defs(name, len(bars)), *axes(plot)]
    for number, series in enumerate(bars):
        for place, value in enumerate(series.values):
            if value:
                x, y = plot.x(place) - plot.step * 0.4 + thick * number, plot.y(float(value))
                parts.append(box(name, number, x, y, thick * 0.92, plot.y(0) - y))
    parts += texts(plot, bars[0], [plot.x(place) for place in range(len(labels))]) if len(bars) == 1 else []
    legend, needed = legend_of(bars, width, height, lambda number, x, y: box(name, number, x, y - 6, 16, 12))
    return svg([*parts, *legend], title, description, name, width, needed)


# Parts


def scale_of(series: Iterable[Series]) -> tuple[float, float]:
    """A round distance between the lines of the scale, and its top, which no value exceeds."""
    values = [float(value) for one in series for value in one.values if value is not None]
    most = max(values, default=0) or 1
    tick = nice(most / (MOST_TICKS - 1))
    if all(value.is_integer() for value in values):
        tick = max(1, tick)
    return tick, math.ceil(most / tick - 1e-9) * tick


def nice(number: float) -> float:
    """1, 2 or 5 times a power of ten that is not smaller."""
    power = 10 ** math.floor(math.log10(number))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= number * 0.999999)


def axes(plot: Plot) -> list[str]:
    parts = []
    for number in range(round(plot.top / plot.tick) + 1):
        value = number * plot.tick
        y = written(plot.y(value))
        faint = "" if number == 0 else ' stroke-opacity="0.25"'
        parts.append(f'<path d="M{LEFT} {y}H{written(plot.width - RIGHT)}" stroke="currentColor"{faint}/>')
        digits = 0 if plot.tick >= 1 else 1
        text = number_format(value, decimal_pos=digits, force_grouping=True)
        parts.append(label(text, LEFT - 6, plot.y(value) + FONT * 0.35, "end"))
    # Every second one where all would not fit.
    widest = max((width_of(text) * FONT for text in plot.labels), default=0)
    every = max(1, math.ceil((widest + 6) / plot.step))
    parts += [label(text, plot.x(place), plot.height - 8, "middle") for place, text in enumerate(plot.labels) if place % every == 0]
    return parts


def texts(plot: Plot, series: Series, places: Sequence[float]) -> list[str]:
    """The values above their points; in place of what is not told the words that the table has."""
    found = []
    for x, value, text in zip(places, series.values, series.texts, strict=False):
        if width_of(text) * FONT <= plot.step + 4:
            found.append(label(text, x, plot.y(float(value or 0)) - 9, "middle"))
    return found


def runs(points: Sequence[tuple | None]) -> list[list[tuple]]:
    """What lies between gaps; a point alone is no line."""
    found: list[list[tuple]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if len(run) > 1]


def mark(number: int, x: float, y: float) -> str:
    return MARKS[number % len(MARKS)].format(x=written(x), y=written(y))


def box(name: str, number: int, x: float, y: float, width: float, height: float) -> str:
    # A full pattern would show its seams on paper.
    fill = f"url(#{escape(name)}-{number % len(PATTERNS)})" if number % len(PATTERNS) else "currentColor"
    return (
        f'<rect x="{written(x)}" y="{written(y)}" width="{written(width)}" height="{written(height)}" '
        f'fill="{fill}" stroke="currentColor"/>'
    )


def defs(name: str, number: int) -> str:
    patterns = "".join(
        f'<pattern id="{escape(name)}-{place}" width="8" height="8" patternUnits="userSpaceOnUse">{drawn}</pattern>'
        for place, drawn in enumerate(PATTERNS[:number])
    )
    return f"<defs>{patterns}</defs>"


def legend_of(series: Sequence[Series], width: int, height: int, sign) -> tuple[list[str], float]:
    """The names with their signs in rows below, if there are several; and the height that all needs."""
    if len(series) < 2:
        return [], height
    parts, x, y = [], float(LEFT), height + 12.0
    for number, one in enumerate(series):
        needed = 24 + width_of(one.name) * FONT + 18
        if x + needed > width and x > LEFT:
            x, y = float(LEFT), y + 22
        parts += [sign(number, x, y), label(one.name, x + 24, y + FONT * 0.35, "start")]
        x += needed
    return parts, y + 14


def label(text: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{written(x)}" y="{written(y)}" text-anchor="{anchor}">{escape(text)}</text>'


def svg(parts: Iterable[str], title: str, description: str, name: str, width: float, height: float) -> SafeString:
    name = escape(name)
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {written(width)} {written(height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="sans-serif" font-size="{FONT}" fill="currentColor">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
