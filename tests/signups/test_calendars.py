"""The calendar entries of a sign-up (RFC 5545, RFC 5546)."""

import datetime as dt

import pytest
from icalendar import Calendar

from ehrenamt_wagtail.models import Occurrence, SupervisionPage, SupervisionSetup, ToldDate
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import signing
from ehrenamt_wagtail.signups.calendars import calendar_of
from tests.factories import UserFactory, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

from .public import fresh, own_url

pytestmark = pytest.mark.django_db


def read(sign_up):
    calendar = Calendar.from_ical(calendar_of(fresh(sign_up)))
    return calendar, calendar.walk("VEVENT")


def test_entry_of_a_seat_says_when_where_and_who(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    calendar, [event] = read(row)
    date = page.occurrences.get()
    assert calendar["method"] == "PUBLISH"
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 0)
    assert event.decoded("dtstart") == date.starts_at
    assert event.decoded("dtend") == date.ends_at
    assert event["organizer"] == "mailto:petra@post.example"
    assert page.title == event["summary"]
    answer = client.get(own_url(row) + "termin.ics/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content == calendar_of(fresh(row))


def test_calendar_of_a_supervision_writes_to_the_supervisor_and_not_to_the_organiser():
    page = published_offering(model=SupervisionPage)
    supervisor = UserFactory(first_name="Frank", last_name="Morgenroth", email="frank@post.example")
    SupervisionSetup.objects.create(offering_id=page.pk, form="single", supervisor=supervisor)
    page, plan = offering_with_sign_up(page=page)
    _calendar, [event] = read(sign_up_of(plan))
    assert event["organizer"] == "mailto:frank@post.example"
    assert event["organizer"].params["cn"] == "Frank Morgenroth"


def test_secret_address_is_not_in_the_calendar():
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    assert own_url(row).encode() not in calendar_of(row).replace(b"\r\n ", b"")
    assert row.uid.hex.encode() not in calendar_of(row)


@pytest.mark.parametrize("last", [None, dt.date(2027, 3, 29)])
def test_whole_days_are_local_dates_with_the_day_after_as_end(last, settings):
    # The clocks change on 28 March 2027: neither day may slip.
    page = published_offering(dates=[Occurrence(start_date=dt.date(2027, 3, 28), end_date=last)])
    page, plan = offering_with_sign_up(page=page)
    _calendar, [event] = read(sign_up_of(plan))
    assert event["dtstart"].params["value"] == event["dtend"].params["value"] == "DATE"
    assert event.decoded("dtstart") == dt.date(2027, 3, 28)
    assert event.decoded("dtend") == (last or dt.date(2027, 3, 28)) + dt.timedelta(days=1)


def test_uid_stays_and_differs_from_the_public_calendar_and_from_other_people():
    page, plan = offering_with_sign_up()
    row, other = sign_up_of(plan), sign_up_of(plan, name="Otto Muster")
    first, again, others = read(row)[1][0]["uid"], read(row)[1][0]["uid"], read(other)[1][0]["uid"]
    assert first == again
    assert len({str(first), str(others), str(page.occurrences.get().uid)}) == 3


def test_cancelling_ends_the_entry_with_a_higher_sequence(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    before = read(row)[1][0]
    signing.cancel_sign_up(row)
    calendar, [event] = read(row)
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"
    assert event["sequence"] > before["sequence"]
    assert event["uid"] == before["uid"]
    assert b"METHOD:CANCEL" in client.get(own_url(row) + "termin.ics/").content


def test_change_that_was_told_raises_the_sequence():
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    date = page.occurrences.get()
    ToldDate.objects.update_or_create(
        offering_id=page.pk,
        occurrence_uid=date.uid,
        defaults={"starts_at": date.starts_at, "ends_at": date.ends_at, "sequence": 3},
    )
    assert read(row)[1][0]["sequence"] == 3


def test_cancelled_date_of_a_series_is_cancelled_within_and_all_of_them_end_it():
    page = published_offering(dates=[in_days(5), in_days(12)])
    page, plan = offering_with_sign_up(page=page)
    row = sign_up_of(plan)
    actor = member_of(page.organisation)
    first, second = sorted(page.occurrences.all(), key=lambda date: date.starts_at)
    cancel(page, occurrence_uid=first.uid, reason="krank", actor=actor)
    calendar, events = read(row)
    assert calendar["method"] == "PUBLISH"
    assert [event["status"] for event in events] == ["CANCELLED", "CONFIRMED"]
    cancel(page, occurrence_uid=second.uid, reason="krank", actor=actor)
    assert read(row)[0]["method"] == "CANCEL"


def test_dates_with_a_plan_of_their_own_are_not_in_the_entry_of_the_series():
    page = published_offering(dates=[in_days(5), in_days(12)])
    page, own = offering_with_sign_up(page=page, per_date=True)
    _page, rest = offering_with_sign_up(page=page)
    [event] = read(sign_up_of(own))[1]
    [other] = read(sign_up_of(rest))[1]
    assert {event.decoded("dtstart"), other.decoded("dtstart")} == set(page.occurrences.values_list("starts_at", flat=True))


def test_control_characters_of_a_title_do_not_break_the_file():
    page, plan = offering_with_sign_up(page=published_offering(title="Erst; dann, \\ „so“\x0b"))
    [event] = read(sign_up_of(plan))[1]
    assert event["summary"] == "Erst; dann, \\ „so“"
