"""Two organisations, several organisations of one person, and people without any."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from ehrenamt_wagtail.models import Membership, OfferingPage, TrainingPage
from tests.clients import signed_in
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    circle_page,
    coordinator_user,
    draft_offering,
    member_of,
    published_offering,
)

from .helpers import NEW, facts, form_data, soup, text_of

PARTS = ("", "vorschau/", "verlauf/", "kopieren/", "absagen/", "loeschen/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_another_organisation_do_not_exist(client, site, method):
    theirs = draft_offering(title="Geheimer Plan")
    live = published_offering(title="Öffentlich")
    circle = circle_page()
    addresses = [f"/partner/angebote/{page.pk}/{part}" for page in (theirs, live) for part in PARTS]
    addresses += [f"/partner/arbeitskreise/{circle.pk}/{part}" for part in PARTS[:3]]
    # A page of another kind, the site's root, no page at all.
    addresses += [f"/partner/angebote/{circle.pk}/", "/partner/angebote/1/", "/partner/angebote/99999999/"]
    # More than any database counts to.
    addresses += [f"/partner/{room}/{10**24}/" for room in ("angebote", "arbeitskreise")]
    revisions = theirs.revisions.count() + live.revisions.count()
    for address in addresses:
        response = getattr(client, method)(address, {"action": "save", "title": "Gekapert"})
        assert response.status_code == 404, address
        assert "Geheimer Plan" not in text_of(response)
    assert theirs.revisions.count() + live.revisions.count() == revisions
    assert set(OfferingPage.objects.values_list("title", flat=True)) == {"Geheimer Plan", "Öffentlich"}


def test_drafts_of_others_are_named_nowhere(client, site):
    draft_offering(title="Geheimer Plan")
    for address in ("/partner/", "/partner/termine/", "/partner/zugaenge/"):
        assert "Geheimer Plan" not in text_of(client.get(address))


@pytest.mark.parametrize("address", ["/partner/", NEW, "/partner/termine/", "/partner/zugaenge/", "/partner/angebote/5/"])
def test_anonymous_people_are_asked_to_sign_in(site, address):
    response = Client().get(address)
    assert response.url.startswith("/partner/login/?next=%2Fpartner%2F")
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["superuser", "editor", "former member"])
def test_people_without_organisation_get_a_friendly_page_and_nothing_else(site, organisation, kind):
    page = draft_offering(organisation=organisation, title="Geheimer Plan")
    if kind == "superuser":
        user = get_user_model().objects.create_superuser("chefin", "chefin@post.example", "ehrenamt-demo")
    else:
        user = UserFactory()
    if kind == "former member":
        MembershipFactory(user=user, organisation=OrganisationFactory(is_active=False))
    client = signed_in(user)
    for address in ("/partner/", NEW, "/partner/termine/", "/partner/zugaenge/", f"/partner/angebote/{page.pk}/"):
        for response in (client.get(address), client.post(address, {"action": "withdraw", "title": "x"})):
            assert response.status_code == 403
            assert "Kein Zugang zum Partnerbereich" in text_of(response)
            assert "Geheimer Plan" not in text_of(response)
    assert page.revisions.count() == 1


def test_coordinators_enter_the_districts_offerings_here_too(site):
    coordinator = coordinator_user()
    district = OrganisationFactory(kind="district")
    MembershipFactory(user=coordinator, organisation=district)
    client = signed_in(coordinator)
    client.post(NEW, form_data(client.get(NEW), **facts(), action="submit"))
    page = TrainingPage.objects.get()
    assert (page.organisation, page.workflow_in_progress) == (district, True)


def test_member_of_two_organisations_chooses_one(site, person, organisation):
    second = OrganisationFactory(name="Zweiter Verein", contact_name="Zora Zweit", contact_email="z@post.example")
    MembershipFactory(user=person, organisation=second)
    client = signed_in(person)
    links = [link["href"] for link in soup(client.get("/partner/angebote/neu/")).select(".ehrenamt-card__link")]
    address = next(link for link in links if "art=workshop" in link and f"organisation={second.pk}" in link)
    form = client.get(address)
    assert form_data(form)["contact_name"] == "Zora Zweit"
    client.post(address, form_data(form, **facts(), action="save"))
    page = TrainingPage.objects.get()
    assert (page.organisation, page.training_format) == (second, "workshop")
    # The organisation of an offering that exists cannot be changed.
    own = f"/partner/angebote/{page.pk}/"
    client.post(own, form_data(client.get(own), organisation=organisation.pk, action="save"))
    page.refresh_from_db()
    assert page.organisation == second


def test_colleagues_work_on_the_same_offering(client, organisation):
    page = draft_offering(organisation=organisation)
    colleague = signed_in(member_of(organisation))
    address = f"/partner/angebote/{page.pk}/"
    assert colleague.post(address, form_data(colleague.get(address), summary="Von der Kollegin.", action="save")).url == address
    assert form_data(client.get(address))["summary"] == "Von der Kollegin."


def test_removed_member_loses_access_at_once(client, person, organisation):
    page = draft_offering(organisation=organisation)
    data = form_data(client.get(f"/partner/angebote/{page.pk}/"), summary="Zu spät.", action="save")
    Membership.objects.filter(user=person).delete()
    assert client.post(f"/partner/angebote/{page.pk}/", data).status_code == 403
    page.refresh_from_db()
    assert page.summary != "Zu spät."


def test_forms_need_the_csrf_token(person, organisation):
    page = draft_offering(organisation=organisation)
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    for address in (NEW, f"/partner/angebote/{page.pk}/", f"/partner/angebote/{page.pk}/loeschen/", "/partner/zugaenge/"):
        assert client.post(address, {"action": "save", "title": "Gekapert"}).status_code == 403
    assert client.post("/partner/logout/").status_code == 403
    assert list(OfferingPage.objects.values_list("title", flat=True)) == [page.title]
    assert client.get("/partner/").status_code == 200
