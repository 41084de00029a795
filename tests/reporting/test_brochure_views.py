"""Brochures in the admin, for those who keep them, and in public, for everybody once they are published."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail import models, pdf
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.reporting.brochure import actions, files
from tests import factories
from tests.pdfs import read_pdf, text_of

from .brochures import brochure, made, period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "own_media")]

REGISTER = "ehrenamt_wagtail_brochure_modeladmin_"


@pytest.fixture
def office(client, coordinator):
    client.force_login(coordinator)
    return client


def admin(name: str, of, *args) -> str:
    return reverse(f"ehrenamt_admin:{name}", args=[of.pk, *args])


def published(coordinator, **facts) -> models.Brochure:
    of = brochure(**facts)
    actions.publish(of, actor=coordinator)
    return of


# The register


def test_coordinator_makes_a_brochure_and_is_led_to_its_page(office):
    of_period = period()
    data = {"period": of_period.pk, "title": "Programm bis Juli", "subtitle": "", "kinds": ["workshop", "vortrag"]}
    data |= {"with_circles": "on", "preface": "Willkommen", "imprint": "", "cover": ""}
    response = office.post(reverse(REGISTER + "create"), data)
    of = models.Brochure.objects.get()
    assert response["Location"] == admin("brochure", of)
    assert (of.kinds, of.with_circles, of.with_late, of.preface) == (["workshop", "vortrag"], True, False, "Willkommen")
    page = office.get(response["Location"]).content.decode()
    assert "Programm bis Juli" in page and "Workshop, Informationsvortrag" in page
    assert "PDF erstellen: A4" in page and "PDF erstellen: A5" in page
    response = office.post(reverse(REGISTER + "edit", args=[of.pk]), data | {"kinds": [], "title": "Neuer Titel"})
    of.refresh_from_db()
    assert (of.title, of.kinds) == ("Neuer Titel", [])


def test_unknown_kind_is_refused_beside_the_field(office):
    response = office.post(reverse(REGISTER + "create"), {"period": period().pk, "title": "x", "kinds": ["tanz"]})
    assert response.status_code == 200 and "tanz" in response.content.decode()
    assert not models.Brochure.objects.exists()


def test_register_lists_state_and_files_with_few_queries(office, coordinator):
    of = published(coordinator)
    files.keep(of.pk, made(4), offerings=3, made_by=coordinator)
    listing = office.get(reverse(REGISTER + "index")).content.decode()
    assert "veröffentlicht" in listing and admin("brochure", of) in listing
    with CaptureQueriesContext(connection) as first:
        office.get(reverse(REGISTER + "index"))
    for number in range(3):
        brochure(title=f"Heft {number}", period=of.period)
    with CaptureQueriesContext(connection) as more:
        office.get(reverse(REGISTER + "index"))
    assert len(more) == len(first)


def test_brochure_with_files_can_be_deleted(office, coordinator, django_capture_on_commit_callbacks):
    of = brochure()
    files.keep(of.pk, made(4), offerings=3, made_by=coordinator)
    address = reverse(REGISTER + "delete", args=[of.pk])
    assert "samt allen Dateien" in office.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        office.post(address)
    assert not models.Brochure.objects.exists() and not models.BrochureFile.objects.exists()


# Its page


def test_files_stand_on_the_page_with_date_pages_and_size_and_are_downloads(office, coordinator):
    of = brochure()
    a4, a5 = files.keep(of.pk, made(28), offerings=12, made_by=coordinator)
    page = office.get(admin("brochure", of)).content.decode()
    assert page.count(">28<") == 2 and page.count(">12<") == 2 and "5\xa0Bytes" in page
    response = office.get(admin("brochure_file", of, a5.pk))
    assert b"".join(response.streaming_content) == b"a5 28"
    assert response["Content-Disposition"] == 'attachment; filename="programm-bis-juli-a5.pdf"'
    assert response["Content-Type"] == "application/pdf" and "no-store" in response["Cache-Control"]
    other = brochure(title="Anderes", period=of.period)
    assert office.get(admin("brochure_file", other, a4.pk)).status_code == 404


def test_lost_file_is_not_found(office, coordinator):
    of = brochure()
    a4, _a5 = files.keep(of.pk, made(28), offerings=12, made_by=coordinator)
    a4.file.storage.delete(a4.file.name)
    assert office.get(admin("brochure_file", of, a4.pk)).status_code == 404


def test_page_says_that_the_programme_changed_since(office, coordinator):
    of = brochure()
    files.keep(of.pk, made(4), offerings=0, made_by=coordinator)
    hint = "Das Programm hat sich seitdem geändert"
    assert hint not in office.get(admin("brochure", of)).content.decode()
    factories.published_offering(dates=[factories.in_days(5)])
    assert hint in office.get(admin("brochure", of)).content.decode()


def test_button_starts_the_job_and_leads_to_its_progress(office, django_capture_on_commit_callbacks):
    of = brochure()
    with django_capture_on_commit_callbacks(execute=True):
        response = office.post(admin("brochure_make", of), {"format": "a5"})
    job = models.LongJob.objects.get()
    assert response["Location"] == reverse("ehrenamt_admin:long_job", args=[job.pk])
    assert job.status == "done" and [file.format for file in files.newest_files(of)] == ["a5"]


def test_while_one_format_is_made_the_other_can_be_asked_for(office, coordinator, queued_jobs):
    of = brochure()
    actions.make(of, format="a4", actor=coordinator)
    page = office.get(admin("brochure", of)).content.decode()
    assert "A4 wird gerade erstellt" in page and "PDF erstellen: A4" not in page and "PDF erstellen: A5" in page


@pytest.mark.parametrize("sent", [{}, {"format": "a3"}])
def test_unknown_format_is_refused_in_words(sent, office, queued_jobs):
    of = brochure()
    page = office.post(admin("brochure_make", of), sent, follow=True).content.decode()
    assert "Bitte wählen Sie ein Format" in page
    assert not models.LongJob.objects.exists()


def test_preview_shows_the_page_to_nobody_else(office, client):
    factories.published_offering(title="Grundlagen des Asylrechts", dates=[factories.in_days(5)])
    of = brochure()
    shown = office.get(admin("brochure_preview", of)).content.decode()
    assert "Grundlagen des Asylrechts" in shown and "Dies ist eine Vorschau" in shown and "noindex" in shown
    office.logout()
    assert client.get(reverse("ehrenamt:brochure", args=[of.pk])).status_code == 404


def test_without_the_extra_there_are_pages_to_print(office, monkeypatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    of = brochure()
    shown = office.get(admin("brochure", of)).content.decode()
    assert "PDF erstellen" not in shown and admin("brochure_print", of, "a5") in shown
    assert "Bitte drucken Sie diese Seite" in office.get(admin("brochure_print", of, "a5")).content.decode()
    assert office.get(admin("brochure_print", of, "a3")).status_code == 404
    first = of.period.first_day
    assert "Was ist los im" in office.get(admin("brochure_poster", of, f"{first:%Y-%m}")).content.decode()


@pytest.mark.parametrize("account", ["member", "editor"])
def test_others_reach_nothing_and_change_nothing(account, client, coordinator):
    from django.contrib.auth.models import Permission

    of = published(coordinator)
    [a4, _a5] = files.keep(of.pk, made(28), offerings=12, made_by=coordinator)
    if account == "member":
        client.force_login(factories.member_of())
    else:
        user = factories.UserFactory()
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        client.force_login(user)
    first = of.period.first_day
    addresses = [
        admin("brochure", of), admin("brochure_preview", of), admin("brochure_print", of, "a4"), admin("brochure_file", of, a4.pk),
        admin("brochure_poster", of, f"{first:%Y-%m}"),
    ]  # fmt: skip
    assert all(client.get(address).status_code in (302, 403) for address in addresses)
    client.post(admin("brochure_publish", of), {"action": "withdraw"})
    client.post(admin("brochure_make", of))
    of.refresh_from_db()
    assert of.published_at is not None and not models.LongJob.objects.exists()


# Publishing


def test_publishing_and_withdrawing_is_written_to_the_log(office, coordinator, client):
    of = brochure()
    public = reverse("ehrenamt:brochure", args=[of.pk])
    office.post(admin("brochure_publish", of), {"action": "publish"})
    of.refresh_from_db()
    assert of.published_at is not None and client.get(public).status_code == 200
    office.post(admin("brochure_publish", of), {"action": "withdraw"})
    of.refresh_from_db()
    assert of.published_at is None and client.get(public).status_code == 404
    actions_logged = list(ModelLogEntry.objects.order_by("timestamp").values_list("action", flat=True))
    assert actions_logged == ["ehrenamt.publish_brochure", "ehrenamt.withdraw_brochure"]


def test_publishing_twice_is_refused_and_changes_nothing(coordinator):
    of = published(coordinator)
    moment = of.published_at
    with pytest.raises(NotAllowed):
        actions.publish(of, actor=coordinator)
    of.refresh_from_db()
    assert of.published_at == moment and ModelLogEntry.objects.count() == 1


# In public


def test_everybody_reads_the_published_page_and_fetches_the_newest_files(client, coordinator):
    factories.published_offering(title="Grundlagen des Asylrechts", summary="Ein Abend.", dates=[factories.in_days(5)])
    of = published(coordinator)
    address = reverse("ehrenamt:brochure", args=[of.pk])
    assert address == f"/programmheft/{of.pk}/"
    response = client.get(address)
    shown = response.content.decode()
    assert "Grundlagen des Asylrechts" in shown and "Ein Abend." in shown
    assert not response.cookies
    file_address = reverse("ehrenamt:brochure-file", args=[of.pk, "a4"])
    assert file_address not in shown and client.get(file_address).status_code == 404
    files.keep(of.pk, made(28), offerings=12, made_by=coordinator)
    assert f'href="{file_address}"' in client.get(address).content.decode()
    response = client.get(file_address)
    assert b"".join(response.streaming_content) == b"a4 28"
    assert response["Content-Disposition"] == 'attachment; filename="programm-bis-juli-a4.pdf"'


def test_unpublished_brochure_is_found_by_nobody(client, coordinator):
    of = brochure()
    files.keep(of.pk, made(28), offerings=12, made_by=coordinator)
    first = of.period.first_day
    for address in (
        reverse("ehrenamt:brochure", args=[of.pk]),
        reverse("ehrenamt:brochure-file", args=[of.pk, "a4"]),
        reverse("ehrenamt:brochure-poster", args=[of.pk, f"{first:%Y-%m}"]),
        reverse("ehrenamt:brochure", args=[of.pk + 1]),
    ):
        response = client.get(address)
        assert response.status_code == 404 and b"Programm bis Juli" not in response.content


def test_poster_is_for_months_of_the_period_alone(client, coordinator):
    factories.published_offering(title="Grundlagen des Asylrechts", dates=[factories.in_days(5)])
    of = published(coordinator)
    first = factories.in_days(5)
    response = client.get(reverse("ehrenamt:brochure-poster", args=[of.pk, f"{first:%Y-%m}"]))
    assert response["Content-Type"] == "application/pdf"
    sheet = read_pdf(response.content)
    assert len(sheet.pages) == 1 and "Grundlagen des Asylrechts" in text_of(sheet)
    assert client.get(reverse("ehrenamt:brochure-poster", args=[of.pk, f"{first.year + 2}-01"])).status_code == 404
    assert client.get(reverse("ehrenamt:brochure-poster", args=[of.pk, f"{first.year}-13"])).status_code == 404


def test_markup_of_partners_is_shown_as_it_is(client, coordinator):
    factories.published_offering(title="<script>alert(1)</script>", summary="<b>fett</b>", dates=[factories.in_days(5)])
    shown = client.get(reverse("ehrenamt:brochure", args=[published(coordinator).pk])).content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown and "<b>fett" not in shown


# The programme


def test_programme_links_to_the_brochure_until_its_period_is_over(client, coordinator):
    of = published(coordinator)
    link = f'<a href="/programmheft/{of.pk}/">Programmheft „Programm bis Juli“</a>'
    assert link in client.get("/programm/").content.decode()
    actions.withdraw(of, actor=coordinator)
    assert "programmheft" not in client.get("/programm/").content.decode()
    over = published(coordinator, title="Zuvor", period=period(first=-200, days=100, name="Zuvor"))
    assert over.published_at and "programmheft" not in client.get("/programm/").content.decode()


def test_link_that_was_read_before_the_commit_is_read_again(coordinator, django_capture_on_commit_callbacks):
    from ehrenamt_wagtail.reporting.brochure import links

    of = brochure()
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish(of, actor=coordinator)
        # Another thread reads what was committed so far.
        links._known = (links.time.monotonic() + 60, ())
    assert [link.url for link in links.current_links()] == [f"/programmheft/{of.pk}/"]


def test_programme_asks_for_the_link_once_a_minute_only(client, coordinator, django_assert_num_queries, monkeypatch):
    from ehrenamt_wagtail.reporting.brochure import links

    published(coordinator)
    assert [link.url for link in links.current_links()]
    with django_assert_num_queries(0):
        links.current_links()
    monkeypatch.setattr(links.time, "monotonic", lambda: links._known[0] + 1)
    with django_assert_num_queries(1):
        links.current_links()
