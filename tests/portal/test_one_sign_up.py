"""One sign-up as the organiser sees and changes it, and what is printed."""

import pytest

from ehrenamt_wagtail.models import OutgoingMail, SignUp
from tests.factories import in_days, offering_with_sign_up, published_offering, sign_up_of

from .helpers import soup, text_of
from .sign_ups import act, address, logged, offering_of

Status = SignUp.Status


@pytest.fixture
def offering(organisation):
    return offering_of(organisation)


# One sign-up


def test_page_of_a_sign_up_shows_what_was_given(client, offering):
    page, plan = offering
    question = plan.questions.create(text="Kommen Sie mit dem Auto?", purpose="Parkplätze")
    sign_up = sign_up_of(plan, needs="ein Platz für den Rollstuhl", answers={question: "Ja"}, phone="0151 222")
    text = text_of(client.get(address("sign-up-detail", page, sign_up.pk)))
    for part in ("Erika Muster", "erika@post.example", "0151 222", "Kommen Sie mit dem Auto?", "für den Rollstuhl", "Vertraulich"):
        assert part in text
    assert "Rollstuhl" not in text_of(client.get(address("sign-ups", page)))


def test_cancelling_for_the_person_tells_them_and_serves_the_line(client, offering):
    page, plan = offering
    type(plan).objects.filter(pk=plan.pk).update(capacity=1)
    plan.refresh_from_db()
    sign_up = sign_up_of(plan)
    waiting = sign_up_of(plan, name="Nora Neu", email="nora@post.example")
    OutgoingMail.objects.all().delete()
    act(client, page, sign_up, "cancel")
    assert set(SignUp.objects.values_list("pk", "status")) == {(sign_up.pk, Status.CANCELLED), (waiting.pk, Status.OFFERED)}
    assert set(OutgoingMail.objects.values_list("template", "address")) == {
        ("signups/cancelled", "erika@post.example"),
        ("signups/offer", "nora@post.example"),
    }
    assert logged(page) == ["ehrenamt.cancel_sign_up"]


def test_somebody_in_line_who_is_cancelled_is_told_as_well(client, offering):
    page, plan = offering
    type(plan).objects.filter(pk=plan.pk).update(capacity=1)
    plan.refresh_from_db()
    sign_up_of(plan)
    waiting = sign_up_of(plan, name="Nora Neu", email="nora@post.example")
    OutgoingMail.objects.all().delete()
    act(client, page, waiting, "cancel")
    assert list(OutgoingMail.objects.values_list("template", "address")) == [("signups/cancelled", "nora@post.example")]


def test_two_tabs_the_second_changes_nothing_and_says_so(client, offering):
    page, plan = offering
    sign_up = sign_up_of(plan)
    url = address("sign-up-detail", page, sign_up.pk)
    seen = soup(client.get(url)).select_one('input[name="seen"]')["value"]
    act(client, page, sign_up, "names", name_0="Erika Mustermann")
    OutgoingMail.objects.all().delete()
    for action in ({"action": "cancel"}, {"action": "send"}, {"action": "names", "name_0": "Anders"}):
        response = client.post(url, {"seen": seen, **action})
        assert "inzwischen" in text_of(response)
        response = client.post(url, {**action})
        assert "inzwischen" in text_of(response)
    sign_up.refresh_from_db()
    assert (sign_up.status, sign_up.participants.get().name) == (Status.CONFIRMED, "Erika Mustermann")
    assert not OutgoingMail.objects.exists()
    assert logged(page) == ["ehrenamt.correct_sign_up"]


def test_corrected_name_may_not_sign_up_twice_and_the_old_one_may(client, offering):
    page, plan = offering
    sign_up = sign_up_of(plan, name="Erika Musster")
    act(client, page, sign_up, "names", name_0="  Erika   Muster ")
    assert sign_up.participants.get().name == "Erika Muster"
    sign_up_of_same = sign_up_of(plan, name="Erika Musster")
    response = act(client, page, sign_up_of_same, "names", name_0="erika muster")
    assert "ist schon angemeldet" in text_of(response)
    assert sign_up_of_same.participants.get().name == "Erika Musster"


def test_names_of_two_people_can_be_swapped(client, offering):
    page, plan = offering
    sign_up = sign_up_of(plan, names=["Erika Muster", "Max Muster"])
    act(client, page, sign_up, "names", name_0="Max Muster", name_1="Erika Muster")
    assert [person.name for person in sign_up.participants.all()] == ["Max Muster", "Erika Muster"]


@pytest.mark.parametrize("name", ["", "x" * 201, "http://werbung.example"])
def test_wrong_names_are_refused_beside_the_field(client, offering, name):
    page, plan = offering
    sign_up = sign_up_of(plan)
    response = act(client, page, sign_up, "names", name_0=name)
    assert soup(response).select_one("#id_name_0_error").get_text(strip=True).startswith("Fehler")
    assert sign_up.participants.get().name == "Erika Muster"
    assert logged(page) == []


def test_link_is_sent_again_as_often_as_the_address_may_be_written_to(client, offering, settings):
    page, plan = offering
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_MAILS_PER_DAY": 2}
    sign_up = sign_up_of(plan)
    OutgoingMail.objects.all().delete()
    act(client, page, sign_up, "send")
    response = act(client, page, sign_up, "send")
    assert "morgen" in text_of(response)
    assert list(OutgoingMail.objects.values_list("template", flat=True)) == ["signups/confirmed"]
    assert logged(page) == ["ehrenamt.send_sign_up"]


def test_log_of_the_offering_names_nobody(client, offering):
    from wagtail.models import PageLogEntry

    page, plan = offering
    sign_up = sign_up_of(plan)
    act(client, page, sign_up, "names", name_0="Erika Mustermann")
    act(client, page, sign_up, "cancel")
    entries = PageLogEntry.objects.filter(page=page.pk, action__startswith="ehrenamt.")
    assert len(entries) == 2
    assert not any("Erika" in str(entry.data) or "erika" in entry.label for entry in entries)


# By hand, and printed


def test_sheet_has_names_and_empty_lines_but_no_contact(client, offering):
    page, plan = offering
    sign_up_of(plan, names=["Erika Zuletzt", "Anton Anfang"], phone="0151 222")
    gone = sign_up_of(plan, name="Nicht Da", email="weg@post.example")
    act(client, page, gone, "cancel")
    response = client.get(address("attendance-sheet", page, page.occurrences.first().uid))
    names = [cell.get_text(" ", strip=True) for cell in soup(response).select(".ehrenamt-sheet tbody th")]
    assert names == ["Anton Anfang", "Erika Zuletzt"]
    assert len(soup(response).select(".ehrenamt-sheet tbody tr")) == 12
    for part in ("@post.example", "0151"):
        assert part not in response.content.decode().split("<table")[1]
    assert client.get(address("attendance-sheet", page, "00000000-0000-0000-0000-000000000000")).status_code == 404


def test_letter_says_what_when_where_and_how_to_cancel_by_telephone(client, offering):
    page, plan = offering
    sign_up = sign_up_of(plan)
    letter = soup(client.get(address("sign-up-letter", page, sign_up.pk))).select_one(".ehrenamt-letter")
    text = letter.get_text(" ", strip=True)
    for part in ("Caritasverband", "Erika Muster", "Grundlagen des Asylrechts", "Gemeindehaus", "07031 123"):
        assert part in text
    assert letter.select_one("svg")


def test_attendance_leads_to_door_and_sheet_of_each_date(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    page, _plan = offering_with_sign_up(page=page)
    links = {link["href"] for link in soup(client.get(address("attendance", page))).select(".ehrenamt-own a")}
    assert links == {
        address(name, page, date.uid) for name in ("door", "attendance-sheet") for date in page.occurrences.all()
    }
