"""„Antwort bis 14. März“: what partners read about the time a review takes."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import TaskState

from ehrenamt_wagtail.portal.promise import day_text
from ehrenamt_wagtail.review.deadlines import due_date
from tests.factories import CoordinatorFactory, circle_page, draft_offering, submit_for_review, submitted_offering

from .helpers import form_data, soup, text_of


def make_overdue(task_state) -> None:
    TaskState.objects.filter(pk=task_state.pk).update(started_at=timezone.now() - dt.timedelta(days=30))


def promised() -> str:
    return f"Antwort bis {day_text(due_date(timezone.now()))}"


def test_submitting_says_until_when_the_answer_comes(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), action="submit"))
    assert promised() in text_of(client.get(address))


def test_waiting_offering_shows_the_day_on_page_and_list(client, person, organisation):
    page, _state = submitted_offering(organisation=organisation, actor=person, title="Wartet")
    assert f"{promised()}." in text_of(client.get(f"/partner/angebote/{page.pk}/"))
    row = next(row for row in soup(client.get("/partner/")).select(".ehrenamt-own__item") if "Wartet" in row.get_text())
    assert promised() in row.get_text()


def test_waiting_circle_shows_the_day_too(client, person, organisation):
    circle = circle_page(organisation=organisation, live=False)
    submit_for_review(circle, actor=person)
    assert promised() in text_of(client.get(f"/partner/arbeitskreise/{circle.pk}/"))
    assert promised() in text_of(client.get("/partner/"))


def test_draft_is_promised_nothing(client, organisation):
    page = draft_offering(organisation=organisation)
    assert "Antwort bis" not in text_of(client.get(f"/partner/angebote/{page.pk}/"))
    assert "Antwort bis" not in text_of(client.get("/partner/"))


def test_overdue_is_said_in_a_friendly_way_with_whom_to_ask(client, person, organisation):
    CoordinatorFactory(name="Karin Kontakt", phone="07031 663-1", email="karin@landkreis.example")
    CoordinatorFactory(name="Längst Fort", until_date=timezone.localdate() - dt.timedelta(days=1))
    page, task_state = submitted_offering(organisation=organisation, actor=person)
    make_overdue(task_state)
    for address in (f"/partner/angebote/{page.pk}/", "/partner/"):
        text = text_of(client.get(address))
        assert "Es tut uns leid" in text, address
        assert "Karin Kontakt" in text
        assert "07031 663-1" in text
        assert "Längst Fort" not in text
    assert soup(client.get(f"/partner/angebote/{page.pk}/")).select('a[href="mailto:karin@landkreis.example"]')


def test_list_asks_the_same_number_of_queries_however_much_is_overdue(client, person, organisation):
    numbers = []
    for _round in range(3):
        for _number in range(2):
            make_overdue(submitted_offering(organisation=organisation, actor=person)[1])
        client.get("/partner/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/partner/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] == numbers[2]
