"""Offerings of other organisations that say much the same as a plan. Weights and thresholds are settings (``SIMILAR_…``).

The database narrows by weeks, topics and distance; titles and texts are compared here (see ``text``), so that every database
gives the same answers. ``docs/coordination.md`` explains the score.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.conf import DEFAULTS, conf
from ehrenamt_wagtail.directory.distance import distance_km
from ehrenamt_wagtail.directory.models import Municipality
from ehrenamt_wagtail.programme.models import CoHost, OfferingPage
from ehrenamt_wagtail.programme.models.occurrence import Mode

from .clashes import ROWS_NAMED, ClashReason, family_of, merged
from .models import PlannedDate
from .plans import Place, Plan
from .scoring import box_around, distance_words, is_on_site
from .text import LikenessTo, fold, terms, text_likeness

# Texts are compared up to so many letters, and of so many candidates with the likest titles.
TEXT_LETTERS = 1200
TEXTS_COMPARED = 200


@dataclass(frozen=True)
class NearDuplicate:
    """An offering or hold of another organisation, by its date nearest to the plan's; ``score`` 0–100 with its reasons.

    ``score`` is the sum of the reasons' points. What of ``planned`` may be shown to whom says ``visibility``; the reasons quote
    nothing of it.
    """

    planned: PlannedDate
    score: int
    reasons: tuple[ClashReason, ...]
    distance_km: float | None = None


class Candidate(NamedTuple):
    """What is read of every date that the database did not rule out."""

    pk: int
    offering_id: int | None
    hold_id: int | None
    starts_at: dt.datetime
    title: str
    mode: str
    latitude: float | None
    longitude: float | None


# Where the title and the place stand in a row.
TITLE, WHERE = Candidate._fields.index("title"), slice(Candidate._fields.index("mode"), None)


@dataclass(frozen=True)
class Near:
    """A candidate's date nearest to the plan's; ``apart`` is the time between them."""

    row: Candidate
    apart: dt.timedelta
    distance_km: float | None
    title_likeness: float

    @property
    def order(self) -> tuple:
        """The likest title first, then the nearest in time; the same on every database."""
        return -self.title_likeness, self.apart, self.row.starts_at, self.row.offering_id or 0, self.row.hold_id or 0


class Share(NamedTuple):
    """A reason before it is put into words: how much they are alike in one respect, 0–1, and the points for it."""

    code: str
    likeness: float
    points: int


@dataclass(frozen=True)
class Double:
    """A near duplicate before it is put into words."""

    planned: PlannedDate
    near: Near
    shares: list[Share]
    score: int

    def in_words(self) -> NearDuplicate:
        reasons = [ClashReason(share.code, words_for(share.code, share.likeness), share.points) for share in self.shares]
        return NearDuplicate(self.planned, self.score, (*reasons, *circumstances(self.near)), self.near.distance_km)


def find_similar(plan: Plan, *, now: dt.datetime | None = None, limit: int = 5) -> list[NearDuplicate]:
    """The most similar first, one entry for each offering or hold; a constant number of queries. Reads only.

    Left out are the own organisation's, cancelled and past dates, dates further away than ``conf.SIMILAR_WEEKS`` or
    ``conf.SIMILAR_KM`` (what is online is near everywhere), candidates with topics none of which the plan has – unless the title
    is the same – and what is no double for all its likeness: see ``without_local`` and ``planned_together``. A plan without dates
    is compared with the coming weeks.
    """
    now = now or timezone.now()
    if not terms(plan.title):
        return []
    near, topics = about_the_same(plan, near_enough(plan, candidates(plan, now), now))
    likest = likest_of_each(near)[:TEXTS_COMPARED]
    rows = PlannedDate.objects.order_by().in_bulk([one.row.pk for one in likest])
    own_text = terms(plan.text[:TEXT_LETTERS])
    found = []
    for one in likest:
        if (planned := rows.get(one.row.pk)) is None:
            continue
        points = points_of(plan, planned, one, own_text, topics.get(planned.pk, frozenset()))
        score = sum(part.points for part in points)
        if score >= conf.SIMILAR_MENTIONED:
            found.append(Double(planned, one, points, score))
    found = without_local(plan, found)
    together = planned_together(plan, [double.planned for double in found])
    found = [double for double in found if double.planned.offering_id not in together]
    found.sort(key=lambda double: (-double.score, double.near.order))
    return [double.in_words() for double in found[:limit]]


# What the database leaves


def candidates(plan: Plan, now: dt.datetime):
    """A queryset of the dates that are near enough in time and place."""
    others = PlannedDate.objects.competing(now).exclude(title="").filter(reduce(or_, windows_of(plan, now))).order_by()
    if plan.organisation_id:
        others = others.exclude(organisation=plan.organisation_id)
    if family := family_of(plan.offering_id):
        others = others.exclude(offering__in=family)
    if plan.hold_id:
        others = others.exclude(hold=plan.hold_id)
    if (area := area_of(plan)) is not None:
        others = others.filter(area)
    return others


def windows_of(plan: Plan, now: dt.datetime) -> list[Q]:
    """Conditions on the start, one for each span of time; windows that touch are one."""
    reach = dt.timedelta(weeks=conf.SIMILAR_WEEKS)
    spans = merged([(start - reach, start + reach) for start in starts_of(plan, now)], dt.timedelta(0))
    return [Q(starts_at__gte=first, starts_at__lte=last) for first, last in spans]


def starts_of(plan: Plan, now: dt.datetime) -> list[dt.datetime]:
    return sorted(date.starts_at for date in plan.dates) or [now]


def places_of(plan: Plan) -> set[Place]:
    return {plan.place_of(date) for date in plan.dates} or {plan.place}


def area_of(plan: Plan) -> Q | None:
    """Boxes around the plan's places; none if one of them is near everywhere: online, or not known yet."""
    places = places_of(plan)
    if any(not is_located(place) for place in places):
        return None
    # Coordinates are given both or not at all, and each of these conditions has an index.
    near = Q(mode__in=[Mode.ONLINE, Mode.BOTH]) | Q(latitude=None)
    return reduce(or_, map(within_box, places), near)


def within_box(place: Place) -> Q:
    """Within ``conf.SIMILAR_KM`` of a place whose coordinates are known; a little more."""
    south, north, west, east = box_around(place.latitude, place.longitude, conf.SIMILAR_KM)
    return Q(latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east)


def is_located(place: Place | Candidate) -> bool:
    """Whether it takes place in one spot only, and which one is known."""
    return place.mode == Mode.ON_SITE and place.latitude is not None and place.longitude is not None


# What is compared here


def near_enough(plan: Plan, others, now: dt.datetime) -> list[Near]:
    """Those near enough, with titles so much alike that all other reasons together could make them doubles. One query."""
    starts, places, least = starts_of(plan, now), places_of(plan), least_likeness()
    likeness = LikenessTo(plan.title)
    distances: dict[tuple, tuple[bool, float | None]] = {}
    found = []
    for values in others.values_list(*Candidate._fields):
        title, where = values[TITLE], values[WHERE]
        if (alike := likeness(title)) < least:
            continue
        row = Candidate._make(values)
        if where not in distances:
            distances[where] = distance_to(row, places)
        is_near, distance = distances[where]
        if is_near:
            found.append(Near(row, time_apart(row.starts_at, starts), distance, alike))
    return found


def least_likeness() -> float:
    """Titles less alike are mentioned under no circumstances: whatever a missing reason leaves to the title, it loses too."""
    others = weight("text") + weight("topic") + weight("kind")
    # Each of four reasons is rounded, by half a point at most.
    return (conf.SIMILAR_MENTIONED - others - 2) / max(1, weight("title"))


def about_the_same(plan: Plan, near: list[Near]) -> tuple[list[Near], dict[int, frozenset[int]]]:
    """Those that share a topic, those without any and those with the same title; and the topics of all. One query."""
    topics = topics_of([one.row.pk for one in near])
    if not plan.topics:
        return near, topics
    return [one for one in near if not (own := topics.get(one.row.pk)) or own & plan.topics or one.row.title == plan.title], topics


def likest_of_each(near: Iterable[Near]) -> list[Near]:
    """For each offering and hold the likest title, or else the date nearest to one of the plan's; the likest first."""
    nearest: dict[tuple, Near] = {}
    for one in near:
        key = (one.row.offering_id, one.row.hold_id)
        # Of an offering with a pending change, the likest title may be the public one or the new one.
        if key not in nearest or one.order < nearest[key].order:
            nearest[key] = one
    return sorted(nearest.values(), key=lambda one: one.order)


def time_apart(start: dt.datetime, starts: list[dt.datetime]) -> dt.timedelta:
    """To the nearest of ``starts``, which are in order."""
    place = bisect_left(starts, start)
    return min(abs(start - other) for other in starts[max(0, place - 1) : place + 1])


def distance_to(row: Candidate, places: Iterable[Place]) -> tuple[bool, float | None]:
    """Whether a date is near one of ``places``, and the smallest distance in km where both are known and on site."""
    known = [
        distance
        for place in places
        if is_on_site(place.mode)
        and is_on_site(row.mode)
        and (distance := distance_km(place.latitude, place.longitude, row.latitude, row.longitude)) is not None
    ]
    distance = min(known, default=None)
    is_everywhere = not is_located(row) or any(not is_located(place) for place in places)
    return is_everywhere or (distance is not None and distance <= conf.SIMILAR_KM), distance


def topics_of(keys: list[int]) -> dict[int, frozenset[int]]:
    """Keys of topics by key of the date. One query for each 10,000 of them."""
    found: dict[int, set[int]] = {}
    # By key and not by a subquery, for which PostgreSQL reads the topics of every date.
    for first in range(0, len(keys), ROWS_NAMED):
        pairs = PlannedDate.topics.through.objects.filter(planneddate__in=keys[first : first + ROWS_NAMED])
        for pk, topic in pairs.values_list("planneddate_id", "topic_id"):
            found.setdefault(pk, set()).add(topic)
    return {pk: frozenset(topics) for pk, topics in found.items()}


def weight(code: str) -> int:
    """Points of a reason: the host's, or else the default."""
    return conf.SIMILAR_WEIGHTS.get(code, DEFAULTS["SIMILAR_WEIGHTS"][code])


def points_of(plan: Plan, planned: PlannedDate, near: Near, own_text: Mapping[str, float], topics: frozenset[int]) -> list[Share]:
    """Why they are alike, with points. What one of both does not say cannot be compared: its points are the title's then."""
    shares: dict[str, float | None] = {"text": None, "topic": None, "kind": None}
    if own_text and planned.text:
        shares["text"] = text_likeness(own_text, terms(planned.text[:TEXT_LETTERS]))
    if plan.topics and topics:
        shares["topic"] = float(bool(plan.topics & topics))
    if plan.kind and planned.art:
        shares["kind"] = float(plan.kind == planned.art)
    whole = weight("title") + sum(weight(code) for code, share in shares.items() if share is None)
    found = [Share("title", near.title_likeness, round(whole * near.title_likeness))]
    found += [Share(code, share, round(weight(code) * share)) for code, share in shares.items() if share]
    return [share for share in found if share.points or share.code == "title"]


def words_for(code: str, share: float) -> str:
    percent = round(100 * share)
    match code:
        case "title":
            return _("the same title") if percent == 100 else _("titles alike to %(percent)s%%") % {"percent": percent}
        case "text":
            return _("texts alike to %(percent)s%%") % {"percent": percent}
        case "topic":
            return _("same topic")
    return _("same kind")


def circumstances(near: Near) -> list[ClashReason]:
    """How near in time and place, in words and without points: whoever is far away is not compared at all."""
    weeks = round(near.apart / dt.timedelta(weeks=1))
    apart = ngettext("%(weeks)s week apart", "%(weeks)s weeks apart", weeks) % {"weeks": weeks} if weeks else _("within days")
    found = [ClashReason("weeks", apart, 0)]
    if near.distance_km is not None:
        found.append(ClashReason("distance", distance_words(near.distance_km), 0))
    return found


# What is no double


def without_local(plan: Plan, found: list[Double]) -> list[Double]:
    """Leaves out what names another town in its title: „Sprachcafé Herrenberg“ is no double of „Sprachcafé Leonberg“. One query.

    Only towns near by are looked for; far away there is a town for nearly every word.
    """
    if not found:
        return []
    towns = Municipality.objects.order_by().filter(towns_near(plan, found)).values_list("name", flat=True)
    names = [terms(name).keys() for name in towns]

    def towns_in(title: str) -> list:
        words = terms(title).keys()
        return [name for name in names if name and name <= words]

    own = towns_in(plan.title)
    if not own:
        return found
    return [double for double in found if not (theirs := towns_in(double.planned.title)) or any(town in own for town in theirs)]


def towns_near(plan: Plan, found: list[Double]) -> Q:
    """A condition on municipalities: in the boxes around the plan's places, or where one of both takes place."""
    boxes = [within_box(place) for place in places_of(plan) if is_located(place)]
    if not boxes:
        return Q()
    own = {place.municipality_id for place in places_of(plan)} | {double.planned.municipality_id for double in found}
    return reduce(or_, boxes) | Q(latitude=None) | Q(longitude=None) | Q(pk__in=own - {None})


def planned_together(plan: Plan, others: Iterable[PlannedDate]) -> set[int]:
    """Keys of the offerings that are held near each other on purpose: the same evening in five towns. Two queries.

    Their organisations know of each other: one is co-host of the other's offering, both name a third organisation of the
    register as co-host, or both offerings bear the same series title.
    """
    ids = {planned.offering_id: planned.organisation_id for planned in others if planned.offering_id}
    own = plan.co_hosts
    found = set()
    for page, host in CoHost.objects.filter(page__in=ids).exclude(organisation=None).values_list("page_id", "organisation_id"):
        if host == plan.organisation_id or host in own:
            found.add(page)
    found |= {page for page, organisation in ids.items() if organisation in own}
    series = fold(plan.series).strip()
    if series:
        rows = OfferingPage.objects.filter(pk__in=ids).exclude(series_title="").values_list("pk", "series_title")
        found |= {page for page, title in rows if fold(title).strip() == series}
    return found
