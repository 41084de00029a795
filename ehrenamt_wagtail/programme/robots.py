"""What search engines keep: each offering once, the plain list, the months near today. Filters make endless many addresses more."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from .filters import Filters
from .models import ListedOffering

# Followed, so that what is listed only there is found.
NOT_KEPT = "noindex,follow"
MONTHS_BEFORE, MONTHS_AHEAD = 1, 12


def for_robots(request: HttpRequest, filters: Filters, address: str, *, is_far: bool = False) -> dict[str, str]:
    """The context ``robots`` and ``canonical_url``, one of them empty. ``address`` is that of the same page without parameters."""
    if is_far or filters.active or filters.by_relevance:
        return {"robots": NOT_KEPT, "canonical_url": ""}
    part = f"?seite={filters.page}" if filters.page > 1 else ""
    return {"robots": "", "canonical_url": request.build_absolute_uri(f"{address}{part}")}


def is_far(month: dt.date) -> bool:
    """Whether a month lies so far away that hardly anything is planned for it, or that it is history."""
    today = timezone.localdate()
    distance = (month.year - today.year) * 12 + month.month - today.month
    return not -MONTHS_BEFORE <= distance <= MONTHS_AHEAD


# Sitemap


def coming(request: HttpRequest | None) -> Mapping[int, dt.datetime]:
    """When the offerings changed that are not over, by the key of their page; asked once for all pages of a sitemap."""
    found = getattr(request, "ehrenamt_coming", None)
    if found is None:
        is_coming = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
        found = dict(ListedOffering.objects.filter(is_coming).values_list("pk", "updated_at"))
        if request is not None:
            request.ehrenamt_coming = found
    return found
