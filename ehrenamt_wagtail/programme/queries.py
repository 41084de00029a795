"""Reads of the programme room that span models."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from wagtail.models import Page, Site, WorkflowState

from .models import OfferingPage, ProgrammePage
from .translations import is_multilingual


@dataclass(frozen=True)
class OfferingState:
    """Where a page stands. ``code`` is one of the class constants, ``label`` plain words, ``comment`` the reviewer's."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    CHANGE_DRAFT = "change_draft"
    CHANGE_IN_REVIEW = "change_in_review"
    CHANGE_RETURNED = "change_returned"
    CANCELLED = "cancelled"
    PAST = "past"

    code: str
    label: str
    comment: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.code in (self.IN_REVIEW, self.CHANGE_IN_REVIEW)

    @property
    def is_returned(self) -> bool:
        return self.code in (self.RETURNED, self.CHANGE_RETURNED)


def offering_state(page, *, now=None) -> OfferingState:
    """The state of an offering or circle page, derived from Wagtail's rows alone.

    For lists load the pages with ``prefetch_workflow_states()`` and, for offerings, ``occurrences`` and ``cancellations``
    prefetched: then this asks the database nothing.
    """
    now = now or timezone.now()
    if isinstance(page, OfferingPage) and page.live:
        if page.is_cancelled():
            return OfferingState(OfferingState.CANCELLED, pgettext("offering", "Cancelled"))
        if page.is_past(now) and page.current_workflow_state is None:
            return OfferingState(OfferingState.PAST, _("Past"))
    workflow_state = page.current_workflow_state
    if workflow_state is not None:
        task_state = workflow_state.current_task_state
        if workflow_state.status == WorkflowState.STATUS_IN_PROGRESS:
            days = (timezone.localdate(now) - timezone.localdate(task_state.started_at if task_state else now)).days
            if page.live:
                return OfferingState(OfferingState.CHANGE_IN_REVIEW, _("Change in review"))
            if days < 1:
                return OfferingState(OfferingState.IN_REVIEW, _("In review since today"))
            label = ngettext("In review for %(days)s day", "In review for %(days)s days", days) % {"days": days}
            return OfferingState(OfferingState.IN_REVIEW, label)
        comment = task_state.comment if task_state else ""
        code = OfferingState.CHANGE_RETURNED if page.live else OfferingState.RETURNED
        return OfferingState(code, _("Change returned") if page.live else _("Returned"), comment)
    if page.live:
        if page.has_unpublished_changes:
            return OfferingState(OfferingState.CHANGE_DRAFT, _("Published, change not submitted"))
        return OfferingState(OfferingState.PUBLISHED, _("Published"))
    return OfferingState(OfferingState.DRAFT, _("Draft"))


# What the public reads


def programme_of(site: Site | None) -> ProgrammePage | None:
    """The public programme of a site in the language of the reader; the first in the tree if there are several."""
    if site is None:
        return None
    pages = ProgrammePage.objects.live().public().descendant_of(site.root_page, inclusive=True)
    programme = pages.order_by("path").first()
    if programme is None or not is_multilingual():
        return programme
    translation = programme.localized
    return translation if translation == programme or not translation.get_view_restrictions() else programme


def at_or_below(pages: Iterable[Page], model: type[Page]) -> QuerySet:
    """Pages of this type that would be deleted with ``pages``."""
    found = model.objects.none()
    for page in pages:
        found |= model.objects.descendant_of(page, inclusive=True)
    return found
