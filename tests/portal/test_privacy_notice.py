"""What an organisation says about data protection: who writes it, and that nothing of it is lost."""

import pytest
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import Membership, Organisation, PrivacyNotice
from ehrenamt_wagtail.signups.privacy import save_privacy_notice
from tests.clients import signed_in
from tests.factories import MembershipFactory, UserFactory, coordinator_user, member_of, published_offering

from .helpers import field_errors, form_data, messages_of, soup

pytestmark = pytest.mark.django_db

TEXT = "Caritas Musterstadt\nMarktplatz 1"


@pytest.fixture
def url(organisation) -> str:
    return f"/partner/datenschutz/{organisation.pk}/"


def notices() -> list:
    return list(PrivacyNotice.objects.values())


def test_notice_is_written_and_logged_without_its_text(client, person, organisation, url):
    response = client.post(url, form_data(client.get(url), controller=TEXT, law="gdpr"), follow=True)
    notice = PrivacyNotice.objects.get()
    assert (notice.organisation, notice.controller, notice.law, notice.updated_by) == (organisation, TEXT, "gdpr", person)
    assert "Gespeichert." in messages_of(response)
    assert form_data(response)["controller"] == TEXT
    entry = ModelLogEntry.objects.get(action="ehrenamt.change_privacy_notice")
    assert "Caritas Musterstadt" not in str(entry.data)


def test_first_form_says_what_is_known_anyway(client, url):
    data = form_data(client.get(url))
    assert data["controller"].splitlines() == ["Caritasverband", "caritas@post.example"]
    assert data["law"] == "gdpr"


@pytest.mark.parametrize("kind", ["church", "welfare"])
def test_church_has_to_choose_its_law(client, organisation, url, kind):
    Organisation.objects.filter(pk=organisation.pk).update(kind=kind)
    response = client.get(url)
    assert "law" not in form_data(response)
    assert "DSG-EKD" in soup(response).select_one(".ehrenamt-note").get_text()
    refused = client.post(url, form_data(response, controller=TEXT))
    assert field_errors(refused, "law") == ["Fehler: Bitte wählen Sie das Recht, das gilt."]
    assert form_data(refused)["controller"] == TEXT
    assert notices() == []
    client.post(url, form_data(refused, law="kdg"))
    assert PrivacyNotice.objects.get().law == "kdg"


@pytest.mark.parametrize(
    ("changes", "name"), [({"controller": "  "}, "controller"), ({"law": "own"}, "law"), ({"more": "x" * 5001}, "more")]
)
def test_wrong_facts_are_told_and_nothing_is_saved(client, url, changes, name):
    response = client.post(url, form_data(client.get(url), data_protection_officer="Frau Muster", **changes))
    assert field_errors(response, name)
    assert form_data(response)["data_protection_officer"] == "Frau Muster"
    assert notices() == []


def test_saving_leads_back_to_the_offering_it_was_missing_for(client, organisation, url):
    page = published_offering(organisation=organisation)
    response = client.post(f"{url}?angebot={page.pk}", form_data(client.get(url), controller=TEXT))
    assert response["Location"] == f"/partner/angebote/{page.pk}/anmeldungen/einrichten/"
    foreign = published_offering(slug="fremd")
    for other in (foreign.pk, "9" * 30, "x", "//böse.example/"):
        response = client.post(f"{url}?angebot={other}", form_data(client.get(url), controller=f"{TEXT} {other}"))
        assert response["Location"] == url


def test_member_without_the_role_of_a_manager_writes_it_too(organisation, url):
    member = MembershipFactory(user=UserFactory(), organisation=organisation, role=Membership.Role.MEMBER).user
    client = signed_in(member)
    client.post(url, form_data(client.get(url), controller=TEXT))
    assert PrivacyNotice.objects.get().updated_by == member


def test_others_and_the_district_neither_see_nor_write_it(organisation, url):
    coordinator = coordinator_user()
    MembershipFactory(user=coordinator)
    for user in (member_of(), coordinator):
        client = signed_in(user)
        assert client.get(url).status_code == 404
        assert client.post(url, {"controller": "falsch", "law": "gdpr"}).status_code == 404
        with pytest.raises(NotAllowed):
            save_privacy_notice(organisation, facts={"controller": "falsch", "law": "gdpr"}, actor=user)
    assert signed_in(member_of()).get("/partner/datenschutz/99999999/").status_code == 404
    assert notices() == []


def test_second_tab_is_refused_with_what_differs_and_can_be_saved_then(client, url):
    first, second = (form_data(client.get(url), controller=text) for text in ("Erster Text", "Zweiter Text"))
    client.post(url, first)
    response = client.post(url, second)
    assert response.status_code == 409
    assert "Erster Text" in soup(response).select_one("table.ehrenamt-diff").get_text()
    assert PrivacyNotice.objects.get().controller == "Erster Text"
    kept = form_data(response)
    assert kept["controller"] == "Zweiter Text"
    client.post(url, kept)
    assert PrivacyNotice.objects.get().controller == "Zweiter Text"


def test_double_click_changes_nothing(client, url):
    data = form_data(client.get(url), controller=TEXT)
    client.post(url, data)
    before = notices()
    assert client.post(url, data).status_code == 302
    assert notices() == before
    assert ModelLogEntry.objects.filter(action="ehrenamt.change_privacy_notice").count() == 1


def test_text_typed_while_signed_out_is_back(client, person, url):
    data = form_data(client.get(url), controller=TEXT)
    client.logout()
    client.post(url, data)
    client.post("/partner/login/", {"username": "caritas", "password": "ehrenamt-demo"})
    response = client.get(url)
    assert form_data(response)["controller"] == TEXT
    assert "noch nicht gespeichert" in messages_of(response)
    assert notices() == []
