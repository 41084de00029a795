"""Figures and the rows that they count as files for Excel and the like; no cell is run as a formula."""

import io
from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from ehrenamt_wagtail.registers import without_formula

from .figures.catalogue import GROUPINGS, SECTIONS, Figure
from .figures.shown import Cell, Shown, ShownRow
from .figures.spans import Span

WIDTHS = {"A": 34, "B": 38, "C": 70}
WRAPPED = Alignment(wrap_text=True, vertical="top")


def xlsx_of(shown: Shown, figures: list[Figure], span: Span, comparison: Span | None, series: tuple[Span, ...]) -> bytes:
    """All figures, each with its definition, in three sheets: span and comparison, course, by groups."""
    spans = (span, comparison) if comparison else (span,)
    book = Workbook(write_only=True)
    facts = [pgettext("figures", "Section"), pgettext("what is counted", "Figure"), _("Definition")]
    write(
        book,
        _("Figures"),
        [*facts, *(heading(one) for one in spans), *([pgettext("figures", "Change")] if comparison else [])],
        (
            [*facts_of(figure), *(value_of(shown.cell(figure, one)) for one in spans)]
            + ([shown.change(figure, span, comparison)] if comparison else [])
            for figure in figures
        ),
    )
    write(
        book,
        pgettext("figures", "Course"),
        [*facts, *(one.title for one in series)],
        ([*facts_of(figure), *(value_of(shown.cell(figure, one)) for one in series)] for figure in figures),
    )
    columns = tuple(dict.fromkeys((*spans, *series)))
    write(
        book,
        _("By groups"),
        [pgettext("what is counted", "Figure"), _("Divided"), _("Group"), *(heading(one) for one in columns)],
        group_rows(shown, figures, columns),
    )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def heading(span: Span) -> str:
    return span.title if span.title == span.days else f"{span.title} ({span.days})"


def facts_of(figure: Figure) -> list[str]:
    return [capfirst(str(SECTIONS[figure.section])), str(figure.label), str(figure.definition)]


def value_of(cell: Cell):
    """A number to go on counting with, or the words that stand in its place."""
    if cell.amount is None:
        return cell.text
    return round(float(cell.amount), 2) if isinstance(cell.amount, float) else cell.amount


def group_rows(shown: Shown, figures: Iterable[Figure], columns: tuple[Span, ...]) -> Iterator[list]:
    for figure in figures:
        for grouping in figure.groupings:
            for group in shown.groups(figure, grouping, columns):
                yield [str(figure.label), str(GROUPINGS[grouping]), group.label, *map(value_of, group.cells)]


def write(book: Workbook, title: str, head: list[str], rows: Iterable[list]) -> None:
    sheet = book.create_sheet(title[:31])
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "D2"
    sheet.append([styled(sheet, text, font=Font(bold=True)) for text in head])
    for row in rows:
        sheet.append([styled(sheet, value) for value in row])


def styled(sheet, value, font: Font | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, safe(value))
    cell.alignment = WRAPPED
    if font:
        cell.font = font
    return cell


def safe(value):
    return without_formula(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


# The rows of one figure


def table_of(shown: Shown, figure: Figure, rows: Iterable[ShownRow]) -> Iterator[list[str]]:
    """The heading, then a row for each that is counted, with what it adds to the figure."""
    source = shown.reading.source(figure.source)
    yield [without_formula(str(text)) for text in (*source.columns, figure.label)]
    for row in rows:
        yield [without_formula(text) for text in (*source.cells(row.row), row.cell.text)]
