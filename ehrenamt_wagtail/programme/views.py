"""The public pages of the programme and the read-only API.

Reading sets no cookie and touches no session. The page classes call the functions that end in ``_context``.
"""

import datetime as dt
import hashlib
from urllib.parse import urlencode

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from wagtail.models import Site

from ehrenamt_wagtail import formatting
from ehrenamt_wagtail.conf import conf

from .filters import FIRST_YEAR, LAST_YEAR, Filters, kind_choices, local_midnight, parse_filters, shown
from .forms import FilterForm
from .models import OfferingPage, ProgrammePage, VolunteerDayPage
from .presentation import (
    breadcrumbs,
    cancellation_of,
    date_lines,
    language_names,
    month_link,
    month_weeks,
    offering_row,
    place_of,
    shown_end,
    shown_start,
    timetable,
    updated_at,
    weekday_names,
)
from .providers import seats_in_words, sign_up_box
from .queries import dated, parts_of_day, programme_dates, programme_listing, programme_of

# Programme


def listing_context(programme: ProgrammePage, request: HttpRequest) -> dict:
    """The list of offerings with filter form, notices and pages."""
    now = timezone.now()
    filters = parse_filters(request.GET)
    listed = page_of_listing(filters, now=now, programme=programme)
    notices = list(filters.notices)
    if filters.page > listed.paginator.num_pages:
        notices.append(
            _("There is no page %(page)s. You see the last one, page %(last)s.")
            % {"page": filters.page, "last": listed.paginator.num_pages}
        )
    seats = seats_in_words(listed, now)
    return common_context(programme, request, filters, current="list") | {
        "page_obj": listed,
        "is_archive": filters.archive,
        "count": listed.paginator.count,
        "rows": [offering_row(page, now=now, request=request, seats=seats.get(page.pk, "")) for page in listed],
        "notices": notices,
    }


def page_of_listing(filters: Filters, *, now: dt.datetime, programme: ProgrammePage) -> Slice:
    """One page of the listing; a number behind the last page gives the last one."""
    listing = programme_listing(filters, now=now, programme=programme)
    return Paginator(listing, conf.ITEMS_PER_PAGE).get_page(filters.page)


def common_context(programme: ProgrammePage, request: HttpRequest, filters: Filters, *, current: str) -> dict:
    """What list and month view share. Links to the other views and to the feeds carry the same filters."""
    url = programme.get_url(request) or ""
    query = encoded(request.GET, without={"seite"})
    other = encoded(request.GET, without={"seite", "archiv"})
    today = timezone.localdate()
    month = f"{url}kalender/{today.year}/{today.month}/{other}"
    archive = f"{url}{other}{'&' if other else '?'}archiv=1"
    views = [
        {"label": _("List"), "url": f"{url}{other}", "current": current == "list" and not filters.archive},
        {"label": _("Calendar"), "url": month, "current": current == "month"},
        {"label": _("Archive"), "url": archive, "current": current == "list" and filters.archive},
    ]
    return {
        "filters": filters,
        "filter_form": FilterForm(filters, programme=programme),
        "filters_open": False,
        "active_count": len(filters.active),
        "chips": filter_chips(request.GET, filters),
        "reset_url": "?",
        "notices": list(filters.notices),
        "views": views,
        "calendar_url": f"{url}kalender.ics{query}",
        "feed_url": f"{url}feed.atom{query}",
        "breadcrumb_items": breadcrumbs(programme, request),
    }


def encoded(parameters: QueryDict, *, without: frozenset[str] | set[str] = frozenset()) -> str:
    """The parameters as ``?a=1``, or nothing; empty values of the form are dropped."""
    pairs = [
        (name, value) for name, values in parameters.lists() if name not in without for value in values if value.strip()
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


def filter_chips(parameters: QueryDict, filters: Filters) -> list[dict]:
    """The active filters, each with the address of the same list without it."""
    kinds = kind_choices() if filters.kinds else {}
    active = [("gemeinde", entry.slug, entry.name) for entry in filters.municipalities]
    active += [("thema", entry.slug, entry.name) for entry in filters.topics]
    active += [("art", value, kinds[value][0]) for value in filters.kinds]
    active += [("traeger", entry.slug, entry.name) for entry in filters.organisers]
    if filters.from_date:
        active.append(("von", None, _("from %(date)s") % {"date": formatting.short_date(filters.from_date)}))
    if filters.to_date:
        active.append(("bis", None, _("until %(date)s") % {"date": formatting.short_date(filters.to_date)}))
    if filters.archive:
        active.append(("archiv", None, _("Only past offerings")))
    if filters.q:
        active.append(("q", None, _("Search: %(words)s") % {"words": shown(filters.q)}))
    return [{"label": label, "remove_url": address_without(parameters, name, value)} for name, value, label in active]


def address_without(parameters: QueryDict, name: str, value: str | None) -> str:
    query = parameters.copy()
    query.setlist(name, [item for item in query.getlist(name) if value is not None and item.strip() != value])
    return encoded(query, without={"seite"}) or "?"


# Month view


def current_month(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    url = programme.get_url(request) or ""
    return HttpResponseRedirect(f"{url}kalender/{today.year}/{today.month}/{encoded(request.GET, without={'seite'})}")


def month_context(programme: ProgrammePage, request: HttpRequest, *, year: int, month: int) -> dict:
    """The month view. Raises ``Http404`` for a month that does not exist or lies outside the programme."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    first = dt.date(year, month, 1)
    following = neighbour(first, 1)
    filters = parse_filters(request.GET)
    span = (local_midnight(first), local_midnight(following))
    dates = programme_dates(filters, now=timezone.now(), programme=programme, span=span)
    url = programme.get_url(request) or ""
    query = encoded(request.GET, without={"seite"})

    def link(target: dt.date) -> dict | None:
        if not FIRST_YEAR <= target.year <= LAST_YEAR:
            return None
        return {"url": f"{url}kalender/{target.year}/{target.month}/{query}", "label": month_link(target)}

    return common_context(programme, request, filters, current="month") | {
        "count": len(dates),
        "month": {
            "title": month_link(first),
            "previous": link(neighbour(first, -1)),
            "next": link(following),
            "weekdays": weekday_names(),
            "weeks": month_weeks(first, dates, today=timezone.localdate(), request=request),
        },
    }


def neighbour(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


# One offering


def offering_context(page: OfferingPage, request: HttpRequest) -> dict:
    """The page of an offering, also in a preview of one that was never saved."""
    now = timezone.now()
    dates = date_lines(page, now=now)
    whole = next((row for row in page.all_cancellations() if row.occurrence_uid is None), None)
    context = {
        "dates": dates,
        "place": place_of(page),
        "cancelled": page.is_cancelled(),
        "cancellation_reason": whole.reason if whole else "",
        "past": bool(dates) and all(date.past for date in dates),
        "language_names": language_names(page),
        "co_hosts": [host for host in page.co_hosts.all() if str(host)],
        "funders": list(page.funders.all()),
        "trainers": list(page.trainers.all()),
        "downloads": list(page.downloads.all()),
        "topics": list(page.topics.all()),
        "phone_link": "".join(character for character in page.contact_phone if character in "+0123456789"),
        "meta_description": Truncator(" ".join(page.summary.split())).chars(300),
        "calendar_url": f"{page.get_url(request)}termin.ics" if page.live and page.pk else "",
        "breadcrumb_items": breadcrumbs(page, request),
        "sign_up": sign_up_box(page, dates=dated(page), now=now),
    }
    if isinstance(page, VolunteerDayPage):
        context["timetable"] = timetable(parts_of_day(page), request=request)
    return context


# API


@csrf_exempt
@require_safe
def offerings_api(request: HttpRequest) -> HttpResponse:
    """``/api/angebote/``: the listing as JSON, with the parameters of the listing; 20 a page."""
    programme = programme_of(Site.find_for_request(request))
    content: dict = {"count": 0, "next": None, "results": []}
    if programme is not None:
        listed = page_of_listing(parse_filters(request.GET), now=timezone.now(), programme=programme)
        content["count"] = listed.paginator.count
        content["results"] = [as_json(page, request) for page in listed]
        if listed.has_next():
            query = request.GET.copy()
            query["seite"] = str(listed.next_page_number())
            content["next"] = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return cacheable(request, JsonResponse(content, json_dumps_params={"ensure_ascii": False}), seconds=0)


def as_json(page: OfferingPage, request: HttpRequest) -> dict:
    return {
        "id": page.pk,
        "url": request.build_absolute_uri(page.get_url(request)),
        "title": page.title,
        "kind": page.kind,
        "format": page.format,
        "organiser": page.organisation.slug if page.organisation else None,
        "municipality": page.municipality.slug if page.municipality else None,
        "topics": [topic.slug for topic in page.topics.all()],
        "dates": [
            {
                "uid": str(date.uid),
                "start": iso(shown_start(date)),
                "end": iso(shown_end(date)),
                "all_day": date.is_all_day,
                "mode": date.effective_mode(),
                "cancelled": cancellation_of(date, page) is not None,
            }
            for date in dated(page)
        ],
        "updated": iso(updated_at(page)),
    }


def iso(value: dt.date | dt.datetime | None) -> str | None:
    """A plain date, or a local time to the second with its offset."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if value else None


def cacheable(request: HttpRequest, response: HttpResponse, *, seconds: int) -> HttpResponse:
    """The response with ``ETag`` and ``Cache-Control``, or 304 when the client has it already."""
    response["Cache-Control"] = f"public, max-age={seconds}, must-revalidate"
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
