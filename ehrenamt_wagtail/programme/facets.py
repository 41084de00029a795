"""How many offerings each choice of the filters would leave."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from threading import Lock

from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from .bitmaps import Bitmaps, Span
from .changes import KEPT, Mark
from .choices import Choices, read_choices_and_changes
from .filters import Filters, kind_choices, near
from .languages import Language
from .listing import COUNTED
from .models import ListedOffering
from .parameters import PLACES, RADII
from .search import WRITTEN, Search, TextQuery
from .slots import DAYS, TIMES, mask

# So many counts are kept in a process.
MOST_KEPT = 512
FOUND = f"SELECT offering_id FROM {ListedOffering._meta.db_table} listed WHERE programme_id = %s AND "


@dataclass(frozen=True)
class Counts:
    """``numbers`` has parameter, value and the number of offerings, none above ``COUNTED + 1``: there are more than ``COUNTED``.

    ``total`` is how many are found, ``at_the_time`` how many there would be without any other filter than those of time.
    """

    numbers: tuple[tuple[str, str, int], ...] = ()
    total: int = 0
    at_the_time: int = 0

    def of(self, parameter: str) -> dict[str, int]:
        """Numbers by value; empty where this parameter is not counted."""
        return {value: number for name, value, number in self.numbers if name == parameter}


class Facets:
    """What one request lets choose from, read in one query, and the counts of its ``choices``.

    Of several values of a parameter one or the other is wanted; a value is thus counted with all other parameters, without those
    that are chosen beside it.
    """

    def __init__(self, programme: Page, organisers: Iterable[str] = ()):
        self.programme, self.organisers = programme, list(organisers)
        with _lock:
            self.update()

    def update(self) -> None:
        """Bring what this process holds up to what this transaction sees."""
        held = _held.get(self.key)
        if held and timezone.now() - held.read_at > KEPT / 2:
            held = None
        mark = held.mark if held else Mark()
        self.choices, horizon, notes = read_choices_and_changes(self.programme, self.organisers, mark)
        if held is None:
            # What is written from here on is read twice rather than not at all.
            held = _held[self.key] = Held(Bitmaps(self.programme.pk), mark.after(horizon, notes)[0], timezone.now())
        else:
            held.mark, changed = mark.after(horizon, notes)
            if changed:
                held.bitmaps.read(changed)
        self.version = held.bitmaps.version

    @property
    def key(self) -> tuple:
        return connection.settings_dict["NAME"], self.programme.pk

    def counts(
        self, filters: Filters, *, now: dt.datetime, search: Search | None, periods: Iterable[tuple[dt.date, dt.date]] = ()
    ) -> Counts:
        """``search`` is what the words of the filters mean; a query more where these were not counted before.

        ``periods`` are first and last local days that may be chosen; counted as „zeitraum“ by what ``period_key`` gives.
        """
        with _lock:
            if _held[self.key].bitmaps.version != self.version:
                # Another thread was here, whose transaction may see something else.
                self.update()
            bitmaps, periods = _held[self.key].bitmaps, tuple(periods)
            bitmaps.move_on(now)
            offerings = found(search, bitmaps)
            wanted = (replace(filters, page=1, notices=()), self.choices, periods, offerings, timezone.get_current_timezone())
            if wanted not in bitmaps.made:
                if len(bitmaps.made) >= MOST_KEPT:
                    bitmaps.made.clear()
                counts = Counting(bitmaps, self.choices, filters, now, offerings).counts(periods)
                bitmaps.made[wanted] = counts
            return bitmaps.made[wanted]


@dataclass
class Held:
    """The bitmaps of a programme, up to which change they are right, and when all of them were read."""

    bitmaps: Bitmaps
    mark: Mark
    read_at: dt.datetime


# By database and programme.
_held: dict[tuple, Held] = {}
_lock = Lock()


def forget() -> None:
    """Keep nothing of what this process has read, as after a database was replaced under it."""
    with _lock:
        _held.clear()


def found(search: Search | None, bitmaps: Bitmaps) -> int:
    """The offerings that have the words; kept as long as nothing changes."""
    if search is None:
        return bitmaps.listed
    if search.not_understood:
        return 0
    condition, text = WRITTEN[connection.vendor](TextQuery(search.words), "listed")
    if text not in bitmaps.searches:
        with connection.cursor() as cursor:
            cursor.execute(FOUND + condition.format("%s"), [bitmaps.programme_id, text])
            bitmaps.keep_search(text, bitmaps.set_of(pk for (pk,) in cursor.fetchall()))
    return bitmaps.searches[text]


class Counting:
    """The sets that single filters leave, and what all but one leave together."""

    def __init__(self, bitmaps: Bitmaps, choices: Choices, filters: Filters, now: dt.datetime, found: int):
        self.bitmaps, self.choices, self.filters, self.now = bitmaps, choices, filters, now
        self.coming = bitmaps.not_over(now, Filters().window(now)[1])
        self.found = bitmaps.listed & found
        self.base = self.found & bitmaps.dated & ~self.coming.all if filters.archive else self.found
        self.left = {name: bitmaps.with_tag(name, values) for name, values in filters.tags()}
        if filters.seats_left:
            self.left["frei"] = bitmaps.free
        self.in_time = self.of_time(filters)

    def of_time(self, filters: Filters) -> int:
        """The offerings with a date when it is wanted."""
        if filters.restricts_dates:
            return self.span_of(filters).on(filters.slots)
        return self.bitmaps.listed if filters.archive else self.coming.all

    def span_of(self, filters: Filters) -> Span:
        if not filters.has_window and not filters.archive:
            return self.coming
        return self.bitmaps.span(*filters.window(self.now))

    def without(self, *names: str) -> int:
        """What all filters but these leave; ``zeitraum`` are those of time."""
        return self.narrowed(self.base if "zeitraum" in names else self.base & self.in_time, names)

    def narrowed(self, offerings: int, without: Collection[str] = ()) -> int:
        for name, left in self.left.items():
            if name not in without:
                offerings &= left
        return offerings

    def counts(self, periods: Iterable[tuple[dt.date, dt.date]]) -> Counts:
        counted = [*self.parameters(), ("zeitraum", ((period_key(*days), self.of_period(*days)) for days in periods))]
        numbers = tuple((name, value, number) for name, values in counted for value, number in values)
        return Counts(numbers, self.without().bit_count(), (self.base & self.in_time).bit_count())

    def parameters(self) -> Iterator[tuple[str, Iterable[tuple[str, int]]]]:
        for name in ("gemeinde", "thema", "traeger"):
            yield name, self.of_tags(name, self.choices.of(name))
        yield "art", self.of_tags("art", kind_choices())
        yield "ort", self.of_tags("ort", PLACES)
        yield "sprache", self.of_tags("sprache", Language.values)
        for name in ("barrierefrei", "kostenlos"):
            yield name, self.of_tags(name, ["1"])
        yield "frei", [("1", counted(self.without("frei") & self.bitmaps.free))]
        yield "umkreis", self.of_radii()
        yield "tag", self.of_slots(DAYS, lambda day: mask([day], self.filters.times))
        yield "zeit", self.of_slots(TIMES, lambda time: mask(self.filters.weekdays, [time]))

    def of_tags(self, name: str, values: Iterable[str]) -> Iterator[tuple[str, int]]:
        others, known = self.without(name), self.bitmaps.tags[name]
        return ((value, counted(others & known.get(value, 0))) for value in values)

    def of_radii(self) -> Iterator[tuple[str, int]]:
        """With towns chosen alone: what each distance around them would leave."""
        towns = self.filters.municipalities
        if towns:
            others, all_towns = self.without("gemeinde"), self.choices.of("gemeinde").values()
            for radius in RADII:
                slugs = [town.slug for town in (*towns, *near(towns, all_towns, radius))]
                yield str(radius), counted(others & self.bitmaps.with_tag("gemeinde", slugs))

    def of_slots(self, values: Iterable[str], slots: Callable[[str], int]) -> Iterator[tuple[str, int]]:
        """A weekday is counted with the times that are chosen, a time with the weekdays."""
        others, span = self.without("zeitraum"), self.span_of(self.filters)
        return ((value, counted(others & span.on(slots(value)))) for value in values)

    def of_period(self, first: dt.date, last: dt.date) -> int:
        """What would be left if these local days were asked for, of the archive and of all else."""
        filters = replace(self.filters, from_date=first, to_date=last)
        return counted(self.narrowed(self.found & self.of_time(filters)))


def period_key(first: dt.date, last: dt.date) -> str:
    return f"{first}/{last}"


def counted(offerings: int) -> int:
    return min(offerings.bit_count(), COUNTED + 1)
