"""Preview, history, copy, cancel, delete, change of what is published."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.models import Cancellation, OfferingPage, ProgrammePage, VolunteerDayPage
from ehrenamt_wagtail.review.actions import approve, return_to_organisation
from tests.factories import (
    approved_offering,
    coordinator_user,
    draft_offering,
    in_days,
    published_offering,
    submitted_offering,
)

from .helpers import NEW, day, facts, field_errors, form_data, messages_of, soup, text_of


def test_preview_shows_the_newest_version_as_the_public_would_see_it(client, organisation):
    page = published_offering(organisation=organisation, summary="Alte Fassung.")
    address = f"/partner/angebote/{page.pk}/"
    response = client.post(address, form_data(client.get(address), summary="Neue Fassung.", action="preview"))
    assert response.url == f"{address}vorschau/"
    preview = client.get(response.url)
    assert "Neue Fassung." in text_of(preview)
    assert "Alte Fassung." not in text_of(preview)
    assert "So sieht es öffentlich aus, sobald es freigegeben ist." in text_of(preview)
    assert soup(preview).select_one(f"a[href='{address}']") is not None
    assert preview["Cache-Control"] == "private, no-store"
    public = client.get(page.get_url())
    assert ("Alte Fassung." in text_of(public), "Neue Fassung." in text_of(public)) == (True, False)


def test_preview_of_a_bare_draft(client, organisation):
    page = draft_offering(organisation=organisation, dates=[], summary="", municipality=None, place="", contact_name="")
    assert page.title in text_of(client.get(f"/partner/angebote/{page.pk}/vorschau/"))


def test_change_of_a_published_offering_waits_while_the_published_version_stays(client, organisation):
    page = approved_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), summary="Neue Fassung.", action="save"))
    assert len(soup(client.get("/partner/")).select("[aria-labelledby=to-do] .ehrenamt-own__item")) == 1
    client.post(address, form_data(client.get(address), action="submit"))
    assert "Änderung in Prüfung" in text_of(client.get("/partner/"))
    page.refresh_from_db()
    assert (page.live, page.summary) == (True, "Ein Abend für alle, die Geflüchtete begleiten.")
    assert page.get_latest_revision_as_object().summary == "Neue Fassung."


def test_submitting_what_is_published_unchanged_says_so(client, organisation):
    page = approved_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    number = page.revisions.count()
    response = client.post(address, form_data(client.get(address), action="submit"), follow=True)
    assert "Diese Fassung ist schon veröffentlicht." in messages_of(response)
    page.refresh_from_db()
    assert (page.workflow_in_progress, page.revisions.count()) == (False, number)


def test_returned_offering_shows_reasons_and_is_submitted_again(client, organisation):
    page, task_state = submitted_offering(organisation=organisation)
    reviewer = coordinator_user(first_name="Karla", last_name="Koordination")
    return_to_organisation(task_state, actor=reviewer, reasons=["date_clash"], comment="Bitte eine Woche später.")
    start = soup(client.get("/partner/")).select_one("[aria-labelledby=to-do]").get_text(" ", strip=True)
    assert "Zurückgegeben" in start and "Bitte eine Woche später." in start
    address = f"/partner/angebote/{page.pk}/"
    assert "Bitte eine Woche später." in text_of(client.get(address))
    client.post(address, form_data(client.get(address), dates__0__date=day(17), action="submit"))
    page.refresh_from_db()
    assert page.workflow_in_progress
    history = text_of(client.get(f"{address}verlauf/"))
    assert "Karla Koordination" in history and "Bitte eine Woche später." in history
    entries = [entry.get_text(" ", strip=True) for entry in soup(client.get(f"{address}verlauf/")).select(".ehrenamt-history strong")]
    assert len(entries) >= 4


def test_withdraw(client, organisation):
    page, _task_state = submitted_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    shown = client.get(address)
    assert soup(shown).select_one("button[value=submit], button[value=save]") is None
    assert page.summary in text_of(shown)
    response = client.post(address, {"action": "withdraw"}, follow=True)
    assert "Aus der Prüfung zurückgezogen." in messages_of(response)
    page.refresh_from_db()
    assert not page.workflow_in_progress
    assert soup(response).select_one("button[value=submit]") is not None


def test_copy_moves_all_dates_by_whole_weeks(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(3), in_days(5)])
    address = f"/partner/angebote/{page.pk}/kopieren/"
    response = client.post(address, {"first_date": day(3 + 50)})
    [error] = field_errors_of(response)
    assert "Der Wochentag muss gleich bleiben." in error
    assert OfferingPage.objects.count() == 1
    response = client.post(address, {"first_date": day(3 + 70)})
    copy = OfferingPage.objects.exclude(pk=page.pk).get()
    assert response.url == f"/partner/angebote/{copy.pk}/"
    starts = [timezone.localtime(date.start) for date in copy.occurrences.all()]
    assert [(start.date() - timezone.localdate()).days for start in starts] == [73, 75]
    assert {start.hour for start in starts} == {19}
    assert (copy.live, {date.uid for date in copy.occurrences.all()} & {date.uid for date in page.occurrences.all()}) == (False, set())


def test_new_form_sent_again_after_the_back_button_makes_no_second_offering(client, organisation):
    sent = facts(dates__0__end_time="21:00", audience="Alle")
    first = client.post(NEW, form_data(client.get(NEW), **sent, action="submit"))
    again = client.post(NEW, form_data(client.get(NEW), **sent, action="submit"), follow=True)
    assert again.redirect_chain == [(first.url, 302)]
    assert "schon zur Prüfung eingereicht" in messages_of(again)
    assert OfferingPage.objects.count() == 1
    client.post(NEW, form_data(client.get(NEW), **{**sent, "dates__0__date": day(27)}, action="submit"))
    assert OfferingPage.objects.count() == 2


def test_copy_form_sent_twice_makes_one_copy(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(3)])
    address = f"/partner/angebote/{page.pk}/kopieren/"
    data = form_data(client.get(address))
    first, second = client.post(address, data), client.post(address, data)
    copy = OfferingPage.objects.exclude(pk=page.pk).get()
    assert (first.url, second.url) == (f"/partner/angebote/{copy.pk}/",) * 2
    client.post(address, form_data(client.get(address)))
    assert OfferingPage.objects.count() == 3


def field_errors_of(response) -> list[str]:
    return [error.get_text(" ", strip=True) for error in soup(response).select(".ehrenamt-field__error")]


def test_copy_suggests_a_date_and_needs_none_without_dates(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(-100)])
    suggested = form_data(client.get(f"/partner/angebote/{page.pk}/kopieren/"))["first_date"]
    assert (dt.date.fromisoformat(suggested) - timezone.localdate()).days >= 28
    bare = draft_offering(organisation=organisation, dates=[])
    client.post(f"/partner/angebote/{bare.pk}/kopieren/")
    assert OfferingPage.objects.count() == 3


def test_cancel_one_date_then_all(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(3), in_days(5)])
    uid = page.occurrences.first().uid
    address = f"/partner/angebote/{page.pk}/absagen/"
    response = client.post(address, {"date": str(uid)})
    assert field_errors(response, "reason") == ["Fehler: Nennen Sie kurz den Grund, denn danach wird gefragt."]
    response = client.post(address, {"date": "b0b0b0b0-0000-0000-0000-000000000000", "reason": "Krank"})
    assert len(field_errors_of(response)) == 1
    assert Cancellation.objects.count() == 0
    client.post(address, {"date": str(uid), "reason": "Krank"})
    assert [(row.occurrence_uid, row.reason) for row in Cancellation.objects.all()] == [(uid, "Krank")]
    client.post(address, {"date": "all", "reason": "Abgesagt"})
    assert Cancellation.objects.count() == 2
    assert "Dieses Angebot ist schon abgesagt." in text_of(client.get(address))
    history = text_of(client.get(f"/partner/angebote/{page.pk}/verlauf/"))
    assert f"Termin abgesagt: {date_range(in_days(3))}" in history
    assert "Krank" in history and "Clara Muster" in history
    response = client.post(address, {"date": "all", "reason": "Noch einmal"}, follow=True)
    assert "schon abgesagt" in messages_of(response)
    assert Cancellation.objects.count() == 2


def test_date_cancelled_twice_by_a_double_click_is_said_to_be_cancelled(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(3), in_days(5)])
    address = f"/partner/angebote/{page.pk}/absagen/"
    data = {"date": str(page.occurrences.first().uid), "reason": "Krank"}
    client.post(address, data)
    response = client.post(address, data, follow=True)
    assert messages_of(response).endswith("Dieser Termin ist schon abgesagt.")
    assert Cancellation.objects.count() == 1


def test_offering_cancelled_while_it_waits_is_only_read_and_can_be_withdrawn(client, organisation):
    page = approved_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/"
    client.post(address, form_data(client.get(address), summary="Neue Fassung.", action="submit"))
    client.post(f"{address}absagen/", {"date": "all", "reason": "Krank"})
    response = client.get(address)
    assert "Abgesagt" in text_of(response)
    assert [button["value"] for button in soup(response).select("main button[name=action]")] == ["withdraw"]


def test_draft_cannot_be_cancelled_and_published_cannot_be_deleted(client, organisation):
    draft = draft_offering(organisation=organisation)
    response = client.post(f"/partner/angebote/{draft.pk}/absagen/", {"date": "all", "reason": "x"}, follow=True)
    assert "Absagen lässt sich nur" in messages_of(response)
    live = published_offering(organisation=organisation)
    response = client.post(f"/partner/angebote/{live.pk}/loeschen/", follow=True)
    assert "bleibt im Archiv" in messages_of(response)
    assert (OfferingPage.objects.count(), Cancellation.objects.count()) == (2, 0)
    links = [link.get_text(strip=True) for link in soup(client.get(f"/partner/angebote/{draft.pk}/")).select(".ehrenamt-actions a")]
    assert links == ["Vorschau", "Verlauf", "Anmeldung einrichten", "Kopieren für neue Termine", "Entwurf löschen"]


def test_delete_a_draft(client, organisation):
    page = draft_offering(organisation=organisation)
    address = f"/partner/angebote/{page.pk}/loeschen/"
    client.get(address)
    assert OfferingPage.objects.count() == 1
    response = client.post(address, follow=True)
    assert f"Der Entwurf „{page.title}“ ist gelöscht." in messages_of(response)
    assert OfferingPage.objects.count() == 0


def test_removed_published_date_is_cancelled_by_the_approval(client, organisation):
    page = approved_offering(organisation=organisation, dates=[in_days(3), in_days(5)])
    address = f"/partner/angebote/{page.pk}/"
    response = client.post(address, form_data(client.get(address), action="remove_date-0"))
    client.post(address, form_data(response, action="submit"))
    assert Cancellation.objects.count() == 0
    page.refresh_from_db()
    approve(page.current_workflow_task_state, actor=coordinator_user())
    assert Cancellation.objects.count() == 1
    assert type(page).objects.get(pk=page.pk).occurrences.count() == 2


def test_unknown_kind_asks_for_one(client):
    for address in ("/partner/angebote/neu/", "/partner/angebote/neu/?art=unfug"):
        links = [link["href"] for link in soup(client.get(address)).select(".ehrenamt-card__link")]
        arts = [link.partition("art=")[2] for link in links]
        # Kinds of a host come last.
    assert arts[:6] == ["fortbildung", "workshop", "vortrag", "austausch", "supervision", "ehrenamtstag"]


def test_site_without_a_programme_keeps_what_was_typed(client):
    ProgrammePage.objects.get().delete()
    response = client.post(NEW, form_data(client.get(NEW), **facts(), action="save"))
    assert "Auf dieser Website gibt es noch kein Programm." in messages_of(response)
    assert form_data(response)["summary"] == facts()["summary"]


def test_every_kind_can_be_announced(client):
    arts = ["fortbildung", "workshop", "vortrag", "austausch", "supervision", "ehrenamtstag"]
    for art in arts:
        address = f"/partner/angebote/neu/?art={art}"
        client.post(address, form_data(client.get(address), **facts(), action="submit"))
    pages = [page.specific for page in OfferingPage.objects.order_by("pk")]
    assert [page.art for page in pages] == arts
    assert all(page.workflow_in_progress for page in pages)
    assert VolunteerDayPage.objects.count() == 1


def test_new_form_begins_with_the_day_of_the_address(client):
    chosen = soup(client.get(f"/partner/angebote/neu/?datum={day(20)}")).select_one("a[href*='art=fortbildung']")["href"]
    shown = form_data(client.get(chosen))
    assert (shown["dates-0-date"], shown["dates-0-start_time"], shown["dates-TOTAL_FORMS"]) == (day(20), "", "1")
    for wrong in ("2027-02-30", "9999-01-01", "x"):
        assert form_data(client.get(f"{NEW}&datum={wrong}"))["dates-0-date"] == ""
