"""Carrying a period over: who may, what organisations are told, and how long it takes."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.actions import deliver_due
from ehrenamt_wagtail.models import CarriedOver, LongJob
from ehrenamt_wagtail.programme import actions
from ehrenamt_wagtail.reporting import carrying, jobs, long_jobs
from tests.factories import OrganisationFactory, draft_offering, member_of, published_offering
from tests.mails import forget_mails

from .carried import SOURCE, at, copies, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site")]


# Who may


def test_only_coordinators_carry_over(period, queued_jobs):
    published_offering(dates=[at(3, 14)])
    for actor in (member_of(), None):
        with pytest.raises(NotAllowed):
            carrying.carry_over(period, SOURCE, actor=actor)
    assert not LongJob.objects.exists()


def test_source_must_lie_before_the_period(period, coordinator, queued_jobs):
    for source in ((dt.date(2030, 9, 1), dt.date(2031, 2, 1)), (dt.date(2030, 7, 31), dt.date(2030, 2, 1))):
        with pytest.raises(NotAllowed):
            carrying.carry_over(period, source, actor=coordinator)
    assert not LongJob.objects.exists()


def test_whose_post_ended_meanwhile_carries_nothing_over(period, coordinator, queued_jobs):
    published_offering(dates=[at(3, 14)])
    job = carrying.carry_over(period, SOURCE, actor=coordinator)
    coordinator.groups.clear()
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "Ehrenamtskoordination" in job.message
    assert copies(period) == []


def test_period_that_is_deleted_meanwhile_ends_the_job(period, coordinator, queued_jobs):
    published_offering(dates=[at(3, 14)])
    job = carrying.carry_over(period, SOURCE, actor=coordinator)
    period.delete()
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "failed" and "gelöscht" in job.message
    assert models.OfferingPage.objects.count() == 1


def test_action_refuses_members_and_drafts(coordinator):
    page = published_offering(dates=[at(3, 14)])
    facts = {"weeks": 52, "dates": set(page.occurrences.values_list("uid", flat=True)), "key": uuid.uuid4()}
    with pytest.raises(NotAllowed):
        actions.carry_over(page, actor=member_of(page.organisation), **facts)
    with pytest.raises(NotAllowed):
        actions.carry_over(draft_offering(), actor=coordinator, **facts)
    assert models.OfferingPage.objects.count() == 2


# Mails


def carried_mails() -> list:
    return sorted((message for message in mail.outbox if "Entw" in message.subject), key=lambda message: message.to)


def test_each_organisation_gets_one_mail_about_its_drafts(carry, period):
    caritas, town, church = (OrganisationFactory(name=name) for name in ("Caritas", "Stadt Herrenberg", "Kirche"))
    member_of(caritas, email="a-caritas@post.example", first_name="Clara", last_name="Muster")
    member_of(town, email="b-stadt@post.example")
    member_of(church, email="c-kirche@post.example")
    member_of(OrganisationFactory(name="Ohne"), email="d-ohne@post.example")
    published_offering(organisation=caritas, title="Asylrecht & Arbeit", dates=[at(3, 14)])
    published_offering(organisation=caritas, title="Sprachcafé", dates=[at(4, 11)])
    published_offering(organisation=town, title="Runder Tisch", dates=[at(3, 14)])
    published_offering(organisation=church, title="Fest", dates=[at(6, 1)])
    published_offering(title="Niemand liest das", dates=[at(3, 14)])
    forget_mails()
    job = carry()
    assert job.message == (
        "5 Entwürfe sind vorbereitet. Sie sind für 4 Veranstalter; wer für sie handelt, hat eine E-Mail bekommen."
    )
    assert models.OutgoingMail.objects.filter(template=carrying.CARRIED).count() == 3
    first, second, third = carried_mails()
    assert [message.to for message in (first, second, third)] == [
        ["a-caritas@post.example"],
        ["b-stadt@post.example"],
        ["c-kirche@post.example"],
    ]
    assert first.subject == "2 Entwürfe zu prüfen für „Programm bis Juli 2031“"
    assert second.subject == "1 Entwurf zu prüfen für „Programm bis Juli 2031“"
    text = " ".join(first.body.split())
    assert "Guten Tag Clara Muster" in text
    assert "aus dem, was Caritas früher angeboten hat, 2 Entwürfe" in text
    assert "- Asylrecht & Arbeit - Sprachcafé" in text
    assert "Sonntag, 15. Dezember 2030" in text
    assert "/partner/" in text
    assert "Runder Tisch" not in text
    html = first.alternatives[0].content
    assert "<li>Asylrecht &amp; Arbeit</li><li>Sprachcafé</li>" in html
    assert 'class="ehrenamt-button"' in html
    assert "Runder Tisch" in second.body and "Fest" in third.body


def test_second_mail_is_about_new_drafts_only(carry, period):
    organisation = OrganisationFactory()
    member_of(organisation, email="a@post.example")
    published_offering(organisation=organisation, title="Zuerst", dates=[at(3, 14)])
    carry()
    published_offering(organisation=organisation, title="Nachgetragen", dates=[at(3, 21)])
    forget_mails()
    carry()
    (message,) = carried_mails()
    assert "Nachgetragen" in message.body and "Zuerst" not in message.body


def test_second_mail_is_about_new_drafts_only_when_old_jobs_were_deleted(carry, period):
    organisation = OrganisationFactory()
    member_of(organisation, email="a@post.example")
    published_offering(organisation=organisation, title="Zuerst", dates=[at(3, 14)])
    first, long_ago = carry(), timezone.now() - dt.timedelta(days=400)
    CarriedOver.objects.update(at=long_ago)
    LongJob.objects.update(finished_at=long_ago)
    LongJob.objects.create(kind=carrying.KIND, subject="period:0", status=LongJob.Status.DONE, finished_at=long_ago)
    assert jobs.delete_old_jobs() == 1
    assert list(LongJob.objects.all()) == [first]
    published_offering(organisation=organisation, title="Nachgetragen", dates=[at(3, 21)])
    forget_mails()
    carry()
    (message,) = carried_mails()
    assert "Nachgetragen" in message.body and "Zuerst" not in message.body


def test_period_that_is_over_is_not_carried_over_to(coordinator, queued_jobs):
    past = make_period(2020)
    with pytest.raises(NotAllowed, match="ist vorbei"):
        carrying.carry_over(past, (dt.date(2019, 2, 1), dt.date(2019, 7, 31)), actor=coordinator)
    assert not LongJob.objects.exists()


def test_drafts_of_a_job_that_failed_in_the_middle_are_told_by_the_next_one(carry, period, monkeypatch):
    organisation = OrganisationFactory()
    member_of(organisation, email="a@post.example")
    for number in range(3):
        published_offering(organisation=organisation, title=f"Abend {number}", dates=[at(3, 14 + number)])
    carry_one = carrying.carry_one

    def refuse_the_third(candidate, *args):
        if candidate.title == "Abend 2":
            raise NotAllowed("Das geht gerade nicht.")
        carry_one(candidate, *args)

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "carry_one", refuse_the_third)
        assert carry().message == "Das geht gerade nicht."
    assert len(copies(period)) == 2 and carried_mails() == []
    assert carry().message.startswith("3 Entwürfe sind vorbereitet.")
    (message,) = carried_mails()
    assert [f"Abend {number}" in message.body for number in range(3)] == [True, True, True]


def test_mail_about_drafts_that_are_gone_is_not_sent(period, coordinator, django_capture_on_commit_callbacks, queued_jobs):
    organisation = OrganisationFactory()
    member = member_of(organisation, email="a@post.example")
    left = member_of(organisation, email="b@post.example")
    published_offering(organisation=organisation, title="Bleibt", dates=[at(3, 14)])
    published_offering(organisation=organisation, title="Geht", dates=[at(3, 21)])
    forget_mails()
    long_jobs.run(carrying.carry_over(period, SOURCE, actor=coordinator).pk)
    stays, goes = copies(period)
    actions.delete_draft(goes, actor=member)
    left.ehrenamt_memberships.all().delete()
    deliver_due()
    (message,) = carried_mails()
    assert message.to == ["a@post.example"]
    assert "Bleibt" in message.body and "Geht" not in message.body
    forget_mails()
    models.OutgoingMail.objects.filter(template=carrying.CARRIED).update(status="waiting", next_attempt_at=timezone.now())
    actions.delete_draft(stays, actor=member)
    deliver_due()
    assert carried_mails() == []
    assert set(models.OutgoingMail.objects.filter(template=carrying.CARRIED).values_list("status", flat=True)) == {"dropped"}


# How long it takes


def test_number_of_queries_for_a_copy_does_not_grow(period, coordinator, django_assert_max_num_queries, queued_jobs):
    organisation = OrganisationFactory()
    for number in range(12):
        published_offering(organisation=organisation, title="Immer gleich", dates=[at(3, 1 + number), at(4, 1 + number)])
    candidates = carrying.candidates_for(period, carrying.Span(*SOURCE))
    job = LongJob.objects.create(kind=carrying.KIND, subject="period:1", started_by=coordinator)
    numbers = []
    for candidate in candidates:
        with CaptureQueriesContext(connection) as queries:
            carrying.carry_one(candidate, job, period)
        numbers.append(len(queries))
    assert numbers[-1] <= numbers[1] and max(numbers) <= 150, numbers


def test_what_would_be_made_is_read_in_a_fixed_number_of_queries(period, django_assert_num_queries):
    for _number in range(4):
        member_of(published_offering(dates=[at(3, 14)]).organisation)
    with django_assert_num_queries(1):
        candidates = carrying.candidates_for(period, carrying.Span(*SOURCE))
    with django_assert_num_queries(3):
        assert len(carrying.shares_of(candidates)) == 4
