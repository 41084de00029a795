"""Calendars and the Atom feed. What they say depends on the data alone, never on the moment they are fetched."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, vDuration

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import date_range, paragraphs_html

from .events import as_event, printable
from .facts import OfferingFacts, facts_from_json, facts_of
from .filters import Filters, parse_filters
from .freshness import cacheable
from .listing import dates_of_programme, listed_dates, programme_dates
from .models import OfferingPage, ProgrammePage
from .search import search_for
from .views import encoded
from .zones import zone_in_calendar

MAX_AGE = 300  # seconds
FEED_ENTRIES = 100
ASKED_EVERY = dt.timedelta(hours=6)
LONG_AGO = dt.datetime.fromtimestamp(0, dt.UTC)


def programme_calendar(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """``kalender.ics``: one event a date of the listed offerings, with the parameters of the listing."""
    base_url = request.build_absolute_uri(programme.get_url(request))
    events = programme_events(parse_filters(request.GET), now=timezone.now(), programme=programme, base_url=base_url)
    name = f"{programme.title} – {conf.DISTRICT_NAME}"
    return calendar_response(request, calendar_text(name, events), file_name="programm.ics")


def programme_events(filters: Filters, *, now: dt.datetime, programme: ProgrammePage, base_url: str) -> list[str]:
    """The events of ``programme_dates``: as they were stored, where they were for this address and language."""
    dates = dates_of_programme(filters, now=now, programme=programme)
    if get_language() == settings.LANGUAGE_CODE:
        stored = list(dates.values_list("event", "offering__base_url"))
        if all(event and url == base_url for event, url in stored):
            return [event for event, _url in stored]
    return [
        as_event(date, offering, base_url + offering.address).to_ical().decode()
        for offering, date in programme_dates(filters, now=now, programme=programme)
    ]


def offering_calendar(page: OfferingPage, request: HttpRequest, *, uid: str | None = None) -> HttpResponse:
    """``termin.ics``: all dates of one offering; ``termin/<uid>.ics``: one of them. Raises ``Http404`` if there is no such date."""
    offering, url = facts_of(page), request.build_absolute_uri(page.get_url(request))
    dates = [date for date in offering.dates if uid in (None, date.uid)]
    if uid is not None and not dates:
        raise Http404
    events = [as_event(date, offering, url).to_ical().decode() for date in dates]
    return calendar_response(request, calendar_text(page.title, events), file_name=f"{page.slug}.ics")


def calendar_response(request: HttpRequest, calendar: str, *, file_name: str) -> HttpResponse:
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return cacheable(request, response, seconds=MAX_AGE)


def calendar_text(name: str, events: Iterable[str]) -> str:
    """What icalendar would write of a calendar with these events in it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//ehrenamt_wagtail//programme//{(get_language() or settings.LANGUAGE_CODE).upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", printable(name))
    calendar.add("x-wr-calname", printable(name))
    # How often programs should ask: one name is the standard's, the other that of those who came before it.
    calendar.add("refresh-interval", vDuration(ASKED_EVERY), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(ASKED_EVERY))
    begin, end = calendar.to_ical().decode().split("END:VCALENDAR")
    zone = zone_in_calendar(timezone.get_default_timezone_name())
    return "".join([begin, zone, *events, "END:VCALENDAR", end])


class ProgrammeFeed(Atom1Feed):
    """An empty feed is as old as the programme page. ``pages`` are the neighbours of this part of it (RFC 5005)."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["updated"]

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation, address in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})


def programme_feed(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """``feed.atom``: one entry an offering, what is new or changed first, with the parameters of the listing."""
    filters = parse_filters(request.GET)
    link = request.build_absolute_uri(programme.get_url(request))
    query = encoded(request.GET, without={"seite"})
    entries, has_more = latest(filters, now=timezone.now(), programme=programme)
    pages = {"next": filters.page + 1} if has_more else {}
    if filters.page > 1:
        pages["previous"] = filters.page - 1
    feed = ProgrammeFeed(
        title=printable(f"{programme.title} – {conf.DISTRICT_NAME}"),
        link=f"{link}{query}",
        description=printable(programme.intro),
        language=get_language(),
        feed_url=f"{link}feed.atom{encoded(request.GET)}",
        feed_guid=feed_id(programme, query),
        updated=programme.last_published_at or LONG_AGO,
        pages={relation: f"{link}feed.atom{query}{'&' if query else '?'}seite={page}" for relation, page in pages.items()},
    )
    for offering in entries:
        feed.add_item(**as_entry(offering, link + offering.address))
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return cacheable(request, response, seconds=MAX_AGE)


def latest(filters: Filters, *, now: dt.datetime, programme: ProgrammePage) -> tuple[list[OfferingFacts], bool]:
    """The page of the listed offerings that the filters name, what changed last first; and whether there are more."""
    # The dates are not wanted in their order, which the database should not prepare for.
    unordered = replace(filters, by_relevance=True)
    search = search_for(filters.words, programme.pk)
    dates = listed_dates(unordered, now=now, programme=programme, search=search).order_by("-offering__updated_at", "-offering")
    skipped = (filters.page - 1) * FEED_ENTRIES
    found = list(dates.values_list("offering__facts", flat=True)[skipped : skipped + FEED_ENTRIES + 1])
    return [facts_from_json(values) for values in found[:FEED_ENTRIES]], len(found) > FEED_ENTRIES


def feed_id(programme: ProgrammePage, query: str) -> str:
    """Each choice of filters is a feed of its own."""
    key = programme.translation_key
    return f"urn:uuid:{uuid.uuid5(key, query) if query else key}"


def as_entry(offering: OfferingFacts, url: str) -> dict:
    title = printable(offering.title)
    organiser = printable(offering.organiser)
    return {
        "title": _("Cancelled: %(title)s") % {"title": title} if offering.cancelled else title,
        "link": url,
        # Atom knows our texts as HTML.
        "description": paragraphs_html(printable("\n\n".join(filter(None, [dates_text(offering), offering.summary.strip()])))),
        "unique_id": f"urn:uuid:{offering.key}",
        "pubdate": offering.published,
        "updateddate": offering.updated,
        "author_name": organiser or printable(conf.DISTRICT_NAME),
        "categories": [printable(label) for label in (offering.kind_label, *(name for _slug, name in offering.topics))],
    }


def dates_text(offering: OfferingFacts) -> str:
    lines = []
    for date in offering.dates:
        text = date_range(date.start, date.end, date.all_day)
        lines.append(_("%(date)s (cancelled)") % {"date": text} if date.cancelled else text)
    return "\n".join(lines)
