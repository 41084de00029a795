"""What the offerings of the serving benchmark say: the n-th is always the same, with real towns and titles.

Four fifths are upcoming, spread over the next two years whatever their number. Some facts are planted, so that what is measured is
the same at every size, or known:

- the dates of ``District.month``: ``MONTH_DATES``, all of the first 1,000 offerings,
- the offerings of the organiser ``FEED_ORGANISER``: ``FEED_DATES`` dates, all to come, of the first 10,000,
- the word ``RARE``: in three titles of the first 1,000.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, replace

from benchmarks.dataset import at, titles
from ehrenamt_wagtail.models import Organisation, ProgrammePage, Topic, Venue
from ehrenamt_wagtail.slugs import german_slug

# One in so many is past.
PAST = 5
DAYS_AHEAD, DAYS_BACK = 730, 3650
MONTH_DATES, FEED_DATES = 300, 1000
FEED_ORGANISER = "bildungswerk-im-kreis"

# Of the words below the first stands in one title of eight, the last is a slip of one that stands in one of forty.
COMMON, RARE, MISSPELT = "Einführung", "Gebärdensprache", "Wohnungsuche"
RARE_IN = (101, 202, 303)

FORMATS = ["training", "workshop", "lecture", "exchange"]
NAMES = ["Petra Vogel", "Yusuf Demir", "Anna Schäfer", "Olena Bondar", "Jörg Maier", "Samira Haddad", "Ute Klein", "Tesfay Abraha"]
SENTENCES = [
    "Der Abend gibt einen Überblick über die rechtlichen Grundlagen und über Fragen aus dem Alltag der Begleitung.",
    "Wir tauschen Erfahrungen aus, sammeln offene Fragen und suchen gemeinsam nach Lösungen.",
    "Mit vielen Beispielen, Zeit für Gespräche und einer Mappe mit Unterlagen zum Mitnehmen.",
    "Vorkenntnisse sind nicht nötig, Fragen können vorab eingereicht werden.",
    "Im Mittelpunkt stehen Familien, die eine eigene Wohnung gefunden haben und nun im Ort ankommen.",
    "Eingeladen sind alle, die sich engagieren oder es vorhaben.",
]
TITLES = titles()


@dataclass(frozen=True)
class District:
    """What all sizes have. ``month`` is the first day of the month whose dates are planted; ``venues`` by key of their town."""

    today: dt.date
    programme: ProgrammePage
    month: dt.date
    organisers: tuple[Organisation, ...]
    feed_organiser: Organisation
    venues: dict[int, list[Venue]]
    topics: tuple[Topic, ...]

    @property
    def next_month(self) -> dt.date:
        return month_after(self.month, 1)


@dataclass(frozen=True)
class Date:
    uid: uuid.UUID
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True)
class Offering:
    """``format`` is empty for a supervision, ``capacity`` where nobody signs up here."""

    number: int
    key: uuid.UUID
    title: str
    format: str
    summary: str
    contents: str
    audience: str
    organiser: Organisation
    venue: Venue
    topics: tuple[Topic, ...]
    trainer: str
    capacity: int | None
    mode: str
    costs: str
    published: dt.datetime
    dates: tuple[Date, ...]

    @property
    def slug(self) -> str:
        return f"{german_slug(self.title)[:60].strip('-')}-{self.number}"


def month_after(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def offering(number: int, district: District) -> Offering:
    chance = random.Random(number)
    organiser = chance.choice(district.organisers)
    found = Offering(
        number=number,
        key=new_uuid(chance),
        title=chance.choice(TITLES),
        format="" if chance.random() < 0.1 else chance.choice(FORMATS),
        summary=" ".join(chance.sample(SENTENCES, 2)),
        contents="\n\n".join(chance.sample(SENTENCES, 4)),
        audience=chance.choice(["Ehrenamtliche", "Ehrenamtliche und Interessierte", "Sprecherinnen und Sprecher der Arbeitskreise"]),
        organiser=organiser,
        venue=chance.choice(district.venues[organiser.municipality_id]),
        topics=tuple(chance.sample(district.topics, chance.choice([1, 1, 2, 3]))),
        trainer=chance.choice(NAMES) if chance.random() < 0.5 else "",
        capacity=chance.randint(12, 40) if chance.random() < 0.3 else None,
        mode=chance.choices(["on_site", "online", "both"], [90, 7, 3])[0],
        costs="" if chance.random() < 0.7 else "10 Euro",
        published=at(district.today - dt.timedelta(days=chance.randint(1, 300)), 10),
        dates=tuple(new_date(chance, day) for day in sorted(days_of(number, chance, district))),
    )
    return with_planted(found, district)


def with_planted(found: Offering, district: District) -> Offering:
    if found.number in RARE_IN:
        return replace(found, title=f"{RARE}: erste Schritte")
    if is_in_feed(found.number):
        return replace(found, organiser=district.feed_organiser)
    return found


def is_past(number: int) -> bool:
    return number % PAST == 0


def is_in_month(number: int) -> bool:
    return number % PAST == 1 and number < PAST * MONTH_DATES // 2


def is_in_feed(number: int) -> bool:
    return not is_past(number) and 1_000 <= number < 1_000 + FEED_DATES // 2 * PAST // (PAST - 1)


def days_of(number: int, chance: random.Random, district: District) -> list[dt.date]:
    """About two days; in the planted month two of it or none."""
    if is_in_month(number):
        days = (district.next_month - district.month).days
        return [district.month + dt.timedelta(days=day) for day in chance.sample(range(days), 2)]
    if is_past(number):
        days = chance.sample(range(-DAYS_BACK, -1), 2)
    else:
        days = chance.sample(range(1, DAYS_AHEAD), 2 if is_in_feed(number) else chance.choice([1, 2, 2, 3]))
    return [elsewhere(district.today + dt.timedelta(days=day), district) for day in days]


def elsewhere(day: dt.date, district: District) -> dt.date:
    """The day, or one two months later if it lies in the planted month."""
    return day + dt.timedelta(days=62) if district.month <= day < district.next_month else day


def new_date(chance: random.Random, day: dt.date) -> Date:
    start = at(day, chance.choice([9, 14, 17, 18, 19, 19, 19, 20]), chance.choice([0, 0, 30]))
    return Date(uid=new_uuid(chance), start=start, end=start + dt.timedelta(hours=chance.choice([2, 2, 3])))


def new_uuid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
