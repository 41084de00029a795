"""Loads what the circles stated twice a year since 2015, and asks one of those that have not stated anything yet."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.asking import ask
from ehrenamt_wagtail.circles.half_years import HalfYear, half_year_of
from ehrenamt_wagtail.programme.filters import local_midnight

from .register import World
from .spec import Circle

FIRST = HalfYear(2015, 1)
# Volunteers in a year, as a multiple of 2026: the rise of 2016, the long decline, the second rise of 2022.
COURSE = {
    2015: 1.14, 2016: 1.72, 2017: 1.61, 2018: 1.44, 2019: 1.30, 2020: 1.12,
    2021: 1.03, 2022: 1.46, 2023: 1.38, 2024: 1.24, 2025: 1.11, 2026: 1.0,
}  # fmt: skip
YEARLY_DECLINE = 0.97
# By the place in the list of circles: who has not stated the present half-year yet, and who left one out, long ago.
NOT_YET = {0, 6, 13, 20, 25}
LEFT_OUT = {4: HalfYear(2020, 1), 9: HalfYear(2020, 1), 17: HalfYear(2020, 2), 22: HalfYear(2023, 2)}
# Before, a coordinator wrote down what was told on the telephone.
BY_LINK_SINCE = HalfYear(2022, 1)
# The mail to this one can be read in the demonstration's post.
ASKED = "Arbeitskreis Asyl Renningen"
# Stated by mistake with two digits turned, and corrected by a coordinator the day after.
CORRECTED = "Freundeskreis Asyl Leonberg"
REMARKS = {
    1: "Die Kochgruppe hat sich geteilt und trifft sich jetzt an zwei Abenden.",
    5: "Für die Sprachkurse am Vormittag fehlen Leute, die Zeit haben.",
    11: "Viele Ehrenamtliche sind über siebzig; wir suchen Nachfolge für die Leitung der Fahrradwerkstatt.",
    16: "Mehr Anfragen zur Wohnungssuche als zum Ankommen.",
}  # fmt: skip


class Stated(NamedTuple):
    volunteers: int
    groups: int


def course(year: int) -> float:
    return COURSE[year] if year in COURSE else YEARLY_DECLINE ** (year - max(COURSE))


def course_of(half_year: HalfYear) -> float:
    """The second half of a year lies between this year and the next."""
    following = half_year.later(1).year
    return (course(half_year.year) + course(following)) / 2


def figures(circle: Circle, *, latest: HalfYear) -> dict[HalfYear, Stated]:
    """What the circle states up to ``latest``, when it has the number of its text; the same for the same circle and half-year."""
    chance = random.Random(circle.title)
    per_group = circle.volunteers / max(len(circle.teams), 1)
    result = {}
    for number in range(latest.since(FIRST) + 1):
        half_year = FIRST.later(number)
        spread = chance.uniform(0.93, 1.07)
        if half_year.year < circle.since:
            continue
        share = course_of(half_year) / course_of(latest)
        volunteers = circle.volunteers if half_year == latest else max(3, round(circle.volunteers * share * spread))
        result[half_year] = Stated(volunteers, max(1, round(volunteers / per_group)))
    return result


def load_figures(world: World, circles: tuple[Circle, ...]) -> None:
    present = half_year_of(world.today)
    rows: list[models.CircleFigure] = []
    for place, circle in enumerate(circles):
        latest = present.later(-1) if place in NOT_YET else present
        for half_year, stated in figures(circle, latest=latest).items():
            if half_year != LEFT_OUT.get(place):
                rows += rows_of(world, circle, place, half_year, stated, present)
    models.CircleFigure.objects.bulk_create(rows)
    ask([world.pages[ASKED]], half_year=present, actor=world.users["koordination"])


def rows_of(
    world: World, circle: Circle, place: int, half_year: HalfYear, stated: Stated, present: HalfYear
) -> list[models.CircleFigure]:
    """The figure that counts; before it the one that was corrected, if there is one."""
    is_by_link = half_year >= BY_LINK_SINCE and place % 4 != 3
    facts = {"circle_id": world.pages[circle.title].pk, "year": half_year.year, "half": half_year.half}
    at = stated_at(half_year, place)
    row = models.CircleFigure(
        **facts,
        volunteers=stated.volunteers,
        groups=stated.groups,
        remarks=REMARKS.get(place, "") if half_year == present else "",
        stated_at=at,
        stated_by=None if is_by_link else world.users["koordination"],
        is_by_link=is_by_link,
    )
    if circle.title != CORRECTED or half_year != present:
        return [row]
    turned = int(str(stated.volunteers)[::-1])
    mistaken = models.CircleFigure(
        **facts,
        volunteers=turned,
        groups=stated.groups,
        remarks=row.remarks,
        stated_at=at - dt.timedelta(days=1),
        is_by_link=True,
        is_current=False,
    )
    row.is_by_link, row.stated_by = False, world.users["koordination"]
    return [mistaken, row]


def stated_at(half_year: HalfYear, place: int) -> dt.datetime:
    """In the half-year's last weeks or the weeks after, but not in the future."""
    usual = local_midnight(half_year.last) + dt.timedelta(days=place % 19 - 9, hours=8 + place % 11)
    return min(usual, timezone.now() - dt.timedelta(hours=2 + place))
