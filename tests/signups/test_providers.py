"""What lists and pages of the programme show of sign-ups."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from ehrenamt_wagtail.models import (
    ListedOffering,
    Occurrence,
    OfferingPage,
    SeatPlan,
    SupervisionPage,
    SupervisionSetup,
    VolunteerDayPage,
)
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.dates import dated
from ehrenamt_wagtail.programme.facts import facts_from_json
from ehrenamt_wagtail.programme.facts import facts_of as facts_of_page
from ehrenamt_wagtail.programme.providers import seats_in_words, stored_seats_in_words
from ehrenamt_wagtail.signups.listed import facts_of
from ehrenamt_wagtail.signups.providers import sign_up_box
from tests.factories import UserFactory, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def words(page, at=None) -> str:
    """What lists say, from the read model alone; the same from what is stored."""
    row = ListedOffering.objects.get(pk=page.pk)
    found = seats_in_words(row.listed_seats.seats, facts_from_json(row.facts), at or now())
    assert stored_seats_in_words(json.dumps(row.listed_seats.seats), json.dumps(row.facts), at or now()) == found
    return found


def box_of(page, at=None):
    page = OfferingPage.objects.get(pk=page.pk).specific
    return sign_up_box(page, dates=facts_of_page(page).dates, now=at or now())


def series(*days, **facts):
    return published_offering(dates=[in_days(day) for day in days], **facts)


def plan_of(page, number=None, **facts):
    uid = None if number is None else dated(page)[number].uid
    return SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=uid, **{"mode": "here", **facts})


def change(plan, **facts):
    for name, value in facts.items():
        setattr(plan, name, value)
    plan.save()


# Lists


@pytest.mark.parametrize(
    ("facts", "people", "expected"),
    [
        ({"capacity": 3}, 1, "noch 2 Plätze"),
        ({"capacity": 2}, 1, "noch 1 Platz"),
        ({"capacity": 1}, 1, "ausgebucht – Warteliste möglich"),
        ({"capacity": 1, "has_waiting_list": False}, 1, "ausgebucht"),
        ({"capacity": None}, 1, ""),
        ({"mode": "none"}, 0, ""),
        ({"mode": "external", "external_url": "https://anders.example/"}, 0, ""),
    ],
)
def test_list_says_seats_in_words(facts, people, expected):
    page, plan = offering_with_sign_up(**facts)
    for number in range(people):
        sign_up_of(plan, name=f"Person {number}")
    assert words(page) == expected


def test_list_speaks_of_next_date_that_one_can_sign_up_for():
    page = series(5, 10, 15, 20)
    plan_of(page, 0, capacity=2, closes_at=now() - dt.timedelta(hours=1))
    plan_of(page, 1, capacity=4)
    plan_of(page, 2, capacity=8)
    sign_up_of(plan_of(page, 3, capacity=1))
    assert words(page) == "noch 4 Plätze"
    cancel(page, occurrence_uid=dated(page)[1].uid, reason="krank", actor=member_of(page.organisation))
    assert words(page) == "noch 8 Plätze"
    assert words(page, in_days(16)) == "ausgebucht – Warteliste möglich"
    assert words(page, in_days(21)) == ""


def test_list_says_when_signing_up_begins_and_nothing_after_a_cancellation():
    opens = timezone.make_aware(dt.datetime(timezone.localdate().year + 1, 3, 4, 8))
    page, plan = offering_with_sign_up(capacity=5, opens_at=opens, page=published_offering(dates=[opens + dt.timedelta(days=9)]))
    assert words(page).startswith("Anmeldung ab ")
    assert "4. März" in words(page)
    cancel(page, reason="krank", actor=member_of(page.organisation))
    assert words(page) == ""


@pytest.mark.parametrize("second", [0, 30])
def test_list_says_at_the_very_second_that_nobody_can_sign_up_any_more(second):
    closes = now().replace(second=second, microsecond=0) + dt.timedelta(hours=1)
    page, _plan = offering_with_sign_up(capacity=5, closes_at=closes)
    for _time in range(2):
        assert words(page, closes - dt.timedelta(seconds=1)) == "noch 5 Plätze"
        assert words(page, closes) == ""


def test_list_says_seats_in_the_language_of_who_reads():
    page, _plan = offering_with_sign_up(capacity=5)
    at = now()
    for language, expected in [("de", "noch 5 Plätze"), ("en", "5 seats left"), ("de", "noch 5 Plätze")]:
        with translation.override(language):
            assert words(page, at) == expected


def test_list_counts_seats_of_a_supervision_too():
    page = published_offering(model=SupervisionPage)
    plan = plan_of(page, capacity=6)
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=UserFactory())
    sign_up_of(plan)
    assert words(page) == "noch 5 Plätze"


def test_facts_of_many_offerings_are_asked_for_in_three_questions(django_assert_num_queries):
    pages = [series(5, 10) for _number in range(3)]
    for page in pages:
        plan_of(page, capacity=3)
        plan_of(page, 1, capacity=3)
    for number in (1, 3):
        with django_assert_num_queries(3):
            assert len(facts_of([page.pk for page in pages[:number]])) == number


def test_words_ask_nothing(django_assert_num_queries):
    page = series(5, 10)
    plan_of(page, capacity=3)
    row = ListedOffering.objects.select_related("listed_seats").get(pk=page.pk)
    with django_assert_num_queries(0):
        assert seats_in_words(row.listed_seats.seats, facts_from_json(row.facts), now()) == "noch 3 Plätze"


def test_row_of_the_programme_shows_the_seats(client):
    page, plan = offering_with_sign_up(capacity=4)
    answer = client.get("/programm/")
    assert "noch 4 Plätze" in answer.content.decode()
    assert not answer.cookies


# The box


def test_box_has_one_primary_button_and_the_calendar_steps_back(client):
    page, plan = offering_with_sign_up(capacity=4)
    html = client.get(page.url).content.decode()
    assert html.count("ehrenamt-button--primary") == 1
    assert f'href="/anmeldung/neu/{page.occurrences.get().uid}/">Zur Veranstaltung anmelden' in html
    assert "noch 4 Plätze" in html
    assert "In meinen Kalender" in html or "termin.ics" in html


def test_page_without_settings_keeps_the_calendar_as_its_button(client):
    page = published_offering()
    assert box_of(page) is None
    html = client.get(page.url).content.decode()
    assert 'ehrenamt-button--primary" href="' + page.url + "termin.ics" in html


def test_full_offering_offers_the_waiting_list_and_none_where_there_is_none(client):
    page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    html = client.get(page.url).content.decode()
    assert "ausgebucht – Warteliste möglich" in html
    assert "Auf die Warteliste setzen" in html
    change(plan, has_waiting_list=False)
    html = client.get(page.url).content.decode()
    assert "/anmeldung/neu/" not in html
    assert "ausgebucht" in html


def test_dates_with_plans_of_their_own_have_buttons_and_the_others_words():
    page = published_offering(dates=[in_days(-3), in_days(4), in_days(6), in_days(8), in_days(10), in_days(12)])
    plan_of(page, 0, capacity=3)
    plan_of(page, 1, capacity=3)
    plan_of(page, 2, capacity=3, closes_at=now() - dt.timedelta(days=1))
    plan_of(page, 3, capacity=3, opens_at=now() + dt.timedelta(days=1))
    plan_of(page, 4, capacity=3)
    plan_of(page, 5, mode="none")
    cancel(page, occurrence_uid=dated(page)[4].uid, reason="krank", actor=member_of(page.organisation))
    rows = box_of(page)["rows"]
    assert [bool(row["url"]) for row in rows] == [False, True, False, False, False, False]
    assert [row["is_primary"] for row in rows] == [False, True, False, False, False, False]
    assert rows[0]["note"] == "vorbei"
    assert rows[2]["note"].startswith("Die Anmeldefrist ist vorbei.")
    assert rows[3]["note"].startswith("Sie können sich ab ")
    assert rows[4]["note"] == "abgesagt"
    assert rows[5]["note"].startswith("Ohne Anmeldung")
    assert len({row["label"] for row in rows}) == 6


def test_external_sign_up_leads_there_and_contact_is_named(client):
    page, plan = offering_with_sign_up(mode="external", external_url="https://vhs.example/kurs?nr=7&a=1")
    html = client.get(page.url).content.decode()
    assert 'href="https://vhs.example/kurs?nr=7&amp;a=1" rel="noopener"' in html
    assert "Bei vhs.example anmelden" in html
    change(plan, mode="contact")
    OfferingPage.objects.filter(pk=page.pk).update(contact_phone="07031 / 663-12")
    html = client.get(page.url).content.decode()
    assert "Anmeldung per Telefon oder E-Mail:" in html
    assert 'href="tel:0703166312"' in html
    assert "/anmeldung/" not in html


def test_minimum_is_said_with_the_day_of_the_decision(client):
    page, plan = offering_with_sign_up(capacity=9, minimum=5, minimum_decided_on=dt.date(2027, 3, 14))
    html = client.get(page.url).content.decode()
    assert "mindestens 5 Personen" in html
    assert "14. März 2027" in html


def test_cancelled_and_past_offerings_show_no_button(client):
    page, plan = offering_with_sign_up(capacity=9)
    past, _plan = offering_with_sign_up(capacity=9, page=published_offering(dates=[in_days(-2)]))
    cancel(page, reason="krank", actor=member_of(page.organisation))
    for gone in (page, past):
        assert "/anmeldung/neu/" not in client.get(gone.url).content.decode()


def test_volunteer_day_has_the_box_too(client):
    day, plan = offering_with_sign_up(page=published_offering(model=VolunteerDayPage), capacity=7)
    html = client.get(day.url).content.decode()
    assert "noch 7 Plätze" in html
    assert "Zur Veranstaltung anmelden" in html


def test_box_asks_the_same_number_of_questions_for_1_and_40_dates():
    counted = []
    for number in (1, 40):
        page = published_offering(dates=[in_days(3 + day) for day in range(number)])
        for position in range(number):
            plan_of(page, position, capacity=5)
        page = OfferingPage.objects.prefetch_related("occurrences", "cancellations").get(pk=page.pk)
        dates = facts_of_page(page).dates
        with CaptureQueriesContext(connection) as queries:
            box = sign_up_box(page, dates=dates, now=now())
        assert len(box["rows"]) + len(box["folded"]) == number
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(box["rows"]) == 5


def test_unnamed_supervisor_means_that_nobody_can_sign_up_yet():
    page = published_offering(model=SupervisionPage)
    plan_of(page, capacity=6)
    row = box_of(page)["rows"][0]
    assert not row["url"]
    assert row["note"]
    assert words(page) == ""


def test_date_of_a_draft_has_no_button_elsewhere(client):
    page, plan = offering_with_sign_up(capacity=4)
    uid = page.occurrences.get().uid
    OfferingPage.objects.filter(pk=page.pk).update(live=False)
    assert client.get(f"/anmeldung/neu/{uid}/").status_code == 404
    assert Occurrence.objects.filter(uid=uid).exists()


def test_list_passes_over_a_full_date_without_waiting_list():
    page = series(5, 10)
    sign_up_of(plan_of(page, 0, capacity=1, has_waiting_list=False))
    later = plan_of(page, 1, capacity=3)
    assert words(page) == "noch 3 Plätze"
    SeatPlan.objects.filter(pk=later.pk).delete()
    assert words(page) == "ausgebucht"


def test_of_several_buttons_the_first_with_a_seat_is_primary():
    page = series(5, 10, 15)
    sign_up_of(plan_of(page, 0, capacity=1))
    for number in (1, 2):
        plan_of(page, number, capacity=1)
    rows = box_of(page)["rows"]
    assert all(row["url"] for row in rows)
    assert [row["is_primary"] for row in rows] == [False, True, False]
