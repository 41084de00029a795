"""Where nothing is planned: what counts, what is told, and where one can go on."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.coordination.gaps import gaps_of
from ehrenamt_wagtail.coordination.periods import Period, read_half_year
from ehrenamt_wagtail.models import CoHost, DateHold, Need
from ehrenamt_wagtail.programme.actions import cancel
from tests.clients import signed_in
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    circle_page,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
)

YEAR = timezone.localdate().year + 1
HALF_YEAR = {"halbjahr": f"{YEAR}-1"}
ADDRESS = "/partner/luecken/"
ADMIN = "/verwaltung/ehrenamt/gaps/"


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


@pytest.fixture
def town():
    return MunicipalityFactory(name="Leonberg")


@pytest.fixture
def host():
    """Sits in another town."""
    return OrganisationFactory(name="Träger", municipality=MunicipalityFactory(name="Altdorf"))


def at(month: int, day: int = 4, hour: int = 19) -> dt.datetime:
    return timezone.make_aware(dt.datetime(YEAR, month, day, hour))


def period() -> Period:
    return read_half_year(f"{YEAR}-1")[0]


def names(rows) -> list[str]:
    return [row.name for row in rows]


def counted(rows, name: str) -> tuple[int, int]:
    row = next(row for row in rows if row.name == name)
    return row.planned, row.public


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


# Towns and topics


def test_everything_that_takes_place_in_a_town_counts_and_public_ones_are_told_apart(town, host):
    published_offering(organisation=host, municipality=town, dates=[at(2), at(3)])
    draft_offering(organisation=host, municipality=town, dates=[at(4)])
    DateHold.objects.create(organisation=host, start=at(5), municipality=town, expires_at=in_days(10))
    gaps = gaps_of(period())
    assert counted(gaps.towns, "Leonberg") == (4, 2)
    assert names(gaps.towns_without) == ["Altdorf"]


def test_other_half_years_cancelled_and_online_dates_do_not_count(town, host):
    facts = {"organisation": host, "municipality": town}
    published_offering(**facts, dates=[at(7)])
    published_offering(**facts, dates=[at(3)], mode="online")
    cancelled = published_offering(**facts, dates=[at(4)])
    cancel(cancelled, actor=member_of(host), reason="Krank")
    DateHold.objects.create(organisation=host, start=at(5), municipality=town, expires_at=in_days(1), status="released")
    assert "Leonberg" in names(gaps_of(period()).towns_without)
    assert "Leonberg" not in names(gaps_of(period().shifted(1)).towns_without)


def test_date_moved_by_a_pending_change_counts_once(town, host):
    page = published_offering(organisation=host, municipality=town, dates=[at(2)])
    change = page.get_latest_revision_as_object()
    date = change.occurrences.first()
    date.start = at(3)
    change.occurrences = [date]
    change.save_revision(clean=False)
    assert counted(gaps_of(period()).towns, "Leonberg") == (1, 1)


def test_topics_count_by_any_date_about_them(host):
    planned, draft, missing = (TopicFactory(name=name) for name in ("Asylrecht", "Bürgergeld", "Trauma"))
    published_offering(organisation=host, dates=[at(2)], topics=[planned])
    draft_offering(organisation=host, dates=[at(2)], topics=[planned, draft])
    gaps = gaps_of(period())
    assert counted(gaps.topics, "Asylrecht") == (2, 1)
    assert counted(gaps.topics, "Bürgergeld") == (1, 0)
    assert names(gaps.topics_without) == [missing.name]


# Circles


def test_circle_has_something_by_its_town_or_by_what_it_offers(town, host):
    circle_page(title="AK in der Stadt", organisation=OrganisationFactory(name="AK1", kind="circle", municipality=town))
    active = OrganisationFactory(name="AK2", kind="circle", municipality=MunicipalityFactory(name="Weissach"))
    circle_page(title="AK, der etwas anbietet", organisation=active)
    idle = OrganisationFactory(name="AK3", kind="circle", municipality=MunicipalityFactory(name="Jettingen"))
    circle_page(title="AK ohne alles", organisation=idle)
    assert len(gaps_of(period()).circles_without) == 3
    draft_offering(organisation=host, municipality=town, dates=[at(2)])
    draft_offering(organisation=active, municipality=host.municipality, dates=[at(2)])
    assert names(gaps_of(period()).circles_without) == ["AK ohne alles (Jettingen)"]


def test_circle_that_takes_part_counts_only_when_that_is_public(host):
    guest = OrganisationFactory(name="AK", kind="circle", municipality=MunicipalityFactory(name="Weissach"))
    circle_page(title="AK Weissach", organisation=guest)
    draft = draft_offering(organisation=host, dates=[at(2)])
    CoHost.objects.create(page=draft, organisation=guest)
    assert names(gaps_of(period()).circles_without) == ["AK Weissach"]
    public = published_offering(organisation=host, dates=[at(2)])
    CoHost.objects.create(page=public, organisation=guest)
    assert names(gaps_of(period()).circles_without) == []


def test_circles_without_organisation_or_town_and_dates_without_them_do_not_meet():
    page = circle_page(title="Nirgends")
    type(page).objects.filter(pk=page.pk).update(organisation=None, municipality=None)
    draft = draft_offering(dates=[at(2)])
    type(draft).objects.filter(pk=draft.pk).update(organisation=None, municipality=None)
    draft.refresh_from_db()
    draft.save_revision(clean=False)
    assert names(gaps_of(period()).circles_without) == ["Nirgends"]


# Pages


def test_gaps_lead_to_forms_with_town_or_topic_filled_in(town):
    topic = TopicFactory(name="Trauma")
    client = signed_in(member_of())
    page = soup(client.get(ADDRESS, HALF_YEAR))
    gaps = {gap.select_one(".ehrenamt-gap__name").get_text(): gap for gap in page.select(".ehrenamt-gap")}
    assert {"Leonberg", "Trauma"} <= set(gaps)
    links = [link["href"] for link in gaps["Leonberg"].select("a")]
    assert links == [f"/partner/{form}/neu/?gemeinde=leonberg" for form in ("vormerkungen", "bedarfe", "angebote")]
    hold, need, _offering = (soup(client.get(link)) for link in links)
    for form in (hold, need):
        assert form.select_one("select[name=municipality] option[selected]")["value"] == str(town.pk)
    assert [link["href"] for link in gaps["Trauma"].select("a")][0] == "/partner/vormerkungen/neu/?thema=trauma"
    need = soup(client.get("/partner/bedarfe/neu/?thema=trauma"))
    assert need.select_one("select[name=topic] option[selected]")["value"] == str(topic.pk)


def test_new_offering_keeps_town_and_topic_through_the_choice_of_a_kind(town):
    topic = TopicFactory(name="Trauma")
    client = signed_in(member_of())
    kinds = soup(client.get("/partner/angebote/neu/?gemeinde=leonberg&thema=trauma"))
    form = soup(client.get(kinds.select_one(".ehrenamt-card a")["href"])).select_one("form.ehrenamt-form")
    assert form.select_one("select[name=municipality] option[selected]")["value"] == str(town.pk)
    assert form.select_one(f"input[name=topics][value='{topic.pk}']").has_attr("checked")
    unknown = client.get("/partner/angebote/neu/?art=fortbildung&gemeinde=x&thema=y")
    assert soup(unknown).select(".ehrenamt-form input[name=topics][checked]") == []


def test_open_needs_stand_beside_the_gaps():
    Need.objects.create(organisation=OrganisationFactory(name="Verein"), title="Abend über Mietrecht")
    Need.objects.create(organisation=OrganisationFactory(), title="Schon erledigt", status="closed")
    for client, address in ((signed_in(member_of()), ADDRESS), (signed_in(coordinator_user()), ADMIN)):
        section = soup(client.get(address, HALF_YEAR)).select_one("section[aria-labelledby=needs]").get_text()
        assert "Abend über Mietrecht" in section and "Schon erledigt" not in section


def test_drafts_of_others_close_a_gap_and_say_nothing_more(town, host):
    draft_offering(title="Geheimer Plan", summary="Geheimer Text", organisation=host, municipality=town, dates=[at(2)])
    page = soup(signed_in(member_of()).get(ADDRESS, HALF_YEAR))
    assert "Geheim" not in page.get_text() and "Träger" not in page.get_text()
    rows = {row.th.get_text(): [cell.get_text(" ")[-1] for cell in row.select("td")] for row in page.select("tbody tr")}
    assert rows["Leonberg"] == ["1", "0"]


def test_wrong_half_year_is_named(town):
    text = soup(signed_in(member_of()).get(ADDRESS, {"halbjahr": "2027-3"})).get_text(" ", strip=True)
    assert "Dieses Halbjahr gibt es nicht" in text and "Leonberg" in text


@pytest.mark.parametrize("address", [ADDRESS, ADMIN])
def test_number_of_queries_does_not_grow(address, host):
    user = coordinator_user()
    host.memberships.create(user=user)
    client = signed_in(user)
    Need.objects.create(organisation=host, title="Bedarf")
    numbers = []
    for number in (1, 2, 12):
        for _round in range(number):
            draft_offering(organisation=host, dates=[at(2), at(3)], topics=[TopicFactory()])
            circle_page(organisation=OrganisationFactory(kind="circle"))
            Need.objects.create(organisation=host, title="Bedarf")
        client.get(address, HALF_YEAR)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, HALF_YEAR)
        numbers.append(len(queries))
    assert len(set(numbers)) == 1
