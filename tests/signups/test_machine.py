"""Whatever people and organisers do in whatever order, on one connection: never oversold, never lost, in the order of arrival."""

import datetime as dt
import os
from unittest import mock

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import OutgoingMail, Participant, SeatPlan, SignUp
from ehrenamt_wagtail.signups import adding, jobs, moving, people, plans, signing, waiting
from ehrenamt_wagtail.signups.seats import count_seats
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering
from tests.machines import TakenBack, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]

Status = SignUp.Status
HOLDING = {Status.PENDING, Status.CONFIRMED, Status.OFFERED}
NAMES = st.sampled_from(["Erika", "Otto", "Rosa", "Ida", "Max", "Jan", "Eva", "Tom", "Uwe", "Ute", "Pia", "Kai"])
# Most things happen on the first date: there people wait.
PEOPLE = st.lists(NAMES, min_size=1, max_size=2, unique=True)
WHICH = st.sampled_from([0, 0, 0, 1])
MOSTLY = st.sampled_from([True, True, True, False])
SOME = st.integers(0, 99)
OFFERED = SignUp.objects.filter(status=Status.OFFERED)


def line_of(plan: SeatPlan) -> list[SignUp]:
    return list(plan.sign_ups.in_line())


class Seats(TakenBack):
    """Two dates of one offering, each with its own seats; a second passes before each step."""

    def __init__(self) -> None:
        super().__init__()
        self.now = timezone.now()
        self.clock = mock.patch.object(timezone, "now", lambda: self.now)
        self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        super().teardown()

    @initialize(capacity=st.integers(1, 2), crowd=st.lists(PEOPLE, min_size=4, max_size=8))
    def begin(self, capacity, crowd) -> None:
        """Two dates with few seats; a crowd has come to the first, so that some wait there."""
        self.plans = [
            SeatPlan.objects.create(
                offering_id=self.page.pk, occurrence_uid=date.uid, mode="here", capacity=capacity, seats_per_sign_up=2
            )
            for date in self.page.occurrences.all()
        ]
        for names in crowd:
            self.join(self.plans[0], names, would_wait=True, confirms=True)

    def do(self, action, *args, **kwargs):
        """Run an action; what it refuses must have changed nothing. Checks who was offered seats, and in which order."""
        self.now += dt.timedelta(seconds=1)
        before = self.state()
        lines = {plan.pk: line_of(plan) for plan in self.plans}
        offered = set(SignUp.objects.filter(status=Status.OFFERED).values_list("pk", flat=True))
        mails = OutgoingMail.objects.filter(template="signups/offer").count()
        try:
            result = action(*args, **kwargs)
        except NotAllowed as refusal:
            assert refusal.message
            assert self.state() == before
            return None
        newly = SignUp.objects.filter(status=Status.OFFERED).exclude(pk__in=offered)
        assert OutgoingMail.objects.filter(template="signups/offer").count() == mails + len(newly)
        for plan in self.plans:
            self.check_order(plan, lines[plan.pk], {row.pk for row in newly if row.plan_id == plan.pk})
        return result

    def check_order(self, plan: SeatPlan, line: list[SignUp], newly: set[int]) -> None:
        """Nobody who was in line before and still is stands before somebody who was offered a seat now, but for those who wait for
        more seats than there are.
        """
        still = {row.pk: row for row in line_of(plan)}
        passed = [still[row.pk] for row in line if row.pk in still]
        last = max((number for number, row in enumerate(line) if row.pk in newly), default=-1)
        for row in passed:
            if line.index(row) < last:
                assert row.waits_for_all and row.seats == 2

    def state(self) -> list:
        return [
            *SignUp.objects.order_by("pk").values_list("pk", "status", "seats", "seats_held", "plan", "expires_at", "sequence"),
            *Participant.objects.order_by("pk").values_list("pk", "sign_up", "name", "active_key"),
            *SeatPlan.objects.order_by("pk").values_list("pk", "capacity"),
            OutgoingMail.objects.count(),
        ]

    # What people do

    @rule(which=WHICH, names=PEOPLE, would_wait=MOSTLY, confirms=MOSTLY)
    def sign_up(self, which, names, would_wait, confirms):
        self.join(self.plans[which], names, would_wait=would_wait, confirms=confirms)

    def join(self, plan, names, *, would_wait, confirms):
        known = set(SignUp.objects.values_list("pk", flat=True))
        with mock.patch("ehrenamt_wagtail.signups.quick.count_up", lambda *args: True):
            self.do(signing.sign_up, plan, names=names, email="familie@post.example", would_wait=would_wait)
        new = SignUp.objects.exclude(pk__in=known).first()
        if new is not None and confirms:
            self.do(signing.confirm, new)

    @rule(some=SOME)
    def confirm(self, some):
        self.with_one(some, signing.confirm, SignUp.objects.filter(confirmed_at=None))

    @rule(some=SOME)
    def cancel(self, some):
        self.with_one(some, signing.cancel_sign_up)

    @rule(some=SOME)
    def give_seat_back(self, some):
        self.with_one(some, signing.cancel_sign_up, SignUp.objects.with_seat())

    @rule(some=SOME)
    def accept(self, some):
        self.with_one(some, waiting.accept_offer, OFFERED)

    @rule(some=SOME)
    def accept_what_was_never_offered(self, some):
        self.with_one(some, waiting.accept_offer)

    @rule(some=SOME, waits_on=st.booleans())
    def decline(self, some, waits_on):
        self.with_one(some, waiting.decline_offer, OFFERED, waits_on=waits_on)

    @rule(some=SOME, name=st.one_of(NAMES, st.just("")))
    def change_second_person(self, some, name):
        self.with_one(some, people.change_second_person, name=name)

    def with_one(self, some, action, rows=SignUp.objects, **facts):
        rows = list(rows.order_by("pk"))
        if rows:
            self.do(action, rows[some % len(rows)], **facts)

    # What time does

    @rule(hours=st.sampled_from([1, 13, 25, 49]))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)
        self.do(jobs.look_after_seats)
        assert not SignUp.objects.active().filter(expires_at__lte=self.now).exists()

    # What the organiser does

    @rule(which=WHICH, capacity=st.sampled_from([1, 2, 2, 3, 3, 4, None]))
    def set_capacity(self, which, capacity):
        self.do(plans.set_capacity, self.plans[which], capacity=capacity, actor=self.actor)

    @rule(some=SOME, which=WHICH)
    def move(self, some, which):
        self.with_one(some, moving.move_sign_up, to=self.plans[which], actor=self.actor)

    @rule(which=WHICH, name=NAMES, has_mail=st.booleans())
    def add_by_hand(self, which, name, has_mail):
        email = "familie@post.example" if has_mail else ""
        self.do(adding.add_by_hand, self.plans[which], names=[name], email=email, actor=self.actor)

    # What always holds

    @invariant()
    def never_oversold(self):
        for plan in SeatPlan.objects.all():
            held = sum(plan.sign_ups.values_list("seats_held", flat=True))
            assert plan.capacity is None or held <= plan.capacity

    @invariant()
    def no_seat_stays_empty_while_somebody_waits_for_it(self):
        for plan in SeatPlan.objects.all():
            free = count_seats(plan).free
            for row in line_of(plan):
                assert free == 0 or (free is not None and row.waits_for_all and row.seats > free)

    @invariant()
    def states_and_seats_agree(self):
        for row in SignUp.objects.prefetch_related("participants"):
            assert (row.seats_held > 0) == (row.status in HOLDING)
            assert row.seats_held <= row.seats == len(row.participants.all())
            assert (row.expires_at is not None) == (row.status == Status.OFFERED or (row.is_active and row.confirmed_at is None))
            keys = [person.active_key for person in row.participants.all()]
            assert all(keys) if row.is_active and row.email else not any(keys)


# Other versions of Python, Django or Wagtail change nothing about the rules: a few are enough for them.
STEPS = steps(sequences=8 if os.environ.get("QUICK_TESTS") else 30, length=35)


def test_seats_hold_whatever_happens():
    Seats.page = published_offering(dates=[in_days(300), in_days(307)])
    Seats.actor = member_of(Seats.page.organisation)
    run_state_machine_as_test(Seats, settings=STEPS)


def test_helpers_of_the_machine_know_an_oversold_plan():
    _page, plan = offering_with_sign_up(capacity=1)
    SignUp.objects.create(plan=plan, status="confirmed", seats=2, seats_held=2)
    with pytest.raises(AssertionError):
        Seats.never_oversold(None)
