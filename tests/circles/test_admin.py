"""The register of the circles' figures: who reaches it, what the list, the form and the exports say."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from ehrenamt_wagtail.circles.figures import state_figure, take_back_figure
from ehrenamt_wagtail.models import CircleFigure, Membership
from tests import factories

from .half_years import NOW, stop_clock


def address(action="index", *args):
    return reverse(f"ehrenamt_wagtail_circlefigure_modeladmin_{action}", args=args)


@pytest.fixture
def index(ready_site):
    return ready_site[1]


@pytest.fixture(autouse=True)
def present(monkeypatch):
    stop_clock(monkeypatch)


@pytest.fixture
def coordinator(index, client):
    user = factories.coordinator_user(first_name="Miriam", last_name="Sommerfeld")
    client.force_login(user)
    return user


@pytest.fixture
def circle(index):
    return circle_in("Herrenberg")


def circle_in(town: str, **facts):
    organisation = factories.OrganisationFactory(kind="circle", municipality=factories.MunicipalityFactory(name=town))
    return factories.circle_page(organisation=organisation, **facts)


def figure_of(circle, year=2026, volunteers=40, half=1, **facts) -> CircleFigure:
    return CircleFigure.objects.create(circle=circle, year=year, half=half, volunteers=volunteers, **facts)


def rows() -> list[tuple]:
    return list(CircleFigure.objects.order_by("pk").values_list("year", "half", "volunteers", "is_current"))


def form_of(response) -> dict:
    """What the form would send as it stands."""
    form = response.context["form"]
    return {name: "" if value is None else value for name, value in ((field.name, field.value()) for field in form)}


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


def test_coordinator_enters_a_figure(circle, coordinator, client):
    data = {"circle": circle.pk, "year": 2025, "half": 2, "volunteers": "1.044", "groups": 4, "remarks": "Am Telefon."}
    response = client.post(address("create"), data, follow=True)
    figure = CircleFigure.objects.get()
    assert (figure.circle, figure.year, figure.half, figure.volunteers, figure.groups) == (circle, 2025, 2, 1044, 4)
    assert (figure.stated_by, figure.stated_at, figure.is_by_link, figure.remarks) == (coordinator, NOW, False, "Am Telefon.")
    assert "Juli bis Dezember 2025: 1.044 Ehrenamtliche, 4 aktive Gruppen. Das ist gespeichert." in response.content.decode()
    # A second click.
    client.post(address("create"), data)
    assert len(rows()) == 1


def test_editing_states_anew_and_overwrites_nothing(circle, coordinator, client):
    figure = figure_of(circle)
    form = form_of(client.get(address("edit", figure.pk)))
    other = circle_in("Renningen")
    client.post(address("edit", figure.pk), {**form, "volunteers": 38, "circle": other.pk, "year": 2020, "half": 2})
    assert rows() == [(2026, 1, 40, False), (2026, 1, 38, True)]
    assert set(CircleFigure.objects.values_list("circle", flat=True)) == {circle.pk}
    listed = client.get(address()).content.decode()
    assert ">38<" in listed and ">40<" not in listed
    # Saved without a change nothing is written.
    newest = CircleFigure.objects.get(is_current=True)
    client.post(address("edit", newest.pk), form_of(client.get(address("edit", newest.pk))))
    assert len(rows()) == 2


def test_form_begins_with_what_the_address_names(circle, coordinator, client):
    form = form_of(client.get(address("create")))
    assert (form["year"], form["half"]) == (2026, 2)
    form = form_of(client.get(f"{address('create')}?circle={circle.pk}&year=2025&half=1"))
    assert (str(form["circle"]), str(form["year"]), str(form["half"])) == (str(circle.pk), "2025", "1")


def test_figure_that_is_there_already_is_named_and_replaced_only_then(circle, coordinator, client):
    figure_of(circle)
    data = {"circle": circle.pk, "year": 2026, "half": 1, "volunteers": 38, "seen": 0}
    response = client.post(address("create"), data)
    assert "Für dieses Halbjahr gibt es schon eine Zahl: 40 Ehrenamtliche." in response.content.decode()
    assert rows() == [(2026, 1, 40, True)]
    again = form_of(response)
    assert (again["volunteers"], str(again["circle"])) == ("38", str(circle.pk))
    client.post(address("create"), again)
    assert rows() == [(2026, 1, 40, False), (2026, 1, 38, True)]


def test_form_that_was_open_while_the_circle_stated_something_is_compared(circle, coordinator, client):
    figure = figure_of(circle)
    form = form_of(client.get(address("edit", figure.pk)))
    state_figure(circle, year=2026, half=1, volunteers=42, is_by_link=True)
    response = client.post(address("edit", figure.pk), {**form, "volunteers": 38, "remarks": "Am Telefon."})
    assert "inzwischen 42 Ehrenamtliche gemeldet" in response.content.decode()
    assert form_of(response)["remarks"] == "Am Telefon."
    assert [row[2] for row in rows()] == [40, 42]
    client.post(address("edit", figure.pk), form_of(response))
    assert [(row[2], row[3]) for row in rows()] == [(40, False), (42, False), (38, True)]


def test_history_shows_all_that_was_stated(circle, coordinator, client):
    figure_of(circle, 2025)
    state_figure(circle, year=2026, half=1, volunteers=43, remarks="Getippt.", is_by_link=True)
    mistake = state_figure(circle, year=2026, half=1, volunteers=500, actor=coordinator)
    take_back_figure(mistake, actor=coordinator)
    last = state_figure(circle, year=2026, half=1, volunteers=34, groups=3, actor=coordinator)
    assert address("history", last.pk) in client.get(address()).content.decode()
    soup = BeautifulSoup(client.get(address("history", last.pk)).content, "html.parser")
    cells = [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in soup.select("main tbody tr")]
    assert [row[:5] for row in cells] == [
        ["34", "3", "", "zählt", "Miriam Sommerfeld"],
        ["500", "", "", "zurückgenommen am Fr 20. November", "Miriam Sommerfeld"],
        ["43", "", "Getippt.", "ersetzt", "Arbeitskreis selbst, per Link"],
    ]
    # What is history is not edited.
    assert client.get(address("edit", mistake.pk))["Location"] == address("history", mistake.pk)


def test_figure_stated_by_mistake_is_taken_back_and_kept(circle, coordinator, client):
    figure_of(circle)
    mistake = state_figure(circle, year=2026, half=1, volunteers=500, actor=coordinator)
    assert "500 Ehrenamtliche" in client.get(address("delete", mistake.pk)).content.decode()
    assert len(rows()) == 2
    response = client.post(address("delete", mistake.pk), follow=True)
    assert "Nun zählt wieder: 40 Ehrenamtliche." in response.content.decode()
    assert rows() == [(2026, 1, 40, True), (2026, 1, 500, False)]
    # Neither a second click nor an old row does anything, and it is said why.
    again = client.post(address("delete", mistake.pk), follow=True)
    assert "Diese Zahl zählt nicht mehr" in again.content.decode()
    assert client.get(address("delete", mistake.pk))["Location"] == address("history", mistake.pk)
    assert rows() == [(2026, 1, 40, True), (2026, 1, 500, False)]


def test_list_names_the_town_where_the_title_does_not(circle, coordinator, client):
    for one in (circle, circle_in("Renningen", title="Arbeitskreis Asyl Renningen")):
        figure_of(one)
    soup = BeautifulSoup(client.get(address()).content, "html.parser")
    names = [row.select_one("td").get_text(" ", strip=True) for row in soup.select("tbody tr")]
    assert [name.split(" Bearbeiten")[0] for name in names] == ["Arbeitskreis Asyl (Herrenberg)", "Arbeitskreis Asyl Renningen"]


def test_form_tells_circles_of_the_same_name_apart(circle, coordinator, client):
    circle_in("Renningen")
    text = client.get(address("create")).content.decode()
    assert text.index("Arbeitskreis Asyl (Herrenberg)") < text.index("Arbeitskreis Asyl (Renningen)")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"year": 2027}, "Dieses Halbjahr hat noch nicht begonnen."),
        ({"year": 1999}, "größer oder gleich 2000"),
        ({"half": 3}, "keine gültige Auswahl"),
        ({"volunteers": -1}, "Bitte geben Sie 0 oder mehr ein."),
        ({"volunteers": 100001}, "Mehr als 100.000"),
        ({"groups": "viele"}, "ganze Zahl in Ziffern"),
        ({"remarks": "x" * 1001}, "höchstens 1000 Zeichen"),
        ({"volunteers": ""}, "Dieses Feld muss ausgefüllt werden"),
        ({"circle": 999999}, "Bitte eine gültige Auswahl treffen"),
    ],
)
def test_bad_figure_is_refused_and_what_was_typed_kept(facts, message, circle, coordinator, client):
    figure_of(circle)
    data = {"circle": circle.pk, "year": 2025, "half": 1, "volunteers": 38, **facts}
    text = client.post(address("create"), data).content.decode()
    assert message in text
    typed = {"year": 2025, **facts}
    assert f'value="{typed["year"]}"' in text
    assert CircleFigure.objects.get().year == 2026


def test_list_goes_by_half_year_and_circle_and_can_be_narrowed(circle, coordinator, client):
    other = circle_in("Renningen", title="Freundeskreis")
    for year, half, number in ((2025, 1, 1111), (2026, 1, 3333), (2025, 2, 2222)):
        figure_of(circle, year, number, half)
    figure_of(other, 2026, 4444)
    figure_of(circle, 2026, 5555, is_current=False)

    def numbers(query="") -> list[str]:
        text = client.get(address() + query).content.decode()
        shown = [one for one in ("1111", "2222", "3333", "4444", "5555") if f">{one}<" in text]
        return sorted(shown, key=lambda one: text.index(f">{one}<"))

    assert numbers() == ["3333", "4444", "2222", "1111"]
    assert numbers("?year=2026") == ["3333", "4444"]
    assert numbers("?half__exact=2") == ["2222"]
    assert numbers(f"?circle__page_ptr__exact={other.pk}") == ["4444"]
    assert numbers("?q=herrenb") == ["3333", "2222", "1111"]
    assert numbers("?circle__organisation__memberships__user__password__startswith=x") == ["3333", "4444", "2222", "1111"]
    heading = client.get(address()).content.decode()
    assert all(word in heading for word in ("Zahlen der Arbeitskreise", "Jahr", "Halbjahr", "Ehrenamtliche"))


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
    facts = {"groups": 2, "remarks": "=2+2", "stated_at": NOW, "stated_by": coordinator}
    figure_of(circle_in("Herrenberg", title="=1+1"), 2025, 0, 2, **facts)
    response = client.get(address() + "?export=csv")
    assert 'ehrenamtliche-nach-halbjahren.csv"' in response["Content-Disposition"]
    assert rows_of_csv(response) == [
        {
            "Arbeitskreis": "'=1+1",
            "Stadt oder Gemeinde": "Herrenberg",
            "Jahr": "2025",
            "Halbjahr": "Juli bis Dezember",
            "Ehrenamtliche": "0",
            "Aktive Gruppen": "2",
            "Anmerkungen": "'=2+2",
            "Gemeldet am": "2026-11-20 10:30:00",
            "Gemeldet von": "Miriam Sommerfeld",
        }
    ]
    sheet = load_workbook(io.BytesIO(b"".join(client.get(address() + "?export=xlsx").streaming_content))).active
    (row,) = list(sheet.iter_rows(values_only=True))[1:]
    assert row[:7] == ("'=1+1", "Herrenberg", 2025, "Juli bis Dezember", 0, 2, "'=2+2")


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
    for number in range(300):
        figure_of(circle, 2002 + number // 2, 40, number % 2 + 1, stated_by=coordinator)
    assert queries() == one


def test_menu_leads_there(circle, coordinator, client):
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "ehrenamt_wagtail/circlefigure/" in menu and "ehrenamt/circle-figures/" in menu
    assert reverse("ehrenamt_admin:circle_figures_asking") in client.get(address()).content.decode()
