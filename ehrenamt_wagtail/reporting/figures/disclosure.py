"""Small numbers of people are not told: neither themselves nor by what is left of a total.

A number of people below ``SMALLEST``, but not 0, is *small* and reads „unter 5“. Where numbers stand beside their total, what is
hidden could be computed from it; then the next larger number is *withheld* as well („nicht ausgewiesen“), and so on until each small
one may still be at least two numbers. Tables are protected one by one, and the rows of a figure against all its tables; whoever puts
other spans side by side by hand is not stopped.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import Enum
from typing import TypeVar

SMALLEST = 5

Key = TypeVar("Key", bound=Hashable)


class Hidden(Enum):
    SMALL = "small"
    WITHHELD = "withheld"


def is_small(number) -> bool:
    return number is not None and 0 < number < SMALLEST


def hidden_among(numbers: Mapping[Key, float]) -> dict[Key, Hidden]:
    """Which numbers of a table must not be told when their sum is, and why."""
    hidden = {key: Hidden.SMALL for key, number in numbers.items() if is_small(number)}
    if is_small(sum(numbers.values())):
        # The sum is not told either.
        return hidden
    while is_exposed([(numbers[key], why) for key, why in hidden.items()]):
        visible = [key for key, number in numbers.items() if number and key not in hidden]
        if not visible:
            # Nothing is left to hide behind: not even that a number is small, or 0, is told.
            return dict.fromkeys(numbers, Hidden.WITHHELD)
        hidden[min(visible, key=lambda key: (numbers[key], str(key)))] = Hidden.WITHHELD
    return hidden


def is_exposed(hidden: Sequence[tuple[float, Hidden]]) -> bool:
    """Whether a small number follows from the sum of all that is hidden, which is known; small are 1 to 4, others 5 at least."""
    small = sum(why is Hidden.SMALL for _number, why in hidden)
    withheld = len(hidden) - small
    if not small:
        return False
    total = sum(number for number, _why in hidden)
    least = 1 if withheld else max(1, total - (small - 1) * (SMALLEST - 1))
    most = min(SMALLEST - 1, total - (small - 1) - withheld * SMALLEST)
    return least >= most


def hidden_rows(numbers: Sequence[float], tables: Iterable[Sequence[int]], closed: Iterable[int]) -> dict[int, Hidden]:
    """Which rows must not show their number, by position.

    ``tables`` are the rows of each total that is told, ``closed`` the rows of those that are not.
    """
    hidden = dict.fromkeys(closed, Hidden.WITHHELD)
    hidden |= {place: Hidden.SMALL for place, number in enumerate(numbers) if is_small(number)}
    # What a part needs hidden serves the whole as well.
    tables = sorted(tables, key=len)
    changed = True
    while changed:
        changed = False
        for rows in tables:
            while is_exposed([(numbers[place], hidden[place]) for place in rows if place in hidden and numbers[place]]):
                visible = [place for place in rows if numbers[place] and place not in hidden]
                if not visible:
                    hidden |= dict.fromkeys(rows, Hidden.WITHHELD)
                else:
                    hidden[min(visible, key=lambda place: (numbers[place], place))] = Hidden.WITHHELD
                changed = True
    return hidden
