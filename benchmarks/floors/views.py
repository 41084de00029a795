"""Floors that are not pages."""

from django.http import HttpRequest, HttpResponse
from icalendar import Calendar, Event

from ehrenamt_wagtail.models import Occurrence


def plain(request: HttpRequest) -> HttpResponse:
    """What Django needs for an answer at all."""
    return HttpResponse("Guten Tag", content_type="text/plain; charset=utf-8")


def serialised_calendar(request: HttpRequest, organiser: str) -> HttpResponse:
    """The dates of an organiser's offerings, read by one query and serialised by icalendar one by one."""
    dates = Occurrence.objects.filter(page__live=True, page__organisation__slug=organiser).order_by("starts_at")
    calendar = Calendar()
    calendar.add("prodid", "-//benchmark//DE")
    calendar.add("version", "2.0")
    for date in dates.select_related("page__organisation", "page__municipality"):
        calendar.add_component(as_event(date))
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def as_event(date: Occurrence) -> Event:
    """The properties that the programme's feed has, too."""
    page = date.page
    url = f"http://localhost{page.url_path}"
    event = Event()
    event.add("uid", str(date.uid))
    event.add("dtstamp", page.last_published_at)
    event.add("last-modified", page.last_published_at)
    event.add("sequence", 0)
    event.add("summary", page.title)
    event.add("status", "CONFIRMED")
    event.add("dtstart", date.starts_at)
    event.add("dtend", date.ends_at)
    event.add("location", f"{page.place}, {page.municipality.name}")
    event.add("description", f"{page.summary}\n\n{page.organisation.name}\n\n{url}")
    event.add("categories", ["Fortbildung"])
    event.add("url", url)
    return event
