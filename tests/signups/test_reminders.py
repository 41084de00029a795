"""Reminders before a date and the address of an online meeting: only with a seat, once, and never outdated."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.mail.actions import deliver
from ehrenamt_wagtail.models import Notice, Occurrence, OutgoingMail, SeatPlan, SignUp, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import changes, reminders, signing
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]

START = in_days(10)
DUE = START - dt.timedelta(days=2)


def mails(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template=template).order_by("pk"))


@pytest.fixture
def at(monkeypatch):
    """Set the clock of everything that asks Django for the time."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def online_offering(mode="online"):
    page, plan = offering_with_sign_up(page=published_offering(mode=mode, online_url="https://treffen.example/geheim"), capacity=1)
    return page, plan


# Reminders


def test_reminder_is_queued_once_two_days_before():
    _page, plan = offering_with_sign_up()
    sign_up_of(plan)
    assert reminders.remind(now=DUE - dt.timedelta(minutes=1)) == 0
    assert reminders.remind(now=DUE) == 1
    assert reminders.remind(now=DUE + dt.timedelta(hours=1)) == 0
    assert [row.address for row in mails("signups/reminder")] == ["erika@post.example"]


def test_days_before_are_a_setting(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_REMINDER_DAYS": 5}
    _page, plan = offering_with_sign_up()
    sign_up_of(plan)
    assert reminders.remind(now=START - dt.timedelta(days=5)) == 1


def test_only_those_with_a_seat_are_reminded():
    _page, plan = offering_with_sign_up(capacity=3)
    sign_up_of(plan)
    sign_up_of(plan, name="Offen", email="offen@post.example", confirmed=False)
    signing.cancel_sign_up(sign_up_of(plan, name="Weg", email="weg@post.example"))
    sign_up_of(plan, name="Zwei", email="zwei@post.example")
    sign_up_of(plan, name="Wartet", email="wartet@post.example")
    reminders.remind(now=DUE)
    assert [row.address for row in mails("signups/reminder")] == ["erika@post.example", "zwei@post.example"]


def test_who_signed_up_shortly_before_needs_no_reminder():
    _page, plan = offering_with_sign_up()
    sign_up_of(plan)
    SignUp.objects.update(confirmed_at=DUE - dt.timedelta(hours=1))
    assert reminders.remind(now=DUE) == 0
    SignUp.objects.update(confirmed_at=DUE - dt.timedelta(hours=13))
    assert reminders.remind(now=DUE) == 1


def test_each_date_of_a_series_is_reminded_of():
    page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(10), in_days(17)]))
    sign_up_of(plan)
    last = page.occurrences.order_by("starts_at").last()
    own = SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=last.uid, mode="here")
    sign_up_of(own, email="zweiter@post.example")
    assert reminders.remind(now=DUE) == 1
    assert reminders.remind(now=DUE + dt.timedelta(days=7)) == 1
    assert [row.address for row in mails("signups/reminder")] == ["erika@post.example", "zweiter@post.example"]


def test_cancelled_or_hidden_dates_are_not_reminded_of():
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    TrainingPage.objects.filter(pk=page.pk).update(live=False)
    assert reminders.remind(now=DUE) == 0
    TrainingPage.objects.filter(pk=page.pk).update(live=True)
    cancel(page, actor=member_of(page.organisation))
    assert reminders.remind(now=DUE) == 0


def move(page, start) -> None:
    date = Occurrence.objects.get(page=page.pk)
    date.start = start
    date.save()
    changes.catch_up()


def test_moved_date_is_reminded_of_again():
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    reminders.remind(now=DUE)
    move(page, START + dt.timedelta(days=7))
    assert reminders.remind(now=DUE + dt.timedelta(days=7)) == 1


def test_change_told_shortly_before_needs_no_reminder():
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    move(page, START + dt.timedelta(hours=1))
    Notice.objects.update(at=DUE - dt.timedelta(hours=1))
    assert reminders.remind(now=DUE + dt.timedelta(hours=1)) == 0


def test_reminder_reads_well(at):
    page, plan = offering_with_sign_up(page=published_offering(what_to_bring="Schreibzeug"))
    sign_up_of(plan)
    at(DUE + dt.timedelta(days=1))
    reminders.remind()
    assert deliver(mails("signups/reminder")[0]) == "sent"
    message = mail.outbox[-1]
    assert message.subject.startswith("Erinnerung für ")
    assert "(morgen)" in message.body
    assert "Bitte mitbringen: Schreibzeug" in message.body
    assert "/anmeldung/" in message.body
    assert message.attachments


@pytest.mark.parametrize("what", ["begun", "moved", "cancelled", "seat gone", "hidden"])
def test_outdated_reminder_is_dropped(at, what):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    reminders.remind(now=DUE)
    if what == "begun":
        at(START + dt.timedelta(minutes=5))
    elif what == "moved":
        move(page, START + dt.timedelta(days=7))
    elif what == "cancelled":
        cancel(page, actor=member_of(page.organisation))
    elif what == "hidden":
        TrainingPage.objects.filter(pk=page.pk).update(live=False)
    else:
        signing.cancel_sign_up(SignUp.objects.get())
    (row,) = mails("signups/reminder")
    OutgoingMail.objects.update(next_attempt_at=timezone.now())
    row.refresh_from_db()
    assert deliver(row) == "dropped"
    assert mail.outbox == []


# Online


@pytest.mark.parametrize("mode", ["online", "both"])
def test_address_of_the_meeting_comes_on_the_day_to_those_with_a_seat(at, mode):
    _page, plan = online_offering(mode)
    sign_up_of(plan)
    sign_up_of(plan, name="Wartet", email="wartet@post.example")
    assert reminders.send_addresses(now=START - dt.timedelta(hours=5)) == 0
    at(START - dt.timedelta(hours=4))
    assert reminders.send_addresses() == 1
    assert reminders.send_addresses() == 0
    (row,) = mails("signups/online")
    assert deliver(row) == "sent"
    assert mail.outbox[-1].to == ["erika@post.example"]
    assert mail.outbox[-1].subject.startswith("Heute online: ")
    assert "https://treffen.example/geheim" in mail.outbox[-1].body
    assert "treffen.example" not in str(list(OutgoingMail.objects.values()))


def test_address_is_in_no_other_mail(at):
    _page, plan = online_offering()
    sign_up_of(plan)
    at(DUE)
    reminders.remind()
    for row in OutgoingMail.objects.order_by("pk"):
        deliver(row)
    assert len(mail.outbox) >= 2
    assert not [message for message in mail.outbox if "treffen.example" in message.body]


def test_who_gets_a_seat_in_the_last_hour_gets_the_address_too():
    _page, plan = online_offering()
    sign_up_of(plan)
    assert reminders.send_addresses(now=START + dt.timedelta(minutes=10)) == 1
    assert reminders.send_addresses(now=START + dt.timedelta(hours=3)) == 0


def test_changed_address_is_mailed_again():
    page, plan = online_offering()
    sign_up_of(plan)
    soon = START - dt.timedelta(hours=2)
    assert reminders.send_addresses(now=soon) == 1
    TrainingPage.objects.filter(pk=page.pk).update(online_url="https://anderswo.example/neu")
    assert reminders.send_addresses(now=soon) == 1


def test_no_address_for_what_is_on_site_alone():
    _page, plan = online_offering(mode="on_site")
    sign_up_of(plan)
    assert reminders.send_addresses(now=START - dt.timedelta(hours=2)) == 0


@pytest.mark.parametrize("what", ["over", "seat gone"])
def test_outdated_address_is_dropped(at, what):
    _page, plan = online_offering()
    sign_up_of(plan)
    reminders.send_addresses(now=START - dt.timedelta(hours=2))
    if what == "over":
        at(START + dt.timedelta(hours=3))
    else:
        signing.cancel_sign_up(SignUp.objects.get())
    (row,) = mails("signups/online")
    assert deliver(row) == "dropped"


def test_reads_do_not_grow_with_the_number_of_sign_ups():
    page, plan = offering_with_sign_up(capacity=100)
    counts = []
    for number in (1, 20):
        for count in range(plan.sign_ups.count(), number):
            sign_up_of(plan, name=f"Person {count}", email=f"person{count}@post.example")
        OutgoingMail.objects.all().delete()
        reminders.remind(now=DUE)
        with CaptureQueriesContext(connection) as queries:
            assert reminders.remind(now=DUE) == 0
        counts.append(len(queries))
    assert counts[0] == counts[1]
