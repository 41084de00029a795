"""A report's figures as a spreadsheet: one sheet of all figures, one for the table of each chart."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ehrenamt_wagtail.registers import without_formula

# What spreadsheet programs allow in the name of a sheet.
LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
WIDEST = 60


def workbook_of(content: dict) -> Workbook:
    """Numbers are numbers; what is hidden is its words, „unter 5“, here as well."""
    book = Workbook()
    book.properties.title = content["title"]
    book.properties.creator = content["district"]
    sheet = book.active
    sheet.title = name_of(_("Figures"), [])
    add_figures(sheet, content)
    for chart in content["charts"]:
        add_chart(book.create_sheet(name_of(chart["title"], book.sheetnames)), chart)
    return book


def add_figures(sheet, content: dict) -> None:
    head = [_("Figure"), content["span_title"], content["compared_title"], pgettext("figures", "Change")]
    head += [_("Unit"), _("What is counted")]
    if not content["compared_title"]:
        del head[2:4]
    write_title(sheet, content["title"])
    write(sheet, head, bold=True)
    for group in content["annex"]:
        write(sheet, [group["title"]], bold=True)
        for figure in group["figures"]:
            row = [figure["label"], cell_of(figure, ""), cell_of(figure, "compared_"), figure["change"], figure["unit"]]
            if not content["compared_title"]:
                del row[2:4]
            write(sheet, [*row, figure["definition"]])
    settle(sheet)


def add_chart(sheet, chart: dict) -> None:
    write_title(sheet, chart["title"])
    write(sheet, chart["columns"], bold=True)
    for row in chart["rows"]:
        numbers = row["numbers"]
        write(sheet, [row["head"], *(text if number is None else number for text, number in zip(row["cells"], numbers, strict=True))])
    settle(sheet)


def cell_of(figure: dict, prefix: str):
    number = figure[f"{prefix}number"]
    return figure[f"{prefix}text"] if number is None else number


def write(sheet, values: list, *, bold: bool = False) -> None:
    sheet.append([safe(value) for value in values])
    for cell in sheet[sheet.max_row]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            cell.font = Font(bold=True)


def safe(value):
    return without_formula(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value


def write_title(sheet, title: str) -> None:
    sheet.append([safe(title)])
    sheet["A1"].font = Font(bold=True, size=14)


def settle(sheet) -> None:
    """Columns as wide as what stands in them; the title may run over."""
    for number, cells in enumerate(sheet.iter_cols(min_row=2), start=1):
        longest = max((len(str(cell.value)) for cell in cells if cell.value is not None), default=10)
        sheet.column_dimensions[get_column_letter(number)].width = min(WIDEST, max(12, longest + 2))
    sheet.freeze_panes = "B3"


def name_of(title: str, taken: list[str]) -> str:
    """A name of a sheet that no other has."""
    plain = NOT_IN_NAMES.sub(" ", title).strip("' ") or _("Table")
    name, number = plain[:LONGEST_NAME], 2
    while name.lower() in (one.lower() for one in taken):
        ending = f" {number}"
        name, number = plain[: LONGEST_NAME - len(ending)] + ending, number + 1
    return name
