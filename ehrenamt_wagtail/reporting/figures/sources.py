"""What all sources of figures share: they read their rows once for all spans, and give those that count in one of them."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, Count, Q, QuerySet
from django.utils.functional import cached_property

from .spans import Span

if TYPE_CHECKING:
    from .reading import Reading


# By name of the figure.
Totals = Mapping[str, Mapping[Span, Any]]


class Source:
    """The rows that figures count. Reads them with a constant number of queries, when it is asked for the first one.

    ``groupings`` gives the keys of the groups that a row belongs to, by name of the grouping; ``columns`` are the heads of what
    ``cells`` tells of a row.
    """

    columns: tuple = ()
    # Which column names what a row is about; it leads to ``address``.
    title_column = 1
    groupings: dict[str, Callable[[Any], tuple[str, ...]]] = {}

    def __init__(self, reading: "Reading") -> None:
        self.reading = reading

    def within(self, span: Span) -> Sequence:
        """The rows that count in the span, in a fixed order."""
        raise NotImplementedError

    @cached_property
    def totals(self) -> Totals:
        """What the database adds up by itself, for each span of the reading: where no row is shown, none need be read."""
        return {}

    def cells(self, row) -> tuple[str, ...]:
        """What is told of a row: never a person."""
        raise NotImplementedError

    def label(self, grouping: str, key: str) -> str:
        """A group in words."""
        return key

    def address(self, row) -> tuple[str, list] | None:
        """Name and arguments of the admin page about the row."""
        return None


def added_up(
    rows: QuerySet, spans: Sequence[Span], within: Callable[[Span], Q], aggregates: Mapping[str, Callable[[Q], Aggregate]]
) -> dict[str, dict[Span, Any]]:
    """Each of the aggregates, which are made from a condition, for the rows ``within`` each of the spans. One query."""
    asked = {
        f"{name}_{number}": aggregate(within(span))
        for name, aggregate in aggregates.items()
        for number, span in enumerate(spans)
    }
    found = rows.aggregate(**asked)
    return {name: {span: found[f"{name}_{number}"] for number, span in enumerate(spans)} for name in aggregates}


def present_in(rows: QuerySet, field: str, spans: Sequence[Span], within: Callable[[Span], Q]) -> dict[Span, set]:
    """The values of the field that the rows ``within`` each of the spans have. One query."""
    asked = {f"number_{number}": Count("pk", filter=within(span)) for number, span in enumerate(spans)}
    found = list(rows.order_by().values_list(field).annotate(**asked))
    return {span: {value for value, *numbers in found if numbers[place]} for place, span in enumerate(spans)}


class DatedRows:
    """Rows in the order of ``keys``, moments or days that can be compared."""

    def __init__(self, rows: Sequence, keys: list) -> None:
        self.rows, self.keys = rows, keys

    def between(self, start, end) -> Sequence:
        """Those whose key lies in the half-open interval ``[start, end)``."""
        return self.rows[bisect_left(self.keys, start) : bisect_left(self.keys, end)]
