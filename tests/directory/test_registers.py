"""The registers in the Wagtail admin: who reaches them, what lists and exports show, how members are managed there."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ehrenamt_wagtail import models
from ehrenamt_wagtail.models import Coordinator, Membership, Municipality, Organisation, OutgoingMail, Topic, Venue
from tests.factories import (
    CoordinatorFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db

REGISTERS = {
    Municipality: MunicipalityFactory,
    Organisation: OrganisationFactory,
    Topic: TopicFactory,
    Venue: VenueFactory,
    Coordinator: CoordinatorFactory,
    Membership: MembershipFactory,
}
MODELS = pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model._meta.model_name)


def address(model, action="index", *args):
    return reverse(f"ehrenamt_wagtail_{model._meta.model_name}_modeladmin_{action}", args=args)


def invitation(to, **facts):
    return {
        "first_name": "Ute",
        "last_name": "Neu",
        "email": "ute@post.example",
        "organisation": to.pk,
        "role": "member",
        **facts,
    }


def snapshot():
    """Everything that the registers hold."""
    return {model: list(model.objects.order_by("pk").values()) for model in [*REGISTERS, OutgoingMail]}


# Who reaches them


@MODELS
@pytest.mark.parametrize("person", ["anonymous", "member", "manager", "editor"])
def test_others_reach_nothing_and_change_nothing(model, person, client, request, organisation):
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    entry = REGISTERS[model]()
    before = snapshot()
    addresses = [
        address(model),
        address(model) + "?export=csv",
        address(model) + "?export=xlsx",
        address(model, "create"),
        address(model, "edit", entry.pk),
        address(model, "delete", entry.pk),
        address(model, "history", entry.pk),
    ]
    if model is Membership:
        addresses += [
            address(model, "invite"),
            address(model, "resend", entry.pk),
            address(model, "join", entry.organisation_id),
        ]
    for url in addresses:
        for method in (client.get, client.post):
            response = method(url, invitation(organisation, name="Neu", slug="neu"))
            assert response.status_code == 302, f"{method.__name__} {url}"
            assert str(entry) not in response.content.decode()
    assert snapshot() == before


@MODELS
@pytest.mark.parametrize("person", ["coordinator", "superuser"])
def test_coordinators_and_superusers_see_lists_and_forms(model, person, client, request):
    client.force_login(request.getfixturevalue(person))
    entry = REGISTERS[model]()
    name = entry.user.get_full_name() if model is Membership else entry.name
    for action in ("edit", "delete", "history"):
        assert client.get(address(model, action, entry.pk)).status_code == 200
    for url in (address(model), address(model, "edit", entry.pk), address(model, "delete", entry.pk)):
        response = client.get(url)
        assert response.status_code == 200
        assert name in response.content.decode(), url


def test_coordinator_adds_and_changes_a_topic(client, coordinator):
    client.force_login(coordinator)
    client.post(address(Topic, "create"), {"name": "Wohnen", "focus": "follow_up_housing", "description": "", "slug": ""})
    topic = Topic.objects.get()
    assert (topic.name, topic.slug, topic.focus) == ("Wohnen", "wohnen", "follow_up_housing")

    client.post(
        address(Topic, "edit", topic.pk),
        {"name": "Wohnung", "focus": "across", "description": "Neu", "slug": "wohnen"},
    )
    topic.refresh_from_db()
    assert (topic.name, topic.description) == ("Wohnung", "Neu")


def test_coordinator_adds_a_venue_with_rooms(client, coordinator):
    client.force_login(coordinator)
    town = MunicipalityFactory()
    facts = dict.fromkeys(("street", "postal_code", "organisation", "step_free", "accessible_toilet"), "")
    facts |= dict.fromkeys(("hearing_loop", "parking", "nearest_stop", "access_notes", "latitude", "longitude"), "")
    rooms = {"rooms-TOTAL_FORMS": 2, "rooms-INITIAL_FORMS": 0, "rooms-MIN_NUM_FORMS": 0, "rooms-MAX_NUM_FORMS": 1000}
    for number, name in enumerate(("Saal", "Stube")):
        rooms |= {f"rooms-{number}-name": name, f"rooms-{number}-seats": 20, f"rooms-{number}-step_free": "yes"}
        rooms[f"rooms-{number}-id"] = ""
    client.post(address(Venue, "create"), {**facts, **rooms, "name": "Haus am Markt", "municipality": town.pk})
    venue = Venue.objects.get()
    assert [room.name for room in venue.rooms.all()] == ["Saal", "Stube"]


def test_post_that_ends_before_it_begins_is_refused_next_to_the_form(client, coordinator):
    client.force_login(coordinator)
    facts = dict.fromkeys(("position", "email", "phone", "responsibilities", "photo"), "")
    response = client.post(
        address(Coordinator, "create"),
        {**facts, "name": "Frau X", "from_date": "2027-05-01", "until_date": "2027-04-01", "sort_order": 0},
    )
    assert "Das Amt kann nicht enden, bevor es beginnt" in response.content.decode()
    assert not Coordinator.objects.exists()


# Lists


@MODELS
def test_list_asks_the_same_number_of_queries_for_any_length(model, client, coordinator):
    client.force_login(coordinator)
    url = address(model)
    REGISTERS[model]()
    client.get(url)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    one = queries()
    for _number in range(2):
        REGISTERS[model]()
    assert queries() == one
    for _number in range(27):
        REGISTERS[model]()
    assert queries() == one


@pytest.mark.parametrize(
    "lookup",
    [
        "memberships__user__password__startswith=x",
        "municipality__organisations__memberships__user__password__startswith=x",
        "nonsense=1",
        "kind__regex=(",
        "municipality__id__exact=x",
        "is_active__exact=%00",
        "q=%00",
        "p=x&o=99",
    ],
)
def test_list_cannot_be_probed_or_broken_by_parameters(lookup, client, coordinator):
    """A list must not tell whether somebody's password hash begins with some letters."""
    MembershipFactory(organisation=OrganisationFactory(name="Caritas"))
    client.force_login(coordinator)
    response = client.get(f"{address(Organisation)}?{lookup}", follow=True)
    assert response.status_code == 200
    assert "Caritas" in response.content.decode()


def test_filters_and_search_narrow_the_list(client, coordinator):
    client.force_login(coordinator)
    town = MunicipalityFactory(name="Herrenberg")
    OrganisationFactory(name="Stadt Herrenberg", kind="municipality", municipality=town)
    OrganisationFactory(name="Caritas", kind="welfare", is_active=False)
    for query in ("kind__exact=municipality", f"municipality__id__exact={town.pk}", "q=herrenb", "is_active__exact=1"):
        text = client.get(f"{address(Organisation)}?{query}").content.decode()
        assert "Stadt Herrenberg</a>" in text, query
        assert "Caritas</a>" not in text, query


def test_list_of_coordinators_is_filtered_by_post(client, coordinator):
    client.force_login(coordinator)
    CoordinatorFactory(name="Frau Jetzt")
    CoordinatorFactory(name="Herr Vorbei", until_date="2020-06-30")
    now = client.get(address(Coordinator) + "?post=now").content.decode()
    ended = client.get(address(Coordinator) + "?post=ended").content.decode()
    assert ("Frau Jetzt" in now, "Herr Vorbei" in now) == (True, False)
    assert ("Frau Jetzt" in ended, "Herr Vorbei" in ended) == (False, True)


# Exports

DANGEROUS = ["=1+1", "+49 7031", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx"]


def test_csv_export_carries_no_formula(client, coordinator):
    client.force_login(coordinator)
    for number, text in enumerate(DANGEROUS):
        Organisation.objects.create(name=f"Verein {number}", contact_name=text)
    response = client.get(address(Organisation) + "?export=csv")
    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["Ansprechperson"] for row in rows] == ["'" + text for text in DANGEROUS]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert 'veranstalter.csv"' in response["Content-Disposition"]


def test_xlsx_export_carries_no_formula_and_survives_control_characters(client, coordinator):
    client.force_login(coordinator)
    texts = [*DANGEROUS, "a\x0bb"]
    for number, text in enumerate(texts):
        Organisation.objects.create(name=f"Verein {number}", contact_name=text)
    response = client.get(address(Organisation) + "?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    header, *rows = list(sheet.iter_rows())
    column = [cell.value for cell in header].index("Ansprechperson")
    values = [row[column].value.replace("_x000D_", "\r") for row in rows]
    assert values[:4] == ["'=1+1", "'+49 7031", "'-2+3", "'@SUM(A1)"]
    assert all(value.startswith("'") for value in values[:-1])
    assert values[-1] == "ab"
    assert all(cell.data_type != "f" for row in rows for cell in row)


def test_export_shows_words_and_keeps_numbers(client, coordinator):
    client.force_login(coordinator)
    town = MunicipalityFactory(name="Herrenberg", kind="town", population=0, latitude=-48.5)
    OrganisationFactory(name="Verein", kind="church", municipality=town, is_active=False)
    read = lambda url: next(  # noqa: E731
        csv.DictReader(io.StringIO(b"".join(client.get(url).streaming_content).decode()))
    )
    row = read(address(Organisation) + "?export=csv")
    assert (row["Art"], row["Ort"], row["Aktiv"], row["Zugänge"]) == ("Kirche", "Herrenberg", "nein", "0")
    row = read(address(Municipality) + "?export=csv")
    assert (row["Einwohnerzahl"], row["Breitengrad"], row["E-Mail-Adresse"]) == ("0", "-48.5", "")


# Members


def test_coordinator_invites_in_the_admin(client, coordinator, organisation, queued_jobs):
    client.force_login(coordinator)
    form = client.get(address(Membership, "invite"), {"organisation": organisation.pk})
    assert f'<option value="{organisation.pk}" selected>' in form.content.decode()

    response = client.post(address(Membership, "invite"), invitation(organisation), follow=True)

    membership = Membership.objects.get()
    assert (membership.user.get_full_name(), membership.organisation) == ("Ute Neu", organisation)
    assert OutgoingMail.objects.count() == 1
    assert "Ute Neu wurde für Caritas Musterkreis eingeladen" in response.content.decode()


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"organisation": 999999}, "Bitte eine gültige Auswahl treffen"),
        ({"organisation": "x' OR 1=1"}, "Bitte eine gültige Auswahl treffen"),
        ({"email": "chef@landkreis.example"}, "Zugang zur Verwaltung"),
        ({"email": "keine adresse"}, "gültige E-Mail-Adresse"),
        ({"role": "superuser"}, "Bitte eine gültige Auswahl treffen"),
        ({"last_name": ""}, "Dieses Feld muss ausgefüllt werden"),
    ],
)
def test_bad_invitation_is_refused_and_what_was_typed_kept(
    facts, message, client, coordinator, superuser, organisation
):
    client.force_login(coordinator)
    before = snapshot()
    text = client.post(address(Membership, "invite"), invitation(organisation, **facts)).content.decode()
    assert message in text
    assert 'value="Ute"' in text
    assert snapshot() == before


def test_forged_inactive_organisation_is_refused(client, coordinator):
    client.force_login(coordinator)
    inactive = OrganisationFactory(is_active=False)
    before = snapshot()
    client.post(address(Membership, "invite"), invitation(inactive))
    assert snapshot() == before


def test_memberships_are_not_created_by_picking_accounts(client, superuser, organisation):
    client.force_login(superuser)
    before = snapshot()
    response = client.post(
        address(Membership, "create"), {"user": superuser.pk, "organisation": organisation.pk, "role": "manager"}
    )
    assert response.status_code == 302
    assert snapshot() == before


def test_edit_changes_role_and_language_but_never_person_or_organisation(client, coordinator, organisation, superuser):
    client.force_login(coordinator)
    membership = MembershipFactory(organisation=organisation)
    person = membership.user
    client.post(
        address(Membership, "edit", membership.pk),
        {"role": "manager", "language": "en", "user": superuser.pk, "organisation": OrganisationFactory().pk},
    )
    membership.refresh_from_db()
    assert (membership.role, membership.language) == ("manager", "en")
    assert (membership.user, membership.organisation) == (person, organisation)


def test_ending_access_keeps_the_account(client, coordinator, organisation):
    client.force_login(coordinator)
    membership = MembershipFactory(organisation=organisation)
    question = client.get(address(Membership, "delete", membership.pk)).content.decode()
    assert "Das Konto und alles, was die Person bisher getan hat, bleiben erhalten" in question
    client.post(address(Membership, "delete", membership.pk))
    assert not Membership.objects.exists()
    assert type(membership.user).objects.filter(pk=membership.user_id).exists()


def test_inviting_again_needs_the_button(client, coordinator, organisation, queued_jobs):
    client.force_login(coordinator)
    membership = MembershipFactory(organisation=organisation)
    question = client.get(address(Membership, "resend", membership.pk)).content.decode()
    assert membership.user.email in question
    assert not OutgoingMail.objects.exists()
    client.post(address(Membership, "resend", membership.pk))
    assert OutgoingMail.objects.get().user == membership.user


def test_organisation_page_shows_its_members(client, coordinator, organisation):
    client.force_login(coordinator)
    MembershipFactory(organisation=organisation, user=UserFactory(first_name="Ute", last_name="Drin"))
    MembershipFactory(user=UserFactory(first_name="Otto", last_name="Anderswo"))
    text = client.get(address(Organisation, "edit", organisation.pk)).content.decode()
    assert "Ute Drin" in text
    assert "Otto Anderswo" not in text
    assert address(Membership, "invite") + f"?organisation={organisation.pk}" in text


def test_history_of_an_organisation_names_who_was_invited(client, coordinator, organisation, queued_jobs):
    client.force_login(coordinator)
    client.post(address(Membership, "invite"), invitation(organisation))
    text = client.get(address(Organisation, "history", organisation.pk)).content.decode()
    assert "Ute Neu wurde eingeladen" in text
    assert address(Organisation, "edit", organisation.pk) in text


def test_coordinator_joins_the_district_from_its_page(client, coordinator):
    client.force_login(coordinator)
    district = OrganisationFactory(kind="district")
    url = address(Membership, "join", district.pk)
    assert url in client.get(address(Organisation, "edit", district.pk)).content.decode()
    client.get(url)
    assert not Membership.objects.exists()
    client.post(url)
    assert Membership.objects.get().user == coordinator
    assert url not in client.get(address(Organisation, "edit", district.pk)).content.decode()


def test_menu_shows_the_group_to_coordinators_only(client, coordinator, editor):
    client.force_login(coordinator)
    assert "ehrenamt_wagtail/venue/" in client.get(reverse("wagtailadmin_home")).content.decode()
    client.force_login(editor)
    assert "ehrenamt_wagtail/venue/" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_registers_cover_the_directory():
    from ehrenamt_wagtail.directory.admin import REGISTERS as classes

    assert {register.model for register in classes} == set(REGISTERS)
    assert models.Room not in REGISTERS
