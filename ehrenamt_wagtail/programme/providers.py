"""What the programme shows of rooms above it; they register themselves in ``ready()``, and so may hosts."""

import datetime as dt
import json
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.utils import timezone
from django.utils.translation import get_language

from .facts import OfferingFacts, facts_from_json
from .models import OfferingPage

# The words of so many rows are kept in a process.
MOST_KEPT = 4096
WITH_SECONDS = re.compile(r"T\d\d:\d\d:(?!00[+\-Z\"])")

SignUpBox = Callable[..., dict | None]
NextMoment = Callable[[dt.datetime], dt.datetime | None]


class Link(NamedTuple):
    """What is said of the programme elsewhere on this site."""

    label: str
    url: str


Links = Callable[[], tuple[Link, ...]]


class SeatsProvider(Protocol):
    """Says how many seats are left. The read model keeps its ``facts`` under its ``name``; lists ask for ``words`` alone."""

    name: str

    def facts(self, page_ids: Collection[int]) -> dict[int, Any]:
        """Page id → JSON that may be read by everybody; in a fixed number of queries. Pages without anything are missing."""

    def words(self, facts: Any, offering: OfferingFacts, now: dt.datetime) -> str:
        """„noch 6 Plätze“, or nothing; without a query.

        Changes with the language, the day and the moments that the facts name in ISO 8601, by nothing else.
        """

    def is_free(self, facts: Any) -> bool:
        """Whether somebody can still get a seat, at whatever time; without a query."""

    def lock(self, page_ids: Collection[int]) -> None:
        """Let no fact change until the end of the transaction. Whoever changes one calls ``refresh_seats`` afterwards."""


_seats: list[SeatsProvider] = []
_boxes: list[SignUpBox] = []
_moments: list[NextMoment] = []
_links: list[Links] = []


def register_seats(provider: SeatsProvider) -> None:
    """Ask this provider too what is said of seats."""
    if provider not in _seats:
        _seats.append(provider)


def register_sign_up(provider: SignUpBox) -> None:
    """``provider(page, dates=…, now=…, seats=…)`` is the context of the sign-up on an offering's page, or ``None``.

    It names the ``template`` that shows it. ``dates`` are the page's dates in order, ``seats`` what the read model keeps of all
    providers, ``None`` for a page that is not listed.
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


def lock_seats(page_ids: Collection[int]) -> None:
    for provider in _seats:
        provider.lock(page_ids)


def seats_of(page_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the read model keeps of these pages: page id → provider's name → its facts."""
    seats: dict[int, dict[str, Any]] = {pk: {} for pk in page_ids}
    for provider in _seats:
        for pk, facts in provider.facts(page_ids).items():
            seats[pk][provider.name] = facts
    return seats


def is_free_in(seats: dict[str, Any]) -> bool:
    """Whether one of the providers knows of a free seat."""
    return any(provider.is_free(seats[provider.name]) for provider in _seats if provider.name in seats)


def seats_in_words(seats: dict[str, Any], offering: OfferingFacts, now: dt.datetime) -> str:
    """„noch 6 Plätze“: the last provider's that has anything to say."""
    words = [provider.words(seats[provider.name], offering, now) for provider in _seats if provider.name in seats]
    return next(filter(None, reversed(words)), "")


def stored_seats_in_words(seats: str, facts: str, now: dt.datetime) -> str:
    """The same of what is stored as JSON. Where everything begins and ends with a minute it is made once a minute at most."""
    minute = now.replace(second=0, microsecond=0)
    words = _words_in_minute(seats, facts, minute, tuple(_seats), get_language(), timezone.get_current_timezone())
    return seats_in_words(json.loads(seats), facts_from_json(json.loads(facts)), now) if words is None else words


@lru_cache(MOST_KEPT)
def _words_in_minute(seats: str, facts: str, minute: dt.datetime, *_present: Any) -> str | None:
    """``None`` where something may change within a minute."""
    offering = facts_from_json(json.loads(facts))
    moments = (moment for date in offering.dates for moment in (date.starts_at, date.ends_at))
    if WITH_SECONDS.search(seats) or any(moment.second or moment.microsecond for moment in moments):
        return None
    return seats_in_words(json.loads(seats), offering, minute)


def sign_up_box(page: OfferingPage, *, dates, now: dt.datetime, seats: dict[str, Any] | None = None) -> dict | None:
    """The first answer of those who know how one signs up for the offering."""
    for provider in _boxes:
        if (box := provider(page, dates=dates, now=now, seats=seats)) is not None:
            return box
    return None


def register_links(provider: Links) -> None:
    """``provider()`` gives links that the programme's pages show below their rows; it must not ask the database each time."""
    if provider not in _links:
        _links.append(provider)


def links() -> tuple[Link, ...]:
    return tuple(link for provider in _links for link in provider())
