"""The calendar entries of one person: updated by SEQUENCE, ended by METHOD:CANCEL (RFC 5545, RFC 5546)."""

import datetime as dt
import uuid

from icalendar import Calendar, Event, vCalAddress, vText

from ehrenamt_wagtail.mail.registry import absolute_url
from ehrenamt_wagtail.programme.dates import cancellation_of, updated_at
from ehrenamt_wagtail.programme.events import location_of, printable, utc
from ehrenamt_wagtail.programme.facts import facts_of_date
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage

from .models import SignUp, ToldDate
from .seats import covered_dates
from .shown import contact_for


def calendar_of(sign_up: SignUp) -> bytes:
    """All dates of the sign-up, cancelled ones as such; with METHOD:CANCEL once the person has no seat or nothing takes place."""
    page = sign_up.plan.offering.specific
    dates = covered_dates(sign_up.plan, page)
    off = {date.uid for date in dates if not (sign_up.has_seat and page.live) or cancellation_of(date, page)}
    calendar = Calendar()
    calendar.add("prodid", "-//ehrenamt_wagtail//sign-up//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if len(off) == len(dates) else "PUBLISH")
    told = ToldDate.objects.filter(offering=page.pk).values_list("occurrence_uid", "sequence")
    sequences = dict(told)
    for date in dates:
        sequence = sequences.get(date.uid, 0) + sign_up.sequence
        calendar.add_component(event_of(sign_up, date, page, sequence=sequence, is_off=date.uid in off))
    return calendar.to_ical()


def event_of(sign_up: SignUp, date: Occurrence, page: OfferingPage, *, sequence: int, is_off: bool) -> Event:
    """One date, under a uid of the person's own: the public calendar's entry of the same date stays beside it.

    Times in UTC, whole days as local dates. The secret address of the sign-up is not in it: calendars are shared in a family.
    """
    event = Event()
    event.add("uid", str(uuid.uuid5(sign_up.uid, str(date.uid))))
    event.add("dtstamp", utc(max(filter(None, [sign_up.ended_at, sign_up.confirmed_at, sign_up.created_at, updated_at(page)]))))
    event.add("sequence", sequence)
    event.add("summary", printable(page.title))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if date.is_all_day:
        event.add("dtstart", date.start_date)
        event.add("dtend", (date.end_date or date.start_date) + dt.timedelta(days=1))
    else:
        event.add("dtstart", utc(date.starts_at))
        event.add("dtend", utc(date.ends_at))
    if location := location_of(facts_of_date(date, page)):
        event.add("location", location)
    if organiser := organiser_of(sign_up, page):
        event.add("organizer", organiser)
    if page.live and (url := page.get_url()):
        event.add("url", absolute_url(url))
    return event


def organiser_of(sign_up: SignUp, page: OfferingPage) -> vCalAddress | None:
    """Whom calendars write to. Of a supervision that is the supervisor: a mail to the organiser would say who takes part."""
    contact = contact_for(sign_up, page)
    if not contact["email"]:
        return None
    name = contact["name"] if sign_up.is_confidential else str(page.organisation or "")
    organiser = vCalAddress(f"mailto:{contact['email']}")
    if name:
        organiser.params["cn"] = vText(printable(name))
    return organiser
