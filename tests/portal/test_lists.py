"""What the lists say, and that their queries do not grow with their rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehrenamt_wagtail.models import DayRequest, SupervisionPage, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from tests.clients import signed_in
from tests.factories import (
    MembershipFactory,
    UserFactory,
    VenueFactory,
    circle_page,
    draft_offering,
    in_days,
    member_of,
    published_offering,
    submitted_offering,
)

from .helpers import field_errors, form_data, soup, text_of


def number_of_queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries)


def one_of_each(organisation, actor):
    """A draft, one in review and a published one with a cancelled date, of all kinds."""
    for model in (TrainingPage, SupervisionPage, VolunteerDayPage):
        draft_offering(model=model, organisation=organisation, dates=[in_days(2), in_days(3)])
        submitted_offering(model=model, organisation=organisation)
        page = published_offering(model=model, organisation=organisation, dates=[in_days(4), in_days(5)])
        cancel(page, actor=actor, occurrence_uid=page.occurrences.first().uid, reason="x")
    circle_page(organisation=organisation)


@pytest.mark.parametrize("address", ["/partner/", "/partner/termine/", "/partner/luecken/", "/partner/zugaenge/"])
def test_number_of_queries_does_not_grow(client, person, organisation, address):
    one_of_each(organisation, person)
    first = number_of_queries(client, address)
    for _round in range(2):
        one_of_each(organisation, person)
        MembershipFactory(user=UserFactory(), organisation=organisation)
    assert number_of_queries(client, address) == first


def test_queries_of_the_form_grow_only_by_the_check_of_each_row_in_a_revision(client, organisation):
    VenueFactory.create_batch(3)
    few = draft_offering(organisation=organisation, dates=[in_days(2)])
    many = draft_offering(organisation=organisation, dates=[in_days(number) for number in range(2, 32)])
    numbers = [number_of_queries(client, f"/partner/angebote/{page.pk}/") for page in (few, many)]
    # modelcluster looks up the page of each row when it reads a revision; nothing of ours comes on top.
    assert numbers[1] - numbers[0] == 29


def test_start_says_where_everything_stands(client, person, organisation):
    draft_offering(organisation=organisation, title="A")
    submitted_offering(organisation=organisation, title="B")
    published_offering(organisation=organisation, title="C")
    published_offering(organisation=organisation, title="D", dates=[in_days(-4)])
    page = published_offering(organisation=organisation, title="E")
    cancel(page, actor=person, reason="Krank")
    rows = soup(client.get("/partner/")).select(".ehrenamt-own__item")
    states = {row.a.get_text(): row.select_one(".ehrenamt-state").get_text() for row in rows}
    assert states == {"A": "Entwurf", "B": "In Prüfung seit heute", "C": "Veröffentlicht", "D": "Vergangen", "E": "Abgesagt"}


def test_start_invites_when_there_is_nothing(client):
    response = client.get("/partner/")
    assert "Zurzeit ist nichts gemeldet" in text_of(response)
    assert "/partner/angebote/neu/" in [link["href"] for link in soup(response).select(".ehrenamt-empty a")]


def test_calendar_leads_to_what_others_published_and_to_own_drafts(client, organisation):
    month = in_days(40).strftime("%Y-%m")
    own = draft_offering(organisation=organisation, title="Eigener Entwurf", dates=[in_days(40)])
    draft_offering(title="Fremder Entwurf", dates=[in_days(40)])
    theirs = published_offering(title="Fremd veröffentlicht", dates=[in_days(40)])
    page = soup(client.get(f"/partner/termine/?monat={month}"))
    links = {link.select_one(".ehrenamt-month__what").get_text(): link["href"] for link in page.select("a.ehrenamt-month__entry")}
    assert links == {"Eigener Entwurf": f"/partner/angebote/{own.pk}/", "Fremd veröffentlicht": theirs.get_url()}
    assert len(page.select(".ehrenamt-month__entry")) == 3
    for wrong in ("unfug", "2027-13", "9999-01"):
        assert "Diesen Monat gibt es nicht" in text_of(client.get(f"/partner/termine/?monat={wrong}"))


def test_volunteer_day_is_asked_and_answers(client, organisation):
    day = published_offering(model=VolunteerDayPage, title="Ehrenamtstag", dates=[in_days(30)])
    page = draft_offering(organisation=organisation, title="Mein Beitrag")
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), day=day.pk, action="save"))
    page.refresh_from_db()
    request = page.day_request
    assert (request.day_id, request.status) == (day.pk, "requested")
    client.post(address, form_data(client.get(address), action="save"))
    page.refresh_from_db()
    assert page.day_request == request

    answer = f"/partner/anfragen/{request.pk}/"
    assert client.post(answer, {"action": "accept"}).status_code == 404
    request.refresh_from_db()
    assert request.status == "requested"

    owner = signed_in(member_of(day.organisation))
    assert "Mein Beitrag" in soup(owner.get("/partner/")).select_one("[aria-labelledby=day-requests]").get_text()
    owner.post(answer, {"action": "unfug"})
    request.refresh_from_db()
    assert request.status == "requested"
    owner.post(answer, {"action": "accept", "comment": "Gern!"})
    request.refresh_from_db()
    page.refresh_from_db()
    assert (request.status, request.comment, page.get_parent().pk) == ("accepted", "Gern!", day.pk)
    response = owner.post(answer, {"action": "decline"}, follow=True)
    assert "schon beantwortet" in text_of(response)
    assert "day-requests" not in owner.get("/partner/").content.decode()


def test_volunteer_day_with_an_impossible_number_is_refused_beside_the_field(client, organisation):
    published_offering(model=VolunteerDayPage, title="Ehrenamtstag", dates=[in_days(30)])
    page = draft_offering(organisation=organisation, title="Mein Beitrag")
    address = f"/partner/angebote/{page.pk}/"
    for number in ("9" * 25, "x"):
        response = client.post(address, form_data(client.get(address), title="Neu", day=number, action="save"))
        assert field_errors(response, "day") == ["Fehler: Bitte wählen Sie einen Eintrag aus der Liste."]
    page.refresh_from_db()
    assert (page.title, DayRequest.objects.count()) == ("Mein Beitrag", 0)


def test_volunteer_day_request_is_taken_back(client, organisation):
    day = published_offering(model=VolunteerDayPage, title="Ehrenamtstag", dates=[in_days(30)])
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), day=day.pk, action="save"))
    client.post(address, form_data(client.get(address), day="", action="save"))
    assert DayRequest.objects.count() == 0
