"""Asking circles for their figures: whom the mails go to and what they say, and the page in the admin."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.circles.asking import ASKED, ask, rows_of
from ehrenamt_wagtail.circles.figures import state_figure
from ehrenamt_wagtail.circles.tokens import token_of
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.registry import absolute_url
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import CirclePage, Coordinator, Organisation, OutgoingMail
from tests.factories import MunicipalityFactory, OrganisationFactory, circle_page, coordinator_user, member_of

from .half_years import BEFORE, LONG_AGO, NEXT, NOW, PRESENT, stop_clock

pytestmark = pytest.mark.django_db

ADDRESS = "/verwaltung/ehrenamt/circle-figures/"


@pytest.fixture(autouse=True)
def present(ready_site, monkeypatch):
    stop_clock(monkeypatch)


@pytest.fixture
def coordinator(client):
    user = coordinator_user()
    client.force_login(user)
    return user


def circle(town="Renningen", **facts) -> CirclePage:
    organisation = OrganisationFactory(name=f"Kreis {town}", kind="circle", municipality=MunicipalityFactory(name=town))
    return circle_page(organisation=organisation, **facts)


def with_contact(town="Renningen", **facts) -> CirclePage:
    return circle(town, contact_email=f"kontakt@{town.lower()}.example", **facts)


def state(page, half_year=PRESENT, volunteers=34, groups=3):
    return state_figure(
        page, year=half_year.year, half=half_year.half, volunteers=volunteers, groups=groups, remarks="", is_by_link=True
    )


def asked() -> list[str]:
    return [message.recipient_address() for message in OutgoingMail.objects.filter(template=ASKED).order_by("pk")]


def tomorrow(monkeypatch) -> None:
    OutgoingMail.objects.update(created_at=NOW)
    stop_clock(monkeypatch, NOW + dt.timedelta(days=1))


# Whom


def test_mail_goes_to_the_contact_or_else_to_all_members(coordinator):
    page, other = with_contact(), circle("Leonberg", contact_email="")
    member_of(page.organisation)
    people = [member_of(other.organisation, email=f"{name}@leonberg.example", last_name=name) for name in ("a", "b")]
    member_of(other.organisation, email="")
    member_of(other.organisation, is_active=False)
    outcome = ask([page, other], half_year=PRESENT, actor=coordinator)
    assert outcome.asked == [page, other]
    assert asked() == ["kontakt@renningen.example", "a@leonberg.example", "b@leonberg.example"]
    assert [row.user for row in OutgoingMail.objects.order_by("pk")] == [None, *people]
    # Ids alone, neither addresses nor the secret.
    assert OutgoingMail.objects.earliest("pk").params == {"circle": page.pk, "half_year": "2026-2", "is_reminder": 0}
    entry = PageLogEntry.objects.get(action="ehrenamt.ask_figures", page=page)
    assert (entry.user, entry.data) == (coordinator, {"half_year": "2026-2"})


def test_circle_without_any_address_is_named_and_others_are_asked(coordinator):
    silent, page = circle("Leonberg"), with_contact()
    closed = circle("Weissach")
    member_of(closed.organisation)
    Organisation.objects.filter(pk=closed.organisation_id).update(is_active=False)
    outcome = ask([silent, closed, page], half_year=PRESENT, actor=coordinator)
    assert (outcome.unreachable, outcome.asked, asked()) == ([silent, closed], [page], ["kontakt@renningen.example"])


def test_address_that_is_none_counts_as_no_contact(coordinator):
    page = circle()
    CirclePage.objects.update(contact_email="siehe Aushang")
    member_of(page.organisation, email="ak@renningen.example")
    ask(CirclePage.objects.all(), half_year=PRESENT, actor=coordinator)
    assert asked() == ["ak@renningen.example"]


def test_who_has_stated_is_not_asked(coordinator):
    page, other = with_contact(), with_contact("Leonberg")
    state(page)
    state(other, BEFORE)
    outcome = ask([page, other], half_year=PRESENT, actor=coordinator)
    assert (outcome.has_stated, outcome.asked) == ([page], [other])


def test_asking_again_on_the_same_day_writes_to_nobody_twice(coordinator):
    page = with_contact()
    ask([page], half_year=PRESENT, actor=coordinator)
    again = ask([page], half_year=PRESENT, actor=coordinator_user())
    assert (again.asked, again.asked_before, len(asked())) == ([], [page], 1)
    # Another half-year is another question, and so is another address that was typed in later.
    assert ask([page], half_year=BEFORE, actor=coordinator).asked == [page]
    CirclePage.objects.update(contact_email="neu@renningen.example")
    assert ask(CirclePage.objects.all(), half_year=PRESENT, actor=coordinator).asked == [page]
    assert asked()[-1] == "neu@renningen.example"


def test_on_a_later_day_it_is_a_reminder(coordinator, monkeypatch):
    page = with_contact()
    ask([page], half_year=PRESENT, actor=coordinator)
    OutgoingMail.objects.update(created_at=NOW)
    # The local day counts: 23:30 in UTC is the next day here.
    stop_clock(monkeypatch, dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC))
    assert ask([page], half_year=PRESENT, actor=coordinator).asked == [page]
    first, second = OutgoingMail.objects.order_by("pk")
    assert (first.params["is_reminder"], second.params["is_reminder"]) == (0, 1)
    assert render(first).subject == "Bitte melden Sie die Zahlen: Arbeitskreis Asyl, Juli bis Dezember 2026"
    rendered = render(second)
    assert rendered.subject == "Erinnerung: Zahlen für Arbeitskreis Asyl, Juli bis Dezember 2026"
    assert "liegen uns von Ihnen noch keine Zahlen vor" in rendered.text


@pytest.mark.parametrize(("who", "half_year"), [("member", PRESENT), ("coordinator", NEXT), ("coordinator", LONG_AGO)])
def test_members_ask_nobody_and_nobody_asks_for_other_half_years(who, half_year):
    page = with_contact()
    actor = coordinator_user() if who == "coordinator" else member_of(page.organisation)
    with pytest.raises(NotAllowed):
        ask([page], half_year=half_year, actor=actor)
    assert asked() == []


# What the mail says


def the_mail(page, coordinator) -> OutgoingMail:
    ask([page], half_year=PRESENT, actor=coordinator)
    return OutgoingMail.objects.get(template=ASKED)


def test_mail_says_what_is_asked_and_leads_to_the_form(coordinator):
    page = with_contact()
    Coordinator.objects.create(name="Miriam Sommerfeld", email="miriam@landkreis.example")
    state(page, LONG_AGO, volunteers=1200, groups=1)
    message = the_mail(page, coordinator)
    rendered = render(message)
    for text in (rendered.text, re.sub(r"<[^>]+>", "", rendered.html.replace("<p", "\n<p"))):
        for part in (
            "wie viele Ehrenamtliche machen mit, und wie viele Gruppen sind aktiv?",
            "\nArbeitskreis Asyl, Renningen",
            "Halbjahr: Juli bis Dezember 2026",
            "Zuletzt gemeldet: 1.200 Ehrenamtliche, 1 aktive Gruppe (Juli bis Dezember 2025)",
            "ein Zugang ist nicht nötig",
            "Der Link gilt bis Mittwoch, 30. Juni 2027",
            "weil dies die Kontaktadresse von „Arbeitskreis Asyl“ ist",
        ):
            assert part in text
    path = reverse("ehrenamt:circle-figures", args=[token_of(page, PRESENT)])
    assert f"Zahlen melden:\n{absolute_url(path)}\n" in rendered.text
    assert f'href="{absolute_url(path)}" style="display' in rendered.html
    assert rendered.reply_to == "miriam@landkreis.example"


def test_mail_to_a_member_says_why(coordinator):
    page = circle()
    member_of(page.organisation, first_name="Petra", last_name="Beispiel")
    text = render(the_mail(page, coordinator)).text
    assert "Petra Beispiel" in text and "weil Sie für Kreis Renningen tätig sind" in text
    assert "Zuletzt gemeldet" not in text


@pytest.mark.parametrize("change", ["stated", "not public", "other contact", "too late", "deleted"])
def test_mail_is_dropped_when_there_is_nothing_to_ask_any_more(change, coordinator, monkeypatch):
    page = with_contact()
    message = the_mail(page, coordinator)
    assert render(message) is not None
    if change == "stated":
        state(page)
    elif change == "not public":
        page.unpublish()
    elif change == "other contact":
        CirclePage.objects.update(contact_email="neu@renningen.example")
    elif change == "too late":
        stop_clock(monkeypatch, dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC))
    else:
        page.delete()
    assert render(message) is None


def test_member_who_left_gets_nothing(coordinator):
    page = circle()
    person = member_of(page.organisation)
    member_of(page.organisation)
    ask([page], half_year=PRESENT, actor=coordinator)
    person.ehrenamt_memberships.all().delete()
    assert [render(message) is None for message in OutgoingMail.objects.order_by("user")] == [True, False]


# The page in the admin


def table(response) -> list[list[str]]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in soup.select("tbody tr")]


def test_page_says_who_has_stated_and_where_the_mail_would_go(client, coordinator):
    state(with_contact("Altdorf"))
    other = circle("Leonberg")
    member_of(other.organisation, first_name="Petra", last_name="Beispiel", email="petra@leonberg.example")
    circle("Weissach")
    circle("Entwurf", live=False)
    response = client.get(ADDRESS)
    assert [row[0] for row in table(response)] == [f"Arbeitskreis Asyl {town}" for town in ("Altdorf", "Leonberg", "Weissach")]
    stated, missing, silent = table(response)
    assert stated[1].startswith("gemeldet 34 Ehrenamtliche, 3 aktive Gruppen Fr 20. November")
    assert "Arbeitskreis selbst" in stated[1] and stated[3].startswith("Berichtigen")
    assert (stated[2], missing[1]) == ("kontakt@altdorf.example Kontakt der Seite", "noch nicht gemeldet")
    assert missing[2] == "Petra Beispiel (petra@leonberg.example) Mitglieder des Veranstalters"
    assert missing[3].startswith("Fragen") and "Zahl eintragen" in missing[3]
    assert silent[2] == "keine Adresse" and not silent[3].startswith("Fragen")
    assert "Arbeitskreise, die ihre Zahlen gemeldet haben: 1 von 3." in response.content.decode()


def test_all_are_asked_with_one_button_and_it_says_whom_it_could_not_reach(client, coordinator):
    state(with_contact("Altdorf"))
    with_contact("Leonberg")
    circle("Weissach")
    response = client.post(ADDRESS, {"circle": "all", "halbjahr": "2026-2"}, follow=True)
    assert asked() == ["kontakt@leonberg.example"]
    text = " ".join(response.content.decode().split())
    assert "1 wurde angeschrieben: Arbeitskreis Asyl (Leonberg)." in text
    assert "Nicht anzuschreiben, weil weder die Seite noch ein Mitglied eine E-Mail-Adresse hat: Arbeitskreis Asyl (Weissach)." in text
    again = client.post(ADDRESS, {"circle": "all", "halbjahr": "2026-2"}, follow=True).content.decode()
    assert "Heute schon angeschrieben, daher nicht noch einmal: Arbeitskreis Asyl (Leonberg)." in again
    assert len(asked()) == 1


def test_one_circle_is_asked_for_the_half_year_before(client, coordinator, monkeypatch):
    page = with_contact()
    with_contact("Leonberg")
    response = client.post(ADDRESS, {"circle": page.pk, "halbjahr": "2026-1"})
    assert response["Location"] == f"{ADDRESS}?halbjahr=2026-1"
    assert asked() == ["kontakt@renningen.example"]
    assert OutgoingMail.objects.get().params["half_year"] == "2026-1"
    tomorrow(monkeypatch)
    (_other, row) = table(client.get(response["Location"]))
    assert row[2].endswith("zuletzt gefragt am Fr 20. November") and row[3].startswith("Erinnern")


def test_who_was_asked_today_has_no_button_before_tomorrow(client, coordinator, monkeypatch):
    with_contact()
    other = circle("Leonberg")
    member_of(other.organisation, email="a@leonberg.example")
    client.post(ADDRESS, {"circle": "all"})
    response = client.get(ADDRESS)
    for row in table(response):
        assert row[2].endswith("heute angeschrieben; erinnern geht ab morgen") and row[3].startswith("Zahl eintragen")
    assert not BeautifulSoup(response.content, "html.parser").select("button[name=circle]")
    # Who joined since can be asked today: the mail would go there, too.
    member_of(other.organisation, email="b@leonberg.example")
    assert [row[3].split()[0] for row in table(client.get(ADDRESS))] == ["Erinnern", "Zahl"]
    tomorrow(monkeypatch)
    assert [row[3].split()[0] for row in table(client.get(ADDRESS))] == ["Erinnern", "Erinnern"]


@pytest.mark.parametrize("sent", ["", "x", "0", "999999", "9" * 40, "²"])
def test_unknown_circle_is_asked_nothing(sent, client, coordinator):
    with_contact()
    assert client.post(ADDRESS, {"circle": sent}).status_code == 302
    assert asked() == []


@pytest.mark.parametrize("half_year", ["2027-1", "2025-2", "2026-3", "x"])
def test_other_half_years_lead_to_the_present_one(half_year, client, coordinator):
    response = client.get(f"{ADDRESS}?halbjahr={half_year}")
    assert response.context["half_year"] == PRESENT


@pytest.mark.parametrize("person", ["anonymous", "member"])
def test_others_reach_nothing_and_ask_nobody(person, client):
    page = with_contact()
    if person == "member":
        client.force_login(member_of(page.organisation))
    for method in (client.get, client.post):
        response = method(ADDRESS, {"circle": "all"})
        assert response["Location"].startswith("/verwaltung/login/")
    assert asked() == []


def test_alias_of_a_page_is_not_asked_for_itself():
    page = with_contact()
    alias = page.create_alias(update_slug="alias")
    assert alias.live
    assert [row.circle for row in rows_of(PRESENT)] == [page]


def test_list_asks_the_same_number_of_queries_for_any_length(client, coordinator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    def full(number: int) -> None:
        page = with_contact(f"Ort{number}") if number % 2 else circle(f"Ort{number}")
        member_of(page.organisation)
        if number % 3 == 0:
            state(page)

    full(0)
    queries()
    one = queries()
    for number in (1, 2):
        full(number)
    assert queries() == one
    organisation, parent = OrganisationFactory(kind="circle"), CirclePage.objects.first().get_parent()
    for number in range(297):
        facts = {"organisation": organisation, "municipality": organisation.municipality, "summary": "Wir sind da."}
        parent.add_child(instance=CirclePage(title=f"Kreis {number}", **facts))
    assert queries() == one
