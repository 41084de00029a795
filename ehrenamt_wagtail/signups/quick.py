"""What a sign-up reads and counts, in four statements written by hand.

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
from .seats import SeatCount, Situation, lock_plan

MODELS = (Cancellation, ConfirmationCount, Occurrence, Page, Participant, SeatPlan, SignUp, SupervisionPage, SupervisionSetup)
UID = SignUp._meta.get_field("uid")
CHANGED = SeatPlan._meta.get_field("updated_at")
DAY = ConfirmationCount._meta.get_field("day")
TABLES = {model.__name__: model._meta.db_table for model in MODELS}

DATES = """
    SELECT date.id, date.starts_at, supervision.offeringpage_ptr_id AS supervision, setup.form AS form
    FROM {Occurrence} date
    LEFT JOIN {SupervisionPage} supervision ON supervision.offeringpage_ptr_id = date.page_id
    LEFT JOIN {SupervisionSetup} setup ON setup.offering_id = date.page_id
    WHERE date.page_id = %s AND date.starts_at IS NOT NULL
        AND NOT EXISTS (
            SELECT 1 FROM {Cancellation} c
            WHERE c.offering_id = date.page_id AND (c.occurrence_uid IS NULL OR c.occurrence_uid = date.uid)
        )
"""
ORDER = " ORDER BY date.starts_at, date.id"
OWN_DATE = (DATES + "AND date.uid = %s" + ORDER).format(**TABLES)
OTHER_DATES = (
    DATES
    + "AND NOT EXISTS (SELECT 1 FROM {SeatPlan} p WHERE p.offering_id = date.page_id AND p.occurrence_uid = date.uid)"
    + ORDER
).format(**TABLES)

LOCK = "SELECT id FROM {SeatPlan} WHERE id = %s".format(**TABLES)

READ = """
    SELECT plan.capacity, plan.updated_at = %s, page.live, supervision.offeringpage_ptr_id, setup.form, setup.supervisor_id,
        NOT EXISTS (
            SELECT 1 FROM {Occurrence} date
            WHERE date.page_id = page.id AND date.starts_at IS NOT NULL
                AND (date.uid = plan.occurrence_uid OR plan.occurrence_uid IS NULL AND NOT EXISTS (
                    SELECT 1 FROM {SeatPlan} p WHERE p.offering_id = page.id AND p.occurrence_uid = date.uid
                ))
                AND NOT EXISTS (
                    SELECT 1 FROM {Cancellation} c
                    WHERE c.offering_id = page.id AND (c.occurrence_uid IS NULL OR c.occurrence_uid = date.uid)
                )
        ),
        seats.taken, seats.waiting,
        (SELECT MIN(sign_up_id) FROM {Participant} WHERE active_key IN (%s, %s)),
        (SELECT id FROM {SignUp} WHERE uid = %s)
    FROM {SeatPlan} plan
    CROSS JOIN (
        SELECT SUM(seats_held) AS taken, SUM(CASE WHEN status = 'waiting' AND confirmed_at IS NOT NULL THEN seats END) AS waiting
        FROM {SignUp} WHERE plan_id = %s
    ) seats
    JOIN {Page} page ON page.id = plan.offering_id
    LEFT JOIN {SupervisionPage} supervision ON supervision.offeringpage_ptr_id = page.id
    LEFT JOIN {SupervisionSetup} setup ON setup.offering_id = page.id
    WHERE plan.id = %s
""".format(**TABLES)

COUNT = """
    INSERT INTO {ConfirmationCount} AS present (address_hash, day, number) VALUES (%s, %s, 1)
    ON CONFLICT (address_hash, day) DO UPDATE SET number = present.number + 1 WHERE present.number < %s
""".format(**TABLES)


def as_stored(value: uuid.UUID | None):
    return UID.get_db_prep_value(value, connection)


def dates_of(plan: SeatPlan) -> tuple[list[Occurrence], bool]:
    """What ``seats.dates_of`` gives, with starts only, and whether it is a supervision: known only where there is a date."""
    uid = as_stored(plan.occurrence_uid)
    values = [plan.offering_id]
    dates = list(Occurrence.objects.raw(OWN_DATE, [*values, uid]) if uid else Occurrence.objects.raw(OTHER_DATES, values))
    return dates, bool(dates) and (dates[0].supervision is not None or dates[0].form is not None)


def lock(plan: SeatPlan) -> None:
    """What ``seats.lock_plan`` does, without reading the row. Raises what that raises."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK + " FOR UPDATE" if connection.features.has_select_for_update else LOCK, [plan.pk])
        if cursor.fetchone() is None:
            lock_plan(plan.pk)


@dataclass(frozen=True)
class Reading:
    """What decides about a sign-up, exact for who holds the plan's lock.

    ``is_fresh`` says whether the plan in memory is as the database has it now. ``person_id`` is an active sign-up of one of the
    people, ``form_id`` the one that this form made before.
    """

    is_fresh: bool
    situation: Situation
    person_id: int | None
    form_id: int | None


def read(plan: SeatPlan, uid: uuid.UUID, keys: Sequence[str]) -> Reading:
    """``keys`` are those of one or two people. The situation is that of ``seats.situation_of``."""
    changed = CHANGED.get_db_prep_value(plan.updated_at, connection)
    values = [changed, keys[0], keys[-1], as_stored(uid), plan.pk, plan.pk]
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        capacity, is_fresh, is_live, supervision, form, supervisor, is_off, *numbers = cursor.fetchone()
    taken, waiting, person_id, form_id = numbers
    situation = Situation(
        count=SeatCount(capacity=capacity, taken=taken or 0, waiting=waiting or 0),
        is_public=bool(is_live),
        is_cancelled=bool(is_off),
        confidentiality=Confidentiality(
            is_supervision=supervision is not None or form is not None, form=form, supervisor_id=supervisor
        ),
    )
    return Reading(bool(is_fresh) and capacity == plan.capacity, situation, person_id, form_id)


def count_up(address: str, day: dt.date, limit: int) -> bool:
    """Count one more of at most ``limit`` for the address on that day; gives whether there was one left."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [address, DAY.get_db_prep_value(day, connection), limit])
        return cursor.rowcount == 1
