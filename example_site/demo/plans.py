"""Held dates, needs and blocked dates, made with the real actions as of the days on which they happened."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.needs import answer, report_need, take_up
from ehrenamt_wagtail.coordination.holds import expire_holds, hold_date

from .content import days, plans
from .dates import days_of, easter_sunday, moment
from .register import World

Kind, Weight = models.BlockedDate.Kind, models.BlockedDate.Weight


def load_blocked_dates(world: World) -> None:
    """The next of each, and the coming volunteer day; before anything is submitted, so that it is judged as it would be."""
    election, day = (days_of([when], world.today)[0] for when in (plans.ELECTION, days.COMING_DAY.when[0]))
    carnival = next_carnival(world.today)
    ramadan = next(
        (first for first in plans.RAMADAN if first + dt.timedelta(days=plans.RAMADAN_DAYS) > world.today), plans.RAMADAN[-1]
    )
    until = ramadan + dt.timedelta(days=plans.RAMADAN_DAYS - 1)
    for name, kind, weight, first, last, note in (
        ("Wahlsonntag", Kind.ELECTION, Weight.AVOID, election, None, plans.ELECTION_NOTE),
        ("Ehrenamtstag", Kind.VOLUNTEER_DAY, Weight.AVOID, day, None, plans.DAY_NOTE),
        ("Bewegliche Ferientage (Fasching)", Kind.SCHOOL, Weight.HINT, *carnival, plans.CARNIVAL_NOTE),
        ("Ramadan", Kind.RELIGIOUS, Weight.HINT, ramadan, until, plans.RAMADAN_NOTE),
    ):
        models.BlockedDate.objects.create(name=name, kind=kind, weight=weight, from_date=first, until_date=last, note=note)


def next_carnival(today: dt.date) -> tuple[dt.date, dt.date]:
    """Monday to Friday of carnival week."""
    mondays = (easter_sunday(year) - dt.timedelta(days=48) for year in (today.year, today.year + 1))
    monday = next(monday for monday in mondays if monday + dt.timedelta(days=4) >= today)
    return monday, monday + dt.timedelta(days=4)


def load_plans(world: World) -> None:
    """Needs and held dates of several organisations, and one organisation that shares its drafts."""
    sharing = world.organisations[plans.SHARING]
    sharing.shares_drafts = True
    sharing.save(update_fields=["shares_drafts"])
    needs = {asked.title: ask(world, asked) for asked in (plans.ANSWERED, plans.TAKEN, *plans.OPEN)}
    answered(world, needs[plans.ANSWERED.title])
    hold(world, plans.EXPIRED, needs)
    expire_holds()
    for held in plans.HOLDS:
        hold(world, held, needs)


def ask(world: World, asked: plans.Asked) -> models.Need:
    monday = world.today - dt.timedelta(days=world.today.weekday())
    first, last = (monday + dt.timedelta(weeks=week) for week in asked.weeks) if asked.weeks else (None, None)
    need = report_need(
        organisation=world.organisations[asked.org],
        actor=world.actor_for(asked.org),
        title=asked.title,
        description=asked.description,
        topic=world.topics[asked.topic],
        group_size=asked.size,
        from_date=first,
        until_date=last,
    )
    models.Need.objects.filter(pk=need.pk).update(created_at=timezone.now() - dt.timedelta(days=asked.made))
    return need


def answered(world: World, need: models.Need) -> None:
    """By an evening that stands in the programme."""
    page = models.OfferingPage.objects.get(title=plans.ANSWERED_BY)
    actor = page.organisation.memberships.first().user
    need = take_up(need, organisation=page.organisation, actor=actor, offering=page)
    answer(need)


def hold(world: World, held: plans.Hold, needs: dict[str, models.Need]) -> None:
    (day,) = days_of([held.when], world.today)
    hold_date(
        organisation=world.organisations[held.org],
        actor=world.actor_for(held.org),
        start=moment(day, held.when.start) if held.when.start else None,
        end=moment(day, held.when.end) if held.when.end else None,
        start_date=None if held.when.start else day,
        title=held.title,
        municipality=world.towns[held.town] if held.town else None,
        topic=world.topics[held.topic] if held.topic else None,
        need=needs[held.need] if held.need else None,
        now=timezone.now() - dt.timedelta(days=held.made),
    )
