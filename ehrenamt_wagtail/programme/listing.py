"""The public programme, read from the read model alone: lists, counts, single dates.

Rows are what ``programme/listed.py`` keeps; view restrictions and drafts are settled there.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db.models import Case, Exists, Expression, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from wagtail.models import Page

from .facts import DateFacts, OfferingFacts, facts_from_json, shown_of
from .filters import Filters, matching, offerings_matching
from .models import ListedDate, ListedOffering, ListedTag, ProgrammePage, VolunteerDayPage
from .rows import ListedRow, read_month, read_page
from .search import Search, found_in_titles, relevance, search_for, understood
from .vocabulary import CountOf, held_vocabulary, read_vocabulary, version_and_count, version_column, version_of

if TYPE_CHECKING:
    from .facets import Counts

# Beyond this nobody counts: „über 1.000“.
COUNTED = 1000


@dataclass(frozen=True)
class Listed:
    """An offering and the date that it is listed by."""

    facts: OfferingFacts
    date: DateFacts
    seats: dict

    @property
    def title(self) -> str:
        return self.facts.title


class Listing:
    """The offerings that match, one row each, in the order of the date they are listed by.

    That is the next date that is neither cancelled nor over; where every coming date is cancelled, the next of those: a
    cancelled offering keeps its place until its date has passed. Without period and archive only offerings with a date that is
    not over. A period (``from_date``, ``to_date``) looks at the dates inside it alone and also reaches the past. The archive has
    only offerings whose last date is over, newest first. A search may be in the order of what fits best instead.

    A search is understood with the words that this process knows; whether these are still the right ones is asked together with
    the first rows or the number. Afterwards ``search`` says how it was understood.
    """

    def __init__(self, filters: Filters, *, now: dt.datetime, programme: Page, condition: Q | None = None):
        self.filters, self.now, self.programme, self.condition = filters, now, programme, condition
        self.ordering = ("-starts_at", "-offering") if filters.archive else ("starts_at", "offering")
        self.by_relevance = bool(filters.words) and filters.by_relevance
        self.vocabulary = held_vocabulary(programme.pk) if filters.words else None
        self.is_current = self.vocabulary is None

    # How the search is understood

    @cached_property
    def search(self) -> Search | None:
        return understood(self.filters.words, self.vocabulary) if self.vocabulary is not None else None

    @cached_property
    def dates(self) -> QuerySet:
        dates = listed_dates(self.filters, now=self.now, programme=self.programme, search=self.search)
        return dates if self.condition is None else dates.filter(self.condition)

    @cached_property
    def to_count(self) -> QuerySet:
        if self.condition is not None or self.filters.restricts_dates:
            return self.dates
        return listed_offerings(self.filters, now=self.now, programme=self.programme, search=self.search)

    def is_understood_anew(self, version: UUID | None) -> bool:
        """Whether words came or went since the process read them; then the search means what it means with the new ones."""
        is_old = not self.is_current and self.vocabulary.version != version
        self.is_current = True
        if is_old:
            self.vocabulary = read_vocabulary(self.programme.pk, version)
            for name in ("search", "dates", "to_count"):
                self.__dict__.pop(name, None)
        return is_old

    # Rows

    def __getitem__(self, part: slice) -> list[Listed]:
        if not self.is_current:
            self.is_understood_anew(version_of(self.programme.pk))
        return [listed(facts, seats, str(uid)) for facts, seats, uid in self.read(part)]

    def page(self, part: slice, *, at_most: int | None, counts: bool = True) -> tuple[list[Listed], int | None]:
        """Rows of a search and, unless ``counts`` is false, the number of all, in one query; not known where there is no row."""

        def read() -> list[tuple]:
            counted = self.to_count if at_most is None else self.to_count[:at_most]
            number = CountOf(counted.values("pk")) if counts else Value(None, IntegerField())
            return self.read(part, number, version_column(self.programme.pk))

        rows = read()
        if self.is_understood_anew(rows[0][-1] if rows else version_of(self.programme.pk)):
            rows = read()
        return [listed(facts, seats, str(uid)) for facts, seats, uid, *_others in rows], rows[0][-2] if rows else None

    def rows(self, **wanted) -> tuple[list[ListedRow], int | None]:
        """Rows by date and the number of all as ``read_page`` reads them, in one query where there is a row."""

        def read() -> tuple:
            if self.search is not None and self.search.not_understood:
                return [], None, None
            return read_page(self.filters, now=self.now, programme=self.programme, search=self.search, **wanted)

        rows, count, version = read()
        if not self.is_current and self.is_understood_anew(version if rows else version_of(self.programme.pk)):
            rows, count, _version = read()
        return rows, count

    def read(self, part: slice, *others: Expression) -> list[tuple]:
        """Facts, seats and uid of the rows, and other columns besides."""
        columns = ("offering__facts", "offering__listed_seats__seats", "uid", *others)
        if not self.by_relevance:
            return list(self.by_date().values_list(*columns)[part])
        if best := self.read_best(part, columns):
            return best
        return list(self.dates.order_by(relevance(self.search).desc(), *self.ordering).values_list(*columns)[part])

    def by_date(self) -> QuerySet:
        if self.search is None or not self.search.is_rare:
            return self.dates.order_by(*self.ordering)
        # No index serves this: a database that takes the word for a commoner one would look for it at every date.
        start = Greatest("starts_at", "starts_at")
        return self.dates.order_by(start.desc() if self.filters.archive else start, self.ordering[1])

    def read_best(self, part: slice, columns: tuple) -> list[tuple]:
        """The part, if all of it has every word in the title: then nothing needs to be compared. Else nothing."""
        in_titles = found_in_titles(self.search)
        if in_titles is None or part.stop is None:
            return []
        rows = list(self.dates.filter(in_titles).order_by(*self.ordering).values_list(*columns)[part])
        return rows if len(rows) == part.stop - (part.start or 0) else []

    def __iter__(self) -> Iterator[Listed]:
        return iter(self[:])

    def count(self) -> int:
        """All of them, however many."""
        return self.number_of(lambda: self.to_count)

    def counted(self) -> int:
        """As many as are counted at most: more than ``COUNTED`` means that there are more."""
        return self.number_of(lambda: self.to_count[: COUNTED + 1])

    def number_of(self, rows: Callable[[], QuerySet]) -> int:
        if self.is_current:
            return rows().count()
        version, number = version_and_count(self.programme.pk, rows().values("pk"))
        return rows().count() if self.is_understood_anew(version) else number


def listed(values: dict, seats: dict | None, uid: str) -> Listed:
    facts = facts_from_json(values)
    return Listed(facts, next(date for date in facts.dates if date.uid == uid), seats or {})


class ListingPaginator(Paginator):
    """Counts no further than people read, unless somebody turns to a page behind that."""

    def __init__(self, listing: Listing, per_page: int, *, wanted: int = 1):
        super().__init__(listing, per_page)
        self.is_behind = wanted * per_page > COUNTED

    @cached_property
    def count(self) -> int:
        counted = self.object_list.counted()
        return self.object_list.count() if counted > COUNTED and self.is_behind else counted

    @property
    def has_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED and not self.is_behind


def page_of_listing(listing: Listing, *, per_page: int, counts: Callable[[], "Counts"] | None = None) -> Slice:
    """The page of ``ListedRow`` that the filters name; a number behind the last page gives the last one.

    ``counts`` knows how many there are, after the search was understood; without it they are counted with the rows. One query
    where there is such a page.
    """
    filters = listing.filters
    paginator = ListingPaginator(listing, per_page, wanted=filters.page)
    skipped, at_most = (filters.page - 1) * per_page, None if paginator.is_behind else COUNTED + 1
    if listing.by_relevance or listing.condition is not None:
        found, number = listing.page(slice(skipped, skipped + per_page), at_most=at_most, counts=counts is None)
        rows = [row_of(row, listing.now) for row in found]
    else:
        is_common = bool(counts and not filters.words and is_found_soon(counts(), skipped + per_page))
        rows, number = listing.rows(number=per_page, skipped=skipped, at_most=at_most, counts=counts is None, is_common=is_common)
    if counts is not None:
        paginator.count = counts().total if paginator.is_behind else min(counts().total, COUNTED + 1)
    elif number is not None or filters.page == 1:
        paginator.count = number or 0
    if not rows and filters.page > 1:
        last = paginator.get_page(filters.page)
        return Slice([row_of(row, listing.now) for row in last], last.number, paginator)
    return Slice(rows, filters.page, paginator)


def is_found_soon(counts: "Counts", wanted: int) -> bool:
    """Whether to ask dates in their order takes less long than to find all that match and to sort them.

    One asks ``at_the_time / total`` dates for each that is wanted, 2 µs each; each that matches takes 13 µs (PostgreSQL 18).
    """
    return 13 * counts.total**2 > 2 * wanted * counts.at_the_time


def row_of(listed: Listed, now: dt.datetime) -> ListedRow:
    """What ``rows.read_page`` reads of an offering."""
    facts, date = listed.facts, listed.date
    is_past = date.ends_at <= now
    others = [other for other in facts.dates if other is not date and not other.cancelled and (is_past or other.ends_at > now)]
    seats = (json.dumps(listed.seats), json.dumps(facts.values)) if listed.seats else ("", "")
    return ListedRow(json.dumps(shown_of(facts, date)), date.uid, is_past, len(others), *seats)


# Which dates


def listed_dates(filters: Filters, *, now: dt.datetime, programme: Page, search: Search | None) -> QuerySet:
    """The date of each offering that matches by which it is listed."""
    in_order = not filters.restricts_dates and not filters.by_relevance
    dates = ListedDate.objects.filter(matching(filters, search, in_order=in_order), programme=programme.pk)
    if filters.restricts_dates:
        return first_in_window(dates, filters, now=now)
    if filters.archive:
        return dates.filter(archived_from__lte=now)
    return dates.filter(listed_from__lte=now, listed_until__gt=now, starts_at__gte=earliest_running(programme, now))


def listed_offerings(filters: Filters, *, now: dt.datetime, programme: Page, search: Search | None) -> QuerySet:
    """The offerings that are listed without a period: as many as ``listed_dates``, and sooner counted."""
    offerings = ListedOffering.objects.filter(offerings_matching(filters, search), programme=programme.pk)
    return offerings.filter(ends_at__lte=now) if filters.archive else offerings.filter(ends_at__gt=now)


def earliest_running(programme: Page, now: dt.datetime):
    """Since when at the earliest something may have begun that is not over: what begins earlier need not be looked at."""
    recent = Value(now - ListedDate.LONG)
    long = ListedDate.objects.filter(programme=programme.pk, is_long=True, ends_at__gt=now).order_by().values("programme")
    return Least(Coalesce(Subquery(long.annotate(first=Min("starts_at")).values("first")), recent), recent)


def touching(dates: QuerySet, start: dt.datetime, end: dt.datetime) -> QuerySet:
    """Those that touch the half-open interval ``[start, end)``."""
    near = Q(is_long=True) | Q(starts_at__gt=start - ListedDate.LONG)
    return dates.filter(near, starts_at__lt=end, ends_at__gt=start)


def suiting(dates: QuerySet, filters: Filters, now: dt.datetime) -> QuerySet:
    """Those in the period, on the weekdays and at the times that are wanted."""
    return on_slots(touching(dates, *filters.window(now)), filters)


def on_slots(dates: QuerySet, filters: Filters) -> QuerySet:
    return dates.alias(wanted=F("slots").bitand(filters.slots)).filter(wanted__gt=0) if filters.slots else dates


def first_in_window(dates: QuerySet, filters: Filters, *, now: dt.datetime) -> QuerySet:
    """Of each offering the date in the period that counts first: not over before over, taking place before cancelled."""
    rank = Case(When(ends_at__lte=now, then=Value(2)), default=Value(0), output_field=IntegerField()) + Case(
        When(is_cancelled=True, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    dates = suiting(dates, filters, now).annotate(rank=rank)
    others = suiting(ListedDate.objects.filter(offering=OuterRef("offering")), filters, now).annotate(rank=rank)
    earlier = Q(starts_at__gt=OuterRef("starts_at")) if filters.archive else Q(starts_at__lt=OuterRef("starts_at"))
    same = Q(starts_at=OuterRef("starts_at"), uid__lt=OuterRef("uid"))
    before = others.filter(Q(rank__lt=OuterRef("rank")) | Q(earlier | same, rank=OuterRef("rank")))
    dates = dates.filter(~Exists(before))
    return dates.filter(offering__ends_at__lte=now) if filters.archive else dates


# Single dates


def programme_dates(
    filters: Filters, *, now: dt.datetime, programme: Page, span: tuple[dt.datetime, dt.datetime] | None = None
) -> list[tuple[OfferingFacts, DateFacts]]:
    """What ``dates_of_programme`` finds, each date with its offering."""
    rows = list(dates_of_programme(filters, now=now, programme=programme, span=span).values_list("offering", "uid"))
    wanted = ListedOffering.objects.filter(pk__in={offering for offering, _uid in rows}).values_list("pk", "facts")
    facts = {pk: facts_from_json(values) for pk, values in wanted}
    by_uid = {(pk, date.uid): (offering, date) for pk, offering in facts.items() for date in offering.dates}
    return [by_uid[offering, str(uid)] for offering, uid in rows]


def dates_of_programme(
    filters: Filters, *, now: dt.datetime, programme: Page, span: tuple[dt.datetime, dt.datetime] | None = None
) -> QuerySet:
    """The single dates of the offerings that match, by start.

    With ``span``, a half-open pair of aware datetimes, all dates that touch it, past ones too. Without it the dates of the
    offerings in the listing. A period leaves only the dates inside it, a town only those that take place there.
    """
    search = search_for(filters.words, programme.pk)
    dates = ListedDate.objects.filter(matching(filters, search), programme=programme.pk)
    if span is not None:
        dates = touching(dates, *span)
    if filters.has_window or (filters.slots and span is None):
        dates = touching(dates, *filters.window(now))
    dates = on_slots(dates, filters)
    if filters.archive:
        dates = dates.filter(offering__ends_at__lte=now)
    elif span is None and not filters.restricts_dates:
        dates = dates.filter(offering__ends_at__gt=now)
    if filters.towns:
        dates = dates.filter(town__in=[town.slug for town in filters.towns])
    return dates.order_by("starts_at", "ends_at", "offering", "uid")


def dates_of_month(filters: Filters, *, now: dt.datetime, programme: Page, span: tuple[dt.datetime, dt.datetime]) -> list[str]:
    """What ``dates_of_programme`` finds in the span, as ``rows.read_month`` reads it."""
    search = search_for(filters.words, programme.pk)
    return read_month(filters, now=now, programme=programme, span=span, search=search)


def parts_of_day(day: VolunteerDayPage) -> list[OfferingFacts]:
    """The public offerings below a volunteer day."""
    if not day.pk:
        return []
    below = ListedOffering.objects.filter(offering__path__startswith=day.path, offering__depth__gt=day.depth)
    return [facts_from_json(values) for values in below.order_by("offering__path").values_list("facts", flat=True)]


def offerings_near(*, municipality, topics, now: dt.datetime, programme: ProgrammePage, limit: int = 5) -> list[Listed]:
    """The next offerings in a town or of one of ``topics``; none for neither."""
    here = Q()
    if municipality is not None:
        here |= Q(name="gemeinde", value=municipality.slug)
    if topics:
        here |= Q(name="thema", value__in=[topic.slug for topic in topics])
    if not here:
        return []
    condition = Q(offering__in=ListedTag.objects.filter(here).values("offering"))
    return Listing(Filters(), now=now, programme=programme, condition=condition)[:limit]
