"""What the page of an offering shows besides its own fields and its facts, as JSON: places, names and what hangs on it.

``details_of(page)`` takes it from a page, in a preview too; the read model keeps it, so that a page asks for no rows of its own.
"""

from typing import Any

from .dates import cancellation_of, dated
from .models import Mode, OfferingPage
from .places import place_facts


def details_of(page: OfferingPage) -> dict[str, Any]:
    """``dates`` stand in the order of the facts; ``place`` and ``mode`` of one are empty unless they differ from the offering's.

    Funders, who may have a logo, and files are only counted: who shows them asks for their rows.
    """
    own_place = place_facts(page)
    whole = next((row for row in page.all_cancellations() if row.occurrence_uid is None), None)
    organisation = page.organisation
    return {
        "place": own_place,
        "dates": [details_of_date(date, page, own_place) for date in dated(page)],
        "reason": whole.reason if whole else "",
        "organiser": {"name": organisation.name, "website": organisation.website} if organisation else None,
        "co_hosts": [str(host) for host in page.co_hosts.all() if str(host)],
        "trainers": [str(trainer) for trainer in page.trainers.all()],
        "funders": len(page.funders.all()),
        "downloads": len(page.downloads.all()),
    }


def details_of_date(date, page: OfferingPage, own_place: dict) -> dict[str, Any]:
    place, cancellation = place_facts(page, date), cancellation_of(date, page)
    differs = place != own_place and date.effective_mode() != Mode.ONLINE
    return {
        "place": place if differs else None,
        "mode": date.mode if date.mode != page.mode else "",
        "reason": cancellation.reason if cancellation and cancellation.occurrence_uid else "",
    }
