"""Offerings and dates that everybody knows of, as coordination keeps them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.coordination.models import PlannedDate, PlanState
from ehrenamt_wagtail.coordination.visibility import kind_labels
from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.models import VolunteerDayPage
from ehrenamt_wagtail.programme.models.occurrence import Mode

from .sources import DatedRows, Source, Totals, added_up, present_in
from .spans import Span

# A whole day counts so many hours, and so does each day of a date that is longer than a day and a night.
HOURS_OF_A_DAY = 8
ONE_DAY = dt.timedelta(days=1)
ONE_MINUTE = dt.timedelta(minutes=1)
ONLINE = "online"

FIELDS = (
    "pk", "offering_id", "title", "starts_at", "ends_at", "is_all_day", "has_end", "is_cancelled", "kind", "art",
    "organisation__name", "organisation__kind", "municipality__name", "mode",
)  # fmt: skip


class DateRow(NamedTuple):
    pk: int
    offering: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_all_day: bool
    has_end: bool
    is_cancelled: bool
    kind: str
    art: str
    organiser: str | None
    organiser_kind: str | None
    municipality: str | None
    mode: str
    topics: tuple[int, ...]

    @property
    def town(self) -> str:
        """What is online only takes place in no town."""
        return ONLINE if self.mode == Mode.ONLINE else self.municipality or ""


def minutes_of(row: DateRow) -> float:
    """How long a date lasts; nights are not counted."""
    return minutes_between(row.starts_at, row.ends_at, row.is_all_day)


def minutes_between(starts_at: dt.datetime, ends_at: dt.datetime, is_all_day: bool) -> float:
    length = ends_at - starts_at
    if is_all_day:
        # Summer time makes days an hour longer or shorter.
        return round(length / ONE_DAY) * HOURS_OF_A_DAY * 60
    if length <= ONE_DAY:
        return length / ONE_MINUTE
    days = timezone.localdate(ends_at - dt.timedelta(microseconds=1)) - timezone.localdate(starts_at)
    return (days.days + 1) * HOURS_OF_A_DAY * 60


HELD = Q(is_cancelled=False)
VOLUNTEER_DAY = Q(kind=VolunteerDayPage.kind)
# How many hours these count is not how long they are.
COUNTED_BY_DAYS = Q(is_all_day=True) | Q(length__gt=ONE_DAY)


def begins_in(span: Span) -> Q:
    start, end = span.bounds
    return Q(starts_at__gte=start, starts_at__lt=end)


def published_in(span: Span) -> QuerySet[PlannedDate]:
    return PlannedDate.objects.filter(begins_in(span), state=PlanState.PUBLISHED)


class Dates(Source):
    """Dates of published offerings; each counts on the day on which it begins. Two queries for rows, two for totals."""

    columns = (
        pgettext_lazy("offering", "Date"), _("Title"), _("Kind"), _("Organiser"), _("Town or municipality"), _("Focus"),
    )  # fmt: skip

    def __init__(self, reading) -> None:
        super().__init__(reading)
        self.kinds = kind_labels()
        self.groupings = {
            "art": lambda row: (row.art,),
            "organiser": lambda row: (row.organiser_kind or "",),
            "town": lambda row: (row.town,),
            "focus": self.focuses,
        }

    @cached_property
    def dated(self) -> DatedRows:
        start, end = self.reading.whole.bounds
        links = PlannedDate.topics.through.objects.filter(
            planneddate__state=PlanState.PUBLISHED, planneddate__starts_at__gte=start, planneddate__starts_at__lt=end
        )
        topics = defaultdict(list)
        for planned, topic in links.order_by("planneddate", "topic").values_list("planneddate", "topic"):
            topics[planned].append(topic)
        found = published_in(self.reading.whole).order_by("starts_at", "pk").values_list(*FIELDS)
        rows = [DateRow(*values, topics=tuple(topics.get(values[0], ()))) for values in found]
        return DatedRows(rows, [row.starts_at for row in rows])

    def within(self, span: Span) -> Sequence[DateRow]:
        return self.dated.between(*span.bounds)

    @cached_property
    def totals(self) -> Totals:
        dates = published_in(self.reading.whole).annotate(length=F("ends_at") - F("starts_at"))
        found = added_up(
            dates,
            self.reading.spans,
            begins_in,
            {
                "offerings": lambda within: Count("offering", distinct=True, filter=within & HELD),
                "dates": lambda within: Count("pk", filter=within & HELD),
                "hours": lambda within: Sum("length", filter=within & HELD & ~COUNTED_BY_DAYS),
                "cancelled": lambda within: Count("pk", filter=within & ~HELD),
                "volunteer_days": lambda within: Count("offering", distinct=True, filter=within & HELD & VOLUNTEER_DAY),
            },
        )
        by_days = list(dates.filter(HELD & COUNTED_BY_DAYS).order_by().values_list("starts_at", "ends_at", "is_all_day"))
        hours = {span: hours_of(length, by_days, span) for span, length in found["hours"].items()}
        return {**found, "hours": hours}

    def focuses(self, row: DateRow) -> tuple[str, ...]:
        """Each focus of the topics once; an empty one where there is no topic."""
        focus = self.reading.focus_of_topics
        return tuple(dict.fromkeys(focus[topic] for topic in row.topics if topic in focus)) or ("",)

    def cells(self, row: DateRow) -> tuple[str, ...]:
        last = row.ends_at - dt.timedelta(microseconds=1) if row.is_all_day else row.ends_at
        return (
            date_range(row.starts_at, last if row.has_end else None, row.is_all_day),
            row.title,
            self.label("art", row.art),
            row.organiser or "",
            self.label("town", row.town),
            ", ".join(self.label("focus", key) for key in self.focuses(row)),
        )

    def label(self, grouping: str, key: str) -> str:
        if grouping == "art":
            return self.kinds.get(key, key) or gettext("without a kind")
        if grouping == "organiser":
            return str(dict(Organisation.Kind.choices).get(key, key)) or gettext("without an organiser")
        if grouping == "focus":
            return str(dict(Topic.Focus.choices).get(key, key)) or gettext("without a topic")
        if key == ONLINE:
            return str(Mode.ONLINE.label)
        return key or gettext("without a town")

    def address(self, row: DateRow) -> tuple[str, list]:
        return "wagtailadmin_pages:edit", [row.offering]


def hours_of(length: dt.timedelta | None, by_days: list[tuple], span: Span) -> float:
    """Hours of the dates that are ``length`` long together, and of those that count by days and begin in the span."""
    start, end = span.bounds
    minutes = sum(minutes_between(*date) for date in by_days if start <= date[0] < end)
    return ((length or dt.timedelta()) / ONE_MINUTE + minutes) / 60


class OfferingsByFirstDate(Dates):
    """The same rows where each offering is told of once, by its first date that counts."""

    def __init__(self, reading) -> None:
        Source.__init__(self, reading)
        self.dates = reading.source("dates")
        self.kinds, self.groupings = self.dates.kinds, self.dates.groupings

    @property
    def dated(self) -> DatedRows:
        return self.dates.dated

    @property
    def totals(self) -> Totals:
        return self.dates.totals

    columns = (
        _("First date that counts"), _("Title"), _("Kind"), _("Organiser"), _("Town or municipality"), _("Focus"),
    )  # fmt: skip


# Where there is nothing


class Entry(NamedTuple):
    """An entry of a register."""

    pk: int
    name: str
    more: str


class TownsWithout(Source):
    """Towns of the register in which nothing takes place. Two queries."""

    title_column = 0
    columns = (_("Town or municipality"), _("Kind"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        towns = Municipality.objects.order_by("name", "pk").values_list("pk", "name", "kind")
        self.towns = [Entry(*values) for values in towns]

    @cached_property
    def present(self) -> dict[Span, set[int | None]]:
        """What is online only takes place in no town."""
        dates = published_in(self.reading.whole).filter(HELD).exclude(mode=Mode.ONLINE)
        return present_in(dates, "municipality", self.reading.spans, begins_in)

    def within(self, span: Span) -> list[Entry]:
        return [town for town in self.towns if town.pk not in self.present[span]]

    def cells(self, row: Entry) -> tuple[str, ...]:
        return row.name, str(dict(Municipality.Kind.choices).get(row.more, row.more))


class TopicsWithout(Source):
    """Topics of the register that nothing is about. One query."""

    title_column = 0
    columns = (_("Topic"), _("Focus"))

    @cached_property
    def present(self) -> dict[Span, set[int | None]]:
        return present_in(published_in(self.reading.whole).filter(HELD), "topics", self.reading.spans, begins_in)

    def within(self, span: Span) -> list[Entry]:
        return [topic for topic in self.reading.topics if topic.pk not in self.present[span]]

    def cells(self, row: Entry) -> tuple[str, ...]:
        return row.name, str(dict(Topic.Focus.choices).get(row.more, row.more))
