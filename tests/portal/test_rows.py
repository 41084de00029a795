"""Adding and removing rows without JavaScript."""

import pytest

from ehrenamt_wagtail.models import OfferingPage, TrainingPage
from tests.factories import draft_offering, in_days

from .helpers import NEW, day, facts, field_errors, form_data, soup


def test_dates_are_added_and_removed_and_nothing_else_changes(client):
    data = form_data(client.get(NEW), **facts(), action="add_date")
    response = client.post(NEW, data)
    kept = form_data(response)
    assert kept["dates-TOTAL_FORMS"] == "2"
    assert (kept["title"], kept["dates-0-start_time"]) == (data["title"], "19:00")
    assert soup(response).select_one(".ehrenamt-field__error") is None
    second = {"dates-1-date": day(27), "dates-1-start_time": "18:00", "dates-1-room": "Saal"}
    response = client.post(NEW, kept | second | {"action": "add_date"})
    third = {"dates-2-date": day(34), "dates-2-start_time": "17:00"}
    response = client.post(NEW, form_data(response) | third | {"action": "remove_date-0"})
    kept = form_data(response)
    assert kept["dates-TOTAL_FORMS"] == "2"
    assert (kept["dates-0-start_time"], kept["dates-0-room"], kept["dates-1-start_time"]) == ("18:00", "Saal", "17:00")
    assert OfferingPage.objects.count() == 0
    client.post(NEW, kept | {"action": "save"})
    dates = TrainingPage.objects.get().occurrences.all()
    assert [(date.start, date.room) for date in dates] == [(in_days(27, 18), "Saal"), (in_days(34, 17), "")]


@pytest.mark.parametrize("action", ["remove_date-7", "remove_date--1", "remove_date-x"])
def test_unknown_row_removes_nothing(client, organisation, action):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), action=action)
    client.post(address, data)
    page.refresh_from_db()
    assert page.occurrences.count() == 1


def test_bad_entries_are_not_judged_while_rows_change(client):
    response = client.post(NEW, form_data(client.get(NEW), **facts(title="", dates__0__end_time="10:00"), action="add_trainer"))
    assert soup(response).select_one(".ehrenamt-errors") is None
    assert form_data(response)["dates-0-end_time"] == "10:00"
    assert soup(response).select_one("#fold-trainers").has_attr("open")
    response = client.post(NEW, form_data(response, action="save"))
    assert field_errors(response, "title") != []


def test_dates_keep_their_uid_and_come_in_order(client, organisation):
    page = draft_offering(organisation=organisation, dates=[in_days(10), in_days(20)])
    uids = {date.start: date.uid for date in page.occurrences.all()}
    address = f"/partner/angebote/{page.pk}/"
    data = form_data(client.get(address), action="save", dates__0__date=day(30))
    client.post(address, data)
    page.refresh_from_db()
    assert [(date.start, date.uid) for date in page.occurrences.all()] == [
        (in_days(20), uids[in_days(20)]),
        (in_days(30), uids[in_days(10)]),
    ]


def test_whole_days_and_nights(client):
    data = form_data(client.get(NEW), **facts(dates__0__start_time="", dates__0__all_day="on", dates__0__until_date=day(22)))
    data |= {"dates-TOTAL_FORMS": "2", "dates-1-date": day(25), "dates-1-start_time": "22:00", "dates-1-end_time": "01:00"}
    response = client.post(NEW, data | {"action": "save"})
    assert field_errors(response, "dates-1-end_time") != []
    client.post(NEW, form_data(response, dates__1__until_date=day(26), action="save"))
    whole, night = TrainingPage.objects.get().occurrences.all()
    assert (str(whole.start_date), str(whole.end_date), whole.start) == (day(20), day(22), None)
    assert (night.start, night.end) == (in_days(25, 22), in_days(26, 1))
    address = f"/partner/angebote/{TrainingPage.objects.get().pk}/"
    client.post(address, form_data(client.get(address), summary="Anders.", action="save"))
    whole, night = TrainingPage.objects.get().occurrences.all()
    assert (str(whole.end_date), night.end) == (day(22), in_days(26, 1))


def test_all_optional_facts_are_saved_and_shown_again(client):
    response = client.get(NEW)
    for kind in ("trainer", "co_host"):
        response = client.post(NEW, form_data(response, action=f"add_{kind}"))
    changes = {
        **facts(),
        "trainers__0__name": "Dr. Muster",
        "trainers__0__function": "Richterin",
        "trainers__0__organisation_name": "Amtsgericht",
        "co_hosts__0__name": "Volkshochschule",
        "languages": ["de", "ar"],
        "costs": "5 Euro",
        "simple_text": "Kurz.",
        "series_title": "Grundkurs",
    }
    client.post(NEW, form_data(response, **changes, action="save"))
    page = TrainingPage.objects.get()
    assert (page.languages, page.costs, page.simple_text, page.series_title) == (["de", "ar"], "5 Euro", "Kurz.", "Grundkurs")
    assert str(page.trainers.get()) == "Dr. Muster, Richterin, Amtsgericht"
    assert page.co_hosts.get().name == "Volkshochschule"
    shown = client.get(f"/partner/angebote/{page.pk}/")
    data = form_data(shown)
    assert (data["languages"], data["trainers-0-function"], data["co_hosts-0-name"]) == (["de", "ar"], "Richterin", "Volkshochschule")
    assert {fold["id"] for fold in soup(shown).select("details[open]") if fold.get("id")} == {
        "fold-contents", "fold-audience", "fold-trainers", "fold-co_hosts", "fold-simple_text",
    }  # fmt: skip
