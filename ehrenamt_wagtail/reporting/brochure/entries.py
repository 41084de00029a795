"""An offering as it stands in a brochure: read from what everybody may read of it, with the dates of one period alone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ehrenamt_wagtail.formatting import NIGHT_ENDS, date_range, local, local_date, local_time_range, short_date
from ehrenamt_wagtail.programme.facts import StoredDate, StoredFacts, facts_from_json
from ehrenamt_wagtail.programme.languages import Language
from ehrenamt_wagtail.programme.models import ListedOffering, Mode, OfferingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.places import access_of, place_from
from ehrenamt_wagtail.programme.presentation import language_names
from ehrenamt_wagtail.programme.translations import lang_attribute

from .pictures import Picture, qr_code
from .sign_ups import SignUp
from .texts import cut, one_line, shown_address

# Longer texts go on under the offering's address.
LONGEST_TEXT = 700
# Entries with longer ones may go on over a page; others stay whole.
LONG_TEXT = 300
# More dates than these are written in one line.
MANY_DATES = 6


@dataclass(frozen=True)
class EntryDate:
    """A date in the period. ``day`` is the local day on which the overview names it: its first one that lies in the period.

    ``place`` and ``mode`` are empty unless they differ from the offering's; ``where`` is the town or „online“.
    """

    day: dt.date
    time: str
    text: str
    place: str
    mode: str
    where: str
    cancelled: bool
    reason: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class FundedBy:
    """Who funds it, with a logo where there is one."""

    name: str
    logo: Picture | None


@dataclass(frozen=True)
class Part:
    """A line in the timetable of a volunteer day; ``number`` is that of its own entry, if it has one."""

    when: str
    title: str
    organiser: str
    place: str
    number: int | None


@dataclass(frozen=True)
class Entry:
    """One offering with its running number. Texts are printable; ``is_cut`` says that the text goes on under ``address``.

    ``lang`` is what the tag of its own texts needs, as ``lang_attribute`` gives it. ``organiser`` and others are names.
    """

    number: int
    offering_id: int
    art: str
    kind: str
    is_day: bool
    title: str
    subtitle: str
    series: str
    lang: SafeString
    dates: tuple[EntryDate, ...]
    place: str
    online: str
    text: str
    is_cut: bool
    address: str
    organiser: str
    co_hosts: tuple[str, ...]
    funders: tuple[FundedBy, ...]
    trainers: tuple[str, ...]
    audience: str
    what_to_bring: str
    costs: str
    sign_up: SignUp
    contact_name: str
    contact_phone: str
    contact_email: str
    access: tuple[str, ...]
    child_care: str
    languages: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def anchor(self) -> str:
        return f"angebot-{self.offering_id}"

    @property
    def may_break(self) -> bool:
        """Whether it may begin on one page and end on the next: else long entries would leave half of each page empty."""
        return bool(self.parts) or len(self.text) > LONG_TEXT

    @property
    def shown_address(self) -> str:
        return shown_address(self.address)

    @property
    def code(self) -> str:
        """The address as a code to photograph."""
        return qr_code(self.address)

    @property
    def first(self) -> EntryDate:
        """The date by which it has its place: the first one that takes place."""
        return next(date for date in self.dates if not date.cancelled)

    @property
    def many_dates(self) -> str:
        """Many dates in one line: „Mo 4. Januar, Mo 11. Januar, …; jeweils 19–21 Uhr“; empty for few."""
        taking_place = [date for date in self.dates if not date.cancelled]
        if len(taking_place) <= MANY_DATES:
            return ""
        times = {date.time for date in taking_place}
        if len(times) > 1:
            return "; ".join(f"{short_date(date.day, today=dt.date.min)}, {date.time}" for date in taking_place)
        days = ", ".join(short_date(date.day, today=dt.date.min) for date in taking_place)
        return _("%(days)s; each %(time)s") % {"days": days, "time": times.pop()}

    @property
    def cancelled_dates(self) -> list[EntryDate]:
        return [date for date in self.dates if date.cancelled]

    @property
    def phone_link(self) -> str:
        return "".join(character for character in self.contact_phone if character in "+0123456789")


# Reading


@dataclass(frozen=True)
class Span:
    """The days of a period, both included."""

    first: dt.date
    last: dt.date

    def has(self, date: StoredDate) -> bool:
        """Whether a date touches the period; a night that ends before six in the morning belongs to the evening before."""
        start, end = local_date(date.starts_at), local(date.ends_at)
        last = end.date() - dt.timedelta(days=end.time() == dt.time.min)
        is_night_before = not date.all_day and start < self.first and end.date() == self.first and end.time() < NIGHT_ENDS
        return start <= self.last and last >= self.first and not is_night_before


def is_volunteer_day(facts: StoredFacts) -> bool:
    return issubclass(apps.get_model(facts.model), VolunteerDayPage)


def dates_of(row: ListedOffering, span: Span) -> tuple[EntryDate, ...]:
    """The dates in the period, cancelled ones among them, in their order."""
    facts = facts_from_json(row.facts)
    modes = dict(Mode.choices)
    return tuple(
        EntryDate(
            day=max(local_date(date.start), span.first),
            time=time_of(date),
            text=date_range(date.start, date.end, date.all_day),
            place=one_line(str(place_from(more["place"]))) if more["place"] else "",
            mode=str(modes.get(more["mode"], "")),
            where=_("online") if date.mode == Mode.ONLINE else one_line(date.town),
            cancelled=date.cancelled,
            reason=one_line(date.reason, 200),
            starts_at=date.starts_at,
            ends_at=date.ends_at,
        )
        for date, more in zip(facts.dates, row.details["dates"], strict=True)
        if span.has(date)
    )


def time_of(date: StoredDate) -> str:
    """„19–21 Uhr“, „ganztägig“; of what lasts longer when it begins and its last day."""
    first, last = local_date(date.start), local_date(date.end or date.start)
    if date.all_day:
        return _("all day") if last == first else until(last)
    start, end = local(date.start), local(date.end) if date.end else None
    is_one_evening = end is None or last == first or ((last - first).days == 1 and end.time() < NIGHT_ENDS)
    return local_time_range(start, end) if is_one_evening else f"{local_time_range(start)}, {until(last)}"


def until(day: dt.date) -> str:
    return _("until %(date)s") % {"date": short_date(day, today=day)}


def entry_of(
    row: ListedOffering,
    number: int,
    dates: tuple[EntryDate, ...],
    *,
    sign_up: SignUp,
    funders: Sequence[FundedBy],
    parts: Sequence[Part],
) -> Entry:
    """``row`` knows its offering; reads nothing."""
    facts, details, page = facts_from_json(row.facts), row.details, row.offering
    text, is_cut = cut("\n\n".join(filter(None, (page.summary.strip(), page.contents.strip()))), LONGEST_TEXT)
    place = place_from(details["place"])
    return Entry(
        number=number,
        offering_id=facts.id,
        art=facts.art,
        kind=facts.kind_label,
        is_day=is_volunteer_day(facts),
        title=one_line(facts.title),
        subtitle=one_line(page.subtitle),
        series=series_of(page),
        lang=lang_attribute(facts.language),
        dates=dates,
        place="" if facts.mode == Mode.ONLINE else one_line(str(place)),
        online={Mode.ONLINE: _("Online"), Mode.BOTH: _("Also online")}.get(facts.mode, ""),
        text=text,
        is_cut=is_cut,
        address=row.base_url + row.address,
        organiser=one_line(facts.organiser),
        co_hosts=tuple(map(one_line, details["co_hosts"])),
        funders=tuple(funders),
        trainers=tuple(map(one_line, details["trainers"])),
        audience=one_line(page.audience),
        what_to_bring=one_line(page.what_to_bring),
        costs=one_line(page.costs) or _("free of charge"),
        sign_up=sign_up,
        contact_name=one_line(page.contact_name),
        contact_phone=one_line(page.contact_phone),
        contact_email=page.contact_email,
        access=() if facts.mode == Mode.ONLINE else access_in(details["place"]["access"]),
        child_care=one_line(page.child_care),
        languages=tuple(language_names(page)) if set(page.languages or []) - {Language.DE.value} else (),
        parts=tuple(parts),
    )


def access_in(facts: Mapping[str, str]) -> tuple[str, ...]:
    """How one gets there and in, in short: what a house lacks besides a step-free entrance is left to the offering's address."""
    shown = {name: value for name, value in facts.items() if name in ("step_free", "nearest_stop") or value in ("yes", "partly")}
    return tuple(map(one_line, access_of(shown)))


def series_of(page: OfferingPage) -> str:
    """„Grundkurs 2027, Modul 2“."""
    number = _("module %(number)s") % {"number": page.module_number} if page.module_number else ""
    return one_line(", ".join(filter(None, (page.series_title, number))))


def parts_of(
    day: ListedOffering, rows: Mapping[int, ListedOffering], dates: Mapping[int, tuple], numbers: Mapping[int, int]
) -> list[Part]:
    """The timetable of a volunteer day: the dates of what lies below it, by time. The day is named when there are several."""
    found = [
        (date, row)
        for pk, row in rows.items()
        if pk != day.pk and row.programme_id == day.programme_id and row.address.startswith(day.address)
        for date in dates[pk]
        if not date.cancelled
    ]
    found.sort(key=lambda pair: (pair[0].starts_at, pair[0].ends_at, pair[1].pk))
    days = {timezone.localdate(date.starts_at) for date, _row in found}
    parts = []
    for date, row in found:
        facts = facts_from_json(row.facts)
        parts.append(
            Part(
                when=date.time if len(days) == 1 else date.text,
                title=one_line(facts.title),
                organiser=one_line(facts.organiser),
                place=place_of_part(date, row),
                number=numbers.get(row.pk),
            )
        )
    return parts


def place_of_part(date: EntryDate, row: ListedOffering) -> str:
    """The house and the town."""
    if date.place or date.mode:
        return date.place or date.where
    place = place_from(row.details["place"])
    if row.facts["mode"] == Mode.ONLINE:
        return date.where
    return one_line(", ".join(filter(None, (place.short, date.where))))
