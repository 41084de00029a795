"""Form and supervisor of a supervision, and what the supervisor does."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import Notice, Occurrence, OutgoingMail, SeatPlan, SignUp, SupervisionPage, SupervisionSetup
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import signing, supervision
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from ehrenamt_wagtail.signups.supervision_mails import write_to_people
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    in_days,
    member_of,
    published_offering,
    sign_up_of,
)
from tests.mails import forget_mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Diakonie")


@pytest.fixture
def member(organisation):
    return member_of(organisation)


@pytest.fixture
def supervisor(organisation):
    return member_of(organisation, first_name="Frank", last_name="Morgenroth", email="frank@post.example")


@pytest.fixture
def page(organisation):
    dates = [in_days(10), in_days(24), in_days(38)]
    return published_offering(model=SupervisionPage, organisation=organisation, title="Supervision", dates=dates)


def uids(page) -> list[uuid.UUID]:
    return list(Occurrence.objects.filter(page=page.pk).order_by("starts_at").values_list("uid", flat=True))


def plan_of(page, uid=None, **facts) -> SeatPlan:
    return SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=uid, **{"mode": "here", "capacity": 8, **facts})


def setup(page, supervisor, actor, form="single", **facts) -> SupervisionSetup:
    return supervision.setup_supervision(page, form=form, supervisor=supervisor, actor=actor, **facts)


# Setting up


def test_organisation_names_form_and_supervisor(page, supervisor, member):
    setup(page, supervisor, member)
    present = SupervisionSetup.objects.get()
    assert (present.offering_id, present.form, present.supervisor) == (page.pk, "single", supervisor)
    entry = PageLogEntry.objects.get(action="ehrenamt.setup_supervision")
    assert (entry.user, entry.page_id, entry.data) == (member, page.pk, {"form": "single"})


def test_only_members_of_the_organisation_set_up(page, supervisor):
    for actor in (member_of(), coordinator_user(), UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            setup(page, supervisor, actor)
    assert not SupervisionSetup.objects.exists()


def test_other_kinds_of_offerings_have_no_supervisor(organisation, supervisor, member):
    training = published_offering(organisation=organisation)
    with pytest.raises(NotAllowed):
        setup(training, supervisor, member)
    assert not SupervisionSetup.objects.exists()


def test_unknown_form_is_refused(page, supervisor, member):
    with pytest.raises(NotAllowed):
        setup(page, supervisor, member, form="secret")
    assert not SupervisionSetup.objects.exists()


def test_supervisor_is_a_member_or_was_named_by_coordinators(page, member):
    outside = UserFactory()
    with pytest.raises(NotAllowed):
        setup(page, outside, member)
    assert not SupervisionSetup.objects.exists()
    with pytest.raises(NotAllowed):
        supervision.name_supervisor(outside, actor=member)
    assert outside not in supervision.possible_supervisors(page)
    supervision.name_supervisor(outside, actor=coordinator_user())
    setup(page, outside, member)
    assert SupervisionSetup.objects.get().supervisor == outside


def test_who_is_named_no_longer_stays_where_they_are_supervisor(page, member):
    outside, coordinator = UserFactory(), coordinator_user()
    supervision.name_supervisor(outside, actor=coordinator)
    setup(page, outside, member)
    supervision.unname_supervisor(outside, actor=coordinator)
    assert outside not in supervision.possible_supervisors(page)
    setup(page, outside, member, form="group")
    assert SupervisionSetup.objects.get().supervisor == outside


def test_inactive_accounts_cannot_be_chosen(page, organisation, member):
    gone = member_of(organisation, is_active=False)
    with pytest.raises(NotAllowed):
        setup(page, gone, member)
    assert not SupervisionSetup.objects.exists()


def test_information_evening_gets_seats_of_its_own(page, supervisor, member):
    first = uids(page)[0]
    plan_of(page)
    setup(page, supervisor, member, form="group", information_uid=first)
    own = SeatPlan.objects.get(occurrence_uid=first)
    assert (own.mode, own.capacity) == ("here", None)
    assert SupervisionSetup.objects.get().information_uid == first


def test_information_evening_is_a_date_of_the_supervision(page, supervisor, member):
    with pytest.raises(NotAllowed):
        setup(page, supervisor, member, form="group", information_uid=uuid.uuid4())
    assert not SupervisionSetup.objects.exists()


def test_only_a_closed_group_has_an_information_evening(page, supervisor, member):
    setup(page, supervisor, member, form="single", information_uid=uids(page)[0])
    assert SupervisionSetup.objects.get().information_uid is None


# Changing the supervisor


@pytest.mark.parametrize("confirmed", [True, False])
def test_supervisor_stays_while_people_are_signed_up(page, supervisor, member, confirmed):
    setup(page, supervisor, member)
    plan = plan_of(page, uids(page)[0])
    sign_up_of(plan, confirmed=confirmed)
    sign_up_of(plan, email="otto@post.example", name="Otto")
    with pytest.raises(NotAllowed, match="2"):
        setup(page, member, member)
    with pytest.raises(NotAllowed, match="2"):
        setup(page, supervisor, member, form="group")
    present = SupervisionSetup.objects.get()
    assert (present.supervisor, present.form) == (supervisor, "single")


def test_after_the_last_date_another_supervisor_reads_only_new_people(page, supervisor, member):
    setup(page, supervisor, member)
    plan = plan_of(page)
    former = sign_up_of(plan)
    Occurrence.objects.filter(page=page.pk).update(starts_at=in_days(-9), ends_at=in_days(-8))
    setup(page, member, member)
    Occurrence.objects.filter(page=page.pk).update(starts_at=in_days(9), ends_at=in_days(10))
    new = sign_up_of(plan, name="Otto", email="otto@post.example")
    assert list(readable_sign_ups(page, user=supervisor)) == [former]
    assert list(readable_sign_ups(page, user=member)) == [new]


def test_people_who_do_not_come_any_more_hinder_nothing(page, supervisor, member):
    setup(page, supervisor, member)
    signing.cancel_sign_up(sign_up_of(plan_of(page)))
    setup(page, member, member)
    assert SupervisionSetup.objects.get().supervisor == member


# Who reads


def test_nobody_signs_up_where_no_supervisor_is_named(page):
    with pytest.raises(NotAllowed):
        sign_up_of(plan_of(page))
    assert not SignUp.objects.exists()


def test_nobody_signs_up_for_what_circles_ask_for(page, supervisor, member):
    setup(page, supervisor, member, form="on_request")
    with pytest.raises(NotAllowed):
        sign_up_of(plan_of(page))
    assert not SignUp.objects.exists()


def test_only_the_supervisor_reads_who_takes_part(page, supervisor, member):
    setup(page, supervisor, member)
    sign_up = sign_up_of(plan_of(page))
    assert sign_up.is_confidential and sign_up.reader == supervisor
    assert list(readable_sign_ups(page, user=supervisor)) == [sign_up]
    for user in (member, coordinator_user(), UserFactory(is_superuser=True)):
        assert list(readable_sign_ups(page, user=user)) == []


def test_promise_names_the_supervisor_and_the_limit(page, supervisor, member):
    assert supervision.promise_of(page) == []
    setup(page, supervisor, member)
    promise = supervision.promise_of(page)
    assert len(promise) == 3
    assert "Frank Morgenroth" in promise[0]
    assert "Datenbank" in promise[2]


# What the supervisor does


def test_supervisor_adds_a_member_by_hand(page, supervisor, member):
    setup(page, supervisor, member, form="group")
    plan = plan_of(page, capacity=1)
    sign_up = supervision.add_person(plan, name="  Erika  Muster ", actor=supervisor)
    assert (sign_up.status, sign_up.source, sign_up.reader, sign_up.is_confidential) == ("confirmed", "hand", supervisor, True)
    assert [person.name for person in sign_up.participants.all()] == ["Erika Muster"]
    for name in ("Erika Muster", "Otto"):
        with pytest.raises(NotAllowed):
            supervision.add_person(plan, name=name, actor=supervisor)
    assert SignUp.objects.count() == 1


def test_only_the_present_supervisor_adds_people(page, supervisor, member):
    setup(page, supervisor, member)
    plan = plan_of(page)
    for actor in (member, UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            supervision.add_person(plan, name="Erika", actor=actor)
    assert not SignUp.objects.exists()


def test_nobody_is_added_to_what_was_cancelled(page, supervisor, member):
    setup(page, supervisor, member)
    plan = plan_of(page)
    cancel(page, actor=member)
    with pytest.raises(NotAllowed):
        supervision.add_person(plan, name="Erika", email="erika@post.example", actor=supervisor)
    assert not SignUp.objects.exists()
    assert not OutgoingMail.objects.filter(template="signups/confirmed").exists()


def test_supervisor_cancels_for_somebody_and_the_next_moves_up(page, supervisor, member):
    setup(page, supervisor, member)
    plan = plan_of(page, capacity=1)
    first, second = sign_up_of(plan), sign_up_of(plan, name="Otto", email="otto@post.example")
    for actor in (member, UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            supervision.cancel_for(first, actor=actor)
    supervision.cancel_for(first, actor=supervisor)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "offered")


@pytest.mark.parametrize("confirmed", [True, False])
def test_somebody_in_line_whom_the_supervisor_takes_off_is_told_in_confidence(page, supervisor, member, confirmed):
    setup(page, supervisor, member)
    plan = plan_of(page, capacity=1)
    sign_up_of(plan)
    second = sign_up_of(plan, name="Otto", email="otto@post.example", confirmed=confirmed)
    OutgoingMail.objects.all().delete()
    supervision.cancel_for(second, actor=supervisor)
    assert list(OutgoingMail.objects.values_list("template", "address", "is_confidential")) == [
        ("signups/cancelled", "otto@post.example", True)
    ]


def test_supervisor_closes_and_opens_the_sign_up(page, supervisor, member):
    setup(page, supervisor, member, form="group")
    plan = plan_of(page)
    with pytest.raises(NotAllowed):
        supervision.close_sign_up(plan, actor=member)
    supervision.close_sign_up(plan, actor=supervisor)
    plan.refresh_from_db()
    assert plan.closes_at <= timezone.now()
    with pytest.raises(NotAllowed):
        sign_up_of(plan)
    supervision.open_sign_up(plan, actor=supervisor)
    plan.refresh_from_db()
    assert sign_up_of(plan).has_seat


def test_group_closes_when_its_first_date_begins(page, supervisor, member):
    setup(page, supervisor, member, form="group")
    plan = plan_of(page)
    late = in_days(10) + dt.timedelta(minutes=1)
    with pytest.raises(NotAllowed):
        signing.sign_up(plan, names=["Erika"], email="erika@post.example", now=late)
    assert not SignUp.objects.exists()


def test_message_goes_to_those_with_a_seat_and_names_nobody_else(page, supervisor, member, django_capture_on_commit_callbacks):
    setup(page, supervisor, member)
    plan = plan_of(page)
    sign_up_of(plan)
    sign_up_of(plan, name="Otto Anders", email="otto@post.example")
    sign_up_of(plan, name="Offen", email="offen@post.example", confirmed=False)
    forget_mails()
    facts = {"subject": "Raum", "text": "Wir treffen uns im Saal.", "uid": uuid.uuid4()}
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            write_to_people(page, plan=plan, actor=supervisor, **facts)
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == ["erika@post.example", "otto@post.example"]
    assert "Wir treffen uns im Saal." in mail.outbox[0].body
    assert f"Freundliche Grüße\n{supervisor.get_full_name()}\n" in mail.outbox[0].body
    assert "Otto Anders" not in next(message for message in mail.outbox if message.to == ["erika@post.example"]).body
    assert {tuple(message.reply_to) for message in mail.outbox} == {("frank@post.example",)}
    assert Notice.objects.count() == 1
    assert not OutgoingMail.objects.filter(template="signups/supervision_message", is_confidential=False).exists()


def test_others_write_to_nobody(page, supervisor, member):
    setup(page, supervisor, member)
    sign_up_of(plan_of(page))
    with pytest.raises(NotAllowed):
        write_to_people(page, subject="Hallo", text="Wer sind Sie?", actor=member, uid=uuid.uuid4())
    assert not Notice.objects.exists()
