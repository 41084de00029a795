import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.circles.needs import report_need
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination import holds
from ehrenamt_wagtail.coordination.jobs import look_after_holds
from ehrenamt_wagtail.coordination.models import DateHold, PlannedDate, PlanState
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import TrainingPage
from ehrenamt_wagtail.review.actions import submit_for_review
from tests.factories import OrganisationFactory, TopicFactory, coordinator_user, draft_offering, in_days, member_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db

Status = DateHold.Status


@pytest.fixture
def programme(ready_site):
    return ready_site[0]


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


def mails(name: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template=f"coordination/{name}").order_by("pk"))


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


def test_day_without_times_becomes_a_day_without_times(programme, organisation, member):
    day = timezone.localdate() + dt.timedelta(days=30)
    hold = holds.hold_date(organisation=organisation, actor=member, start_date=day)
    page = holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member)
    assert page.occurrences.get().start_date == day


def test_district_cannot_write_a_draft_for_others(programme, hold):
    with pytest.raises(NotAllowed):
        holds.become_offering(hold, model=TrainingPage, parent=programme, actor=coordinator_user())
    hold.refresh_from_db()
    assert (hold.status, TrainingPage.objects.count()) == (Status.ACTIVE, 0)


def test_hold_is_prolonged_once_and_told_of_again(hold, member):
    DateHold.objects.filter(pk=hold.pk).update(reminded_at=timezone.now())
    prolonged = holds.prolong_hold(hold, actor=member)
    assert prolonged.expires_at == last_second(conf.HOLD_DAYS + conf.HOLD_PROLONG_DAYS)
    assert prolonged.reminded_at is None
    with pytest.raises(NotAllowed):
        holds.prolong_hold(hold, actor=member)
    hold.refresh_from_db()
    assert hold.expires_at == prolonged.expires_at


def test_hold_is_not_prolonged_beyond_its_date(organisation, member):
    hold = holds.hold_date(organisation=organisation, actor=member, start=in_days(conf.HOLD_DAYS + 3))
    assert holds.prolong_hold(hold, actor=member).expires_at == in_days(conf.HOLD_DAYS + 3)
    short = holds.hold_date(organisation=organisation, actor=member, start=in_days(3))
    with pytest.raises(NotAllowed):
        holds.prolong_hold(short, actor=member)


@pytest.mark.parametrize("wrong", ["prolong", "use", "release"])
@pytest.mark.parametrize("ended", ["expired", "late", "released"])
def test_ended_hold_refuses_everything(programme, hold, member, wrong, ended):
    later = hold.expires_at
    if ended == "expired":
        holds.expire_holds(later)
    elif ended == "released":
        holds.release_hold(hold, actor=member)
    now = later if ended == "late" else timezone.now()
    before = DateHold.objects.values().get()
    acts = {
        "prolong": lambda: holds.prolong_hold(hold, actor=member, now=now),
        "release": lambda: holds.release_hold(hold, actor=member, now=now),
        "use": lambda: holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member, now=now),
    }
    with pytest.raises(NotAllowed):
        acts[wrong]()
    assert DateHold.objects.values().get() == before
    assert not TrainingPage.objects.exists()


def test_used_hold_can_neither_be_given_back_nor_expire(programme, hold, member):
    holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member)
    with pytest.raises(NotAllowed):
        holds.release_hold(hold, actor=member)
    assert holds.expire_holds(hold.expires_at + dt.timedelta(days=1)) == 0
    hold.refresh_from_db()
    assert hold.status == Status.USED


def test_others_change_nothing(programme, hold):
    stranger = member_of()
    for act in (
        lambda: holds.prolong_hold(hold, actor=stranger),
        lambda: holds.release_hold(hold, actor=stranger),
        lambda: holds.become_offering(hold, model=TrainingPage, parent=programme, actor=stranger),
    ):
        with pytest.raises(NotAllowed):
            act()
    hold.refresh_from_db()
    assert (hold.status, hold.prolonged_at, TrainingPage.objects.count()) == (Status.ACTIVE, None, 0)


def test_job_lets_holds_expire_once_and_tells_the_owner(hold, member):
    assert holds.expire_holds(hold.expires_at - dt.timedelta(seconds=1)) == 0
    assert holds.expire_holds(hold.expires_at) == 1
    assert holds.expire_holds(hold.expires_at) == 0
    hold.refresh_from_db()
    assert (hold.status, planned(hold)) == (Status.EXPIRED, [])
    (mail,) = mails("hold_expired")
    assert mail.user == member
    assert "steht wieder anderen offen" in render(mail).text


def test_owner_is_told_two_days_before_once(hold, member):
    soon = hold.expires_at - dt.timedelta(days=conf.HOLD_REMINDER_DAYS)
    assert holds.remind_of_holds(soon - dt.timedelta(minutes=1)) == 0
    assert holds.remind_of_holds(soon) == 1
    assert holds.remind_of_holds(soon + dt.timedelta(hours=1)) == 0
    (mail,) = mails("hold_expiring")
    assert mail.user == member
    rendered = render(mail)
    assert "einmal verlängern" in rendered.text
    assert f"/partner/vormerkungen/{hold.pk}/" in rendered.html
    holds.prolong_hold(hold, actor=member)
    hold.refresh_from_db()
    assert holds.remind_of_holds(hold.expires_at - dt.timedelta(days=1)) == 1
    assert "Verlängern lässt sie sich nicht mehr" in render(mails("hold_expiring")[1]).text


def test_members_are_told_when_the_owner_has_left(hold, member, organisation):
    colleagues = [member_of(organisation), member_of(organisation)]
    member.ehrenamt_memberships.all().delete()
    holds.remind_of_holds(hold.expires_at - dt.timedelta(days=1))
    assert [mail.user for mail in mails("hold_expiring")] == colleagues


def test_reminder_is_dropped_when_the_hold_was_used_meanwhile(programme, hold, member):
    holds.remind_of_holds(hold.expires_at - dt.timedelta(days=1))
    holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member)
    assert render(mails("hold_expiring")[0]) is None


def test_job_entry_point_does_both(hold):
    DateHold.objects.filter(pk=hold.pk).update(expires_at=timezone.now())
    assert look_after_holds() == "1 expired, 0 reminded"


# Needs


@pytest.fixture
def need():
    asking = OrganisationFactory(name="Arbeitskreis Renningen")
    return report_need(organisation=asking, actor=member_of(asking), title="Wohnungssuche")


def test_hold_takes_up_a_need_and_its_offering_answers_it(programme, organisation, member, need):
    hold = holds.hold_date(organisation=organisation, actor=member, start=in_days(30), need=need)
    need.refresh_from_db()
    assert (need.status, need.taken_by, need.offering) == (Need.Status.TAKEN, organisation, None)
    page = holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member)
    need.refresh_from_db()
    assert (page.title, need.offering_id) == ("Wohnungssuche", page.pk)


@pytest.mark.parametrize("end", ["expire", "release"])
def test_need_is_open_again_when_the_hold_comes_to_nothing(organisation, member, need, end):
    hold = holds.hold_date(organisation=organisation, actor=member, start=in_days(30), need=need)
    if end == "expire":
        holds.expire_holds(hold.expires_at)
        holds.expire_holds(hold.expires_at)
    else:
        holds.release_hold(hold, actor=member)
    need.refresh_from_db()
    assert (need.status, need.taken_by) == (Need.Status.OPEN, None)
    assert OutgoingMail.objects.filter(template="circles/need_open_again").count() == 1


def test_need_that_somebody_else_took_up_leaves_no_hold(organisation, member, need):
    rival = OrganisationFactory(name="Kirchengemeinde")
    holds.hold_date(organisation=rival, actor=member_of(rival), start=in_days(30), need=need)
    with pytest.raises(NotAllowed, match="Kirchengemeinde"):
        holds.hold_date(organisation=organisation, actor=member, start=in_days(31), need=need)
    assert DateHold.objects.get().organisation == rival


# Dates kept for an offering that was sent back


def test_kept_date_is_used_when_the_offering_is_submitted_with_it(programme, organisation, member):
    page = draft_offering(organisation=organisation, dates=[in_days(30, 18)])
    hold = holds.hold_date(organisation=organisation, actor=coordinator_user(), start=in_days(30), offering=page)
    submit_for_review(page, actor=member, reason="Der Raum ist nur dann frei.")
    hold.refresh_from_db()
    assert (hold.status, hold.offering_id) == (Status.USED, page.pk)


def test_kept_date_is_given_back_when_the_offering_is_submitted_with_another(programme, organisation, member):
    page = draft_offering(organisation=organisation, dates=[in_days(31)])
    hold = holds.hold_date(organisation=organisation, actor=coordinator_user(), start=in_days(30), offering=page)
    submit_for_review(page, actor=member, reason="Der Raum ist nur dann frei.")
    hold.refresh_from_db()
    assert hold.status == Status.RELEASED


def test_next_kept_date_replaces_the_one_before(programme, organisation):
    page = draft_offering(organisation=organisation)
    first, second = (
        holds.hold_date(organisation=organisation, actor=coordinator_user(), start=in_days(days), offering=page)
        for days in (30, 31)
    )
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.RELEASED, Status.ACTIVE)


def test_kept_date_leads_to_its_offering(programme, organisation, member):
    page = draft_offering(organisation=organisation)
    hold = holds.hold_date(organisation=organisation, actor=coordinator_user(), start=in_days(30), offering=page)
    assert holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member) == page
    hold.refresh_from_db()
    assert (hold.status, TrainingPage.objects.count()) == (Status.ACTIVE, 1)


# On a database that has locks


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_need_is_taken_up_by_one_of_two(programme, need):
    rivals = [OrganisationFactory(name="Kirchengemeinde"), OrganisationFactory(name="Caritasverband")]
    people = [member_of(rival) for rival in rivals]

    def take(number: int):
        return holds.hold_date(organisation=rivals[number], actor=people[number], start=in_days(30), need=need)

    results = at_once(lambda: take(0), lambda: take(1))
    refused = [result for result in results if isinstance(result, NotAllowed)]
    (hold,) = DateHold.objects.all()
    assert len(refused) == 1
    assert hold.organisation.name in refused[0].message
    need.refresh_from_db()
    assert need.taken_by == hold.organisation


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_hold_is_used_or_expires(programme, hold, member):
    results = at_once(
        lambda: holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member),
        lambda: holds.expire_holds(hold.expires_at),
    )
    hold.refresh_from_db()
    if hold.status == Status.USED:
        assert results[1] == 0
        assert hold.offering_id == TrainingPage.objects.get().pk
    else:
        assert hold.status == Status.EXPIRED
        assert isinstance(results[0], NotAllowed)
        assert not TrainingPage.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_make_one_offering(programme, hold, member):
    def use():
        return holds.become_offering(hold, model=TrainingPage, parent=programme, actor=member)

    first, second = at_once(use, use)
    assert first == second == TrainingPage.objects.get()
