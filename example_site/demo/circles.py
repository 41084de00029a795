"""Loads the circles, and what they stated about themselves."""

from __future__ import annotations

from ehrenamt_wagtail import models

from .content import circles_north, circles_south
from .figures import load_figures
from .history import publish_quietly
from .register import World
from .spec import Circle

CIRCLES = (*circles_north.CIRCLES, *circles_south.CIRCLES)


def load_circles(world: World, index) -> None:
    for number, circle in enumerate(CIRCLES):
        page = build_circle(world, circle)
        publish_quietly(
            page, parent=index, actor=world.actor_for(circle.owner), reviewer=world.users["koordination"], days=200 + 7 * number
        )
        world.pages[circle.title] = page
    load_figures(world, CIRCLES)


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
