"""What the programme shows of rooms above it; they register themselves in ``ready()``, and so may hosts."""

import datetime as dt
from collections.abc import Callable, Collection

from .models import OfferingPage

SeatsInWords = Callable[[Collection[int], dt.datetime], dict[int, str]]
SignUpBox = Callable[..., dict | None]
NextMoment = Callable[[dt.datetime], dt.datetime | None]

_seats: list[SeatsInWords] = []
_boxes: list[SignUpBox] = []
_moments: list[NextMoment] = []


def register_seats(provider: SeatsInWords) -> None:
    """``provider(page_ids, now)`` says, in a fixed number of queries, how many seats are left: page id → words."""
    if provider not in _seats:
        _seats.append(provider)


def register_sign_up(provider: SignUpBox) -> None:
    """``provider(page, dates=…, now=…)`` is the context of the sign-up on an offering's page, or ``None``.

    It names the ``template`` that shows it. ``dates`` are the page's dates in order.
    """
    if provider not in _boxes:
        _boxes.append(provider)


def register_moments(provider: NextMoment) -> None:
    """``provider(now)`` is the first moment after ``now`` at which public pages show something else although nobody changes
    anything, as when a sign-up opens; ``None`` if there is none. Cached answers end then.
    """
    if provider not in _moments:
        _moments.append(provider)


def moments() -> list[NextMoment]:
    return list(_moments)


def seats_in_words(page_ids: Collection[int], now: dt.datetime) -> dict[int, str]:
    """Page id → „noch 6 Plätze“, for lists; pages that nobody says anything of are missing."""
    words: dict[int, str] = {}
    for provider in _seats:
        words |= provider(page_ids, now)
    return words


def sign_up_box(page: OfferingPage, *, dates, now: dt.datetime) -> dict | None:
    """The first answer of those who know how one signs up for the offering."""
    for provider in _boxes:
        if (box := provider(page, dates=dates, now=now)) is not None:
            return box
    return None
