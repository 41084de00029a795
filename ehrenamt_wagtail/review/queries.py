"""Reads for the review: what waits, what is known about it, what happened before."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState, WorkflowState, get_page_models

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination.many import ClashCount, count_clashes
from ehrenamt_wagtail.coordination.models import PlannedDate
from ehrenamt_wagtail.coordination.visibility import kind_labels
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage, ReviewablePage

from .deadlines import Light, due_date, due_dates, light_of, soon_until
from .models import ReviewClaim, ReviewRequest, ReviewTask

NEW, CHANGE = "new", "change"


class Urgency:
    NONE, NEAR, OVER = "", "near", "over"


@dataclass(frozen=True)
class Waiting:
    """A submission that waits, as cheap as possible: what filters and order need.

    ``due`` is the last day of the promise, ``art`` the value of the address parameter, or the model's name for what is no
    offering. ``claimed_by`` is the key of who is working on it.
    """

    task_state_id: int
    page_id: int
    organisation_id: int | None
    is_change: bool
    due: dt.date
    light: Light = Light.IN_TIME
    art: str = ""
    claimed_by: int | None = None


@dataclass
class Submission:
    """A row of the queue. ``dates`` are those of the submitted version that are not cancelled."""

    row: Waiting
    task_state: TaskState
    page: Page
    organisation: Organisation | None
    dates: list[Occurrence] = field(default_factory=list)
    published_uids: set[str] = field(default_factory=set)
    claim: ReviewClaim | None = None
    # What competes with it now, where the list asked for that; and why it was submitted all the same.
    clashes: ClashCount = ClashCount()
    reason: str = ""
    # When the newest version was saved: with its key it names what is approved.
    latest_at: dt.datetime | None = None

    @property
    def due(self) -> dt.date:
        return self.row.due

    @property
    def light(self) -> Light:
        return self.row.light

    @property
    def key(self) -> str:
        """What stands for the submission as it is shown, in forms that decide on several."""
        return "_".join([str(self.task_state.pk), str(self.page.latest_revision_id), self.latest_at.isoformat()])

    @property
    def may_be_selected(self) -> bool:
        """Whether it may be approved with others: nothing that the queue knows needs a look. The action asks again."""
        return not (self.clashes.number or self.reason or self.urgency == Urgency.OVER)

    @property
    def title(self) -> str:
        return self.task_state.revision.content.get("title") or self.page.title

    @property
    def kind_label(self) -> str:
        return capfirst(getattr(self.page, "kind_label", "") or self.page._meta.verbose_name)

    @property
    def is_change(self) -> bool:
        return self.page.live

    @property
    def submitted_by(self):
        return self.task_state.revision.user or self.task_state.workflow_state.requested_by

    @property
    def days_waiting(self) -> int:
        """Whole local days since it was submitted."""
        return (timezone.localdate() - timezone.localdate(self.task_state.started_at)).days

    @cached_property
    def first_date(self) -> Occurrence | None:
        """The next date, or the last one if all are over; ``None`` without dates (a circle)."""
        now = timezone.now()
        dated = sorted(((date.span(), date) for date in self.dates if date.span()), key=lambda pair: pair[0])
        coming = [date for span, date in dated if span[1] > now]
        return coming[0] if coming else dated[-1][1] if dated else None

    @cached_property
    def urgency(self) -> str:
        """Over: the next date has passed, or one that was never published. Near: within ``conf.REVIEW_NEAR_DAYS`` days."""
        now = timezone.now()
        if self.first_date is None:
            return Urgency.NONE
        new_and_over = [
            date for date in self.dates if date.span() and date.span()[1] <= now and str(date.uid) not in self.published_uids
        ]
        start, end = self.first_date.span()
        if new_and_over or end <= now:
            return Urgency.OVER
        near = timezone.localdate() + dt.timedelta(days=conf.REVIEW_NEAR_DAYS)
        return Urgency.NEAR if timezone.localdate(start) <= near else Urgency.NONE


def tasks_of(user) -> list[ReviewTask]:
    """The review tasks that ``user`` decides on."""
    if not (user.is_authenticated and user.is_active):
        return []
    return [task for task in ReviewTask.objects.all() if task.get_actions(None, user)]


def is_reviewer(user) -> bool:
    return bool(tasks_of(user))


def waiting_task_states(user) -> QuerySet[TaskState]:
    """What waits for ``user``, the oldest first."""
    return TaskState.objects.filter(
        task__in=[task.pk for task in tasks_of(user)],
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
    ).order_by("started_at", "pk")


def waits_elsewhere(user) -> bool:
    """Whether something waits for ``user`` in another workflow of the site."""
    ours = ReviewTask.objects.values("pk")
    return TaskState.objects.reviewable_by(user).exclude(task__in=ours).exists()


def offerings_awaiting_review(user) -> list[Waiting]:
    """Everything that waits for ``user``, the oldest first; the number of queries does not depend on how much it is."""
    found = list(waiting_task_states(user).values_list("pk", "workflow_state__object_id", "started_at"))
    pages = reviewable_pages({page_id for _pk, page_id, _at in found})
    return [
        Waiting(
            task_state_id=pk,
            page_id=int(page_id),
            organisation_id=page["organisation_id"],
            is_change=page["live"],
            due=due,
            light=light,
            art=page["art"],
            claimed_by=claim.user_id if claim else None,
        )
        for (pk, page_id, _at), due, light, claim in with_deadlines(found)
        if (page := pages.get(page_id))
    ]


def with_deadlines(found: list[tuple]) -> Iterable[tuple]:
    """Each row with its last day, its light and who is working on it."""
    due, soon = due_dates(at for _pk, _page_id, at in found), soon_until()
    claims = claims_of(pk for pk, _page_id, _at in found)
    for row in found:
        day = due[timezone.localdate(row[2])]
        yield row, day, light_of(day, soon=soon), claims.get(row[0])


def number_overdue(user) -> tuple[int, int]:
    """How much waits for ``user``, and how much of it is overdue; one query besides those for the tasks."""
    submitted = list(waiting_task_states(user).values_list("started_at", flat=True))
    due, today = due_dates(submitted), timezone.localdate()
    return len(submitted), sum(due[timezone.localdate(at)] < today for at in submitted)


def reviewable_pages(ids: Iterable[str]) -> dict[str, dict]:
    """``organisation_id``, ``live`` and ``art`` by page id (as text); one query for each table that has an organisation."""
    ids = [int(pk) for pk in ids if pk.isdigit()]
    arts = dict(PlannedDate.objects.filter(offering__in=ids).order_by().values_list("offering_id", "art"))
    found = {}
    for model in get_page_models():
        if issubclass(model, ReviewablePage) and model._meta.get_field("organisation").model is model:
            for row in model.objects.filter(pk__in=ids).values("pk", "live", "organisation_id"):
                row["art"] = arts.get(row["pk"], "") if issubclass(model, OfferingPage) else model._meta.model_name
                found[str(row["pk"])] = row
    return found


def arts_waiting(rows: Iterable[Waiting]) -> list[tuple[str, str]]:
    """The kinds that wait, with their labels, by label."""
    labels = kind_labels() | {
        model._meta.model_name: capfirst(model._meta.verbose_name)
        for model in get_page_models()
        if issubclass(model, ReviewablePage) and not issubclass(model, OfferingPage)
    }
    return sorted(((art, labels[art]) for art in {row.art for row in rows} if art in labels), key=lambda pair: pair[1])


def clashes_of(rows: Iterable[Waiting]) -> dict[int, ClashCount]:
    """What competes now with each submission, by page; a constant number of queries."""
    return count_clashes({row.page_id for row in rows})


def submissions(rows: Iterable[Waiting], clashes: dict[int, ClashCount] | None = None) -> list[Submission]:
    """The rows of the queue with all that is shown, in the given order; a constant number of queries."""
    rows = list(rows)
    page_ids = [row.page_id for row in rows]
    states = (
        TaskState.objects.filter(pk__in=[row.task_state_id for row in rows])
        .select_related("revision__user", "workflow_state__requested_by", "task")
        .in_bulk()
    )
    pages = {page.pk: page for page in Page.objects.filter(pk__in=page_ids).specific()}
    organisations = Organisation.objects.in_bulk({row.organisation_id for row in rows if row.organisation_id})
    cancelled = cancelled_by_page(page_ids)
    published = published_by_page(page_ids)
    claims = claims_of(states)
    latest = dict(
        Revision.objects.filter(pk__in=[page.latest_revision_id for page in pages.values()]).values_list("pk", "created_at")
    )
    reasons = dict(ReviewRequest.objects.filter(task_state__in=list(states)).values_list("task_state_id", "reason"))
    return [
        Submission(
            row=row,
            task_state=states[row.task_state_id],
            page=pages[row.page_id],
            organisation=organisations.get(row.organisation_id),
            dates=dates_in(states[row.task_state_id].revision.content, without=cancelled.get(row.page_id, set())),
            published_uids=published.get(row.page_id, set()),
            claim=claims.get(row.task_state_id),
            clashes=(clashes or {}).get(row.page_id, ClashCount()),
            reason=reasons.get(row.task_state_id, ""),
            latest_at=latest.get(pages[row.page_id].latest_revision_id),
        )
        for row in rows
        if row.task_state_id in states and row.page_id in pages
    ]


def submission(task_state: TaskState) -> Submission:
    """One submission, whatever has become of it."""
    page_id = int(task_state.workflow_state.object_id)
    page = Page.objects.get(pk=page_id).specific
    due = due_date(task_state.started_at)
    row = Waiting(task_state.pk, page_id, page.organisation_id, page.live, due, light_of(due))
    return submissions([row])[0]


def dates_in(content: dict, *, without: set[str] | None) -> list[Occurrence]:
    """The dates of a revision's content as unsaved objects; none when the whole offering (``None``) is cancelled."""
    if without is None:
        return []
    return [
        Occurrence(
            uid=row.get("uid"),
            start=parse_datetime(row.get("start") or ""),
            end=parse_datetime(row.get("end") or ""),
            start_date=parse_date(row.get("start_date") or ""),
            end_date=parse_date(row.get("end_date") or ""),
        )
        for row in content.get("occurrences", [])
        if row.get("uid") not in without
    ]


def cancelled_by_page(page_ids: list[int]) -> dict[int, set[str] | None]:
    """The uids of cancelled dates; ``None`` where the whole offering is cancelled."""
    found: dict[int, set[str] | None] = {}
    for page_id, uid in Cancellation.objects.filter(offering_id__in=page_ids).values_list("offering_id", "occurrence_uid"):
        uids = found.setdefault(page_id, set())
        if uid is None:
            found[page_id] = None
        elif uids is not None:
            uids.add(str(uid))
    return found


def published_by_page(page_ids: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Occurrence.objects.filter(page_id__in=page_ids, page__first_published_at__isnull=False)
    for page_id, uid in rows.values_list("page_id", "uid"):
        found.setdefault(page_id, set()).add(str(uid))
    return found


def claims_of(task_state_ids: Iterable[int]) -> dict[int, ReviewClaim]:
    """Who is working on which submission, by task state; what is too old to count is left out."""
    rows = ReviewClaim.objects.current().filter(task_state__in=list(task_state_ids)).select_related("user")
    return {row.task_state_id: row for row in rows}


def next_in_queue(user, *, after: TaskState) -> int | None:
    """The task state to go on with: the oldest that was submitted after ``after``, else the oldest of all."""
    ids = [row.task_state_id for row in offerings_awaiting_review(user) if row.task_state_id != after.pk]
    if not ids:
        return None
    later = waiting_task_states(user).filter(pk__in=ids, started_at__gte=after.started_at).values_list("pk", flat=True).first()
    return later or ids[0]


def organisations_waiting(rows: Iterable[Waiting]) -> list[Organisation]:
    """Who has something in the queue, by name."""
    return list(Organisation.objects.filter(pk__in={row.organisation_id for row in rows}).order_by("name"))


def outcome_of(task_state: TaskState) -> str:
    """What became of a submission that does not wait any more, as a sentence."""
    facts = {"who": name_of(task_state.finished_by) or _("Somebody"), "when": long_date(task_state.finished_at or timezone.now())}
    if task_state.status == TaskState.STATUS_APPROVED:
        return _("%(who)s approved this on %(when)s.") % facts
    if task_state.status == TaskState.STATUS_REJECTED:
        return _("%(who)s returned this on %(when)s.") % facts
    return _("%(who)s withdrew this on %(when)s.") % facts


def is_own_offering(page: Page, user) -> bool:
    return Organisation.objects.of_user(user).filter(pk=page.organisation_id).exists()


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""
