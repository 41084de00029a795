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
from .seats import SeatCount, Situation, lock_plan

MODELS = (Cancellation, ConfirmationCount, Occurrence, Page, Participant, SeatPlan, SignUp, SupervisionPage, SupervisionSetup)
UID = SignUp._meta.get_field("uid")
CHANGED = SeatPlan._meta.get_field("updated_at")
STARTS = Occurrence._meta.get_field("starts_at")
DAY = ConfirmationCount._meta.get_field("day")
TABLES = {model.__name__: model._meta.db_table for model in MODELS}

LOCK = "SELECT capacity, updated_at = %s FROM {SeatPlan} WHERE id = %s".format(**TABLES)

# A row for each date; one without a date where there is none. What does not depend on the date is asked for by itself: joins take
# PostgreSQL longer to plan than all of this to answer.
READ = """
    SELECT date.starts_at, page.live,
        (SELECT offeringpage_ptr_id FROM {SupervisionPage} WHERE offeringpage_ptr_id = %(offering)s),
        (SELECT form FROM {SupervisionSetup} WHERE offering_id = %(offering)s),
        (SELECT supervisor_id FROM {SupervisionSetup} WHERE offering_id = %(offering)s),
        (SELECT SUM(seats_held) FROM {SignUp} WHERE plan_id = %(plan)s),
        (SELECT SUM(seats) FROM {SignUp} WHERE plan_id = %(plan)s AND status = 'waiting' AND confirmed_at IS NOT NULL),
        (SELECT MIN(sign_up_id) FROM {Participant} WHERE active_key IN (%(first)s, %(last)s)),
        (SELECT id FROM {SignUp} WHERE uid = %(form)s)
    FROM {Page} page LEFT JOIN {Occurrence} date
        ON date.page_id = %(offering)s AND date.starts_at IS NOT NULL AND OWN
        AND NOT EXISTS (
            SELECT 1 FROM {Cancellation} c
            WHERE c.offering_id = %(offering)s AND (c.occurrence_uid IS NULL OR c.occurrence_uid = date.uid)
        )
    WHERE page.id = %(offering)s ORDER BY date.starts_at, date.id
"""
OTHERS = "NOT EXISTS (SELECT 1 FROM {SeatPlan} p WHERE p.offering_id = %(offering)s AND p.occurrence_uid = date.uid)"
# The one date of the plan, or all that have no plan of their own.
READ_ONE = READ.replace("OWN", "date.uid = %(date)s").format(**TABLES)
READ_OTHERS = READ.replace("OWN", OTHERS).format(**TABLES)

COUNT = """
    INSERT INTO {ConfirmationCount} AS present (address_hash, day, number) VALUES (%s, %s, 1)
    ON CONFLICT (address_hash, day) DO UPDATE SET number = present.number + 1 WHERE present.number < %s
""".format(**TABLES)


def as_stored(value: uuid.UUID | None):
    return UID.get_db_prep_value(value, connection)


def lock(plan: SeatPlan) -> SeatPlan:
    """What ``seats.lock_plan`` does; ``plan`` itself where it is as the database has it now. Raises what that raises."""
    sql = LOCK + " FOR UPDATE" if connection.features.has_select_for_update else LOCK
    with connection.cursor() as cursor:
        cursor.execute(sql, [CHANGED.get_db_prep_value(plan.updated_at, connection), plan.pk])
        capacity, is_fresh = cursor.fetchone() or (None, False)
    return plan if is_fresh and capacity == plan.capacity else lock_plan(plan.pk)


@dataclass(frozen=True)
class Start:
    """A date as far as signing up needs it."""

    starts_at: dt.datetime


@dataclass(frozen=True)
class Reading:
    """What decides about a sign-up, exact for who holds the plan's lock.

    ``dates`` are those of ``seats.dates_of``. ``person_id`` is an active sign-up of one of the people, ``form_id`` the one that this
    form made before.
    """

    situation: Situation
    dates: list[Start]
    person_id: int | None
    form_id: int | None


def read(plan: SeatPlan, uid: uuid.UUID, keys: Sequence[str]) -> Reading:
    """``keys`` are those of one or two people. The situation is that of ``seats.situation_of``."""
    values = {"offering": plan.offering_id, "plan": plan.pk, "first": keys[0], "last": keys[-1], "form": as_stored(uid)}
    if plan.occurrence_uid:
        values["date"] = as_stored(plan.occurrence_uid)
    with connection.cursor() as cursor:
        cursor.execute(READ_ONE if plan.occurrence_uid else READ_OTHERS, values)
        rows = cursor.fetchall()
    _start, is_live, supervision, form, supervisor, taken, waiting, person_id, form_id = rows[0]
    dates = [Start(as_moment(row[0])) for row in rows if row[0] is not None]
    situation = Situation(
        count=SeatCount(capacity=plan.capacity, taken=taken or 0, waiting=waiting or 0),
        is_public=bool(is_live),
        is_cancelled=not dates,
        confidentiality=Confidentiality(
            is_supervision=supervision is not None or form is not None, form=form, supervisor_id=supervisor
        ),
    )
    return Reading(situation, dates, person_id, form_id)


def as_moment(value) -> dt.datetime:
    """What the database gives for a moment; SQLite gives text."""
    for convert in connection.ops.get_db_converters(STARTS.cached_col):
        value = convert(value, STARTS.cached_col, connection)
    return value


def count_up(address: str, day: dt.date, limit: int) -> bool:
    """Count one more of at most ``limit`` for the address on that day; gives whether there was one left."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [address, DAY.get_db_prep_value(day, connection), limit])
        return cursor.rowcount == 1
