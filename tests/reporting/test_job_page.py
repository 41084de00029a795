"""The page of a long job in the Wagtail admin."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.models import LongJob
from ehrenamt_wagtail.reporting import long_jobs
from tests.factories import coordinator_user, member_of
from tests.reporting.works import KIND, editor_user, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "queued_jobs")]

Status = LongJob.Status


@pytest.fixture(autouse=True)
def work(monkeypatch):
    return register(monkeypatch)


@pytest.fixture
def client():
    client = Client()
    client.force_login(coordinator_user())
    return client


def job_with(**facts) -> LongJob:
    return LongJob.objects.create(kind=KIND, subject="brochure:1", **facts)


def read(client: Client, job: LongJob) -> BeautifulSoup:
    response = client.get(reverse("ehrenamt_admin:long_job", args=[job.pk]))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("#ehrenamt-job").get_text(" ", strip=True).split())


def refreshes(page: BeautifulSoup) -> bool:
    return page.select_one("head noscript meta[http-equiv=refresh]") is not None


def ago(**by) -> dt.datetime:
    return timezone.now() - dt.timedelta(**by)


def test_running_job_shows_how_far_it_is_and_refreshes(client, monkeypatch):
    register(monkeypatch, title="Programmheft bis Juli")
    page = read(client, job_with(status=Status.RUNNING, attempts=1, seen_at=ago(seconds=1), done=30, total=120))
    assert "30 von 120 sind erledigt." in words(page)
    bar = page.select_one("progress")
    assert (bar["max"], bar["value"]) == ("120", "30")
    assert page.find(id=bar["aria-labelledby"]).get_text(strip=True) == "30 von 120 sind erledigt."
    assert refreshes(page)
    assert "data-under-way" in page.select_one("#ehrenamt-job").attrs
    assert page.select_one("h1, h2").get_text(strip=True) == "Programmheft bis Juli"


def test_work_without_a_total_yet_shows_an_open_bar(client):
    page = read(client, job_with(status=Status.RUNNING, attempts=1, seen_at=ago(seconds=1)))
    assert "Noch ist nichts erledigt." in words(page)
    assert not {"max", "value"} & set(page.select_one("progress").attrs)


def test_job_that_just_started_is_about_to_begin(client):
    page = read(client, job_with())
    assert "beginnt gleich" in words(page)
    assert refreshes(page)


def test_job_that_waits_says_since_when_and_whom_to_tell(client):
    page = read(client, job_with(created_at=ago(minutes=3)))
    assert "wartet" in words(page) and "Job-Cluster" in words(page)
    assert refreshes(page)


def test_job_that_nothing_was_heard_of_says_so(client):
    page = read(client, job_with(status=Status.RUNNING, attempts=1, seen_at=ago(minutes=3)))
    assert "nichts mehr zu hören" in words(page) and "nichts ist verloren" in words(page)
    assert refreshes(page)


def test_job_between_two_attempts_says_so(client):
    page = read(client, job_with(attempts=1, seen_at=ago(seconds=5), created_at=ago(minutes=3)))
    assert "Der letzte Versuch ist abgebrochen." in words(page)


@pytest.mark.parametrize(("status", "level"), [(Status.DONE, "info"), (Status.FAILED, "critical")])
def test_finished_job_says_what_became_of_it_and_leads_back(client, monkeypatch, status, level):
    register(monkeypatch, result_url="/verwaltung/ehrenamt/")
    page = read(client, job_with(status=status, message="Das Heft <b>ist</b> fertig.", done=3, total=3))
    assert "Das Heft <b>ist</b> fertig." in words(page)
    assert page.select_one(f"#ehrenamt-job .help-{level}")
    assert page.select_one("progress") is None and not refreshes(page)
    assert "data-under-way" not in page.select_one("#ehrenamt-job").attrs
    assert page.select_one("#ehrenamt-job a")["href"] == "/verwaltung/ehrenamt/"


def test_job_of_a_kind_that_nobody_does_any_more_can_be_read(client, monkeypatch):
    monkeypatch.delitem(long_jobs._kinds, KIND, raising=False)
    page = read(client, job_with(status=Status.DONE, message="Fertig."))
    assert "Fertig." in words(page)
    assert page.select("#ehrenamt-job a") == []


def test_only_coordinators_read_it(client):
    job = job_with(status=Status.DONE, message="Geheim.")
    address = reverse("ehrenamt_admin:long_job", args=[job.pk])
    for user in (None, member_of(), editor_user()):
        other = Client()
        if user:
            other.force_login(user)
        response = other.get(address, follow=True)
        assert "Geheim." not in response.content.decode()
    assert "Geheim." in client.get(address).content.decode()
    assert client.get(reverse("ehrenamt_admin:long_job", args=[job.pk + 1])).status_code == 404
