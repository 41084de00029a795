"""What is listed in a programme, as bitmaps in the memory of each process, so that the choices of all filters can be counted at once.

Each offering has a position; a value of a filter is the set of its offerings, kept as the bits of one whole number. „On site in
Herrenberg on a Saturday“ is an AND, its size a count of bits: some microseconds for 100,000 offerings. What changed since the last
time is read anew.
"""

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from .models import ListedDate, ListedOffering, ListedSeats, ListedTag
from .slots import SLOTS

MOST_SPANS, MOST_SEARCHES = 32, 64
# A request that began so much earlier than another one may be told what is coming for the later moment.
SAME_MOMENT = dt.timedelta(minutes=1)

# Start, end and slots of a date.
Date = tuple[dt.datetime, dt.datetime, int]


class Span:
    """The offerings with a date that touches ``[opens, closes)``, by the slots that these dates touch."""

    def __init__(self, opens: dt.datetime, closes: dt.datetime):
        self.opens, self.closes = opens, closes
        self.all = 0
        self.by_slot = [0] * SLOTS

    def on(self, slots: int) -> int:
        """The offerings with a date in one of these slots; 0 stands for any."""
        if not slots:
            return self.all
        found = 0
        for number in numbers_of(slots):
            found |= self.by_slot[number]
        return found

    def add(self, offerings: int, slots: int) -> None:
        self.all |= offerings
        for number in numbers_of(slots):
            self.by_slot[number] |= offerings

    def remove(self, offerings: int) -> None:
        self.all &= ~offerings
        self.by_slot = [known & ~offerings for known in self.by_slot]


class Bitmaps:
    """The offerings of one programme. Not safe for threads: ``facets.py`` has a lock."""

    def __init__(self, programme_id: int):
        self.programme_id = programme_id
        self.positions: dict[int, int] = {}
        self.listed = self.free = self.dated = 0
        self.tags: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        # Of each position; those who end and begin when may also name what has other dates by now.
        self.dates: list[tuple[Date, ...]] = []
        self.starts: list[tuple[dt.datetime, int]] = []
        self.ends: list[tuple[dt.datetime, int]] = []
        self.long: set[int] = set()
        self.spans: OrderedDict[tuple[dt.datetime, dt.datetime], Span] = OrderedDict()
        self.coming: Span | None = None
        self.searches: OrderedDict[str, int] = OrderedDict()
        # What others made of all this, as long as nothing changes.
        self.made: dict = {}
        # Another one whenever offerings were read anew.
        self.version = 0
        self.read()

    # Keeping them right

    def read(self, page_ids: Collection[int] | None = None) -> None:
        """Read these offerings, or all. Four queries."""
        dates = defaultdict(list)
        for pk, *date in self.rows(ListedDate, page_ids, "").values_list("offering_id", "starts_at", "ends_at", "slots"):
            dates[pk].append(tuple(date))
        listed = set(self.rows(ListedOffering, page_ids, "").values_list("pk", flat=True))
        free = set(self.rows(ListedSeats, page_ids).filter(is_free=True).values_list("pk", flat=True))
        tags = defaultdict(list)
        for name, value, pk in self.rows(ListedTag, page_ids).values_list("name", "value", "offering_id"):
            if pk in listed:
                tags[name, value].append(pk)
        if page_ids is not None:
            self.remove(page_ids)
        for pk in listed:
            if pk not in self.positions:
                self.positions[pk] = len(self.positions)
                self.dates.append(())
        self.listed |= self.set_of(listed)
        self.free |= self.set_of(listed & free)
        for (name, value), keys in tags.items():
            self.tags[name][value] |= self.set_of(keys)
        self.add_dates({self.positions[pk]: tuple(dates[pk]) for pk in listed & dates.keys()}, is_first=page_ids is None)
        self.searches.clear()
        self.made.clear()
        self.version += 1

    def rows(self, model, page_ids: Collection[int] | None, above: str = "offering__") -> QuerySet:
        rows = model.objects.filter(**{f"{above}programme": self.programme_id})
        return rows if page_ids is None else rows.filter(offering__in=page_ids)

    def remove(self, page_ids: Iterable[int]) -> None:
        gone = self.set_of(page_ids)
        self.listed &= ~gone
        self.free &= ~gone
        self.dated &= ~gone
        for values in self.tags.values():
            for value in values:
                values[value] &= ~gone
        for span in self.known_spans():
            span.remove(gone)
        for position in numbers_of(gone):
            self.dates[position] = ()
            self.long.discard(position)

    def add_dates(self, dates: dict[int, tuple[Date, ...]], *, is_first: bool) -> None:
        """``is_first``: there are no others."""
        add = list.append if is_first else insort
        for position, own in dates.items():
            self.dates[position] = own
            for starts_at, ends_at, _slots in own:
                add(self.starts, (starts_at, position))
                add(self.ends, (ends_at, position))
                if ends_at - starts_at > ListedDate.LONG:
                    self.long.add(position)
        if is_first:
            self.starts.sort()
            self.ends.sort()
        self.dated |= bits(dates)
        for span in self.known_spans():
            self.fill(span, dates)

    def known_spans(self) -> list[Span]:
        return [*self.spans.values(), *([self.coming] if self.coming else [])]

    # Asking

    def keep_search(self, text: str, offerings: int) -> None:
        self.searches[text] = offerings
        if len(self.searches) > MOST_SEARCHES:
            self.searches.popitem(last=False)

    def set_of(self, page_ids: Iterable[int]) -> int:
        """Those of these offerings that have a position."""
        return bits(self.positions[pk] for pk in page_ids if pk in self.positions)

    def with_tag(self, name: str, values: Iterable[str]) -> int:
        """The offerings with one of these values of ``ListedTag``."""
        found, known = 0, self.tags[name]
        for value in values:
            found |= known.get(value, 0)
        return found

    def not_over(self, now: dt.datetime, closes: dt.datetime) -> Span:
        """The offerings with a date that is not over; none begins after ``closes``."""
        self.move_on(now)
        if self.coming is None or closes != self.coming.closes:
            self.coming = self.found(Span(now, closes))
            self.made.clear()
        return self.coming

    def move_on(self, now: dt.datetime) -> None:
        """Take out what is over by now."""
        if self.coming is None or self.coming.opens - SAME_MOMENT <= now <= self.coming.opens:
            return
        if now < self.coming.opens:
            self.coming = None
            self.made.clear()
            return
        first, last = (bisect_right(self.ends, (moment, len(self.dates))) for moment in (self.coming.opens, now))
        self.coming.opens = now
        ended = {position for _end, position in self.ends[first:last]}
        if ended:
            self.coming.remove(bits(ended))
            self.fill(self.coming, ended)
            self.made.clear()

    def span(self, opens: dt.datetime, closes: dt.datetime) -> Span:
        """The offerings with a date that touches a half-open span that does not move with time."""
        key = (opens, closes)
        span = self.spans.pop(key, None) or self.found(Span(opens, closes))
        self.spans[key] = span
        if len(self.spans) > MOST_SPANS:
            self.spans.popitem(last=False)
        return span

    def found(self, span: Span) -> Span:
        first, last = (bisect_left(self.starts, (moment,)) for moment in (span.opens - ListedDate.LONG, span.closes))
        self.fill(span, {position for _start, position in self.starts[first:last]} | self.long)
        return span

    def fill(self, span: Span, positions: Iterable[int]) -> None:
        """Add those of these offerings that have a date in the span."""
        by_slots = defaultdict(list)
        for position in positions:
            slots = 0
            for starts_at, ends_at, touched in self.dates[position]:
                if ends_at > span.opens and starts_at < span.closes:
                    slots |= touched
            if slots:
                by_slots[slots].append(position)
        for slots, found in by_slots.items():
            span.add(bits(found), slots)


def bits(numbers: Iterable[int]) -> int:
    """The whole number in which these bits are set."""
    numbers = list(numbers)
    field = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        field[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(field, "little")


def numbers_of(bitmap: int) -> list[int]:
    """The bits that are set; for bitmaps with few of them."""
    found = []
    while bitmap:
        lowest = bitmap & -bitmap
        found.append(lowest.bit_length() - 1)
        bitmap ^= lowest
    return found
