"""Reads figures for any number of spans: each table once, when the first figure asks for it."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from ehrenamt_wagtail.directory.models import Topic

from .catalogue import SOURCES, Figure
from .offerings import Entry
from .sources import Source
from .spans import Span


class Reading:
    """The figures of ``spans``; the number of queries depends neither on these nor on the number of rows.

    All are read as they are at the first question; nothing is written. Amounts are exact: what may be told says ``shown.Shown``.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = tuple(dict.fromkeys(spans))
        self._sources: dict[str, Source] = {}
        self._entries: dict[tuple[str, Span], list] = {}
        self._groups: dict[tuple[str, str, Span], dict] = {}
        self._amounts: dict[tuple[str, Span], Any] = {}

    @property
    def whole(self) -> Span:
        """From the first day of all spans to the last."""
        return Span(min(span.first for span in self.spans), max(span.last for span in self.spans))

    def source(self, name: str) -> Source:
        if name not in self._sources:
            self._sources[name] = SOURCES[name](self)
        return self._sources[name]

    @cached_property
    def topics(self) -> list[Entry]:
        """The topics of the register by name."""
        return [Entry(*values) for values in Topic.objects.order_by("name", "pk").values_list("pk", "name", "focus")]

    @cached_property
    def focus_of_topics(self) -> dict[int, str]:
        return {topic.pk: topic.more for topic in self.topics}

    def entries(self, figure: Figure, span: Span) -> list[tuple[Any, Any]]:
        """The rows that the figure counts in the span, each with its value."""
        key = figure.name, span
        if key not in self._entries:
            self._entries[key] = figure.entries(self.source(figure.source).within(span))
        return self._entries[key]

    def amount(self, figure: Figure, span: Span):
        """The figure itself; ``None`` where there is nothing to tell."""
        key = figure.name, span
        if key not in self._amounts:
            source = self.source(figure.source)
            totals = source.totals.get(figure.name)
            self._amounts[key] = totals[span] if totals else figure.amount(source.within(span))
        return self._amounts[key]

    def groups(self, figure: Figure, grouping: str, span: Span) -> dict[str, list[tuple[Any, Any]]]:
        """The same rows by the keys of a grouping; what belongs to several groups counts in each."""
        key = figure.name, grouping, span
        if key not in self._groups:
            self._groups[key] = self.grouped(figure, grouping, span)
        return self._groups[key]

    def grouped(self, figure: Figure, grouping: str, span: Span) -> dict[str, list[tuple[Any, Any]]]:
        source = self.source(figure.source)
        keys_of = source.groupings[grouping]
        found = defaultdict(list)
        if figure.key is None:
            for entry in self.entries(figure, span):
                for key in keys_of(entry[0]):
                    found[key].append(entry)
            return dict(found)
        # What counts once may belong to other groups by its later rows.
        for row in source.within(span):
            if figure.counts(row):
                for key in keys_of(row):
                    found[key].append(row)
        return {key: figure.entries(members) for key, members in found.items()}

    def group_amount(self, figure: Figure, grouping: str, key: str, span: Span):
        members = self.groups(figure, grouping, span).get(key, [])
        return figure.combine([value for _row, value in members])
