"""A circle asks for supervision; only the two sides read what they write, and mails name nobody."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import (
    Cancellation,
    HeldSession,
    Occurrence,
    OutgoingMail,
    RequestMessage,
    SeatPlan,
    SupervisionPage,
    SupervisionRequest,
)
from ehrenamt_wagtail.signups import session_records, supervision, supervision_requests
from ehrenamt_wagtail.signups.session_records import records_between, sum_of_hours
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    in_days,
    member_of,
    published_offering,
    sign_up_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Diakonie")


@pytest.fixture
def supervisor(organisation):
    return member_of(organisation, first_name="Frank", last_name="Morgenroth", email="frank@post.example")


@pytest.fixture
def circle():
    return OrganisationFactory(name="AK Renningen", kind="circle")


@pytest.fixture
def asker(circle):
    return member_of(circle, first_name="Anna", last_name="Renner", email="anna@post.example")


def offer(organisation, supervisor, form, **facts):
    page = published_offering(model=SupervisionPage, organisation=organisation, title="Supervision", **facts)
    supervision.setup_supervision(page, form=form, supervisor=supervisor, actor=supervisor)
    return page


@pytest.fixture
def page(organisation, supervisor):
    return offer(organisation, supervisor, "on_request")


@pytest.fixture
def request_(page, circle, asker) -> SupervisionRequest:
    return supervision_requests.ask(page, organisation=circle, text="Haben Sie im Mai Zeit?", actor=asker)


# Asking


def test_circle_asks_once(page, circle, asker, supervisor):
    for _twice in range(2):
        supervision_requests.ask(page, organisation=circle, text="Haben Sie Zeit?", actor=asker)
    request = SupervisionRequest.objects.get()
    assert (request.supervisor, request.requested_by, request.organisation, request.status) == (supervisor, asker, circle, "open")
    assert [message.text for message in request.messages.all()] == ["Haben Sie Zeit?"]


def test_only_circles_ask(page, organisation, supervisor, circle):
    other = member_of()
    for actor, acting_for in ((other, other.ehrenamt_memberships.get().organisation), (other, circle), (coordinator_user(), circle)):
        with pytest.raises(NotAllowed):
            supervision_requests.ask(page, organisation=acting_for, text="Hallo", actor=actor)
    assert not SupervisionRequest.objects.exists()


def test_one_asks_only_for_what_is_on_request(organisation, supervisor, circle, asker):
    page = offer(organisation, supervisor, "single")
    with pytest.raises(NotAllowed):
        supervision_requests.ask(page, organisation=circle, text="Hallo", actor=asker)
    assert not SupervisionRequest.objects.exists()


def test_supervisor_does_not_ask_themselves(organisation, circle, asker):
    page = published_offering(model=SupervisionPage, organisation=circle)
    supervision.setup_supervision(page, form="on_request", supervisor=asker, actor=asker)
    with pytest.raises(NotAllowed):
        supervision_requests.ask(page, organisation=circle, text="Hallo", actor=asker)
    assert not SupervisionRequest.objects.exists()


# Reading


def test_only_the_two_read_a_request(request_, supervisor, asker, circle, organisation):
    for user in (supervisor, asker):
        assert list(supervision_requests.readable_requests(user)) == [request_]
    others = (member_of(circle), member_of(organisation), coordinator_user(), UserFactory(is_superuser=True))
    for user in others:
        assert list(supervision_requests.readable_requests(user)) == []


def test_mails_say_only_that_there_is_something_new(page, circle, asker, supervisor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request = supervision_requests.ask(page, organisation=circle, text="Geheimes Anliegen", actor=asker)
        supervision_requests.write_message(request, text="Vertrauliche Antwort", actor=supervisor)
    assert [message.to for message in mail.outbox] == [["frank@post.example"], ["anna@post.example"]]
    for message in mail.outbox:
        text = f"{message.subject} {message.body} {message.alternatives[0][0]} {message.reply_to}"
        for secret in ("Geheimes", "Vertrauliche", "Morgenroth", "Renner", "Renningen", "Frank", "Anna"):
            assert secret not in text
    assert not OutgoingMail.objects.filter(is_confidential=False).exists()


def test_nothing_of_a_request_is_logged(request_, supervisor):
    supervision_requests.write_message(request_, text="Gern", actor=supervisor)
    supervision_requests.decline(request_, actor=supervisor)
    actions = set(PageLogEntry.objects.filter(page=request_.offering_id).values_list("action", flat=True))
    assert {action for action in actions if action.startswith("ehrenamt.")} == {"ehrenamt.setup_supervision"}


# Agreeing


def test_supervisor_fixes_date_and_place(request_, supervisor, asker):
    start = in_days(20)
    facts = {"start": start, "end": start + dt.timedelta(hours=2), "place": "Renningen, Rathaus"}
    with pytest.raises(NotAllowed):
        supervision_requests.agree(request_, actor=asker, **facts)
    request_.refresh_from_db()
    assert request_.status == "open"
    supervision_requests.agree(request_, actor=supervisor, **facts)
    request_.refresh_from_db()
    assert (request_.status, request_.agreed_start, request_.agreed_place) == ("agreed", start, "Renningen, Rathaus")


@pytest.mark.parametrize(
    ("act", "who", "status"),
    [(supervision_requests.decline, "supervisor", "declined"), (supervision_requests.withdraw, "requested_by", "withdrawn")],
)
def test_either_side_ends_it(request_, act, who, status):
    actor = getattr(request_, who)
    other = request_.requested_by if who == "supervisor" else request_.supervisor
    for wrong in (other, UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            act(request_, actor=wrong)
    request_.refresh_from_db()
    assert request_.status == "open"
    act(request_, actor=actor, text="Leider nicht.")
    request_.refresh_from_db()
    assert request_.status == status
    assert request_.messages.last().text == "Leider nicht."
    with pytest.raises(NotAllowed):
        act(request_, actor=actor)


def test_others_write_nothing(request_, circle):
    for actor in (member_of(circle), coordinator_user()):
        with pytest.raises(NotAllowed):
            supervision_requests.write_message(request_, text="Ich lese mit", actor=actor)
    assert RequestMessage.objects.count() == 1


# What took place


@pytest.fixture
def past_page(organisation, supervisor):
    page = offer(organisation, supervisor, "single", dates=[Occurrence(start=in_days(-3), end=in_days(-3, hour=21)), in_days(9)])
    for date in page.occurrences.all():
        SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=date.uid, mode="here", capacity=8)
    return page


def first_uid(page):
    return Occurrence.objects.filter(page=page.pk).order_by("starts_at").first().uid


def test_supervisor_records_a_date_and_corrects_it(past_page, supervisor):
    uid = first_uid(past_page)
    for hours, people in (("1.5", 6), ("2.0", 7)):
        session_records.record_date(past_page, uid=uid, hours=Decimal(hours), head_count=people, actor=supervisor)
    session = HeldSession.objects.get()
    assert (session.hours, session.head_count, session.date) == (Decimal(2), 7, timezone.localdate(in_days(-3)))
    assert session.recorded_by == supervisor


def test_others_record_nothing(past_page, organisation):
    for actor in (member_of(organisation), coordinator_user(), UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            session_records.record_date(past_page, uid=first_uid(past_page), hours=Decimal(2), head_count=7, actor=actor)
    assert not HeldSession.objects.exists()


def test_what_has_not_come_or_was_cancelled_is_not_recorded(past_page, supervisor):
    last = Occurrence.objects.filter(page=past_page.pk).order_by("starts_at").last().uid
    Cancellation.objects.create(offering_id=past_page.pk, occurrence_uid=first_uid(past_page), reason="krank")
    for uid in (last, first_uid(past_page)):
        with pytest.raises(NotAllowed):
            session_records.record_date(past_page, uid=uid, hours=Decimal(2), head_count=7, actor=supervisor)
    assert not HeldSession.objects.exists()


@pytest.mark.parametrize(("hours", "people"), [("-1", 5), ("25", 5), ("2", 10**9)])
def test_impossible_numbers_are_refused(past_page, supervisor, hours, people):
    with pytest.raises(ValidationError), transaction.atomic():
        session_records.record_date(past_page, uid=first_uid(past_page), hours=Decimal(hours), head_count=people, actor=supervisor)
    assert not HeldSession.objects.exists()


def test_supervision_on_request_is_recorded_without_the_circle(request_, supervisor, asker, circle):
    day = timezone.localdate() - dt.timedelta(days=1)
    facts = {"day": day, "hours": Decimal("1.5"), "head_count": 9}
    with pytest.raises(NotAllowed):
        session_records.record_request(request_, actor=asker, **facts)
    for _twice in range(2):
        session_records.record_request(request_, actor=supervisor, **facts)
    record = records_between(day, day)[0]
    assert (record.hours, record.head_count, record.supervisor) == (Decimal("1.50"), 9, "Frank Morgenroth")
    assert HeldSession.objects.count() == 1
    assert circle.name not in str(record)


def test_records_of_a_period_and_their_sum(past_page, supervisor, django_assert_num_queries):
    session_records.record_date(past_page, uid=first_uid(past_page), hours=Decimal("1.75"), head_count=6, actor=supervisor)
    day = timezone.localdate(in_days(-3))
    with django_assert_num_queries(1):
        records = records_between(day, day)
    assert sum_of_hours(records) == Decimal("1.75")
    before = day - dt.timedelta(days=1)
    assert records_between(before, before) == []
    assert records_between(day, day, organisations=[OrganisationFactory()]) == []
    assert records_between(day, day, organisations=[past_page.organisation]) == records


def test_hours_and_people_are_suggested(past_page, supervisor):
    start = timezone.now()
    assert session_records.suggested_hours(start, start + dt.timedelta(minutes=100)) == Decimal("1.75")
    assert session_records.suggested_hours(start, None) is None
    plan = SeatPlan.objects.get(occurrence_uid=Occurrence.objects.filter(page=past_page.pk).order_by("starts_at").last().uid)
    sign_up_of(plan)
    assert session_records.suggested_head_count(past_page, plan.occurrence_uid) == 1
