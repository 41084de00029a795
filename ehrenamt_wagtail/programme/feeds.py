"""Calendars and the Atom feed. What they say depends on the data alone, never on the moment they are fetched."""

import datetime as dt
import unicodedata

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import paragraphs_html

from .filters import parse_filters
from .models import Mode, Occurrence, OfferingPage, ProgrammePage
from .presentation import cancellation_of, date_text, place_of, updated_at
from .queries import dated, programme_dates, programme_listing
from .views import cacheable, encoded

MAX_AGE = 300  # seconds
LONG_AGO = dt.datetime.fromtimestamp(0, dt.UTC)


def programme_calendar(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    """``kalender.ics``: one event a date of the listed offerings, with the parameters of the listing."""
    filters = parse_filters(request.GET)
    dates = programme_dates(filters, now=timezone.now(), programme=programme)
    calendar = as_calendar(f"{programme.title} – {conf.DISTRICT_NAME}", dates, request)
    return calendar_response(request, calendar, file_name="programm.ics")


def offering_calendar(page: OfferingPage, request: HttpRequest) -> HttpResponse:
    """``termin.ics``: all dates of one offering."""
    return calendar_response(request, as_calendar(page.title, dated(page), request), file_name=f"{page.slug}.ics")


def calendar_response(request: HttpRequest, calendar: Calendar, *, file_name: str) -> HttpResponse:
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return cacheable(request, response, seconds=MAX_AGE)


def as_calendar(name: str, dates: list[Occurrence], request: HttpRequest) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//ehrenamt_wagtail//programme//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", printable(name))
    calendar.add("x-wr-calname", printable(name))
    for date in dates:
        calendar.add_component(as_event(date, request))
    return calendar


def as_event(date: Occurrence, request: HttpRequest) -> Event:
    """One date. Times in UTC, whole days as dates; no end counts as in the listing. The online address is never told."""
    page = date.page
    cancellation = cancellation_of(date, page)
    title = printable(page.title)
    url = request.build_absolute_uri(page.get_url(request))
    event = Event()
    event.add("uid", str(date.uid))
    event.add("dtstamp", utc(updated_at(page)))
    event.add("last-modified", utc(updated_at(page)))
    event.add("sequence", 1 if cancellation else 0)
    event.add("summary", _("Cancelled: %(title)s") % {"title": title} if cancellation else title)
    event.add("status", "CANCELLED" if cancellation else "CONFIRMED")
    if date.is_all_day:
        event.add("dtstart", date.start_date)
        event.add("dtend", (date.end_date or date.start_date) + dt.timedelta(days=1))
    else:
        event.add("dtstart", utc(date.starts_at))
        event.add("dtend", utc(date.ends_at))
    if location := location_of(date):
        event.add("location", location)
    event.add("description", description_of(page, url, cancellation))
    event.add("categories", [printable(str(page.kind_label))])
    event.add("url", url)
    return event


def location_of(date: Occurrence) -> str:
    mode = date.effective_mode()
    if mode == Mode.ONLINE:
        return _("online")
    place = printable(str(place_of(date.page, date)))
    return _("%(place)s, also online") % {"place": place} if mode == Mode.BOTH else place


def description_of(page: OfferingPage, url: str, cancellation) -> str:
    parts = [page.summary.strip()]
    if cancellation and cancellation.reason:
        parts.insert(0, _("Cancelled: %(reason)s") % {"reason": cancellation.reason})
    if page.organisation:
        parts.append(_("Organiser: %(name)s") % {"name": page.organisation.name})
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
    listing = programme_listing(parse_filters(request.GET), now=timezone.now(), programme=programme)
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
    for page in listing:
        feed.add_item(**as_entry(page, request))
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return cacheable(request, response, seconds=MAX_AGE)


def as_entry(page: OfferingPage, request: HttpRequest) -> dict:
    title = printable(page.title)
    organiser = printable(page.organisation.name) if page.organisation else ""
    return {
        "title": _("Cancelled: %(title)s") % {"title": title} if page.is_cancelled() else title,
        "link": request.build_absolute_uri(page.get_url(request)),
        # Atom knows our texts as HTML.
        "description": paragraphs_html(printable("\n\n".join(filter(None, [dates_text(page), page.summary.strip()])))),
        "unique_id": f"urn:uuid:{page.translation_key}",
        "pubdate": page.first_published_at,
        "updateddate": updated_at(page),
        "author_name": organiser or printable(conf.DISTRICT_NAME),
        "categories": [printable(str(label)) for label in (page.kind_label, *page.topics.all())],
    }


def dates_text(page: OfferingPage) -> str:
    lines = []
    for date in dated(page):
        text = date_text(date)
        lines.append(_("%(date)s (cancelled)") % {"date": text} if cancellation_of(date, page) else text)
    return "\n".join(lines)
