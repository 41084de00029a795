"""Reads of the programme room that span models."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from wagtail.models import Page, PageQuerySet, Site, WorkflowState

from ehrenamt_wagtail.directory.models import Organisation

from .filters import Filters, matching
from .models import Cancellation, CoHost, Occurrence, OfferingPage, ProgrammePage, VolunteerDayPage


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

# Everything that rows, feeds and API show of an offering.
SHOWN = (
    "occurrences__venue__municipality",
    "cancellations",
    "topics",
    "organisation",
    "municipality",
    "venue__municipality",
)


def public_offerings(parent: Page) -> PageQuerySet:
    """The offerings below ``parent`` that everybody may read: live and without view restrictions.

    None below a page that was never saved, as in the preview of a new programme.
    """
    if not parent.pk:
        return OfferingPage.objects.none()
    return OfferingPage.objects.live().public().descendant_of(parent)


def programme_of(site: Site | None) -> ProgrammePage | None:
    """The public programme of a site; the first in the tree if there are several."""
    if site is None:
        return None
    pages = ProgrammePage.objects.live().public().descendant_of(site.root_page, inclusive=True)
    return pages.order_by("path").first()


def programme_listing(filters: Filters, *, now: dt.datetime, programme: Page) -> PageQuerySet:
    """The public offerings that match, one row each, as specific pages with all that rows, feeds and API show.

    Ordered by ``listed_at``, an annotation: the start of the next date that is neither cancelled nor over. Where every coming
    date is cancelled, the next of those: a cancelled offering keeps its place until its date has passed. ``listed_date`` is the
    primary key of that date.

    Without period and archive only offerings with a date that is not over. A period (``from_date``, ``to_date``) looks at the
    dates inside it alone and also reaches the past. The archive has only offerings whose last date is over, newest first.
    """
    dates = Occurrence.objects.filter(page=OuterRef("pk"))
    not_over = Exists(dates.not_over(now))
    offerings = public_offerings(programme).filter(matching(filters))
    if filters.has_window:
        dates = dates.between(*filters.window())
        offerings = offerings.filter(Exists(dates))
    if filters.archive:
        offerings = offerings.filter(~not_over, Exists(dates))
    elif not filters.has_window:
        offerings = offerings.filter(not_over)
    ranked = by_relevance(dates, now=now, newest_first=filters.archive)
    offerings = offerings.annotate(
        listed_at=Subquery(ranked.values("starts_at")[:1]),
        listed_date=Subquery(ranked.values("pk")[:1]),
    )
    order = ("-listed_at", "-pk") if filters.archive else ("listed_at", "pk")
    return offerings.order_by(*order).specific().prefetch_related(*SHOWN)


def by_relevance(dates, *, now: dt.datetime, newest_first: bool):
    """Dates of one offering, the one it is listed by first: not over before over, taking place before cancelled."""
    is_over = Case(When(ends_at__lte=now, then=Value(1)), default=Value(0))
    is_cancelled = Case(When(Exists(cancellations_of_date()), then=Value(1)), default=Value(0))
    by_start = F("starts_at").desc() if newest_first else F("starts_at").asc()
    return dates.annotate(is_over=is_over, is_cancelled=is_cancelled).order_by("is_over", "is_cancelled", by_start, "pk")


def cancellations_of_date():
    """The cancellations that hit the date of the outer query: its own or one of the whole offering."""
    whole_or_date = Q(occurrence_uid=None) | Q(occurrence_uid=OuterRef("uid"))
    return Cancellation.objects.filter(whole_or_date, offering=OuterRef("page"))


def programme_dates(
    filters: Filters, *, now: dt.datetime, programme: Page, span: tuple[dt.datetime, dt.datetime] | None = None
) -> list[Occurrence]:
    """The single dates of the offerings that match, by start; ``date.page`` is the specific page, prefetched as in the listing.

    With ``span``, a half-open pair of aware datetimes, all dates that touch it, past ones too. Without it the dates of the
    offerings in the listing. A period leaves only the dates inside it, a town only those that take place there.
    """
    if span is None:
        offerings = programme_listing(filters, now=now, programme=programme)
    else:
        touching = Occurrence.objects.filter(page=OuterRef("pk")).between(*span)
        offerings = public_offerings(programme).filter(matching(filters), Exists(touching))
        if filters.archive:
            offerings = offerings.exclude(Exists(Occurrence.objects.filter(page=OuterRef("pk")).not_over(now)))
        offerings = offerings.order_by("pk").specific().prefetch_related(*SHOWN)
    spans = [given for given in (span, filters.window() if filters.has_window else None) if given]
    towns = {town.pk for town in filters.municipalities}
    dates = [
        date
        for page in offerings
        for date in dated(page)
        if all(date.starts_at < end and date.ends_at > start for start, end in spans)
        and (not towns or town_id_of(date) in towns)
    ]
    return sorted(dates, key=lambda date: (date.starts_at, date.ends_at, date.page_id, date.pk))


def dated(page: OfferingPage) -> list[Occurrence]:
    """The dates of a page in their order, without those that have no start yet; works on a page never saved, too.

    Each knows ``page`` as given, so that asking it for its venue reads nothing.
    """
    dates = []
    for date in page.occurrences.all():
        if (span := date.span()) is not None:
            date.starts_at, date.ends_at = span
            date.page = page
            dates.append(date)
    return sorted(dates, key=lambda date: (date.starts_at, date.ends_at, date.pk or 0))


def town_id_of(date: Occurrence) -> int | None:
    return date.venue.municipality_id if date.venue_id else date.page.municipality_id


def organisers_in(programme: Page):
    """The organisations that offer something in the programme or take part in it, by name."""
    offerings = public_offerings(programme).order_by()
    hosts = CoHost.objects.filter(page__in=offerings).exclude(organisation=None)
    return Organisation.objects.filter(
        Q(pk__in=offerings.values("organisation")) | Q(pk__in=hosts.values("organisation"))
    ).order_by("name")


def parts_of_day(day: VolunteerDayPage) -> list[OfferingPage]:
    """The public offerings below a volunteer day, specific and prefetched."""
    if not day.pk:
        return []
    pages = public_offerings(day).order_by("path")
    return list(pages.specific().prefetch_related(*SHOWN))


def offerings_near(*, municipality, topics, now: dt.datetime, programme: Page, limit: int = 5) -> list[OfferingPage]:
    """The next offerings in a town or of one of ``topics``; none for neither."""
    here = Q()
    if municipality is not None:
        in_town = OfferingPage.objects.filter(occurrences__venue__municipality=municipality)
        here |= Q(municipality=municipality) | Q(pk__in=in_town.order_by().values("pk"))
    if topics:
        of_topics = OfferingPage.objects.filter(topics__in=topics)
        here |= Q(pk__in=of_topics.order_by().values("pk"))
    if not here:
        return []
    return list(programme_listing(Filters(), now=now, programme=programme).filter(here)[:limit])
