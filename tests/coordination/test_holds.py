import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination import holds
from ehrenamt_wagtail.coordination.models import DateHold, PlannedDate, PlanState
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import TrainingPage
from tests.factories import OrganisationFactory, TopicFactory, coordinator_user, in_days, make_site, member_of

pytestmark = pytest.mark.django_db

Status = DateHold.Status


@pytest.fixture
def programme():
    return make_site()[0]


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def member(organisation):
    return member_of(organisation)


@pytest.fixture
def hold(organisation, member):
    return holds.hold_date(
        organisation=organisation, actor=member, start=in_days(60), title="Abend", municipality=organisation.municipality
    )


def last_second(days: int) -> dt.datetime:
    return in_days(days, 23, 59) + dt.timedelta(seconds=59)


def planned(hold) -> list[str]:
    return list(PlannedDate.objects.filter(hold=hold.pk).values_list("state", flat=True))


def test_hold_lasts_to_the_end_of_a_local_day_and_competes(hold):
    assert hold.status == Status.ACTIVE
    assert hold.expires_at == last_second(conf.HOLD_DAYS)
    assert planned(hold) == [PlanState.HOLD]


def test_hold_ends_when_its_date_begins(organisation, member):
    hold = holds.hold_date(organisation=organisation, actor=member, start=in_days(3))
    assert hold.expires_at == in_days(3)
    day = holds.hold_date(organisation=organisation, actor=member, start_date=timezone.localdate() + dt.timedelta(days=4))
    assert day.expires_at == in_days(4, 0)


def test_hold_of_others_is_refused_except_by_the_district(organisation):
    with pytest.raises(NotAllowed):
        holds.hold_date(organisation=organisation, actor=member_of(), start=in_days(5))
    assert not DateHold.objects.exists()
    assert holds.hold_date(organisation=organisation, actor=coordinator_user(), start=in_days(5)).organisation == organisation


def test_hold_of_a_past_date_is_refused(organisation, member):
    with pytest.raises(NotAllowed):
        holds.hold_date(organisation=organisation, actor=member, start=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(NotAllowed):
        holds.hold_date(organisation=organisation, actor=member, start_date=timezone.localdate())
    assert not DateHold.objects.exists()


def test_hold_becomes_one_offering_however_often(programme, organisation, member):
    topic = TopicFactory()
    hold = holds.hold_date(
        organisation=organisation,
        actor=member,
        start=in_days(30),
        end=in_days(30, 21),
        topic=topic,
        municipality=organisation.municipality,
        mode="both",
    )
    page = holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member, facts={"contact_name": "Petra"})
    assert holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member) == page
    assert TrainingPage.objects.count() == 1
    newest = page.get_latest_revision_as_object()
    date = newest.occurrences.get()
    assert (date.start, date.end) == (in_days(30), in_days(30, 21))
    assert list(newest.topics.all()) == [topic]
    assert (newest.title, newest.municipality, newest.mode, newest.contact_name) == (
        topic.name,
        organisation.municipality,
        "both",
        "Petra",
    )
    hold.refresh_from_db()
    assert (hold.status, hold.offering_id) == (Status.USED, page.pk)
    assert planned(hold) == []
    assert PlannedDate.objects.get(offering=page.pk).state == PlanState.DRAFT
