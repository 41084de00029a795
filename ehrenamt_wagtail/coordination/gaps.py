"""Where nothing is planned in a half-year: towns, circles, topics.

What counts: every date that is not cancelled and touches the half-year, in any state, drafts of all organisations and holds
included; only how many there are is told, and how many of them everybody can read.

- A **town** has something when a date takes place there; what is online only takes place in no town.
- A **circle** has something when its town has, or when its organisation offers something or takes part in something public.
  Who takes part in a draft of somebody else is not told to others, so it does not count.
- A **topic** has something when a date is about it.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.directory.models import Municipality, Topic
from ehrenamt_wagtail.programme.models.occurrence import Mode

from .models import PlannedDate, PlanState
from .periods import Period


@dataclass(frozen=True)
class Coverage:
    """How many dates there are for a town, circle or topic, and how many of them are public."""

    name: str
    town: str = ""
    topic: str = ""
    planned: int = 0
    public: int = 0


@dataclass(frozen=True)
class Gaps:
    """All towns, circles and topics by name; ``…_without`` those for which nothing is planned."""

    towns: tuple[Coverage, ...]
    circles: tuple[Coverage, ...]
    topics: tuple[Coverage, ...]

    @property
    def towns_without(self) -> list[Coverage]:
        return without(self.towns)

    @property
    def circles_without(self) -> list[Coverage]:
        return without(self.circles)

    @property
    def topics_without(self) -> list[Coverage]:
        return without(self.topics)


def without(rows: tuple[Coverage, ...]) -> list[Coverage]:
    return [row for row in rows if not row.planned]


def gaps_of(period: Period) -> Gaps:
    """What is planned and what is not; six queries."""
    dates = PlannedDate.objects.between(*period.span()).filter(is_cancelled=False)
    by_town, by_organisation, by_topic = defaultdict(set), defaultdict(set), defaultdict(set)
    uids: dict[int, uuid.UUID] = {}
    public: set[uuid.UUID] = set()
    for pk, uid, state, mode, town, organisation in dates.order_by().values_list(
        "pk", "uid", "state", "mode", "municipality", "organisation"
    ):
        uids[pk] = uid
        if state == PlanState.PUBLISHED:
            public.add(uid)
        if mode != Mode.ONLINE:
            by_town[town].add(uid)
        by_organisation[organisation].add(uid)
    topics = PlannedDate.topics.through.objects.filter(planneddate__in=dates.order_by().values("pk"))
    for pk, topic in topics.values_list("planneddate", "topic"):
        if pk in uids:
            by_topic[topic].add(uids[pk])
    shared = dates.filter(state=PlanState.PUBLISHED, offering__co_hosts__organisation__isnull=False).order_by()
    for uid, organisation in shared.values_list("uid", "offering__co_hosts__organisation"):
        by_organisation[organisation].add(uid)

    def coverage(found: set, name: str, **keys: str) -> Coverage:
        return Coverage(name=name, planned=len(found), public=len(found & public), **keys)

    circles = CirclePage.objects.live().select_related("municipality").order_by("title", "municipality__name", "pk")
    return Gaps(
        towns=tuple(coverage(by_town[town.pk], town.name, town=town.slug) for town in Municipality.objects.order_by("name")),
        circles=tuple(
            coverage(
                (by_town[circle.municipality_id] if circle.municipality_id else set())
                | (by_organisation[circle.organisation_id] if circle.organisation_id else set()),
                name_of(circle),
                town=circle.municipality.slug if circle.municipality else "",
            )
            for circle in circles
        ),
        topics=tuple(coverage(by_topic[topic.pk], topic.name, topic=topic.slug) for topic in Topic.objects.order_by("name")),
    )


def name_of(circle: CirclePage) -> str:
    """With its town where the name does not say it."""
    town = circle.municipality.name if circle.municipality else ""
    return circle.title if not town or town in circle.title else f"{circle.title} ({town})"
