"""Something breaks at each step of freeing a seat, offering it and telling so: nothing is lost, nobody gets what another one has."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from ehrenamt_wagtail.mail import actions as mail_actions
from ehrenamt_wagtail.mail import registry, rendering
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.models import Participant, SignUp
from ehrenamt_wagtail.signups import jobs, mails, notifications, quick, signing, waiting
from tests.factories import in_days, offering_with_sign_up, published_offering, sign_up_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]
# Nothing is delivered inside a transaction.
telling = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)


class Broken(Exception):
    pass


class Killed(BaseException):
    """As when the process is ended: passes all that handles errors."""


def break_once(monkeypatch, owner, name: str, error: type[BaseException] = Broken, *, afterwards: bool = False) -> list:
    """The function raises the first time, before or after its work; the list tells whether it did."""
    original, raised = getattr(owner, name), []

    def broken(*args, **kwargs):
        if raised:
            return original(*args, **kwargs)
        raised.append(name)
        if afterwards:
            original(*args, **kwargs)
        raise error

    monkeypatch.setattr(owner, name, broken)
    return raised


def everything() -> list:
    return [
        *SignUp.objects.order_by("pk").values_list("pk", "status", "seats", "seats_held", "expires_at", "ended_at"),
        *Participant.objects.order_by("pk").values_list("pk", "sign_up", "active_key"),
        *OutgoingMail.objects.order_by("pk").values_list("pk", "template", "status"),
    ]


def at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def line():
    """One seat that was not confirmed in time, and two who wait for it; their mails so far have gone out."""
    _page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(60)]), capacity=1)
    holder = sign_up_of(plan, name="Ida", email="ida@post.example", confirmed=False)
    first, second = (sign_up_of(plan, name=name, email=f"{name.lower()}@post.example") for name in ("Otto", "Rosa"))
    OutgoingMail.objects.update(status="sent")
    return holder, first, second


# Freeing and offering

PROMOTION = [
    (signing, "lock_sign_up"),
    (signing, "end"),
    (waiting, "end_keys"),
    (notifications, "tell_lapsed"),
    (signing, "serve"),
    (waiting, "situation_of"),
    (waiting, "dates_of"),
    (waiting, "offer"),
    (waiting, "offer_deadline"),
    (notifications, "tell_offer"),
    (notifications, "queue_mail"),
    (registry, "get_registered"),
]


@pytest.mark.expected_errors("free_unconfirmed failed for #")
@pytest.mark.parametrize("afterwards", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), PROMOTION, ids=[name for _owner, name in PROMOTION])
def test_promotion_that_breaks_changes_nothing_and_is_done_by_the_next_run(monkeypatch, line, owner, name, afterwards):
    holder, first, second = line
    before = everything()
    at(monkeypatch, timezone.now() + DAY)
    raised = break_once(monkeypatch, owner, name, afterwards=afterwards)
    assert jobs.look_after_seats() == 0
    assert raised
    assert everything() == before
    assert jobs.look_after_seats() == 1
    check_promoted(holder, first, second)
    assert jobs.look_after_seats() == 0
    check_promoted(holder, first, second)


@pytest.mark.parametrize(("owner", "name"), PROMOTION, ids=[name for _owner, name in PROMOTION])
def test_job_that_is_killed_while_promoting_is_done_again(monkeypatch, line, owner, name):
    before = everything()
    at(monkeypatch, timezone.now() + DAY)
    break_once(monkeypatch, owner, name, Killed, afterwards=True)
    with pytest.raises(Killed):
        jobs.look_after_seats()
    assert everything() == before
    assert jobs.look_after_seats() == 1
    check_promoted(*line)


def check_promoted(holder: SignUp, first: SignUp, second: SignUp) -> None:
    for row in (holder, first, second):
        row.refresh_from_db()
    assert [row.status for row in (holder, first, second)] == ["expired", "offered", "waiting"]
    assert [row.seats_held for row in (holder, first, second)] == [0, 1, 0]
    new = OutgoingMail.objects.filter(status="waiting").order_by("address").values_list("address", "template")
    assert list(new) == [("ida@post.example", "signups/lapsed"), ("otto@post.example", "signups/offer")]


@pytest.mark.expected_errors("free_unconfirmed failed for #")
def test_one_that_always_breaks_keeps_no_other_from_its_seat(monkeypatch, line):
    holder, _first, _second = line
    _page, other = offering_with_sign_up(page=published_offering(dates=[in_days(60)]), capacity=1)
    lapsing = sign_up_of(other, name="Eva", email="eva@post.example", confirmed=False)
    original = signing.lock_sign_up

    def lock(sign_up):
        if sign_up.pk == holder.pk:
            raise Broken
        return original(sign_up)

    monkeypatch.setattr(signing, "lock_sign_up", lock)
    at(monkeypatch, timezone.now() + DAY)
    assert jobs.look_after_seats() == 1
    lapsing.refresh_from_db()
    holder.refresh_from_db()
    assert (lapsing.status, holder.status) == ("expired", "pending")


# Signing up

SIGNING_UP = [
    (signing, "count_confirmation"),
    (quick, "lock"),
    (quick, "read"),
    (notifications, "asking_to_confirm"),
    (signing, "insert"),
    (signing, "deliver_on_commit"),
    (signing, "add_details"),
    (signing, "set_free"),
]


@pytest.mark.parametrize(("owner", "name"), SIGNING_UP, ids=[name for _owner, name in SIGNING_UP])
def test_signing_up_that_breaks_leaves_nothing_behind_and_works_again(monkeypatch, owner, name):
    _page, plan = offering_with_sign_up(capacity=1)
    break_once(monkeypatch, owner, name, afterwards=True)
    facts = {"names": ["Erika"], "email": "erika@post.example", "needs": "Rollstuhl"}
    with pytest.raises(Broken):
        signing.sign_up(plan, **facts)
    assert everything() == []
    assert signing.sign_up(plan, **facts) is signing.Outcome.SEAT
    assert [row.needs.text for row in SignUp.objects.all()] == ["Rollstuhl"]
    assert OutgoingMail.objects.count() == 1


# Telling

DELIVERY = [
    (mail_actions, "_claim"),
    (mail_actions, "_work_on"),
    (registry, "get_registered"),
    (rendering, "render"),
    (rendering, "build_message"),
    (mails, "facts_of"),
    (mail_actions, "_connection"),
    (mail_actions, "_send"),
]


@telling
@pytest.mark.expected_errors("cannot be rendered")
@pytest.mark.parametrize("error", [Broken, Killed])
@pytest.mark.parametrize(("owner", "name"), DELIVERY, ids=[name for _owner, name in DELIVERY])
def test_offer_whose_delivery_breaks_before_the_server_arrives_once(monkeypatch, line, owner, name, error):
    now = timezone.now() + DAY
    at(monkeypatch, now)
    jobs.look_after_seats()
    break_once(monkeypatch, owner, name, error)
    for minutes in (0, 1, 12, 24, 60):
        at(monkeypatch, now + dt.timedelta(minutes=minutes))
        try:
            mail_actions.deliver_due()
        except (Broken, Killed):
            continue
    assert sorted(message.to[0] for message in django_mail.outbox) == ["ida@post.example", "otto@post.example"]
    assert not OutgoingMail.objects.exclude(status="sent").exists()
    # Telling changes no seat.
    assert [row.status for row in SignUp.objects.order_by("pk")] == ["expired", "offered", "waiting"]


@telling
def test_offer_killed_while_the_server_takes_it_is_sent_again_with_the_same_id(monkeypatch, line):
    now = timezone.now() + DAY
    at(monkeypatch, now)
    jobs.look_after_seats()
    break_once(monkeypatch, mail_actions, "_finish", Killed)
    for minutes in (0, 12):
        at(monkeypatch, now + dt.timedelta(minutes=minutes))
        try:
            mail_actions.deliver_due()
        except Killed:
            continue
    ids = {}
    for message in django_mail.outbox:
        ids.setdefault(message.to[0], []).append(message.extra_headers["Message-ID"])
    assert sorted(len(found) for found in ids.values()) == [1, 2]
    assert all(len(set(found)) == 1 for found in ids.values())


@telling
def test_offer_that_reaches_nobody_in_time_is_dropped_and_the_next_one_is_asked(monkeypatch, line):
    """The mail server is down until the offer is over."""
    _holder, first, second = line
    now = timezone.now() + DAY
    at(monkeypatch, now)
    jobs.look_after_seats()
    first.refresh_from_db()
    at(monkeypatch, first.expires_at)
    jobs.look_after_seats()
    mail_actions.deliver_due()
    second.refresh_from_db()
    assert second.status == "offered"
    arrived = OutgoingMail.objects.filter(message_id__in=[message.extra_headers["Message-ID"] for message in django_mail.outbox])
    assert sorted(arrived.values_list("address", "template")) == [
        ("ida@post.example", "signups/lapsed"),
        ("otto@post.example", "signups/lapsed"),
        ("rosa@post.example", "signups/offer"),
    ]
