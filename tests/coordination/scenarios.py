"""The small language of ``test_clash_scenarios``: dates as text, a home town with places so many km north of it."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from ehrenamt_wagtail.coordination.clashes import Clash, Ignored, find_clashes
from ehrenamt_wagtail.coordination.models import BlockedDate, DateHold, PlannedDate
from ehrenamt_wagtail.coordination.plans import Place, PlannedSpan
from ehrenamt_wagtail.models import Municipality, TrainingPage, VolunteerDayPage
from tests.factories import MunicipalityFactory, OrganisationFactory, TopicFactory, VenueFactory

NOW = dt.datetime(2027, 1, 15, 11, 0, tzinfo=dt.UTC)
HOME = (48.6, 8.87)
KM = 1 / 111.195  # degrees of latitude

AUDIENCE = "Ehrenamtliche in der Flüchtlingshilfe"


def moment(text: str, day: dt.date) -> dt.datetime:
    hour, _, minute = text.partition(":")
    return timezone.make_aware(dt.datetime.combine(day, dt.time(int(hour), int(minute or 0))))


def day_of(text: str) -> dt.date:
    day, month, year = text.split(".")
    return dt.date(int(year) if year else 2027, int(month), int(day))


def span(text: str) -> PlannedSpan:
    """„15.4. 19-21“, „15.4. 19“ (no end), „15.4. 22-2“ (overnight), „15.4.“, „15.4.–17.4.“ (whole days), „15.4. 18–17.4. 12“."""
    first, _, last = text.partition("–")
    day, _, hours = first.partition(" ")
    start_day = day_of(day)
    if last and hours:
        end_day, _, end_hour = last.partition(" ")
        return PlannedSpan(moment(hours, start_day), moment(end_hour, day_of(end_day)), uid=uuid.uuid4())
    if not hours:
        end_day = (day_of(last) if last else start_day) + dt.timedelta(days=1)
        return PlannedSpan(moment("0", start_day), moment("0", end_day), uid=uuid.uuid4(), is_all_day=True)
    begin, _, end = hours.partition("-")
    start = moment(begin, start_day)
    if not end:
        return PlannedSpan(start, start + dt.timedelta(hours=2), uid=uuid.uuid4(), has_end=False)
    overnight = float(end.replace(":", ".")) <= float(begin.replace(":", "."))
    return PlannedSpan(start, moment(end, start_day + dt.timedelta(days=overnight)), uid=uuid.uuid4())


def weekly(text: str, number: int) -> list[PlannedSpan]:
    """``text`` and the following weeks, at the same time on the clock."""
    day = re.match(r"[^ ]+", text).group()
    days = [day_of(day) + dt.timedelta(weeks=week) for week in range(number)]
    return [span(text.replace(day, f"{date.day}.{date.month}.{date.year}")) for date in days]


def spans(when: str | list[PlannedSpan]) -> list[PlannedSpan]:
    return [span(when)] if isinstance(when, str) else when


@dataclass
class Own:
    """What is planned: „Fortbildung“ in the home town unless said otherwise."""

    when: str | list[PlannedSpan] = "15.4. 19-21"
    mode: str = "on_site"
    town: str = "home"  # home, km (``km`` away), unknown
    km: float = 0
    kind: str = "fortbildung"
    audience: str = AUDIENCE
    venue: bool = False
    now: dt.datetime = NOW
    volunteer_day: bool = False
    title: str = ""


@dataclass
class Other:
    """What competes: a published „Vortrag“ of another organisation, 4 km away, without anything in common."""

    when: str | list[PlannedSpan] = "15.4. 19-21"
    km: float = 4
    town: str = "km"  # home, km, unlocated (a town without coordinates), unknown
    mode: str = "on_site"
    topic: bool = False
    kind: str = "vortrag"
    audience: str = ""
    venue: bool = False
    state: str = "published"
    cancelled: bool = False
    # Belongs to: "other", "own" organisation, the own "offering", own "hold", hold that "became" ours, the same "day".
    whose: str = "other"
    moved_to: str = ""
    title: str = ""


@dataclass
class Day:
    """An entry of the register."""

    when: str = "15.4."
    weight: str = "avoid"
    town: str = ""  # "", home, other
    kind: str = "other"


@dataclass
class World:
    """The rows of one scenario."""

    own: Own
    towns: dict[str, Municipality] = field(default_factory=dict)
    ignore: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        self.towns["home"] = MunicipalityFactory(name="Herrenberg", latitude=HOME[0], longitude=HOME[1])
        self.topic = TopicFactory(name="Asylrecht")
        self.venue = VenueFactory(municipality=self.towns["home"], latitude=HOME[0], longitude=HOME[1])
        self.organisation = OrganisationFactory(municipality=self.towns["home"])
        model = VolunteerDayPage if self.own.volunteer_day else TrainingPage
        self.page = self.add_page(model, self.organisation)

    def add_page(self, model, organisation, parent=None):
        parent = Page.objects.get(pk=(parent or Page.get_first_root_node()).pk)
        page = model(title="Abend", organisation=organisation, live=False, slug=f"abend-{uuid.uuid4().hex[:8]}")
        return parent.add_child(instance=page)

    def place(self, what: Own | Other) -> dict[str, Any]:
        if what.town == "unknown":
            return {"mode": what.mode}
        if what.town == "unlocated":
            return {"mode": what.mode, "municipality_id": MunicipalityFactory(latitude=None, longitude=None).pk}
        if what.town == "km":
            town = MunicipalityFactory(latitude=HOME[0] + what.km * KM, longitude=HOME[1])
        else:
            town = self.towns["home"]
        facts = {"mode": what.mode, "municipality_id": town.pk, "venue_id": self.venue.pk if what.venue else None}
        return facts if what.mode == "online" else {**facts, "latitude": town.latitude, "longitude": town.longitude}

    def add(self, other: Other) -> None:
        owner, facts = self.owner(other), self.place(other)
        dates = [(date, other.state) for date in spans(other.when)]
        if other.moved_to:
            dates.append((span(other.moved_to), "change_draft"))
        for date, state in dates:
            planned = PlannedDate.objects.create(
                uid=date.uid,
                state=state,
                is_cancelled=other.cancelled,
                starts_at=date.starts_at,
                ends_at=date.ends_at,
                is_all_day=date.is_all_day,
                has_end=date.has_end,
                art=other.kind,
                audience=other.audience,
                title=other.title,
                **owner,
                **facts,
            )
            if other.topic:
                planned.topics.add(self.topic)

    def owner(self, other: Other) -> dict[str, Any]:
        if other.whose == "offering":
            return {"offering_id": self.page.pk, "organisation_id": self.organisation.pk}
        if other.state == "hold":
            return self.hold(other)
        if other.whose == "own":
            organisation, parent = self.organisation, None
        else:
            organisation, parent = OrganisationFactory(), self.page if other.whose == "day" else None
        page = self.add_page(TrainingPage, organisation, parent)
        return {"offering_id": page.pk, "organisation_id": organisation.pk}

    def hold(self, other: Other) -> dict[str, Any]:
        hold = DateHold.objects.create(
            organisation=self.organisation if other.whose != "other" else OrganisationFactory(),
            start=span(other.when).starts_at,
            expires_at=span(other.when).starts_at,
            status=DateHold.Status.RELEASED,  # its row is made by hand
            offering_id=self.page.pk if other.whose == "became" else None,
        )
        if other.whose == "hold":
            self.ignore["hold_id"] = hold.pk
        return {"hold_id": hold.pk, "organisation_id": hold.organisation_id}

    def block(self, day: Day) -> None:
        dates = span(day.when)
        town = {"": None, "home": self.towns["home"]}.get(day.town) or (MunicipalityFactory() if day.town else None)
        BlockedDate.objects.create(
            name="Bundestagswahl",
            kind=day.kind,
            weight=day.weight,
            from_date=timezone.localtime(dates.starts_at).date(),
            until_date=timezone.localtime(dates.ends_at - dt.timedelta(seconds=1)).date(),
            municipality=town,
        )

    def clashes(self, **options) -> list[Clash]:
        return find_clashes(
            spans(self.own.when),
            Place(**self.place(self.own)),
            {self.topic.pk},
            self.own.audience,
            self.own.kind,
            title=self.own.title,
            ignore=Ignored(offering_id=self.page.pk, **self.ignore),
            now=self.own.now,
            **options,
        )


def outcome(own: Own, other: Other | Day | None) -> tuple[str, Clash | None]:
    """What is found about ``other``, or about the special days if it is none, as „strong 85: overlap distance topic“."""
    world = World(own)
    if isinstance(other, Other):
        world.add(other)
    elif other is not None:
        world.block(other)
    is_plan = isinstance(other, Other)
    found = [clash for clash in world.clashes() if (clash.planned is not None) == is_plan]
    if not found:
        return "none", None
    clash = found[0]
    words = f"{clash.level} {clash.score}: " + " ".join(reason.code for reason in clash.reasons)
    return words + (f" (+{clash.further})" if clash.further else ""), clash
