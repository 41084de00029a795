"""Signing up, confirming, cancelling and lapsing, as the person meets it."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import OutgoingMail, Participant, SignUp, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import jobs, signing
from ehrenamt_wagtail.signups.models import ConfirmationCount
from ehrenamt_wagtail.signups.signing import NoSeatLeft, Outcome
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]

HOUR = dt.timedelta(hours=1)


def templates() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("template", flat=True))


def sign_up(plan, name="Erika Muster", email="erika@post.example", **facts) -> Outcome:
    return signing.sign_up(plan, names=[name], email=email, **facts)


# Once


def test_double_submit_makes_one_sign_up_and_one_mail():
    _page, plan = offering_with_sign_up(capacity=1)
    uid = uuid.uuid4()
    # The seat is the last one: the second time it must not be said that it is gone.
    assert [sign_up(plan, uid=uid), sign_up(plan, uid=uid)] == [Outcome.SEAT, Outcome.SEAT]
    assert [row.uid for row in SignUp.objects.all()] == [uid]
    assert templates() == ["signups/confirm"]


def test_double_submit_on_the_waiting_list_says_so_twice():
    _page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    uid = uuid.uuid4()
    answers = [sign_up(plan, "Otto", "otto@post.example", uid=uid, would_wait=True) for _time in range(2)]
    assert answers == [Outcome.WAITING] * 2
    assert SignUp.objects.filter(status="waiting").count() == 1


@pytest.mark.parametrize(
    ("name", "email"),
    [("Erika Muster", "erika@post.example"), ("  ERIKA   muster ", "Erika@Post.example")],
)
def test_person_who_signs_up_again_is_told_by_mail_only(name, email):
    _page, plan = offering_with_sign_up(capacity=5)
    first = sign_up_of(plan)
    assert sign_up(plan, name, email) is Outcome.SEAT
    assert list(SignUp.objects.all()) == [first]
    assert templates()[-1] == "signups/already"
    assert OutgoingMail.objects.order_by("pk").last().params == {"sign_up": str(first.uid)}


def test_answer_never_tells_whether_somebody_has_signed_up():
    _page, plan = offering_with_sign_up(capacity=2)
    sign_up_of(plan)
    known = sign_up(plan)
    stranger = sign_up(plan, "Otto", "otto@post.example")
    assert known is stranger is Outcome.SEAT
    # Full: both hear the same, too.
    refusals = []
    for name, email in [("Erika Muster", "erika@post.example"), ("Rosa", "rosa@post.example")]:
        with pytest.raises(NoSeatLeft) as refusal:
            sign_up(plan, name, email)
        refusals.append((refusal.value.message, refusal.value.free))
    assert refusals[0] == refusals[1]
    assert sign_up(plan, would_wait=True) is sign_up(plan, "Rosa", "rosa@post.example", would_wait=True) is Outcome.WAITING


def test_couple_with_one_address_signs_up_twice():
    _page, plan = offering_with_sign_up(capacity=5)
    sign_up_of(plan, name="Erika Muster")
    sign_up_of(plan, name="Otto Muster")
    assert SignUp.objects.with_seat().count() == 2


def test_form_of_somebody_else_never_leads_to_their_sign_up():
    _page, plan = offering_with_sign_up(capacity=5)
    first = sign_up_of(plan, confirmed=False)
    assert sign_up(plan, "Eva Fremd", "eva@post.example", uid=first.uid) is Outcome.SEAT
    other = SignUp.objects.exclude(pk=first.pk).get()
    assert other.uid != first.uid
    assert (other.email, OutgoingMail.objects.order_by("pk").last().params["sign_up"]) == ("eva@post.example", str(other.uid))
    first.refresh_from_db()
    assert (first.email, first.status) == ("erika@post.example", "pending")


def test_same_form_with_one_more_person_is_no_double_submit():
    _page, plan = offering_with_sign_up(capacity=5, seats_per_sign_up=2)
    uid = uuid.uuid4()
    sign_up(plan, uid=uid)
    signing.sign_up(plan, names=["Erika Muster", "Otto Muster"], email="erika@post.example", uid=uid)
    assert templates() == ["signups/confirm", "signups/already"]
    assert Participant.objects.count() == 1


def test_person_signs_up_again_after_cancelling_even_with_the_same_form():
    _page, plan = offering_with_sign_up(capacity=1)
    uid = uuid.uuid4()
    sign_up(plan, uid=uid)
    signing.cancel_sign_up(SignUp.objects.get())
    assert sign_up(plan, uid=uid) is Outcome.SEAT
    assert sorted(SignUp.objects.values_list("status", flat=True)) == ["cancelled", "pending"]


@pytest.mark.parametrize("names", [[], [""], ["  "], ["Erika", " "], ["Erika Muster", "erika  MUSTER"], ["A", "B", "C"]])
def test_names_that_cannot_be_are_refused(names):
    _page, plan = offering_with_sign_up(capacity=5, seats_per_sign_up=2)
    with pytest.raises(NotAllowed):
        signing.sign_up(plan, names=names, email="erika@post.example")
    assert (SignUp.objects.count(), OutgoingMail.objects.count(), ConfirmationCount.objects.count()) == (0, 0, 0)


# Full


def test_fifty_first_of_fifty_from_a_stale_form_is_told_and_nothing_is_stored():
    _page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    with pytest.raises(NoSeatLeft) as refusal:
        sign_up(plan, "Otto", "otto@post.example")
    assert refusal.value.free == 0
    assert SignUp.objects.count() == 1
    assert not OutgoingMail.objects.filter(address="otto@post.example").exists()


def test_two_for_one_seat_are_told_how_many_are_free():
    _page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    with pytest.raises(NoSeatLeft) as refusal:
        signing.sign_up(plan, names=["Erika", "Otto"], email="erika@post.example")
    assert (refusal.value.free, SignUp.objects.count()) == (1, 0)


def test_without_waiting_list_nobody_is_put_on_one():
    _page, plan = offering_with_sign_up(capacity=1, has_waiting_list=False)
    sign_up_of(plan)
    with pytest.raises(NoSeatLeft):
        sign_up(plan, "Otto", "otto@post.example", would_wait=True)
    assert SignUp.objects.count() == 1


def test_newcomer_does_not_pass_who_waits():
    _page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    first = sign_up_of(plan, name="Otto", email="otto@post.example")
    # As if nobody had noticed: seats without an offer.
    type(plan).objects.update(capacity=2)
    with pytest.raises(NoSeatLeft):
        sign_up(plan, "Rosa", "rosa@post.example")
    assert sign_up(plan, "Rosa", "rosa@post.example", would_wait=True) is Outcome.WAITING
    first.refresh_from_db()
    assert first.status == "offered"


# Not any more


@pytest.mark.parametrize("one_by_one", [False, True])
def test_nobody_signs_up_or_confirms_once_it_is_cancelled(one_by_one):
    page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(10), in_days(17)]), capacity=5)
    early = sign_up_of(plan, confirmed=False)
    for uid in page.occurrences.values_list("uid", flat=True) if one_by_one else [None]:
        cancel(TrainingPage.objects.get(pk=page.pk), actor=member_of(page.organisation), occurrence_uid=uid, reason="Krank")
    mails = OutgoingMail.objects.count()
    with pytest.raises(NotAllowed):
        sign_up(plan, "Otto", "otto@post.example")
    with pytest.raises(NotAllowed):
        signing.confirm(early)
    early.refresh_from_db()
    assert (early.status, SignUp.objects.count(), OutgoingMail.objects.count()) == ("pending", 1, mails)


# Mails a day


def test_no_more_than_so_many_mails_a_day_go_to_one_address(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_MAILS_PER_DAY": 2}
    _page, plan = offering_with_sign_up(capacity=50)
    now = timezone.now()
    answers = [sign_up(plan, f"Erika {number}", "Erika@post.example", now=now) for number in range(4)]
    # Nothing tells that the mails have an end.
    assert answers == [Outcome.SEAT] * 4
    assert (SignUp.objects.count(), OutgoingMail.objects.count()) == (2, 2)
    assert ConfirmationCount.objects.get().number == 2
    assert sign_up(plan, "Otto", "otto@post.example", now=now) is Outcome.SEAT
    assert sign_up(plan, "Erika 9", "erika@post.example", now=now + dt.timedelta(days=1)) is Outcome.SEAT
    assert SignUp.objects.count() == 4


def test_counts_of_earlier_days_are_deleted_by_the_job():
    day = timezone.localdate()
    for days in (0, 1, 2):
        ConfirmationCount.objects.create(address_hash="a", day=day - dt.timedelta(days=days), number=3)
    jobs.look_after_seats()
    assert list(ConfirmationCount.objects.values_list("day", flat=True)) == [day]


# Deadlines


@pytest.mark.parametrize(("hours_left", "hours_held"), [(240, 24), (48, 24), (30, 15), (1, 0.5)])
def test_seat_is_held_shorter_when_the_date_is_near(hours_left, hours_held):
    now = in_days(10)
    _page, plan = offering_with_sign_up(page=published_offering(dates=[now + hours_left * HOUR]))
    sign_up(plan, now=now)
    assert SignUp.objects.get().expires_at == now + hours_held * HOUR


def test_late_comer_of_a_series_has_until_the_next_date():
    page = published_offering(dates=[in_days(1), in_days(3)])
    _page, plan = offering_with_sign_up(page=page, closes_at=in_days(3))
    now = in_days(3) - 10 * HOUR
    sign_up(plan, now=now)
    assert SignUp.objects.get().expires_at == now + 5 * HOUR


def at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_job_reminds_once_at_half_of_the_time_and_then_frees_the_seat(monkeypatch):
    _page, plan = offering_with_sign_up(capacity=1)
    now = timezone.now()
    row = sign_up_of(plan, confirmed=False, now=now)
    found = []
    for hours in (11, 12, 13, 23, 24, 25):
        at(monkeypatch, now + hours * HOUR)
        jobs.look_after_seats()
        row.refresh_from_db()
        found.append((row.status, templates().count("signups/confirm_reminder")))
    assert found == [("pending", 0), *[("pending", 1)] * 3, *[("expired", 1)] * 2]
    assert templates() == ["signups/confirm", "signups/confirm_reminder", "signups/lapsed"]
    assert sign_up(plan, now=now + 26 * HOUR) is Outcome.SEAT


def test_who_has_confirmed_is_neither_reminded_nor_freed(monkeypatch):
    _page, plan = offering_with_sign_up(capacity=1)
    row = sign_up_of(plan)
    for hours in (13, 30):
        at(monkeypatch, timezone.now() + hours * HOUR)
        assert jobs.look_after_seats() == 0
    row.refresh_from_db()
    assert row.status == "confirmed"
    assert templates() == ["signups/confirm", "signups/confirmed"]


def test_confirming_twice_changes_nothing():
    _page, plan = offering_with_sign_up(capacity=1)
    row = sign_up_of(plan)
    again = signing.confirm(row)
    assert again.confirmed_at == row.confirmed_at
    assert templates() == ["signups/confirm", "signups/confirmed"]


def test_confirming_after_the_seat_was_freed_is_refused():
    _page, plan = offering_with_sign_up(capacity=1)
    row = sign_up_of(plan, confirmed=False)
    assert signing.free_unconfirmed(row, now=row.expires_at)
    with pytest.raises(NotAllowed, match="vorbei|abgelaufen|over"):
        signing.confirm(row)
    row.refresh_from_db()
    assert (row.status, row.confirmed_at, row.seats_held) == ("expired", None, 0)


def test_cancelling_twice_changes_nothing():
    _page, plan = offering_with_sign_up(capacity=1)
    row = signing.cancel_sign_up(sign_up_of(plan))
    mails, ended_at = templates(), row.ended_at
    assert signing.cancel_sign_up(row).ended_at == ended_at
    assert templates() == mails


# Speed


def statements(queries) -> list[str]:
    """Without what the surrounding test adds, and the job, which starts after the commit."""
    return [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]


@pytest.mark.parametrize("taken", [0, 1, 30])
def test_sign_up_costs_few_statements_and_those_under_the_lock_are_fewer(taken):
    _page, plan = offering_with_sign_up(capacity=100)
    for number in range(taken):
        sign_up(plan, f"Person {number}", f"person{number}@post.example")
    with CaptureQueriesContext(connection) as captured:
        sign_up(plan)
    sql = statements(captured.captured_queries)
    (lock,) = [number for number, text in enumerate(sql) if text.startswith("SELECT") and "seatplan" in text and "page" not in text]
    # PostgreSQL writes mail, sign-up and person in one.
    rows = 1 if connection.vendor == "postgresql" else 3
    assert (len(sql), len(sql) - lock - 1) == (4 + rows, 2 + rows)
