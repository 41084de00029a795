"""When dates change: everybody concerned is told once what was and what is now."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from ehrenamt_wagtail.mail.actions import deliver
from ehrenamt_wagtail.models import (
    Cancellation,
    Municipality,
    Notice,
    NoticeRecipient,
    Occurrence,
    OutgoingMail,
    SeatPlan,
    SignUp,
    ToldDate,
    TrainingPage,
)
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import changes, signing
from tests.factories import (
    VenueFactory,
    in_days,
    member_of,
    offering_with_sign_up,
    published_offering,
    sign_up_of,
)
from tests.mails import forget_mails, link_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Do something, deliver its mails, give those."""

    def run(function, *args, **kwargs):
        forget_mails()
        with django_capture_on_commit_callbacks(execute=True):
            function(*args, **kwargs)
        return list(mail.outbox)

    return run


def fresh(page) -> TrainingPage:
    return TrainingPage.objects.get(pk=page.pk)


def republish(page, *, change=None, **facts) -> None:
    """Publish ``page`` with other facts; ``change`` gets the page and may change its dates."""
    page = fresh(page).get_latest_revision().as_object()
    for name, value in facts.items():
        setattr(page, name, value)
    if change:
        change(page)
    page.save_revision(clean=False).publish()


def move_to(start, *, number=0):
    def change(page):
        date = sorted(page.occurrences.all(), key=lambda row: row.start)[number]
        date.start = start

    return change


def series(**facts):
    return published_offering(dates=[in_days(10), in_days(17), in_days(24)], **facts)


def text_of(message) -> str:
    return " ".join(message.body.split())


def events_of(message) -> dict:
    """METHOD and events of the attached calendar."""
    calendar = Calendar.from_ical(next(part[1] for part in message.attachments if part[2] == "text/calendar"))
    return {"method": str(calendar["method"]), "events": list(calendar.walk("VEVENT"))}


# What participants know


def test_dates_are_remembered_before_anybody_signs_up():
    page, _plan = offering_with_sign_up()
    assert ToldDate.objects.get().starts_at == in_days(10)
    republish(page, change=move_to(in_days(12)))
    row = ToldDate.objects.get()
    assert (row.starts_at, row.sequence, Notice.objects.count()) == (in_days(12), 1, 0)


def test_offering_without_sign_up_costs_one_query():
    page = published_offering()
    with CaptureQueriesContext(connection) as queries:
        assert changes.tell_changes(page.pk) is None
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1
    assert not ToldDate.objects.exists()


def test_sign_ups_from_before_are_remembered_first():
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    ToldDate.objects.all().delete()
    republish(page, change=move_to(in_days(12)))
    assert (ToldDate.objects.get().starts_at, Notice.objects.count()) == (in_days(12), 0)


# Telling


def test_moved_date_is_told_once_with_what_was_and_what_is_now(told):
    page, plan = offering_with_sign_up(capacity=2)
    told(sign_up_of, plan)
    (message,) = told(republish, page, change=move_to(in_days(12, 18, 30)))
    was, now = changes.changes_in(Notice.objects.get())[0].was, changes.changes_in(Notice.objects.get())[0].now
    assert (was.starts_at, now.starts_at) == (in_days(10), in_days(12, 18, 30))
    assert message.subject.startswith("Neuer Termin: Grundlagen")
    assert f"bisher: {was.when} jetzt: {now.when}" in text_of(message)
    assert f"<s>{was.when}</s>" in message.alternatives[0][0]
    assert events_of(message)["events"][0]["sequence"] == 1
    assert events_of(message)["events"][0]["dtstart"].dt == in_days(12, 18, 30)
    assert "/anmeldung/" in message.body
    # Nothing new: nothing is told again.
    assert told(republish, page, title="Anderer Titel") == []
    assert told(changes.tell_changes, page.pk) == []


def test_link_in_the_mail_cancels_with_one_click(told, client):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    (message,) = told(republish, page, change=move_to(in_days(12)))
    client.post(link_in(message, "/anmeldung/"), {"action": "cancel"})
    assert SignUp.objects.get().status == "cancelled"


def test_everybody_active_is_told_and_nobody_else(told):
    page, plan = offering_with_sign_up(capacity=2)
    sign_up_of(plan, name="Mit Platz", email="platz@post.example")
    sign_up_of(plan, name="Unbestätigt", email="offen@post.example", confirmed=False)
    sign_up_of(plan, name="Wartet", email="wartet@post.example")
    gone = sign_up_of(plan, name="Kommt nicht", email="weg@post.example")
    signing.cancel_sign_up(gone)
    messages = told(republish, page, place="Rathaus, Marktplatz 1")
    assert {message.to[0] for message in messages} == {"platz@post.example", "offen@post.example", "wartet@post.example"}
    assert not NoticeRecipient.objects.filter(sign_up=gone).exists()
    by_address = {message.to[0]: message for message in messages}
    assert "Sie behalten Ihren Platz" in text_of(by_address["platz@post.example"])
    assert "Sie bleiben auf der Warteliste" in text_of(by_address["wartet@post.example"])
    assert "noch nicht bestätigt" in text_of(by_address["offen@post.example"])
    assert by_address["platz@post.example"].subject.startswith("Neuer Ort")
    assert not by_address["wartet@post.example"].attachments


def test_one_mail_for_all_dates_that_changed(told):
    page, plan = offering_with_sign_up(page=series())
    sign_up_of(plan)

    def change(page):
        for date in page.occurrences.all():
            date.start += dt.timedelta(days=1)

    (message,) = told(republish, page, change=change)
    assert text_of(message).count("bisher:") == 3
    assert Notice.objects.count() == 1


def test_one_mail_for_several_sign_ups_of_a_person(told):
    page = series()
    uids = page.occurrences.order_by("starts_at").values_list("uid", flat=True)
    plans = [SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=uid, mode="here") for uid in uids]
    for plan in plans:
        sign_up_of(plan)
    sign_up_of(plans[0], name="Otto Muster", email="erika@post.example")

    def change(page):
        for date in sorted(page.occurrences.all(), key=lambda row: row.start)[:2]:
            date.start += dt.timedelta(days=1)

    messages = told(republish, page, change=change)
    erika, otto = sorted(messages, key=lambda message: "Otto" in message.body)
    assert text_of(erika).count("bisher:") == 2
    assert text_of(otto).count("bisher:") == 1
    assert erika.body.count("/anmeldung/") == 2
    assert [part[2] for part in erika.attachments] == ["text/calendar"] * 2
    assert NoticeRecipient.objects.count() == 3


def test_sign_up_for_another_date_is_not_told(told):
    page = series()
    first, second, _third = page.occurrences.order_by("starts_at")
    for date, email in ((first, "eins@post.example"), (second, "zwei@post.example")):
        sign_up_of(SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=date.uid, mode="here"), email=email)
    whole = SeatPlan.objects.create(offering_id=page.pk, mode="here")
    sign_up_of(whole, email="reihe@post.example")
    assert [message.to[0] for message in told(republish, page, change=move_to(in_days(11)))] == ["eins@post.example"]


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("online", "bisher: Gemeindehaus, Kirchgasse 1, Ort jetzt: online"),
        ("both", "jetzt: Gemeindehaus, Kirchgasse 1, Ort, auch online"),
    ],
)
def test_on_site_becoming_online_is_told(told, mode, words):
    page, plan = offering_with_sign_up()
    Municipality.objects.filter(pk=page.municipality_id).update(name="Ort")
    changes.tell_changes(page.pk)
    sign_up_of(plan)
    (message,) = told(republish, page, mode=mode)
    assert words in text_of(message)


def test_date_in_addition_is_told_to_those_of_the_series(told):
    page, plan = offering_with_sign_up(page=series())
    sign_up_of(plan)
    (message,) = told(republish, page, change=lambda page: page.occurrences.add(Occurrence(start=in_days(31))))
    assert message.subject.startswith("Weiterer Termin")


def test_new_address_of_a_house_is_told(told):
    venue = VenueFactory(name="Altes Rathaus", street="Marktplatz 1")
    page, plan = offering_with_sign_up(page=published_offering(venue=venue))
    other = published_offering(venue=VenueFactory())
    sign_up_of(plan)
    venue.notes = "Schlüssel beim Hausmeister"
    assert told(venue.save) == []
    venue.street = "Marktplatz 2"
    (message,) = told(venue.save)
    assert "bisher: Altes Rathaus, Marktplatz 1" in text_of(message)
    assert not ToldDate.objects.filter(offering=other.pk).exists()
    assert page.pk == Notice.objects.get().offering_id


def test_room_of_one_date_is_told(told):
    page, plan = offering_with_sign_up(page=series())
    sign_up_of(plan)

    def change(page):
        page.occurrences.all()[1].room = "Raum 2"

    (message,) = told(republish, page, change=change)
    assert text_of(message).count("bisher:") == 1
    assert "Raum 2" in message.body


def test_dates_that_are_over_are_not_told(told):
    page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(-2), in_days(5)]))
    SignUp.objects.create(plan=plan, email="erika@post.example", status="confirmed", seats=1, seats_held=1)
    assert told(republish, page, change=move_to(in_days(-1))) == []
    assert not Notice.objects.exists()
    assert ToldDate.objects.order_by("starts_at").first().starts_at == in_days(-1)
    assert len(told(republish, page, change=move_to(in_days(6), number=1))) == 1


# Cancelled


def test_cancelled_offering_is_told_with_its_reason(told):
    page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    sign_up_of(plan, name="Wartet", email="wartet@post.example")
    messages = told(cancel, page, actor=member_of(page.organisation), reason="Die Referentin ist krank.")
    to_participants = [message for message in messages if "/anmeldung/" in message.body]
    mine, waiting = sorted(to_participants, key=lambda message: message.to)
    assert mine.subject.startswith("Abgesagt: Grundlagen")
    assert "Die Referentin ist krank." in mine.body
    calendar = events_of(mine)
    assert (calendar["method"], calendar["events"][0]["status"], calendar["events"][0]["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert waiting.to == ["wartet@post.example"]
    assert sorted(SignUp.objects.values_list("status", flat=True)) == ["confirmed", "waiting"]
    assert Notice.objects.get().kind == "cancelled"
    assert Notice.objects.get().by is not None


def test_cancelled_date_of_a_series_keeps_the_others(told):
    page, plan = offering_with_sign_up(page=series())
    sign_up_of(plan)
    date = page.occurrences.order_by("starts_at").first()
    messages = told(cancel, page, actor=member_of(page.organisation), occurrence_uid=date.uid, reason="Raum belegt.")
    (message,) = [message for message in messages if message.to == ["erika@post.example"]]
    assert message.subject.startswith("Termin abgesagt")
    assert "Raum belegt." in message.body
    calendar = events_of(message)
    assert calendar["method"] == "PUBLISH"
    assert [str(event["status"]) for event in calendar["events"]] == ["CANCELLED", "CONFIRMED", "CONFIRMED"]


def test_new_place_of_a_cancelled_date_is_not_told(told):
    page, plan = offering_with_sign_up(page=series())
    sign_up_of(plan)
    date = page.occurrences.order_by("starts_at").first()
    told(cancel, page, actor=member_of(page.organisation), occurrence_uid=date.uid)
    Occurrence.objects.filter(pk=date.pk).update(room="Raum 2")
    assert told(changes.catch_up) == []
    assert Notice.objects.count() == 1


def test_date_dropped_from_a_revision_is_told_with_the_moved_one(told):
    page, plan = offering_with_sign_up(page=series())
    sign_up_of(plan)

    def change(page):
        dates = sorted(page.occurrences.all(), key=lambda row: row.start)
        page.occurrences.remove(dates[0])
        dates[1].start += dt.timedelta(days=1)

    (message,) = told(republish, page, change=change)
    assert message.subject.startswith("Geändert")
    assert "Findet nicht statt:" in message.body
    assert text_of(message).count("bisher:") == 1


def test_date_that_takes_place_after_all_is_told(told):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    told(cancel, page, actor=member_of(page.organisation))
    (message,) = told(Cancellation.objects.get().delete)
    assert message.subject.startswith("Findet doch statt")
    assert ToldDate.objects.get().sequence == 2


def test_unpublished_offering_is_told_as_withdrawn_and_comes_back(told):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    (message,) = told(fresh(page).unpublish)
    assert "aus dem Programm genommen" in text_of(message)
    assert events_of(message)["method"] == "CANCEL"
    (message,) = told(republish, page)
    assert message.subject.startswith("Findet doch statt")


def test_deleting_the_offering_tells_nothing_and_leaves_nothing(told):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    Cancellation.objects.create(offering_id=page.pk)
    assert told(fresh(page).delete) == []
    assert not (ToldDate.objects.exists() or Notice.objects.exists() or SignUp.objects.exists())


# With the change, or not at all


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_when_the_change_is_rolled_back(queued_jobs):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    mails = OutgoingMail.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        republish(page, change=move_to(in_days(12)))
        assert OutgoingMail.objects.count() == mails + 1
        raise ZeroDivisionError
    assert (OutgoingMail.objects.count(), Notice.objects.count()) == (mails, 0)
    assert ToldDate.objects.get().starts_at == in_days(10)


def test_change_past_the_receivers_is_found_by_the_job(told):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    Occurrence.objects.filter(page=page.pk).update(room="Raum 3")
    (message,) = told(changes.catch_up)
    assert "Raum 3" in message.body
    assert told(changes.catch_up) == []


def test_later_change_says_what_an_earlier_mail_would_have_said(queued_jobs, told):
    """Nobody reads of a day in between, and what was is what the person knows."""
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    OutgoingMail.objects.all().delete()
    republish(page, change=move_to(in_days(12)))
    republish(page, change=move_to(in_days(14)))
    mail.outbox.clear()
    assert [deliver(row) for row in OutgoingMail.objects.order_by("-pk")] == ["sent", "dropped"]
    first, last = [changes.changes_in(notice)[0] for notice in Notice.objects.order_by("pk")]
    assert f"bisher: {first.was.when} jetzt: {last.now.when}" in text_of(mail.outbox[0])


def test_moved_and_moved_back_before_anybody_read_it_says_nothing(queued_jobs):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    OutgoingMail.objects.all().delete()
    republish(page, change=move_to(in_days(12)))
    republish(page, change=move_to(in_days(10)))
    assert [deliver(row) for row in OutgoingMail.objects.all()] == ["dropped", "dropped"]


def test_reads_do_not_grow_with_the_number_of_sign_ups(queued_jobs):
    def reads(number):
        page, plan = offering_with_sign_up()
        for count in range(number):
            sign_up_of(plan, name=f"Person {count}", email=f"person{count}@post.example")
        Occurrence.objects.filter(page=page.pk).update(room="Raum 3")
        with CaptureQueriesContext(connection) as queries:
            changes.tell_changes(page.pk)
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    assert reads(1) == reads(20)
