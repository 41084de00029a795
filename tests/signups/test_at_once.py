"""Organiser and people act at the same moment, on a real PostgreSQL with real threads: nobody is forgotten, nothing is sold twice."""

import threading
import time

import pytest
from django.db import transaction
from django.db.models import Sum

from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed
from ehrenamt_wagtail.models import (
    Notice,
    NoticeRecipient,
    OutgoingMail,
    Participant,
    SeatPlan,
    SignUp,
    SupervisionPage,
    SupervisionSetup,
)
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import adding, moving, organising, people, plans, signing, supervision
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

ROUNDS = pytest.mark.parametrize("round_", range(3))


def errors_in(results) -> list:
    """What is no refusal."""
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, EhrenamtError)]


def signing_up(plan, number: int):
    return lambda: signing.sign_up(plan, names=[f"Person {number}"], email=f"p{number}@post.example", would_wait=True)


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def one_while_the_other_is_open(first, second):
    """What both give when ``second`` begins after all that ``first`` does, and before it is committed."""
    is_done = threading.Event()

    @transaction.atomic
    def keep_open():
        result = first()
        is_done.set()
        time.sleep(0.5)
        return result

    def wait():
        assert is_done.wait(timeout=10)
        return second()

    return at_once(keep_open, wait)


# Supervision


@pytest.fixture
def group():
    """A supervision with its plan, and the two accounts that may be its supervisor; the first one is."""
    page = published_offering(model=SupervisionPage)
    first, second = (member_of(page.organisation) for _account in range(2))
    supervision.setup_supervision(page, form="single", supervisor=first, actor=first)
    _page, plan = offering_with_sign_up(page=page)
    return page, plan, first, second


@ROUNDS
def test_only_the_supervisor_who_is_named_reads_who_signs_up_meanwhile(group, round_):
    page, plan, first, second = group
    results = at_once(
        lambda: supervision.setup_supervision(page, form="single", supervisor=second, actor=first),
        *[signing_up(plan, number) for number in range(3)],
        lambda: supervision.add_person(plan, name="Erika Muster", actor=first),
    )
    assert errors_in(results) == []
    assert set(SignUp.objects.values_list("reader", flat=True)) <= {SupervisionSetup.objects.get().supervisor_id}
    assert not SignUp.objects.filter(is_confidential=False).exists()


@ROUNDS
def test_nobody_signs_up_for_what_has_become_a_supervision_on_request(group, round_):
    page, plan, first, _second = group
    results = at_once(
        lambda: supervision.setup_supervision(page, form="on_request", supervisor=first, actor=first), signing_up(plan, 1)
    )
    assert errors_in(results) == []
    assert SignUp.objects.exists() == (SupervisionSetup.objects.get().form == "single")


# A second person


@ROUNDS
def test_second_person_named_in_two_tabs_is_one(round_):
    _page, plan = offering_with_sign_up(capacity=3, seats_per_sign_up=2)
    row = sign_up_of(plan)
    results = at_once(*[lambda name=name: people.change_second_person(row, name=name) for name in ("Otto", "Ida", "Otto", "")])
    assert errors_in(results) == []
    row.refresh_from_db()
    assert Participant.objects.filter(sign_up=row).count() == row.seats == row.seats_held


def test_second_person_who_signs_up_at_that_moment_comes_once():
    _page, plan = offering_with_sign_up(capacity=3, seats_per_sign_up=2)
    row = sign_up_of(plan)
    _signed_up, refused = one_while_the_other_is_open(
        lambda: signing.sign_up(plan, names=["otto  muster"], email=row.email),
        lambda: people.change_second_person(row, name="Otto Muster"),
    )
    assert isinstance(refused, NotAllowed), refused
    assert sorted(Participant.objects.values_list("name", flat=True)) == ["Erika Muster", "otto muster"]


@ROUNDS
def test_last_seat_goes_to_the_second_person_or_to_somebody_else(round_):
    _page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    row = sign_up_of(plan)
    results = at_once(lambda: people.change_second_person(row, name="Otto Muster"), signing_up(plan, 1))
    assert errors_in(results) == []
    assert SignUp.objects.aggregate(held=Sum("seats_held"))["held"] == 2


# Seats


@ROUNDS
def test_fewer_seats_are_refused_to_who_is_slower_than_a_sign_up(round_):
    page, plan = offering_with_sign_up(capacity=4)
    actor = member_of(page.organisation)
    sign_up_of(plan)
    results = at_once(*[signing_up(plan, number) for number in range(3)], lambda: plans.set_capacity(plan, capacity=2, actor=actor))
    assert errors_in(results) == []
    plan.refresh_from_db()
    assert SignUp.objects.aggregate(held=Sum("seats_held"))["held"] <= plan.capacity


@ROUNDS
def test_form_by_hand_sent_twice_adds_one_person(round_):
    page, plan = offering_with_sign_up()
    actor, uid = member_of(page.organisation), plan.offering.translation_key
    results = at_once(*[lambda: adding.add_by_hand(plan, names=["Erika Muster"], uid=uid, actor=actor)] * 3)
    assert errors_in(results) == []
    assert [row.uid for row in SignUp.objects.all()] == [uid]


# Another date


@pytest.fixture
def two_dates():
    page = published_offering(dates=[in_days(10), in_days(17)])
    uids = page.occurrences.order_by("starts_at").values_list("uid", flat=True)
    both = [SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=uid, mode="here", capacity=2) for uid in uids]
    return page, *both, member_of(page.organisation)


def test_last_seat_of_another_date_is_not_given_to_who_moves_while_somebody_signs_up(two_dates):
    _page, first, second, actor = two_dates
    row = sign_up_of(first)
    sign_up_of(second, name="Ida", email="ida@post.example")
    _signed_up, refused = one_while_the_other_is_open(signing_up(second, 1), lambda: moving.move_sign_up(row, to=second, actor=actor))
    assert isinstance(refused, NotAllowed), refused
    assert SignUp.objects.filter(plan=second).aggregate(held=Sum("seats_held"))["held"] == 2
    assert SignUp.objects.get(pk=row.pk).plan == first


@ROUNDS
def test_two_who_change_dates_never_block_each_other(two_dates, round_):
    _page, first, second, actor = two_dates
    there = [sign_up_of(first), sign_up_of(second, name="Ida", email="ida@post.example")]

    def move(row, to):
        seen = organising.version_of(row)
        return lambda: organising.move_to(row, to=to, actor=actor, seen=seen)

    assert errors_in(at_once(move(there[0], second), move(there[1], first))) == []
    assert [SignUp.objects.get(pk=row.pk).plan for row in there] == [second, first]


@ROUNDS
def test_somebody_moved_twice_at_once_arrives_once(two_dates, round_):
    _page, first, second, actor = two_dates
    row = sign_up_of(first)
    results = at_once(*[lambda: moving.move_sign_up(row, to=second, actor=actor)] * 2)
    assert errors_in(results) == []
    assert OutgoingMail.objects.filter(template="signups/moved").count() == 1


# Cancelled, taken out of the programme


def cancel_all(page, actor):
    cancel(fresh(page), actor=actor, reason="Krank")


def cancel_the_date(page, actor):
    cancel(fresh(page), actor=actor, occurrence_uid=page.occurrences.get().uid, reason="Krank")


def unpublish(page, _actor):
    fresh(page).unpublish()


@pytest.mark.parametrize("end", [cancel_all, cancel_the_date, unpublish])
def test_whoever_has_just_signed_up_when_it_is_cancelled_is_told(end):
    page, plan = offering_with_sign_up()
    actor = member_of(page.organisation)
    sign_up_of(plan)
    assert errors_in(one_while_the_other_is_open(signing_up(plan, 1), lambda: end(page, actor))) == []
    told = NoticeRecipient.objects.filter(notice__kind=Notice.Kind.CANCELLED)
    assert set(told.values_list("sign_up", flat=True)) == set(SignUp.objects.values_list("pk", flat=True))
    assert told.count() == 2


@pytest.mark.parametrize("end", [cancel_all, cancel_the_date, unpublish])
@pytest.mark.parametrize("per_date", [False, True])
def test_whoever_waits_while_the_others_are_told_of_the_cancellation_is_refused(end, per_date):
    page, plan = offering_with_sign_up(per_date=per_date)
    actor = member_of(page.organisation)
    sign_up_of(plan)
    _ended, refused = one_while_the_other_is_open(lambda: end(page, actor), signing_up(plan, 1))
    assert isinstance(refused, NotAllowed), refused
    assert SignUp.objects.count() == 1


# Mails to one address


@ROUNDS
def test_link_sent_again_while_the_person_signs_up_blocks_nobody(round_):
    page, plan = offering_with_sign_up()
    actor = member_of(page.organisation)
    row = sign_up_of(plan)
    seen = organising.version_of(row)
    results = at_once(
        *[lambda: organising.send_link_again(row, actor=actor, seen=seen)] * 2,
        *[lambda: signing.sign_up(plan, names=["Erika Muster"], email=row.email)] * 2,
    )
    assert errors_in(results) == []
    assert SignUp.objects.count() == 1
