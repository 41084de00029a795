"""What is asked for, what it is compared with, and what it must reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from benchmarks.offerings import COMMON, FEED_DATES, FEED_ORGANISER, MISSPELT, MONTH_DATES, RARE, RARE_IN

SMALL, MIDDLE, LARGE = SIZES = (1_000, 10_000, 100_000)
LARGER = (MIDDLE, LARGE)
CONNECTIONS = 8


# So much of a goal must be reached in a quick run: machines are noisy, and it is short.
QUICK_SHARE = 0.5


@dataclass(frozen=True)
class Request:
    """``address`` may name facts of the data set in braces. The answer must show ``text`` at least ``times``.

    With ``turns`` the address is asked for with so many values of the parameter ``turning`` for every town, in turn.

    It is measured against what was measured last of each of the ``floors``, requests by name. ``headers`` are sent along.
    ``is_quick``: also in a quick run. ``from_size``: not with fewer offerings. ``seconds``: at least so long.
    """

    name: str
    address: str
    text: str
    times: int = 1
    floors: tuple[str, ...] = ()
    connections: int = CONNECTIONS
    is_quick: bool = True
    from_size: int = SMALL
    seconds: int = 0
    turns: int = 0
    turning: str = "seite"


@dataclass(frozen=True)
class Goal:
    """``what`` one request must reach at each of the ``sizes``.

    - ``ratio``: so many times as many answers a second as the ``floor`` gives,
    - ``growth``: so many times its own time with the fewest offerings, both measured against the floor,
    - ``milliseconds``: of the median answer,
    - ``queries``: SQL queries beyond those of the empty page, the same at every size,
    - ``publish``: so many times the time of the floor.
    """

    what: str
    request: str
    floor: str = ""
    least: float | None = None
    most: float | None = None
    sizes: tuple[int, ...] = SIZES

    @property
    def is_judged(self) -> bool:
        """Whether something must be reached; else it is shown only."""
        return self.least is not None or self.most is not None

    def is_met(self, value: float) -> bool:
        if not self.is_judged:
            return True
        return value >= self.least if self.most is None else value <= self.most

    def is_nearly_met(self, value: float) -> bool:
        """What a busy machine must reach as well; a number of queries does not depend on it."""
        if self.what == "queries" or not self.is_judged:
            return self.is_met(value)
        return value >= QUICK_SHARE * self.least if self.most is None else value <= self.most / QUICK_SHARE

    def __str__(self) -> str:
        if not self.is_judged:
            return ""
        return f"≥ {self.least:g}" if self.most is None else f"≤ {self.most:g}"


# Floors

PLAIN, EMPTY, DEEPER = "plain Django view", "empty page", "empty page below the programme"
SERIALISED = f"{FEED_DATES:,} events serialised by icalendar"
PLAIN_LIST = "plain-Wagtail listing, page 1"

WORDS = {"common": COMMON, "rare": RARE, "misspelt": MISSPELT}
SHOWN = {"common": 20, "rare": len(RARE_IN), "misspelt": 1}

plain = Request(PLAIN, "/floors/plain/", "Guten Tag")
empty = Request(EMPTY, "/leer/", "<h1>Leer</h1>")
deeper = Request(DEEPER, "/programm/leer/", "<h1>Leer</h1>")
plain_list = Request(PLAIN_LIST, "/veranstaltungen/", "<article", 20, is_quick=False)
serialised = Request(
    SERIALISED, f"/floors/icalendar/{FEED_ORGANISER}/", "BEGIN:VEVENT", FEED_DATES, from_size=MIDDLE, seconds=3
)
# Wagtail's search knows no slips: it finds nothing for the misspelt word.
plain_searches = [
    Request(
        f"plain-Wagtail search, {name} word",
        f"/veranstaltungen/?q={word}",
        "<article" if name != "misspelt" else "0 Veranstaltungen",
        SHOWN[name],
        is_quick=False,
        seconds=10,
    )
    for name, word in WORDS.items()
]

# The app

ROW = "ehrenamt-offerings__item"


def listing(name: str, query: str, times: int = 20, floors: tuple[str, ...] = (EMPTY,), **more) -> Request:
    return Request(name, f"/programm/{query}", ROW, times, floors, **more)


lists = [
    listing("list, page 1", ""),
    listing("list, page 25", "?seite=25"),
    listing("list, one town", "?gemeinde=herrenberg", times=8, is_quick=False),
    listing("list, topic and kind", "?thema={topic}&art=fortbildung", times=5, is_quick=False),
    listing("list, one month", "?von={from}&bis={to}"),
    listing("list, town, topic, kinds, from", "?gemeinde=herrenberg&thema={topic}&art=vortrag&art=workshop&von={from}", times=0),
    listing("archive", "?archiv=1", is_quick=False),
]
# Most of these pages were not asked for lately: what a process keeps of rows does not help.
in_turn = listing("list, twelve pages of each town in turn", "", from_size=MIDDLE, turns=12)
# More different choices than a process keeps the counts of: each time all are counted anew.
facets = listing("list, choices counted anew", "", times=8, turns=40, turning="umkreis")
searches = [
    listing(f"search by date, {name} word", f"?q={word}", SHOWN[name], (EMPTY, f"plain-Wagtail search, {name} word"))
    for name, word in WORDS.items()
]
by_relevance = [
    listing(f"search by relevance, {name} word", f"?q={word}&sortierung=relevanz", SHOWN[name], (), connections=1)
    for name, word in WORDS.items()
]
offering_page = Request("offering page", "/programm/{offering}/", "{title}", floors=(EMPTY,))
month = Request(f"month view, {MONTH_DATES} dates", "/programm/kalender/{month}/", "ehrenamt-month__what", MONTH_DATES, (EMPTY,))
feed = Request(
    f"iCal feed, {FEED_DATES:,} events",
    f"/programm/kalender.ics?traeger={FEED_ORGANISER}",
    "BEGIN:VEVENT",
    FEED_DATES,
    (SERIALISED,),
    from_size=MIDDLE,
)

# One round: each against the floor measured shortly before.
ROUND = [
    plain, empty, *lists, in_turn, facets, plain_list, empty, *plain_searches, *searches, *by_relevance, empty, deeper, offering_page,
    month, serialised, feed,
]  # fmt: skip

# What is measured from the cache, with the largest number of offerings only; each against the plain view.
CACHED = [lists[0], offering_page, *(replace(request, is_quick=False) for request in (searches[0], month, feed))]
FROM_CACHE, NOT_MODIFIED = "from the cache", "as 304"
WITH_REDIS, ONE_PROCESS = "Redis, 2 processes", "local memory, 1 process"
CACHED_GOALS = {WITH_REDIS: 0.6, ONE_PROCESS: 0.9}


def cached_name(request: Request, how: str, cache: str) -> str:
    return f"{request.name}, {how} ({cache})"


def of_cache(request: Request, how: str, cache: str) -> Request:
    return replace(request, name=cached_name(request, how, cache), floors=(plain_of(cache),))


def plain_of(cache: str) -> str:
    return f"{PLAIN} ({cache})"


# What is published; the last is a page type with all that an offering has, and nothing that the app does.
OFFERING, HOST_PAGE, EVENT = "publishing one offering", "publishing one page of the host", "publishing a page like an offering"

# What must be reached

GOALS = [
    *(Goal("ratio", request.name, EMPTY, least=0.7) for request in lists),
    *(Goal("growth", request.name, EMPTY, most=1.1, sizes=LARGER) for request in lists),
    Goal("ratio", in_turn.name, EMPTY, sizes=LARGER),
    Goal("ratio", facets.name, EMPTY, least=0.4),
    *(Goal("ratio", request.name, EMPTY, least=0.6, sizes=(SMALL,)) for request in searches),
    *(Goal("ratio", request.name, request.floors[1], least=100, sizes=(LARGE,)) for request in searches),
    *(Goal("growth", request.name, EMPTY, most=2, sizes=LARGER) for request in searches),
    *(Goal("milliseconds", request.name, most=60, sizes=LARGER) for request in by_relevance),
    Goal("ratio", offering_page.name, EMPTY, least=0.75),
    Goal("ratio", month.name, EMPTY, least=0.4),
    Goal("ratio", feed.name, SERIALISED, least=15, sizes=LARGER),
    *(
        Goal("ratio", cached_name(request, how, cache), plain_of(cache), least=least)
        for cache, least in CACHED_GOALS.items()
        for request in CACHED
        for how in (FROM_CACHE, NOT_MODIFIED)
    ),
    *(Goal("queries", request.name, EMPTY, most=2) for request in [*lists, facets, *searches, *by_relevance]),
    Goal("queries", offering_page.name, EMPTY, most=4),
    # An offering has dates, people and files below it; a plain page of the host has not, so it is only shown.
    Goal("publish", OFFERING, EVENT, most=1.3, sizes=LARGER),
    Goal("publish", OFFERING, HOST_PAGE),
]


def address(request: Request, facts: dict[str, str]) -> str:
    return quote(request.address.format(**facts), safe="/?=&")


def asked(requests: Iterable[Request], *, size: int, quick: bool) -> list[Request]:
    return [request for request in requests if size >= request.from_size and (request.is_quick or not quick)]
