"""The list of sign-ups as a table for Excel and the like, row by row: the same number of queries for 10 and 10,000 of them."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.log_actions import log

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.registers import without_formula

from .listing import deadline_text, positions, state_label
from .models import AccessNeeds, Answer, Participant, Question, SeatPlan, SignUp

# German Excel separates by semicolons, and reads UTF-8 only behind a byte order mark.
DELIMITER = ";"
BYTE_ORDER_MARK = "\ufeff"
# A table in memory up to this size, beyond it in a temporary file.
IN_MEMORY = 2 * 1024 * 1024
ROWS_AT_ONCE = 500


def table(
    sign_ups: QuerySet[SignUp], *, plans: Iterable[SeatPlan], labels: Mapping[int, str], with_needs: bool = False
) -> Iterator[list[str]]:
    """The heading, then one row a sign-up in the order of arrival, answers as columns; harmless to spreadsheet programs.

    ``sign_ups`` come from ``queries.readable_sign_ups``. What somebody needs to take part is left out unless it is asked for.
    """
    plans = list(plans)
    questions = asked(plans, sign_ups)
    places = positions(plans)
    people = SideBySide(Participant.objects.filter(sign_up__in=keys_of(sign_ups)).order_by("position", "pk"), "name")
    answers = SideBySide(Answer.objects.filter(sign_up__in=keys_of(sign_ups)).order_by("pk"), "label", "text")
    needs = SideBySide(AccessNeeds.objects.filter(sign_up__in=keys_of(sign_ups)), "text") if with_needs else None
    yield [without_formula(cell) for cell in [*heading(), *questions, *([_("Access and food")] if with_needs else [])]]
    for sign_up in sign_ups.select_related("circle").order_by("created_at", "pk").iterator(chunk_size=ROWS_AT_ONCE):
        names = [name for (name,) in people.of(sign_up)]
        given = dict(answers.of(sign_up))
        cells = [
            *cells_of(sign_up, names, labels.get(sign_up.plan_id, ""), places.get(sign_up.pk)),
            *(given.get(question, "") for question in questions),
            *([" ".join(text for (text,) in needs.of(sign_up))] if needs else []),
        ]
        yield [without_formula(cell) for cell in cells]


def heading() -> list[str]:
    return [
        _("Name"),
        _("Second person"),
        pgettext("sign-up", "State"),
        pgettext("offering", "Date"),
        _("People"),
        _("Mail address"),
        _("Telephone"),
        conf.CIRCLE_NAME,
        _("Signed up at"),
        _("Confirmed at"),
        _("Way of signing up"),
    ]


def cells_of(sign_up: SignUp, names: list[str], label: str, position: int | None) -> list[str]:
    return [
        names[0] if names else "",
        ", ".join(names[1:]),
        ", ".join(filter(None, [state_label(sign_up, position), deadline_text(sign_up)])),
        label,
        str(sign_up.seats),
        sign_up.email,
        sign_up.phone,
        sign_up.circle.title if sign_up.circle else "",
        clock(sign_up.created_at),
        clock(sign_up.confirmed_at),
        sign_up.get_source_display(),
    ]


def clock(value) -> str:
    """On the clock of the district."""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT") if value else ""


def asked(plans: list[SeatPlan], sign_ups: QuerySet[SignUp]) -> list[str]:
    """The questions that become columns: those that are asked, then those that were asked once and answered."""
    now = Question.objects.filter(plan__in=[plan.pk for plan in plans]).order_by("plan", "position", "pk")
    once = Answer.objects.filter(sign_up__in=keys_of(sign_ups)).order_by("label").values_list("label", flat=True).distinct()
    return list(dict.fromkeys([*now.values_list("text", flat=True), *once]))


def keys_of(sign_ups: QuerySet[SignUp]) -> QuerySet:
    return sign_ups.order_by().values("pk")


class SideBySide:
    """``fields`` of what belongs to sign-ups, read in the order of the sign-ups beside them: never all of it is held."""

    def __init__(self, rows: QuerySet, *fields: str) -> None:
        ordered = rows.order_by("sign_up__created_at", "sign_up", *rows.query.order_by)
        values = ordered.values_list("sign_up__created_at", "sign_up", *fields).iterator(chunk_size=ROWS_AT_ONCE)
        self.groups = groupby(values, key=lambda value: value[:2])
        self.key: tuple | None = None
        self.values: list[tuple] = []
        self.step()

    def step(self) -> None:
        key, values = next(self.groups, (None, ()))
        self.key, self.values = key, [value[2:] for value in values]

    def of(self, sign_up: SignUp) -> list[tuple]:
        """Those of this sign-up; earlier ones, left over by a change meanwhile, are passed over."""
        wanted = (sign_up.created_at, sign_up.pk)
        while self.key is not None and self.key < wanted:
            self.step()
        return self.values if self.key == wanted else []


# Files

# A list of names to sign beside, made to be printed; the others are named by the ending of the file.
SHEET = "sheet"


def note_export(page: OfferingPage, *, kind: str, actor, with_needs: bool = False) -> None:
    """Write to Wagtail's log that ``actor`` takes the list away as ``kind`` (csv, xlsx or ``SHEET``); no name of it."""
    log(instance=page, action="ehrenamt.export_sign_ups", user=actor, data={"kind": kind, "with_needs": with_needs})


class Line:
    """What ``csv`` writes to: gives the line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """UTF-8 with byte order mark and semicolons, line by line."""
    writer = csv.writer(Line(), delimiter=DELIMITER, lineterminator="\r\n")
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        yield writer.writerow(row).encode()


def xlsx_file(rows: Iterable[list[str]], *, title: str) -> BinaryIO:
    """An open file, at its beginning; whoever reads it closes it."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
    book.save(target)
    target.seek(0)
    return target
