"""The organiser's list of sign-ups, one sign-up, adding by hand, and what is printed."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ehrenamt_wagtail.models import CirclePage, OutgoingMail, SignUp, SupervisionPage
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    circle_page,
    coordinator_user,
    in_days,
    member_of,
    offering_with_sign_up,
    published_offering,
    sign_up_of,
)

from .conftest import signed_in
from .helpers import form_data, messages_of, soup, text_of

Status = SignUp.Status


@pytest.fixture
def offering(organisation):
    return offering_with_sign_up(
        page=published_offering(organisation=organisation, title="Grundlagen des Asylrechts", contact_phone="07031 123"),
        capacity=20,
        seats_per_sign_up=2,
    )


def address(name: str, page, *args) -> str:
    return reverse(f"ehrenamt:{name}", args=[page.pk, *args])


def many(plan, number: int, *, first: int = 0) -> list[SignUp]:
    """Stored as they are when everybody has confirmed; quick enough for hundreds."""
    rows = SignUp.objects.bulk_create(
        SignUp(plan=plan, status=Status.CONFIRMED, seats=1, seats_held=1, email=f"p{n}@post.example", confirmed_at=in_days(-1))
        for n in range(first, first + number)
    )
    people = SignUp.participants.rel.related_model
    people.objects.bulk_create(people(sign_up=row, name=f"Person {first + n:03}") for n, row in enumerate(rows))
    return rows


# The list


def test_list_names_people_state_contact_and_answers(client, offering):
    page, plan = offering
    question = plan.questions.create(text="Kommen Sie mit dem Auto?", purpose="Parkplätze")
    circle = circle_page(title="Arbeitskreis Renningen")
    sign_up_of(plan, names=["Erika Muster", "Max Muster"], phone="0151 222", circle=circle, answers={question: "Ja"})
    sign_up_of(plan, name="Nora Neu", email="nora@post.example", confirmed=False)
    rows = soup(client.get(address("sign-ups", page))).select(".ehrenamt-sign-ups tbody tr")
    first, second = (row.get_text(" ", strip=True) for row in rows)
    assert "Erika Muster + Max Muster" in first
    for part in ("Arbeitskreis Renningen", "hat einen Platz", "erika@post.example", "0151 222", "Kommen Sie mit dem Auto?", "Ja"):
        assert part in first
    assert "Nora Neu" in second and "noch nicht bestätigt" in second
    assert rows[0].select_one(".ehrenamt-state--published") and rows[1].select_one(".ehrenamt-state--draft")


def test_top_of_the_list_counts_seats(client, offering):
    page, plan = offering
    type(plan).objects.filter(pk=plan.pk).update(capacity=2)
    plan.refresh_from_db()
    sign_up_of(plan, names=["A Eins", "B Zwei"])
    sign_up_of(plan, name="C Drei", email="c@post.example")
    cells = [cell.get_text(" ", strip=True) for cell in soup(client.get(address("sign-ups", page))).select(".ehrenamt-seats td")]
    assert cells == ["Plätze 2", "Belegt 2", "Frei voll", "Auf der Warteliste 1"]
    assert "Warteliste, Nr. 1" in text_of(client.get(address("sign-ups", page)))


@pytest.mark.parametrize(
    "query, names",
    [
        ("q=muster", ["Erika Muster"]),
        ("q=ömer ÖZ", ["Ömer Özdemir"]),
        ("q=nora@post", ["Nora Neu"]),
        ("q=renningen", ["Erika Muster"]),
        ("q=erika renningen", ["Erika Muster"]),
        ("q=erika neu", []),
        ("q=%25", []),
        ("stand=unbestaetigt", ["Nora Neu"]),
        ("stand=platz", ["Erika Muster", "Ömer Özdemir"]),
        ("stand=abgesagt", []),
        ("stand=unsinn", ["Erika Muster", "Ömer Özdemir", "Nora Neu"]),
        ("termin=x&seite=99&q=%00", ["Erika Muster", "Ömer Özdemir", "Nora Neu"]),
    ],
)
def test_list_finds_by_name_mail_circle_and_state(client, offering, query, names):
    page, plan = offering
    sign_up_of(plan, name="Erika Muster", circle=circle_page(title="Arbeitskreis Renningen"))
    sign_up_of(plan, name="Ömer Özdemir", email="oemer@post.example")
    sign_up_of(plan, name="Nora Neu", email="nora@post.example", confirmed=False)
    response = client.get(f"{address('sign-ups', page)}?{query}")
    assert [link.get_text() for link in soup(response).select(".ehrenamt-sign-ups tbody th a")] == names


def test_search_finds_nobody_of_another_offering(client, organisation, offering):
    page, plan = offering
    sign_up_of(plan, name="Nora Neu")
    _other, other_plan = offering_with_sign_up(page=published_offering(organisation=organisation))
    sign_up_of(other_plan, name="Erika Muster", email="e@post.example")
    assert "Erika Muster" not in text_of(client.get(f"{address('sign-ups', page)}?q=erika"))


def test_list_of_several_dates_is_filtered_by_date(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    first, second = page.occurrences.all()
    plans = [page.seat_plans.create(mode="here", occurrence_uid=date.uid) for date in (first, second)]
    sign_up_of(plans[0], name="Erika Muster")
    sign_up_of(plans[1], name="Nora Neu", email="n@post.example")
    response = client.get(f"{address('sign-ups', page)}?termin={plans[1].pk}")
    assert [link.get_text() for link in soup(response).select(".ehrenamt-sign-ups tbody th a")] == ["Nora Neu"]


def test_number_of_queries_of_the_list_does_not_grow(client, offering):
    page, plan = offering
    counted = []
    for number in (1, 2, 297):
        many(plan, number, first=sum((1, 2, 297)[: len(counted)]))
        client.get(address("sign-ups", page))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address("sign-ups", page))
        counted.append(len(queries))
    assert "300 Anmeldungen" in text_of(response)
    assert len(soup(response).select(".ehrenamt-sign-ups tbody tr")) == 50
    assert len(set(counted)) == 1, counted


def test_list_without_sign_up_leads_to_the_settings(client, organisation):
    page = published_offering(organisation=organisation)
    response = client.get(address("sign-ups", page))
    assert soup(response).select_one(f'.ehrenamt-button--primary[href="{address("sign-up-settings", page)}"]')


# Who gets in


def addresses_of(page, sign_up) -> list[str]:
    uid = page.occurrences.first().uid
    return [
        address("sign-ups", page),
        address("sign-up-add", page),
        address("sign-up-detail", page, sign_up.pk),
        address("sign-up-letter", page, sign_up.pk),
        address("sign-ups-export", page, "csv"),
        address("sign-ups-export", page, "xlsx"),
        address("attendance", page),
        address("attendance-sheet", page, uid),
    ]


def test_nobody_but_members_finds_any_of_the_pages(offering, organisation):
    page, plan = offering
    sign_up = sign_up_of(plan)
    coordinator = coordinator_user()
    OrganisationFactory(kind="district").memberships.create(user=coordinator)
    superuser = UserFactory(is_superuser=True, is_staff=True)
    OrganisationFactory().memberships.create(user=superuser)
    for user in (member_of(), coordinator, superuser):
        for url in addresses_of(page, sign_up):
            answer = signed_in(user).get(url)
            assert (answer.status_code, b"Erika" in answer.content) == (404, False), url
            posted = signed_in(user).post(url, {"action": "cancel", "name": "Nora Neu"})
            assert posted.status_code in (404, 405), url
    assert list(SignUp.objects.values_list("status", flat=True)) == [Status.CONFIRMED]


def test_sign_up_of_another_own_offering_is_not_found(client, organisation, offering):
    page, _plan = offering
    other, other_plan = offering_with_sign_up(page=published_offering(organisation=organisation))
    foreign = sign_up_of(other_plan)
    for name in ("sign-up-detail", "sign-up-letter"):
        assert client.get(address(name, page, foreign.pk)).status_code == 404
    assert client.post(address("sign-up-detail", page, foreign.pk), {"action": "cancel"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == Status.CONFIRMED
    for wrong in (0, 10**30):
        assert client.get(f"/partner/angebote/{page.pk}/anmeldungen/{wrong}/").status_code == 404


def test_supervision_shows_numbers_and_no_names_even_to_the_supervisor_here(client, organisation, person):
    page = published_offering(model=SupervisionPage, organisation=organisation, title="Supervision")
    page, plan = offering_with_sign_up(page=page, capacity=5)
    SignUp.objects.create(plan=plan, status=Status.CONFIRMED, seats=1, seats_held=1, is_confidential=True, reader=person)
    sign_up = SignUp.objects.get()
    sign_up.participants.create(name="Einzigartige Person")
    response = client.get(address("sign-ups", page))
    assert [cell.get_text(" ", strip=True) for cell in soup(response).select(".ehrenamt-seats td")][:3] == [
        "Plätze 5", "Belegt 1", "Frei 4",
    ]
    assert "Einzigartige" not in text_of(response)
    tabs = {tab.get_text() for tab in soup(response).select(".ehrenamt-sign-ups-head .ehrenamt-subnav a")}
    assert {"Anmeldungen", "Einrichten"} <= tabs and not {"Nachrichten", "Anwesenheit", "Bescheinigungen"} & tabs
    for url in addresses_of(page, sign_up)[1:]:
        answer = client.get(url)
        assert (answer.status_code, b"Einzigartige" in answer.content) == (404, False), url
    assert client.post(address("sign-up-detail", page, sign_up.pk), {"action": "cancel"}).status_code == 404
    assert SignUp.objects.get().status == Status.CONFIRMED


# One sign-up


def act(client, page, sign_up, action: str, **data):
    """Press a button of the page as it stands."""
    url = address("sign-up-detail", page, sign_up.pk)
    seen = soup(client.get(url)).select_one('input[name="seen"]')["value"]
    return client.post(url, {"seen": seen, "action": action, **data}, follow=True)


def logged(page) -> list[str]:
    from wagtail.models import PageLogEntry

    return list(PageLogEntry.objects.filter(page=page.pk, action__startswith="ehrenamt.").values_list("action", flat=True))


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


# Files


def rows_of_csv(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_export_follows_the_filter_and_leaves_needs_out_unless_asked(client, offering):
    page, plan = offering
    sign_up_of(plan, needs="glutenfrei")
    sign_up_of(plan, name="Nora Neu", email="nora@post.example", confirmed=False)
    rows = rows_of_csv(client.get(f"{address('sign-ups-export', page, 'csv')}?stand=platz"))
    assert [row[0] for row in rows] == ["Name", "Erika Muster"]
    assert "glutenfrei" not in str(rows)
    with_needs = rows_of_csv(client.get(f"{address('sign-ups-export', page, 'csv')}?angaben=1"))
    assert [row[-1] for row in with_needs[1:]] == ["glutenfrei", ""]


def test_export_of_an_unknown_kind_is_not_found(client, offering):
    page, _plan = offering
    assert client.get(address("sign-ups-export", page, "pdf")).status_code == 404
    assert CirclePage.objects.count() == 0


# Adding, moving


def test_adding_by_hand_ends_at_the_confirmation_to_print(client, offering, person):
    page, plan = offering
    question = plan.questions.create(text="Kommen Sie mit dem Auto?", purpose="Parkplätze", is_required=True)
    circle = circle_page()
    url = address("sign-up-add", page)
    data = form_data(client.get(url), name="Hedwig Ohne", phone="07031 9", circle=str(circle.pk), second_name="Emil Ohne")
    response = client.post(url, {**data, f"question_{question.pk}": ""}, follow=True)
    sign_up = SignUp.objects.get()
    assert response.redirect_chain[-1][0] == address("sign-up-letter", page, sign_up.pk)
    assert [person.name for person in sign_up.participants.all()] == ["Hedwig Ohne", "Emil Ohne"]
    assert (sign_up.status, sign_up.source, sign_up.email, sign_up.phone, sign_up.circle_id) == (
        Status.CONFIRMED, "hand", "", "07031 9", circle.pk,
    )
    assert sign_up.answers.count() == 0
    assert not OutgoingMail.objects.exists()
    assert logged(page) == ["ehrenamt.add_sign_up"]
    client.post(url, data)
    assert SignUp.objects.count() == 1


def test_next_person_typed_into_the_form_of_the_back_button_is_asked_about_and_not_lost(client, offering):
    page, _plan = offering
    url = address("sign-up-add", page)
    first = form_data(client.get(url), name="Hedwig Ohne")
    client.post(url, first)
    response = client.post(url, {**first, "name": "Emil Anders"})
    assert "für jemand anderen abgeschickt" in messages_of(response)
    assert SignUp.objects.count() == 1
    again = form_data(response)
    assert again["name"] == "Emil Anders"
    client.post(url, again)
    client.post(url, again)
    assert [row.participants.get().name for row in SignUp.objects.all()] == ["Hedwig Ohne", "Emil Anders"]


def test_full_offering_refuses_a_sign_up_by_hand_and_keeps_what_was_typed(client, offering):
    page, plan = offering
    type(plan).objects.filter(pk=plan.pk).update(capacity=1)
    sign_up_of(plan)
    url = address("sign-up-add", page)
    response = client.post(url, form_data(client.get(url), name="Hedwig Ohne", phone="07031 9"))
    assert "Es wurde niemand eingetragen" in text_of(response) or "Nobody was added" in text_of(response)
    assert form_data(response)["name"] == "Hedwig Ohne" and form_data(response)["phone"] == "07031 9"
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "www.werbung.example"},
        {"email": "keine Adresse"},
        {"email": "a@post.example\nBcc: b@post.example"},
        {"email": "x" * 250 + "@post.example"},
        {"circle": "999999"},
        {"second_name": "hedwig ohne"},
    ],
)
def test_wrong_facts_by_hand_are_refused_beside_their_field(client, offering, changes):
    page, _plan = offering
    url = address("sign-up-add", page)
    response = client.post(url, form_data(client.get(url), **{"name": "Hedwig Ohne", **changes}))
    (field,) = changes
    assert soup(response).select_one(f"#id_{field}_error").get_text(strip=True).startswith("Fehler")
    assert not SignUp.objects.exists()


def test_of_several_dates_one_is_chosen_first(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    plans = [page.seat_plans.create(mode="here", occurrence_uid=date.uid, capacity=5) for date in page.occurrences.all()]
    url = address("sign-up-add", page)
    links = [link["href"] for link in soup(client.get(url)).select(".ehrenamt-own a")]
    assert links == [f"{url}?termin={plan.pk}" for plan in plans]
    client.post(links[1], form_data(client.get(links[1]), name="Hedwig Ohne"))
    assert SignUp.objects.get().plan == plans[1]
    client.post(f"{url}?termin=999", {"name": "Nora Neu"})
    assert SignUp.objects.count() == 1


def test_people_who_call_are_entered_where_one_signs_up_by_telephone(client, organisation):
    page, plan = offering_with_sign_up(page=published_offering(organisation=organisation), mode="contact")
    url = address("sign-up-add", page)
    client.post(url, form_data(client.get(url), name="Hedwig Ohne"))
    assert SignUp.objects.get().plan == plan
    assert "Hedwig Ohne" in text_of(client.get(address("sign-ups", page)))


def test_moving_to_another_date_tells_the_person(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    first, second = [page.seat_plans.create(mode="here", occurrence_uid=date.uid, capacity=1) for date in page.occurrences.all()]
    sign_up = sign_up_of(first)
    OutgoingMail.objects.all().delete()
    act(client, page, sign_up, "move", to=str(second.pk))
    sign_up.refresh_from_db()
    assert (sign_up.plan, sign_up.status) == (second, Status.CONFIRMED)
    assert list(OutgoingMail.objects.values_list("address", flat=True)) == ["erika@post.example"]
    assert logged(page) == ["ehrenamt.move_sign_up"]


def test_moving_to_a_full_or_foreign_date_changes_nothing(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    first, second = [page.seat_plans.create(mode="here", occurrence_uid=date.uid, capacity=1) for date in page.occurrences.all()]
    _other, foreign = offering_with_sign_up(page=published_offering(organisation=organisation))
    sign_up = sign_up_of(first)
    sign_up_of(second, name="Nora Neu", email="nora@post.example")
    for to in (second.pk, foreign.pk, first.pk, "", "x", 10**30):
        act(client, page, sign_up, "move", to=str(to))
        sign_up.refresh_from_db()
        assert (sign_up.plan, sign_up.status) == (first, Status.CONFIRMED)
    assert logged(page) == []
