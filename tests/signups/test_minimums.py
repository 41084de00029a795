"""The day of the decision, and how far offerings are booked."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from ehrenamt_wagtail.models import OutgoingMail, SeatPlan
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups.booked import booked_seats
from ehrenamt_wagtail.signups.jobs import look_after_sign_ups
from ehrenamt_wagtail.signups.minimums import tell_minimum, tell_minimums
from ehrenamt_wagtail.signups.plans import save_plans
from ehrenamt_wagtail.signups.settings import SignUpSettings, days_of
from tests.factories import draft_offering, in_days, published_offering, sign_up_of
from tests.mails import forget_mails

from .settings import set_up, several_dates

pytestmark = pytest.mark.django_db


def uids(page) -> list:
    return [day.uid for day in days_of(page)]


# The day of the decision


def morning(days: int) -> dt.datetime:
    return in_days(days, hour=7)


def test_organisation_is_told_once_on_the_morning_of_the_decision(organisation, actor, django_capture_on_commit_callbacks):
    page = published_offering(organisation=organisation)
    set_up(page, actor, capacity=20, minimum=3, minimum_decided_on=in_days(5).date())
    sign_up_of(SeatPlan.objects.get(), name="Ganz Geheim")
    OutgoingMail.objects.all().delete()
    assert tell_minimums(morning(4)) == 0
    assert tell_minimums(in_days(5, hour=3)) == 0
    forget_mails()
    with django_capture_on_commit_callbacks(execute=True):
        assert tell_minimums(morning(5)) == 1
    assert tell_minimums(morning(5)) == 0
    (message,) = mail.outbox
    assert message.to == [actor.email]
    assert "1 von mindestens 3" in message.subject
    assert f"/partner/angebote/{page.pk}/absagen/" in message.body
    assert "Geheim" not in message.body + str(message.alternatives)


def test_two_jobs_with_the_same_plan_write_one_mail(organisation, actor):
    page = published_offering(organisation=organisation)
    set_up(page, actor, minimum=3, minimum_decided_on=in_days(5).date())
    pk = SeatPlan.objects.get().pk
    assert [tell_minimum(pk, now) for now in (morning(5), morning(6))] == [True, False]
    assert OutgoingMail.objects.filter(template="signups/minimum").count() == 1


def test_organisation_is_told_again_on_another_day(organisation, actor):
    page = published_offering(organisation=organisation)
    set_up(page, actor, minimum=3, minimum_decided_on=in_days(5).date())
    assert tell_minimums(morning(5)) == 1
    save_plans(page, SignUpSettings(minimum=3, minimum_decided_on=in_days(7).date()), actor=actor, now=morning(5))
    assert tell_minimums(morning(6)) == 0
    assert tell_minimums(morning(7)) == 1
    assert OutgoingMail.objects.filter(template="signups/minimum").count() == 2


def test_nobody_is_told_of_what_is_cancelled_over_or_not_public(organisation, actor):
    page = published_offering(organisation=organisation)
    set_up(page, actor, minimum=3, minimum_decided_on=in_days(5).date())
    cancel(page, actor=actor, reason="Krankheit")
    assert tell_minimums(morning(7)) == 0
    other = published_offering(organisation=organisation, slug="anders")
    set_up(other, actor, minimum=3, minimum_decided_on=in_days(5).date())
    assert tell_minimums(in_days(11)) == 0
    draft = draft_offering(organisation=organisation)
    set_up(draft, actor, minimum=3, minimum_decided_on=in_days(5).date())
    assert tell_minimums(morning(6)) == 1
    assert SeatPlan.objects.get(offering=draft.pk).minimum_told_at is None


def test_mail_says_that_nothing_is_to_do_when_enough_have_a_seat(organisation, actor, django_capture_on_commit_callbacks):
    page = published_offering(organisation=organisation)
    set_up(page, actor, minimum=1, minimum_decided_on=timezone.localdate())
    sign_up_of(SeatPlan.objects.get())
    forget_mails()
    with django_capture_on_commit_callbacks(execute=True):
        tell_minimums(in_days(0, hour=23))
    assert "Sie müssen nichts tun" in mail.outbox[0].body
    assert "absagen" not in mail.outbox[0].body


def test_hourly_job_tells(organisation, actor, monkeypatch):
    page = published_offering(organisation=organisation)
    set_up(page, actor, minimum=3, minimum_decided_on=in_days(1).date())
    SeatPlan.objects.update(minimum_decided_on=in_days(-1).date())
    look_after_sign_ups()
    assert OutgoingMail.objects.filter(template="signups/minimum").count() == 1


# How far it is booked


def test_booked_seats_count_dates_to_come_and_names_nobody(organisation, actor, django_assert_num_queries):
    page = several_dates(organisation)
    set_up(page, actor, per_date=True, capacity=2)
    sign_up_of(SeatPlan.objects.get(occurrence_uid=uids(page)[1]))
    elsewhere = published_offering(organisation=organisation, slug="anderswo")
    set_up(elsewhere, actor, mode="contact")
    bare = published_offering(organisation=organisation, slug="ohne")
    pages = list(type(page).objects.prefetch_related("occurrences").order_by("pk"))
    with django_assert_num_queries(2):
        found = booked_seats(pages, timezone.now())
    assert (found[page.pk].count.taken, found[page.pk].count.capacity, found[page.pk].dates) == (1, 6, 3)
    assert not found[elsewhere.pk].is_here
    assert bare.pk not in found
    later = booked_seats(pages, in_days(12))
    assert (later[page.pk].count.taken, later[page.pk].count.capacity) == (1, 4)
