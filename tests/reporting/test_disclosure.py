"""Small numbers of people are told nowhere, and cannot be computed from what is told."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehrenamt_wagtail.reporting.figures.disclosure import Hidden, hidden_among, hidden_rows, is_small

SMALL, WITHHELD = Hidden.SMALL, Hidden.WITHHELD


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ({}, {}),
        ({"a": 0, "b": 5, "c": 12}, {}),
        # One alone would be what is left of the total; the next larger one goes with it.
        ({"a": 3, "b": 9, "c": 20}, {"a": SMALL, "b": WITHHELD}),
        # With 5 beside it a sum of 6 would still say 1.
        ({"a": 1, "b": 5, "c": 20}, {"a": SMALL, "b": WITHHELD, "c": WITHHELD}),
        ({"a": 2, "b": 3, "c": 20}, {"a": SMALL, "b": SMALL}),
        # Two ones are the only way to 2, two fours the only way to 8.
        ({"a": 1, "b": 1, "c": 7, "d": 30}, {"a": SMALL, "b": SMALL, "c": WITHHELD}),
        ({"a": 4, "b": 4, "c": 9}, {"a": SMALL, "b": SMALL, "c": WITHHELD}),
        # Nothing to hide behind.
        ({"a": 4, "b": 4}, {"a": WITHHELD, "b": WITHHELD}),
        ({"a": 3, "b": 0, "c": 6}, {"a": SMALL, "c": WITHHELD}),
        # The total is not told either.
        ({"a": 1, "b": 2}, {"a": SMALL, "b": SMALL}),
        ({"a": 3, "b": 0}, {"a": SMALL}),
    ],
)
def test_what_is_hidden(numbers, hidden):
    assert hidden_among(numbers) == hidden


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_small_number_follows_from_the_total(numbers):
    """Somebody who knows what the words mean tries all numbers that fit."""
    table = dict(enumerate(numbers))
    hidden = hidden_among(table)
    assert {key for key, number in table.items() if is_small(number)} <= set(hidden)
    total = sum(numbers)
    if is_small(total) or SMALL not in hidden.values():
        return
    ranges = {SMALL: range(1, 5), WITHHELD: range(5, total + 1)}
    choices = [ranges[hidden[key]] if key in hidden else [number] for key, number in table.items()]
    possible = [guess for guess in product(*choices) if sum(guess) == total]
    for key, why in hidden.items():
        if why is SMALL:
            assert len({guess[key] for guess in possible}) > 1


def test_rows_hide_what_their_tables_would_tell():
    #          Weil      Calw   Bondorf
    numbers = [3, 20, 30, 6, 7, 9, 8]
    everything, calw, bondorf = range(7), [3, 4], [5, 6]
    # Weil alone has a small row: another one of Weil goes with it.
    hidden = hidden_rows(numbers, [everything, [0, 1, 2], calw, bondorf], [])
    assert hidden == {0: SMALL, 1: WITHHELD}
    # What Calw has is not told, so none of its rows is.
    assert hidden_rows(numbers, [everything, [0, 1, 2], bondorf], calw) == {0: SMALL, 1: WITHHELD, 3: WITHHELD, 4: WITHHELD}


def test_rows_without_anything_small_are_told():
    assert hidden_rows([0, 5, 12], [range(3)], []) == {}
