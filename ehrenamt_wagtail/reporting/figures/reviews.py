"""What the coordination decided, how long that took, and what became of clashes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Case, Count, Exists, JSONField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page, TaskState

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination.models import JoinProposal
from ehrenamt_wagtail.days_off import is_working_day
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.review.models import Reason, ReviewDecision, ReviewRequest

from .sources import DatedRows, Source, Totals, added_up
from .spans import Span

CLASH_REASONS = {Reason.DATE_CLASH, Reason.SIMILAR_OFFERING}
# Empty where something else was decided: to read what is not needed takes longer.
RETURNED_FOR = Case(When(outcome=ReviewDecision.Outcome.RETURNED, then="reasons"), output_field=JSONField())
JOINED = "joined"
WAYS = {
    ReviewDecision.Outcome.APPROVED: _("approved after it had been returned"),
    JOINED: _("offered together"),
}



class Titles:
    """The titles of pages, read when the first is asked for. A page may have been deleted since: its rows stay."""

    def __init__(self, *pages: QuerySet) -> None:
        """``pages`` give keys."""
        self.pages = pages

    @cached_property
    def known(self) -> dict[int, str]:
        wanted = reduce(or_, (Q(pk__in=keys) for keys in self.pages))
        return dict(Page.objects.filter(wanted).values_list("pk", "draft_title"))

    def of(self, page: int) -> str:
        return self.known.get(page, "–")


class WorkingDays:
    """Working days between two days, counted once for all days from the first to the last."""

    def __init__(self, days: Iterable[dt.date]) -> None:
        days = set(days)
        self.before: dict[dt.date, int] = {}
        if not days:
            return
        day, last, number = min(days), max(days), 0
        while day <= last:
            number += is_working_day(day)
            self.before[day] = number
            day += dt.timedelta(days=1)

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many lie after ``first`` up to and including ``last``, as ``days_off.working_days_between`` says."""
        return self.before[last] - self.before[first]


class DecisionRow(NamedTuple):
    """``days`` are working days since the local day on which it was submitted, ``None`` where that is not known."""

    pk: int
    page: int
    outcome: str
    at: dt.datetime
    submitted: dt.date | None
    is_for_clash: bool
    # What the page's decision before was about, if it was returned.
    follows_clash: bool
    days: int | None
    is_in_time: bool


class Decisions(Source):
    """Decisions about submissions, by when they were made. One query."""

    columns = (_("Decided on"), _("Title"), _("Outcome"), _("Submitted on"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        start, end = reading.whole.bounds
        # Of pages about which something was decided then, all decisions before, too.
        pages = ReviewDecision.objects.filter(at__gte=start, at__lt=end).order_by().values("page_id")
        task = Subquery(TaskState.objects.filter(pk=OuterRef("task_state_id")).values("started_at")[:1])
        request = Subquery(ReviewRequest.objects.filter(task_state_id=OuterRef("task_state_id")).order_by().values("at")[:1])
        self.titles = Titles(pages)
        found = (
            ReviewDecision.objects.filter(at__lt=end, page_id__in=pages)
            .annotate(decided_on=TruncDate("at"), submitted_on=TruncDate(Coalesce(task, request)), returned_for=RETURNED_FOR)
            .order_by("at", "pk")
            .values_list("pk", "page_id", "outcome", "at", "decided_on", "submitted_on", "returned_for", "proposed_start")
        )
        rows = self.rows_of(list(found))
        self.dated = DatedRows(rows, [row.at for row in rows])
        self.groupings = {"outcome": lambda row: (row.outcome,)}

    def rows_of(self, found: list[tuple]) -> list[DecisionRow]:
        working = WorkingDays(day for values in found if values[5] for day in values[4:6])
        before: dict[int, bool] = defaultdict(bool)
        most, rows = conf.REVIEW_WORKING_DAYS, []
        for pk, page, outcome, at, decided_on, submitted_on, reasons, proposed in found:
            is_for_clash = reasons is not None and (bool(CLASH_REASONS & set(reasons)) or proposed is not None)
            taken = working.between(submitted_on, decided_on) if submitted_on else None
            is_in_time = taken is not None and taken <= most
            rows.append(DecisionRow(pk, page, outcome, at, submitted_on, is_for_clash, before[page], taken, is_in_time))
            before[page] = is_for_clash
        return rows

    def within(self, span: Span) -> Sequence[DecisionRow]:
        return self.dated.between(*span.bounds)

    def cells(self, row: DecisionRow) -> tuple[str, ...]:
        outcome = str(dict(ReviewDecision.Outcome.choices).get(row.outcome, row.outcome))
        return long_date(row.at), self.titles.of(row.page), outcome, long_date(row.submitted) if row.submitted else ""

    def label(self, grouping: str, key: str) -> str:
        return str(dict(ReviewDecision.Outcome.choices).get(key, key))

    def address(self, row: DecisionRow) -> tuple[str, list]:
        return "ehrenamt_admin:review_history", [row.page]


def made_in(span: Span) -> Q:
    start, end = span.bounds
    return Q(at__gte=start, at__lt=end)


class HintRow(NamedTuple):
    page: int
    at: dt.datetime


class Hints(Source):
    """Submissions at which a hint was shown, by when they were submitted. Two queries for rows, two for totals.

    Who submitted in the admin left no request: then the decision's day counts.
    """

    columns = (_("Submitted on"), _("Title"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        start, end = reading.whole.bounds
        shown = ReviewDecision.objects.filter(task_state_id=OuterRef("task_state_id")).exclude(warnings=[])
        requests = ReviewRequest.objects.filter(~Q(warnings=[]) | Exists(shown), at__gte=start, at__lt=end)
        requested = ReviewRequest.objects.filter(task_state_id=OuterRef("task_state_id"))
        decisions = ReviewDecision.objects.filter(~Exists(requested), at__gte=start, at__lt=end).exclude(warnings=[])
        self.found = requests.order_by(), decisions.order_by()
        self.titles = Titles(*(rows.values("page_id") for rows in self.found))

    @cached_property
    def dated(self) -> DatedRows:
        rows = [HintRow(*values) for found in self.found for values in found.values_list("page_id", "at")]
        rows.sort(key=lambda row: (row.at, row.page))
        return DatedRows(rows, [row.at for row in rows])

    def within(self, span: Span) -> Sequence[HintRow]:
        return self.dated.between(*span.bounds)

    @cached_property
    def totals(self) -> Totals:
        spans = self.reading.spans
        counted = [added_up(rows, spans, made_in, {"hints": lambda within: Count("pk", filter=within)}) for rows in self.found]
        return {"hints": {span: sum(totals["hints"][span] for totals in counted) for span in spans}}

    def cells(self, row: HintRow) -> tuple[str, ...]:
        return long_date(row.at), self.titles.of(row.page)

    def address(self, row: HintRow) -> tuple[str, list]:
        return "ehrenamt_admin:review_history", [row.page]


class SolutionRow(NamedTuple):
    page: int
    at: dt.datetime
    way: str


class Solutions(Source):
    """Clashes that were resolved: approved after a return for a clash, or offered together. One query besides the decisions."""

    columns = (_("Resolved on"), _("Title"), pgettext_lazy("clash", "How"))

    def __init__(self, reading) -> None:
        super().__init__(reading)
        start, end = reading.whole.bounds
        joined = JoinProposal.objects.filter(status=JoinProposal.Status.JOINED, answered_at__gte=start, answered_at__lt=end)
        found = joined.order_by().values_list("joining_id", "answered_at")
        rows = [SolutionRow(*values, way=JOINED) for values in found]
        decided = reading.source("decisions").titles.pages
        self.titles = Titles(joined.order_by().values("joining_id"), *decided)
        rows += [
            SolutionRow(row.page, row.at, row.outcome)
            for row in reading.source("decisions").within(reading.whole)
            if row.outcome == ReviewDecision.Outcome.APPROVED and row.follows_clash
        ]
        rows.sort(key=lambda row: (row.at, row.page))
        self.dated = DatedRows(rows, [row.at for row in rows])
        self.groupings = {"way": lambda row: (row.way,)}

    def within(self, span: Span) -> Sequence[SolutionRow]:
        return self.dated.between(*span.bounds)

    def cells(self, row: SolutionRow) -> tuple[str, ...]:
        return long_date(row.at), self.titles.of(row.page), self.label("way", row.way)

    def label(self, grouping: str, key: str) -> str:
        return str(WAYS.get(key, key))

    def address(self, row: SolutionRow) -> tuple[str, list]:
        return "ehrenamt_admin:review_history", [row.page]
