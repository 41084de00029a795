"""What all sources of figures share: they read their rows once for all spans, and give those that count in one of them."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .spans import Span

if TYPE_CHECKING:
    from .reading import Reading


class Source:
    """The rows that figures count. Reads with a constant number of queries, when it is asked for the first time.

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

    def cells(self, row) -> tuple[str, ...]:
        """What is told of a row: never a person."""
        raise NotImplementedError

    def label(self, grouping: str, key: str) -> str:
        """A group in words."""
        return key

    def address(self, row) -> tuple[str, list] | None:
        """Name and arguments of the admin page about the row."""
        return None


class DatedRows:
    """Rows in the order of ``keys``, moments or days that can be compared."""

    def __init__(self, rows: Sequence, keys: list) -> None:
        self.rows, self.keys = rows, keys

    def between(self, start, end) -> Sequence:
        """Those whose key lies in the half-open interval ``[start, end)``."""
        return self.rows[bisect_left(self.keys, start) : bisect_left(self.keys, end)]
