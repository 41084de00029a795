"""Thanks on the next volunteer day: three circles have named people, who are all made up, one was asked, the others can still be.

Of the last one only the numbers are left.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years
from ehrenamt_wagtail.reporting.thanks.actions import name_person
from ehrenamt_wagtail.reporting.thanks.asking import ask

from .register import World

DAYS_AWAY = 60
DAYS_TO_NAME = 30
# In the last whole half-year: how many people of how many circles.
THANKED, CIRCLES = 47, 12
# How many people of so many circles, by the order of the circles' names.
NAMED = [
    [("Hannelore Wiedmann", 2015), ("Samir Haddad", 2019), ("Ute Kächele", 2022)],
    [("Jürgen Großmann", 2014), ("Олена Шевченко", 2022)],
    [("Mebrahtu Tesfay", 2018)],
]


def load_thanks(world: World) -> models.ThanksRound:
    """Made with the real actions; names by the circles themselves."""
    load_last_one(world.today)
    round = models.ThanksRound.objects.create(
        title="Ehrenamtstag des Landkreises",
        day=world.today + dt.timedelta(days=DAYS_AWAY),
        deadline=world.today + dt.timedelta(days=DAYS_TO_NAME),
        place="Böblingen",
        signed_by="Dr. Friederike Holzapfel\nLandrätin",
    )
    circles = list(models.CirclePage.objects.live().order_by("title", "pk"))
    for circle, people in zip(circles, NAMED, strict=False):
        for name, since in people:
            name_person(round, circle, name=name, since=since, has_consented=True, is_by_link=True)
    ask(round, circles[len(NAMED) :][:1], actor=world.users["koordination"])
    return round


def load_last_one(today: dt.date) -> None:
    """As the nightly job leaves it."""
    day = half_years(2, until=today)[0].first + dt.timedelta(days=60)
    models.ThanksRound.objects.create(
        title="Empfang für Ehrenamtliche",
        day=day,
        deadline=day - dt.timedelta(days=14),
        thanked=THANKED,
        circles=CIRCLES,
        deleted_at=timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(3))),
    )
