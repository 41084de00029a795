"""What of the figures may be read: amounts in words, small numbers of people hidden (see ``disclosure``)."""

from typing import Any, NamedTuple

from .catalogue import Figure
from .disclosure import Hidden, hidden_among, hidden_rows, is_small
from .reading import Reading
from .spans import Span
from .words import amount_text, change_text, hidden_text


class Cell(NamedTuple):
    """A figure as it may be read; ``amount`` is ``None`` where it is hidden or nothing is known."""

    amount: Any
    text: str
    hidden: Hidden | None = None


class Group(NamedTuple):
    """A group of a figure with a cell for each span."""

    key: str
    label: str
    cells: tuple[Cell, ...]


class ShownRow(NamedTuple):
    """A row that is counted, and what it adds to the figure."""

    row: Any
    cell: Cell


def cell_of(figure: Figure, amount, why: Hidden | None) -> Cell:
    return Cell(None, hidden_text(why), why) if why else Cell(amount, amount_text(figure.unit, amount))


class Shown:
    """Everything that is told of a reading. Tables are protected against what its own spans tell of each other."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._hidden: dict[str, dict[Span, Hidden]] = {}

    # A figure

    def cell(self, figure: Figure, span: Span) -> Cell:
        return cell_of(figure, self.reading.amount(figure, span), self.hidden(figure).get(span))

    def change(self, figure: Figure, span: Span, other: Span) -> str:
        """How the figure changed since ``other``; empty where one of both is not told."""
        cells = self.cell(figure, span), self.cell(figure, other)
        if any(cell.amount is None for cell in cells):
            return ""
        return change_text(figure.unit, cells[0].amount, cells[1].amount)

    def hidden(self, figure: Figure) -> dict[Span, Hidden]:
        """In which spans the figure is not told: where it is small, and where it would tell a small one of another span."""
        if not figure.is_people:
            return {}
        if figure.name not in self._hidden:
            amounts = {span: self.reading.amount(figure, span) or 0 for span in self.reading.spans}
            hidden = {span: Hidden.SMALL for span, amount in amounts.items() if is_small(amount)}
            for span in amounts if figure.adds_up else ():
                if parts := parts_of(span, self.reading.spans):
                    hidden = hidden_among({part: amounts[part] for part in parts}) | hidden
            self._hidden[figure.name] = hidden
        return self._hidden[figure.name]

    # Its groups

    def groups(self, figure: Figure, grouping: str, spans: tuple[Span, ...]) -> list[Group]:
        """The groups that have rows in one of the spans, by their names."""
        source = self.reading.source(figure.source)
        keys = dict.fromkeys(key for span in spans for key in self.reading.groups(figure, grouping, span))
        hidden = {span: self.hidden_groups(figure, grouping, span) for span in spans}
        found = [
            Group(
                key,
                source.label(grouping, key),
                tuple(
                    cell_of(figure, self.reading.group_amount(figure, grouping, key, span), hidden[span].get(key)) for span in spans
                ),
            )
            for key in keys
        ]
        # What belongs to no group comes last.
        return sorted(found, key=lambda group: (not group.key, group.label.casefold()))

    def hidden_groups(self, figure: Figure, grouping: str, span: Span) -> dict[str, Hidden]:
        if not figure.is_people:
            return {}
        groups = self.reading.groups(figure, grouping, span)
        if self.hidden(figure).get(span) is Hidden.WITHHELD:
            return dict.fromkeys(groups, Hidden.WITHHELD)
        return hidden_among({key: self.reading.group_amount(figure, grouping, key, span) or 0 for key in groups})

    # Its rows

    def rows(self, figure: Figure, span: Span, grouping: str = "", key: str = "") -> list[ShownRow]:
        """The rows that the figure counts, or those of one of its groups; together they are the figure."""
        entries = self.reading.groups(figure, grouping, span).get(key, []) if grouping else self.reading.entries(figure, span)
        hidden = self.hidden_entries(figure, span)
        return [ShownRow(row, cell_of(figure, figure.combine([value]), hidden.get(id(row)))) for row, value in entries]

    def hidden_entries(self, figure: Figure, span: Span) -> dict[int, Hidden]:
        """The rows whose numbers are not told, by ``id``."""
        if not figure.is_people:
            return {}
        entries = self.reading.entries(figure, span)
        places = {id(row): place for place, (row, _value) in enumerate(entries)}
        everything = range(len(entries))
        is_closed = span in self.hidden(figure)
        closed, tables = list(everything if is_closed else ()), [] if is_closed else [everything]
        for grouping in figure.groupings:
            hidden = self.hidden_groups(figure, grouping, span)
            for key, members in self.reading.groups(figure, grouping, span).items():
                members = [places[id(row)] for row, _value in members]
                if key in hidden:
                    closed += members
                else:
                    tables.append(members)
        found = hidden_rows([value for _row, value in entries], tables, closed)
        return {id(entries[place][0]): why for place, why in found.items()}


def parts_of(span: Span, spans: tuple[Span, ...]) -> list[Span]:
    """Those of the spans that are parts of ``span`` and together all of it; none if there are no such."""
    inside = [part for part in spans if part != span and part.is_half_year and span.contains(part)]
    inside.sort(key=lambda part: part.first)
    days = [day for part in inside for day in (part.first, part.following)]
    is_whole = bool(inside) and days[0] == span.first and days[-1] == span.following and days[1:-1:2] == days[2::2]
    return inside if is_whole else []
