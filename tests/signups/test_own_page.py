"""A sign-up's own page: every state in words, what one can do there, and what a link that is wrong answers."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import Attendance, OfferingPage, SeatPlan, SignUp, SupervisionPage, SupervisionSetup
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import people, signing, waiting
from ehrenamt_wagtail.signups.tokens import token_of
from tests.factories import UserFactory, circle_page, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

from .public import fresh, own_url, press, text_of

pytestmark = pytest.mark.django_db


def in_line(plan, *, names=("Otto Muster",), email="otto@post.example"):
    return sign_up_of(plan, names=list(names), email=email)


def test_opening_the_page_changes_nothing(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan, confirmed=False)
    for _time in range(2):
        answer = client.get(own_url(row))
    assert "noch nicht bestätigt" in text_of(answer)
    assert "Anmeldung bestätigen" in text_of(answer)
    assert fresh(row).status == "pending"
    assert answer["Cache-Control"] == "private, no-store"
    assert "sessionid" not in answer.cookies


def test_confirming_keeps_the_seat_and_shows_calendar_and_paper(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan, confirmed=False)
    press(client, row, "confirm")
    assert fresh(row).status == "confirmed"
    text = text_of(client.get(own_url(row)))
    assert "Sie haben einen Platz." in text
    assert "Bestätigung zum Ausdrucken" in text


def test_page_shows_what_was_given(client):
    page, plan = offering_with_sign_up(seats_per_sign_up=2, asks_phone=True)
    facts = {"phone": "0711 12", "needs": "Gebärdensprache", "circle": circle_page(title="Freundeskreis Ost")}
    row = sign_up_of(plan, names=["Erika Muster", "Otto Muster"], **facts)
    text = text_of(client.get(own_url(row)))
    for given in ("Erika Muster", "Otto Muster", "erika@post.example", "0711 12", "Gebärdensprache", "Freundeskreis Ost"):
        assert given in text


def test_place_in_line_is_shown_and_moves(client):
    page, plan = offering_with_sign_up(capacity=1)
    seat = sign_up_of(plan)
    first, second = in_line(plan, names=["A Eins"]), in_line(plan, names=["B Zwei"])
    assert "Sie stehen an Stelle 2 der Warteliste." in text_of(client.get(own_url(second)))
    press(client, first, "cancel")
    assert "Sie stehen an Stelle 1 der Warteliste." in text_of(client.get(own_url(second)))
    press(client, seat, "cancel")
    text = text_of(client.get(own_url(second)))
    assert "Sie sind an der Reihe" in text
    assert "Platz annehmen" in text
    press(client, second, "accept")
    assert fresh(second).status == "confirmed"


def test_two_with_one_seat_choose_one_of_them_or_wait_for_both(client):
    page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    one, two = sign_up_of(plan, name="Anna Eins"), sign_up_of(plan, name="Berta Zwei")
    pair = in_line(plan, names=["Clara Drei", "Dora Vier"])
    press(client, one, "cancel")
    text = text_of(client.get(own_url(pair)))
    assert "Platz für Clara Drei nehmen" in text
    assert "Dora Vier bleibt an derselben Stelle der Warteliste" in text
    press(client, pair, "wait")
    assert (fresh(pair).status, fresh(pair).waits_for_all) == ("waiting", True)
    assert "Sie warten, bis zwei Plätze frei sind" in text_of(client.get(own_url(pair)))
    press(client, two, "cancel")
    assert "Beide Plätze annehmen" in text_of(client.get(own_url(pair)))
    press(client, pair, "accept")
    assert (fresh(pair).status, fresh(pair).seats_held) == ("confirmed", 2)


def test_cancelling_takes_one_click_and_leads_to_signing_up_again(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    assert press(client, row, "cancel").status_code == 302
    assert fresh(row).status == "cancelled"
    answer = client.get(own_url(row))
    assert "Sie haben abgesagt." in text_of(answer)
    assert "/anmeldung/neu/" in answer.content.decode()
    assert 'value="cancel"' not in answer.content.decode()
    assert press(client, row, "cancel").status_code == 302


def test_confirming_too_late_is_explained_and_changes_nothing(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan, confirmed=False)
    signing.free_unconfirmed(row, now=timezone.now() + dt.timedelta(days=3))
    answer = press(client, row, "confirm")
    assert "Die Frist zum Bestätigen ist vorbei" in text_of(answer)
    assert fresh(row).status == "expired"


def test_offer_that_is_over_is_explained(client):
    page, plan = offering_with_sign_up(capacity=1)
    seat, next_one = sign_up_of(plan), in_line(plan)
    signing.cancel_sign_up(seat)
    signing.free_unconfirmed(next_one, now=timezone.now() + dt.timedelta(days=9))
    answer = press(client, next_one, "accept")
    assert "Die Frist für diesen Platz ist vorbei" in text_of(answer)
    assert fresh(next_one).status == "expired"
    text = text_of(client.get(own_url(next_one)))
    assert "Die Zeit, den Platz anzunehmen, ist vorbei" in text
    assert "nicht rechtzeitig bestätigt" not in text


def test_cancelled_event_and_past_event_offer_nothing_to_press(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    cancel(page, reason="krank", actor=member_of(page.organisation))
    answer = client.get(own_url(row))
    assert "Das findet nicht statt." in text_of(answer)
    assert "<form" not in answer.content.decode().split('id="content"')[1].split("</main>")[0]
    past, past_plan = offering_with_sign_up()
    late = sign_up_of(past_plan)
    OfferingPage.objects.get(pk=past.pk).occurrences.update(starts_at=in_days(-2), ends_at=in_days(-2, 21), start=in_days(-2))
    answer = client.get(own_url(late))
    assert "Das ist vorbei." in text_of(answer)
    assert 'value="cancel"' not in answer.content.decode()


# Who comes


def test_second_person_is_added_replaced_and_left_out(client):
    page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    row = sign_up_of(plan)

    def names():
        return [person.name for person in row.participants.all()], fresh(row).seats_held

    press(client, row, "seats", second_name="Otto Muster")
    assert names() == (["Erika Muster", "Otto Muster"], 2)
    press(client, row, "seats", second_name="Olga Muster")
    assert names() == (["Erika Muster", "Olga Muster"], 2)
    waiting_one = in_line(plan)
    press(client, row, "seats", second_name="")
    assert names() == (["Erika Muster"], 1)
    assert fresh(waiting_one).status == "offered"
    answer = press(client, row, "seats", second_name="Olga Muster")
    assert "Es ist kein weiterer Platz frei" in text_of(answer)
    assert names() == (["Erika Muster"], 1)


def test_couple_in_line_becomes_one_who_keeps_the_place_and_is_offered_the_one_seat(client):
    page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    one = sign_up_of(plan, name="Anna Eins")
    sign_up_of(plan, name="Berta Zwei")
    pair = in_line(plan, names=["Clara Drei", "Dora Vier"])
    late = in_line(plan, names=["Emil Fünf"])
    press(client, one, "cancel")
    press(client, pair, "wait")
    press(client, late, "decline")
    assert (fresh(pair).status, fresh(pair).waits_for_all, fresh(late).status) == ("waiting", True, "cancelled")
    assert "Ändern, wer kommt" in text_of(client.get(own_url(pair)))
    press(client, pair, "seats", second_name="")
    assert [person.name for person in pair.participants.all()] == ["Clara Drei"]
    assert (fresh(pair).status, fresh(pair).seats, fresh(pair).seats_held, fresh(pair).waits_for_all) == ("offered", 1, 1, False)


def test_nobody_is_brought_along_to_a_place_in_line(client):
    page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    sign_up_of(plan)
    row = in_line(plan, names=["Clara Drei"])
    assert 'name="second_name"' not in client.get(own_url(row)).content.decode()
    assert "Es ist kein weiterer Platz frei" in text_of(press(client, row, "seats", second_name="Dora Vier"))
    assert (fresh(row).seats, row.participants.count()) == (1, 1)


@pytest.mark.parametrize(("second", "words"), [("erika  MUSTER", "denselben Namen"), ("Hans Muster", "schon angemeldet")])
def test_second_person_who_cannot_be_told_apart_is_refused(client, second, words):
    page, plan = offering_with_sign_up(seats_per_sign_up=2)
    row, _other = sign_up_of(plan), sign_up_of(plan, name="Hans Muster")
    answer = press(client, row, "seats", second_name=second)
    assert words in text_of(answer)
    assert row.participants.count() == fresh(row).seats_held == 1


def test_second_person_who_was_there_stays():
    page, plan = offering_with_sign_up(seats_per_sign_up=2)
    row = sign_up_of(plan, names=["Erika Muster", "Otto Muster"])
    Attendance.objects.create(participant=row.participants.last(), occurrence_uid=page.occurrences.get().uid)
    with pytest.raises(Exception, match="schon dabei"):
        people.change_second_person(row, name="")
    assert row.participants.count() == 2


def test_where_one_person_comes_there_is_nothing_to_change(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    assert "Zweite Person" not in text_of(client.get(own_url(row)))
    press(client, row, "seats", second_name="Otto Muster")
    assert row.participants.count() == 1


# Online


@pytest.mark.parametrize(("days", "has_seat", "shown"), [(0, True, True), (1, True, False), (0, False, False)])
def test_address_of_the_meeting_only_on_the_day_and_with_a_seat(client, days, has_seat, shown):
    page = published_offering(mode="online", online_url="https://treffen.example/geheim", dates=[in_days(3)])
    page, plan = offering_with_sign_up(page=page)
    row = sign_up_of(plan, confirmed=has_seat)
    end = timezone.make_aware(dt.datetime.combine(timezone.localdate() + dt.timedelta(days=days), dt.time(23, 59)))
    page.occurrences.update(start=end - dt.timedelta(minutes=1), starts_at=end - dt.timedelta(minutes=1), ends_at=end, end=end)
    answer = client.get(own_url(row))
    assert ("https://treffen.example/geheim" in answer.content.decode()) == shown
    assert ("am Tag der Veranstaltung" in text_of(answer)) == (has_seat and not shown)


# Links that are wrong


def altered(token: str) -> list[str]:
    uid, signature = token.split(".")
    return [
        token[:-1],
        uid,
        f"{uid}.",
        f"{uid}.{signature[:-2]}xx",
        f"{'0' * 32}.{signature}",
        signature,
        "x" * 3000,
        "%00",
        "ä.ö",
    ]


def test_altered_token_opens_nothing_and_changes_nothing(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    for token in altered(token_of(row)):
        for url in (f"/anmeldung/{token}/", f"/anmeldung/{token}/bestaetigung/", f"/anmeldung/{token}/termin.ics/"):
            answer = client.get(url)
            assert answer.status_code == 404, url
            assert "Erika" not in answer.content.decode()
        assert client.post(f"/anmeldung/{token}/", {"action": "cancel"}).status_code == 404
    assert fresh(row).status == "confirmed"


def test_unknown_token_says_what_to_do(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    url = own_url(row)
    SignUp.objects.all().delete()
    text = text_of(client.get(url))
    assert "Unter dieser Adresse finden wir keine Anmeldung." in text
    assert "Kopieren Sie die ganze Adresse" in text


def test_token_of_one_person_opens_only_their_own(client):
    page, plan = offering_with_sign_up()
    erika, otto = sign_up_of(plan), in_line(plan)
    assert "Otto" not in client.get(own_url(erika)).content.decode()
    press(client, erika, "cancel")
    assert (fresh(erika).status, fresh(otto).status) == ("cancelled", "confirmed")


# Paper


def test_confirmation_carries_code_and_address(client):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    html = client.get(own_url(row) + "bestaetigung/").content.decode()
    assert "<svg" in html.split('class="ehrenamt-qr"')[1]
    assert f"http://testserver{own_url(row)}" in html
    assert "Erika Muster" in html


def test_confirmation_without_the_library_has_the_address_alone(client, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "segno", None)
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    html = client.get(own_url(row) + "bestaetigung/").content.decode()
    assert "ehrenamt-qr" not in html
    assert f"http://testserver{own_url(row)}" in html


def test_only_who_has_a_seat_gets_paper_and_calendar(client):
    page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    row = in_line(plan)
    assert client.get(own_url(row) + "bestaetigung/")["Location"] == own_url(row)
    assert client.get(own_url(row) + "termin.ics/").status_code == 404


def test_page_of_a_supervision_sends_questions_to_the_supervisor(client):
    page, plan = offering_with_sign_up(page=published_offering(model=SupervisionPage))
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=UserFactory(email="frank@post.example"))
    row = sign_up_of(plan)
    html = client.get(own_url(row)).content.decode()
    assert "frank@post.example" in html
    assert "petra@post.example" not in html
    assert "Eingang" not in text_of(client.get(own_url(row) + "bestaetigung/"))


def test_plan_of_the_whole_series_lists_every_date_and_marks_the_cancelled(client):
    page = published_offering(dates=[in_days(5), in_days(12)])
    page, plan = offering_with_sign_up(page=page)
    row = sign_up_of(plan)
    first = min(page.occurrences.all(), key=lambda date: date.starts_at)
    cancel(page, occurrence_uid=first.uid, reason="krank", actor=member_of(page.organisation))
    lines = client.get(own_url(row)).context["facts"][0]["lines"]
    assert [line.startswith("Abgesagt: ") for line in lines] == [True, False]
    assert SeatPlan.objects.count() == 1
    assert waiting.position_of(fresh(row)) is None
