"""Loads what took place in earlier half-years: pages in the archive, and the figures that stay of who came."""

from __future__ import annotations

import datetime as dt
import uuid

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import Span, half_years

from .content import earlier
from .dates import is_closed, moment
from .history import publish_quietly
from .programme import NAMESPACE, build_offering
from .register import World
from .spec import Offering

FORMATS = {art: value for value, art in models.TrainingPage.ART_OF_FORMAT.items()}


def load_earlier(world: World, programme) -> None:
    *spans, _present = half_years(6, until=world.today)
    circles = [title for title, page in sorted(world.pages.items()) if isinstance(page, models.CirclePage)]
    figures = []
    for line in earlier.LINES:
        for number, span in enumerate(spans):
            figures += publish_line(world, programme, line, number, span, circles)
    figures += [day_figure(spans, *facts) for facts in earlier.DAYS]
    models.SeatFigure.objects.bulk_create(figures)


def publish_line(world: World, programme, line: tuple, number: int, span: Span, circles: list[str]) -> list[models.SeatFigure]:
    """One page with all dates of a half-year; gives a figure of each date."""
    art, title, org, venue, topics, weekday, start, end, dates, seats, people = line
    if not dates[number]:
        return []
    name = (earlier.FIRST if span.first.month == 1 else earlier.SECOND).format(title=title, year=span.first.year)
    text = earlier.SUMMARY.format(title=title)
    page = build_offering(world, Offering(art, name, org, (), text, topics, venue=venue))
    days = [open_day(span.first + dt.timedelta(weeks=week), weekday) for week in earlier.WEEKS[: dates[number]]]
    for place, day in enumerate(days):
        uid = uuid.uuid5(NAMESPACE, f"{org}/{name}/{place}")
        page.occurrences.add(models.Occurrence(uid=uid, start=moment(day, start), end=moment(day, end)))
    since = (world.today - days[0]).days + 40
    publish_quietly(page, parent=programme, actor=world.actor_for(org), reviewer=world.users["koordination"], days=since)
    return [
        models.SeatFigure(
            offering_id=page.pk,
            occurrence_uid=date.uid,
            title=name,
            kind=page.kind,
            format=FORMATS[art],
            organisation=page.organisation.name,
            organisation_kind=page.organisation.kind,
            municipality=page.venue.municipality.name,
            date=day,
            offered=seats,
            taken=people[number],
            attended=people[number] * 9 // 10,
            by_circle=named(people[number], circles, number + place),
            is_final=True,
            taken_at=moment(day, end) + dt.timedelta(days=15),
        )
        for place, (day, date) in enumerate(zip(days, page.occurrences.order_by("starts_at"), strict=True))
    ]


def open_day(day: dt.date, weekday: int) -> dt.date:
    """That weekday of the week, or of a later one in which it is no holiday."""
    day += dt.timedelta(days=weekday - day.weekday())
    while is_closed(day):
        day += dt.timedelta(weeks=1)
    return day


def named(people: int, circles: list[str], turn: int) -> dict[str, int]:
    """About two thirds named a circle."""
    found, left = {}, people * 2 // 3
    for place, most in enumerate(earlier.AT_EACH_CIRCLE):
        number = min(most, left)
        if number:
            found[circles[(turn * 5 + place * 3) % len(circles)]] = number
        left -= number
    return found


def day_figure(spans: list[Span], back: int, title: str, town: str, seats: int, taken: int, attended: int) -> models.SeatFigure:
    """Its page is gone, as of old days; the figure stays."""
    span = spans[-back]
    day = open_day(span.first + dt.timedelta(weeks=11), 5)
    return models.SeatFigure(
        title=title,
        kind=models.VolunteerDayPage.kind,
        organisation="Landratsamt, Fachstelle Ehrenamt",
        organisation_kind="district",
        municipality=town,
        date=day,
        offered=seats,
        taken=taken,
        attended=attended,
        is_final=True,
        taken_at=moment(day, "18:00") + dt.timedelta(days=15),
    )
