"""Loads the registers: municipalities, topics, organisations, venues, people and coordinators."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.slugs import german_slug

from .content import people

DATA = Path(__file__).resolve().parent.parent / "data"
PASSWORD = "ehrenamt-demo"
KINDS = {"Stadt": models.Municipality.Kind.TOWN, "Gemeinde": models.Municipality.Kind.MUNICIPALITY}


@dataclass
class World:
    """What the texts refer to by key; towns by their name, users by their user name."""

    today: dt.date
    towns: dict[str, models.Municipality] = field(default_factory=dict)
    topics: dict[str, models.Topic] = field(default_factory=dict)
    organisations: dict[str, models.Organisation] = field(default_factory=dict)
    venues: dict[str, models.Venue] = field(default_factory=dict)
    users: dict = field(default_factory=dict)
    covers: dict = field(default_factory=dict)
    logos: dict = field(default_factory=dict)
    documents: dict = field(default_factory=dict)
    pages: dict = field(default_factory=dict)

    def actor_for(self, key: str):
        """The person who enters offerings for the organisation ``key``: the account that bears its name."""
        return self.users["koordination" if key == "landkreis" else key]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_register(today: dt.date) -> World:
    world = World(today=today)
    load_towns(world)
    load_topics(world)
    load_organisations(world)
    load_venues(world)
    load_people(world)
    load_coordinators(world)
    return world


def load_towns(world: World) -> None:
    for row in rows("municipalities.csv"):
        world.towns[row["name"]] = models.Municipality.objects.create(
            name=row["name"],
            kind=KINDS[row["kind"]],
            official_key=row["ags"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            population=int(row["population"]) if row["population"] else None,
            email=f"ehrenamt@{german_slug(row['name'])}.example",
        )


def load_topics(world: World) -> None:
    for key, (name, focus, description) in people.TOPICS.items():
        world.topics[key] = models.Topic.objects.create(name=name, focus=focus, description=description)


def load_organisations(world: World) -> None:
    for key, (name, kind, town, website, contact, email, phone, _venue) in people.ORGANISATIONS.items():
        world.organisations[key] = models.Organisation.objects.create(
            name=name,
            kind=kind,
            municipality=world.towns[town],
            website=website,
            contact_name=contact,
            contact_email=email,
            contact_phone=phone,
        )


def load_venues(world: World) -> None:
    for key, facts in people.VENUES.items():
        name, town, street, code, owner, step_free, toilet, loop, parking, stop, notes, rooms = facts
        venue = models.Venue(
            name=name,
            municipality=world.towns[town],
            street=street,
            postal_code=code,
            organisation=world.organisations[owner] if owner else None,
            step_free=step_free,
            accessible_toilet=toilet,
            hearing_loop=loop,
            parking=parking,
            nearest_stop=stop,
            access_notes=notes,
        )
        for room, seats, room_step_free in rooms:
            venue.rooms.add(models.Room(name=room, seats=seats, step_free=room_step_free))
        venue.save()
        world.venues[key] = venue
    for key, organisation in world.organisations.items():
        organisation.default_venue = world.venues[people.ORGANISATIONS[key][-1]]
        organisation.save()


def load_people(world: World) -> None:
    password = make_password(PASSWORD)
    user_model = get_user_model()

    def account(username: str, first_name: str, last_name: str, email: str):
        world.users[username] = user_model.objects.create(
            username=username, first_name=first_name, last_name=last_name, email=email, password=password
        )
        return world.users[username]

    for username, first_name, last_name, email, organisation, role, language in people.MEMBERS:
        models.Membership.objects.create(
            user=account(username, first_name, last_name, email),
            organisation=world.organisations[organisation],
            role=role,
            language=language,
            created_at=timezone.now() - dt.timedelta(days=400),
        )
    for facts in people.STAFF:
        account(*facts)
    admin = world.users["admin"]
    admin.is_staff = admin.is_superuser = True
    admin.save()


def load_coordinators(world: World) -> None:
    until = dt.date(world.today.year, 6, 30)
    if until < world.today:
        until = until.replace(year=until.year + 1)
    for order, (name, position, email, phone, responsible, ends) in enumerate(people.COORDINATORS):
        models.Coordinator.objects.create(
            name=name,
            position=position,
            email=email,
            phone=phone,
            responsibilities=responsible,
            from_date=dt.date(until.year - 3, 7, 1) if ends else dt.date(2015, 10, 1),
            until_date=until if ends else None,
            sort_order=order,
        )
