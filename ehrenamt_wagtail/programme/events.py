"""One date as an entry of a calendar. What it says depends on the data alone, never on the moment it is fetched."""

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Event

from .facts import DateFacts, OfferingFacts
from .models import Mode

# Numbers of calendars have 31 bits; from here on seconds suffice until 2088.
SEQUENCES_BEGIN = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)

# Unicode's control characters but the end of a line, and halves of pairs.
NOT_PRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def as_event(date: DateFacts, offering: OfferingFacts, url: str) -> Event:
    """One date. Times in the site's zone, whole days as dates; no end counts as in the listing. The online address is never told."""
    title = printable(offering.title)
    event = Event()
    event.add("uid", date.uid)
    event.add("dtstamp", utc(offering.updated))
    event.add("last-modified", utc(offering.updated))
    event.add("sequence", sequence_of(date, offering))
    event.add("summary", _("Cancelled: %(title)s") % {"title": title} if date.cancelled else title)
    event.add("status", "CANCELLED" if date.cancelled else "CONFIRMED")
    if date.all_day:
        event.add("dtstart", date.start)
        event.add("dtend", (date.end or date.start) + dt.timedelta(days=1))
    else:
        event.add("dtstart", zoned(date.starts_at))
        event.add("dtend", zoned(date.ends_at))
    if location := location_of(date):
        event.add("location", location)
    event.add("description", description_of(date, offering, url))
    event.add("categories", [printable(offering.kind_label)])
    event.add("url", url)
    return event


def sequence_of(date: DateFacts, offering: OfferingFacts) -> int:
    """Higher each time the offering is published, and again when the date is cancelled, be it in the same second."""
    seconds = (offering.updated - SEQUENCES_BEGIN).total_seconds()
    return max(0, int(seconds)) + date.cancelled


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


def zoned(moment: dt.datetime) -> dt.datetime:
    """In the site's zone; in UTC where clocks show this time once before, in the night when summer time ends."""
    local = timezone.localtime(moment, timezone.get_default_timezone()).replace(microsecond=0)
    return utc(moment) if local.fold else local


def utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def printable(text: str) -> str:
    """Without the control characters that calendars and XML do not allow."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return NOT_PRINTABLE.sub("", text)
