"""200 people for 50 seats from eight processes, on PostgreSQL.

A trigger writes down every change of a sign-up and of the capacity in the order in which it happens; a watcher looks all the
while. Both must find at every moment that no more seats are taken than there are, and the journal that seats were offered in the
order of arrival.
"""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.db import connection
from django.db.models import Sum

from ehrenamt_wagtail.models import OutgoingMail, Participant, SeatPlan, SignUp
from ehrenamt_wagtail.signups import jobs
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering
from tests.processes import begin_together, running

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

PROCESSES, SHARE, CAPACITY, SECONDS = 8, 25, 50, 4

JOURNAL = """
    CREATE TABLE crowd_journal (
        id bigserial PRIMARY KEY, capacity int, sign_up bigint, created_at timestamptz, confirmed_at timestamptz, status text,
        seats int, held int, waits_for_all boolean
    );
    CREATE FUNCTION crowd_note_sign_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO crowd_journal (sign_up, created_at, confirmed_at, status, seats, held, waits_for_all)
        VALUES (NEW.id, NEW.created_at, NEW.confirmed_at, NEW.status, NEW.seats, NEW.seats_held, NEW.waits_for_all);
        RETURN NULL;
    END $$;
    CREATE FUNCTION crowd_note_plan() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO crowd_journal (capacity) VALUES (NEW.capacity);
        RETURN NULL;
    END $$;
    CREATE TRIGGER crowd_sign_up AFTER INSERT OR UPDATE ON ehrenamt_wagtail_signup
        FOR EACH ROW EXECUTE FUNCTION crowd_note_sign_up();
    CREATE TRIGGER crowd_plan AFTER INSERT OR UPDATE ON ehrenamt_wagtail_seatplan
        FOR EACH ROW EXECUTE FUNCTION crowd_note_plan();
"""
NO_JOURNAL = """
    DROP TRIGGER crowd_sign_up ON ehrenamt_wagtail_signup;
    DROP TRIGGER crowd_plan ON ehrenamt_wagtail_seatplan;
    DROP FUNCTION crowd_note_sign_up();
    DROP FUNCTION crowd_note_plan();
    DROP TABLE crowd_journal;
"""


@pytest.fixture
def journal():
    with connection.cursor() as cursor:
        cursor.execute(JOURNAL)
    yield
    with connection.cursor() as cursor:
        cursor.execute(NO_JOURNAL)


@dataclass
class Row:
    sign_up: int
    created_at: datetime
    confirmed_at: datetime | None
    status: str
    seats: int
    held: int
    waits_for_all: bool

    @property
    def is_in_line(self) -> bool:
        return self.status == "waiting" and self.confirmed_at is not None

    @property
    def arrival(self) -> tuple:
        return self.created_at, self.sign_up


@dataclass
class Replay:
    """Plays the journal again and notes what must not be."""

    capacity: int
    rows: dict[int, Row] = field(default_factory=dict)
    offers: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def held(self) -> int:
        return sum(row.held for row in self.rows.values())

    def play(self, capacity: int | None, row: Row) -> None:
        if capacity is not None:
            self.capacity = capacity
        else:
            before = self.rows.get(row.sign_up)
            if row.status == "offered" and before is not None and before.status == "waiting":
                self.note_offer(before)
            self.rows[row.sign_up] = row
        if self.held > self.capacity:
            self.wrong.append(f"{self.held} of {self.capacity} seats are held")

    def note_offer(self, offered: Row) -> None:
        self.offers += 1
        free = self.capacity - self.held
        for row in self.rows.values():
            is_passed = row.is_in_line and row.arrival < offered.arrival
            if is_passed and not (row.waits_for_all and row.seats > free):
                self.wrong.append(f"#{offered.sign_up} was offered a seat before #{row.sign_up}")


class Watcher(threading.Thread):
    """Looks as often as it can whether more seats are taken than there are, in one snapshot each time."""

    def __init__(self, plan: SeatPlan) -> None:
        super().__init__()
        self.plan, self.looks, self.wrong = plan, 0, []
        self.done = threading.Event()

    def run(self) -> None:
        try:
            while not self.done.is_set():
                plan = SeatPlan.objects.filter(pk=self.plan.pk)
                capacity, held = plan.annotate(held=Sum("sign_ups__seats_held")).values_list("capacity", "held").get()
                self.looks += 1
                if (held or 0) > capacity:
                    self.wrong.append((held, capacity))
                time.sleep(0.01)
        finally:
            connection.close()


def run_crowd(plan: SeatPlan, actor) -> list[dict]:
    commands = [["tests.signups.crowd", number, SHARE, plan.pk, actor.pk, SECONDS] for number in range(PROCESSES)]
    with running(*commands) as processes:
        begin_together(processes)
        return [json.loads(process.communicate(timeout=120)[0]) for process in processes]


def played(capacity: int) -> Replay:
    replay = Replay(capacity)
    with connection.cursor() as cursor:
        columns = "capacity, sign_up, created_at, confirmed_at, status, seats, held, waits_for_all"
        cursor.execute(f"SELECT {columns} FROM crowd_journal ORDER BY id")
        for own_capacity, *facts in cursor.fetchall():
            replay.play(own_capacity, Row(*facts))
    return replay


def test_crowd_from_eight_processes_is_never_oversold_and_served_in_order(journal):
    page = published_offering(dates=[in_days(60)])
    _page, plan = offering_with_sign_up(page=page, capacity=CAPACITY, seats_per_sign_up=2)
    watcher = Watcher(plan)
    watcher.start()
    try:
        reports = run_crowd(plan, member_of(page.organisation))
    finally:
        watcher.done.set()
        watcher.join()
    assert [error for report in reports for error in report["errors"]] == []
    done = sum((Counter(report["done"]) for report in reports), Counter())
    # Otherwise nothing was tried.
    for name in ("confirm", "cancel_sign_up", "accept_offer", "decline_offer", "lapse", "set_capacity", "change_second_person"):
        assert done[name] >= 3, (name, done)
    assert done["sign_up"] == PROCESSES * SHARE

    jobs.look_after_seats()
    replay = played(CAPACITY)
    assert replay.wrong == []
    assert watcher.looks > 100
    assert watcher.wrong == []
    assert replay.offers >= 10
    # Each offer was told once, and nobody waits while a seat is free.
    assert OutgoingMail.objects.filter(template="signups/offer").count() == replay.offers
    plan.refresh_from_db()
    free = plan.capacity - sum(plan.sign_ups.values_list("seats_held", flat=True))
    assert [row.pk for row in plan.sign_ups.in_line() if free > 0 and not (row.waits_for_all and row.seats > free)] == []
    # Everybody is still there, once.
    first_people = Participant.objects.filter(name__startswith="Person").exclude(name__endswith="zu zweit")
    assert first_people.count() == PROCESSES * SHARE
    assert not Participant.objects.filter(sign_up__status__in=["cancelled", "expired"]).exclude(active_key=None).exists()
    assert SignUp.objects.filter(status__in=SignUp.HOLDING, seats_held=0).count() == 0
