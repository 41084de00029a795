"""Seats and people as ``SeatFigure`` keeps them: without names, and after personal data were deleted."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination.visibility import kind_labels
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.programme.models import TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.models.pages import offering_models
from ehrenamt_wagtail.signups.models import SeatFigure

from .sources import DatedRows, Source, Totals, added_up
from .spans import Span

FIELDS = (
    "pk", "offering_id", "title", "kind", "format", "organisation", "organisation_kind", "municipality", "date", "offered", "taken",
    "waiting", "attended", "by_circle", "is_cancelled",
)  # fmt: skip


class SeatRow(NamedTuple):
    pk: int
    offering: int | None
    title: str
    kind: str
    format: str
    organiser: str
    organiser_kind: str
    town: str
    date: dt.date
    offered: int | None
    taken: int
    waiting: int
    attended: int
    by_circle: dict[str, int]
    is_cancelled: bool


def dated_in(span: Span) -> Q:
    return Q(date__gte=span.first, date__lte=span.last)


def held_in(span: Span) -> QuerySet[SeatFigure]:
    return SeatFigure.objects.filter(dated_in(span), is_cancelled=False)


class Seats(Source):
    """What was set up for signing up on this site; each counts on its first date. A query for rows, one for totals."""

    columns = (pgettext_lazy("offering", "Date"), _("Title"), _("Kind"), _("Organiser"), _("Town or municipality"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        self.kinds = kind_labels()
        self.arts = {model.kind: model.art for model in offering_models() if isinstance(model.art, str)}
        self.groupings = {
            "art": lambda row: (self.art_of(row),),
            "organiser": lambda row: (row.organiser_kind,),
            "town": lambda row: (row.town,),
        }

    @cached_property
    def dated(self) -> DatedRows:
        found = SeatFigure.objects.filter(dated_in(self.reading.whole))
        rows = [SeatRow(*values) for values in found.order_by("date", "title", "pk").values_list(*FIELDS)]
        return DatedRows(rows, [row.date for row in rows])

    def within(self, span: Span) -> Sequence:
        return self.dated.between(span.first, span.following)

    @cached_property
    def totals(self) -> Totals:
        aggregates = {
            "seats": lambda within: Sum("offered", filter=within, default=0),
            "taken": lambda within: Sum("taken", filter=within, default=0),
            "waiting": lambda within: Sum("waiting", filter=within, default=0),
            "attended": lambda within: Sum("attended", filter=within, default=0),
            "day_guests": lambda within: Sum("attended", filter=within & Q(kind=VolunteerDayPage.kind), default=0),
        }
        return added_up(held_in(self.reading.whole), self.reading.spans, dated_in, aggregates)

    def art_of(self, row: SeatRow) -> str:
        return TrainingPage.ART_OF_FORMAT.get(row.format) or self.arts.get(row.kind, row.kind)

    def cells(self, row: SeatRow) -> tuple[str, ...]:
        return long_date(row.date), row.title, self.label("art", self.art_of(row)), row.organiser, row.town

    def label(self, grouping: str, key: str) -> str:
        if grouping == "art":
            return self.kinds.get(key, key) or gettext("without a kind")
        if grouping == "organiser":
            return str(dict(Organisation.Kind.choices).get(key, key)) or gettext("without an organiser")
        return key or gettext("without a town")

    def address(self, row: SeatRow) -> tuple[str, list]:
        return "ehrenamt_wagtail_seatfigure_modeladmin_inspect", [row.pk]


class CircleRow(NamedTuple):
    """The people of one circle at one offering."""

    seats: SeatRow
    circle: str
    people: int


class CirclesAtOfferings(Source):
    """The same rows, one for each circle that people named. A query for totals."""

    title_column = 2

    def __init__(self, reading) -> None:
        super().__init__(reading)
        self.seats = reading.source("seats")
        self.columns = (conf.CIRCLE_NAME, *self.seats.columns)
        self.groupings = {"circle": lambda row: (row.circle,)}

    @cached_property
    def dated(self) -> DatedRows:
        rows = [
            CircleRow(row, circle, people)
            for row in self.seats.dated.rows
            if not row.is_cancelled
            for circle, people in sorted(row.by_circle.items())
        ]
        return DatedRows(rows, [row.seats.date for row in rows])

    def within(self, span: Span) -> Sequence[CircleRow]:
        return self.dated.between(span.first, span.following)

    @cached_property
    def totals(self) -> Totals:
        named = held_in(self.reading.whole).exclude(by_circle={}).order_by("date").values_list("date", "by_circle")
        found = list(named)
        people = DatedRows([sum(by_circle.values()) for _day, by_circle in found], [day for day, _by_circle in found])
        return {"circle_people": {span: sum(people.between(span.first, span.following)) for span in self.reading.spans}}

    def cells(self, row: CircleRow) -> tuple[str, ...]:
        return row.circle, *self.seats.cells(row.seats)

    def address(self, row: CircleRow) -> tuple[str, list]:
        return self.seats.address(row.seats)
