"""What stands in a brochure: plain data, read with a fixed number of queries from what everybody may read.

An offering stands in it once, by its first date in the period that takes place, and has a running number in that order. What is
cancelled as a whole is left out; a cancelled date of an offering that takes place is named as such.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext
from wagtail.models import Page, Site

from ehrenamt_wagtail.circles.models import CircleIndexPage, CirclePage
from ehrenamt_wagtail.circles.queries import public_circles
from ehrenamt_wagtail.circles.views import public_contact
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Coordinator, Organisation
from ehrenamt_wagtail.formatting import month_name
from ehrenamt_wagtail.german import fold
from ehrenamt_wagtail.programme.facts import facts_from_json
from ehrenamt_wagtail.programme.models import Funder, ListedOffering, ProgrammePage
from ehrenamt_wagtail.programme.queries import programme_of
from ehrenamt_wagtail.programme.translations import is_multilingual, know_originals, lang_attribute, language_of_original
from ehrenamt_wagtail.reporting.models import Brochure, ProgrammePeriod
from ehrenamt_wagtail.reporting.periods import days_in_words, late_among, offerings_of_period

from .entries import Entry, EntryDate, FundedBy, Span, dates_of, entry_of, is_volunteer_day, parts_of
from .pictures import COVER, LOGO, Picture, Pictures, embedded, qr_code
from .sign_ups import capacities, plans_of, sign_up_for
from .texts import cut, one_line, printable, shown_address

LONGEST_SUMMARY, LONGEST_MEETING = 320, 200
# In the overview.
LONGEST_TITLE = 90
# So many partners have room on the cover.
PARTNERS_ON_COVER = 20


@dataclass(frozen=True)
class Line:
    """A date in the overview. ``where`` is the town or „online“."""

    day: dt.date
    time: str
    number: int
    title: str
    where: str
    anchor: str
    lang: str

    @property
    def day_in_words(self) -> str:
        return date_format(self.day, pgettext("day in an overview", "D j"))


@dataclass(frozen=True)
class Month:
    """``lines`` are all dates in the month that take place, ``entries`` what has its first one there."""

    first: dt.date
    name: str
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]

    @property
    def anchor(self) -> str:
        return f"monat-{self.first:%Y-%m}"


@dataclass(frozen=True)
class Circle:
    """A circle with what its contact chose to show in public, field by field."""

    title: str
    lang: str
    summary: str
    meets: str
    contact_name: str
    contact_email: str
    contact_phone: str
    phone_link: str
    website: str
    address: str

    @property
    def shown_website(self) -> str:
        return shown_address(self.website)

    @property
    def shown_address(self) -> str:
        return shown_address(self.address)


@dataclass(frozen=True)
class Town:
    name: str
    circles: tuple[Circle, ...]


@dataclass(frozen=True)
class Person:
    """A coordinator who is in office when the period begins, or today if that is later."""

    name: str
    position: str
    responsibilities: str
    email: str
    phone: str

    @property
    def phone_link(self) -> str:
        return "".join(character for character in self.phone if character in "+0123456789")


@dataclass(frozen=True)
class Contents:
    """All of a brochure. ``days`` are the volunteer days among the entries, ``partners`` names of all who offer or help."""

    title: str
    subtitle: str
    period: str
    district: str
    field: str
    cover: Picture | None
    partners: tuple[str, ...]
    preface: str
    months: tuple[Month, ...]
    days: tuple[Entry, ...]
    towns: tuple[Town, ...]
    people: tuple[Person, ...]
    imprint: str
    programme_url: str
    made_on: dt.date

    @property
    def circles_name(self) -> str:
        return conf.CIRCLE_NAME_PLURAL

    @property
    def programme_code(self) -> str:
        return qr_code(self.programme_url) if self.programme_url else ""

    @property
    def entries(self) -> list[Entry]:
        return [entry for month in self.months for entry in month.entries]

    @property
    def full_title(self) -> str:
        """„Programm bis Juli, 1. Januar – 31. Juli 2027“."""
        return f"{self.title}, {self.period}"

    @property
    def shown_programme(self) -> str:
        return shown_address(self.programme_url)

    @property
    def partners_on_cover(self) -> tuple[str, ...]:
        return self.partners if len(self.partners) <= PARTNERS_ON_COVER else ()


# Reading


def contents_of(brochure: Brochure, *, now: dt.datetime | None = None, pictures: Pictures = embedded) -> Contents:
    """What the brochure says at this moment, in the active language; scaling a picture for the first time writes its rendition."""
    now = now or timezone.now()
    period, site = brochure.period, default_site()
    programme = programme_of(site)
    entries = entries_of(brochure, pictures)
    people = people_in_office(period, now)
    return Contents(
        title=one_line(brochure.title),
        subtitle=one_line(brochure.subtitle),
        period=days_in_words(period),
        district=conf.DISTRICT_NAME,
        field=conf.FIELD_OF_WORK,
        cover=pictures(brochure.cover, COVER),
        partners=partners_of(entries),
        preface=printable(brochure.preface).strip(),
        months=months_of(entries),
        days=tuple(entry for entry in entries if entry.is_day),
        towns=towns_of(site, programme) if brochure.with_circles and site else (),
        people=people if brochure.with_circles else (),
        imprint=printable(brochure.imprint).strip(),
        programme_url=(programme.full_url or "") if programme else "",
        made_on=timezone.localdate(now),
    )


def default_site() -> Site | None:
    return Site.objects.select_related("root_page").filter(is_default_site=True).first()


def entries_of(brochure: Brochure, pictures: Pictures = embedded, *, with_late: bool | None = None) -> tuple[Entry, ...]:
    """The offerings of a brochure in their order, each with its number; ``with_late`` instead of what the brochure says."""
    span = Span(brochure.period.first_day, brochure.period.last_day)
    rows = rows_of(brochure.period, with_late=brochure.with_late if with_late is None else with_late)
    dates = {pk: dates_of(row, span) for pk, row in rows.items()}
    rows = {pk: row for pk, row in rows.items() if any(not date.cancelled for date in dates[pk])}
    order = [pk for pk in in_order(rows, dates) if not brochure.kinds or rows[pk].art in brochure.kinds]
    numbers = {pk: number for number, pk in enumerate(order, start=1)}
    plans = plans_of(rows[pk] for pk in order)
    capacity, funders = capacities(plans), funders_of(order, pictures)
    return tuple(
        entry_of(
            rows[pk],
            numbers[pk],
            dates[pk],
            sign_up=sign_up_for(rows[pk], plans[pk], capacity, uids_in(rows[pk], span)),
            funders=funders.get(pk, ()),
            parts=parts_of(rows[pk], rows, dates, numbers) if is_volunteer_day(facts_from_json(rows[pk].facts)) else (),
        )
        for pk in order
    )


def rows_of(period: ProgrammePeriod, *, with_late: bool) -> dict[int, ListedOffering]:
    """What is listed of the period, of whatever kind: the timetable of a volunteer day names all of its parts."""
    ids = set(offerings_of_period(period))
    if not with_late:
        ids -= late_among(ids, period)
    listed = ListedOffering.objects.filter(pk__in=ids).select_related("offering", "listed_seats").order_by("pk")
    return {row.pk: row for row in listed if not row.facts["cancelled"]}


def in_order(rows: Mapping[int, ListedOffering], dates: Mapping[int, tuple[EntryDate, ...]]) -> list[int]:
    """By their first date that takes place; of several at the same moment a volunteer day before its parts, then by title."""

    def key(pk: int) -> tuple:
        first = next(date for date in dates[pk] if not date.cancelled)
        row = rows[pk]
        return first.starts_at, row.address.count("/"), first.ends_at, fold(row.facts["title"]), pk

    return sorted(rows, key=key)


def uids_in(row: ListedOffering, span: Span) -> set[str]:
    return {date.uid for date in facts_from_json(row.facts).dates if span.has(date) and not date.cancelled}


def funders_of(page_ids: Iterable[int], pictures: Pictures) -> dict[int, list[FundedBy]]:
    found, scaled = defaultdict(list), {}
    for funder in Funder.objects.filter(page__in=list(page_ids)).select_related("logo").prefetch_related("logo__renditions"):
        if funder.logo_id not in scaled:
            scaled[funder.logo_id] = pictures(funder.logo, LOGO)
        found[funder.page_id].append(FundedBy(one_line(funder.name), scaled[funder.logo_id]))
    return found


def months_of(entries: Iterable[Entry]) -> tuple[Month, ...]:
    lines, begun = defaultdict(list), defaultdict(list)
    for entry in entries:
        begun[entry.first.day.replace(day=1)].append(entry)
        for date in entry.dates:
            if not date.cancelled:
                lines[date.day.replace(day=1)].append((date, entry))
    return tuple(
        Month(first, month_name(first), tuple(line_of(*pair) for pair in sorted(lines[first], key=line_order)), tuple(begun[first]))
        for first in sorted(lines)
    )


def line_order(pair: tuple[EntryDate, Entry]) -> tuple:
    date, entry = pair
    return date.day, date.starts_at, entry.number


def line_of(date: EntryDate, entry: Entry) -> Line:
    return Line(date.day, date.time, entry.number, one_line(entry.title, LONGEST_TITLE), date.where, entry.anchor, entry.lang)


def partners_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """All organisers and co-hosts but the district itself, by name."""
    names = {name for entry in entries for name in (entry.organiser, *entry.co_hosts) if name}
    own = Organisation.objects.filter(kind=Organisation.Kind.DISTRICT).values_list("name", flat=True)
    return tuple(sorted(names - set(map(one_line, own)), key=lambda name: (fold(name), name)))


def people_in_office(period: ProgrammePeriod, now: dt.datetime) -> tuple[Person, ...]:
    people = Coordinator.objects.in_office(max(period.first_day, timezone.localdate(now)))
    return tuple(
        Person(one_line(one.name), one_line(one.position), one_line(one.responsibilities), one.email, one_line(one.phone))
        for one in people
    )


# Circles


def towns_of(site: Site, programme: ProgrammePage | None) -> tuple[Town, ...]:
    """The circles that everybody may read, by town and name, in the language of the programme."""
    circles = public_circles(site.root_page)
    if programme is not None and is_multilingual():
        circles = circles.filter(locale=programme.locale_id)
    circles = list(circles)
    know_originals(circles)
    addresses = addresses_of(circles)
    towns: dict[str, list[Circle]] = defaultdict(list)
    for circle in circles:
        towns[one_line(circle.municipality.name) if circle.municipality else ""].append(circle_of(circle, addresses[circle.pk]))
    return tuple(Town(name, tuple(of_town)) for name, of_town in towns.items())


def addresses_of(circles: Iterable[CirclePage]) -> dict[int, str]:
    """The whole addresses of circles, which lie below few indexes."""
    indexes = {index.path: index.full_url or "" for index in CircleIndexPage.objects.all()}
    above = Page.steplen
    return {circle.pk: f"{indexes.get(circle.path[:-above], '')}{circle.slug}/" for circle in circles}


def circle_of(circle: CirclePage, address: str) -> Circle:
    contact = public_contact(circle)
    return Circle(
        title=one_line(circle.title),
        lang=lang_attribute(language_of_original(circle)),
        summary=cut(circle.summary, LONGEST_SUMMARY)[0],
        meets=one_line(circle.meets, LONGEST_MEETING),
        contact_name=one_line(contact["name"]),
        contact_email=contact["email"],
        contact_phone=one_line(contact["phone"]),
        phone_link=contact["phone_link"],
        website=circle.website,
        address=address,
    )
