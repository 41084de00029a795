"""Who did what with a page, when and why, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.review.models import ReviewDecision

from .facts import date_text

# Wagtail's log in our words; approving, returning and cancelling have rows of their own that know the reasons.
WORDS = {
    "wagtail.create": gettext_lazy("Started"),
    "wagtail.edit": gettext_lazy("Changed"),
    "wagtail.copy": gettext_lazy("Copied"),
    "wagtail.move": gettext_lazy("Moved in the programme"),
    "wagtail.publish": gettext_lazy("Published"),
    "wagtail.unpublish": gettext_lazy("Taken off the website"),
    "wagtail.revert": gettext_lazy("Set back to an earlier version"),
    "wagtail.workflow.start": gettext_lazy("Submitted for review"),
    "wagtail.workflow.resume": gettext_lazy("Submitted for review again"),
    "wagtail.workflow.cancel": gettext_lazy("Withdrawn from review"),
}
OUTCOMES = {
    ReviewDecision.Outcome.APPROVED: gettext_lazy("Approved and published"),
    ReviewDecision.Outcome.RETURNED: gettext_lazy("Returned"),
}


@dataclass(frozen=True)
class Entry:
    when: datetime
    what: str
    who: str = ""
    why: str = ""
    reasons: tuple[str, ...] = ()


def history_of(page) -> list[Entry]:
    """All that happened to the page, the newest first."""
    decisions = list(ReviewDecision.objects.filter(page_id=page.pk).select_related("actor"))
    approved_at = [entry.at for entry in decisions if entry.outcome == ReviewDecision.Outcome.APPROVED]
    entries = [*log_entries(page, approved_at), *(decision_entry(decision) for decision in decisions)]
    if isinstance(page, OfferingPage):
        entries += cancellation_entries(page)
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def log_entries(page, approved_at: list[datetime]) -> list[Entry]:
    rows = PageLogEntry.objects.filter(page=page.pk).select_related("user").order_by("timestamp")
    entries: list[Entry] = []
    for row in rows:
        if row.action == "wagtail.publish" and any(abs((row.timestamp - at).total_seconds()) < 60 for at in approved_at):
            # Part of the approval.
            continue
        what, why = words_for(row)
        if not what:
            continue
        entry = Entry(row.timestamp, what, name_of(row.user), why)
        last = entries[-1] if entries else None
        is_same = last and (last.what, last.who) == (entry.what, entry.who)
        if is_same and row.action == "wagtail.edit":
            # Ten saves in a row are one change.
            entries.pop()
        entries.append(entry)
    return entries


def words_for(row: PageLogEntry) -> tuple[str, str]:
    """What the log says, and why; empty for what partners need not know."""
    data = row.data or {}
    if row.action == "ehrenamt.request_day":
        return _("Asked to be part of “%(day)s”") % {"day": data.get("day", "")}, ""
    if row.action == "ehrenamt.decide_day":
        text = _("Accepted as part of “%(day)s”") if data.get("accepted") else _("Declined as part of “%(day)s”")
        return text % {"day": data.get("day", "")}, data.get("comment", "")
    return str(WORDS.get(row.action, "")), ""


def decision_entry(decision: ReviewDecision) -> Entry:
    what = str(OUTCOMES[decision.outcome])
    return Entry(decision.at, what, name_of(decision.actor), decision.comment, tuple(decision.reason_labels()))


def cancellation_entries(page: OfferingPage) -> list[Entry]:
    dates = {date.uid: date_text(date) for date in Occurrence.objects.filter(page_id=page.pk)}
    entries = []
    for row in page.cancellations.select_related("by"):
        date = dates.get(row.occurrence_uid, "")
        what = _("Date cancelled: %(date)s") % {"date": date} if row.occurrence_uid else _("Cancelled")
        entries.append(Entry(row.at, what, name_of(row.by), row.reason))
    return entries


def name_of(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""
