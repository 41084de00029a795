"""Setting up how one signs up: what is written, what is refused, and that nothing is lost."""

import datetime as dt
import uuid

import pytest
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.models import (
    Answer,
    Occurrence,
    PrivacyNotice,
    Question,
    SeatPlan,
    SignUp,
    SupervisionPage,
    SupervisionSetup,
)
from ehrenamt_wagtail.programme.actions import cancel, save_draft
from ehrenamt_wagtail.signups.plans import WrongSettings, save_plans, set_capacity
from ehrenamt_wagtail.signups.settings import QuestionSettings, SignUpSettings, days_of, present_of
from ehrenamt_wagtail.signups.signing import cancel_sign_up
from tests.factories import (
    draft_offering,
    in_days,
    member_of,
    published_offering,
    sign_up_of,
    submitted_offering,
)

from .settings import set_up, several_dates

pytestmark = pytest.mark.django_db

ADDRESS = "https://anmeldung.example/kurs"
LUNCH = QuestionSettings("Essen Sie mit?", "Für die Bestellung", kind="yes_no")


def state() -> list:
    rows = SeatPlan.objects.order_by("pk").values_list("pk", "occurrence_uid", "mode", "capacity", "updated_at")
    return [*rows, *SignUp.objects.order_by("pk").values_list("pk", "plan", "status"), PageLogEntry.objects.count()]


def stamp(page) -> str:
    return present_of(page, days_of(page)).stamp


def uids(page) -> list[uuid.UUID]:
    return [day.uid for day in days_of(page)]


# What is written


def test_whole_series_gets_one_plan_and_a_log_without_names(organisation, actor):
    page = several_dates(organisation)
    revision = page.latest_revision_id
    assert set_up(page, actor, capacity=20, questions=(LUNCH,)) is True
    plan = SeatPlan.objects.get()
    assert (plan.occurrence_uid, plan.mode, plan.capacity, plan.has_waiting_list, plan.updated_by) == (None, "here", 20, True, actor)
    assert [(row.text, row.purpose, row.kind) for row in plan.questions.all()] == [("Essen Sie mit?", "Für die Bestellung", "yes_no")]
    entry = PageLogEntry.objects.get(action="ehrenamt.set_up_sign_up")
    assert entry.data == {"mode": "here", "per_date": False, "capacity": 20}
    page.refresh_from_db()
    assert page.latest_revision_id == revision


def test_single_dates_have_the_same_settings_and_own_capacities(organisation, actor):
    page = several_dates(organisation)
    second = uids(page)[1]
    set_up(page, actor, per_date=True, capacity=8, capacities={second: 5}, asks_phone=True, questions=(LUNCH,))
    rows = {plan.occurrence_uid: plan for plan in SeatPlan.objects.all()}
    assert [rows[uid].capacity for uid in uids(page)] == [8, 5, 8]
    assert all(plan.asks_phone and plan.questions.count() == 1 for plan in rows.values())
    settings = present_of(page, days_of(page)).settings
    assert settings == SignUpSettings(per_date=True, capacity=8, capacities={second: 5}, asks_phone=True, questions=(LUNCH,))


def test_saving_the_same_again_writes_nothing(organisation, actor):
    page = several_dates(organisation)
    set_up(page, actor, per_date=True, capacity=8)
    before = state()
    assert save_plans(page, SignUpSettings(per_date=True, capacity=8), actor=actor, opened="long ago") is False
    assert state() == before


def test_draft_and_page_in_review_are_set_up_without_touching_a_revision(organisation, actor):
    draft = draft_offering(organisation=organisation)
    submitted, task_state = submitted_offering(organisation=organisation, actor=actor)
    for page in (draft, submitted):
        revision = page.latest_revision_id
        set_up(page, actor, capacity=12)
        page.refresh_from_db()
        assert page.latest_revision_id == revision
        assert SeatPlan.objects.get(offering=page.pk).capacity == 12
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"
    with pytest.raises(NotAllowed):
        sign_up_of(SeatPlan.objects.get(offering=draft.pk))
    assert not SignUp.objects.exists()


def test_date_of_a_version_that_is_not_public_yet_gets_a_plan(organisation, actor):
    page = several_dates(organisation)
    edited = page.get_latest_revision_as_object()
    edited.occurrences.add(new := Occurrence(start=in_days(31)))
    save_draft(edited, base_revision_id=page.latest_revision_id, actor=actor)
    page.refresh_from_db()
    assert [day.is_public for day in days_of(page)] == [True, True, True, False]
    set_up(page, actor, per_date=True, capacity=8)
    assert SeatPlan.objects.filter(occurrence_uid=new.uid).get().capacity == 8


def test_new_date_is_pointed_out_until_it_has_the_settings_of_the_others(organisation, actor):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    set_up(page, actor, per_date=True, capacity=8, capacities={uids(page)[0]: 4})
    page.occurrences.add(new := Occurrence(start=in_days(24)))
    page.save_revision(log_action=False).publish()
    page = type(page).objects.get(pk=page.pk)
    present = present_of(page, days_of(page))
    assert [day.uid for day in present.without_plan(days_of(page))] == [new.uid]
    assert save_plans(page, present.settings, actor=actor, opened=present.stamp) is True
    assert present_of(page, days_of(page)).without_plan(days_of(page)) == []
    # Half of the dates have four seats, half eight: the first that was found stands for the others.
    assert SeatPlan.objects.get(occurrence_uid=new.uid).capacity in (4, 8)


def test_cancelled_and_past_dates_keep_what_they_have(organisation, actor):
    page = several_dates(organisation)
    set_up(page, actor, per_date=True, capacity=8)
    first, second, third = uids(page)
    cancel(page, actor=actor, occurrence_uid=second, reason="Krankheit")
    page = type(page).objects.get(pk=page.pk)
    later = in_days(12)
    save_plans(page, SignUpSettings(per_date=True, capacity=9), actor=actor, now=later)
    rows = {plan.occurrence_uid: plan.capacity for plan in SeatPlan.objects.all()}
    assert rows == {first: 8, second: 8, third: 9}


# Questions


def test_changed_question_keeps_the_answers_with_its_old_words(organisation, actor):
    page = published_offering(organisation=organisation)
    transport = QuestionSettings("Wie kommen Sie?", "Für Fahrgemeinschaften")
    set_up(page, actor, questions=(LUNCH, transport))
    plan = SeatPlan.objects.get()
    lunch, way = plan.questions.all()
    sign_up_of(plan, answers={lunch: "ja", way: "Bus"})
    reworded = QuestionSettings("Essen Sie mittags mit?", "Für die Bestellung", kind="yes_no", is_required=True)
    set_up(page, actor, questions=(transport, reworded))
    answers = list(Answer.objects.order_by("pk").values_list("label", "text", "question"))
    assert answers == [("Essen Sie mit?", "ja", None), ("Wie kommen Sie?", "Bus", way.pk)]
    assert [row.text for row in plan.questions.all()] == ["Wie kommen Sie?", "Essen Sie mittags mit?"]


def test_answer_to_a_question_that_was_just_reworded_is_kept_with_the_words_that_were_read(organisation, actor):
    page = published_offering(organisation=organisation)
    set_up(page, actor, questions=(LUNCH,))
    plan = SeatPlan.objects.get()
    opened_before = plan.questions.get()
    set_up(page, actor, questions=(QuestionSettings("Vegetarisch?", "Für die Bestellung"),))
    sign_up_of(plan, answers={opened_before: "ja"})
    assert list(Answer.objects.values_list("label", "text", "question")) == [("Essen Sie mit?", "ja", None)]


def test_form_of_a_way_that_is_no_more_is_refused_in_words(organisation, actor):
    page = several_dates(organisation)
    set_up(page, actor, capacity=5)
    opened_before = SeatPlan.objects.get()
    set_up(page, actor, per_date=True, capacity=5)
    with pytest.raises(NotAllowed, match="neu eingerichtet"):
        sign_up_of(opened_before)
    assert not SignUp.objects.exists()


# Capacity


def test_more_seats_serve_the_waiting_list(organisation, actor):
    page = published_offering(organisation=organisation)
    set_up(page, actor, capacity=1)
    plan = SeatPlan.objects.get()
    sign_up_of(plan)
    second, third = (sign_up_of(plan, name=name, email=f"{name}@post.example") for name in ("otto", "ida"))
    set_up(page, actor, capacity=2)
    assert [SignUp.objects.get(pk=row.pk).status for row in (second, third)] == ["offered", "waiting"]


def test_fewer_seats_than_are_taken_are_refused_with_the_number(organisation, actor):
    page = published_offering(organisation=organisation)
    set_up(page, actor, capacity=5)
    plan = SeatPlan.objects.get()
    for name in ("a", "b", "c"):
        sign_up_of(plan, name=name, email=f"{name}@post.example")
    before = state()
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, capacity=2)
    assert wrong.value.errors == {"capacity": ["3 Plätze sind vergeben, weniger geht deshalb nicht."]}
    with pytest.raises(NotAllowed, match="3"):
        set_capacity(plan, capacity=2, actor=actor)
    assert state() == before
    set_up(page, actor, capacity=3)
    assert SeatPlan.objects.get().capacity == 3


def test_fewer_seats_on_one_date_name_the_date_at_its_own_field(organisation, actor):
    page = several_dates(organisation)
    first, second, _third = uids(page)
    set_up(page, actor, per_date=True, capacity=5)
    for plan in SeatPlan.objects.filter(occurrence_uid__in=[first, second]):
        for name in ("a", "b"):
            sign_up_of(plan, name=name, email=f"{name}@post.example")
    before = state()
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, per_date=True, capacity=5, capacities={second: 1})
    assert list(wrong.value.errors) == [f"capacity_{second}"]
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, per_date=True, capacity=1, capacities={second: 2})
    assert list(wrong.value.errors) == ["capacity"]
    assert state() == before


@pytest.mark.parametrize("capacity", [0, -1, 10**9, 10_001])
def test_impossible_capacities_are_refused(organisation, actor, capacity):
    page = published_offering(organisation=organisation)
    set_up(page, actor, capacity=5)
    before = state()
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, capacity=capacity)
    assert list(wrong.value.errors) == ["capacity"]
    with pytest.raises(NotAllowed):
        set_capacity(SeatPlan.objects.get(), capacity=capacity, actor=actor)
    assert state() == before


# What people who signed up do not allow


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mode": "external", "external_url": ADDRESS}, "mode"),
        ({"mode": "none"}, "mode"),
        ({"mode": "contact"}, "mode"),
        ({"per_date": True, "capacity": 20}, "per_date"),
    ],
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_series_with_people_stays_a_series_on_this_site(organisation, actor, changes, field, confirmed):
    page = several_dates(organisation)
    set_up(page, actor, capacity=20)
    sign_up_of(SeatPlan.objects.get(), names=["Erika Muster"], confirmed=confirmed)
    before = state()
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, **changes)
    assert list(wrong.value.errors) == [field]
    assert "1" in wrong.value.errors[field][0]
    assert "Erika" not in str(wrong.value.errors)
    assert state() == before


def test_single_dates_with_people_do_not_become_a_series(organisation, actor):
    page = several_dates(organisation)
    set_up(page, actor, per_date=True, capacity=8)
    sign_up_of(SeatPlan.objects.get(occurrence_uid=uids(page)[2]))
    before = state()
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, capacity=8)
    assert list(wrong.value.errors) == ["per_date"]
    assert state() == before


def test_sign_ups_that_are_over_move_along_when_the_way_changes(organisation, actor):
    page = several_dates(organisation)
    set_up(page, actor, capacity=20)
    gone = cancel_sign_up(sign_up_of(SeatPlan.objects.get()))
    set_up(page, actor, per_date=True, capacity=8)
    gone.refresh_from_db()
    assert (gone.status, gone.plan.occurrence_uid) == ("cancelled", uids(page)[0])
    assert set(SeatPlan.objects.values_list("occurrence_uid", flat=True)) == set(uids(page))
    set_up(page, actor, capacity=20)
    gone.refresh_from_db()
    assert gone.plan == SeatPlan.objects.get()


# Bad values and the wrong people


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"mode": "external"}, "external_url"),
        ({"mode": "external", "external_url": "javascript:alert(1)"}, "external_url"),
        ({"mode": "external", "external_url": "ftp://anmeldung.example/"}, "external_url"),
        ({"mode": "letter"}, "mode"),
        ({"seats_per_sign_up": 3}, "seats_per_sign_up"),
        ({"minimum": 0, "minimum_decided_on": dt.date(2030, 1, 1)}, "minimum"),
        ({"minimum": 5}, "minimum_decided_on"),
        ({"minimum": 9, "capacity": 8, "minimum_decided_on": in_days(5).date()}, "minimum"),
        ({"minimum": 5, "minimum_decided_on": in_days(10).date()}, "minimum_decided_on"),
        ({"minimum": 5, "minimum_decided_on": in_days(-1).date()}, "minimum_decided_on"),
        ({"minimum_decided_on": in_days(5).date()}, "minimum"),
        ({"opens_at": in_days(3), "closes_at": in_days(3)}, "closes_date"),
        ({"closes_at": in_days(40)}, "closes_date"),
        ({"opens_at": in_days(40)}, "opens_date"),
        ({"questions": (QuestionSettings("", "Zweck"),)}, "questions_0"),
        ({"questions": (QuestionSettings("Wie?", ""),)}, "questions_0"),
        ({"questions": (LUNCH, LUNCH)}, "questions_1"),
        ({"questions": (QuestionSettings("Was?", "Zweck", kind="choice", choices=("nur eine",)),)}, "questions_0"),
        ({"questions": (QuestionSettings("Was?", "Zweck", kind="number"),)}, "questions_0"),
        ({"questions": tuple(QuestionSettings(f"Frage {n}", "Zweck") for n in range(6))}, "questions_5"),
    ],
)
def test_values_that_cannot_be_used_are_named_and_nothing_is_written(organisation, actor, facts, field):
    page = several_dates(organisation)
    before = state()
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, **facts)
    assert list(wrong.value.errors) == [field]
    assert state() == before
    assert not Question.objects.exists()


def test_day_of_decision_that_is_over_may_stay(organisation, actor):
    page = published_offering(organisation=organisation)
    facts = {"minimum": 5, "minimum_decided_on": in_days(3).date()}
    set_up(page, actor, **facts)
    save_plans(page, SignUpSettings(capacity=30, **facts), actor=actor, now=in_days(5))
    assert SeatPlan.objects.get().capacity == 30


def test_single_dates_need_a_date(organisation, actor):
    page = draft_offering(organisation=organisation, dates=[])
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, per_date=True)
    assert list(wrong.value.errors) == ["per_date"]
    set_up(page, actor, capacity=10)
    assert SeatPlan.objects.get().occurrence_uid is None


def test_here_needs_the_privacy_notice(organisation, actor):
    PrivacyNotice.objects.all().delete()
    page = published_offering(organisation=organisation)
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, capacity=5)
    assert list(wrong.value.errors) == ["mode"]
    assert not SeatPlan.objects.exists()
    set_up(page, actor, mode="contact")
    assert SeatPlan.objects.get().mode == "contact"


def test_supervision_needs_the_named_supervisor(organisation, actor):
    page = published_offering(organisation=organisation, model=SupervisionPage)
    with pytest.raises(WrongSettings) as wrong:
        set_up(page, actor, capacity=5)
    assert list(wrong.value.errors) == ["mode"]
    assert not SeatPlan.objects.exists()
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=member_of())
    set_up(page, actor, capacity=5)
    assert SeatPlan.objects.get().capacity == 5


def test_information_evening_of_a_closed_group_has_seats_of_its_own(organisation, actor):
    page = published_offering(organisation=organisation, model=SupervisionPage, dates=[in_days(10), in_days(17), in_days(24)])
    evening = uids(page)[0]
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=member_of(), form="group", information_uid=evening)
    set_up(page, actor, capacity=6, capacities={evening: 30})
    assert dict(SeatPlan.objects.values_list("occurrence_uid", "capacity")) == {None: 6, evening: 30}
    present = present_of(page, days_of(page))
    assert (present.settings.per_date, present.settings.capacity, dict(present.settings.capacities)) == (False, 6, {evening: 30})
    sign_up_of(SeatPlan.objects.get(occurrence_uid=evening))
    set_up(page, actor, capacity=7, capacities={evening: 30})
    assert dict(SeatPlan.objects.values_list("occurrence_uid", "capacity")) == {None: 7, evening: 30}


def test_others_and_closed_or_past_offerings_are_refused(organisation, actor):
    page = published_offering(organisation=organisation)
    with pytest.raises(NotAllowed):
        set_up(page, member_of(), capacity=5)
    with pytest.raises(NotAllowed):
        save_plans(page, SignUpSettings(capacity=5), actor=actor, now=in_days(11))
    page.locked = True
    with pytest.raises(NotAllowed):
        set_up(page, actor, capacity=5)
    page.locked = False
    cancel(page, actor=actor, reason="Krankheit")
    with pytest.raises(NotAllowed):
        set_up(type(page).objects.get(pk=page.pk), actor, capacity=5)
    assert not SeatPlan.objects.exists()


def test_stale_form_is_refused_and_changes_nothing(organisation, actor):
    page = published_offering(organisation=organisation)
    first = stamp(page)
    save_plans(page, SignUpSettings(capacity=5), actor=actor, opened=first)
    before = state()
    with pytest.raises(StaleRevision) as stale:
        save_plans(page, SignUpSettings(capacity=9), actor=actor, opened=first)
    assert stale.value.latest == SeatPlan.objects.get()
    assert state() == before
    save_plans(page, SignUpSettings(capacity=9), actor=actor, opened=stamp(page))
    assert SeatPlan.objects.get().capacity == 9
