"""Calendars and the Atom feed. What they say depends on the data alone, never on the moment they are fetched."""

import datetime as dt
import unicodedata
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import date_range, paragraphs_html

from .facts import DateFacts, OfferingFacts, facts_of
from .filters import parse_filters
from .listing import Listing, programme_dates
from .models import Mode, OfferingPage, ProgrammePage
from .views import cacheable, encoded

MAX_AGE = 300  # seconds
LONG_AGO = dt.datetime.fromtimestamp(0, dt.UTC)


def programme_calendar(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """``kalender.ics``: one event a date of the listed offerings, with the parameters of the listing."""
    filters = parse_filters(request.GET)
    dates = programme_dates(filters, now=timezone.now(), programme=programme)
    base_url = request.build_absolute_uri(programme.get_url(request))
    events = [as_event(date, offering, base_url + offering.address) for offering, date in dates]
    calendar = as_calendar(f"{programme.title} – {conf.DISTRICT_NAME}", events)
    return calendar_response(request, calendar, file_name="programm.ics")


def offering_calendar(page: OfferingPage, request: HttpRequest) -> HttpResponse:
    """``termin.ics``: all dates of one offering."""
    offering, url = facts_of(page), request.build_absolute_uri(page.get_url(request))
    events = [as_event(date, offering, url) for date in offering.dates]
    return calendar_response(request, as_calendar(page.title, events), file_name=f"{page.slug}.ics")


def calendar_response(request: HttpRequest, calendar: Calendar, *, file_name: str) -> HttpResponse:
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return cacheable(request, response, seconds=MAX_AGE)


def as_calendar(name: str, events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//ehrenamt_wagtail//programme//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", printable(name))
    calendar.add("x-wr-calname", printable(name))
    for event in events:
        calendar.add_component(event)
    return calendar


def as_event(date: DateFacts, offering: OfferingFacts, url: str) -> Event:
    """One date. Times in UTC, whole days as dates; no end counts as in the listing. The online address is never told."""
    title = printable(offering.title)
    event = Event()
    event.add("uid", date.uid)
    event.add("dtstamp", utc(offering.updated))
    event.add("last-modified", utc(offering.updated))
    event.add("sequence", 1 if date.cancelled else 0)
    event.add("summary", _("Cancelled: %(title)s") % {"title": title} if date.cancelled else title)
    event.add("status", "CANCELLED" if date.cancelled else "CONFIRMED")
    if date.all_day:
        event.add("dtstart", date.start)
        event.add("dtend", (date.end or date.start) + dt.timedelta(days=1))
    else:
        event.add("dtstart", utc(date.starts_at))
        event.add("dtend", utc(date.ends_at))
    if location := location_of(date):
        event.add("location", location)
    event.add("description", description_of(date, offering, url))
    event.add("categories", [printable(offering.kind_label)])
    event.add("url", url)
    return event


def location_of(date: DateFacts) -> str:
    if date.mode == Mode.ONLINE:
        return _("online")
    place = printable(date.location)
    return _("%(place)s, also online") % {"place": place} if date.mode == Mode.BOTH else place


def description_of(date: DateFacts, offering: OfferingFacts, url: str) -> str:
    parts = [offering.summary.strip()]
    if date.reason:
        parts.insert(0, _("Cancelled: %(reason)s") % {"reason": date.reason})
    if offering.organiser:
        parts.append(_("Organiser: %(name)s") % {"name": offering.organiser})
    return printable("\n\n".join(part for part in [*parts, url] if part))


def utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def printable(text: str) -> str:
    """Without the control characters that calendars and XML do not allow."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character == "\n" or unicodedata.category(character) not in ("Cc", "Cs"))


class ProgrammeFeed(Atom1Feed):
    """An empty feed is as old as the programme page."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["updated"]


def programme_feed(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """``feed.atom``: one entry an offering, in the order of the listing and with its parameters."""
    listing = Listing(parse_filters(request.GET), now=timezone.now(), programme=programme)
    link = request.build_absolute_uri(programme.get_url(request))
    query = encoded(request.GET)
    feed = ProgrammeFeed(
        title=printable(f"{programme.title} – {conf.DISTRICT_NAME}"),
        link=f"{link}{query}",
        description=printable(programme.intro),
        language=get_language(),
        feed_url=f"{link}feed.atom{query}",
        feed_guid=f"urn:uuid:{programme.translation_key}",
        updated=programme.last_published_at or LONG_AGO,
    )
    for listed in listing:
        feed.add_item(**as_entry(listed.facts, link + listed.facts.address))
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return cacheable(request, response, seconds=MAX_AGE)


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
