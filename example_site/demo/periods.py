"""Two programme periods: the running one, whose editorial deadline has passed, and the next half-year, which is being put together."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination.periods import months_later
from ehrenamt_wagtail.reporting.actions import answer_nothing, call_for_contributions, save_period
from ehrenamt_wagtail.reporting.progress import progress

from .dates import is_closed, moment
from .history import without_mails
from .register import World

MESSAGE = (
    "Besonders gesucht sind Abende zu Wohnen und Arbeit; dazu fragen die Arbeitskreise zurzeit am meisten.\n\n"
    "Wenn Sie noch nicht alle Termine kennen: Ein Entwurf mit Titel und Monat hilft uns schon bei der Planung."
)
# Days before today on which organisations were asked for the next half-year.
CALLED = 4


def load_periods(world: World) -> None:
    """Made with the real actions as of the days on which they happened; what was published by then counts as on time."""
    deadline = thursday_about(world.today - dt.timedelta(days=22))
    first = months_later(deadline.replace(day=1), 1)
    following = months_later(first, 3)
    with without_mails():
        call(world, first, 3, deadline, called=deadline - dt.timedelta(days=42))
    called = world.today - dt.timedelta(days=CALLED)
    upcoming = call(world, following, 6, thursday_about(world.today + dt.timedelta(days=32)), called=called, message=MESSAGE)
    mails = models.OutgoingMail.objects.filter(template="reporting/period_called")
    mails.update(created_at=moment(called, "10:00"))
    answer(world, upcoming)


def thursday_about(day: dt.date) -> dt.date:
    """The last Thursday on or before ``day``, or the first after it that is no holiday."""
    thursday = day - dt.timedelta(days=(day.weekday() - 3) % 7)
    while is_closed(thursday):
        thursday += dt.timedelta(weeks=1)
    return thursday


def call(world: World, first: dt.date, months: int, deadline: dt.date, *, called: dt.date, message: str = ""):
    """A period of so many months that begins on ``first``; its organisations were asked on the morning of ``called``."""
    last = months_later(first, months) - dt.timedelta(days=1)
    coordinator = world.users["koordination"]
    period = models.ProgrammePeriod(
        name=f"Programm bis {date_format(last, 'F Y')}", first_day=first, last_day=last, deadline=deadline, message=message
    )
    save_period(period, actor=coordinator)
    call_for_contributions(period, actor=coordinator, now=moment(called, "10:00"))
    return models.ProgrammePeriod.objects.get(pk=period.pk)


def answer(world: World, period: models.ProgrammePeriod) -> None:
    """The first of the organisations without a contribution has nothing this time."""
    organisation = next(row.organisation for row in progress(period).missing() if row.people and not row.contribution.drafts)
    answer_nothing(period, organisation, actor=organisation.memberships.first().user, now=timezone.now())
