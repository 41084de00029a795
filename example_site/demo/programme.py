"""Builds offerings from their texts and publishes the half-year programme."""

from __future__ import annotations

import datetime as dt
import uuid

from ehrenamt_wagtail import models

from .content import days, exchange, lectures, real, trainings, workshops
from .dates import days_of, moment
from .history import publish_quietly
from .pictures import COVERS, LOGOS
from .register import World, rows
from .spec import Offering, When

PAGE_MODELS = {"supervision": models.SupervisionPage, "ehrenamtstag": models.VolunteerDayPage}
FORMATS = {art: value for value, art in models.TrainingPage.ART_OF_FORMAT.items()}
# How ``real_offerings.csv`` calls the kinds.
ARTS = {
    "Fortbildung": "fortbildung",
    "Workshop": "workshop",
    "Informationsvortrag": "vortrag",
    "Austauschrunde": "austausch",
    "Supervision": "supervision",
    "Ehrenamtstag": "ehrenamtstag",
}
NAMESPACE = uuid.UUID("5b1c6a52-8f0e-4b7e-9d7c-3c6f1e0a9b44")


def real_offerings() -> list[Offering]:
    """The offerings of ``real_offerings.csv``, moved by whole weeks; the volunteer day last."""
    found = {row["title"]: row for row in rows("real_offerings.csv")}
    result = [real_offering(found[title], week, facts) for title, (week, facts) in real.REAL.items()]
    return [*result, real_offering(found[real.REAL_DAY], days.PAST_WEEK, days.PAST_DAY)]


def real_offering(row: dict[str, str], week: int, facts: dict) -> Offering:
    free = row["cost"] in ("", "kostenlos")
    facts = {"audience": row["audience"], "costs": "" if free else row["cost"], **facts}
    return Offering(art=ARTS[row["format"]], title=row["title"], when=moved_dates(row["dates"], week), **facts)


def moved_dates(dates: str, week: int) -> tuple[When, ...]:
    """„start/end; start/end“ with the first date in ``week``; weekdays and times of day stay."""
    spans = [[part and dt.datetime.fromisoformat(part) for part in date.split("/")] for date in dates.split("; ")]
    first = spans[0][0].date()
    monday = first - dt.timedelta(days=first.weekday())
    return tuple(
        When(
            week + (start.date() - monday).days // 7,
            start.weekday(),
            start.strftime("%H:%M"),
            end.strftime("%H:%M") if end else "",
        )
        for start, end in spans
    )


def stock() -> list[Offering]:
    """What is simply published, the volunteer days' own pages excluded."""
    *offerings, _day = real_offerings()
    return [
        *offerings, *trainings.OFFERINGS, *workshops.OFFERINGS, *lectures.OFFERINGS, *exchange.EXCHANGE, *exchange.SUPERVISION,
    ]  # fmt: skip


def load_stock(world: World, programme) -> None:
    for offering in stock():
        publish(world, offering, programme)
    past_day = publish(world, real_offerings()[-1], programme)
    for offering in days.PAST_CHILDREN:
        publish(world, offering, past_day)
    world.pages["day"] = publish(world, days.COMING_DAY, programme)
    for offering in days.CHILDREN:
        publish(world, offering, world.pages["day"])


def publish(world: World, offering: Offering, parent):
    page = build_offering(world, offering)
    publish_quietly(
        page,
        parent=parent,
        actor=world.actor_for(offering.org),
        reviewer=world.users["koordination"],
        days=offering.published,
    )
    return page


def build_offering(world: World, offering: Offering) -> models.OfferingPage:
    """An unsaved page; contact and usual place are those of the organisation."""
    organisation = world.organisations[offering.org]
    page = PAGE_MODELS.get(offering.art, models.TrainingPage)(
        title=offering.title,
        organisation=organisation,
        subtitle=offering.subtitle,
        series_title=offering.series,
        module_number=offering.module,
        summary=offering.summary,
        contents=offering.contents,
        audience=offering.audience,
        prior_knowledge=offering.prior_knowledge,
        what_to_bring=offering.what_to_bring,
        child_care=offering.child_care,
        costs=offering.costs,
        languages=list(offering.languages),
        simple_text=offering.simple_text,
        easy_language_checked_by=offering.checked_by,
        mode=offering.mode,
        venue=world.venues[offering.venue] if offering.venue else None,
        municipality=world.towns[offering.town] if offering.town else None,
        place=offering.place,
        room=offering.room,
        online_url=offering.online_url,
        contact_name=organisation.contact_name,
        contact_email=organisation.contact_email,
        contact_phone=organisation.contact_phone,
    )
    if offering.art in FORMATS:
        page.training_format = FORMATS[offering.art]
    if offering.picture:
        page.image = world.covers[offering.picture]
        page.image_alt = COVERS[offering.picture][2]
        page.image_credit = "Landratsamt"
    add_rows(world, page, offering)
    return page


def add_rows(world: World, page: models.OfferingPage, offering: Offering) -> None:
    for occurrence in occurrences(world, offering):
        page.occurrences.add(occurrence)
    for trainer in offering.trainers:
        page.trainers.add(
            models.Trainer(name=trainer.name, function=trainer.function, organisation_name=trainer.organisation)
        )
    for co_host in offering.co_hosts:
        known = world.organisations.get(co_host)
        page.co_hosts.add(models.CoHost(organisation=known, name="" if known else co_host))
    for funder in offering.funders:
        page.funders.add(models.Funder(name=LOGOS[funder][1], logo=world.logos[funder]))
    if offering.download:
        page.downloads.add(models.Download(document=world.documents[offering.download], title=offering.download))
    page.topics.set([world.topics[key] for key in offering.topics])


def occurrences(world: World, offering: Offering) -> list[models.Occurrence]:
    """The dates; their uids depend on organisation, title and number only, so that subscriptions survive a reset."""
    result = []
    for number, (when, day) in enumerate(zip(offering.when, days_of(offering.when, world.today), strict=True)):
        result.append(
            models.Occurrence(
                uid=uuid.uuid5(NAMESPACE, f"{offering.org}/{offering.title}/{number}"),
                start=moment(day, when.start) if when.start else None,
                end=moment(day, when.end) if when.end else None,
                start_date=None if when.start else day,
                venue=world.venues[when.venue] if when.venue else None,
                mode=when.mode,
            )
        )
    return result
