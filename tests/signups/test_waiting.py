"""The waiting list: order, deadlines, two people for one seat; and what the organiser changes about seats by hand."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import OutgoingMail, Participant, SeatPlan, SignUp, SupervisionPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import adding, jobs, moving, plans, signing, waiting
from ehrenamt_wagtail.signups.models import SupervisionSetup
from ehrenamt_wagtail.signups.signing import NoSeatLeft
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]

HOUR = dt.timedelta(hours=1)


def join(plan, *names, **facts) -> list[SignUp]:
    return [sign_up_of(plan, name=name, email=f"{name.lower()}@post.example", **facts) for name in names]


def couple(plan, **facts) -> SignUp:
    return sign_up_of(plan, names=["Erika Muster", "Otto Muster"], email="muster@post.example", **facts)


def states(*rows) -> list[str]:
    return list(SignUp.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").values_list("status", flat=True))


def mails_to(row) -> list[str]:
    return list(OutgoingMail.objects.filter(address=row.email).order_by("pk").values_list("template", flat=True))


def everything() -> list:
    return [
        *SignUp.objects.order_by("pk").values_list(),
        *Participant.objects.order_by("pk").values_list(),
        OutgoingMail.objects.count(),
    ]


@pytest.fixture
def full():
    """A plan with one seat that is taken."""
    _page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(60)]), capacity=1, seats_per_sign_up=2)
    return plan, *join(plan, "Ida")


def two_dates(**facts) -> tuple[SeatPlan, SeatPlan]:
    page = published_offering(dates=[in_days(60), in_days(67)])
    return tuple(
        SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=date.uid, mode="here", seats_per_sign_up=2, **facts)
        for date in page.occurrences.all()
    )


def organiser_of(plan):
    return member_of(plan.offering.organisation)


# Order


def test_freed_seat_goes_to_who_came_first_and_then_on(full):
    plan, ida = full
    otto, rosa = join(plan, "Otto", "Rosa")
    signing.cancel_sign_up(ida)
    assert states(otto, rosa) == ["offered", "waiting"]
    waiting.decline_offer(otto)
    assert states(otto, rosa) == ["cancelled", "offered"]
    waiting.accept_offer(rosa)
    assert states(otto, rosa) == ["cancelled", "confirmed"]
    assert mails_to(rosa) == ["signups/confirm", "signups/waiting", "signups/offer", "signups/confirmed"]


def test_place_in_line_is_shown_and_moves_up(full):
    plan, ida = full
    otto, rosa, eva = join(plan, "Otto", "Rosa", "Eva")
    (unconfirmed,) = join(plan, "Tom", confirmed=False)
    assert [waiting.position_of(row) for row in (ida, otto, rosa, eva, unconfirmed)] == [None, 1, 2, 3, None]
    signing.cancel_sign_up(otto)
    assert [waiting.position_of(row) for row in (rosa, eva)] == [1, 2]


def test_who_has_not_confirmed_is_passed_over_and_keeps_the_place(full):
    plan, ida = full
    (late,) = join(plan, "Otto", confirmed=False)
    (rosa,) = join(plan, "Rosa")
    signing.cancel_sign_up(ida)
    assert states(late, rosa) == ["waiting", "offered"]
    signing.confirm(late)
    assert waiting.position_of(SignUp.objects.get(pk=late.pk)) == 1


def test_confirming_on_the_waiting_list_gets_an_offer_where_a_seat_is_free_by_now(full):
    plan, ida = full
    (otto,) = join(plan, "Otto", confirmed=False)
    signing.cancel_sign_up(ida)
    assert signing.confirm(otto).status == "offered"


def test_accepting_what_has_lapsed_is_refused_and_takes_nothing_from_the_next(full):
    plan, ida = full
    otto, rosa = join(plan, "Otto", "Rosa")
    signing.cancel_sign_up(ida)
    otto.refresh_from_db()
    assert signing.free_unconfirmed(otto, now=otto.expires_at)
    with pytest.raises(NotAllowed):
        waiting.accept_offer(otto)
    assert states(otto, rosa) == ["expired", "offered"]


# Deadlines


@pytest.mark.parametrize(("hours_left", "hours_offered"), [(24 * 30, 48), (192, 48), (40, 10), (2, 0.5)])
def test_offer_is_shorter_when_the_date_is_near(hours_left, hours_offered):
    begins = in_days(60)
    _page, plan = offering_with_sign_up(page=published_offering(dates=[begins]), capacity=1)
    ida, otto = join(plan, "Ida", "Otto")
    now = begins - hours_left * HOUR
    signing.cancel_sign_up(ida, now=now)
    otto.refresh_from_db()
    assert (otto.status, otto.expires_at) == ("offered", now + hours_offered * HOUR)


def test_nothing_is_offered_once_it_has_begun():
    begins = in_days(60)
    _page, plan = offering_with_sign_up(page=published_offering(dates=[begins]), capacity=1)
    ida, otto = join(plan, "Ida", "Otto")
    signing.cancel_sign_up(ida, now=begins)
    assert states(otto) == ["waiting"]
    assert "signups/offer" not in mails_to(otto)


def test_seats_are_offered_after_the_sign_up_has_closed(full):
    plan, ida = full
    (otto,) = join(plan, "Otto")
    SeatPlan.objects.update(closes_at=timezone.now())
    signing.cancel_sign_up(ida)
    assert states(otto) == ["offered"]


def test_series_that_one_may_join_later_goes_on_offering():
    page = published_offering(dates=[in_days(60), in_days(67)])
    _page, plan = offering_with_sign_up(page=page, capacity=1, closes_at=in_days(67))
    ida, otto = join(plan, "Ida", "Otto")
    now = in_days(61)
    signing.cancel_sign_up(ida, now=now)
    otto.refresh_from_db()
    assert (otto.status, otto.expires_at) == ("offered", now + (in_days(67) - now) / 4)


def test_cancelled_offering_offers_nothing_and_takes_no_answer(full):
    plan, ida = full
    otto, rosa = join(plan, "Otto", "Rosa")
    signing.cancel_sign_up(ida)
    cancel(plan.offering, actor=organiser_of(plan), occurrence_uid=None, reason="Krank")
    with pytest.raises(NotAllowed):
        waiting.accept_offer(otto)
    waiting.decline_offer(otto)
    assert states(otto, rosa) == ["cancelled", "waiting"]


def test_job_offers_what_came_free_while_the_offering_was_not_public(full):
    plan, ida = full
    (otto,) = join(plan, "Otto")
    page = plan.offering
    page.live = False
    page.save()
    signing.cancel_sign_up(ida)
    jobs.look_after_seats()
    assert states(otto) == ["waiting"]
    page.live = True
    page.save()
    jobs.look_after_seats()
    jobs.look_after_seats()
    assert states(otto) == ["offered"]
    assert mails_to(otto).count("signups/offer") == 1


# Two people, one seat


def test_couple_is_offered_the_one_seat_and_the_other_keeps_the_place(full):
    plan, ida = full
    both = couple(plan)
    (rosa,) = join(plan, "Rosa")
    signing.cancel_sign_up(ida)
    both.refresh_from_db()
    assert (both.status, both.seats, both.seats_held) == ("offered", 2, 1)
    waiting.accept_offer(both)
    left = SignUp.objects.exclude(pk__in=[ida.pk, both.pk, rosa.pk]).get()
    assert [[person.name for person in row.participants.all()] for row in (both, left)] == [["Erika Muster"], ["Otto Muster"]]
    assert (left.status, left.created_at, waiting.position_of(left), waiting.position_of(rosa)) == ("waiting", both.created_at, 1, 2)
    # Each has a page of their own, told in a mail of its own.
    assert [mail.params["sign_up"] for mail in OutgoingMail.objects.filter(address=both.email).order_by("-pk")[:2]] == [
        str(left.uid),
        str(both.uid),
    ]
    assert Participant.objects.exclude(active_key=None).count() == 3


def test_couple_that_waits_for_both_lets_the_next_pass_and_gets_two_later(full):
    plan, ida = full
    both = couple(plan)
    (rosa,) = join(plan, "Rosa")
    signing.cancel_sign_up(ida)
    waiting.decline_offer(both, waits_on=True)
    assert states(both, rosa) == ["waiting", "offered"]
    plans.set_capacity(plan, capacity=3, actor=organiser_of(plan))
    both.refresh_from_db()
    assert (both.status, both.seats_held) == ("offered", 2)


def test_rest_of_a_couple_is_offered_what_became_free_meanwhile(full):
    plan, ida = full
    both = couple(plan)
    signing.cancel_sign_up(ida)
    plans.set_capacity(plan, capacity=2, actor=organiser_of(plan))
    waiting.accept_offer(both)
    assert sorted(SignUp.objects.exclude(pk=ida.pk).values_list("status", "seats_held")) == [("confirmed", 1), ("offered", 1)]


# Capacity


def test_more_seats_serve_the_line_in_order(full):
    plan, _ida = full
    rows = join(plan, "Otto", "Rosa", "Eva")
    plans.set_capacity(plan, capacity=3, actor=organiser_of(plan))
    assert states(*rows) == ["offered", "offered", "waiting"]
    plans.set_capacity(plan, capacity=None, actor=organiser_of(plan))
    assert states(*rows) == ["offered"] * 3


def test_fewer_seats_than_are_taken_are_refused_with_the_number(full):
    plan, _ida = full
    plans.set_capacity(plan, capacity=3, actor=organiser_of(plan))
    join(plan, "Otto", "Rosa")
    with pytest.raises(NotAllowed, match="3"):
        plans.set_capacity(plan, capacity=2, actor=organiser_of(plan))
    plan.refresh_from_db()
    assert plan.capacity == 3


# Added by hand


def test_person_without_address_gets_a_seat_at_once(full):
    plan, ida = full
    signing.cancel_sign_up(ida)
    actor = organiser_of(plan)
    row = adding.add_by_hand(plan, names=["Anna Alt"], actor=actor, phone="07031 1")
    assert (row.status, row.source, row.seats_held, row.email) == ("confirmed", "hand", 1, "")
    assert [person.active_key for person in row.participants.all()] == [None]
    entry = PageLogEntry.objects.get(action="ehrenamt.add_sign_up")
    assert (entry.user, "Anna" in str(entry.data)) == (actor, False)


def test_full_plan_takes_nobody_by_hand_and_says_the_number(full):
    plan, _ida = full
    with pytest.raises(NoSeatLeft, match="1") as refusal:
        adding.add_by_hand(plan, names=["Anna"], actor=organiser_of(plan))
    assert (refusal.value.free, SignUp.objects.count()) == (0, 1)


def test_same_form_by_hand_adds_one_person():
    _page, plan = offering_with_sign_up(capacity=5)
    actor, uid = organiser_of(plan), uuid.uuid4()
    first = adding.add_by_hand(plan, names=["Anna"], actor=actor, uid=uid)
    assert adding.add_by_hand(plan, names=["Anna"], actor=actor, uid=uid) == first
    # Two people of one name without an address are two people.
    adding.add_by_hand(plan, names=["Anna"], actor=actor)
    assert SignUp.objects.count() == 2


def test_form_by_hand_never_leads_to_what_somebody_signed_up_for_themselves():
    _page, plan = offering_with_sign_up(capacity=5)
    ida = sign_up_of(plan)
    row = adding.add_by_hand(plan, names=["Anna"], actor=organiser_of(plan), uid=ida.uid)
    assert (row.pk != ida.pk, row.uid != ida.uid) == (True, True)


def test_person_with_address_is_told_and_not_added_twice():
    _page, plan = offering_with_sign_up(capacity=5)
    actor = organiser_of(plan)
    row = adding.add_by_hand(plan, names=["Anna"], actor=actor, email="anna@post.example")
    assert mails_to(row) == ["signups/confirmed"]
    with pytest.raises(NotAllowed):
        adding.add_by_hand(plan, names=["ANNA"], actor=actor, email="Anna@post.example")
    assert signing.sign_up(plan, names=["Anna"], email="anna@post.example") is signing.Outcome.SEAT
    assert SignUp.objects.count() == 1


def test_only_the_organiser_adds_people_and_nobody_to_a_supervision():
    _page, plan = offering_with_sign_up(capacity=5)
    with pytest.raises(NotAllowed):
        adding.add_by_hand(plan, names=["Anna"], actor=member_of(published_offering().organisation))
    page, confidential = offering_with_sign_up(page=published_offering(model=SupervisionPage), capacity=5)
    actor = member_of(page.organisation)
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=actor)
    with pytest.raises(NotAllowed):
        adding.add_by_hand(confidential, names=["Anna"], actor=actor)
    assert SignUp.objects.count() == 0


# Moved


def test_person_with_a_seat_moves_and_the_freed_seat_is_offered():
    first, second = two_dates(capacity=1)
    ida, otto = join(first, "Ida", "Otto")
    moved = moving.move_sign_up(ida, to=second, actor=organiser_of(first))
    assert (moved.plan_id, moved.status, moved.sequence) == (second.pk, "confirmed", ida.sequence + 1)
    assert states(otto) == ["offered"]
    assert mails_to(ida)[-1] == "signups/moved"
    # The person may sign up for the earlier date again, and has one sign-up for the other.
    with pytest.raises(NotAllowed):
        signing.sign_up(first, names=["Ida"], email=ida.email)
    assert signing.sign_up(first, names=["Ida"], email=ida.email, would_wait=True) is signing.Outcome.WAITING
    assert SignUp.objects.filter(email=ida.email).count() == 2


def test_nobody_is_moved_to_a_full_date():
    first, second = two_dates(capacity=1)
    (ida,) = join(first, "Ida")
    join(second, "Otto")
    with pytest.raises(NotAllowed, match="1"):
        moving.move_sign_up(ida, to=second, actor=organiser_of(first))
    ida.refresh_from_db()
    assert (ida.plan_id, ida.sequence, "signups/moved" in mails_to(ida)) == (first.pk, 0, False)


def test_who_waits_keeps_the_moment_of_arrival_and_is_offered_a_free_seat():
    first, second = two_dates(capacity=1)
    _ida, otto = join(first, "Ida", "Otto")
    moved = moving.move_sign_up(otto, to=second, actor=organiser_of(first))
    assert (moved.status, moved.created_at, moved.seats_held) == ("offered", otto.created_at, 1)


@pytest.mark.parametrize("case", ["over", "other offering", "twice", "stranger", "offered", "past"])
def test_moving_is_refused_and_changes_nothing(case):
    first, second = two_dates(capacity=1)
    ida, otto = join(first, "Ida", "Otto")
    row, to, actor, now = ida, second, organiser_of(first), None
    if case == "over":
        signing.cancel_sign_up(ida)
    elif case == "other offering":
        page = published_offering(organisation=first.offering.organisation)
        to = offering_with_sign_up(page=page)[1]
    elif case == "twice":
        SeatPlan.objects.filter(pk=second.pk).update(capacity=5)
        join(second, "Ida")
    elif case == "stranger":
        actor = member_of(published_offering().organisation)
    elif case == "offered":
        signing.cancel_sign_up(ida)
        row = otto
    elif case == "past":
        now = in_days(70)
    before = everything()
    with pytest.raises(NotAllowed):
        moving.move_sign_up(row, to=to, actor=actor, now=now)
    assert everything() == before
