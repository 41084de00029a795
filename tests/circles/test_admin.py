"""The register of the circles' figures: who reaches it, what the list, the form and the exports say."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ehrenamt_wagtail.models import CircleFigure, Membership
from tests import factories


def address(action="index", *args):
    return reverse(f"ehrenamt_wagtail_circlefigure_modeladmin_{action}", args=args)


@pytest.fixture
def index(ready_site):
    return ready_site[1]


@pytest.fixture
def coordinator(index, client):
    user = factories.coordinator_user()
    client.force_login(user)
    return user


@pytest.fixture
def circle(index):
    return circle_in("Herrenberg")


def circle_in(town: str, **facts):
    organisation = factories.OrganisationFactory(kind="circle", municipality=factories.MunicipalityFactory(name=town))
    return factories.circle_page(organisation=organisation, **facts)


def figure_of(circle, year=2026, volunteers=40) -> CircleFigure:
    return CircleFigure.objects.create(circle=circle, year=year, volunteers=volunteers)


def rows_of_csv(response) -> list[dict]:
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


@pytest.mark.parametrize("person", ["anonymous", "member", "manager"])
def test_others_reach_nothing_and_change_nothing(person, circle, client):
    if person == "member":
        client.force_login(factories.member_of(circle.organisation))
    elif person == "manager":
        membership = factories.MembershipFactory(organisation=circle.organisation, role=Membership.Role.MANAGER)
        client.force_login(membership.user)
    figure = figure_of(circle, volunteers=4711)
    addresses = [
        address(),
        address() + "?export=csv",
        address() + "?export=xlsx",
        address("create"),
        *(address(action, figure.pk) for action in ("edit", "delete", "history")),
    ]
    for url in addresses:
        for method in (client.get, client.post):
            response = method(url, {"circle": circle.pk, "year": 2020, "volunteers": 1})
            assert response["Location"].startswith("/verwaltung/login/"), url
            assert "4711" not in response.content.decode()
    assert [(row.year, row.volunteers) for row in CircleFigure.objects.all()] == [(2026, 4711)]


def test_coordinator_keeps_the_figures(circle, coordinator, client):
    client.post(address("create"), {"circle": circle.pk, "year": 2025, "volunteers": 44})
    figure = CircleFigure.objects.get()
    assert (figure.circle, figure.year, figure.volunteers) == (circle, 2025, 44)
    client.post(address("edit", figure.pk), {"circle": circle.pk, "year": 2025, "volunteers": 38})
    figure.refresh_from_db()
    assert figure.volunteers == 38
    assert client.get(address("history", figure.pk)).status_code == 200
    client.post(address("delete", figure.pk))
    assert not CircleFigure.objects.exists()


def test_form_tells_circles_of_the_same_name_apart(circle, coordinator, client):
    circle_in("Renningen")
    text = client.get(address("create")).content.decode()
    assert text.index("Arbeitskreis Asyl (Herrenberg)") < text.index("Arbeitskreis Asyl (Renningen)")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"year": 2026}, "Für dieses Jahr gibt es schon eine Zahl: 40."),
        ({"year": 1999}, "größer oder gleich 2000"),
        ({"volunteers": -1}, "größer oder gleich 0"),
        ({"volunteers": ""}, "Dieses Feld muss ausgefüllt werden"),
        ({"circle": 999999}, "Bitte eine gültige Auswahl treffen"),
    ],
)
def test_bad_figure_is_refused_and_what_was_typed_kept(facts, message, circle, coordinator, client):
    figure_of(circle)
    text = client.post(address("create"), {"circle": circle.pk, "year": 2025, "volunteers": 38, **facts}).content.decode()
    assert message in text
    typed = {"year": 2025, **facts}
    assert f'value="{typed["year"]}"' in text
    assert CircleFigure.objects.get().year == 2026


def test_list_goes_by_circle_and_year_and_can_be_narrowed(circle, coordinator, client):
    other = circle_in("Renningen", title="Freundeskreis")
    for year, number in ((2024, 1111), (2026, 3333), (2025, 2222)):
        figure_of(circle, year, number)
    figure_of(other, 2026, 4444)

    def numbers(query="") -> list[str]:
        text = client.get(address() + query).content.decode()
        return sorted((one for one in ("1111", "2222", "3333", "4444") if f">{one}<" in text), key=lambda one: text.index(f">{one}<"))

    assert numbers() == ["3333", "2222", "1111", "4444"]
    assert numbers("?year=2026") == ["3333", "4444"]
    assert numbers(f"?circle__page_ptr__exact={other.pk}") == ["4444"]
    assert numbers("?q=herrenb") == ["3333", "2222", "1111"]
    assert numbers("?circle__organisation__memberships__user__password__startswith=x") == ["3333", "2222", "1111", "4444"]
    heading = client.get(address()).content.decode()
    assert all(word in heading for word in ("Zahlen der Arbeitskreise", "Stadt oder Gemeinde", "Jahr", "Ehrenamtliche"))


def test_filter_offers_the_circles_by_name(coordinator, client):
    for name in ("Miteinander", "Ankommen", "Zusammen"):
        figure_of(circle_in("Herrenberg", title=name))
    text = client.get(address()).content.decode()
    offered = text[text.index("Nach Arbeitskreis") :]
    assert offered.index("Ankommen") < offered.index("Miteinander") < offered.index("Zusammen")


def test_filter_that_makes_no_sense_shows_everything(circle, coordinator, client):
    figure_of(circle, volunteers=4711)
    for query in ("?circle__page_ptr__exact=x", "?year=x"):
        assert "4711" in client.get(address() + query, follow=True).content.decode(), query


def test_word_for_circles_is_the_districts(circle, coordinator, client, settings):
    settings.EHRENAMT = {**getattr(settings, "EHRENAMT", {}), "CIRCLE_NAME": "Helferkreis", "CIRCLE_NAME_PLURAL": "Helferkreise"}
    figure_of(circle)
    (row,) = rows_of_csv(client.get(address() + "?export=csv"))
    assert "Helferkreis" in row


def test_exports_hold_words_numbers_and_no_formula(coordinator, client):
    figure_of(circle_in("Herrenberg", title="=1+1"), 2025, 0)
    response = client.get(address() + "?export=csv")
    assert 'ehrenamtliche-nach-jahren.csv"' in response["Content-Disposition"]
    assert rows_of_csv(response) == [
        {"Arbeitskreis": "'=1+1", "Stadt oder Gemeinde": "Herrenberg", "Jahr": "2025", "Ehrenamtliche": "0"}
    ]
    sheet = load_workbook(io.BytesIO(b"".join(client.get(address() + "?export=xlsx").streaming_content))).active
    assert list(sheet.iter_rows(values_only=True))[1:] == [("'=1+1", "Herrenberg", 2025, 0)]


@pytest.mark.parametrize("query", ["", "?export=csv", "?export=xlsx"])
def test_list_asks_the_same_number_of_queries_for_any_length(query, circle, coordinator, client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address() + query)
            if response.streaming:
                list(response.streaming_content)
        return len(captured)

    figure_of(circle, 2000)
    queries()
    one = queries()
    for number in range(2):
        figure_of(circle_in(f"Ort {number}"), 2001)
    assert queries() == one
    for year in range(2002, 2032):
        figure_of(circle, year)
    assert queries() == one


def test_menu_leads_there(circle, coordinator, client):
    assert "ehrenamt_wagtail/circlefigure/" in client.get(reverse("wagtailadmin_home")).content.decode()
