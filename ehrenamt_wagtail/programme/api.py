"""The read-only API: the listing as JSON. Reading sets no cookie and touches no session."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from wagtail.models import Site

from ehrenamt_wagtail.conf import conf

from .facts import OfferingFacts
from .filters import parse_filters
from .freshness import cacheable
from .listing import Listing
from .queries import programme_of


@csrf_exempt
@require_safe
def offerings_api(request: HttpRequest) -> HttpResponse:
    """``/api/angebote/``: the listing as JSON, with the parameters of the listing; 20 a page."""
    programme = programme_of(Site.find_for_request(request))
    content: dict = {"count": 0, "next": None, "results": []}
    if programme is not None:
        filters = parse_filters(request.GET)
        listing = Listing(filters, now=timezone.now(), programme=programme)
        page = Paginator(listing, conf.ITEMS_PER_PAGE).get_page(filters.page)
        base_url = request.build_absolute_uri(programme.get_url(request))
        content["count"] = page.paginator.count
        content["results"] = [as_json(listed.facts, base_url) for listed in page]
        if page.has_next():
            query = request.GET.copy()
            query["seite"] = str(page.next_page_number())
            content["next"] = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    # Scripts of other sites may read it: it is the same for everybody, whoever is signed in.
    response["Access-Control-Allow-Origin"] = "*"
    return cacheable(request, response, seconds=0)


def as_json(facts: OfferingFacts, base_url: str) -> dict:
    return {
        "id": facts.id,
        "url": base_url + facts.address,
        "title": facts.title,
        "kind": facts.kind,
        "format": facts.format,
        "organiser": facts.organiser_slug or None,
        "municipality": facts.town_slug or None,
        "topics": [slug for slug, _name in facts.topics],
        "dates": [
            {
                "uid": date.uid,
                "start": iso(date.start),
                "end": iso(date.end),
                "all_day": date.all_day,
                "mode": date.mode,
                "cancelled": date.cancelled,
            }
            for date in facts.dates
        ],
        "updated": iso(facts.updated),
    }


def iso(value: dt.date | dt.datetime | None) -> str | None:
    """A plain date, or a local time to the second with its offset."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if value else None
