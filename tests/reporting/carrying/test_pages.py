"""Carrying a period over with the mouse, and what organisations see of it in the portal."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from ehrenamt_wagtail import models
from ehrenamt_wagtail.models import CarriedOver, LongJob
from ehrenamt_wagtail.reporting import carrying, long_jobs
from ehrenamt_wagtail.review.actions import submit_for_review
from tests.clients import signed_in
from tests.factories import OrganisationFactory, draft_offering, member_of, published_offering
from tests.reporting.works import editor_user

from .carried import SOURCE, at, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site")]

NOTE = "Aus einem früheren Programm übernommen: bitte Termine und Angaben prüfen, dann einreichen – oder löschen."


@pytest.fixture
def client(coordinator):
    return signed_in(coordinator)


def address(period) -> str:
    return reverse("ehrenamt_admin:period_carry", args=[period.pk])


def read(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def text_of(node) -> str:
    return " ".join(node.get_text(" ", strip=True).split())


def carried_draft(period, coordinator, **facts) -> models.OfferingPage:
    """What carrying over made of an offering of last year."""
    original = published_offering(dates=[at(3, 14)], **facts)
    long_jobs.run(carrying.carry_over(period, SOURCE, actor=coordinator).pk)
    return CarriedOver.objects.get(original=original.pk).copy.specific


# In the admin


def test_page_of_the_period_leads_to_it(client, period):
    page = read(client.get(reverse("ehrenamt_admin:period", args=[period.pk])))
    assert text_of(page.select_one(f'main a[href="{address(period)}"]')) == "Früheren Zeitraum übernehmen"
    back = reverse("ehrenamt_admin:period", args=[period.pk])
    assert read(client.get(address(period))).select_one(f'a[href="{back}"]')


def test_nothing_leads_to_it_when_the_period_is_over(client, coordinator):
    past = make_period(2020)
    published_offering(dates=[at(3, 14, year=2019)])
    assert not read(client.get(reverse("ehrenamt_admin:period", args=[past.pk]))).select(f'a[href="{address(past)}"]')
    page = read(client.get(address(past)))
    assert page.select("table tbody tr") and not page.select("main form[method=post]")
    assert "ist vorbei" in text_of(read(client.post(address(past), {"source": "year"}, follow=True)))
    assert not CarriedOver.objects.exists() and not LongJob.objects.exists()


def test_page_shows_for_each_organisation_what_would_be_made(client, period):
    caritas = OrganisationFactory(name="Caritas")
    member_of(caritas)
    published_offering(organisation=caritas, title="Asylrecht", dates=[at(3, 14)])
    published_offering(organisation=caritas, title="Sprachcafé", dates=[at(4, 11)])
    published_offering(organisation=OrganisationFactory(name="Verwaist"), title="Fest", dates=[at(6, 1)])
    page = read(client.get(address(period)))
    assert [text_of(row) for row in page.select("table tbody tr")] == [
        "Caritas 2 Titel zeigen : Caritas Asylrecht Sprachcafé",
        "Verwaist Niemand hat Zugang: niemand wird benachrichtigt. 1 Titel zeigen : Verwaist Fest",
    ]
    assert text_of(page.select_one("form[method=post] button")) == "3 Entwürfe vorbereiten"
    assert not LongJob.objects.exists()
    assert not CarriedOver.objects.exists()


def test_source_is_last_years_period_or_the_same_days_a_year_before(client, period):
    published_offering(title="März 2030", dates=[at(3, 14)])
    published_offering(title="März 2029", dates=[at(3, 15, year=2029)])
    page = read(client.get(address(period)))
    assert [text_of(option) for option in page.select("option")] == [
        "dieselben Tage ein Jahr zuvor (1. Februar – 31. Juli 2030)"
    ]
    earlier, before = make_period(2030), make_period(2029)
    page = read(client.get(address(period)))
    options = page.select("option")
    assert [option["value"] for option in options] == ["year", str(earlier.pk), str(before.pk)]
    assert [option["value"] for option in options if option.has_attr("selected")] == [str(earlier.pk)]
    assert "März 2030" in text_of(page.select_one("table"))
    page = read(client.get(address(period), {"source": before.pk}))
    assert "März 2029" in text_of(page.select_one("table")) and "März 2030" not in text_of(page.select_one("table"))
    assert page.select_one("form[method=post] input[name=source]")["value"] == str(before.pk)


def test_unknown_source_is_named_and_nothing_is_made(client, period):
    later = make_period(2032)
    published_offering(dates=[at(3, 14)])
    for response in (
        client.get(address(period), {"source": "999"}),
        client.get(address(period), {"source": later.pk}),
        client.post(address(period), {"source": "999"}),
    ):
        page = read(response)
        assert "Wählen Sie einen Eintrag der Liste." in text_of(page)
        assert page.select_one("table") is None
    assert not LongJob.objects.exists()


def test_click_starts_the_job_and_leads_to_its_page(client, period, coordinator, django_capture_on_commit_callbacks):
    published_offering(title="Asylrecht", dates=[at(3, 14)])
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address(period), {"source": "year"})
    job = LongJob.objects.get()
    assert response.url == reverse("ehrenamt_admin:long_job", args=[job.pk])
    assert (job.started_by, job.status) == (coordinator, "done")
    page = read(client.get(response.url))
    assert "1 Entwurf ist vorbereitet." in text_of(page)
    assert "Übernehmen in „Programm bis Juli 2031“" in text_of(page.select_one("main"))
    assert page.select_one("#ehrenamt-job a")["href"] == reverse("ehrenamt_admin:period", args=[period.pk])
    page = read(client.get(address(period)))
    assert page.select_one("form[method=post]") is None
    assert "Es gibt nichts Neues zu übernehmen" in text_of(page)
    assert "1 Entwurf ist vorbereitet." in text_of(page)


def test_page_leads_to_the_job_that_is_under_way_and_starts_no_other(client, period, queued_jobs):
    published_offering(dates=[at(3, 14)])
    client.post(address(period), {"source": "year"})
    job = LongJob.objects.get()
    page = read(client.get(address(period)))
    assert page.select_one("main form[method=post]") is None
    assert page.select_one(f'a[href="{reverse("ehrenamt_admin:long_job", args=[job.pk])}"]')
    assert client.post(address(period), {"source": "year"}).url == reverse("ehrenamt_admin:long_job", args=[job.pk])
    assert LongJob.objects.count() == 1


def test_nothing_to_carry_over_says_what_else_to_do(client, period):
    page = read(client.get(address(period)))
    assert "Damals wurde nichts veröffentlicht" in text_of(page)
    assert page.select_one("table") is None and page.select_one("main form[method=post]") is None


def test_others_see_and_start_nothing(period):
    published_offering(title="Asylrecht", dates=[at(3, 14)])
    for user in (None, member_of(), editor_user()):
        client = signed_in(user) if user else Client()
        assert "Asylrecht" not in client.get(address(period), follow=True).content.decode()
        client.post(address(period), {"source": "year"})
    assert not LongJob.objects.exists()


def test_unknown_period_is_not_found(client, period):
    assert client.get(reverse("ehrenamt_admin:period_carry", args=[period.pk + 1])).status_code == 404
    assert client.post(reverse("ehrenamt_admin:period_carry", args=[period.pk + 1]), {"source": "year"}).status_code == 404
    assert not LongJob.objects.exists()


# In the portal


def test_carried_draft_is_marked_in_the_list_and_above_the_form(period, coordinator, queued_jobs):
    organisation = OrganisationFactory()
    draft = carried_draft(period, coordinator, organisation=organisation, title="Sprachcafé")
    own = draft_offering(organisation=organisation, title="Selbst geschrieben")
    client = signed_in(member_of(organisation))
    items = read(client.get("/partner/")).select(".ehrenamt-own__item")
    rows = {item.select_one(".ehrenamt-own__title a")["href"]: item for item in items}
    assert len(rows) == 3
    marked = [path for path, row in rows.items() if (note := row.select_one(".ehrenamt-own__note")) and text_of(note) == NOTE]
    assert marked == [f"/partner/angebote/{draft.pk}/"]
    form = read(client.get(f"/partner/angebote/{draft.pk}/"))
    assert NOTE in text_of(form.select_one(".ehrenamt-message"))
    assert form.select_one("input[name=title]")["value"] == "Sprachcafé"
    assert NOTE not in text_of(read(client.get(f"/partner/angebote/{own.pk}/")))


def test_mark_goes_when_the_draft_is_submitted(period, coordinator, queued_jobs):
    organisation = OrganisationFactory()
    member = member_of(organisation)
    draft = carried_draft(period, coordinator, organisation=organisation)
    submit_for_review(draft, actor=member, reason="Wie jedes Jahr.")
    client = signed_in(member)
    assert NOTE not in text_of(read(client.get("/partner/")))
    assert NOTE not in text_of(read(client.get(f"/partner/angebote/{draft.pk}/")))


def test_draft_of_another_organisation_is_not_found(period, coordinator, queued_jobs):
    draft = carried_draft(period, coordinator, title="Vertraulich geplant")
    stranger = signed_in(member_of())
    for path in ("", "kopieren/", "loeschen/", "vorschau/"):
        assert stranger.get(f"/partner/angebote/{draft.pk}/{path}").status_code == 404
    assert stranger.post(f"/partner/angebote/{draft.pk}/loeschen/").status_code == 404
    assert models.OfferingPage.objects.filter(pk=draft.pk).exists()
    assert "Vertraulich geplant" not in read(stranger.get("/partner/")).get_text()
    # Nor is it public.
    assert Client().get(f"/programm/{draft.slug}/").status_code == 404


def test_list_asks_once_for_all_notes(period, coordinator, queued_jobs, django_assert_num_queries):
    pages = [carried_draft(period, coordinator, title=f"Abend {number}") for number in range(3)]
    with django_assert_num_queries(1):
        assert set(carrying.draft_notes([page.pk for page in pages])) == {page.pk for page in pages}
