"""The public programme as a naive walk over all pages finds it: what the read model has to be equal to.

It asks each page alone, in Python, and shares no query with the listing.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from uuid import uuid5

from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from ehrenamt_wagtail.models import OfferingPage, ProgrammePage
from ehrenamt_wagtail.programme.filters import Filters

EVER = (dt.datetime(1, 1, 2, tzinfo=dt.UTC), dt.datetime(9999, 12, 30, tzinfo=dt.UTC))


@dataclass(frozen=True)
class Date:
    """One date of a page. ``town`` is where it takes place, or where its offering is at home if it is held online."""

    uid: str
    start: dt.datetime
    end: dt.datetime
    is_cancelled: bool
    town: object
    is_all_day: bool
    mode: str
    is_step_free: bool

    def is_over(self, now: dt.datetime) -> bool:
        return self.end <= now

    def touches(self, span: tuple[dt.datetime, dt.datetime]) -> bool:
        return self.start < span[1] and self.end > span[0]

    def suits(self, filters: Filters) -> bool:
        """Whether it touches one of the weekdays at one of the times; walks through its hours."""
        hour = self.start
        while hour < self.end:
            local = timezone.localtime(hour)
            is_night = local.hour < 5 and not self.is_all_day
            day = local.date() - dt.timedelta(days=is_night)
            time = "abend" if is_night or local.hour >= 17 else "nachmittag" if local.hour >= 12 else "vormittag"
            if (not filters.weekdays or "mo di mi do fr sa so".split()[day.weekday()] in filters.weekdays) and (
                not filters.times or time in filters.times
            ):
                return True
            hour += dt.timedelta(minutes=1)
        return False


@dataclass(frozen=True)
class Offering:
    page: OfferingPage
    dates: tuple[Date, ...]

    def is_past(self, now: dt.datetime) -> bool:
        return all(date.is_over(now) for date in self.dates)


# Who is listed where


def is_public(page: Page) -> bool:
    """Neither it nor what is above it is restricted, nor what one of these is an alias of."""
    if not page.live or page.get_view_restrictions().exists():
        return False
    above = page.get_ancestors(inclusive=True)
    return not PageViewRestriction.objects.filter(page__in=above).exists()


def programme_above(page: Page) -> ProgrammePage | None:
    above = [above.pk for above in page.get_ancestors() if above.specific_class is ProgrammePage]
    return ProgrammePage.objects.get(pk=above[-1]) if above else None


def dates_of(page: OfferingPage):
    cancelled = cancelled_uids(page)
    for row in page.occurrences.all():
        if row.start_date:
            start, end = midnight(row.start_date), midnight((row.end_date or row.start_date) + dt.timedelta(days=1))
        elif row.start:
            start, end = row.start, row.end or row.start + dt.timedelta(hours=2)
        else:
            continue
        venue, mode = row.venue or page.venue, row.mode or page.mode
        town = row.venue.municipality if row.venue else page.municipality
        yield Date(
            str(row.uid), start, end, None in cancelled or row.uid in cancelled, town, row.start_date is not None, mode,
            is_step_free=mode != "online" and venue is not None and venue.step_free == "yes",
        )  # fmt: skip


def cancelled_uids(page: OfferingPage) -> set:
    """``None`` stands for the whole offering. An alias is cancelled with its original; its dates have uids of their own."""
    cancelled = set(page.cancellations.values_list("occurrence_uid", flat=True))
    if page.alias_of_id:
        original = OfferingPage.objects.get(pk=page.alias_of_id)
        for uid in original.cancellations.values_list("occurrence_uid", flat=True):
            cancelled.add(uid and uuid5(uid, str(page.translation_key)))
    return cancelled


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime(day.year, day.month, day.day))


# Who matches


def matches(page: OfferingPage, filters: Filters) -> bool:
    wanted = [
        (filters.towns, towns_of),
        (filters.topics, lambda page: set(page.topics.all())),
        (filters.organisers, hosts_of),
        (filters.kinds, lambda page: {page.art}),
        (filters.places, places_of),
        (filters.languages, lambda page: set(page.languages or ["de"])),
        (filters.step_free and [True], lambda page: {is_step_free(page)}),
        (filters.free and [True], lambda page: {not page.costs.strip()}),
    ]
    return all(not values or found(page) & set(values) for values, found in wanted)


def towns_of(page: OfferingPage) -> set:
    return {page.municipality} | {row.venue.municipality for row in page.occurrences.all() if row.venue}


def places_of(page: OfferingPage) -> set[str]:
    modes = {date.mode for date in dates_of(page) if not date.is_cancelled} or {page.mode}
    return {value for value in ("online", "praesenz") if modes - {{"online": "on_site", "praesenz": "online"}[value]}}


def is_step_free(page: OfferingPage) -> bool:
    own = page.mode != "online" and page.venue is not None and page.venue.step_free == "yes"
    return own or any(date.is_step_free for date in dates_of(page))


def hosts_of(page: OfferingPage) -> set:
    return {page.organisation} | {row.organisation for row in page.co_hosts.all()}


def window_of(filters: Filters, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    first = midnight(filters.from_date) if filters.from_date else EVER[0]
    if not (filters.from_date or filters.to_date or filters.archive):
        first = now
    return first, midnight(filters.to_date + dt.timedelta(days=1)) if filters.to_date else EVER[1]


def is_in(offering: Offering, filters: Filters, now: dt.datetime) -> bool:
    if not matches(offering.page, filters) or not offering.dates:
        return False
    if is_by_dates(filters) and not any(is_wanted(date, filters, now) for date in offering.dates):
        return False
    if filters.archive:
        return offering.is_past(now)
    return is_by_dates(filters) or not offering.is_past(now)


def is_by_dates(filters: Filters) -> bool:
    return bool(filters.from_date or filters.to_date or filters.weekdays or filters.times)


def is_wanted(date: Date, filters: Filters, now: dt.datetime) -> bool:
    return date.touches(window_of(filters, now)) and date.suits(filters)


# What is shown


def public_pages() -> list[OfferingPage]:
    return [page.specific for page in OfferingPage.objects.order_by("pk") if is_public(page)]


class Reference:
    """What a programme shows, from pages that were walked once."""

    def __init__(self, programme: ProgrammePage, pages: list[OfferingPage] | None = None):
        pages = public_pages() if pages is None else pages
        listed = [page for page in pages if programme_above(page) == programme]
        self.offerings = [Offering(page, tuple(dates_of(page))) for page in listed]

    def listing(self, filters: Filters, now: dt.datetime) -> list[tuple[str, str]]:
        """Title and uid of the date that it is listed by, in order."""
        sign = -1 if filters.archive else 1
        rows = []
        for offering in self.offerings:
            if is_in(offering, filters, now):
                dates = [date for date in offering.dates if not is_by_dates(filters) or is_wanted(date, filters, now)]
                date = min(dates, key=lambda date: (date.is_over(now), date.is_cancelled, sign * seconds(date.start), date.uid))
                rows.append((sign * seconds(date.start), sign * offering.page.pk, offering.page.title, date.uid))
        return [(title, uid) for _start, _pk, title, uid in sorted(rows)]

    def dates(self, filters: Filters, now: dt.datetime, span=None) -> list[tuple[str, str]]:
        """Title and uid of each date in the month view, which gives a ``span``, or in the calendar file."""
        towns = set(filters.towns)
        rows = []
        for offering in self.offerings:
            if span and not (matches(offering.page, filters) and (not filters.archive or offering.is_past(now))):
                continue
            if not span and not is_in(offering, filters, now):
                continue
            rows += [
                (date.start, date.end, offering.page.pk, date.uid, offering.page.title)
                for date in offering.dates
                if (not span or date.touches(span))
                and (not is_by_dates(filters) or date.suits(filters))
                and (not (filters.has_window or (is_by_dates(filters) and not span)) or date.touches(window_of(filters, now)))
                and (not towns or date.town in towns)
            ]
        return [(title, uid) for _start, _end, _pk, uid, title in sorted(rows)]

    def towns(self, filters: Filters, now: dt.datetime) -> dict[str, int]:
        """In how many towns offerings are found, by slug; the empty one for those without a town."""
        found = [offering.page for offering in self.offerings if is_in(offering, filters, now)]
        return dict(Counter(slug for page in found for slug in {town.slug for town in towns_of(page) if town} or {""}))

    def moments(self) -> list[dt.datetime]:
        """Now, in a year, each moment at which a date begins or ends, and the one just before it."""
        now, instant = timezone.now(), dt.timedelta(microseconds=1)
        edges = {edge for offering in self.offerings for date in offering.dates for edge in (date.start, date.end)}
        return [now, now + dt.timedelta(days=365), *sorted(edges | {edge - instant for edge in edges})]


def seconds(moment: dt.datetime) -> float:
    return moment.timestamp()
