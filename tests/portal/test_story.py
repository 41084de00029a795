"""The line from sign-in to the district's queue."""

from django.test import Client

from ehrenamt_wagtail.models import TrainingPage
from tests.factories import in_days

from .helpers import facts, field_errors, form_data, soup, text_of


def test_story_from_sign_in_to_review(person, organisation):
    client = Client()
    response = client.get("/partner/angebote/neu/?art=fortbildung")
    assert response.url == "/partner/login/?next=%2Fpartner%2Fangebote%2Fneu%2F%3Fart%3Dfortbildung"
    response = client.post("/partner/login/", {"username": "caritas", "password": "ehrenamt-demo"})
    assert response.url == "/partner/"
    start = client.get("/partner/")
    assert "Caritasverband" in text_of(start)
    assert start["Cache-Control"] == "private, no-store"

    address = "/partner/angebote/neu/?art=fortbildung"
    form = client.get(address)
    data = form_data(form, title="Grundlagen des Asylrechts", action="save")
    assert data["contact_name"] == "Petra Beispiel"
    response = client.post(address, data)
    page = TrainingPage.objects.get()
    assert response.url == f"/partner/angebote/{page.pk}/"
    assert (page.title, page.live, page.organisation, page.owner) == (
        "Grundlagen des Asylrechts", False, organisation, person,
    )  # fmt: skip

    address = response.url
    form = client.get(address)
    response = client.post(address, form_data(form, action="submit", summary="Ein Abend."))
    assert response.status_code == 200
    assert field_errors(response, "dates-0-date") != []
    assert field_errors(response, "place") != []
    assert form_data(response)["summary"] == "Ein Abend."
    page.refresh_from_db()
    assert (page.summary, page.workflow_in_progress) == ("Ein Abend.", False)

    response = client.post(address, form_data(response, action="submit", **facts()))
    assert response.url == address
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert [date.start for date in page.occurrences.all()] == [in_days(20)]
    assert "Grundlagen des Asylrechts" in soup(client.get("/partner/")).select_one("[aria-labelledby=current]").get_text()
    assert soup(client.get(address)).select_one("button[value=withdraw]")
