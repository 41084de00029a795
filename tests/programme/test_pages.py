"""The public pages: list, month view, offering, volunteer day, preview."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page, Site

from ehrenamt_wagtail.models import CircleIndexPage, CoHost, Funder, Occurrence, ProgrammePage, Trainer, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from tests import factories
from tests.clients import main_text
from tests.testapp.models import ConcertPage, ExcursionPage


def text_of(response) -> str:
    """What people read, on one line."""
    assert response.status_code == 200
    return main_text(response)


# List


def test_row_says_when_what_where_and_who(client, live_offering, date):
    venue = factories.VenueFactory(municipality__name="Herrenberg", step_free="yes")
    page = live_offering("Wohnen", dates=[date(400), date(407)], venue=venue, training_format="lecture", mode="both")
    text = text_of(client.get("/programm/"))
    for part in ("1 Angebot", "Informationsvortrag", "Wohnen", "Herrenberg", page.organisation.name, "kostenlos", "stufenlos"):
        assert part in text
    assert "und 1 weiterer Termin" in text
    assert "auch online" in text


def test_cancelled_row_is_marked_with_a_word(client, live_offering, date):
    page = live_offering(dates=[date(3)])
    assert "Abgesagt" not in text_of(client.get("/programm/"))
    cancel(page, actor=factories.member_of(page.organisation))
    assert "Abgesagt" in text_of(client.get("/programm/"))


def test_pages_of_the_list_keep_the_filters(client, live_offering, date):
    for number in range(21):
        live_offering(f"Angebot {number:02}", dates=[date(number + 1)])
    first = client.get("/programm/?q=angebot&art=fortbildung")
    assert "21 Angebote" in text_of(first)
    assert "Angebot 19" in text_of(first) and "Angebot 20" not in text_of(first)
    assert escape("?q=angebot&art=fortbildung&seite=2") in first.content.decode()
    last = text_of(client.get("/programm/?seite=50"))
    assert "Angebot 20" in last
    assert "Eine Seite 50 gibt es nicht. Sie sehen die letzte, Seite 2." in last


def test_notice_names_the_value_and_the_rest_is_applied(client, live_offering, date):
    live_offering("Wohnen", dates=[date(3)], training_format="workshop")
    live_offering("Anderes", dates=[date(3)])
    response = client.get("/programm/?art=workshop&gemeinde=%3Cscript%3E&von=31.12.2026")
    text = text_of(response)
    assert "Wohnen" in text and "Anderes" not in text
    assert "„31.12.2026“ ist kein Datum" in text
    assert "<script>”" not in response.content.decode()
    assert escape("<script>") in response.content.decode()


def test_chips_lead_to_the_list_without_their_filter(client, live_offering, date):
    town, other = factories.MunicipalityFactory(name="Herrenberg"), factories.MunicipalityFactory(name="Leonberg")
    content = client.get("/programm/?gemeinde=herrenberg&gemeinde=leonberg&q=a&seite=3").content.decode()
    assert f'href="{escape("?gemeinde=leonberg&q=a")}"' in content
    assert f'href="{escape("?gemeinde=herrenberg&gemeinde=leonberg")}"' in content
    assert town.name in content and other.name in content


def test_views_keep_the_filters(client, programme):
    content = client.get("/programm/?q=a&seite=2&von=").content.decode()
    today = timezone.localdate()
    for address in ("/programm/?q=a", f"/programm/kalender/{today.year}/{today.month}/?q=a", "/programm/karte/?q=a",
                    "/programm/?q=a&archiv=1", "/programm/kalender.ics?q=a", "/programm/feed.atom?q=a"):  # fmt: skip
        assert f'href="{escape(address)}"' in content
    archive = client.get("/programm/?archiv=1").content.decode()
    assert 'href="/programm/?archiv=1" aria-current="page"' in archive
    assert 'href="/programm/"' in archive


def test_empty_list_invites(client, programme):
    assert "Zurzeit ist nichts geplant." in text_of(client.get("/programm/"))
    assert "Zu diesen Filtern gibt es nichts." in text_of(client.get("/programm/?art=workshop"))


# Month view


def days_with(response, title) -> list[str]:
    """The days on which the month view shows ``title``."""
    cells = re.findall(r'<time class="ehrenamt-month__date" datetime="([0-9-]+)"(.*?)</td>', response.content.decode(), re.S)
    return [day for day, cell in cells if title in cell]


def test_month_shows_a_date_on_every_day_it_touches(client, live_offering):
    zone = timezone.get_current_timezone()
    live_offering("Woche", dates=[Occurrence(start_date=dt.date(2027, 2, 27), end_date=dt.date(2027, 3, 2))])
    start = dt.datetime(2027, 3, 27, 22, tzinfo=zone)
    live_offering("Nacht", dates=[Occurrence(start=start, end=dt.datetime(2027, 3, 28, 3, 30, tzinfo=zone))])
    live_offering("Tagung", dates=[Occurrence(start=start, end=dt.datetime(2027, 3, 29, 12, tzinfo=zone))])
    live_offering("Mitternacht", dates=[Occurrence(start=start, end=dt.datetime(2027, 3, 28, 0, tzinfo=zone))])
    live_offering("April", dates=[Occurrence(start=dt.datetime(2027, 4, 1, 0, tzinfo=zone))])
    march = client.get("/programm/kalender/2027/3/")
    assert days_with(march, "Woche") == ["2027-03-01", "2027-03-02"]
    assert days_with(march, "Nacht") == ["2027-03-27"]
    assert days_with(march, "Tagung") == ["2027-03-27", "2027-03-28", "2027-03-29"]
    assert days_with(march, "Mitternacht") == ["2027-03-27"]
    assert days_with(march, "April") == []
    assert "Tag 3 von 4" in text_of(march)
    assert days_with(client.get("/programm/kalender/2027/2/"), "Woche") == ["2027-02-27", "2027-02-28"]


def test_month_takes_filters_and_passes_them_on(client, live_offering):
    zone = timezone.get_current_timezone()
    for form in ("training", "workshop"):
        live_offering(form, training_format=form, dates=[Occurrence(start=dt.datetime(2027, 3, 3, 19, tzinfo=zone))])
    response = client.get("/programm/kalender/2027/3/?art=workshop&gemeinde=nirgendwo")
    assert days_with(response, "workshop") == ["2027-03-03"]
    assert days_with(response, "training") == []
    assert "nirgendwo" in text_of(response)
    content = response.content.decode()
    assert 'rel="prev nofollow" href="/programm/kalender/2027/2/?art=workshop' in content
    assert 'rel="next nofollow" href="/programm/kalender/2027/4/?art=workshop' in content


def test_past_and_cancelled_dates_stay_in_their_month(client, live_offering):
    zone = timezone.get_current_timezone()
    live_offering("Damals", dates=[Occurrence(start=dt.datetime(2020, 3, 3, 19, tzinfo=zone))])
    coming = live_offering("Abgeblasen", dates=[Occurrence(start=dt.datetime(2027, 3, 3, 19, tzinfo=zone))])
    cancel(coming, actor=factories.member_of(coming.organisation))
    assert days_with(client.get("/programm/kalender/2020/3/"), "Damals") == ["2020-03-03"]
    march = client.get("/programm/kalender/2027/3/")
    assert days_with(march, "Abgeblasen") == ["2027-03-03"]
    assert "Abgesagt" in text_of(march)


@pytest.mark.parametrize("month", ["2027/0", "2027/13", "0/1", "1999/12", "2101/1", "99999999/1", "x/1"])
def test_month_that_does_not_exist_is_not_found(client, programme, month):
    response = client.get(f"/programm/kalender/{month}/")
    assert response.status_code == 404
    assert "ehrenamt-month" not in response.content.decode()


def test_first_and_last_month_lead_nowhere_outside(client, programme):
    assert 'rel="prev"' not in client.get("/programm/kalender/2000/1/").content.decode()
    assert 'rel="next"' not in client.get("/programm/kalender/2100/12/").content.decode()


def test_calendar_leads_to_the_current_month_with_the_filters(client, programme):
    today = timezone.localdate()
    response = client.get("/programm/kalender/?art=workshop&von=")
    assert response["Location"] == f"/programm/kalender/{today.year}/{today.month}/?art=workshop"


# Offering


def test_offering_shows_all_its_facts(client, live_offering, date):
    venue = factories.VenueFactory(
        name="Haus der Begegnung", street="Weg 2", postal_code="71083", step_free="yes", hearing_loop="no",
        nearest_stop="Bahnhof", access_notes="Bitte klingeln.",
    )  # fmt: skip
    facts = {
        "subtitle": "Ein Abend", "series_title": "Basiskurs", "module_number": "3", "contents": "Absatz\n\nwww.asyl.example",
        "audience": "Alle", "prior_knowledge": "keine", "what_to_bring": "Stift", "child_care": "auf Anfrage",
        "costs": "5 Euro", "contact_phone": "07031 / 12-3", "room": "Saal",
    }  # fmt: skip
    page = live_offering(
        dates=[date(400, hours=2)],
        venue=venue,
        languages=["de", "ar"],
        topics=[factories.TopicFactory(name="Wohnen")],
        rows=[Trainer(name="Dr. Amira Beispiel", function="Anwältin"), CoHost(name="Freundeskreis"), Funder(name="Das Land")],
        **facts,
    )
    response = client.get(page.url)
    text, content = text_of(response), response.content.decode()
    for fact in ("Ein Abend", "Basiskurs, Modul 3", "Alle", "Stift", "auf Anfrage", "5 Euro", "Saal", "Deutsch, Arabisch",
                 "Haus der Begegnung", "71083", "stufenlos", "keine Induktionsschleife", "Nächste Haltestelle: Bahnhof",
                 "Bitte klingeln.", "Wohnen", "Dr. Amira Beispiel, Anwältin", "In Kooperation mit Freundeskreis",
                 "Gefördert durch Das Land", page.contact_name, page.organisation.name):  # fmt: skip
        assert fact in text
    assert 'href="https://www.asyl.example"' in content
    assert 'href="tel:07031123"' in content
    assert f'href="{page.url}termin.ics"' in content
    assert content.index("Haus der Begegnung") < content.index("Absatz")
    assert content.count("ehrenamt-button--primary") == 1


@pytest.mark.parametrize("field", ["subtitle", "summary", "contents", "audience", "costs", "contact_name", "place", "simple_text"])
def test_texts_of_partners_are_never_html(client, live_offering, date, field):
    page = live_offering(dates=[date(1)], **{field: "<script>alert(1)</script><b>fett</b>"})
    for address in (page.url, "/programm/"):
        content = client.get(address).content.decode()
        assert "<script>alert" not in content and "<b>fett" not in content
    assert escape("<b>fett</b>") in client.get(page.url).content.decode()


def test_simple_text_is_called_easy_language_only_when_checked(client, live_offering, date):
    page = live_offering(dates=[date(1)], simple_text="Sie helfen.")
    text = text_of(client.get(page.url))
    assert "Kurz und einfach" in text and "Leichte Sprache" not in text
    TrainingPage.objects.filter(pk=page.pk).update(easy_language_checked_by="Prüfgruppe Nord")
    text = text_of(client.get(page.url))
    assert "Leichte Sprache" in text and "geprüft von Prüfgruppe Nord" in text and "Kurz und einfach" not in text


def test_cancelled_date_and_cancelled_offering_say_so_with_the_reason(client, live_offering, date):
    page = live_offering(dates=[date(3), date(4)])
    actor = factories.member_of(page.organisation)
    cancel(page, actor=actor, occurrence_uid=page.occurrences.order_by("starts_at")[0].uid, reason="Krankheit")
    text = text_of(client.get(page.url))
    assert text.count("Abgesagt:") == 1 and "Krankheit" in text
    assert "findet nicht statt" not in text
    cancel(page, actor=actor, reason="Zu wenige Anmeldungen")
    response = client.get(page.url)
    assert "findet nicht statt. Der Grund: Zu wenige Anmeldungen" in text_of(response)
    assert text_of(response).count("Abgesagt:") == 2
    assert "ehrenamt-button--primary" not in response.content.decode()


def test_past_offering_stays_at_its_address_marked_as_past(client, live_offering, date):
    page = live_offering(dates=[date(-3)])
    response = client.get(page.url)
    assert "Vergangen" in text_of(response) and "Dieses Angebot ist vorbei" in text_of(response)
    assert "ehrenamt-button--primary" not in response.content.decode()


def test_date_elsewhere_names_its_own_place(client, live_offering, date):
    other = factories.VenueFactory(name="Alte Mühle", municipality__name="Leonberg", step_free="no")
    page = live_offering(dates=[date(1), date(2, venue=other), date(3, mode="online")])
    text = text_of(client.get(page.url))
    assert "Alte Mühle" in text and "Leonberg" in text and "nicht stufenlos" in text
    assert "online" in text


def test_volunteer_day_shows_its_parts_by_time_across_towns(client, live_offering, date):
    day = live_offering("Ehrenamtstag", model=VolunteerDayPage, dates=[date(20, hours=8)])
    start = factories.in_days(20, hour=11)
    live_offering("Trommeln", parent=day, dates=[Occurrence(start=start, end=start + dt.timedelta(hours=1))])
    earlier = live_offering("Markt", parent=day, dates=[Occurrence(start=factories.in_days(20, hour=10))])
    live_offering("Entwurf", parent=day, live=False, dates=[Occurrence(start=start)])
    cancel(earlier, actor=factories.member_of(earlier.organisation))
    response = client.get(day.url)
    text = text_of(response)
    assert text.index("Markt") < text.index("Trommeln")
    assert "11–12 Uhr" in text and "Abgesagt" in text and "Entwurf" not in text
    assert earlier.url.startswith(day.url)
    assert "Markt" in text_of(client.get(earlier.url))
    assert "Markt" in text_of(client.get("/programm/"))


@pytest.mark.parametrize("parts", [1, 3, 10])
def test_volunteer_day_asks_the_same_number_of_queries(client, live_offering, date, parts, django_assert_max_num_queries):
    day = live_offering("Ehrenamtstag", model=VolunteerDayPage, dates=[date(20)])
    venue = factories.VenueFactory()
    for number in range(parts):
        live_offering(f"Teil {number}", parent=day, dates=[date(20, venue=venue)])
    client.get(day.url)
    with django_assert_max_num_queries(33):
        assert text_of(client.get(day.url)).count("Teil ") == parts


@pytest.mark.parametrize("model", [TrainingPage, VolunteerDayPage, ConcertPage])
def test_preview_of_a_page_that_was_never_saved(programme, model):
    page = factories.build_offering(model, title="Neu", dates=[Occurrence(start=factories.in_days(5))])
    page.topics.set([factories.TopicFactory(name="Wohnen")])
    response = page.make_preview_request()
    text = text_of(response.render() if hasattr(response, "render") else response)
    assert "Neu" in text and "Wohnen" in text


def test_preview_of_an_empty_draft(programme):
    response = TrainingPage(title="Nur ein Titel").make_preview_request()
    assert "Termin noch offen" in text_of(response.render())


@pytest.mark.parametrize("model", [ProgrammePage, CircleIndexPage])
def test_preview_of_a_new_index_shows_an_empty_one(live_offering, date, model):
    live_offering("Fremdes", dates=[date(1)])
    root = Site.objects.get(is_default_site=True).root_page
    index = model(title="Neue Übersicht", slug="neu", depth=root.depth + 1, path=f"{root.path}9999")
    index.set_url_path(root)
    for page in (index, model(title="Neue Übersicht")):
        text = text_of(page.make_preview_request().render())
        assert "Neue Übersicht" in text and "Fremdes" not in text


# A host's own kinds


def test_own_kind_appears_everywhere_by_itself(client, live_offering, date):
    page = live_offering("Sommerkonzert", model=ConcertPage, dates=[date(3)])
    day = timezone.localdate(factories.in_days(3))
    for address in ("/programm/", "/programm/?art=concert", f"/programm/kalender/{day.year}/{day.month}/",
                    "/programm/kalender.ics", "/programm/feed.atom", page.url, page.url + "termin.ics"):  # fmt: skip
        assert "Sommerkonzert" in client.get(address).content.decode()
    assert "Konzert" in text_of(client.get("/programm/"))
    (row,) = client.get("/api/angebote/").json()["results"]
    assert (row["kind"], row["format"], row["title"]) == ("concert", None, "Sommerkonzert")
    assert client.get("/api/angebote/?art=workshop").json()["count"] == 0


def test_own_kind_is_shown_by_our_template_unless_it_brings_one(client, live_offering, date):
    concert = live_offering(model=ConcertPage, dates=[date(3)])
    excursion = live_offering(model=ExcursionPage, dates=[date(3)], meeting_point="Bahnhof")
    names = [template.name for template in client.get(concert.url).templates]
    assert "ehrenamt_wagtail/programme/offering_page.html" in names
    assert "Treffpunkt: Bahnhof" in text_of(client.get(excursion.url))


def test_host_replaces_one_part_of_a_page(client, live_offering, date, settings, tmp_path):
    part = tmp_path / "ehrenamt_wagtail" / "programme" / "includes" / "subscribe.html"
    part.parent.mkdir(parents=True)
    part.write_text("<p>Unser Newsletter</p>")
    live_offering("Wohnen", dates=[date(1)])
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    text = text_of(client.get("/programm/"))
    assert "Unser Newsletter" in text and "Wohnen" in text
    assert "Kalender abonnieren" not in text


def test_programme_below_another_root_serves_its_files(client, programme, live_offering, date):
    """Wherever the host puts the programme in its tree."""
    page = live_offering(dates=[date(1)])
    root = Site.objects.get(is_default_site=True).root_page
    section = root.add_child(instance=CircleIndexPage(title="Bereich", slug="bereich"))
    Page.objects.get(pk=programme.pk).move(Page.objects.get(pk=section.pk), pos="last-child")
    page.refresh_from_db()
    assert client.get("/bereich/programm/kalender.ics").content.count(b"BEGIN:VEVENT") == 1
    assert client.get("/api/angebote/").json()["results"][0]["url"].startswith("http://testserver/bereich/programm/")
