"""Personal data go when their time is over, and only then; what stays names nobody."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.models import DeletionRecord, SeatFigure, SignUp
from ehrenamt_wagtail.signups import deletion, jobs
from ehrenamt_wagtail.signups.signing import cancel_sign_up
from tests.factories import OrganisationFactory, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

from .held import full_sign_up

pytestmark = pytest.mark.django_db

LAST_DAY = 10
# Six months after the last date.
DUE = deletion.months_after(timezone.localdate() + dt.timedelta(days=LAST_DAY), 6)

COUNTED = [
    SignUp, models.Participant, models.Answer, models.AccessNeeds, models.Attendance, models.Notice, models.OutgoingMail,
]  # fmt: skip


def noon(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def everything_stored() -> str:
    """All rows of all tables as the database has them."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def finish_mails():
    models.OutgoingMail.objects.update(status="sent", next_attempt_at=None)


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2027, 8, 31), 6, dt.date(2028, 2, 29)),
        (dt.date(2026, 6, 30), 6, dt.date(2026, 12, 30)),
        (dt.date(2026, 12, 1), 12, dt.date(2027, 12, 1)),
        (dt.date(2026, 3, 15), 1, dt.date(2026, 4, 15)),
    ],
)
def test_months_end_with_their_last_day(day, months, expected):
    assert deletion.months_after(day, months) == expected


def test_needs_go_the_day_after_the_last_date_and_nothing_else_does():
    page = published_offering(dates=[in_days(3), in_days(LAST_DAY)])
    _page, plan = offering_with_sign_up(page=page, capacity=5)
    full_sign_up(plan)
    before = counts()
    deletion.delete_due(now=in_days(LAST_DAY, hour=23, minute=50))
    assert counts() == before
    deletion.delete_due(now=in_days(LAST_DAY + 1, hour=0, minute=5))
    assert counts() == {**before, "AccessNeeds": 0}
    record = DeletionRecord.objects.get()
    assert (record.reason, record.counts) == ("needs", {"AccessNeeds": 1})


def test_needs_of_somebody_who_does_not_come_go_at_once():
    _page, plan = offering_with_sign_up(capacity=5)
    cancel_sign_up(sign_up_of(plan, needs="Vegan, bitte."))
    sign_up_of(plan, name="Otto Muster", email="otto@post.example", needs="Ein Platz vorn")
    deletion.delete_due()
    assert models.AccessNeeds.objects.get().text == "Ein Platz vorn"


def test_sign_ups_are_kept_to_the_last_day_and_then_nothing_of_them_is_left():
    _page, plan = offering_with_sign_up(capacity=5, seats_per_sign_up=2)
    full_sign_up(plan, names=["Zephyrine Zuber", "Zeno Zuber"], email="zuber@post.example", needs="Zwieback statt Kuchen")
    cancel_sign_up(sign_up_of(plan, name="Zoe Zabel", email="zabel@post.example"))
    lapsed = sign_up_of(plan, name="Zita Zink", email="zink@post.example", confirmed=False)
    SignUp.objects.filter(pk=lapsed.pk).update(status="expired", seats_held=0)
    finish_mails()
    deletion.delete_due(now=noon(DUE))
    assert SignUp.objects.count() == 3 and models.OutgoingMail.objects.count() > 3
    assert models.Participant.objects.filter(name="Zephyrine Zuber").exists()

    deletion.delete_due(now=noon(DUE + dt.timedelta(days=1)))
    stored = everything_stored()
    for word in ("Zuber", "zuber", "Zabel", "zabel", "Zink", "zink", "Zwieback", "hinter dem Haus"):
        assert word not in stored, word
    assert counts() == dict.fromkeys(counts(), 0)
    certificate = models.Certificate.objects.get()
    assert (certificate.participant, certificate.initials, certificate.title) == (None, "E. M.", "Abend")
    figure = SeatFigure.objects.get()
    assert (figure.taken, figure.attended, figure.offered, figure.is_final) == (2, 1, 5, True)
    record = DeletionRecord.objects.get(reason="age")
    assert record.counts["SignUp"] == 3 and record.counts["Participant"] == 4
    assert record.counts["certificates_without_name"] == 1 and record.counts["OutgoingMail"] >= 4


def test_deleting_again_changes_nothing_and_one_day_has_one_record():
    for _number in range(2):
        _page, plan = offering_with_sign_up(capacity=5)
        full_sign_up(plan)
    finish_mails()
    now = noon(DUE + dt.timedelta(days=1))
    first = deletion.delete_due(now=now)
    assert first["SignUp"] == 2
    stored = everything_stored()
    assert not deletion.delete_due(now=now)
    assert everything_stored() == stored
    assert DeletionRecord.objects.get(reason="age").counts["SignUp"] == 2
    assert jobs.delete_personal_data() == "nothing"


def test_months_are_those_of_the_setting(settings):
    settings.EHRENAMT = {**getattr(settings, "EHRENAMT", {}), "SIGNUP_KEPT_MONTHS": 1}
    _page, plan = offering_with_sign_up()
    sign_up_of(plan)
    day = deletion.months_after(timezone.localdate() + dt.timedelta(days=LAST_DAY), 1)
    deletion.delete_due(now=noon(day))
    assert SignUp.objects.count() == 1
    deletion.delete_due(now=noon(day + dt.timedelta(days=1)))
    assert not SignUp.objects.exists()


def test_each_date_counts_by_itself_and_a_series_from_its_last_date():
    page = published_offering(dates=[in_days(3), in_days(60), in_days(90)])
    first = page.occurrences.order_by("starts_at").first()
    single = models.SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=first.uid, mode="here")
    whole = models.SeatPlan.objects.create(offering_id=page.pk, mode="here")
    sign_up_of(single)
    sign_up_of(whole)
    deletion.delete_due(now=noon(deletion.months_after(timezone.localdate() + dt.timedelta(days=60), 6)))
    assert [row.plan for row in SignUp.objects.all()] == [whole]


def test_cancelled_offering_is_kept_as_long_as_if_it_had_taken_place():
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    models.Cancellation.objects.create(offering_id=page.pk)
    deletion.delete_due(now=noon(DUE))
    assert SignUp.objects.count() == 1
    deletion.delete_due(now=noon(DUE + dt.timedelta(days=1)))
    assert not SignUp.objects.exists()
    assert SeatFigure.objects.get().is_cancelled


def test_offering_that_has_lost_its_dates_is_judged_by_what_participants_know():
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    known = models.ToldDate.objects.filter(offering=page.pk)
    assert known.exists()
    models.Occurrence.objects.filter(page_id=page.pk).delete()
    deletion.delete_due(now=noon(DUE))
    assert SignUp.objects.count() == 1
    known.delete()
    signed_up = deletion.months_after(timezone.localdate(), 6)
    deletion.delete_due(now=noon(signed_up))
    assert SignUp.objects.count() == 1
    deletion.delete_due(now=noon(signed_up + dt.timedelta(days=1)))
    assert not SignUp.objects.exists()


def test_large_sign_up_goes_in_batches(monkeypatch):
    monkeypatch.setattr(deletion, "AT_ONCE", 3)
    _page, plan = offering_with_sign_up()
    for number in range(8):
        sign_up_of(plan, name=f"Person {number}", email=f"p{number}@post.example")
    finish_mails()
    found = deletion.delete_due(now=noon(DUE + dt.timedelta(days=1)))
    assert found["SignUp"] == 8 and not SignUp.objects.exists() and not models.OutgoingMail.objects.exists()


def test_requests_for_supervision_go_after_their_time_and_held_sessions_stay():
    supervisor, circle = member_of(), OrganisationFactory(kind="circle")
    page = published_offering(model=models.SupervisionPage)
    facts = {"offering_id": page.pk, "supervisor": supervisor, "organisation": circle, "requested_by": member_of(circle)}
    agreed = models.SupervisionRequest.objects.create(**facts, status="agreed", agreed_end=in_days(LAST_DAY))
    agreed.messages.create(author=supervisor, text="Wir treffen uns im Werkraum.")
    models.HeldSession.objects.create(offering_id=page.pk, request=agreed, date=timezone.localdate(), hours=2, head_count=9)
    running = models.SupervisionRequest.objects.create(**facts)
    running.messages.create(author=supervisor, text="Ich melde mich wieder.", at=in_days(LAST_DAY + 20))
    deletion.delete_due(now=noon(DUE))
    assert models.SupervisionRequest.objects.count() == 2
    deletion.delete_due(now=noon(DUE + dt.timedelta(days=1)))
    assert list(models.SupervisionRequest.objects.all()) == [running]
    assert models.RequestMessage.objects.get().text == "Ich melde mich wieder."
    session = models.HeldSession.objects.get()
    assert (session.request, session.head_count) == (None, 9)


def test_mails_that_still_wait_and_those_of_accounts_are_kept():
    _page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    account = queue_mail("portal/login_link", user=member_of())
    link = queue_mail("portal/login_link", email="sabine@post.example")
    finish_mails()
    models.OutgoingMail.objects.filter(template="signups/confirmed").update(status="waiting")
    SignUp.objects.filter(pk=row.pk).delete()
    deletion.delete_due()
    assert set(models.OutgoingMail.objects.values_list("template", flat=True)) == {"signups/confirmed", "portal/login_link"}
    deletion.delete_due(now=noon(deletion.months_after(timezone.localdate(), 6) + dt.timedelta(days=1)))
    assert set(models.OutgoingMail.objects.values_list("pk", flat=True)) - {account.pk} == set(
        models.OutgoingMail.objects.filter(status="waiting").values_list("pk", flat=True)
    )
    assert not models.OutgoingMail.objects.filter(pk=link.pk).exists()
