"""The calendar entries of one person: updated by SEQUENCE, ended by METHOD:CANCEL (RFC 5545, RFC 5546)."""

import uuid

from icalendar import Calendar, Event

from ehrenamt_wagtail.programme.feeds import location_of, printable, utc
from ehrenamt_wagtail.programme.models import Occurrence

from .models import SignUp, ToldDate
from .seats import dates_of


def calendar_of(sign_up: SignUp) -> bytes:
    """All dates of the sign-up; with METHOD:CANCEL once the person has no seat any more."""
    is_over = not sign_up.has_seat
    calendar = Calendar()
    calendar.add("prodid", "-//ehrenamt_wagtail//sign-up//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_over else "PUBLISH")
    sequences = dict(
        ToldDate.objects.filter(offering=sign_up.plan.offering_id).values_list("occurrence_uid", "sequence")
    )
    page = sign_up.plan.offering.specific
    for date in dates_of(sign_up.plan):
        date.page = page
        calendar.add_component(event_of(sign_up, date, sequence=sequences.get(date.uid, 0) + sign_up.sequence, is_over=is_over))
    return calendar.to_ical()


def event_of(sign_up: SignUp, date: Occurrence, *, sequence: int, is_over: bool) -> Event:
    """One date, under a uid of the person's own: the public calendar's entry of the same date stays beside it."""
    event = Event()
    event.add("uid", str(uuid.uuid5(sign_up.uid, str(date.uid))))
    event.add("dtstamp", utc(sign_up.ended_at or sign_up.confirmed_at or sign_up.created_at))
    event.add("sequence", sequence)
    event.add("summary", printable(date.page.title))
    event.add("status", "CANCELLED" if is_over else "CONFIRMED")
    event.add("dtstart", date.start_date if date.is_all_day else utc(date.starts_at))
    event.add("dtend", utc(date.ends_at).date() if date.is_all_day else utc(date.ends_at))
    if location := location_of(date):
        event.add("location", location)
    return event
