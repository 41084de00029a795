"""The labelled pairs of titles in ``data/similar_pairs.csv``, put into the database and judged by ``find_similar``.

Every pair lies in weeks of its own, far from the others, so that all of them can be judged in one database.
"""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from ehrenamt_wagtail.coordination.plans import plan_of
from ehrenamt_wagtail.coordination.similar import find_similar
from ehrenamt_wagtail.models import CoHost, OfferingPage, SupervisionPage, TrainingPage
from tests.factories import MunicipalityFactory, OrganisationFactory, TopicFactory, draft_offering

FILE = Path(__file__).parent / "data" / "similar_pairs.csv"
NOW = timezone.make_aware(dt.datetime(2027, 1, 1))
KM_PER_DEGREE = 111.2
WEEKS_BETWEEN_PAIRS = 40
# Towns that titles name; on a site they stand in the register as well.
TOWNS = ("Böblingen", "Herrenberg", "Holzgerlingen", "Leonberg", "Renningen", "Weil der Stadt")
FORMATS = {"fortbildung": "training", "workshop": "workshop", "vortrag": "lecture", "austausch": "exchange"}


@dataclass(frozen=True)
class Pair:
    """A line of the file; ``km`` is none where both take place online."""

    double: bool
    title: str
    other_title: str
    kind: str
    other_kind: str
    topics: str
    weeks: int
    km: float | None
    organisation: str
    together: str
    text: str
    other_text: str
    why: str


@dataclass(frozen=True)
class Answer:
    """``score`` is none where the pair is not found similar; ``back`` is the answer seen from the other offering."""

    pair: Pair
    score: int | None
    back: int | None

    @property
    def is_found(self) -> bool:
        return self.score is not None


def read_pairs() -> list[Pair]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    return [
        Pair(
            **row
            | {
                "double": row["double"] == "yes",
                "weeks": int(row["weeks"]),
                "km": None if row["km"] == "online" else float(row["km"]),
            }
        )
        for row in rows
    ]


def judge(pairs: list[Pair]) -> list[Answer]:
    """Write all pairs below the first programme page, then ask for each of them in both directions."""
    for name in TOWNS:
        MunicipalityFactory(name=name, latitude=48.0, longitude=9.0)
    topics = TopicFactory(name="Thema des Paars"), TopicFactory(name="Anderes Thema")
    offerings = [build(pair, number, topics) for number, pair in enumerate(pairs)]
    return [Answer(pair, score(one, other), score(other, one)) for pair, (one, other) in zip(pairs, offerings, strict=True)]


def score(page: OfferingPage, other: OfferingPage) -> int | None:
    found = find_similar(plan_of(page), now=NOW)
    return next((near.score for near in found if near.planned.offering_id == other.pk), None)


def build(pair: Pair, number: int, topics) -> tuple[OfferingPage, OfferingPage]:
    town = MunicipalityFactory(latitude=48.0, longitude=9.0)
    other_town = MunicipalityFactory(latitude=48.0 + (pair.km or 0) / KM_PER_DEGREE, longitude=9.0)
    organisation = OrganisationFactory(municipality=town)
    other_organisation = organisation if pair.organisation == "same" else OrganisationFactory(municipality=other_town)
    start = NOW + dt.timedelta(weeks=10 + number * WEEKS_BETWEEN_PAIRS, hours=19)
    one = offering(pair, pair.title, pair.kind, organisation, town, start, pair.text, topics[:1])
    shared = topics[:1] if pair.topics == "same" else topics[1:]
    other_start = start + dt.timedelta(weeks=pair.weeks)
    other = offering(
        pair, pair.other_title, pair.other_kind, other_organisation, other_town, other_start, pair.other_text, shared
    )
    match pair.together:
        case "co_host":
            add_co_host(other, organisation)
        case "third":
            third = OrganisationFactory()
            add_co_host(one, third)
            add_co_host(other, third)
    return type(one).objects.get(pk=one.pk), type(other).objects.get(pk=other.pk)


def offering(pair: Pair, title: str, kind: str, organisation, town, start, text: str, topics) -> OfferingPage:
    facts = {"training_format": FORMATS[kind]} if kind in FORMATS else {}
    return draft_offering(
        model=TrainingPage if facts else SupervisionPage,
        title=title,
        organisation=organisation,
        municipality=town,
        mode="online" if pair.km is None else "on_site",
        dates=[start],
        topics=[] if pair.topics == "none" else topics,
        series_title="Ein Abend – mehrere Orte" if pair.together == "series" else "",
        summary=text,
        **facts,
    )


def add_co_host(page: OfferingPage, organisation) -> None:
    page.co_hosts.add(CoHost(organisation=organisation))
    page.save()
    page.save_revision(clean=False)


def precision_and_recall(answers: list[Answer]) -> tuple[float, float]:
    """The share of doubles among what is found, and the share of the doubles that is found."""
    right = sum(answer.is_found and answer.pair.double for answer in answers)
    return right / sum(answer.is_found for answer in answers), right / sum(answer.pair.double for answer in answers)
