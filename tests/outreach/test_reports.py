"""Reporting a barrier: what is stored, who is told, how many are taken, and when it is gone."""

import datetime as dt
import json
import uuid

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from ehrenamt_wagtail.mail.actions import deliver_due
from ehrenamt_wagtail.models import BarrierReport, DeletionRecord, OutgoingMail
from ehrenamt_wagtail.outreach import jobs
from ehrenamt_wagtail.outreach.actions import report_barrier
from tests import factories

FORM = "/barrierefreiheit/barriere-melden/"
THANKS = "/barrierefreiheit/barriere-melden/danke/"
TEXT = "Der Kalender liest die Tage nicht vor."


@pytest.fixture(autouse=True)
def _statement(statement):
    pass


def send(client, **facts):
    return client.post(FORM, {"description": TEXT, "address": "/programm/kalender/", "uid": uuid.uuid4(), **facts})


def reported(page, **facts) -> BarrierReport:
    return report_barrier(page, uid=uuid.uuid4(), description=TEXT, **facts)


def test_report_is_stored_mailed_and_acknowledged(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, name="Erika Muster", email="erika@post.example")
    assert response["Location"] == THANKS
    report = BarrierReport.objects.get()
    assert (report.description, report.address, report.name, report.email) == (
        TEXT, "/programm/kalender/", "Erika Muster", "erika@post.example",
    )  # fmt: skip
    (message,) = mail.outbox
    assert message.to == ["barriere@landkreis.example"]
    assert message.reply_to == ["erika@post.example"]
    assert TEXT in message.body and "innerhalb von 4 Wochen" in message.body and "Erika Muster" in message.body
    assert TEXT not in json.dumps(OutgoingMail.objects.get().params)
    thanks = client.get(THANKS).content.decode()
    assert "Ihre Meldung ist angekommen" in thanks and "innerhalb von 4 Wochen" in thanks


def test_only_the_description_is_needed(client):
    send(client, address="")
    report = BarrierReport.objects.get()
    assert (report.name, report.email, report.address) == ("", "", "")


def test_report_without_description_says_so_and_keeps_the_rest(client):
    response = send(client, description=" ", name="Erika Muster", email="erika@post.example")
    text = response.content.decode()
    assert "Bitte beschreiben Sie die Barriere." in text and "Erika Muster" in text
    assert not BarrierReport.objects.exists() and not OutgoingMail.objects.exists()


@pytest.mark.parametrize("email", ["erika", "a@b", "x" * 250 + "@post.example"])
def test_wrong_address_is_told_and_nothing_stored(client, email):
    text = send(client, email=email).content.decode()
    assert 'aria-invalid="true"' in text and TEXT in text
    assert not BarrierReport.objects.exists()


def test_form_names_the_page_it_was_opened_from_and_no_other_host(client):
    assert 'value="/programm/?art=workshop"' in client.get(FORM, {"adresse": "/programm/?art=workshop"}).content.decode()
    for other in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        assert "evil" not in client.get(FORM, {"adresse": other}).content.decode()


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("http://testserver/programm/?art=workshop", "/programm/?art=workshop"),
        ("http://testserver/partner/login/?next=/partner/", "/partner/login/"),
        ("http://testserver/anmeldung/geheim.1234/", ""),
        ("http://testserver/anmeldung/pruefen/AAAA-BBBB/", ""),
        ("http://testserver/barrierefreiheit/", ""),
        ("http://other.example/programm/", ""),
        ("http://[", ""),
    ],
)
def test_form_names_the_page_with_the_link_unless_its_address_is_a_secret(client, link, named):
    field = client.get(FORM, headers={"Referer": link}).context["form"]["address"]
    assert field.value() == named


def test_form_is_kept_by_nobody_and_sets_the_csrf_cookie_alone(client):
    response = client.get(FORM)
    assert "no-store" in response["Cache-Control"]
    assert list(response.cookies) == ["csrftoken"]


def test_forged_form_is_refused(statement):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(FORM, {"description": TEXT})
    assert response.status_code == 403
    assert not BarrierReport.objects.exists()


def test_machine_that_fills_in_everything_is_thanked_and_forgotten(client):
    assert send(client, note="https://buy.example")["Location"] == THANKS
    assert not BarrierReport.objects.exists() and not OutgoingMail.objects.exists()


def test_form_sent_twice_is_one_report_and_one_mail(client):
    uid = uuid.uuid4()
    assert [send(client, uid=uid)["Location"] for _time in range(2)] == [THANKS, THANKS]
    assert BarrierReport.objects.count() == OutgoingMail.objects.count() == 1


def test_more_reports_than_an_hour_takes_are_refused_and_nothing_is_lost(client, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "BARRIER_REPORTS_PER_HOUR": 2}
    for _time in range(2):
        send(client)
    response = send(client, name="Erika Muster", description="Noch eine Barriere.")
    text = response.content.decode()
    assert "nicht gesendet" in text and "Noch eine Barriere." in text and "Erika Muster" in text
    assert BarrierReport.objects.count() == 2
    BarrierReport.objects.update(created_at=timezone.now() - dt.timedelta(minutes=61))
    assert send(client)["Location"] == THANKS


def test_without_an_address_all_coordinators_are_told_with_a_link_to_the_register(statement):
    statement.report_email = ""
    statement.save()
    people = [factories.coordinator_user() for _number in range(2)]
    report = reported(statement)
    deliver_due()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)
    assert all(f"/inspect/{report.pk}/" in message.body for message in mail.outbox)
    assert "Es wurde keine E-Mail-Adresse angegeben" in mail.outbox[0].body


def test_report_that_is_deleted_before_delivery_is_not_mailed(statement):
    reported(statement).delete()
    deliver_due()
    assert mail.outbox == []
    assert OutgoingMail.objects.get().status == OutgoingMail.Status.DROPPED


def test_reports_go_after_some_months_with_their_mails_and_leave_a_number(statement):
    old, young = reported(statement), reported(statement)
    BarrierReport.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=190))
    assert jobs.delete_old_reports() == "1 BarrierReport, 1 OutgoingMail"
    assert BarrierReport.objects.get() == young
    assert OutgoingMail.objects.get().params == {"report": young.pk}
    record = DeletionRecord.objects.get()
    assert (record.reason, record.counts) == ("barriers", {"BarrierReport": 1, "OutgoingMail": 1})
    assert jobs.delete_old_reports() == "nothing"


def test_deleted_statement_leaves_its_reports(statement):
    report = reported(statement)
    statement.delete()
    report.refresh_from_db()
    assert report.statement is None and report.description == TEXT


def test_person_learns_of_reports_and_has_them_deleted(statement, capsys):
    reported(statement, name="Erika Muster", email="erika@post.example")
    report_barrier(statement, uid=uuid.uuid4(), description="Bitte an Erika@post.example schreiben.")
    other = reported(statement, email="karl@post.example")
    call_command("ehrenamt_person_data", "ERIKA@post.example", "--json")
    data = json.loads(capsys.readouterr().out)
    assert [row["text"] for row in data["barrier_reports"]] == [TEXT, "Bitte an Erika@post.example schreiben."]
    assert data["places"] == []
    call_command("ehrenamt_person_data", "erika@post.example")
    assert "Erika Muster" in capsys.readouterr().out
    call_command("ehrenamt_erase_person", "erika@post.example", "--yes")
    assert "2 × BarrierReport deleted" in capsys.readouterr().out
    assert BarrierReport.objects.get() == other
    assert DeletionRecord.objects.get().counts == {"BarrierReport": 2, "OutgoingMail": 2}


def test_coordinator_reads_the_register_and_changes_nothing(client, statement):
    report = reported(statement, name="Erika Muster")
    client.force_login(factories.coordinator_user())
    base = "/verwaltung/ehrenamt_wagtail/barrierreport/"
    assert TEXT in client.get(base).content.decode()
    assert "Erika Muster" in client.get(f"{base}inspect/{report.pk}/").content.decode()
    for part in ("create/", f"edit/{report.pk}/", f"delete/{report.pk}/"):
        assert client.post(base + part, {"description": "anders"})["Location"] == "/verwaltung/"
    report.refresh_from_db()
    assert report.description == TEXT
