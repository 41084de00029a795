"""Loads the circles and how many volunteers they had in each year."""

from __future__ import annotations

import random

from ehrenamt_wagtail import models

from .content import circles_north, circles_south
from .history import publish_quietly
from .register import World
from .spec import Circle

CIRCLES = (*circles_north.CIRCLES, *circles_south.CIRCLES)
FIRST_YEAR = 2015
# Volunteers in a year, as a multiple of 2026: the rise of 2016, the long decline, the second rise of 2022.
COURSE = {
    2015: 1.14, 2016: 1.72, 2017: 1.61, 2018: 1.44, 2019: 1.30, 2020: 1.12,
    2021: 1.03, 2022: 1.46, 2023: 1.38, 2024: 1.24, 2025: 1.11, 2026: 1.0,
}  # fmt: skip
YEARLY_DECLINE = 0.97


def course(year: int) -> float:
    return COURSE[year] if year in COURSE else YEARLY_DECLINE ** (year - max(COURSE))


def figures(circle: Circle, this_year: int) -> dict[int, int]:
    """Volunteers by year; the same for the same circle and year of loading."""
    chance = random.Random(circle.title)
    result = {}
    for year in range(FIRST_YEAR, this_year + 1):
        spread = chance.uniform(0.9, 1.1)
        if year >= circle.since:
            share = course(year) / course(this_year)
            result[year] = circle.volunteers if year == this_year else max(3, round(circle.volunteers * share * spread))
    return result


def load_circles(world: World, index) -> None:
    for number, circle in enumerate(CIRCLES):
        page = build_circle(world, circle)
        publish_quietly(
            page, parent=index, actor=world.actor_for(circle.owner), reviewer=world.users["koordination"], days=200 + 7 * number
        )
        world.pages[circle.title] = page
        models.CircleFigure.objects.bulk_create(
            models.CircleFigure(circle_id=page.pk, year=year, volunteers=volunteers)
            for year, volunteers in figures(circle, world.today.year).items()
        )


def build_circle(world: World, circle: Circle) -> models.CirclePage:
    page = models.CirclePage(
        title=circle.title,
        organisation=world.organisations[circle.owner],
        municipality=world.towns[circle.town],
        summary=circle.summary,
        meets=circle.meets,
        how_to_join=circle.join,
        wanted=circle.wanted,
        website=circle.website,
        contact_name=circle.contact,
        contact_email=circle.email,
        contact_phone=circle.phone,
        contact_name_is_public="name" in circle.public,
        contact_email_is_public="email" in circle.public,
        contact_phone_is_public="phone" in circle.public,
    )
    for name, description in circle.teams:
        page.teams.add(models.CircleTeam(name=name, description=description))
    page.carriers.set([world.organisations[key] for key in circle.carriers])
    page.topics.set([world.topics[key] for key in circle.topics])
    return page
