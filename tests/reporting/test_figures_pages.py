"""The figures in the admin: who reads them, for which days, and that small numbers of people stand nowhere."""

import csv
import datetime as dt
import io
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.catalogue import SECTIONS, figures
from ehrenamt_wagtail.reporting.figures.spans import half_year
from ehrenamt_wagtail.signups.figures import refresh
from tests import factories

pytestmark = pytest.mark.django_db

OVERVIEW = "ehrenamt_admin:figures"
TODAY = "zeitraum=eigen&von={day}&bis={day}&vergleich=ohne"


@pytest.fixture
def site(ready_site):
    return ready_site


@pytest.fixture
def coordinator(site, client):
    client.force_login(factories.coordinator_user())
    return client


def seat_figure(**facts) -> models.SeatFigure:
    values = {"title": "Abend", "kind": "training", "format": "workshop", "date": timezone.localdate(), "municipality": "Weil"}
    return models.SeatFigure.objects.create(**{**values, **facts})


def address(name=OVERVIEW, *args, **parameters) -> str:
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    return reverse(name, args=args) + (f"?{query}" if query else "")


def of_page(response, name):
    """The row of a figure on the overview."""
    return next(row for section in response.context["sections"] for row in section.figures if row.figure.name == name)


def csv_rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def sheets(response) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(response.content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


# Who


ADDRESSES = [
    (OVERVIEW,), ("ehrenamt_admin:figures_xlsx",), ("ehrenamt_admin:figure", "taken"), ("ehrenamt_admin:figure_csv", "taken"),
]  # fmt: skip


def person(kind):
    if kind == "member":
        return factories.member_of()
    if kind == "editor":
        user = factories.UserFactory()
        group = Group.objects.create(name="Redaktion")
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
        user.groups.add(group)
        return user
    return None


@pytest.mark.parametrize("kind", ["anonymous", "member", "editor"])
@pytest.mark.parametrize("where", ADDRESSES)
def test_others_are_refused_and_shown_nothing(site, client, kind, where):
    seat_figure(title="Geheimer Abend", taken=4711)
    if user := person(kind):
        client.force_login(user)
    response = client.get(address(*where))
    assert response.status_code == 302
    followed = client.get(address(*where), follow=True)
    assert "4.711" not in followed.content.decode() and "Geheimer Abend" not in followed.content.decode()


def test_menu_shows_the_figures_to_coordinators_alone(coordinator, client):
    assert reverse(OVERVIEW) in client.get(reverse("wagtailadmin_home")).content.decode()
    client.force_login(person("editor"))
    assert reverse(OVERVIEW) not in client.get(reverse("wagtailadmin_home")).content.decode()


# What


def test_page_shows_every_figure_with_definition_change_and_course(coordinator):
    today = timezone.localdate()
    year_ago = half_year(today).year_before().first
    seat_figure(taken=12)
    seat_figure(taken=10, date=year_ago)
    response = coordinator.get(address())
    shown = [row.figure.name for section in response.context["sections"] for row in section.figures]
    assert shown == [figure.name for figure in figures()]
    assert [section.key for section in response.context["sections"]] == list(SECTIONS)
    row, html = of_page(response, "taken"), response.content.decode()
    assert (row.cell.text, row.compared.text, row.change) == ("12", "10", "2 mehr (+20\u00a0%)")
    assert [cell.text for cell in row.series] == ["0", "0", "0", "10", "0", "12"]
    assert row.chart in html and "Belegte Plätze" in html
    for figure in figures():
        assert str(figure.label) in html and str(figure.definition)[:60].replace('"', "&quot;") in html


def test_address_says_all_and_leads_on(coordinator):
    day = timezone.localdate()
    seat_figure(taken=12)
    seat_figure(taken=30, date=day - dt.timedelta(days=1))
    response = coordinator.get(address() + "?" + TODAY.format(day=day))
    row = of_page(response, "taken")
    assert row.cell.text == "12" and row.compared is None
    assert f"von={day}" in row.url and "vergleich=ohne" in row.url
    opened = coordinator.get(row.url)
    assert opened.context["cell"].text == "12" and opened.context["number"] == 1


def test_years_periods_and_the_span_before_can_be_chosen(coordinator):
    today = timezone.localdate()
    period = models.ProgrammePeriod.objects.create(name="Programm im Mai", first_day=today, last_day=today, deadline=today)
    seat_figure(taken=12)
    seat_figure(taken=7, date=today - dt.timedelta(days=1))
    response = coordinator.get(address(zeitraum=f"p{period.pk}", vergleich="davor"))
    row = of_page(response, "taken")
    assert (row.cell.text, row.compared.text) == ("12", "7")
    assert "Programm im Mai" in response.content.decode()
    response = coordinator.get(address(zeitraum=today.year, vergleich=f"p{period.pk}", verlauf=4))
    assert of_page(response, "taken").compared.text == "12" and len(response.context["series"]) == 4


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("zeitraum=2027-3", "2027-3"),
        ("zeitraum=eigen&von=2026-01-05&bis=2026-01-04", "Der letzte Tag liegt vor dem ersten."),
        ("zeitraum=eigen&von=2026-01-05", "Bitte geben Sie auch diesen Tag ein."),
        ("zeitraum=eigen&von=9999-01-01&bis=9999-12-31", "Bitte prüfen Sie das Jahr."),
        ("vergleich=eigen&vergleich_von=gestern", "Datum"),
        ("verlauf=1000", "1000"),
        ("zeitraum=%00&von=%00", ""),
    ],
)
def test_bad_addresses_get_a_sentence_and_the_present_half_year(coordinator, query, message):
    seat_figure(taken=12)
    response = coordinator.get(address() + "?" + query)
    assert response.context["span"] == half_year(timezone.localdate())
    assert of_page(response, "taken").cell.text == "12"
    assert message in response.content.decode()


def test_unknown_figure_is_not_found_and_unknown_group_shows_all(coordinator):
    assert coordinator.get(address("ehrenamt_admin:figure", "nothing")).status_code == 404
    seat_figure(taken=12)
    response = coordinator.get(address("ehrenamt_admin:figure", "taken", nach="schuhe", wert="45"))
    assert response.context["cell"].text == "12" and response.context["number"] == 1


# Rows


def test_figure_opens_down_to_its_rows_page_by_page(coordinator):
    for number in range(60):
        seat_figure(title=f"Abend {number:02}", taken=5, municipality="Calw" if number % 2 else "Weil")
    response = coordinator.get(address("ehrenamt_admin:figure", "taken"))
    assert (response.context["cell"].text, response.context["number"]) == ("300", 60)
    assert len(response.context["found"]) == 50
    second = coordinator.get(address("ehrenamt_admin:figure", "taken", seite=2))
    assert len(second.context["found"]) == 10 and "Abend 59" in second.content.decode()
    town = coordinator.get(address("ehrenamt_admin:figure", "taken", nach="town", wert="Calw"))
    assert (town.context["cell"].text, town.context["number"]) == ("150", 30)
    rows = csv_rows(coordinator.get(town.context["csv_url"]))
    assert len(rows) == 31 and {row[4] for row in rows[1:]} == {"Calw"} and sum(int(row[5]) for row in rows[1:]) == 150


def test_rows_name_nobody(coordinator):
    _page, plan = factories.offering_with_sign_up(capacity=9)
    factories.sign_up_of(plan, name="Erika Muster", email="erika@post.example")
    refresh()
    for figure in figures():
        for name in ("figure", "figure_csv"):
            response = coordinator.get(address(f"ehrenamt_admin:{name}", figure.name))
            text = b"".join(response).decode() if response.streaming else response.content.decode()
            assert "Erika" not in text and "erika@" not in text


def test_files_run_no_formula(coordinator):
    seat_figure(title="=1+1", municipality="@Weil", taken=5)
    kind = models.FigureKind.objects.first()
    models.FigureKind.objects.filter(pk=kind.pk).update(name="=2+2", definition="+3\x01")
    rows = csv_rows(coordinator.get(address("ehrenamt_admin:figure_csv", "taken")))
    assert rows[1][1] == "'=1+1" and rows[1][4] == "'@Weil"
    book = sheets(coordinator.get(address("ehrenamt_admin:figures_xlsx")))
    cells = [cell for rows in book.values() for row in rows for cell in row if isinstance(cell, str)]
    assert "'=2+2" in cells and "'@Weil" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_xlsx_has_every_figure_with_its_definition_and_numbers_to_count_with(coordinator):
    seat_figure(taken=12, municipality="Calw")
    book = sheets(coordinator.get(address("ehrenamt_admin:figures_xlsx")))
    assert list(book) == ["Zahlen", "Verlauf", "Nach Gruppen"]
    for title in ("Zahlen", "Verlauf"):
        assert [row[1] for row in book[title][1:]] == [str(figure.label) for figure in figures()]
        assert all(row[2] for row in book[title])
    taken = next(row for row in book["Zahlen"] if row[1] == "Belegte Plätze")
    assert taken[3] == 12
    assert next(row for row in book["Nach Gruppen"] if row[0] == "Belegte Plätze" and row[2] == "Calw")[3] == 12


# Below five


def everything_told(client) -> str:
    """Page, rows, groups and files of the figure that counts seats taken."""
    overview = client.get(address())
    row = of_page(overview, "taken")
    texts = [row.cell.text, row.compared.text, row.change, row.chart, *(cell.text for cell in row.series)]
    opened = client.get(row.url).context
    texts += [opened["cell"].text, *(cell.text for _cells, cell in opened["found"])]
    texts += [cell.text for table in opened["tables"] for _label, _url, cells in table.rows for cell in cells]
    texts += [cell for line in csv_rows(client.get(opened["csv_url"])) for cell in line[5:]]
    for rows in sheets(client.get(overview.context["xlsx_url"])).values():
        texts += [str(cell) for line in rows if "Belegte Plätze" in line for cell in line[3:]]
    return "\n".join(texts)


def test_total_below_five_reads_so_everywhere(coordinator):
    seat_figure(taken=3)
    told = everything_told(coordinator)
    assert "unter 5" in told
    assert not re.search(r"(?m)^3\b|>3<|\b3 mehr", told)


def test_what_is_left_of_a_total_tells_no_small_number(coordinator):
    """23 in all and 20 in Calw would say that there are 3 in Weil."""
    seat_figure(taken=3, municipality="Weil")
    seat_figure(taken=20, municipality="Calw")
    told = everything_told(coordinator)
    assert "23" in told and "unter 5" in told and "nicht ausgewiesen" in told
    assert not re.search(r"(?m)^(3|20)\b", told)
    calw = coordinator.get(address("ehrenamt_admin:figure", "taken", nach="town", wert="Calw"))
    assert calw.context["cell"].text == "nicht ausgewiesen" and "20" not in [cell.text for _cells, cell in calw.context["found"]]


def test_rows_of_a_group_that_is_not_told_have_no_numbers(coordinator):
    """Those of Calw would add up to what is not told of it."""
    for town, taken in (("Weil", 3), ("Calw", 12), ("Calw", 8), ("Bondorf", 30), ("Bondorf", 31)):
        seat_figure(taken=taken, municipality=town)
    response = coordinator.get(address("ehrenamt_admin:figure", "taken"))
    told = sorted(cell.text for _cells, cell in response.context["found"])
    assert told == ["30", "31", "nicht ausgewiesen", "nicht ausgewiesen", "unter 5"]


def test_year_beside_its_half_years_tells_no_small_number(coordinator):
    today = timezone.localdate()
    halves = [half_year(dt.date(today.year, month, 1)) for month in (1, 7)]
    seat_figure(taken=3, date=halves[0].first)
    seat_figure(taken=20, date=halves[1].first)
    response = coordinator.get(address(zeitraum=today.year, vergleich=f"{today.year}-2"))
    row = of_page(response, "taken")
    assert row.cell.text == "23" and row.compared.text == "nicht ausgewiesen" and row.change == ""
    assert not {"3", "20"} & {cell.text for cell in row.series}


def test_seats_and_dates_are_told_however_few(coordinator):
    seat_figure(offered=3, taken=0)
    factories.published_offering(dates=[factories.in_days(0)])
    response = coordinator.get(address())
    assert of_page(response, "seats").cell.text == "3" and of_page(response, "dates").cell.text == "1"
    assert of_page(response, "taken").cell.text == "0"


# Entered figures


def test_entered_figures_count_where_all_of_their_days_lie_in_the_span(coordinator):
    present = half_year(timezone.localdate())
    kind = models.FigureKind.objects.get(name="Förderung")
    for first, last, value in (
        (present.first, present.first, "1200"),
        (present.first, present.last, "34.50"),
        (present.first - dt.timedelta(days=1), present.first, "999"),
    ):
        models.EnteredFigure.objects.create(kind=kind, first_day=first, last_day=last, value=value)
    response = coordinator.get(address())
    assert of_page(response, f"entered-{kind.pk}").cell.text == "1.234,50 Euro"
    assert of_page(response, f"entered-{models.FigureKind.objects.get(name='Beratungen').pk}").cell.text == "–"
    (section,) = [section for section in response.context["sections"] if section.key == "entered"]
    assert section.note == "Nicht gezählt, weil sie über diese Tage hinausreichen: 1."


def test_overview_reads_no_rows_that_the_database_adds_up(coordinator):
    seat_figure(title="Abend im Saal", taken=12)
    factories.published_offering(title="Abend im Garten", dates=[factories.in_days(0)])
    factories.TopicFactory()
    with CaptureQueriesContext(connection) as queries:
        response = coordinator.get(address())
    assert of_page(response, "taken").cell.text == "12" and of_page(response, "dates").cell.text == "1"
    tables = re.compile('FROM "ehrenamt_wagtail_(planneddate|seatfigure)"')
    asked = [query["sql"] for query in queries if tables.search(query["sql"])]
    assert len(asked) == 6
    assert not [sql for sql in asked if '"title"' in sql]


def test_page_takes_the_same_number_of_queries_for_any_number_of_rows(coordinator):
    numbers = []
    for wanted in (1, 3, 300):
        for number in range(models.SeatFigure.objects.count(), wanted):
            seat_figure(title=f"Abend {number}", taken=number, by_circle={f"Kreis {number}": 1})
        coordinator.get(address())
        for where in (address(), address("ehrenamt_admin:figure", "taken")):
            with CaptureQueriesContext(connection) as queries:
                coordinator.get(where)
            numbers.append(len(queries))
    assert numbers[:2] == numbers[2:4] == numbers[4:]
