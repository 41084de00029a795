"""The figures in the Wagtail admin: all of them, each with the rows that it counts, and as files. For coordinators only."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.menu import MenuItem

from ehrenamt_wagtail.coordination.views import CoordinatorView
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.signups.exports import csv_lines
from ehrenamt_wagtail.slugs import german_slug

from .charts import Series, line_chart
from .figure_files import table_of, xlsx_of
from .figure_forms import SpanForm
from .figures.catalogue import GROUPINGS, SECTIONS, Figure, figures, one
from .figures.reading import Reading
from .figures.shown import Cell, Shown
from .figures.spans import Span
from .models import EnteredFigure

ROWS_PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SMALL_CHART = {"width": 240, "height": 110}


class FiguresMenuItem(MenuItem):
    def __init__(self):
        super().__init__(_("Figures"), reverse_lazy("ehrenamt_admin:figures"), name="ehrenamt-figures", icon_name="order", order=3)

    def is_shown(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user)


class ShownFigure(NamedTuple):
    """A figure as the page shows it: of the span, of the comparison, over the half-years."""

    figure: Figure
    url: str
    cell: Cell
    compared: Cell | None
    change: str
    series: tuple[Cell, ...]
    chart: str


class Section(NamedTuple):
    key: str
    title: str
    figures: list[ShownFigure]
    note: str = ""


class FiguresMixin(CoordinatorView):
    """What the address asks for."""

    header_icon = "order"

    @cached_property
    def form(self) -> SpanForm:
        return SpanForm(self.request.GET)

    @cached_property
    def catalogue(self) -> list[Figure]:
        return figures()

    @cached_property
    def shown(self) -> Shown:
        return Shown(Reading([*filter(None, [self.form.span, self.form.comparison]), *self.form.series]))

    def address(self, name: str, *args, **more: str) -> str:
        """Of another page about the same spans."""
        parameters = urlencode(self.form.parameters() | more)
        return reverse(f"ehrenamt_admin:{name}", args=args) + (f"?{parameters}" if parameters else "")

    def chart(self, figure: Figure, **size: int) -> str:
        """The course over the half-years; nothing where nothing is known."""
        cells = [self.shown.cell(figure, span) for span in self.form.series]
        if all(cell.amount is None for cell in cells):
            return ""
        line = Series(str(figure.label), [cell.amount for cell in cells], [cell.text for cell in cells])
        title = _("%(figure)s by half-year") % {"figure": figure.label}
        course = "; ".join(f"{span.title}: {cell.text}" for span, cell in zip(self.form.series, cells, strict=True))
        return line_chart(
            [span.short for span in self.form.series], [line], title=title, description=course, name=f"chart-{figure.name}", **size
        )


class FiguresView(FiguresMixin):
    """All figures of a span beside those of another, and their course."""

    page_title = gettext_lazy("Figures")
    template_name = "ehrenamt_wagtail/reporting/admin/figures.html"

    def get_context_data(self, **kwargs) -> dict:
        form = self.form
        today = timezone.localdate()
        return super().get_context_data(
            form=form,
            span=form.span,
            comparison=form.comparison,
            series=form.series,
            sections=self.sections(),
            is_running=form.span.first <= today <= form.span.last,
            is_ahead=form.span.first > today,
            as_of=long_date(today),
            xlsx_url=self.address("figures_xlsx"),
            **kwargs,
        )

    def sections(self) -> list[Section]:
        found = {key: Section(key, capfirst(str(title)), []) for key, title in SECTIONS.items()}
        for figure in self.catalogue:
            found[figure.section].figures.append(self.shown_figure(figure))
        found["entered"] = found["entered"]._replace(note=self.note_on_entered())
        return [section for section in found.values() if section.figures]

    def shown_figure(self, figure: Figure) -> ShownFigure:
        span, comparison = self.form.span, self.form.comparison
        return ShownFigure(
            figure,
            self.address("figure", figure.name),
            self.shown.cell(figure, span),
            self.shown.cell(figure, comparison) if comparison else None,
            self.shown.change(figure, span, comparison) if comparison else "",
            tuple(self.shown.cell(figure, half) for half in self.form.series),
            self.chart(figure, **SMALL_CHART),
        )

    def note_on_entered(self) -> str:
        """Values that reach beyond the span are not in it, which would surprise otherwise."""
        span = self.form.span
        touching = EnteredFigure.objects.filter(first_day__lte=span.last, last_day__gte=span.first)
        number = touching.exclude(first_day__gte=span.first, last_day__lte=span.last).count()
        return _("Not counted, since they reach beyond these days: %(number)s.") % {"number": number} if number else ""


class GroupTable(NamedTuple):
    """A figure by one of its groupings: names with their addresses and cells."""

    key: str
    title: str
    rows: list[tuple[str, str, tuple[Cell, ...]]]


class OneFigureMixin(FiguresMixin):
    """A figure of the span, or one of its groups (``nach`` and ``wert`` in the address)."""

    @cached_property
    def figure(self) -> Figure:
        found = next((figure for figure in self.catalogue if figure.name == self.kwargs["name"]), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def group(self) -> tuple[str, str]:
        """Grouping and key; empty for the whole figure, and for what makes no sense."""
        grouping = self.request.GET.get("nach", "")
        return (grouping, self.request.GET.get("wert", "")) if grouping in self.figure.groupings else ("", "")

    @cached_property
    def rows(self) -> list:
        return self.shown.rows(self.figure, self.form.span, *self.group)

    def group_label(self) -> str:
        grouping, key = self.group
        return self.shown.reading.source(self.figure.source).label(grouping, key) if grouping else ""


class FigureView(OneFigureMixin):
    """A figure with its definition, its course, its groups and the rows that it counts."""

    template_name = "ehrenamt_wagtail/reporting/admin/figure.html"

    @property
    def page_title(self) -> str:
        label = self.group_label()
        return f"{self.figure.label}: {label}" if label else str(self.figure.label)

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self) -> list[dict]:
        *home, here = super().get_breadcrumbs_items()
        return [*home, {"url": self.address("figures"), "label": _("Figures")}, here]

    def get_context_data(self, **kwargs) -> dict:
        form, figure, shown = self.form, self.figure, self.shown
        page = Paginator(self.rows, ROWS_PER_PAGE).get_page(self.request.GET.get("seite"))
        grouping, key = self.group
        group = {"nach": grouping, "wert": key} if grouping else {}
        return super().get_context_data(
            figure=figure,
            form=form,
            span=form.span,
            comparison=form.comparison,
            cell=self.cell(),
            change=shown.change(figure, form.span, form.comparison) if form.comparison and not grouping else "",
            compared=shown.cell(figure, form.comparison) if form.comparison and not grouping else None,
            series=[(span.title, shown.cell(figure, span)) for span in form.series] if not grouping else [],
            chart=self.chart(figure) if not grouping else "",
            tables=[self.table(grouping) for grouping in figure.groupings] if not grouping else [],
            # Of what is only counted each row adds one.
            shows_values=figure.value is not one,
            columns=shown.reading.source(figure.source).columns,
            number=len(self.rows),
            page_obj=page,
            found=[(self.cells(row.row), row.cell) for row in page],
            whole_url=self.address("figure", figure.name),
            whole_path=reverse("ehrenamt_admin:figure", args=[figure.name]),
            csv_url=self.address("figure_csv", figure.name, **group),
            **kwargs,
        )

    def cell(self) -> Cell:
        grouping, key = self.group
        if not grouping:
            return self.shown.cell(self.figure, self.form.span)
        groups = self.shown.groups(self.figure, grouping, (self.form.span,))
        return next((group.cells[0] for group in groups if group.key == key), Cell(0, "0"))

    def table(self, grouping: str) -> GroupTable:
        spans = tuple(filter(None, [self.form.span, self.form.comparison]))
        groups = self.shown.groups(self.figure, grouping, spans)
        rows = [
            (group.label, self.address("figure", self.figure.name, nach=grouping, wert=group.key), group.cells) for group in groups
        ]
        return GroupTable(grouping, capfirst(str(GROUPINGS[grouping])), rows)

    def cells(self, row: Any) -> list[tuple[str, str]]:
        """The cells of a row, the title with the address of what it is about."""
        source = self.shown.reading.source(self.figure.source)
        address = source.address(row)
        url = reverse(address[0], args=address[1]) if address else ""
        return [(text, url if place == source.title_column else "") for place, text in enumerate(source.cells(row))]


class FigureFileView(OneFigureMixin):
    """The same rows as CSV."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        response = StreamingHttpResponse(
            csv_lines(table_of(self.shown, self.figure, self.rows)), content_type="text/csv; charset=utf-8"
        )
        return as_download(response, f"{self.figure.label} {self.group_label()}", self.form.span, "csv")


class FiguresFileView(FiguresMixin):
    """All figures as XLSX."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = self.form
        content = xlsx_of(self.shown, self.catalogue, form.span, form.comparison, form.series)
        return as_download(HttpResponse(content, content_type=XLSX), pgettext("file name", "figures"), form.span, "xlsx")


def as_download(response: HttpResponse, title: str, span: Span, ending: str) -> HttpResponse:
    name = german_slug(title, fallback="zahlen")[:60].strip("-")
    response["Content-Disposition"] = f'attachment; filename="{name}-{span.first:%Y-%m-%d}-{span.last:%Y-%m-%d}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
