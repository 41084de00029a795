"""Each kind of bad input: a German sentence next to its field, everything typed still there, nothing lost."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import OfferingPage, TrainingPage
from tests.factories import OrganisationFactory, TopicFactory, VenueFactory, draft_offering, published_offering

from .helpers import NEW, day, facts, field_errors, form_data, messages_of, soup, text_of

IGNORED = ("csrfmiddlewaretoken", "revision", "key")


def send(client, address, data):
    response = client.post(address, data)
    assert response.status_code == 200
    return response


def assert_kept(response, data: dict) -> None:
    """The form still holds what was sent, up to what a browser cannot see."""
    present = form_data(response)
    lost = {
        name: (value, present.get(name))
        for name, value in data.items()
        if name not in (*IGNORED, "action") and not name.endswith(("_FORMS", "-uid")) and str(present.get(name)) != str(value)
    }
    assert lost == {}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "Geben Sie einen Titel ein. Damit lässt sich Ihr Entwurf schon speichern."),
        (
            {"dates__0__all_day": "on", "dates__0__start_time": "", "dates__0__until_date": "2099-01-01"},
            "dates-0-until_date",
            "Bitte prüfen Sie das Jahr.",
        ),
        ({"title": "   "}, "title", "Geben Sie einen Titel ein. Damit lässt sich Ihr Entwurf schon speichern."),
        ({"title": "x" * 300}, "title", "Das ist zu lang: 300 Zeichen. Möglich sind höchstens 255, bitte kürzen Sie."),
        ({"dates__0__end_time": "18:00"}, "dates-0-end_time", "Das Ende liegt vor dem Beginn."),
        ({"dates__0__date": "2027-03-28", "dates__0__start_time": "02:30"}, "dates-0-start_time", "Diese Uhrzeit gibt es nicht"),
        ({"dates__0__date": "2027-02-30"}, "dates-0-date", "Diesen Tag gibt es nicht."),
        ({"dates__0__start_time": "25:00"}, "dates-0-start_time", "Diese Uhrzeit gibt es nicht."),
        ({"dates__0__start_time": ""}, "dates-0-start_time", "Geben Sie ein, wann es beginnt"),
        ({"dates__0__date": ""}, "dates-0-date", "Geben Sie den Tag ein, oder entfernen Sie diesen Termin."),
        ({"dates__0__date": "9999-12-31"}, "dates-0-date", "Bitte prüfen Sie das Jahr."),
        ({"dates__0__until_date": "2020-01-01"}, "dates-0-until_date", "Der letzte Tag liegt vor dem ersten."),
        ({"contact_email": "petra"}, "contact_email", "Das ist keine E-Mail-Adresse."),
        ({"online_url": "javascript:alert(1)"}, "online_url", "Das ist keine Internetadresse."),
        ({"venue": "999999"}, "venue", "Bitte wählen Sie einen Eintrag aus der Liste."),
        ({"municipality": "x"}, "municipality", "Bitte wählen Sie einen Eintrag aus der Liste."),
        ({"topics": ["999999"]}, "topics", "Bitte wählen Sie einen Eintrag aus der Liste."),
    ],
)
@pytest.mark.parametrize("action", ["save", "submit"])
def test_bad_input_is_named_next_to_its_field_and_kept(client, changes, field, sentence, action):
    TopicFactory()
    data = form_data(client.get(NEW), **{**facts(), **changes}, action=action)
    response = send(client, NEW, data)
    assert [error for error in field_errors(response, field) if sentence in error] != []
    assert soup(response).select_one(".ehrenamt-errors a") is not None
    unusual = {"venue", "municipality", "topics", "title" if changes.get("title", "x").isspace() else ""}
    assert_kept(response, {name: value for name, value in data.items() if name not in unusual})
    assert OfferingPage.objects.count() == 0


def test_date_in_the_past_is_named_beside_that_date_and_the_draft_is_saved(client):
    data = form_data(client.get(NEW), **facts(dates__0__date=day(-7)), action="submit")
    response = send(client, NEW, data)
    assert field_errors(response, "dates-0-date") == [
        "Fehler: Dieser Termin liegt in der Vergangenheit. Bitte prüfen Sie Tag und Jahr."
    ]
    assert "Ihr Entwurf ist gespeichert, eingereicht ist er noch nicht" in messages_of(response)
    assert_kept(response, data)
    page = TrainingPage.objects.get()
    assert (page.workflow_in_progress, page.occurrences.count()) == (False, 1)
    address = f"/partner/angebote/{page.pk}/"
    assert soup(response).select_one("form.ehrenamt-form")["action"] == address
    uid = page.occurrences.get().uid
    response = client.post(address, form_data(response, dates__0__date=day(7), action="submit"))
    assert response.url == address
    page.refresh_from_db()
    assert (page.workflow_in_progress, page.occurrences.get().uid) == (True, uid)


def test_past_date_that_is_published_stays_valid(client, organisation):
    yesterday = timezone.now() - dt.timedelta(days=1)
    page = published_offering(organisation=organisation, dates=[yesterday, timezone.now() + dt.timedelta(days=9)])
    address = f"/partner/angebote/{page.pk}/"
    response = client.post(address, form_data(client.get(address), summary="Neu gefasst.", action="submit"))
    assert response.url == address
    page.refresh_from_db()
    assert page.workflow_in_progress
    assert len(page.get_latest_revision_as_object().occurrences.all()) == 2


def test_200_dates_are_refused_in_words_and_kept(client):
    data = form_data(client.get(NEW), **facts(), action="save")
    for number in range(200):
        data |= {f"dates-{number}-date": day(number + 1), f"dates-{number}-start_time": "19:00"}
    data["dates-TOTAL_FORMS"] = "200"
    response = send(client, NEW, data)
    assert "Das sind mehr als 100. Gespeichert ist noch nichts; bitte entfernen Sie einige." in text_of(response)
    assert_kept(response, data)
    assert OfferingPage.objects.count() == 0


def test_ambiguous_time_is_taken_in_summer_time_and_survives_saving_again(client):
    client.post(NEW, form_data(client.get(NEW), **facts(dates__0__date="2027-10-31", dates__0__start_time="02:30"), action="save"))
    page = TrainingPage.objects.get()
    date = page.occurrences.get()
    assert date.start == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    # An editor of the district meant the second one.
    page = page.get_latest_revision_as_object()
    page.occurrences.first().start = dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
    page.occurrences = [page.occurrences.first()]
    page.save()
    page.save_revision(clean=False)
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), summary="Anders.", action="save"))
    date.refresh_from_db()
    assert date.start == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_script_in_every_text_field_is_shown_as_text(client):
    script = "<script>alert(1)</script>"
    names = (
        "title", "subtitle", "series_title", "summary", "contents", "audience", "prior_knowledge", "what_to_bring",
        "child_care", "costs", "simple_text", "easy_language_checked_by", "place", "room", "contact_name", "contact_phone",
        "image_alt", "image_credit",
    )  # fmt: skip
    changes = {**facts(), **dict.fromkeys(names, script)}
    client.post(NEW, form_data(client.get(NEW), **changes, action="save"))
    page = TrainingPage.objects.get()
    assert {getattr(page, name) for name in names} == {script}
    for address in ("", "vorschau/", "verlauf/", "kopieren/"):
        content = client.get(f"/partner/angebote/{page.pk}/{address}").content.decode()
        assert script not in content
    assert script not in client.get("/partner/").content.decode()


def test_invisible_characters_are_left_out_and_visible_ones_kept(client):
    title = "Tee\u202e und\x00 Gespräch 🫖 \x1bمرحبا"
    client.post(NEW, form_data(client.get(NEW), **facts(title=title, summary="Zeile\r\n\r\nZeile\x07"), action="save"))
    page = TrainingPage.objects.get()
    assert page.title == "Tee und Gespräch 🫖 مرحبا"
    assert page.summary == "Zeile\n\nZeile"
    assert "ehrenamt-bidi" in client.get("/partner/").content.decode()


def test_forged_organisation_is_refused(client):
    other = OrganisationFactory()
    response = send(client, NEW, form_data(client.get(NEW), **facts(), organisation=other.pk, action="save"))
    assert "Bitte wählen Sie einen Veranstalter, für den Sie handeln." in text_of(response)
    assert OfferingPage.objects.count() == 0


def test_venue_of_another_organisation_is_refused(client):
    venue = VenueFactory(organisation=OrganisationFactory())
    response = send(client, NEW, form_data(client.get(NEW), **facts(), venue=venue.pk, action="save"))
    assert field_errors(response, "venue") == ["Fehler: Bitte wählen Sie einen Eintrag aus der Liste."]
    response = send(client, NEW, form_data(client.get(NEW), **facts(dates__0__venue=venue.pk), action="save"))
    assert field_errors(response, "dates-0-venue") == ["Fehler: Bitte wählen Sie einen Eintrag aus der Liste."]
    assert OfferingPage.objects.count() == 0


def test_forged_uid_makes_a_new_date(client, organisation):
    foreign = draft_offering(title="Fremd").occurrences.get()
    page = draft_offering(organisation=organisation)
    own = page.occurrences.get()
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), action="save", dates__TOTAL_FORMS="4")
    data |= {"dates-1-uid": str(foreign.uid), "dates-2-uid": "'; drop", "dates-3-uid": str(own.uid)}
    data |= {f"dates-{number}-date": day(30 + number) for number in (1, 2, 3)}
    data |= {f"dates-{number}-start_time": "10:00" for number in (1, 2, 3)}
    response = client.post(address, data)
    assert response.url == address
    uids = [date.uid for date in page.occurrences.model.objects.filter(page_id=page.pk)]
    assert len(set(uids)) == 4
    assert own.uid in uids and foreign.uid not in uids
    foreign.refresh_from_db()
    assert foreign.page_id != page.pk


def test_one_line_fields_stay_on_one_line(client):
    client.post(NEW, form_data(client.get(NEW), **facts(title="Ein\nTitel  mit   Luft"), action="save"))
    assert TrainingPage.objects.get().title == "Ein Titel mit Luft"


def test_form_without_rows_changes_no_rows(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = {name: value for name, value in form_data(client.get(address)).items() if not name.startswith("dates-")}
    assert client.post(address, data | {"summary": "Neu.", "action": "save"}).url == address
    page.refresh_from_db()
    assert (page.summary, page.occurrences.count()) == ("Neu.", 1)


def test_title_that_nobody_could_see_is_missing(client):
    response = send(client, NEW, form_data(client.get(NEW), **facts(title="\u200b \u2060"), action="save"))
    assert field_errors(response, "title") == ["Fehler: Geben Sie einen Titel ein. Damit lässt sich Ihr Entwurf schon speichern."]
    assert OfferingPage.objects.count() == 0


@pytest.mark.parametrize(
    "forged",
    [
        {"action": f"remove_dates-{'9' * 5000}"},
        {"action": "add_date", "dates-TOTAL_FORMS": "9" * 5000},
        {"action": "save", "revision": "9" * 5000},
    ],
)
def test_numbers_too_long_to_be_read_are_no_numbers(client, organisation, forged):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    response = client.post(address, form_data(client.get(address)) | forged, follow=True)
    assert form_data(response)["title"] == page.title
    page.refresh_from_db()
    assert (page.revisions.count(), page.occurrences.count()) == (1, 1)


@pytest.mark.parametrize(
    "address", ["/partner/angebote/neu/?art=vortrag", "/partner/vormerkungen/neu/?titel=%00", "/partner/bedarfe/neu/?titel=%00"]
)
def test_characters_that_no_database_takes_fill_nothing_in(client, address):
    response = client.get(f"{address}&gemeinde=%00&thema=%00&datum=%00")
    assert response.status_code == 200
    assert "\x00" not in response.content.decode()
    assert not any("\x00" in value for value in form_data(response).values())
