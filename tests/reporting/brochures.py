"""What the tests of brochures begin with: a period of the next weeks, a brochure of it, its files."""

import datetime as dt

from django.utils import timezone
from django.utils.safestring import SafeString

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.brochure.contents import Contents, months_of
from ehrenamt_wagtail.reporting.brochure.entries import Entry, EntryDate
from ehrenamt_wagtail.reporting.brochure.rendering import Made
from ehrenamt_wagtail.reporting.brochure.sign_ups import SignUp


def period(*, first=1, days=120, deadline=1, **facts) -> models.ProgrammePeriod:
    """From the day ``first`` days from today on; ``deadline`` days from today the editorial deadline."""
    today = timezone.localdate()
    begins = today + dt.timedelta(days=first)
    facts = {
        "name": "Programm bis Juli",
        "first_day": begins,
        "last_day": begins + dt.timedelta(days=days),
        "deadline": today + dt.timedelta(days=deadline),
        **facts,
    }
    return models.ProgrammePeriod.objects.create(**facts)


def brochure(**facts) -> models.Brochure:
    facts = {"title": "Programm bis Juli", **facts}
    return models.Brochure.objects.create(period=facts.pop("period", None) or period(), **facts)


# Without a database


START = dt.datetime(2027, 3, 4, 19, tzinfo=dt.UTC)


def entry_date(start: dt.datetime = START, **facts) -> EntryDate:
    facts = {
        "day": start.date(),
        "time": "19–21 Uhr",
        "text": f"{start:%d.%m.%Y}, 19–21 Uhr",
        "place": "",
        "mode": "",
        "where": "Herrenberg",
        "cancelled": False,
        "reason": "",
        "starts_at": start,
        "ends_at": start + dt.timedelta(hours=2),
    } | facts
    return EntryDate(**facts)


def entry(number: int = 1, **facts) -> Entry:
    """Everything filled in that an offering can say."""
    start = START + dt.timedelta(days=number // 2)
    facts = {
        "offering_id": number,
        "art": "fortbildung",
        "kind": "Fortbildung",
        "is_day": False,
        "title": f"Grundlagen des Asylrechts – „Was gilt jetzt?“ {number}",
        "subtitle": "Eine Einführung für alle, die begleiten",
        "series": "Grundkurs 2027, Modul 2",
        "lang": SafeString(),
        "dates": (entry_date(start), entry_date(start + dt.timedelta(days=7))),
        "place": "Haus der Begegnung, Saal 2, Kirchgasse 1, 71083 Herrenberg",
        "online": "",
        "text": "Wir besprechen, was sich geändert hat, und üben an Fällen aus der Praxis. " * 8,
        "is_cut": True,
        "address": f"https://www.kreis.example/programm/grundlagen-des-asylrechts-{number}/",
        "organiser": "Caritas-Zentrum Böblingen",
        "co_hosts": ("Evangelischer Kirchenbezirk", "Stadt Herrenberg"),
        "funders": (),
        "trainers": ("Dr. Petra Beispiel, Rechtsanwältin", "Yusuf Öztürk"),
        "audience": "Ehrenamtliche, die Familien begleiten",
        "what_to_bring": "eigene Fragen",
        "costs": "kostenlos",
        "sign_up": SignUp("here", seats="20 Plätze", closes="Mo 1. März 2027"),
        "contact_name": "Petra Beispiel",
        "contact_phone": "07031 12345",
        "contact_email": "petra@post.example",
        "access": ("stufenlos", "barrierefreies WC"),
        "child_care": "nach Absprache",
        "languages": ("Deutsch", "Arabisch"),
        "parts": (),
    } | facts
    return Entry(number=number, **facts)


def contents(number: int = 3, *, entries: list[Entry] | None = None, **facts) -> Contents:
    entries = [entry(n) for n in range(1, number + 1)] if entries is None else entries
    facts = {
        "title": "Programm bis Juli",
        "subtitle": "Fortbildung, Austausch, Begegnung",
        "period": "1. Januar – 31. Juli 2027",
        "district": "Landkreis Böblingen",
        "field": "Flüchtlingshilfe",
        "cover": None,
        "partners": ("Caritas-Zentrum Böblingen", "Stadt Herrenberg"),
        "preface": "Liebe Ehrenamtliche,\n\nschön, dass Sie da sind.",
        "months": months_of(entries),
        "days": tuple(one for one in entries if one.is_day),
        "towns": (),
        "people": (),
        "imprint": "Herausgegeben vom Landratsamt.",
        "programme_url": "https://www.kreis.example/programm/",
        "made_on": dt.date(2026, 11, 29),
    } | facts
    return Contents(**facts)


# Documents


def made(number: int) -> dict[str, Made]:
    """Files that are none, told apart by ``number``, which is how many pages they are said to have."""
    return {format: Made(f"{format} {number}".encode(), number) for format in ("a4", "a5")}
