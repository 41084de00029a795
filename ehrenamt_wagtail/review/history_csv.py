"""The history as a table for Excel and the like."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.slugs import german_slug

from .history import HistoryEntry

# German Excel separates by semicolons, and reads UTF-8 only behind a byte order mark.
DELIMITER = ";"
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so is a formula to Excel, LibreOffice or Google; a blank in front does not help.
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n|%")


def csv_response(entries: Iterable[HistoryEntry], *, title: str, for_reviewers: bool = False) -> HttpResponse:
    """The steps as a download named after ``title``, the newest first. Only ``for_reviewers`` with what was checked."""
    name = german_slug(title, fallback=pgettext("file name", "history"))[:60]
    response = HttpResponse(text_of(entries, for_reviewers=for_reviewers), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{pgettext("file name", "history")}-{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def text_of(entries: Iterable[HistoryEntry], *, for_reviewers: bool) -> str:
    columns = header(for_reviewers=for_reviewers)
    target = io.StringIO()
    writer = csv.writer(target, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerow(columns)
    for entry in entries:
        writer.writerow([safe(cell) for cell in cells(entry, for_reviewers=for_reviewers)])
    return BYTE_ORDER_MARK + target.getvalue()


def header(*, for_reviewers: bool) -> list[str]:
    return [
        _("Time (ISO 8601)"),
        _("Time"),
        _("Step"),
        _("Person"),
        _("Reasons"),
        _("Comment"),
        _("Proposed date"),
        _("Hints shown"),
        *([_("Checked")] if for_reviewers else []),
        _("Version"),
        _("Version saved (ISO 8601)"),
    ]


def cells(entry: HistoryEntry, *, for_reviewers: bool) -> list[str]:
    when = timezone.localtime(entry.when)
    saved = timezone.localtime(entry.revision_at) if entry.revision_at else None
    return [
        when.isoformat(timespec="seconds"),
        date_format(when, "SHORT_DATETIME_FORMAT"),
        entry.what,
        entry.who,
        "\n".join(entry.reasons),
        entry.why,
        entry.proposed,
        "\n".join(entry.warnings),
        *(["\n".join(entry.checked)] if for_reviewers else []),
        str(entry.revision_id or ""),
        saved.isoformat(timespec="seconds") if saved else "",
    ]


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what might be one gets an apostrophe in front."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_STARTS) else cell
