"""A copy takes over how one signs up, and nobody who did."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import (
    Answer,
    OfferingPage,
    Participant,
    PrivacyNotice,
    Question,
    SeatPlan,
    SignUp,
    SupervisionPage,
    SupervisionSetup,
    ToldDate,
    TrainingPage,
)
from ehrenamt_wagtail.programme.actions import copy_offering
from ehrenamt_wagtail.signups import copying
from ehrenamt_wagtail.signups.attendance import mark_present
from tests.factories import draft_offering, in_days, member_of, published_offering, sign_up_of

from .helpers import day, form_data, messages_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def notice(organisation):
    return PrivacyNotice.objects.create(organisation=organisation, controller="Caritas, Marktplatz 1")


@pytest.fixture
def page(organisation):
    return published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])


def copied(client, page, first: int):
    """The copy whose first date is ``first`` days ahead, and what is said after it was made."""
    known = list(OfferingPage.objects.values_list("pk", flat=True))
    response = client.post(f"/partner/angebote/{page.pk}/kopieren/", {"first_date": day(first)}, follow=True)
    return OfferingPage.objects.exclude(pk__in=known).get().specific, messages_of(response)


def plans_of(page) -> list[SeatPlan]:
    return list(SeatPlan.objects.filter(offering=page.pk).order_by("pk"))


def uids_of(page) -> list:
    return [date.uid for date in sorted(page.occurrences.all(), key=lambda date: date.start)]


def test_copy_has_the_same_settings_and_moments_as_far_before_its_dates(client, person, page):
    SeatPlan.objects.create(
        offering_id=page.pk, mode="here", capacity=12, has_waiting_list=False, seats_per_sign_up=2, asks_phone=True, minimum=4,
        minimum_decided_on=timezone.localdate() + dt.timedelta(days=7), opens_at=in_days(1, 8, 30), closes_at=in_days(9, 23, 59),
        minimum_told_at=timezone.now(),
    )  # fmt: skip
    copy, said = copied(client, page, 10 + 28)
    [plan] = plans_of(copy)
    assert (plan.mode, plan.capacity, plan.has_waiting_list, plan.seats_per_sign_up) == ("here", 12, False, 2)
    assert (plan.occurrence_uid, plan.asks_phone, plan.minimum, plan.minimum_told_at) == (None, True, 4, None)
    assert (plan.opens_at, plan.closes_at) == (in_days(1 + 28, 8, 30), in_days(9 + 28, 23, 59))
    assert plan.minimum_decided_on == timezone.localdate() + dt.timedelta(days=7 + 28)
    assert plan.updated_by == person
    assert "Die Einstellungen der Anmeldung sind übernommen; angemeldet ist für die Kopie niemand." in said
    assert "leer geblieben" not in said
    assert [(row.capacity, row.closes_at) for row in plans_of(page)] == [(12, in_days(9, 23, 59))]


def test_questions_are_asked_again_and_stay_with_the_original(client, page):
    plan = SeatPlan.objects.create(offering_id=page.pk, mode="here")
    facts = {"kind": "choice", "choices": ["Suppe", "Salat"], "purpose": "Für die Küche", "is_required": True, "position": 1}
    Question.objects.create(plan=plan, text="Was essen Sie?", **facts)
    Question.objects.create(plan=plan, text="Woher wissen Sie davon?", purpose="Für die Werbung")
    copy, _said = copied(client, page, 10 + 14)
    asked = [list(row.questions.values("text", *facts)) for row in (plan, plans_of(copy)[0])]
    assert asked[0] == asked[1]
    assert [question["text"] for question in asked[1]] == ["Woher wissen Sie davon?", "Was essen Sie?"]
    assert Question.objects.count() == 4


def test_settings_of_single_dates_go_to_the_same_dates_of_the_copy(client, page):
    first, second = uids_of(page)
    SeatPlan.objects.create(offering_id=page.pk, mode="here", occurrence_uid=second, capacity=5)
    SeatPlan.objects.create(offering_id=page.pk, mode="here", occurrence_uid=first, capacity=8)
    SeatPlan.objects.create(offering_id=page.pk, mode="here", occurrence_uid="11111111-1111-4111-8111-111111111111", capacity=3)
    copy, _said = copied(client, page, 10 + 70)
    assert {plan.occurrence_uid: plan.capacity for plan in plans_of(copy)} == dict(zip(uids_of(copy), [8, 5], strict=True))
    assert {plan.occurrence_uid for plan in plans_of(copy)}.isdisjoint({first, second})


def test_nobody_is_signed_up_for_the_copy(client, person, page):
    plan = SeatPlan.objects.create(offering_id=page.pk, mode="here", occurrence_uid=uids_of(page)[0])
    question = Question.objects.create(plan=plan, text="Was essen Sie?", purpose="Küche")
    row = sign_up_of(plan, answers={question: "Suppe"}, needs="Rampe")
    date = page.occurrences.get(uid=uids_of(page)[0])
    mark_present(row.participants.get(), date=date, actor=person, now=date.starts_at)
    before = (SignUp.objects.count(), Participant.objects.count(), Answer.objects.count())
    copy, _said = copied(client, page, 10 + 14)
    assert before == (1, 1, 1) == (SignUp.objects.count(), Participant.objects.count(), Answer.objects.count())
    assert not SignUp.objects.filter(plan__offering=copy.pk).exists()
    assert not ToldDate.objects.filter(offering=copy.pk).exists()
    assert SignUp.objects.get().plan == plan
    listed = text_of(client.get(f"/partner/angebote/{copy.pk}/anmeldungen/"))
    assert "Noch hat sich niemand angemeldet" in listed and "Erika" not in listed


def test_days_that_would_be_over_are_left_empty_and_it_is_said(client, organisation):
    old = published_offering(organisation=organisation, dates=[in_days(-100)])
    SeatPlan.objects.create(
        offering_id=old.pk, mode="here", capacity=9, minimum=4, minimum_decided_on=timezone.localdate() - dt.timedelta(days=120),
        opens_at=in_days(-140), closes_at=in_days(-121),
    )  # fmt: skip
    copy, said = copied(client, old, -100 + 105)
    [plan] = plans_of(copy)
    assert (plan.capacity, plan.minimum) == (9, 4)
    assert (plan.opens_at, plan.closes_at, plan.minimum_decided_on) == (None, None, None)
    assert "sind leer geblieben" in said
    assert form_data(client.get(f"/partner/angebote/{copy.pk}/anmeldungen/einrichten/"))["closes_date"] == ""


def test_without_dates_nothing_is_relative_to_them(client, organisation):
    bare = draft_offering(organisation=organisation, dates=[])
    SeatPlan.objects.create(offering_id=bare.pk, mode="here", capacity=9, closes_at=in_days(5))
    client.post(f"/partner/angebote/{bare.pk}/kopieren/")
    [plan] = SeatPlan.objects.exclude(offering=bare.pk)
    assert (plan.capacity, plan.closes_at) == (9, None)


@pytest.mark.parametrize(("moment", "hour"), [("2090-03-20T18:00:00+01:00", 18), ("2090-10-23T08:00:00+02:00", 8)])
def test_hour_of_the_wall_clock_stays_across_summer_time(client, organisation, moment, hour):
    begins = dt.datetime.fromisoformat(moment)
    page = draft_offering(organisation=organisation, dates=[begins])
    SeatPlan.objects.create(offering_id=page.pk, mode="here", closes_at=begins)
    first = begins.date() + dt.timedelta(weeks=2)
    client.post(f"/partner/angebote/{page.pk}/kopieren/", {"first_date": first.isoformat()})
    plan = SeatPlan.objects.exclude(offering=page.pk).get()
    assert timezone.localtime(plan.closes_at).replace(tzinfo=None) == dt.datetime.combine(first, dt.time(hour))


def test_copy_form_sent_twice_sets_up_once(client, page):
    SeatPlan.objects.create(offering_id=page.pk, mode="here")
    address = f"/partner/angebote/{page.pk}/kopieren/"
    data = form_data(client.get(address))
    assert "auch die Einstellungen der Anmeldung, aber keine Angemeldeten" in text_of(client.get(address))
    client.post(address, data)
    client.post(address, data)
    assert SeatPlan.objects.count() == 2


def test_address_of_another_site_is_taken_over_and_asked_about(client, page):
    SeatPlan.objects.create(offering_id=page.pk, mode="external", external_url="https://anmeldung.example/maerz")
    copy, said = copied(client, page, 10 + 14)
    assert plans_of(copy)[0].external_url == "https://anmeldung.example/maerz"
    assert "ob deren Adresse für die neuen Termine stimmt" in said


def test_offering_without_settings_gets_none(client, page):
    copy, said = copied(client, page, 10 + 14)
    assert (plans_of(copy), "Anmeldung" in said) == ([], False)


def test_supervision_keeps_form_supervisor_and_information_evening(client, person, organisation):
    page = published_offering(model=SupervisionPage, organisation=organisation, dates=[in_days(5), in_days(12)])
    evening, _other = uids_of(page)
    SupervisionSetup.objects.create(offering_id=page.pk, form="group", supervisor=person, information_uid=evening)
    SeatPlan.objects.create(offering_id=page.pk, mode="here", capacity=6)
    SeatPlan.objects.create(offering_id=page.pk, mode="here", occurrence_uid=evening, capacity=30)
    copy, said = copied(client, page, 5 + 28)
    setup = SupervisionSetup.objects.get(offering=copy.pk)
    assert (setup.form, setup.supervisor, setup.information_uid) == ("group", person, uids_of(copy)[0])
    assert [(plan.occurrence_uid, plan.capacity) for plan in plans_of(copy)] == [(None, 6), (uids_of(copy)[0], 30)]
    assert "nicht mehr zur Wahl" not in said


def test_supervisor_who_left_is_not_named_again(client, organisation):
    page = published_offering(model=SupervisionPage, organisation=organisation, dates=[in_days(5)])
    SupervisionSetup.objects.create(offering_id=page.pk, form="single", supervisor=member_of())
    SeatPlan.objects.create(offering_id=page.pk, mode="here", capacity=6)
    copy, said = copied(client, page, 5 + 28)
    assert not SupervisionSetup.objects.filter(offering=copy.pk).exists()
    assert "steht nicht mehr zur Wahl" in said


def test_failing_to_copy_the_settings_leaves_no_copy(person, page, monkeypatch):
    SeatPlan.objects.create(offering_id=page.pk, mode="here")

    def fail(*args, **kwargs):
        raise RuntimeError("no settings")

    monkeypatch.setattr(copying, "copy_questions", fail)
    with pytest.raises(RuntimeError):
        copy_offering(page, weeks=2, actor=person)
    assert (TrainingPage.objects.count(), SeatPlan.objects.count()) == (1, 1)
