"""Sign-ups of the demonstration: made with the real actions, as of the days on which they happened."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.signups import figures, signing, supervision
from ehrenamt_wagtail.slugs import german_slug

from .content import people, sign_ups
from .content.sign_ups import Plan
from .history import without_mails
from .programme import NAMESPACE
from .register import World

JUST_NOW_MINUTES = 25


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    partner: str
    circle: models.CirclePage | None


def load_sign_ups(world: World) -> None:
    load_notices(world)
    load_setups(world)
    plans = [(plan, load_plan(world, plan)) for plan in sign_ups.PLANS]
    crowd = crowd_of(world)
    with without_mails():
        for plan, row in plans:
            fill(plan, row, crowd)
        for plan, row in plans:
            attend(world, plan, row)
        load_sessions(world)
        load_requests(world)
    # What happens just now: its mails can be read.
    for plan, row in plans:
        happen_now(plan, row, crowd)
    figures.refresh()


def load_notices(world: World) -> None:
    for key, organisation in world.organisations.items():
        law = sign_ups.LAWS.get(key, "gdpr")
        venue = world.venues[people.ORGANISATIONS[key][-1]]
        address = f"datenschutz@{organisation.contact_email.partition('@')[2]}"
        models.PrivacyNotice.objects.create(
            organisation=organisation,
            controller=f"{organisation.name}\n{venue.street}, {venue.postal_code} {venue.municipality.name}\n"
            f"{organisation.contact_email}, Telefon {organisation.contact_phone}",
            data_protection_officer=sign_ups.OFFICERS[law].format(address=address),
            law=law,
            more=sign_ups.MORE.get(key, ""),
            updated_by=world.actor_for(key),
        )


def load_setups(world: World) -> None:
    supervision.name_supervisor(world.users["supervision"], actor=world.users["koordination"])
    for title, form in sign_ups.SUPERVISIONS.items():
        page = page_of(title)
        first = page.occurrences.order_by("starts_at").first().uid
        models.SupervisionSetup.objects.create(
            offering_id=page.pk,
            form=form,
            supervisor=world.users["supervision"],
            information_uid=first if title == sign_ups.WITH_INFORMATION_EVENING else None,
        )


def page_of(title: str, subtitle: str = "") -> models.OfferingPage:
    return models.OfferingPage.objects.live().get(title=title, **({"subtitle": subtitle} if subtitle else {}))


def load_plan(world: World, plan: Plan) -> models.SeatPlan:
    page = page_of(plan.title, plan.subtitle)
    dates = list(page.occurrences.order_by("starts_at"))
    date = dates[plan.date or 0]
    row = models.SeatPlan.objects.create(
        offering_id=page.pk,
        occurrence_uid=None if plan.date is None else date.uid,
        mode=plan.mode,
        external_url=plan.url,
        capacity=plan.capacity,
        has_waiting_list=plan.has_waiting_list,
        opens_at=date.starts_at - dt.timedelta(days=plan.opens_before) if plan.opens_before else None,
        closes_at=date.starts_at - dt.timedelta(days=plan.closes_before) if plan.closes_before else None,
        minimum=plan.minimum,
        minimum_decided_on=timezone.localdate(date.starts_at) - dt.timedelta(days=7) if plan.minimum else None,
        seats_per_sign_up=plan.seats,
        asks_phone=plan.asks_phone,
        updated_by=page.organisation.memberships.order_by("pk").first().user,
        updated_at=page.first_published_at,
    )
    for position, question in enumerate(plan.questions):
        row.questions.create(
            position=position,
            text=question.text,
            kind=question.kind,
            choices=list(question.choices),
            purpose=question.purpose,
            is_required=question.is_required,
        )
    return row


# Who signs up


def crowd_of(world: World) -> Iterator[Person]:
    """The invented people, over and over; every third keeps to no circle. A couple shares one mail address."""
    circles = [page for _title, page in sorted(world.pages.items()) if isinstance(page, models.CirclePage)]
    crowd = []
    for number in range(sign_ups.NUMBER_OF_PEOPLE):
        first = sign_ups.FIRST_NAMES[number % len(sign_ups.FIRST_NAMES)]
        last = sign_ups.LAST_NAMES[number * 7 % len(sign_ups.LAST_NAMES)]
        partner = sign_ups.FIRST_NAMES[(number + 11) % len(sign_ups.FIRST_NAMES)]
        address = german_slug(last if number % 4 == 3 else f"{first} {last}").replace("-", ".")
        crowd.append(
            Person(
                name=f"{first} {last}",
                email=f"{address}@post.example",
                partner=f"{partner} {last}",
                circle=circles[number * 5 % len(circles)] if number % 3 else None,
            )
        )
    return itertools.cycle(crowd)


def fill(plan: Plan, row: models.SeatPlan, crowd: Iterator[Person]) -> None:
    """Seats and waiting list, from the day of publication until yesterday or until the evening before."""
    total = plan.people + plan.waiting
    if not total:
        return
    page = row.offering
    dates = page.occurrences.filter(uid=row.occurrence_uid) if row.occurrence_uid else page.occurrences.all()
    begins = dates.order_by("starts_at").first().starts_at
    until = min(timezone.now(), begins) - dt.timedelta(days=1, hours=3)
    since = min(page.first_published_at + dt.timedelta(days=1), until - dt.timedelta(days=14))
    step = (until - since) / total
    for number, person in enumerate(itertools.islice(crowd, total)):
        sign_up(plan, row, person, number, now=by_day(since + step * number))


def by_day(moment: dt.datetime) -> dt.datetime:
    """The same day between eight in the morning and ten in the evening, earlier ones first: hardly anybody signs up at night."""
    local = timezone.localtime(moment)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + dt.timedelta(hours=8) + (local - midnight) * 14 / 24


def sign_up(plan: Plan, row: models.SeatPlan, person: Person, number: int, *, now: dt.datetime, confirmed: bool = True) -> None:
    # A couple takes two seats, unless that would leave one too few.
    is_couple = plan.seats == 2 and number % 4 == 1 and (plan.capacity or 0) > plan.people + plan.people // 4
    questions = row.questions.all()
    answers = {question: asked.answers[number % len(asked.answers)] for question, asked in zip(questions, plan.questions, strict=True)}
    uid = uuid.uuid5(NAMESPACE, f"{row.offering.slug}/{plan.date}/{number}")
    signing.sign_up(
        row,
        names=[person.name, person.partner] if is_couple else [person.name],
        email=person.email,
        uid=uid,
        would_wait=True,
        phone=f"069 90009-{100 + number}" if plan.asks_phone else "",
        circle=person.circle,
        answers=answers,
        needs=plan.needs[number - 2] if 0 <= number - 2 < len(plan.needs) else "",
        language="de",
        now=now,
    )
    if confirmed:
        signing.confirm(models.SignUp.objects.get(uid=uid), now=now + dt.timedelta(minutes=17))


def happen_now(plan: Plan, row: models.SeatPlan, crowd: Iterator[Person]) -> None:
    now = timezone.now()
    for number, person in enumerate(itertools.islice(crowd, plan.just_now)):
        moment = now - dt.timedelta(minutes=JUST_NOW_MINUTES)
        # Every second has answered the mail already.
        sign_up(plan, row, person, plan.people + plan.waiting + number, now=moment, confirmed=number % 2 == 1)
    if plan.gives_back:
        signing.cancel_sign_up(row.sign_ups.with_seat().first(), now=now - dt.timedelta(hours=1))


# Afterwards


def attend(world: World, plan: Plan, row: models.SeatPlan) -> None:
    """Who was there, and the certificates that the organiser released the day after."""
    if not plan.attended:
        return
    date = row.offering.occurrences.order_by("starts_at").first()
    actor = row.offering.organisation.memberships.order_by("pk").first().user
    present = models.Participant.objects.filter(sign_up__in=row.sign_ups.with_seat()).order_by("pk")[: plan.attended]
    models.Attendance.objects.bulk_create(
        models.Attendance(participant=person, occurrence_uid=date.uid, marked_by=actor, marked_at=date.starts_at) for person in present
    )
    if plan.hours:
        models.CertificateRelease.objects.create(
            offering_id=row.offering_id,
            hours=Decimal(plan.hours),
            contents=row.offering.contents or row.offering.summary,
            by=actor,
            at=date.starts_at + dt.timedelta(days=1),
        )


# Supervision


def load_sessions(world: World) -> None:
    title, held = sign_ups.HELD
    page = page_of(title)
    dates = list(page.occurrences.order_by("starts_at"))
    for number, (hours, people_there) in held.items():
        models.HeldSession.objects.create(
            offering_id=page.pk,
            occurrence_uid=dates[number].uid,
            date=timezone.localdate(dates[number].starts_at),
            hours=Decimal(hours),
            head_count=people_there,
            recorded_by=world.users["supervision"],
            recorded_at=dates[number].starts_at + dt.timedelta(hours=3),
        )


def load_requests(world: World) -> None:
    key, days, messages = sign_ups.OPEN_REQUEST
    ask(world, key, days, messages)
    key, days, place, (hours, people_there), messages = sign_ups.AGREED_REQUEST
    request = ask(world, key, days, messages)
    monday = world.today - dt.timedelta(days=world.today.weekday(), weeks=2)
    start = timezone.make_aware(dt.datetime.combine(monday, dt.time(19)))
    request.status = models.SupervisionRequest.Status.AGREED
    request.agreed_start, request.agreed_end = start, start + dt.timedelta(hours=2)
    request.agreed_place = place
    request.save()
    models.HeldSession.objects.create(
        offering_id=request.offering_id,
        request=request,
        date=monday,
        hours=Decimal(hours),
        head_count=people_there,
        recorded_by=world.users["supervision"],
        recorded_at=start + dt.timedelta(hours=3),
    )


def ask(world: World, key: str, days: int, messages) -> models.SupervisionRequest:
    asked_at = by_day(timezone.now() - dt.timedelta(days=days))
    request = models.SupervisionRequest.objects.create(
        offering_id=page_of(sign_ups.ON_REQUEST).pk,
        supervisor=world.users["supervision"],
        organisation=world.organisations[key],
        requested_by=world.users[key],
        created_at=asked_at,
    )
    for number, (author, text) in enumerate(messages):
        request.messages.create(author=world.users[author], text=text, at=by_day(asked_at + dt.timedelta(hours=21 * number)))
    return request
