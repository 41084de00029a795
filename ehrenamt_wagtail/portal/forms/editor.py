"""One page in the portal's form: the plain fields and all rows together."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Organisation

from .circle import CircleForm
from .dates import DateRow
from .details import CoHostRow, DownloadRow, FileRow, FunderRow, TeamRow, TrainerRow
from .offering import OfferingForm
from .rows import MOST_ROWS, Rows, make_rows, number_in, with_added_row, without_row


@dataclass
class Fold:
    """A part that is folded away unless it holds something or an error."""

    name: str
    title: str
    fields: list
    rows: Rows | None = None
    kind: "RowKind | None" = None
    has_file: bool = False

    @property
    def add_value(self) -> str:
        """Value of the button that adds a row."""
        return f"add_{self.kind.singular}" if self.kind else ""

    @property
    def open(self) -> bool:
        if self.has_file:
            return True
        if self.rows is not None and (self.rows.has_rows or (self.rows.is_bound and self.rows.non_form_errors())):
            return True
        return any(bound.errors or bound.value() for bound in self.fields)


@dataclass(frozen=True)
class RowKind:
    """Rows of the page's relation ``name``, sent as ``<prefix>-0-…``; „add_<singular>“ adds one."""

    name: str
    prefix: str
    singular: str
    row_class: type
    title: str
    add_label: str


DATES = RowKind("occurrences", "dates", "date", DateRow, pgettext_lazy("offering", "Date"), _("Add another date"))
OFFERING_ROWS = (
    DATES,
    RowKind("trainers", "trainers", "trainer", TrainerRow, _("Trainer"), _("Add a trainer")),
    RowKind("co_hosts", "co_hosts", "co_host", CoHostRow, _("Co-host"), _("Add a co-host")),
    RowKind("funders", "funders", "funder", FunderRow, _("Funder"), _("Add a funder")),
    RowKind("downloads", "downloads", "download", DownloadRow, _("PDF file"), _("Add a PDF file")),
)
CIRCLE_ROWS = (RowKind("teams", "teams", "team", TeamRow, _("Team"), _("Add a team")),)


class Editor:
    """The whole form of ``page`` (the latest revision as object, or a new page), filled from ``data`` when that was sent.

    ``organisations`` are those that the person may choose from for a new page; ``first_day`` is suggested while it has no date.
    """

    def __init__(
        self,
        page,
        *,
        actor,
        organisation,
        organisations=(),
        data: QueryDict | None = None,
        files=None,
        first_day: dt.date | None = None,
    ):
        self.first_day = first_day
        self.page, self.actor, self.organisation = page, actor, organisation
        # Ours to write to: files that were sent are stored at once and named there.
        self.data = data = None if data is None else data.copy()
        is_circle = isinstance(page, CirclePage)
        self.kinds = CIRCLE_ROWS if is_circle else OFFERING_ROWS
        form_class = CircleForm if is_circle else OfferingForm
        self.form = form_class(
            data=data, files=files, page=page, organisation=organisation, actor=actor, organisations=organisations
        )
        self.rows = {kind.name: self._rows(kind, data, files) for kind in self.kinds}

    def _rows(self, kind: RowKind, data: QueryDict | None, files) -> Rows:
        present = sorted(getattr(self.page, kind.name).all(), key=lambda row: row.sort_order or 0)
        is_dates = kind is DATES
        initial = [kind.row_class.initial_of(row) for row in present]
        if is_dates and not present and self.first_day:
            initial = [{"date": self.first_day}]
        return make_rows(
            kind.row_class,
            kind.prefix,
            data=data,
            files=files,
            initial=initial,
            blank=1 if is_dates and not initial else 0,
            most=conf.MAX_OCCURRENCES if is_dates else MOST_ROWS,
            page=self.page,
            **self._options(kind),
        )

    def _options(self, kind: RowKind) -> dict:
        """What the rows offer; lists are read once, however many rows there are."""
        if kind is DATES:
            return {
                "venues": self.form.fields["venue"].queryset,
                "venue_choices": self.form.venue_choices,
                "cancelled": {str(uid) for uid in self.page.cancelled_uids()} if self.page.pk else frozenset(),
            }
        if kind.name == "co_hosts":
            others = Organisation.objects.filter(is_active=True).exclude(pk=self.organisation.pk)
            return {"organisations": others, "organisation_choices": list(others.values_list("pk", "name"))}
        if issubclass(kind.row_class, FileRow):
            return {"organisation": self.organisation, "actor": self.actor}
        return {}

    # Judging and writing

    def is_valid(self) -> bool:
        # Every part is asked, so that all errors show at once.
        parts = [self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values() if rows.is_bound)]
        return all(parts)

    def apply(self, page) -> None:
        """Write what was typed to ``page`` in memory. Rows that were not sent stay as they are."""
        self.form.apply(page)
        for name, rows in self.rows.items():
            if not rows.is_bound:
                continue
            objects = rows.row_objects()
            if name == "occurrences":
                objects = in_order(objects)
            setattr(page, name, objects)

    def continue_from(self, revision) -> None:
        """Let the same form be sent again on top of ``revision``; new dates keep the uid they got."""
        self.data["revision"] = str(revision.pk)
        rows = self.dates
        for row in rows.forms if rows is not None and rows.is_bound else ():
            if uid := getattr(row, "written_uid", None):
                self.data[row.add_prefix("uid")] = str(uid)

    def without_validation(self) -> None:
        self.form.without_validation()
        for rows in self.rows.values():
            if rows.is_bound:
                rows.without_validation()

    def show_errors(self, errors: dict[str, list[str]], past_uids=frozenset()) -> None:
        """Put sentences of ``submission_errors()`` next to their fields; those about a date in the past beside that date."""
        for name, sentences in errors.items():
            if name in self.rows:
                self._show_row_errors(name, sentences, past_uids)
            else:
                for sentence in sentences:
                    self.form.add_error(name if name in self.form.fields else None, sentence)

    def _show_row_errors(self, name: str, sentences: list[str], past_uids) -> None:
        rows = self.rows[name]
        target = rows.forms[0] if rows.is_bound and rows.forms else None
        beside = [form for form in rows.forms if getattr(form, "written_uid", None) in past_uids]
        for form in beside:
            form.add_error("date", gettext("This date lies in the past. Please check day and year."))
        if beside:
            return
        for sentence in sentences:
            if target is not None:
                target.add_error(target.main_names[0], sentence)
            else:
                self.form.add_error(None, sentence)

    def upload_errors(self) -> list[str]:
        """Why files that were just sent were not taken."""
        forms = [form for rows in self.rows.values() if rows.is_bound for form in rows.forms]
        errors = [getattr(self.form, "image_error", ""), *(getattr(form, "file_error", "") for form in forms)]
        return [error for error in errors if error]

    # Showing

    def fields(self, names) -> list:
        return [self.form[name] for name in names if name in self.form.fields]

    @property
    def all_forms(self) -> list:
        return [self.form, *self.rows.values()]

    @property
    def basics(self) -> list:
        return self.fields(self.form.basics)

    @property
    def summary_fields(self) -> list:
        return self.fields(getattr(self.form, "summary_fields", ()))

    @property
    def place_fields(self) -> list:
        return self.fields(getattr(self.form, "place_fields", ()))

    @property
    def contact_fields(self) -> list:
        return self.fields(self.form.contact_fields)

    @property
    def dates(self) -> Rows | None:
        return self.rows.get("occurrences")

    @property
    def place_folds(self) -> list[Fold]:
        """What is compared with others' plans besides dates and place, shown before the answer to it."""
        return [fold for fold in self.folds if self.is_compared(fold)]

    @property
    def other_folds(self) -> list[Fold]:
        return [fold for fold in self.folds if not self.is_compared(fold)]

    def is_compared(self, fold: Fold) -> bool:
        return fold.name == "topics" and self.dates is not None

    @cached_property
    def folds(self) -> list[Fold]:
        kinds = {kind.name: kind for kind in self.kinds}
        folds = []
        for name, title, names in self.form.folds:
            fold = Fold(name, title, self.fields(names), self.rows.get(name), kinds.get(name))
            fold.has_file = name == "image" and self.form.present_image is not None
            if fold.fields or fold.rows is not None:
                folds.append(fold)
        return folds


def in_order(dates: list) -> list:
    """Earliest first, whatever order they were typed in."""
    dates = sorted(dates, key=lambda date: date.span()[0])
    for position, date in enumerate(dates):
        date.sort_order = position
    return dates


def changed_rows(data: QueryDict, action: str) -> QueryDict | None:
    """``data`` after one of the buttons „add_date“ or „remove_dates-2“; ``None`` if ``action`` is none of them."""
    for kind in (*OFFERING_ROWS, *CIRCLE_ROWS):
        if action == f"add_{kind.singular}":
            return with_added_row(data, kind.prefix)
        for stem in (f"remove_{kind.prefix}-", f"remove_{kind.singular}-"):
            number = number_in(action.removeprefix(stem)) if action.startswith(stem) else None
            if number is not None:
                return without_row(data, kind.prefix, number)
    return None
