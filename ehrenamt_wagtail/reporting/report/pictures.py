"""The charts of a report: what they show, drawn as SVG, with the table that stands beside them.

Clear in black and white, without styles or scripts, with nothing from elsewhere; see ``reporting.charts``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Municipality
from ehrenamt_wagtail.maps import Town, draw, width_of, written
from ehrenamt_wagtail.programme.found import offerings_in_words

from .. import charts
from ..charts import Series
from ..figures.shown import Cell, Group
from ..figures.spans import Span
from .sources import Source, plain

NOTHING = Cell(None, "–")
# Of bars that lie: room for their names, their numbers, their height and what lies between the groups.
NAMES, NUMBERS, THICK, BETWEEN, WIDTH = 220, 70, 15, 12, 640


@dataclass(frozen=True)
class Chart:
    title: Any
    make: Callable[[Source, str, str], dict | None]

    def drawn(self, source: Source, key: str) -> dict | None:
        """``svg`` and its ``description``, ``columns`` and ``rows`` of the table, ``definition`` of what is counted."""
        title = str(self.title)
        made = self.make(source, title, f"report-chart-{key}")
        return made and {"key": key, "title": title, **made}


def row(head: str, cells: Sequence[Cell]) -> dict:
    return {"head": head, "cells": [cell.text for cell in cells], "numbers": [plain(cell.amount) for cell in cells]}


def series_of(name: str, cells: Sequence[Cell]) -> Series:
    return Series(name, [cell.amount for cell in cells], [cell.text for cell in cells])


# Over time


def circles_over_time(figure_name: str) -> Callable:
    """A line over the half-years since circles state how many volunteers they have."""

    def make(source: Source, title: str, name: str) -> dict | None:
        figure = source.figures[figure_name]
        told = [(span, source.shown_long.cell(figure, span)) for span in source.long_series]
        while told and not told[0][1].amount and told[0][1].hidden is None:
            del told[0]
        if not told:
            return None
        spans, cells = [span for span, _cell in told], [cell for _span, cell in told]
        description = course_in_words(spans, cells)
        line = series_of(str(figure.label), cells)
        svg = charts.line_chart([span.short for span in spans], [line], title=title, description=description, name=name)
        rows = rows_by_year(told)
        columns = [_("Year"), _("January to June"), _("July to December")]
        return {"svg": str(svg), "description": description, "columns": columns, "rows": rows, "definition": str(figure.definition)}

    return make


def rows_by_year(told: Sequence[tuple[Span, Cell]]) -> list[dict]:
    """A year with its two half-years; a table of one number a row would be longer than a page."""
    years: dict[int, list[Cell]] = {}
    for span, cell in told:
        years.setdefault(span.first.year, [NOTHING, NOTHING])[0 if span.first.month == 1 else 1] = cell
    return [row(str(year), cells) for year, cells in years.items()]


def course_in_words(spans: Sequence[Span], cells: Sequence[Cell]) -> str:
    """First, highest and latest value: what the eye sees at once."""
    known = [(cell.amount, span, cell) for span, cell in zip(spans, cells, strict=True) if cell.amount is not None]
    if not known:
        return _("The line has no number that may be told.")
    highest = max(known, key=lambda one: one[0])
    return _("Line chart. %(first)s: %(start)s; highest, %(when)s: %(most)s; latest, %(last)s: %(end)s.") % {
        "first": known[0][1].title,
        "start": known[0][2].text,
        "when": highest[1].title,
        "most": highest[2].text,
        "last": known[-1][1].title,
        "end": known[-1][2].text,
    }


def focus_over_time(source: Source, title: str, name: str) -> dict | None:
    figure = source.figures["offerings"]
    groups = source.shown.groups(figure, "focus", source.series)
    if not groups:
        return None
    bars = [series_of(group.label, group.cells) for group in groups]
    description = groups_in_words(groups, [span.title for span in source.series])
    labels = [span.short for span in source.series]
    svg = charts.bar_chart(labels, bars, title=title, description=description, name=name)
    return {
        "svg": str(svg),
        "description": description,
        "columns": [_("Focus"), *labels],
        "rows": [row(group.label, group.cells) for group in groups],
        "definition": str(figure.definition),
    }


def groups_in_words(groups: Sequence[Group], titles: Sequence[str]) -> str:
    """First and latest number of each group."""
    parts = [
        _("%(group)s: %(before)s, then %(now)s") % {"group": group.label, "before": group.cells[0].text, "now": group.cells[-1].text}
        for group in groups
    ]
    return _("Bar chart from %(first)s to %(last)s. %(groups)s.") % {
        "first": titles[0],
        "last": titles[-1],
        "groups": "; ".join(parts),
    }


# Side by side


def offerings_by(grouping: str, heading: Any) -> Callable:
    """Bars of this span and of that of comparison for each group."""

    def make(source: Source, title: str, name: str) -> dict | None:
        figure = source.figures["offerings"]
        spans = (source.span, source.compared) if source.compared else (source.span,)
        groups = source.shown.groups(figure, grouping, spans)
        if not groups:
            return None
        titles = [span.title for span in spans]
        description = spans_in_words(groups, titles)
        return {
            "svg": lying_bars(groups, titles, title=title, description=description, name=name),
            "description": description,
            "columns": [str(heading), *titles],
            "rows": [row(group.label, group.cells) for group in groups],
            "definition": str(figure.definition),
        }

    return make


def spans_in_words(groups: Sequence[Group], titles: Sequence[str]) -> str:
    parts = [f"{group.label}: {', '.join(cell.text for cell in group.cells)}" for group in groups]
    return _("Bar chart, %(spans)s. %(groups)s.") % {"spans": ", ".join(titles), "groups": "; ".join(parts)}


def lying_bars(groups: Sequence[Group], titles: Sequence[str], *, title: str, description: str, name: str) -> str:
    """Long names need lines of their own: bars lie, with their numbers behind them."""
    most = max((float(cell.amount) for group in groups for cell in group.cells if cell.amount), default=0) or 1
    room = WIDTH - NAMES - NUMBERS
    parts, y = [charts.defs(name, len(titles))], 6.0
    for group in groups:
        middle = y + THICK * len(titles) / 2 + charts.FONT * 0.35
        parts.append(charts.label(fitting(group.label), NAMES - 8, middle, "end"))
        for number, cell in enumerate(group.cells):
            width = room * float(cell.amount or 0) / most
            if width:
                parts.append(charts.box(name, number, NAMES, y, width, THICK - 2))
            parts.append(charts.label(cell.text, NAMES + width + 6, y + THICK - 4, "start"))
            y += THICK
        y += BETWEEN
    parts.append(f'<path d="M{NAMES} 0V{written(y - BETWEEN / 2)}" stroke="currentColor"/>')
    keys = [Series(text, []) for text in titles]
    legend, height = charts.legend_of(keys, WIDTH, round(y), lambda number, x, at: charts.box(name, number, x, at - 6, 16, 12))
    return str(charts.svg([*parts, *legend], title, description, name, WIDTH, height))


def fitting(text: str) -> str:
    """As much of a name as there is room for; the table has all of it."""
    while width_of(text) * charts.FONT > NAMES - 12:
        text = text[:-2].rstrip(" …-") + "…"
    return text


# On the map


def offerings_by_town(source: Source, title: str, name: str) -> dict | None:
    """The towns as dots, the larger the more takes place there."""
    figure = source.figures["offerings"]
    spans = (source.span, source.compared) if source.compared else (source.span,)
    groups = source.shown.groups(figure, "town", spans)
    numbers = {group.key: group.cells[0].amount or 0 for group in groups}
    towns = [
        Town(town.name, town.latitude, town.longitude, numbers.get(town.name, 0), offerings_in_words(numbers.get(town.name, 0)))
        for town in Municipality.objects.order_by("name")
    ]
    if not groups:
        return None
    drawn = draw(towns)
    description = towns_in_words(groups, towns)
    return {
        "svg": map_svg(drawn, title=title, description=description, name=name) if drawn else "",
        "description": description,
        "columns": [_("Town or municipality"), *(span.title for span in spans)],
        "rows": [row(group.label, group.cells) for group in groups],
        "definition": str(figure.definition),
    }


def towns_in_words(groups: Sequence[Group], towns: Sequence[Town]) -> str:
    most = sorted((group for group in groups if group.cells[0].amount), key=lambda group: -group.cells[0].amount)[:3]
    words = _("Map of the district: the larger the dot, the more took place there.")
    if most:
        words += " " + _("Most: %(towns)s.") % {"towns": ", ".join(f"{group.label} ({group.cells[0].text})" for group in most)}
    if without := [town.name for town in towns if not town.number]:
        words += " " + _("Nothing: %(towns)s.") % {"towns": ", ".join(without)}
    return words


def map_svg(drawn, *, title: str, description: str, name: str) -> str:
    """Towns where nothing took place are empty rings: that reads without colours, too."""
    parts = []
    if drawn.outline:
        parts.append(f'<path d="{drawn.outline}" fill="none" stroke="currentColor" stroke-width="1.5" fill-rule="evenodd"/>')
    for dot in drawn.dots:
        inside = 'fill="currentColor"' if dot.town.number else 'fill="none" stroke="currentColor" stroke-width="1.5"'
        parts.append(f'<circle cx="{dot.x}" cy="{dot.y}" r="{dot.radius}" {inside}/>')
        parts += [
            f'<text x="{text.x}" y="{text.y}" text-anchor="{text.anchor}" font-size="{text.size}">{escape(dot.town.name)}</text>'
            for text in dot.labels
            if text.view == "wide"
        ]
    _left, _top, width, height = (float(number) for number in drawn.view_box.split())
    return str(charts.svg(parts, title, description, name, width, height))


CHARTS = {
    "volunteers": Chart(gettext_lazy("Volunteers over time"), circles_over_time("volunteers")),
    "circles": Chart(gettext_lazy("Circles over time"), circles_over_time("circles")),
    "focus": Chart(gettext_lazy("Offerings by focus of their topics"), focus_over_time),
    "kinds": Chart(gettext_lazy("Offerings by kind"), offerings_by("art", gettext_lazy("Kind"))),
    "organisers": Chart(gettext_lazy("Offerings by kind of organiser"), offerings_by("organiser", gettext_lazy("Kind of organiser"))),
    "towns": Chart(gettext_lazy("Offerings by town"), offerings_by_town),
}
