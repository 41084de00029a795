"""Figures that no system knows and coordinators enter."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.formatting import date_range

from ..models import EnteredFigure
from .sources import Source
from .spans import Span


class EnteredRow(NamedTuple):
    pk: int
    kind: int
    first: dt.date
    last: dt.date
    value: Decimal
    note: str


class Entered(Source):
    """Values whose days lie in the span, all of them. One query."""

    title_column = 0
    columns = (_("Days"), _("Note"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        found = EnteredFigure.objects.filter(first_day__gte=reading.whole.first, last_day__lte=reading.whole.last)
        fields = ("pk", "kind", "first_day", "last_day", "value", "note")
        self.rows = [EnteredRow(*values) for values in found.order_by("first_day", "pk").values_list(*fields)]

    def within(self, span: Span) -> list[EnteredRow]:
        return [row for row in self.rows if span.first <= row.first and row.last <= span.last]

    def cells(self, row: EnteredRow) -> tuple[str, ...]:
        return date_range(row.first, row.last, all_day=True), row.note

    def address(self, row: EnteredRow) -> tuple[str, list]:
        return "ehrenamt_wagtail_enteredfigure_modeladmin_edit", [row.pk]
