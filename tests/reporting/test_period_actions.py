"""Keeping, calling, closing and opening again; each refusal leaves everything as it was."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import Brochure, CarriedOver, OutgoingMail, PeriodAnswer, ProgrammePeriod
from ehrenamt_wagtail.reporting import actions
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
)
from tests.threads import at_once

from .periods import day, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "queued_jobs")]


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Caritas")


def rows() -> tuple:
    """All that the actions write."""
    return (
        list(ProgrammePeriod.objects.order_by("pk").values()),
        list(PeriodAnswer.objects.order_by("pk").values()),
        OutgoingMail.objects.count(),
        ModelLogEntry.objects.count(),
    )


def must_refuse(action, *args, **facts) -> str:
    before = rows()
    with pytest.raises((NotAllowed, ValidationError)) as refusal:
        action(*args, **facts)
    assert rows() == before
    error = refusal.value
    return error.message if isinstance(error, NotAllowed) else str(error.message_dict)


def told() -> list[str]:
    mails = OutgoingMail.objects.filter(template="reporting/period_called").order_by("pk")
    return [mail.user.username for mail in mails]


# Keeping


def build(first: int, last: int, deadline: int, **facts) -> ProgrammePeriod:
    return ProgrammePeriod(**{"name": "Neu"} | facts, first_day=day(first), last_day=day(last), deadline=day(deadline))


def test_days_must_make_sense_and_not_overlap(coordinator):
    make_period(60, 240, 30, name="Programm bis Juli")
    for first, last, deadline, field, words in (
        (300, 299, 290, "last_day", "Der letzte Tag liegt vor dem ersten."),
        (300, 400, 401, "deadline", "Der Redaktionsschluss liegt nach dem letzten Tag"),
        (240, 400, 100, "first_day", "Programm bis Juli"),
        (10, 60, 5, "last_day", "Programm bis Juli"),
        (10, 400, 5, "last_day", "Programm bis Juli"),
        (100, 110, 5, "first_day", "Programm bis Juli"),
        (50_000, 50_001, 5, "first_day", "Jahr"),
    ):
        message = must_refuse(actions.save_period, build(first, last, deadline), actor=coordinator)
        assert field in message and words in message
    saved = actions.save_period(build(241, 400, 400), actor=coordinator)
    assert saved.pk
    # It does not overlap with itself.
    saved.first_day = day(242)
    assert actions.save_period(saved, actor=coordinator).first_day == day(242)


def test_only_coordinators_keep_periods(organisation):
    member = member_of(organisation)
    assert "Ehrenamtskoordination" in must_refuse(actions.save_period, build(10, 20, 5), actor=member)
    period = make_period(called=-3)
    for action, facts in (
        (actions.call_for_contributions, {}),
        (actions.close_period, {}),
        (actions.reopen_period, {"deadline": day(20)}),
        (actions.delete_period, {}),
    ):
        assert "Ehrenamtskoordination" in must_refuse(action, period, actor=member, **facts)


def test_open_period_is_extended_by_its_date(coordinator):
    period = make_period(called=-3)
    period.deadline = day(45)
    assert actions.save_period(period, actor=coordinator).deadline == day(45)
    period.deadline = day(-1)
    assert "Dieser Tag ist vorbei" in must_refuse(actions.save_period, period, actor=coordinator)


def test_closed_period_is_not_opened_by_its_date(coordinator):
    period = make_period(10, 100, -1, called=-30)
    period.deadline = day(5)
    assert "Redaktionsschluss ist vorbei" in must_refuse(actions.save_period, period, actor=coordinator)
    # Before anybody was asked, nobody knows the deadline.
    planned = make_period(200, 300, -1)
    planned.deadline = day(5)
    assert actions.save_period(planned, actor=coordinator).deadline == day(5)


def test_called_period_may_grow_but_loses_nothing(coordinator, organisation):
    period = make_period(60, 240, 30, called=-3)
    draft_offering(organisation=organisation, dates=[in_days(61)])
    published_offering(organisation=organisation, dates=[in_days(61), in_days(100)])
    period.first_day = day(62)
    message = must_refuse(actions.save_period, period, actor=coordinator)
    assert "first_day" in message and "1 Angebot läge nicht mehr" in message
    period.first_day, period.last_day = day(61), day(300)
    assert actions.save_period(period, actor=coordinator).last_day == day(300)


def test_period_is_deleted_only_before_the_call_and_without_brochure(coordinator, organisation):
    called, with_brochure, carried = make_period(called=-3), make_period(300, 310), make_period(320, 330)
    Brochure.objects.create(period=with_brochure, title="Heft")
    CarriedOver.objects.create(period=carried, copy=draft_offering(organisation=organisation).offeringpage_ptr)
    for period, words in ((called, "um Beiträge gebeten"), (with_brochure, "Programmheft"), (carried, "Entwürfe")):
        assert words in must_refuse(actions.delete_period, period, actor=coordinator)
    free = make_period(340, 350)
    actions.delete_period(free, actor=coordinator)
    assert not ProgrammePeriod.objects.filter(pk=free.pk).exists()


# Call


def test_call_reaches_each_person_once_for_each_active_organisation(coordinator, organisation):
    anna, bert = member_of(organisation, username="anna"), member_of(organisation, username="bert")
    other = OrganisationFactory(name="Stadt")
    MembershipFactory(user=anna, organisation=other)
    member_of(OrganisationFactory(is_active=False), username="inaktiv")
    member_of(organisation, username="ohne-adresse", email="")
    member_of(organisation, username="abgeschaltet", is_active=False)
    OrganisationFactory(name="Ohne Ansprechperson")
    period = make_period()
    assert actions.call_for_contributions(period, actor=coordinator) == 2
    assert told() == [anna.username, bert.username, anna.username]
    period.refresh_from_db()
    assert (period.called_by, timezone.localdate(period.called_at)) == (coordinator, day(0))
    assert OutgoingMail.objects.filter(is_bulk=True).count() == 3
    entry = ModelLogEntry.objects.get(action="ehrenamt.call_period")
    assert entry.data == {"organisations": 2}


def test_second_call_reaches_only_those_that_joined_since(coordinator, organisation):
    member_of(organisation, username="anna")
    period = make_period()
    actions.call_for_contributions(period, actor=coordinator)
    before = rows()
    assert actions.call_for_contributions(period, actor=coordinator) == 0
    assert rows() == before
    # A new colleague belongs to an organisation that was asked.
    member_of(organisation, username="neu")
    joined = OrganisationFactory(name="Neu dabei")
    member_of(joined, username="otto")
    first = ProgrammePeriod.objects.get().called_at
    assert actions.call_for_contributions(period, actor=coordinator, now=timezone.now() + dt.timedelta(days=2)) == 1
    assert told() == ["anna", "otto"]
    assert ProgrammePeriod.objects.get().called_at == first


def test_nobody_is_called_after_the_deadline(coordinator, organisation):
    member_of(organisation)
    passed, closed = make_period(10, 100, -1), make_period(200, 300, 20, called=-3, closed_at=timezone.now())
    assert "Redaktionsschluss" in must_refuse(actions.call_for_contributions, passed, actor=coordinator)
    assert "Redaktionsschluss" in must_refuse(actions.call_for_contributions, closed, actor=coordinator)
    last_moment = passed.ends_editing_at - dt.timedelta(seconds=1)
    assert actions.call_for_contributions(passed, actor=coordinator, now=last_moment) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_write_once(coordinator, organisation):
    for name in ("anna", "bert", "carla"):
        member_of(organisation, username=name)
        member_of(username=f"{name}2")
    period, second = make_period(), coordinator_user()
    outcomes = at_once(
        *(lambda actor=actor: actions.call_for_contributions(period, actor=actor) for actor in (coordinator, second))
    )
    assert sorted(outcomes) == [0, 4]
    assert sorted(told()) == ["anna", "anna2", "bert", "bert2", "carla", "carla2"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_periods_saved_at_the_same_moment_do_not_overlap(coordinator):
    outcomes = at_once(
        *(
            lambda name=name: actions.save_period(build(60, 240, 30, name=name), actor=coordinator)
            for name in ("Eins", "Zwei", "Drei")
        )
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ProgrammePeriod", "ValidationError", "ValidationError"]
    assert ProgrammePeriod.objects.count() == 1


# Close and open again


def test_period_is_closed_before_its_deadline_and_opened_again(coordinator):
    period = make_period(called=-3)
    actions.close_period(period, actor=coordinator)
    period.refresh_from_db()
    assert period.is_closed() and period.closed_by == coordinator
    assert "Redaktionsschluss" in must_refuse(actions.close_period, period, actor=coordinator)
    for deadline, words in ((day(-1), "Dieser Tag ist vorbei"), (day(241), "nach dem letzten Tag")):
        assert words in must_refuse(actions.reopen_period, period, deadline=deadline, actor=coordinator)
    actions.reopen_period(period, deadline=day(0), actor=coordinator)
    period.refresh_from_db()
    assert (period.is_closed(), period.deadline, period.closed_at, period.closed_by) == (False, day(0), None, None)
    logged = ModelLogEntry.objects.filter(object_id=str(period.pk)).order_by("pk").values_list("action", flat=True)
    assert list(logged) == ["ehrenamt.close_period", "ehrenamt.reopen_period"]


def test_what_was_never_called_or_is_open_or_over_is_not_closed_or_opened(coordinator):
    planned, is_open, over = make_period(), make_period(300, 400, 290, called=-3), make_period(-100, -1, -50, called=-90)
    assert "noch niemand" in must_refuse(actions.close_period, planned, actor=coordinator)
    assert "ist offen" in must_refuse(actions.reopen_period, is_open, deadline=day(295), actor=coordinator)
    assert "ist vorbei" in must_refuse(actions.reopen_period, over, deadline=day(3), actor=coordinator)


# Answers


def test_organisation_says_that_it_has_nothing_and_takes_it_back(coordinator, organisation):
    period, member = make_period(called=-3), member_of(organisation)
    answer = actions.answer_nothing(period, organisation, actor=member)
    assert (answer.by, PeriodAnswer.objects.get()) == (member, answer)
    before = rows()
    assert actions.answer_nothing(period, organisation, actor=coordinator) == answer
    assert rows() == before
    actions.take_answer_back(period, organisation, actor=member)
    assert not PeriodAnswer.objects.exists()
    before = rows()
    actions.take_answer_back(period, organisation, actor=member)
    assert rows() == before


def test_answers_of_others_or_after_the_deadline_or_beside_an_entry_are_refused(organisation):
    period, member = make_period(called=-3), member_of(organisation)
    assert "nicht handeln" in must_refuse(actions.answer_nothing, period, organisation, actor=UserFactory())
    assert "nicht handeln" in must_refuse(actions.take_answer_back, period, organisation, actor=member_of())
    planned = make_period(300, 400)
    assert "noch niemand" in must_refuse(actions.answer_nothing, planned, organisation, actor=member)
    late = period.ends_editing_at
    assert "Redaktionsschluss" in must_refuse(actions.answer_nothing, period, organisation, actor=member, now=late)
    assert "Redaktionsschluss" in must_refuse(actions.take_answer_back, period, organisation, actor=member, now=late)
    published_offering(organisation=organisation, dates=[in_days(100)])
    assert "schon zu" in must_refuse(actions.answer_nothing, period, organisation, actor=member)
