"""Compares what the catalogue says with the independent count, figure by figure and group by group."""

import pytest

from ehrenamt_wagtail.reporting.figures.catalogue import Figure, figures
from ehrenamt_wagtail.reporting.figures.reading import Reading
from ehrenamt_wagtail.reporting.figures.spans import Span

from .reference import Reference


def assert_equal_everywhere(spans: list[Span]) -> dict[str, list]:
    """Every figure of the catalogue, in each span and by each grouping; gives the amounts by name."""
    reading, found = Reading(spans), {}
    catalogue = figures()
    for span in spans:
        expected = Reference(span.first, span.last)
        assert {figure.name for figure in catalogue} == set(expected.amounts)
        for figure in catalogue:
            what = f"{figure.name} in {span.first} – {span.last}"
            amount = reading.amount(figure, span)
            assert same(amount, expected.amounts[figure.name]), f"{what}: {amount} instead of {expected.amounts[figure.name]}"
            for grouping in figure.groupings:
                assert_groups(reading, figure, grouping, span, expected.groups[figure.name, grouping], what)
            assert_rows(reading, figure, span, amount, what)
            found.setdefault(figure.name, []).append(amount)
    return found


def assert_groups(reading: Reading, figure: Figure, grouping: str, span: Span, expected: dict, what: str) -> None:
    amounts = {key: reading.group_amount(figure, grouping, key, span) for key in reading.groups(figure, grouping, span)}
    assert amounts.keys() == expected.keys(), f"{what} by {grouping}"
    for key, amount in amounts.items():
        assert same(amount, expected[key]), f"{what}, {grouping} {key!r}: {amount} instead of {expected[key]}"


def assert_rows(reading: Reading, figure: Figure, span: Span, amount, what: str) -> None:
    """The rows that it opens down to are the figure, each of them once."""
    entries = reading.entries(figure, span)
    assert same(figure.combine([value for _row, value in entries]), amount), what
    source = reading.source(figure.source)
    for row, _value in entries:
        assert len(source.cells(row)) == len(source.columns)


def same(amount, expected) -> bool:
    if amount is None or expected is None:
        return amount is expected
    return float(amount) == pytest.approx(float(expected))
