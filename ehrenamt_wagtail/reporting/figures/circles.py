"""What circles stated, as ``circles.figures`` counts it."""

from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.circles.figures import Counted, counted_in
from ehrenamt_wagtail.circles.half_years import half_year_of
from ehrenamt_wagtail.conf import conf

from .sources import Source
from .spans import Span


class CircleStatements(Source):
    """The statements that count in the half-year of the span's last day. Two queries."""

    title_column = 0

    def __init__(self, reading) -> None:
        super().__init__(reading)
        self.columns = (conf.CIRCLE_NAME, _("Town or municipality"), _("Stated for"))
        self.counted = counted_in({half_year_of(span.last) for span in reading.spans})

    def within(self, span: Span) -> list[Counted]:
        return self.counted.get(half_year_of(span.last), [])

    def cells(self, row: Counted) -> tuple[str, ...]:
        figure = row.figure
        half = f"{figure.get_half_display()} {figure.year}"
        return figure.circle.title, str(figure.circle.municipality or ""), half

    def address(self, row: Counted) -> tuple[str, list]:
        return "wagtailadmin_pages:edit", [row.figure.circle_id]
