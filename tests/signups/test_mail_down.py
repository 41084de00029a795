"""The mail server is down for a day: afterwards everything that still matters arrives once, and what is outdated does not."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from ehrenamt_wagtail.mail.actions import deliver, deliver_due
from ehrenamt_wagtail.models import Occurrence, OutgoingMail, SignUp
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import jobs, signing
from tests.factories import member_of, offering_with_sign_up, published_offering, sign_up_of
from tests.mail.server import SERVER_DOWN, Server, ServerBackend

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]

STEP = dt.timedelta(minutes=5)


class Simulation:
    """Time that passes in steps of five minutes, with the jobs that the schedule names; ``hour`` counts from the beginning."""

    def __init__(self, monkeypatch, server) -> None:
        self.begin = self.now = timezone.now()
        self.server = server
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def at(self, hour: float) -> dt.datetime:
        return self.begin + dt.timedelta(hours=hour)

    def run_until(self, hour: float) -> None:
        while self.now < self.at(hour):
            self.now += STEP
            jobs.look_after_seats()
            if (self.now - self.begin) % dt.timedelta(hours=1) < STEP:
                jobs.look_after_sign_ups()
            deliver_due()

    @property
    def arrived(self) -> Counter:
        """(recipient, kind of mail) of what the server took."""
        kinds = dict(OutgoingMail.objects.values_list("message_id", "template"))
        return Counter(
            (message.to[0].partition("@")[0], kinds[message.extra_headers["Message-ID"]].partition("/")[2])
            for message in self.server.taken
        )


@pytest.fixture
def day(monkeypatch, settings):
    settings.EMAIL_BACKEND = "tests.mail.server.ServerBackend"
    settings.EHRENAMT = {**settings.EHRENAMT, "BASE_URL": "https://landkreis.example"}
    ServerBackend.server = Server()
    yield Simulation(monkeypatch, ServerBackend.server)
    del ServerBackend.server


def person(plan, name: str, **facts) -> SignUp:
    return sign_up_of(plan, name=name, email=f"{name}@post.example", **facts)


def move(page, start: dt.datetime) -> None:
    page = type(page).objects.get(pk=page.pk).get_latest_revision().as_object()
    page.occurrences.all()[0].start = start
    page.save_revision(clean=False).publish()


@pytest.mark.thorough
def test_day_without_mail_server(day):
    """The whole day on one site: each line below says what arrives in the end."""
    staying, staying_plan = offering_with_sign_up(page=published_offering(dates=[day.at(60)]))
    moved, moved_plan = offering_with_sign_up(page=published_offering(dates=[day.at(55)]))
    called_off, called_off_plan = offering_with_sign_up(page=published_offering(dates=[day.at(100)]))
    online, online_plan = offering_with_sign_up(
        page=published_offering(dates=[day.at(12)], mode="online", online_url="https://treffen.example/")
    )
    evening, evening_plan = offering_with_sign_up(
        page=published_offering(dates=[day.at(40)], mode="online", online_url="https://treffen.example/")
    )
    full, full_plan = offering_with_sign_up(page=published_offering(dates=[day.at(24 * 20)]), capacity=1)
    soon, soon_plan = offering_with_sign_up(page=published_offering(dates=[day.at(20)]), capacity=1)
    for plan, name in [
        (staying_plan, "bleibt"), (moved_plan, "verlegt"), (called_off_plan, "abgesagt"), (online_plan, "online"),
        (evening_plan, "abend"), (full_plan, "voll"), (full_plan, "rueckt-nach"), (soon_plan, "bald"), (soon_plan, "zu-spaet"),
    ]:  # fmt: skip
        person(plan, name)
    SignUp.objects.update(confirmed_at=day.begin - dt.timedelta(days=30))
    # Those that asked to confirm are outdated.
    OutgoingMail.objects.all().delete()
    day.server.open_error = SERVER_DOWN
    day.run_until(2)
    signing.cancel_sign_up(SignUp.objects.get(email="voll@post.example"))
    signing.cancel_sign_up(SignUp.objects.get(email="bald@post.example"))
    day.run_until(12)
    move(moved, day.at(24 * 9))
    day.run_until(15)
    person(full_plan, "neu", confirmed=False)
    cancel(called_off, actor=member_of(called_off.organisation), reason="Krankheit")
    day.run_until(25)
    assert day.server.taken == []

    day.server.open_error = None
    day.run_until(38)
    participants = {"bleibt", "verlegt", "abgesagt", "online", "abend", "voll", "rueckt-nach", "bald", "zu-spaet", "neu"}
    assert {key: number for key, number in day.arrived.items() if key[0] in participants} == {
        ("bleibt", "reminder"): 1,  # two days before is during the outage, and the date is still to come
        ("verlegt", "changed"): 1,  # and not the reminder of the old date
        ("abgesagt", "cancelled_date"): 1,
        ("abend", "reminder"): 1,
        ("abend", "online"): 1,  # "online" was over before the server came back
        ("voll", "cancelled"): 1,
        ("rueckt-nach", "offer"): 1,
        ("bald", "cancelled"): 1,
        ("zu-spaet", "lapsed"): 1,  # the offer ended during the outage
        ("neu", "confirm"): 1,
        ("neu", "confirm_reminder"): 1,
    }
    waiting = OutgoingMail.objects.exclude(status__in=["sent", "dropped"])
    assert not waiting.exists()
    assert set(OutgoingMail.objects.filter(status="dropped").values_list("template", flat=True)) == {
        "signups/reminder",
        "signups/online",
        "signups/offer",
    }
    assert Occurrence.objects.get(page=moved.pk).starts_at == day.at(24 * 9)


def test_reminder_of_a_date_that_began_meanwhile_is_dropped(day, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_REMINDER_DAYS": 1}
    _page, plan = offering_with_sign_up(page=published_offering(dates=[day.at(25)]))
    person(plan, "erika")
    SignUp.objects.update(confirmed_at=day.begin - dt.timedelta(days=30))
    OutgoingMail.objects.all().delete()
    day.server.open_error = SERVER_DOWN
    day.run_until(25.5)
    assert OutgoingMail.objects.get().status == "waiting"
    day.server.open_error = None
    day.run_until(30)
    assert (OutgoingMail.objects.get().status, day.server.taken) == ("dropped", [])


@pytest.mark.parametrize("kind", ["offer", "confirm"])
def test_mail_whose_time_to_answer_is_over_is_dropped_before_the_job_has_run(day, kind):
    _page, plan = offering_with_sign_up(capacity=1)
    first = person(plan, "eins")
    person(plan, "zwei", confirmed=kind == "offer")
    OutgoingMail.objects.exclude(template="signups/confirm", address="zwei@post.example").delete()
    if kind == "offer":
        OutgoingMail.objects.all().delete()
        signing.cancel_sign_up(first)
    row = OutgoingMail.objects.get(template=f"signups/{kind}")
    day.now += STEP
    SignUp.objects.filter(email="zwei@post.example").update(expires_at=day.now)
    assert deliver(row) == "dropped"
    assert day.server.taken == []
