"""Counting, and that the statements written by hand agree with the models."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import SeatPlan, SignUp, SupervisionPage
from ehrenamt_wagtail.programme.models import Cancellation
from ehrenamt_wagtail.signups import quick, seats
from ehrenamt_wagtail.signups.models import SupervisionSetup
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]


def add(plan, status, seats_wanted=1, held=0, confirmed=True) -> SignUp:
    return SignUp.objects.create(
        plan=plan, status=status, seats=seats_wanted, seats_held=held, confirmed_at=timezone.now() if confirmed else None
    )


def test_all_ways_of_counting_agree():
    _page, plan = offering_with_sign_up(capacity=10)
    _page, other = offering_with_sign_up(capacity=3)
    add(plan, "confirmed", 2, 2)
    add(plan, "pending", 1, 1, confirmed=False)
    add(plan, "offered", 2, 1)
    add(plan, "waiting", 2)
    add(plan, "waiting", 1, confirmed=False)
    add(plan, "cancelled", 2)
    add(other, "confirmed", 2, 2)
    expected = seats.SeatCount(capacity=10, taken=4, waiting=2)
    assert (expected.free, expected.is_full, expected.has_room_for(6), expected.has_room_for(7)) == (6, False, True, False)
    assert seats.count_seats(plan) == expected
    assert seats.situation_of(plan).count == expected
    assert quick.read(plan, uuid.uuid4(), ["x"]).situation.count == expected
    assert seats.counts_of([plan, other]) == {plan.pk: expected, other.pk: seats.SeatCount(3, 2, 0)}


def test_plan_without_limit_has_always_room():
    count = seats.SeatCount(capacity=None, taken=10_000, waiting=0)
    assert (count.free, count.is_full, count.has_room_for(2)) == (None, False, True)


def test_earlier_sign_ups_are_found_by_person_and_by_form():
    _page, plan = offering_with_sign_up(capacity=10, seats_per_sign_up=2)
    ida = sign_up_of(plan, name="Ida", email="ida@post.example")
    otto = sign_up_of(plan, name="Otto", email="otto@post.example")
    keys = [seats.person_key(plan.pk, "IDA@post.example ", name) for name in ("Eva", " iDa ")]
    found = quick.read(plan, otto.uid, keys)
    assert (found.person_id, found.form_id) == (ida.pk, otto.pk)
    found = quick.read(plan, uuid.uuid4(), keys[:1])
    assert (found.person_id, found.form_id) == (None, None)


@pytest.mark.parametrize("cancelled", ["nothing", "first date", "one by one", "all"])
@pytest.mark.parametrize("kind", ["series", "date", "rest of a series"])
@pytest.mark.parametrize("is_live", [True, False])
def test_statement_by_hand_finds_the_same_dates_and_facts(cancelled, kind, is_live):
    page = published_offering(dates=[in_days(5), in_days(9), in_days(12)])
    # Another offering with everything that could be mixed up.
    published_offering(dates=[in_days(6)])
    dates = list(page.occurrences.order_by("starts_at"))
    plan = SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=dates[0].uid if kind == "date" else None, mode="here")
    if kind == "rest of a series":
        SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=dates[1].uid, mode="here")
    uids = {"nothing": [], "first date": [dates[0].uid], "one by one": [date.uid for date in dates], "all": [None]}[cancelled]
    for uid in uids:
        Cancellation.objects.create(offering_id=page.pk, occurrence_uid=uid)
    page.live = is_live
    page.save()
    found = quick.read(plan, uuid.uuid4(), ["x"])
    assert [date.starts_at for date in found.dates] == [date.starts_at for date in seats.dates_of(plan)]
    assert found.situation == seats.situation_of(plan)
    assert found.situation.is_cancelled == (not found.dates)


@pytest.mark.parametrize("facts", [{"capacity": 4}, {"capacity": 3, "updated_at": None}, {}])
def test_lock_reads_a_plan_that_was_changed_meanwhile(facts, django_assert_num_queries):
    _page, plan = offering_with_sign_up(capacity=3)
    if "updated_at" in facts:
        facts = facts | {"updated_at": plan.updated_at + dt.timedelta(microseconds=1)}
    SeatPlan.objects.filter(pk=plan.pk).update(**(facts or {"capacity": 3}))
    with django_assert_num_queries(2 if facts else 1):
        locked = quick.lock(plan)
    assert (locked.capacity, locked.updated_at) == SeatPlan.objects.values_list("capacity", "updated_at").get()
    assert (locked is plan) == (not facts)


def test_lock_of_a_plan_that_is_gone_is_refused():
    _page, plan = offering_with_sign_up()
    SeatPlan.objects.all().delete()
    with pytest.raises(NotAllowed, match="eingerichtet"):
        quick.lock(plan)
    assert not SeatPlan.objects.exists()


@pytest.mark.parametrize("has_setup", [True, False])
def test_statement_by_hand_knows_a_supervision_and_its_reader(has_setup):
    page = published_offering(model=SupervisionPage)
    supervisor = member_of(page.organisation)
    if has_setup:
        SupervisionSetup.objects.create(offering_id=page.pk, supervisor=supervisor, form="group")
    plan = SeatPlan.objects.create(offering_id=page.pk, mode="here")
    situation = quick.read(plan, uuid.uuid4(), ["x"]).situation
    assert situation == seats.situation_of(plan)
    reader = supervisor.pk if has_setup else None
    assert (situation.confidentiality.is_supervision, situation.confidentiality.supervisor_id) == (True, reader)


def test_count_of_mails_ends_at_the_limit_of_each_day():
    day = timezone.localdate()
    assert [quick.count_up("a", day, 2) for _time in range(4)] == [True, True, False, False]
    assert quick.count_up("b", day, 2)
    assert quick.count_up("a", day + dt.timedelta(days=1), 2)


@pytest.mark.parametrize(
    ("now", "closes_at", "expected"),
    [
        (1, None, 5),
        (6, None, None),
        (6, 9, 9),
        (6, 6, None),
        (1, 3, 5),
        (10, 20, None),
    ],
)
def test_start_that_deadlines_are_measured_against(now, closes_at, expected):
    page = published_offering(dates=[in_days(5), in_days(9)])
    plan = SeatPlan(offering_id=page.pk, closes_at=in_days(closes_at) if closes_at else None)
    start = seats.next_start(plan, seats.dates_of(plan), in_days(now))
    assert start == (in_days(expected) if expected else None)


def test_key_of_a_person_differs_between_plans_and_tells_nothing():
    keys = {seats.person_key(plan, "erika@post.example", "Erika Muster") for plan in (1, 2)}
    assert len(keys) == 2
    assert not any("erika" in key or "muster" in key for key in keys)
