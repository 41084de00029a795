"""What is planned by month and half-year: what it shows to whom, how it is filtered, and that it stays quick."""

import datetime as dt
import time
import uuid

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination.filters import parse_plan_filters
from ehrenamt_wagtail.coordination.periods import half_year_of, read_half_year, read_month, read_period
from ehrenamt_wagtail.coordination.queries import planned_entries
from ehrenamt_wagtail.coordination.visibility import Viewer, viewer_of
from ehrenamt_wagtail.models import BlockedDate, CoHost, DateHold, Occurrence, PlannedDate, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.review.actions import submit_for_review
from tests.clients import signed_in
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
    submitted_offering,
)

ADDRESS = "/partner/termine/"
ADMIN = "/verwaltung/ehrenamt/planning/"
MONTH = dt.date(timezone.localdate().year + 1, 3, 1)


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Eigener Verein", municipality=MunicipalityFactory(name="Herrenberg"))


@pytest.fixture
def member(organisation):
    return signed_in(member_of(organisation))


@pytest.fixture
def coordinator():
    return signed_in(coordinator_user())


def at(day: int, hour: int = 19, month: int = 3, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime(MONTH.year, month, day, hour, minute))


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def month_page(client, address=ADDRESS, **parameters) -> BeautifulSoup:
    return soup(client.get(address, {"monat": f"{MONTH:%Y-%m}", **parameters}))


def half_year_page(client, address=ADDRESS, **parameters) -> BeautifulSoup:
    return soup(client.get(address, {"halbjahr": f"{MONTH.year}-1", **parameters}))


def entries_on(page: BeautifulSoup, day: int, month: int = 3) -> list[str]:
    """The entries of a day as text."""
    cell = page.select_one(f"time[datetime='{dt.date(MONTH.year, month, day)}']").parent
    return [entry.get_text(" ", strip=True) for entry in cell.select(".ehrenamt-month__entry")]


def hold(organisation, **facts) -> DateHold:
    facts = {"start": at(14), "expires_at": in_days(10), "municipality": organisation.municipality, **facts}
    return DateHold.objects.create(organisation=organisation, **facts)


def moved(page, start: dt.datetime):
    """A pending change of a published offering: its first date at another time."""
    change = page.get_latest_revision_as_object()
    date = change.occurrences.first()
    date.start = start
    change.occurrences = [date]
    change.save_revision(clean=False)
    return page


# Who sees what


def test_month_shows_what_everybody_plans_with_its_state_in_words(member):
    published_offering(title="Offen für alle", dates=[at(4)])
    draft_offering(title="Geheimer Entwurf", dates=[at(5)])
    submitted_offering(title="Geheim eingereicht", dates=[at(6)])
    hold(OrganisationFactory(name="Kirchengemeinde"), title="Geheime Vormerkung", start=at(7))
    page = month_page(member)
    texts = {day: entries_on(page, day) for day in (4, 5, 6, 7)}
    assert "Offen für alle" in texts[4][0] and "Veröffentlicht" in texts[4][0]
    assert "Entwurf" in texts[5][0] and "Fortbildung" in texts[5][0]
    assert "In Prüfung" in texts[6][0]
    assert "Terminvormerkung" in texts[7][0] and "Kirchengemeinde" in texts[7][0]
    assert "Gehei" not in page.get_text()


def test_others_drafts_show_topic_and_no_link_and_shared_ones_their_title(member):
    topic = TopicFactory(name="Asylrecht")
    draft_offering(title="Geheim", dates=[at(5)], topics=[topic])
    sharing = OrganisationFactory(name="Offene Tür", shares_drafts=True)
    draft_offering(title="Darf man lesen", dates=[at(6)], organisation=sharing)
    page = month_page(member)
    assert "Asylrecht" in entries_on(page, 5)[0]
    assert "Darf man lesen" in entries_on(page, 6)[0]
    assert page.select("a.ehrenamt-month__entry") == []


def test_entries_link_to_the_own_form_or_the_public_page(member, organisation):
    own = draft_offering(title="Eigener Entwurf", organisation=organisation, dates=[at(3)])
    theirs = published_offering(title="Fremd", dates=[at(4)])
    own_hold = hold(organisation, start=at(5))
    hold(OrganisationFactory(), start=at(6))
    links = {link["href"] for link in month_page(member).select("a.ehrenamt-month__entry")}
    assert links == {f"/partner/angebote/{own.pk}/", theirs.get_url(), f"/partner/vormerkungen/{own_hold.pk}/"}


def test_coordinators_reach_review_or_editor_and_read_everything(coordinator):
    waiting, task_state = submitted_offering(title="Wartet", dates=[at(4)])
    draft = draft_offering(title="Noch Entwurf", dates=[at(5)])
    hold(OrganisationFactory(), start=at(6), title="Vorgemerkt")
    page = month_page(coordinator, ADMIN)
    assert "Wartet" in entries_on(page, 4)[0] and "Noch Entwurf" in entries_on(page, 5)[0]
    links = [link["href"] for link in page.select("a.ehrenamt-month__entry")]
    assert links == [f"/verwaltung/ehrenamt/review/{task_state.pk}/", f"/verwaltung/pages/{draft.pk}/edit/"]
    assert "Vorgemerkt" in entries_on(page, 6)[0]


def test_admin_calendar_and_gaps_are_for_coordinators_only(organisation):
    draft_offering(title="Geheim", dates=[at(4)], organisation=organisation)
    client = signed_in(member_of(organisation))
    for address in (ADMIN, "/verwaltung/ehrenamt/gaps/"):
        response = client.get(address, {"monat": f"{MONTH:%Y-%m}"})
        assert response.status_code == 302 and "/verwaltung/login/" in response["Location"]
        assert b"Geheim" not in response.content


# What is special about a date


def test_pending_change_stands_beside_the_public_date_and_at_the_new_one(member):
    moved(published_offering(title="Öffentlich", dates=[at(4)]), at(18, 20))
    page = month_page(member)
    assert "verschoben auf" in entries_on(page, 4)[0]
    assert f"18. März {MONTH.year}, ab 20 Uhr (Änderung nicht eingereicht)" in entries_on(page, 4)[0]
    assert "statt" in entries_on(page, 18)[0] and f"4. März {MONTH.year}, ab 19 Uhr" in entries_on(page, 18)[0]
    assert "Änderung nicht eingereicht" in entries_on(page, 18)[0]


def test_change_to_another_month_is_told_in_both_months(member):
    moved(published_offering(dates=[at(4)]), at(8, month=5))
    assert "8. Mai" in entries_on(month_page(member), 4)[0]
    may = soup(member.get(ADDRESS, {"monat": f"{MONTH.year}-05"}))
    assert "statt" in entries_on(may, 8, month=5)[0] and "4. März" in entries_on(may, 8, month=5)[0]


def test_title_of_a_pending_change_stays_with_its_organisation(member):
    page = published_offering(title="Öffentlich", dates=[at(4)])
    change = page.get_latest_revision_as_object()
    change.title = "Geheimer neuer Titel"
    date = change.occurrences.first()
    date.start = at(5)
    change.occurrences = [date]
    change.save_revision(clean=False)
    text = month_page(member).get_text()
    assert "Öffentlich" in text and "Geheimer" not in text


def test_cancelled_dates_are_marked(member):
    page = published_offering(title="Fällt aus", dates=[at(4)])
    cancel(page, actor=member_of(page.organisation), reason="Krank")
    assert "Abgesagt" in entries_on(month_page(member), 4)[0]
    cells = half_year_page(member).select(".ehrenamt-matrix tfoot td")
    assert [cell.get_text() for cell in cells] == ["0"] * 6


def test_several_days_and_whole_days_and_nights_stand_where_they_belong(member):
    night = Occurrence(start=at(12, 22), end=at(13, 2))
    whole = Occurrence(start_date=dt.date(MONTH.year, 3, 20), end_date=dt.date(MONTH.year, 3, 22))
    published_offering(model=VolunteerDayPage, title="Drei Tage", dates=[whole])
    published_offering(title="Lange Nacht", dates=[night])
    page = month_page(member)
    assert [len(entries_on(page, day)) for day in (12, 13, 19, 20, 21, 22, 23)] == [1, 0, 0, 1, 1, 1, 0]
    assert "Tag 2 von 3" in entries_on(page, 21)[0]
    text = half_year_page(member).get_text(" ", strip=True)
    assert text.count("Drei Tage") == 1


def test_online_dates_say_so_instead_of_a_town(member):
    published_offering(title="Am Bildschirm", dates=[at(4)], mode="online", place="")
    assert "online" in entries_on(month_page(member), 4)[0]


def test_special_days_stand_at_their_days(member):
    BlockedDate.objects.create(name="Bürgermeisterwahl", from_date=dt.date(MONTH.year, 3, 7))
    town = MunicipalityFactory(name="Leonberg")
    BlockedDate.objects.create(name="Pferdemarkt", from_date=dt.date(MONTH.year, 3, 9), municipality=town)
    page = month_page(member)
    cell = page.select_one(f"time[datetime='{dt.date(MONTH.year, 3, 7)}']").parent
    assert "Bürgermeisterwahl" in cell.get_text()
    special = page.select_one(".ehrenamt-special").get_text()
    assert "Bürgermeisterwahl" in special and "Pferdemarkt (Leonberg)" in special
    elsewhere = month_page(member, gemeinde=MunicipalityFactory(name="Altdorf").slug).select_one(".ehrenamt-special")
    assert "Bürgermeisterwahl" in elsewhere.get_text() and "Pferdemarkt" not in elsewhere.get_text()


# Filters


def test_filters_combine_and_stay_in_every_link(member):
    town, topic = MunicipalityFactory(name="Leonberg"), TopicFactory(name="Trauma")
    host = OrganisationFactory(name="Träger", municipality=town)
    published_offering(title="Passt", dates=[at(4)], organisation=host, topics=[topic])
    published_offering(title="Anderer Ort", dates=[at(4)], topics=[topic])
    published_offering(title="Anderes Thema", dates=[at(4)], organisation=host)
    chosen = {"gemeinde": town.slug, "thema": topic.slug, "traeger": host.slug, "art": "fortbildung", "stand": "veroeffentlicht"}
    page = month_page(member, **chosen)
    assert ["Passt" in text for text in entries_on(page, 4)] == [True]
    links = [link["href"] for link in page.select(".ehrenamt-month__links a, .ehrenamt-subnav a[href^='/partner/termine/?']")]
    assert len(links) == 4
    for link in links:
        parameters = QueryDict(link.partition("?")[2])
        assert {name: parameters[name] for name in chosen} == chosen
    chips = page.select(".ehrenamt-chip")
    assert [chip.get_text(" ", strip=True).removeprefix("Filter entfernen: ") for chip in chips[:-1]] == [
        "Leonberg", "Trauma", "Fortbildung", "Träger", "Veröffentlicht",
    ]  # fmt: skip
    without_town = QueryDict(chips[0]["href"].partition("?")[2])
    assert "gemeinde" not in without_town and without_town["thema"] == topic.slug


@pytest.mark.parametrize(
    ("stand", "titles"),
    [("entwurf", {"Entwurf"}), ("pruefung", {"Eingereicht"}), ("veroeffentlicht", {"Offen"}), ("vormerkung", {"Gehalten"})],
)
def test_state_can_be_chosen(coordinator, stand, titles):
    published_offering(title="Offen", dates=[at(4)])
    draft_offering(title="Entwurf", dates=[at(4)])
    submitted_offering(title="Eingereicht", dates=[at(4)])
    hold(OrganisationFactory(), title="Gehalten", start=at(4))
    page = month_page(coordinator, ADMIN, stand=stand)
    assert {tag.get_text() for tag in page.select(".ehrenamt-month__what")} == titles


def test_unknown_values_are_named_and_left_out(member):
    published_offering(title="Da", dates=[at(4)])
    page = month_page(member, gemeinde="gibt-es-nicht", stand="unfug")
    text = page.get_text(" ", strip=True)
    assert "gibt-es-nicht" in text and "Den Stand „unfug“ gibt es nicht." in text
    assert len(entries_on(page, 4)) == 1


def test_co_host_finds_what_is_public_and_no_draft_of_others(member):
    guest = OrganisationFactory(name="Mitveranstalter")
    for make, title in ((published_offering, "Gemeinsam öffentlich"), (draft_offering, "Gemeinsam geheim")):
        page = make(title=title, dates=[at(4)])
        CoHost.objects.create(page=page, organisation=guest)
    moved(models.OfferingPage.objects.get(title="Gemeinsam öffentlich").specific, at(5))
    page = month_page(member, traeger=guest.slug)
    assert ["Gemeinsam öffentlich" in text for text in entries_on(page, 4)] == [True]
    assert entries_on(page, 5) == []


# Periods


def test_periods_are_read_from_the_address():
    today = timezone.localdate()
    assert read_month("2027-03")[0].first == dt.date(2027, 3, 1)
    assert read_half_year("2027-2")[0].first == dt.date(2027, 7, 1)
    assert read_period(QueryDict("halbjahr=2027-1"))[0].title == "Januar bis Juni 2027"
    assert read_period(QueryDict("halbjahr=2027-1&monat=2027-08"))[0].title == "August 2027"
    for wrong in ("2027-13", "unfug", "9999-01", "2027-3"):
        assert read_month(wrong) == (read_month("")[0], "Diesen Monat gibt es nicht; Sie sehen den laufenden.")
    for wrong in ("2027-3", "x", "9999-1", "0000-1"):
        period, notice = read_half_year(wrong)
        assert period == half_year_of(today) and "Dieses Halbjahr gibt es nicht" in notice


def test_first_and_last_period_have_no_neighbour_beyond():
    assert read_month("2000-01")[0].shifted(-1) is None
    assert read_half_year("2100-2")[0].shifted(1) is None
    assert read_half_year("2027-1")[0].shifted(-1).parameter == ("halbjahr", "2026-2")


def test_half_year_counts_by_town_topic_and_organiser(member):
    town, topic = MunicipalityFactory(name="Leonberg"), TopicFactory(name="Trauma")
    host = OrganisationFactory(name="Träger", municipality=town)
    published_offering(dates=[at(4), at(5), at(6, month=5)], organisation=host, topics=[topic])
    for group, row in (("ort", "Leonberg"), ("thema", "Trauma"), ("traeger", "Träger")):
        page = half_year_page(member, nach=group)
        rows = {tag.th.get_text(): tag.select("td") for tag in page.select(".ehrenamt-matrix tbody tr")}
        assert [cell.get_text(strip=True)[:1] for cell in rows[row]] == ["–", "–", "2", "–", "1", "–"]
        target = soup(member.get(rows[row][2].a["href"]))
        assert target.h2.get_text() == f"März {MONTH.year}" and len(target.select(".ehrenamt-month__entry")) == 2


def test_empty_period_invites_with_what_is_known(member):
    town = MunicipalityFactory(name="Leonberg")
    page = month_page(member, gemeinde=town.slug)
    box = page.select_one(".ehrenamt-empty")
    assert f"Für Leonberg ist im Zeitraum März {MONTH.year} noch nichts geplant." in box.get_text()
    assert [link["href"] for link in box.select("a")] == [
        f"/partner/{path}/neu/?gemeinde=leonberg" for path in ("vormerkungen", "bedarfe", "angebote")
    ]
    day = page.select_one(f"time[datetime='{dt.date(MONTH.year, 3, 4)}']").parent
    assert day.a["href"] == f"/partner/vormerkungen/neu/?datum={MONTH.year}-03-04&gemeinde=leonberg"


# Speed


def fill(page, number: int) -> None:
    """So many dates of one offering in the half-year, of all states."""
    states = ["change_in_review", "published", "change_draft"]
    first = at(1, month=1)
    rows = PlannedDate.objects.bulk_create(
        PlannedDate(
            offering=page,
            uid=uuid.uuid4(),
            state=states[index % 3],
            starts_at=(start := first + dt.timedelta(hours=4 * index)),
            ends_at=start + dt.timedelta(hours=2),
            organisation=page.organisation,
            municipality=page.municipality,
            art="fortbildung",
            title=f"Termin {index}",
        )
        for index in range(number)
    )
    topic = TopicFactory()
    links = PlannedDate.topics.through
    links.objects.bulk_create(links(planneddate=row, topic=topic) for row in rows)


def queries_of(client, address, **parameters) -> int:
    client.get(address, parameters)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, parameters).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", [ADDRESS, ADMIN])
@pytest.mark.parametrize("parameters", [{"monat": f"{MONTH.year}-01"}, {"halbjahr": f"{MONTH.year}-1"}])
def test_number_of_queries_does_not_grow(organisation, address, parameters):
    user = coordinator_user()
    organisation.memberships.create(user=user)
    client = signed_in(user)
    page = published_offering(organisation=organisation, dates=[at(4)])
    numbers = []
    for number in (1, 2, 297):
        fill(page, number)
        numbers.append(queries_of(client, address, **parameters))
    assert len(set(numbers)) == 1


@pytest.mark.thorough
def test_half_year_with_a_thousand_dates_takes_less_than_a_second_of_the_processor(member, organisation):
    fill(published_offering(organisation=organisation, dates=[at(4)]), 1000)
    half_year_page(member)
    start = time.process_time()
    response = member.get(ADDRESS, {"halbjahr": f"{MONTH.year}-1"})
    assert time.process_time() - start < 1
    assert len(soup(response).select(".ehrenamt-plan__entry")) == 1001


def test_entries_come_in_order_of_time_and_none_from_outside(organisation):
    published_offering(title="B", dates=[at(4, 20)])
    published_offering(title="A", dates=[at(4, 18)])
    published_offering(title="Davor", dates=[Occurrence(start=at(28, 22, month=2), end=at(1, 1))])
    published_offering(title="Danach", dates=[at(1, month=4)])
    period = read_month(f"{MONTH:%Y-%m}")[0]
    entries = planned_entries(period, parse_plan_filters(QueryDict()), Viewer(is_coordinator=True))
    assert [entry.title for entry in entries] == ["A", "B"]


def test_submitting_and_moving_shows_at_once(member, organisation):
    page = draft_offering(title="Meins", organisation=organisation, dates=[at(4)])
    assert "Entwurf" in entries_on(month_page(member), 4)[0]
    submit_for_review(page, actor=member_of(organisation))
    assert "In Prüfung" in entries_on(month_page(member), 4)[0]
    assert viewer_of(member_of(organisation)).organisation_ids == {organisation.pk}
