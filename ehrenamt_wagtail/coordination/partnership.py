"""A proposal to join forces as one of its readers may see it: both offerings side by side. Reads only."""

from dataclasses import dataclass

from django.utils.text import capfirst

from ehrenamt_wagtail.programme.models import OfferingPage

from .models import JoinProposal
from .plans import spans_of
from .visibility import Viewer, closed_sections, when_of


@dataclass(frozen=True)
class Side:
    """One of both offerings. ``text`` and ``url`` are empty where they are not to be seen.

    Title, kind, dates, town and contact person are shown to both organisations whatever state the offering is in: the district
    brings them together with it.
    """

    offering_id: int
    title: str
    kind_label: str
    organisation: str
    dates: tuple[str, ...]
    town: str
    contact_name: str
    contact_email: str
    contact_phone: str
    text: str
    url: str
    is_own: bool
    has_accepted: bool


def sides_of(proposal: JoinProposal, viewer: Viewer) -> tuple[Side, Side]:
    """The offering that would be given up and the one that it joins; a constant number of queries."""
    closed = closed_sections()
    return (
        side_of(proposal.joining.specific, viewer, closed, has_accepted=proposal.joining_accepted_at is not None),
        side_of(proposal.host.specific, viewer, closed, has_accepted=proposal.host_accepted_at is not None),
    )


def side_of(page: OfferingPage, viewer: Viewer, closed: tuple[str, ...], *, has_accepted: bool) -> Side:
    is_own = page.organisation_id in viewer.organisation_ids
    knows_it = is_own or viewer.is_coordinator
    is_open = page.live and not page.path.startswith(closed)
    # What others know of a published offering is what stands on the site, not a change that is being written.
    shown = page.get_latest_revision_as_object() if knows_it or not page.live else page
    cancelled = page.cancelled_uids()
    shares = page.organisation is not None and page.organisation.shares_drafts
    return Side(
        offering_id=page.pk,
        title=shown.title,
        kind_label=capfirst(str(shown.kind_label)),
        organisation=str(page.organisation or ""),
        dates=tuple(when_of(date) for date in spans_of(shown) if date.uid not in cancelled),
        town=str(shown.municipality or ""),
        contact_name=shown.contact_name,
        contact_email=shown.contact_email,
        contact_phone=shown.contact_phone,
        text=shown.summary if knows_it or is_open or shares else "",
        url=(page.get_url() or "") if is_open else "",
        is_own=is_own,
        has_accepted=has_accepted,
    )
