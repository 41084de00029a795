"""How many people were thanked, as rounds of thanks keep it after the names were deleted."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.formatting import long_date

from ..models import ThanksRound
from .sources import DatedRows, Source
from .spans import Span


class RoundRow(NamedTuple):
    pk: int
    day: dt.date
    title: str
    thanked: int
    circles: int | None


class Thanks(Source):
    """The rounds whose day is over, on that day. One query."""

    columns = (pgettext_lazy("offering", "Date"), _("Title"), _("Circles that named somebody"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        found = ThanksRound.objects.filter(
            thanked__isnull=False, day__gte=reading.whole.first, day__lte=reading.whole.last
        ).order_by("day", "title", "pk")
        rows = [RoundRow(*values) for values in found.values_list("pk", "day", "title", "thanked", "circles")]
        self.dated = DatedRows(rows, [row.day for row in rows])

    def within(self, span: Span) -> Sequence[RoundRow]:
        return self.dated.between(span.first, span.following)

    def cells(self, row: RoundRow) -> tuple[str, ...]:
        return long_date(row.day), row.title, str(row.circles or 0)

    def address(self, row: RoundRow) -> tuple[str, list]:
        return "ehrenamt_admin:thanks", [row.pk]
