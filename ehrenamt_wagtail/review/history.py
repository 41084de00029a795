"""What happened to an offering or a circle page: every step with who, when, why, what was shown, and the version it was about.

Read from Wagtail's log and from our own rows (``ReviewDecision``, ``ReviewRequest``), which are written once: nothing in the
interface changes or deletes them, and they stay when the page itself is deleted.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import PageLogEntry, Revision

from ehrenamt_wagtail.programme.models import Occurrence

from .compare import describe_date
from .models import ReviewDecision, ReviewRequest
from .proposals import when_proposed
from .queries import name_of

SAVES = ("wagtail.create", "wagtail.edit")
SUBMISSIONS = ("wagtail.workflow.start", "wagtail.workflow.resume")
# Wagtail cancels a review that these make pointless, just before it logs them: nobody has withdrawn anything.
ENDING_A_REVIEW = ("wagtail.publish", "ehrenamt.join")
DECISIONS = ("wagtail.workflow.approve", "wagtail.workflow.reject")


@dataclass(frozen=True)
class HistoryEntry:
    """One step. ``warnings`` were shown to ``who`` at that moment; ``checked`` and a decision's warnings only reviewers read.

    ``revision_at`` is when the version was saved that the step was about, ``url`` where it can be seen; none if it is not kept.
    """

    what: str
    when: dt.datetime
    who: str = ""
    reasons: list[str] = field(default_factory=list)
    why: str = ""
    proposed: str = ""
    warnings: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    revision_id: int | None = None
    revision_at: dt.datetime | None = None
    url: str = ""
    # How often it was saved one after the other, where the list counts that as one step.
    times: int = 1


def words() -> dict[str, str]:
    """The log's actions in words that everybody reads; others are shown to reviewers alone."""
    return {
        "wagtail.create": _("Draft started"),
        "wagtail.edit": _("Saved"),
        "wagtail.workflow.start": _("Submitted for review"),
        "wagtail.workflow.resume": _("Submitted for review again"),
        "wagtail.workflow.cancel": _("Withdrawn"),
        "wagtail.workflow.approve": _("Approved"),
        "wagtail.workflow.reject": _("Returned"),
        "wagtail.publish": _("Published"),
        "wagtail.unpublish": _("Taken off the site"),
        "ehrenamt.cancel": pgettext("offering", "Cancelled"),
        "ehrenamt.request_day": _("Asked to join a volunteer day"),
        "ehrenamt.decide_day": _("Request to join a volunteer day answered"),
        "ehrenamt.propose_join": _("Proposed to join forces"),
        "ehrenamt.accept_join": _("Accepted to join forces"),
        "ehrenamt.decline_join": _("Declined to join forces"),
        "ehrenamt.drop_join": _("The proposal to join forces lapsed"),
        "ehrenamt.join": _("Joined forces"),
    }


def reviewers_words() -> dict[str, str]:
    """What only reviewers read besides: what an administrator did in the tree."""
    return {
        "wagtail.move": _("Moved"),
        "wagtail.copy": _("Copied"),
        "wagtail.rename": _("Renamed"),
        "wagtail.delete": _("Deleted"),
        "wagtail.lock": pgettext("page", "Locked"),
        "wagtail.unlock": pgettext("page", "Unlocked"),
    }


def history(
    page_id: int, *, for_reviewers: bool = False, every_step: bool = False, url_of: Callable[[int], str] | None = None
) -> list[HistoryEntry]:
    """The steps, the newest first; the number of queries does not depend on how many there are.

    Without ``every_step`` several saves in a row by one person count as one. An organisation reads what it was shown itself;
    what the coordinators were shown names plans of others and is for them alone (``for_reviewers``). ``url_of`` makes the
    address of a version's preview from the revision's key.
    """
    reader = Reader(page_id, for_reviewers=for_reviewers, url_of=url_of)
    entries: list[HistoryEntry] = []
    previous = newer = None
    for row in reader.log():
        entry = reader.entry(row)
        if row.action == "wagtail.workflow.cancel" and newer in ENDING_A_REVIEW:
            entry = replace(entry, what=_("Review ended"))
        newer = row.action
        if not every_step and row.action in SAVES and previous == (row.action, row.user_id):
            if row.action == "wagtail.edit":
                entries[-1] = replace(entries[-1], times=entries[-1].times + 1)
            continue
        previous = (row.action, row.user_id)
        entries.append(entry)
    return entries


class Reader:
    """Reads all that the entries of one page need, once."""

    def __init__(self, page_id: int, *, for_reviewers: bool, url_of: Callable[[int], str] | None) -> None:
        self.page_id, self.for_reviewers, self.url_of = page_id, for_reviewers, url_of
        self.words = words() | (reviewers_words() if for_reviewers else {})
        self.decisions = {row.task_state_id: row for row in ReviewDecision.objects.filter(page_id=page_id)}
        self.requests = {row.task_state_id: row for row in ReviewRequest.objects.filter(page_id=page_id)}
        self.dates = {str(date.uid): date for date in Occurrence.objects.filter(page_id=page_id)}
        revisions = Revision.page_revisions.filter(object_id=str(page_id))
        self.revisions = dict(revisions.values_list("pk", "created_at"))

    def log(self):
        rows = PageLogEntry.objects.filter(page_id=self.page_id).select_related("user").order_by("-timestamp", "-pk")
        if self.for_reviewers:
            return [row for row in rows if row.action in self.words or row.action.startswith("ehrenamt.")]
        return rows.filter(action__in=self.words)

    def entry(self, row: PageLogEntry) -> HistoryEntry:
        data = row.data if isinstance(row.data, dict) else {}
        task_state_id = (data.get("workflow") or {}).get("task_state_id")
        decision = self.decisions.get(task_state_id) if task_state_id and row.action in DECISIONS else None
        request = self.request_of(row.action, task_state_id) if task_state_id and row.action in SUBMISSIONS else None
        revision_id = (decision or request or row).revision_id or row.revision_id
        return HistoryEntry(
            what=self.what(row, data),
            when=row.timestamp,
            who=name_of(row.user),
            revision_id=revision_id,
            revision_at=self.revisions.get(revision_id),
            url=self.url_of(revision_id) if self.url_of and revision_id in self.revisions else "",
            **self.facts(decision, request, data),
        )

    def request_of(self, action: str, task_state_id: int) -> ReviewRequest | None:
        """What was submitted. Wagtail logs a resubmission with the task state that was returned; its own is the next one."""
        if action == "wagtail.workflow.start":
            return self.requests.get(task_state_id)
        following = min((key for key in self.requests if key and key > task_state_id), default=None)
        # Whoever submitted in the admin left no request: the next decision is then about that submission.
        if following is None or any(key and task_state_id < key < following for key in self.decisions):
            return None
        return self.requests[following]

    def facts(self, decision: ReviewDecision | None, request: ReviewRequest | None, data: dict) -> dict:
        if decision:
            return {
                "reasons": decision.reason_labels(),
                "why": decision.comment,
                "proposed": when_proposed(decision),
                "warnings": sentences(decision.warnings) if self.for_reviewers else [],
                "checked": decision.checklist_labels() if self.for_reviewers else [],
            }
        if request:
            return {"why": request.reason, "warnings": sentences(request.warnings)}
        return {"why": data.get("reason", "") or data.get("comment", "")}

    def what(self, row: PageLogEntry, data: dict) -> str:
        """The step in words; a cancellation names its date."""
        date = self.dates.get(str(data.get("occurrence_uid"))) if row.action == "ehrenamt.cancel" else None
        if date:
            return _("Date cancelled: %(date)s") % {"date": describe_date(date)}
        return self.words.get(row.action) or str(row.message)


def sentences(warnings) -> list[str]:
    return [str(sentence) for sentence in warnings or []]
