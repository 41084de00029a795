"""The organiser's list of sign-ups: what it shows and finds, who gets in, its files."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehrenamt_wagtail.models import CirclePage, SignUp, SupervisionPage
from tests.clients import signed_in
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

from .helpers import soup, text_of
from .sign_ups import address, offering_of

Status = SignUp.Status


@pytest.fixture
def offering(organisation):
    return offering_of(organisation)


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


@pytest.mark.thorough
def test_ten_thousand_sign_ups_make_no_large_page_and_no_more_queries(client, offering):
    page, plan = offering
    many(plan, 1)
    url = address("sign-ups", page)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    many(plan, 9_999, first=1)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url, {"seite": "200"})
    assert len(queries) == len(few)
    assert "10000 Anmeldungen" in text_of(answer).replace(".", "") and "Person 9999" in text_of(answer)
    assert len(answer.content) < 150_000
    assert "1 Anmeldung," in text_of(client.get(url, {"q": "p7777@post.example"}))


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


@pytest.mark.parametrize("mode", ["here", "contact"])
def test_lists_of_attendance_lead_to_the_door_only_where_there_is_one(mode, client, offering):
    page, plan = offering
    plan.mode = mode
    plan.save()
    uid = page.occurrences.get().uid
    door, sheet = address("door", page, uid), address("attendance-sheet", page, uid)
    for url in (address("attendance", page), sheet):
        links = {link["href"] for link in soup(client.get(url)).select("main a[href]")}
        assert (door in links) == (mode == "here") == (client.get(door).status_code == 200), url
    assert client.get(sheet).status_code == 200
