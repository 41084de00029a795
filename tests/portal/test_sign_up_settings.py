"""The page „Anmeldung einrichten“, as a browser without JavaScript uses it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.models import (
    Occurrence,
    PrivacyNotice,
    SeatPlan,
    SupervisionPage,
    SupervisionSetup,
)
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups.plans import save_plans
from ehrenamt_wagtail.signups.settings import SignUpSettings, days_of
from tests.clients import signed_in
from tests.factories import in_days, member_of, published_offering, sign_up_of, submitted_offering

from .helpers import day, field_errors, form_data, messages_of, soup, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def notice(organisation):
    return PrivacyNotice.objects.create(organisation=organisation, controller="Caritas, Marktplatz 1")


@pytest.fixture
def page(organisation):
    return published_offering(organisation=organisation)


@pytest.fixture
def series(organisation):
    return published_offering(organisation=organisation, slug="reihe", dates=[in_days(10), in_days(17), in_days(24)])


def url(page) -> str:
    return f"/partner/angebote/{page.pk}/anmeldungen/einrichten/"


def rows_of(page) -> list:
    return list(SeatPlan.objects.filter(offering=page.pk).order_by("pk").values())


def send(client, page, *, follow=True, **changes):
    return client.post(url(page), form_data(client.get(url(page)), **changes), follow=follow)


def test_number_of_seats_is_all_it_takes(client, page):
    response = send(client, page, capacity="20")
    plan = SeatPlan.objects.get()
    assert (plan.offering_id, plan.occurrence_uid, plan.mode, plan.capacity) == (page.pk, None, "here", 20)
    assert "Gespeichert. Es gilt ab sofort" in messages_of(response)
    again = form_data(client.get(url(page)))
    assert (again["mode"], again["capacity"], again["has_waiting_list"]) == ("here", "20", "on")


def test_simple_case_shows_nothing_but_way_and_seats(client, page):
    form = soup(client.get(url(page))).select_one("form.ehrenamt-settings")
    for fold in form.select("details"):
        assert not fold.has_attr("open")
        fold.decompose()
    names = {field["name"] for field in form.select("input:not([type=hidden]), textarea, select")}
    assert names == {"mode", "external_url", "capacity"}


def test_everything_can_be_said_and_is_shown_again(client, series):
    second = days_of(series)[1]
    changes = {
        "capacity": "8",
        "per_date": "1",
        f"capacity_{second.uid}": "5",
        "two_people": "on",
        "asks_phone": "on",
        "opens_date": day(1),
        "opens_time": "08:30",
        "closes_date": day(9),
        "minimum": "4",
        "minimum_decided_on": day(8),
        "questions__TOTAL_FORMS": "1",
        "questions__0__text": "Was essen Sie?",
        "questions__0__purpose": "Für die Küche",
        "questions__0__kind": "choice",
        "questions__0__choices": "Suppe\n\nSalat\n",
        "questions__0__is_required": "on",
    }
    send(client, series, **changes)
    assert [row["capacity"] for row in rows_of(series)] == [8, 5, 8]
    plan = SeatPlan.objects.last()
    assert (plan.seats_per_sign_up, plan.asks_phone, plan.minimum) == (2, True, 4)
    assert timezone.localtime(plan.opens_at) == in_days(1, 8, 30)
    assert timezone.localtime(plan.closes_at) == in_days(9, 23, 59)
    question = plan.questions.get()
    assert (question.kind, question.choices, question.is_required) == ("choice", ["Suppe", "Salat"], True)
    shown = form_data(client.get(url(series)))
    expected = {name.replace("__", "-"): value for name, value in changes.items()} | {"questions-0-choices": "Suppe\nSalat"}
    assert {name: shown.get(name) for name in expected} == expected | {"closes_date": day(9)}
    assert shown["closes_time"] == "23:59"


def test_question_is_added_and_removed_by_buttons_and_nothing_is_saved(client, page):
    data = form_data(client.get(url(page)), capacity="abc")
    more = form_data(client.post(url(page), {**data, "action": "add_question"}), questions__0__text="Was essen Sie?")
    assert more["capacity"] == "abc"
    twice = form_data(client.post(url(page), {**more, "action": "add_question"}), questions__1__text="Zweite")
    once = form_data(client.post(url(page), {**twice, "action": "remove_questions-0"}))
    assert (once["questions-TOTAL_FORMS"], once["questions-0-text"]) == ("1", "Zweite")
    assert not SeatPlan.objects.exists()


def test_sixth_question_is_refused_and_kept(client, page):
    changes = {"questions__TOTAL_FORMS": "6"}
    for number in range(6):
        changes |= {f"questions__{number}__text": f"Frage {number}?", f"questions__{number}__purpose": "Zweck"}
    response = send(client, page, **changes)
    assert "mehr als 5" in text_of(response)
    assert form_data(response)["questions-5-text"] == "Frage 5?"
    assert not SeatPlan.objects.exists()


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"mode": "external"}, "external_url", "Geben Sie die Adresse der Seite ein"),
        ({"mode": "external", "external_url": "javascript:alert(1)"}, "external_url", "Das ist keine Adresse einer Webseite"),
        ({"capacity": "0"}, "capacity", "eine Zahl von 1 bis 10.000"),
        ({"capacity": "-1"}, "capacity", "eine Zahl von 1 bis 10.000"),
        ({"capacity": "1000000000"}, "capacity", "eine Zahl von 1 bis 10.000"),
        ({"capacity": "zwanzig"}, "capacity", "eine Zahl von 1 bis 10.000"),
        ({"opens_date": "2027-03-28", "opens_time": "02:30"}, "opens_time", "Diese Uhrzeit gibt es nicht"),
        ({"closes_time": "12:00"}, "closes_date", "Geben Sie auch den Tag ein"),
        ({"closes_date": "0001-01-01"}, "closes_date", "Bitte prüfen Sie das Jahr"),
        ({"closes_date": "2027-02-30"}, "closes_date", "Diesen Tag gibt es nicht"),
        ({"minimum": "5"}, "minimum_decided_on", "an welchem Tag Sie entscheiden"),
        ({"minimum": "5", "minimum_decided_on": day(10)}, "minimum_decided_on", "am Tag vor dem ersten Termin"),
    ],
)
def test_wrong_value_is_told_beside_the_field_and_nothing_is_saved(client, page, changes, name, sentence):
    response = send(client, page, **{"capacity": "7", "external_url": "", **changes})
    assert sentence in " ".join(field_errors(response, name))
    typed = form_data(response)
    assert {field: typed[field] for field in changes} == changes
    # What is wrong is never hidden in a closed fold.
    fold = soup(response).select_one(f"[name={name}]").find_parent("details")
    assert fold is None or fold.has_attr("open")
    assert not SeatPlan.objects.exists()


def test_all_errors_are_told_at_once(client, page):
    response = send(client, page, capacity="-1", minimum="x", closes_time="12:00", questions__TOTAL_FORMS="1", questions__0__text="?")
    errors = soup(response).select(".ehrenamt-errors li")
    assert len(errors) == 4
    assert not SeatPlan.objects.exists()


def test_error_of_a_question_stands_at_its_row(client, page):
    response = send(client, page, questions__TOTAL_FORMS="1", questions__0__text="Warum?")
    row = soup(response).select_one("#questions .ehrenamt-row")
    assert "wofür die Antwort gebraucht wird" in row.get_text()
    assert soup(response).select_one("#questions").has_attr("open")
    assert not SeatPlan.objects.exists()


def test_hour_that_happens_twice_is_not_changed_by_saving_again(client, person, organisation):
    later = dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    page = published_offering(organisation=organisation, slug="herbst", dates=[later + dt.timedelta(days=3)])
    save_plans(page, SignUpSettings(capacity=5, closes_at=later), actor=person)
    send(client, page, capacity="6")
    plan = SeatPlan.objects.get()
    assert (plan.capacity, plan.closes_at) == (6, later)


def test_fewer_seats_than_taken_is_told_with_the_number(client, person, page):
    save_plans(page, SignUpSettings(capacity=5), actor=person)
    for name in ("Erika Muster", "Otto Muster"):
        sign_up_of(SeatPlan.objects.get(), name=name, email=f"{name[:4]}@post.example")
    before = rows_of(page)
    response = send(client, page, capacity="1")
    assert field_errors(response, "capacity") == ["Fehler: 2 Plätze sind vergeben, weniger geht deshalb nicht."]
    assert "Erika" not in text_of(response)
    assert rows_of(page) == before


def test_way_cannot_change_while_people_are_signed_up(client, person, series):
    save_plans(series, SignUpSettings(capacity=5), actor=person)
    sign_up_of(SeatPlan.objects.get())
    before = rows_of(series)
    external = send(client, series, mode="external", external_url="https://anmeldung.example/")
    assert "1 Person ist angemeldet oder wartet" in " ".join(field_errors(external, "mode"))
    single = send(client, series, per_date="1")
    assert "1 Person ist angemeldet oder wartet" in " ".join(field_errors(single, "per_date"))
    assert rows_of(series) == before


def test_second_tab_is_refused_with_what_differs_and_can_be_saved_then(client, person, organisation, page):
    first, second = form_data(client.get(url(page)), capacity="20"), form_data(client.get(url(page)), capacity="30")
    client.post(url(page), first)
    response = client.post(url(page), second)
    assert response.status_code == 409
    assert "Clara Muster" in messages_of(response)
    cells = soup(response).select_one("table.ehrenamt-diff").get_text(" ", strip=True)
    assert "20" in cells and "30" in cells
    assert SeatPlan.objects.get().capacity == 20
    kept = form_data(response)
    assert kept["capacity"] == "30"
    client.post(url(page), kept)
    assert SeatPlan.objects.get().capacity == 30


def test_double_click_saves_once(client, page):
    data = form_data(client.get(url(page)), capacity="20")
    assert [client.post(url(page), data).status_code for _click in range(2)] == [302, 302]
    assert SeatPlan.objects.count() == 1


def test_new_dates_are_pointed_out_and_take_over_the_settings_with_one_button(client, person, series):
    save_plans(series, SignUpSettings(per_date=True, capacity=8, asks_phone=True), actor=person)
    assert "neuer Termin" not in text_of(client.get(url(series)))
    series.occurrences.add(new := Occurrence(start=in_days(31)))
    series.save_revision(log_action=False).publish()
    response = client.get(url(series))
    assert "1 neuer Termin" in text_of(response)
    form = soup(response).select_one("form.ehrenamt-note")
    data = {field["name"]: field["value"] for field in form.select("input, button")}
    client.post(url(series), data)
    plan = SeatPlan.objects.get(occurrence_uid=new.uid)
    assert (plan.capacity, plan.asks_phone) == (8, True)
    assert "neuer Termin" not in text_of(client.get(url(series)))


def test_button_of_a_stale_page_takes_nothing_over(client, person, series):
    save_plans(series, SignUpSettings(per_date=True, capacity=8), actor=person)
    series.occurrences.add(Occurrence(start=in_days(31)))
    series.save_revision(log_action=False).publish()
    response = client.post(url(series), {"action": "take_over", "opened": "2020"}, follow=True)
    assert "Inzwischen hat jemand anderes" in messages_of(response)
    assert SeatPlan.objects.count() == 3


def test_cancelled_and_past_dates_are_named_and_have_no_field(client, person, series):
    first = days_of(series)[0]
    cancel(series, actor=person, occurrence_uid=first.uid, reason="Krankheit")
    page = soup(client.get(url(series)))
    assert page.select_one(f"[name='capacity_{first.uid}']") is None
    assert "abgesagt" in page.select_one(".ehrenamt-settings__days").get_text()
    assert len(page.select("[name^='capacity_']")) == 2


def test_cancelled_offering_can_only_be_read(client, person, page):
    save_plans(page, SignUpSettings(capacity=5), actor=person)
    cancel(page, actor=person, reason="Krankheit")
    response = client.get(url(page))
    assert soup(response).select_one("form.ehrenamt-settings") is None
    assert "An der Anmeldung lässt sich nichts mehr ändern" in text_of(response)
    before = rows_of(page)
    assert "nichts mehr ändern" in text_of(client.post(url(page), {"mode": "here", "capacity": "9"}))
    assert rows_of(page) == before


def test_settings_can_be_changed_while_the_page_is_in_review(client, person, organisation):
    page, task_state = submitted_offering(organisation=organisation, actor=person)
    revision = page.latest_revision_id
    response = send(client, page, capacity="12")
    assert "sobald die Veranstaltung veröffentlicht ist" in messages_of(response)
    page.refresh_from_db()
    task_state.refresh_from_db()
    assert (SeatPlan.objects.get().capacity, page.latest_revision_id, task_state.status) == (12, revision, "in_progress")


def test_missing_privacy_notice_is_linked_and_needed_only_here(client, page, notice):
    notice.delete()
    response = send(client, page, capacity="20")
    assert "Datenschutzhinweis" in " ".join(field_errors(response, "mode"))
    link = soup(response).select_one(".ehrenamt-note a")["href"]
    assert link == f"/partner/datenschutz/{page.organisation_id}/?angebot={page.pk}"
    assert not SeatPlan.objects.exists()
    send(client, page, mode="contact")
    assert SeatPlan.objects.get().mode == "contact"


def test_supervision_without_named_supervisor_is_not_set_up(client, organisation):
    page = published_offering(organisation=organisation, model=SupervisionPage, dates=[in_days(9), in_days(16)])
    response = send(client, page, capacity="20")
    assert "benennen Sie zuerst" in " ".join(field_errors(response, "mode"))
    assert not SeatPlan.objects.exists()
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=member_of(), form="single")
    # The dates of a supervision are slots to choose from.
    send(client, page, capacity="4")
    assert [row["occurrence_uid"] is not None for row in rows_of(page)] == [True, True]


def test_offerings_of_others_do_not_exist(page):
    stranger = signed_in(member_of())
    assert stranger.get(url(page)).status_code == 404
    assert stranger.post(url(page), {"mode": "here", "capacity": "5"}).status_code == 404
    assert not SeatPlan.objects.exists()


def test_what_was_typed_is_back_after_signing_in_again(client, person, page):
    data = form_data(client.get(url(page)), capacity="20")
    client.logout()
    client.post(url(page), data)
    client.post("/partner/login/", {"username": "caritas", "password": "ehrenamt-demo"})
    response = client.get(url(page))
    assert form_data(response)["capacity"] == "20"
    assert "noch nicht gespeichert" in messages_of(response)
    assert not SeatPlan.objects.exists()


def test_number_of_queries_grows_by_no_date(client, person, organisation):
    numbers = []
    for slug, number in (("eins", 2), ("viele", 30)):
        dates = [in_days(10 + number) for number in range(number)]
        page = published_offering(organisation=organisation, slug=slug, dates=dates)
        save_plans(page, SignUpSettings(per_date=True, capacity=8), actor=person)
        client.get(url(page))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(page))
        numbers.append(len([query for query in queries if "wagtailcore_page" not in query["sql"]]))
    assert numbers[0] == numbers[1]


# On the overview, and on the offering's own page


def overview_links(client) -> dict[str, str]:
    rows = soup(client.get("/partner/")).select(".ehrenamt-own__item")
    links = {}
    for row in rows:
        title = row.select_one(".ehrenamt-own__title").get_text(strip=True)
        link = row.select_one("a[href*='/anmeldungen/']")
        if link:
            link.select_one(".ehrenamt-visually-hidden").decompose()
            links[title] = (link.get_text(strip=True), link["href"])
    return links


def test_overview_says_how_far_each_offering_is_booked(client, person, organisation):
    made = {
        name: published_offering(organisation=organisation, title=name, slug=name.lower(), dates=[in_days(9), in_days(19)])
        for name in ("Voll", "Einzeln", "Telefon", "Neu")
    }
    save_plans(made["Voll"], SignUpSettings(capacity=1), actor=person)
    save_plans(made["Einzeln"], SignUpSettings(capacity=6, per_date=True), actor=person)
    save_plans(made["Telefon"], SignUpSettings(mode="contact"), actor=person)
    for name in ("Erika Muster", "Otto Muster"):
        sign_up_of(SeatPlan.objects.get(offering=made["Voll"].pk), name=name, email=f"{name[:4]}@post.example")
    base = "/partner/angebote/{}/anmeldungen/"
    assert overview_links(client) == {
        "Voll": ("1 von 1 Platz, 1 auf der Warteliste", base.format(made["Voll"].pk)),
        "Einzeln": ("0 von 12 Plätzen an 2 Terminen", base.format(made["Einzeln"].pk)),
        "Telefon": ("telefonisch oder per E-Mail", base.format(made["Telefon"].pk) + "einrichten/"),
        "Neu": ("Anmeldung einrichten", base.format(made["Neu"].pk) + "einrichten/"),
    }


def test_overview_shows_supervision_in_numbers_alone(client, organisation, person):
    page = published_offering(organisation=organisation, model=SupervisionPage, title="Supervision")
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=member_of(), form="group")
    save_plans(page, SignUpSettings(capacity=6), actor=person)
    sign_up_of(SeatPlan.objects.get(), name="Ganz Geheim")
    response = client.get("/partner/")
    assert "1 von 6 Plätzen" in text_of(response)
    assert "Geheim" not in response.text


def test_overview_asks_no_more_for_many_offerings(client, person, organisation):
    numbers = []
    for round_ in range(2):
        for number in range(1 + 4 * round_):
            page = published_offering(organisation=organisation, slug=f"kurs-{round_}-{number}")
            save_plans(page, SignUpSettings(capacity=9), actor=person)
            sign_up_of(SeatPlan.objects.get(offering=page.pk))
        client.get("/partner/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/partner/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_missing_privacy_notice_is_named_on_the_overview_when_it_is_needed(client, person, page, notice):
    assert "/partner/datenschutz/" not in client.get("/partner/").text
    save_plans(page, SignUpSettings(capacity=9), actor=person)
    notice.delete()
    assert f"/partner/datenschutz/{page.organisation_id}/" in client.get("/partner/").text


def test_form_of_the_offering_links_to_its_sign_ups(client, page):
    links = soup(client.get(f"/partner/angebote/{page.pk}/")).select(".ehrenamt-actions a")
    assert "Anmeldung einrichten" in [link.get_text(strip=True) for link in links if link["href"] == url(page)]
