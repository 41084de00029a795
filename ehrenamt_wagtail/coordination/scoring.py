"""How strongly two dates compete: pure functions of the facts, without the database. ``docs/coordination.md`` explains them."""

import datetime as dt
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import snowballstemmer
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.conf import DEFAULTS, conf
from ehrenamt_wagtail.directory.distance import distance_km
from ehrenamt_wagtail.programme.models.occurrence import Mode
from ehrenamt_wagtail.programme.slots import HOURS, part_at

from .days import BLOCKED, PUBLIC, SpecialDay
from .plans import Place, PlannedSpan

KM_PER_DEGREE = 111.2

# Two dates of the same evening so far apart are meant for different people.
NEAR_HOME_KM = 3.0


class Candidate(NamedTuple):
    """What is compared of a planned date; read by ``clashes`` with as little effort as possible."""

    pk: int
    offering_id: int | None
    hold_id: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_all_day: bool
    has_end: bool
    mode: str
    municipality_id: int | None
    venue_id: int | None
    latitude: float | None
    longitude: float | None
    art: str
    audience: str
    title: str


class Part(NamedTuple):
    """A reason before it is put into words: ``facts`` are what the words need."""

    code: str
    points: int
    facts: Any = None


def weight(code: str) -> int:
    """Points of a reason: the host's, or else the default."""
    return conf.CLASH_WEIGHTS.get(code, DEFAULTS["CLASH_WEIGHTS"][code])


# Time


def is_long(starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
    """An exhibition or a term competes with no evening."""
    return ends_at - starts_at > dt.timedelta(days=conf.CLASH_LONGEST_DAYS)


def parts_of_day(starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[int, int]:
    """The first and the last part of a day that a span touches, counted through all days."""
    return part_at(starts_at), part_at(ends_at - dt.timedelta(microseconds=1))


def start_of_part(number: int) -> dt.datetime:
    day, part = divmod(number, len(HOURS))
    return timezone.make_aware(dt.datetime.combine(dt.date.fromordinal(day), dt.time(HOURS[part])))


def window_of(date: PlannedSpan) -> tuple[dt.datetime, dt.datetime]:
    """Whatever competes with ``date`` touches this half-open interval."""
    if date.is_all_day:
        return date.starts_at, date.ends_at
    first, last = parts_of_day(date.starts_at, date.ends_at)
    gap = dt.timedelta(hours=conf.CLASH_GAP_HOURS)
    return min(start_of_part(first), date.starts_at - gap), max(start_of_part(last + 1), date.ends_at + gap)


def time_part(date: PlannedSpan, other: Candidate) -> Part | None:
    """How near two dates are in time; none if both can be attended with ease, or if the other one lasts for weeks."""
    if is_long(other.starts_at, other.ends_at):
        return None
    if date.starts_at < other.ends_at and other.starts_at < date.ends_at:
        if date.is_all_day and other.is_all_day:
            return Part("overlap", weight("overlap"), "day")
        if date.is_all_day or other.is_all_day:
            return Part("all_day", weight("all_day"))
        return Part("overlap", weight("overlap"), "time")
    if date.is_all_day or other.is_all_day:
        return None
    own, others = parts_of_day(date.starts_at, date.ends_at), parts_of_day(other.starts_at, other.ends_at)
    shared = max(own[0], others[0])
    if shared <= min(own[1], others[1]):
        return Part("same_part", weight("same_part"), shared % len(HOURS))
    gap = max(other.starts_at - date.ends_at, date.starts_at - other.ends_at)
    if gap <= dt.timedelta(hours=conf.CLASH_GAP_HOURS):
        return Part("gap", weight("gap"), conf.CLASH_GAP_HOURS)
    return None


# Place


def is_on_site(mode: str) -> bool:
    return mode != Mode.ONLINE


def is_online(mode: str) -> bool:
    return mode != Mode.ON_SITE


def place_part(place: Place, other: Candidate, *, overlaps: bool) -> tuple[Part | None, float | None]:
    """How much two places compete, and their distance in km where it is known; none if they do not."""
    part, distance = None, None
    if is_on_site(place.mode) and is_on_site(other.mode):
        part, distance = site_part(place, other, overlaps=overlaps)
    if is_online(place.mode) or is_online(other.mode):
        both = is_online(place.mode) and is_online(other.mode)
        online = Part("online_both", weight("online_both")) if both else Part("online", weight("online"))
        if part is None or online.points > part.points:
            part = online
    return part, distance


def site_part(place: Place, other: Candidate, *, overlaps: bool) -> tuple[Part | None, float | None]:
    distance = distance_km(place.latitude, place.longitude, other.latitude, other.longitude)
    if place.venue_id and place.venue_id == other.venue_id:
        return Part("same_venue", weight("same_venue" if overlaps else "same_town")), 0.0
    if place.municipality_id and place.municipality_id == other.municipality_id:
        return Part("same_town", weight("same_town")), distance
    if distance is None:
        is_town_missing = not (place.municipality_id and other.municipality_id)
        return Part("place_unknown", weight("place_unknown"), is_town_missing), None
    if distance > conf.CLASH_DISTANCE_KM:
        return None, distance
    return Part("distance", round(weight("distance") * (1 - distance / conf.CLASH_DISTANCE_KM)), distance), distance


def box_around(latitude: float, longitude: float, km: float) -> tuple[float, float, float, float]:
    """Smallest and largest latitude, then longitude, of a box that holds the circle of ``km`` around a point."""
    # A little more than needed: the database must leave out nothing that the exact distance would keep.
    height = km * 1.01 / KM_PER_DEGREE
    width = height / max(0.01, math.cos(math.radians(latitude)))
    return latitude - height, latitude + height, longitude - width, longitude + width


# Whom it is for


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Stems of the longer words of a German text."""
    words = re.findall(r"[^\W\d_]{4,}", text.casefold())
    return frozenset(snowballstemmer.stemmer("german").stemWords(words))


def is_same_audience(one: str, other: str) -> bool:
    """Whether at least half of the words of the longer text stand in the other."""
    ours, theirs = stems(one), stems(other)
    return bool(ours and theirs) and 2 * len(ours & theirs) >= max(len(ours), len(theirs))


# Together


def is_near_home(date: PlannedSpan, title: str, other: Candidate, distance: float | None) -> bool:
    """Whether the same evening is held in several places on purpose: same title, same start. Everybody goes to the nearest."""
    if distance is None or distance < NEAR_HOME_KM or date.starts_at != other.starts_at:
        return False
    return bool(title.strip()) and title.strip().casefold() == other.title.strip().casefold()


def parts_of(
    date: PlannedSpan, place: Place, other: Candidate, audience: str, kind: str, topics: Iterable[str], title: str = ""
) -> tuple[list[Part], float | None]:
    """All reasons why ``other`` competes with ``date``, time first, and the distance; no reasons if it does not."""
    time = time_part(date, other)
    if time is None:
        return [], None
    where, distance = place_part(place, other, overlaps=time.code in ("overlap", "all_day"))
    if where is None or is_near_home(date, title, other, distance):
        return [], distance
    parts = [time, where]
    if topics:
        parts.append(Part("topic", weight("topic"), tuple(topics)))
    if audience and is_same_audience(audience, other.audience):
        parts.append(Part("audience", weight("audience")))
    if kind and kind == other.art:
        parts.append(Part("kind", weight("kind")))
    if not (date.has_end and other.has_end):
        parts.append(Part("no_end", 0, conf.DEFAULT_DURATION_HOURS))
    return parts, distance


def day_parts(day: SpecialDay) -> list[Part]:
    code = day.kind if day.kind != BLOCKED else ("blocked_avoid" if day.is_strong else "blocked_hint")
    return [Part(code, weight(code), day)]


def capped(parts: list[Part]) -> list[Part]:
    """The same reasons with at most 100 points in all: the last ones lose what is too much."""
    left, result = 100, []
    for part in parts:
        result.append(part._replace(points=min(part.points, left)))
        left -= result[-1].points
    return result


# In words


def words(part: Part) -> str:
    """Why, as the beginning of a sentence in small letters."""
    facts = part.facts
    match part.code:
        case "overlap":
            return _("on the same day") if facts == "day" else _("at the same time")
        case "all_day":
            return _("on the same day, one of them all day")
        case "same_part":
            return (_("on the same morning"), _("on the same afternoon"), _("on the same evening"))[facts]
        case "gap":
            return ngettext(
                "at most %(hours)s hour before or after", "at most %(hours)s hours before or after", math.ceil(facts)
            ) % {"hours": number_format(facts)}
        case "same_venue":
            return _("in the same building")
        case "same_town":
            return _("in the same town")
        case "distance":
            return distance_words(facts)
        case "place_unknown":
            return _("place not known yet") if facts else _("distance unknown")
        case "online":
            return _("one of them online: no way to travel")
        case "online_both":
            return _("both online: no way to travel")
        case "topic":
            return ngettext("same topic: %(topics)s", "same topics: %(topics)s", len(facts)) % {"topics": ", ".join(facts)}
        case "audience":
            return _("same audience")
        case "kind":
            return _("same kind")
        case "no_end":
            return ngettext(
                "no end given: counted as %(hours)s hour", "no end given: counted as %(hours)s hours", math.ceil(facts)
            ) % {"hours": number_format(facts)}
    return day_words(facts)


def distance_words(km: float) -> str:
    """„4 km entfernt“."""
    return _("%(km)s km away") % {"km": round(km)} if km >= 1 else _("less than 1 km away")


def day_words(day: SpecialDay) -> str:
    """„Schulferien: Himmelfahrts-/Pfingstferien, 18.–29. Mai 2027“."""
    if day.kind == BLOCKED:
        text = _("better not: %(name)s, %(when)s") if day.is_strong else _("worth knowing: %(name)s, %(when)s")
    else:
        text = _("public holiday: %(name)s, %(when)s") if day.kind == PUBLIC else _("school holidays: %(name)s, %(when)s")
    return text % {"name": day.name, "when": day.when}
