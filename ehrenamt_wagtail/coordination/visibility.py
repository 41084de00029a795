"""What of a planned date may be shown to whom. Every page, mail, feed and answer asks here and nowhere else.

Of others' unpublished plans an organisation sees date, town, topic, kind and organiser; title and text only where the other
organisation shares its plans (``Organisation.shares_drafts``). The district's coordinators see everything.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import pgettext
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.directory.queries import is_coordinator, organisations_of
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.models.pages import offering_models

from .models import PlannedDate, PlanState


@dataclass(frozen=True)
class Viewer:
    """Who looks: a coordinator sees everything, others what their organisations may see."""

    organisation_ids: frozenset[int] = frozenset()
    is_coordinator: bool = False


@dataclass(frozen=True)
class PlanView:
    """A planned date as one viewer may see it. Empty ``title`` and ``text``: not to be shown, or not given."""

    planned_id: int
    when: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_all_day: bool
    town: str
    topics: tuple[str, ...]
    kind_label: str
    organiser: str
    state: str
    state_label: str
    is_cancelled: bool
    is_own: bool
    title: str = ""
    text: str = ""
    # The public page if there is one.
    url: str = ""
    # What the date belongs to, for links of rooms above: of public and own ones, and for coordinators.
    offering_id: int | None = None
    hold_id: int | None = None


def viewer_of(user) -> Viewer:
    """Whose eyes the person looks with; asks the database."""
    own = organisations_of(user).values_list("pk", flat=True)
    return Viewer(organisation_ids=frozenset(own), is_coordinator=is_coordinator(user))


def viewer_for(*organisation_ids: int | None) -> Viewer:
    """The eyes of organisations, whoever of their members looks."""
    return Viewer(organisation_ids=frozenset(filter(None, organisation_ids)))


def views_of(planned: Iterable[PlannedDate], viewer: Viewer) -> list[PlanView]:
    """In the given order; a constant number of queries for all of them."""
    rows = list(planned)
    if not rows:
        return []
    prefetch_related_objects(rows, "topics", "organisation", "municipality", "offering")
    kinds, closed = kind_labels(), closed_sections()
    return [view_of(row, viewer, kinds, is_open=is_open(row, closed)) for row in rows]


def closed_sections() -> tuple[str, ...]:
    """Paths of the pages that only some people may read, with all below them; asks the database."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def is_open(planned: PlannedDate, closed: tuple[str, ...]) -> bool:
    """Whether everybody can read the date on the site."""
    return planned.is_public and planned.offering is not None and not planned.offering.path.startswith(closed)


def view_of(planned: PlannedDate, viewer: Viewer, kinds: dict[str, str], *, is_open: bool) -> PlanView:
    is_own = planned.organisation_id in viewer.organisation_ids
    knows_it = viewer.is_coordinator or is_own or is_open
    shows_all = knows_it or (planned.organisation is not None and planned.organisation.shares_drafts)
    return PlanView(
        planned_id=planned.pk,
        when=when_of(planned),
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        is_all_day=planned.is_all_day,
        town=str(planned.municipality or ""),
        topics=tuple(topic.name for topic in planned.topics.all()),
        kind_label=pgettext("date", "Hold") if planned.hold_id else kinds.get(planned.art, ""),
        organiser=str(planned.organisation or ""),
        state="cancelled" if planned.is_cancelled else planned.state,
        state_label=pgettext("offering", "Cancelled") if planned.is_cancelled else str(PlanState(planned.state).label),
        is_cancelled=planned.is_cancelled,
        is_own=is_own,
        title=planned.title if shows_all else "",
        text=planned.text if shows_all else "",
        url=(planned.offering.get_url() or "") if is_open else "",
        offering_id=planned.offering_id if knows_it else None,
        hold_id=planned.hold_id if knows_it else None,
    )


def when_of(planned: PlannedDate) -> str:
    """„Donnerstag, 14. März 2027, 19–21 Uhr“ in the site's zone."""
    start = timezone.localtime(planned.starts_at)
    if planned.is_all_day:
        last = timezone.localtime(planned.ends_at - dt.timedelta(seconds=1)).date()
        return date_range(start.date(), last if last > start.date() else None, all_day=True)
    return date_range(planned.starts_at, planned.ends_at if planned.has_end else None)


def kind_labels() -> dict[str, str]:
    """Labels by the value of the address parameter ``art``, a host's own kinds included."""
    return {value: str(label) for model in offering_models() for value, label, _condition in model.art_choices()}
