"""Marking who is there, at the same moment from several phones: proved on PostgreSQL with real threads."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.signups import attendance, certificates
from ehrenamt_wagtail.signups.signing import cancel_sign_up
from tests.factories import member_of, offering_with_sign_up, published_offering, sign_up_of
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def door(queued_jobs):
    """Plan, date and somebody of the organisation; it has begun a moment ago."""
    now = timezone.now()
    date = models.Occurrence(start=now - dt.timedelta(hours=2), end=now - dt.timedelta(minutes=1))
    page, plan = offering_with_sign_up(page=published_offering(dates=[date]), capacity=2)
    return plan, attendance.date_of(page, page.occurrences.get().uid), member_of(page.organisation)


def early(plan, name):
    return sign_up_of(plan, name=name, email=f"{name.split()[0].lower()}@post.example", now=timezone.now() - dt.timedelta(days=20))


def test_two_phones_mark_the_same_person_once(door):
    plan, date, actor = door
    person = early(plan, "Erika Muster").participants.get()
    marked = at_once(*[lambda: attendance.mark_present(person, date=date, actor=actor)] * 4)
    assert {row.pk for row in marked} == {models.Attendance.objects.get().pk}


def test_last_seat_goes_to_one_of_those_who_come_without_sign_up(door):
    plan, date, actor = door
    early(plan, "Erika Muster")
    names = ["Zoe Neu", "Olaf Neu", "Tim Neu"]
    answers = at_once(*[lambda name=name: attendance.walk_in(plan, name=name, date=date, actor=actor) for name in names])
    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 2
    assert models.SignUp.objects.filter(source="door").count() == models.Attendance.objects.count() == 1


def test_mark_and_cancellation_at_once_leave_one_or_the_other_first(door):
    plan, date, actor = door
    row = early(plan, "Erika Muster")
    person = row.participants.get()
    answers = at_once(lambda: attendance.mark_present(person, date=date, actor=actor), lambda: cancel_sign_up(row))
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert models.Attendance.objects.count() == (0 if isinstance(answers[0], NotAllowed) else 1)
    assert not any(isinstance(answer, Exception) and not isinstance(answer, NotAllowed) for answer in answers)


def test_certificate_fetched_twice_at_once_is_one(door):
    plan, date, actor = door
    person = early(plan, "Erika Muster").participants.get()
    attendance.mark_present(person, date=date, actor=actor)
    certificates.release_certificates(plan, hours=2, contents="", actor=actor)
    rows = at_once(*[lambda: certificates.issue(models.Participant.objects.get())] * 3)
    assert {row.code for row in rows} == {models.Certificate.objects.get().code}


def test_release_taken_back_while_a_certificate_is_fetched_loses_nothing(door):
    plan, date, actor = door
    person = early(plan, "Erika Muster").participants.get()
    attendance.mark_present(person, date=date, actor=actor)
    release = certificates.release_certificates(plan, hours=2, contents="", actor=actor)
    fetched, taken = at_once(
        lambda: certificates.issue(models.Participant.objects.get()),
        lambda: certificates.take_release_back(release, actor=actor),
    )
    assert isinstance(fetched, NotAllowed) != isinstance(taken, NotAllowed)
    assert models.Certificate.objects.exists() == models.CertificateRelease.objects.exists()
