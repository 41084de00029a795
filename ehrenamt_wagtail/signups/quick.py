"""What a sign-up reads and counts, in three statements written by hand.

Many people sign up in the same minute, and Django takes longer to build these queries than the database to answer them. Plain SQL
that PostgreSQL and SQLite both understand; the rest of this room goes through models. ``seats.py`` reads the same in the usual way.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from wagtail.models import Page

from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, SupervisionPage

from .models import ConfirmationCount, Participant, SeatPlan, SignUp, SupervisionSetup
from .queries import Confidentiality
from .seats import SeatCount, Situation, dates_of, situation_of

MODELS = (Cancellation, ConfirmationCount, Occurrence, Page, Participant, SeatPlan, SignUp, SupervisionPage, SupervisionSetup)
UID = SignUp._meta.get_field("uid")
DAY = ConfirmationCount._meta.get_field("day")
TABLES = {model.__name__: model._meta.db_table for model in MODELS}

DATES = """
    SELECT date.id, date.starts_at, page.live AS is_live, supervision.offeringpage_ptr_id AS supervision,
        setup.form AS form, setup.supervisor_id AS supervisor,
        EXISTS (
            SELECT 1 FROM {Cancellation} c WHERE c.offering_id = page.id AND (c.occurrence_uid IS NULL OR c.occurrence_uid = %s)
        ) AS is_off
    FROM {Page} page
    JOIN {Occurrence} date ON date.page_id = page.id
    LEFT JOIN {SupervisionPage} supervision ON supervision.offeringpage_ptr_id = page.id
    LEFT JOIN {SupervisionSetup} setup ON setup.offering_id = page.id
    WHERE page.id = %s AND date.starts_at IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM {Cancellation} c
            WHERE c.offering_id = page.id AND (c.occurrence_uid IS NULL OR c.occurrence_uid = date.uid)
        )
"""
ORDER = " ORDER BY date.starts_at, date.id"
OWN_DATE = (DATES + "AND date.uid = %s" + ORDER).format(**TABLES)
OTHER_DATES = (
    DATES
    + "AND NOT EXISTS (SELECT 1 FROM {SeatPlan} p WHERE p.offering_id = page.id AND p.occurrence_uid = date.uid)"
    + ORDER
).format(**TABLES)

SEATS = """
    SELECT SUM(seats_held), SUM(CASE WHEN status = 'waiting' AND confirmed_at IS NOT NULL THEN seats ELSE 0 END),
        (SELECT MIN(sign_up_id) FROM {Participant} WHERE active_key IN (%s, %s)),
        (SELECT id FROM {SignUp} WHERE uid = %s)
    FROM {SignUp} WHERE plan_id = %s
""".format(**TABLES)

COUNT = """
    INSERT INTO {ConfirmationCount} AS present (address_hash, day, number) VALUES (%s, %s, 1)
    ON CONFLICT (address_hash, day) DO UPDATE SET number = present.number + 1 WHERE present.number < %s
""".format(**TABLES)


def as_stored(value: uuid.UUID | None):
    return UID.get_db_prep_value(value, connection)


def dates_and_situation(plan: SeatPlan) -> tuple[list[Occurrence], Situation]:
    """What ``seats.dates_of`` gives, with starts only, and ``seats.situation_of`` with nobody counted yet."""
    uid = as_stored(plan.occurrence_uid)
    values = [uid, plan.offering_id]
    dates = list(Occurrence.objects.raw(OWN_DATE, [*values, uid]) if uid else Occurrence.objects.raw(OTHER_DATES, values))
    if not dates:
        return dates_of(plan), situation_of(plan)
    facts = dates[0]
    situation = Situation(
        count=SeatCount(capacity=plan.capacity, taken=0, waiting=0),
        is_public=bool(facts.is_live),
        is_cancelled=bool(facts.is_off),
        confidentiality=Confidentiality(
            is_supervision=facts.supervision is not None or facts.form is not None,
            form=facts.form,
            supervisor_id=facts.supervisor,
        ),
    )
    return dates, situation


@dataclass(frozen=True)
class Seats:
    """The seats of a locked plan, and what there is already of the person and of the form that came."""

    count: SeatCount
    person_id: int | None
    form_id: int | None


def seats_and_earlier(plan: SeatPlan, uid: uuid.UUID, keys: Sequence[str]) -> Seats:
    """Exact for who holds the plan's lock. ``keys``: of one or two people."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS, [keys[0], keys[-1], as_stored(uid), plan.pk])
        taken, waiting, person_id, form_id = cursor.fetchone()
    return Seats(SeatCount(capacity=plan.capacity, taken=taken or 0, waiting=waiting or 0), person_id, form_id)


def count_up(address: str, day: dt.date, limit: int) -> bool:
    """Count one more of at most ``limit`` for the address on that day; gives whether there was one left."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [address, DAY.get_db_prep_value(day, connection), limit])
        return cursor.rowcount == 1
