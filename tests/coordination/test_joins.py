import pytest
from django.utils import timezone
from wagtail.models import Page, WorkflowState

from ehrenamt_wagtail.coordination import joins
from ehrenamt_wagtail.coordination.models import JoinProposal, PlannedDate
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import CoHost, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel, save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review
from tests.factories import (
    OrganisationFactory,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
    submitted_offering,
)

pytestmark = pytest.mark.django_db

Status = JoinProposal.Status


@pytest.fixture
def programme(ready_site):
    return ready_site[0]


@pytest.fixture
def coordinator():
    return coordinator_user()


@pytest.fixture
def ours(programme):
    return OrganisationFactory(name="Kirche")


@pytest.fixture
def theirs(programme):
    return OrganisationFactory(name="Caritas")


@pytest.fixture
def our_member(ours):
    return member_of(ours)


@pytest.fixture
def their_member(theirs):
    return member_of(theirs)


@pytest.fixture
def joining(ours, our_member, coordinator):
    """Returned by the district."""
    page, task_state = submitted_offering(organisation=ours, actor=our_member, title="Asylrecht Grundlagen")
    return_to_organisation(task_state, actor=coordinator, reasons=["clash"])
    return fresh(page)


@pytest.fixture
def host(theirs):
    return published_offering(organisation=theirs, title="Grundlagen des Asylrechts", dates=[in_days(12)])


@pytest.fixture
def proposal(joining, host, our_member, their_member, coordinator):
    return joins.propose_join(joining, host, actor=coordinator, comment="Ein Abend genügt.")


def fresh(page):
    return TrainingPage.objects.get(pk=page.pk)


def join(proposal, *members):
    for member in members:
        proposal = joins.accept_join(proposal, actor=member)
    return proposal


def co_hosts(page) -> list[str]:
    return [str(row) for row in page.co_hosts.all()]


def mails(template: str) -> set:
    return set(OutgoingMail.objects.filter(template=f"coordination/{template}").values_list("user_id", flat=True))


def test_proposal_is_told_to_both_organisations(proposal, our_member, their_member, coordinator):
    assert proposal.status == Status.OPEN
    assert proposal.proposed_by == coordinator
    assert mails("join_proposed") == {our_member.pk, their_member.pk}


def test_only_the_district_proposes(joining, host, our_member):
    with pytest.raises(NotAllowed, match="Ehrenamtskoordination"):
        joins.propose_join(joining, host, actor=our_member)
    assert not JoinProposal.objects.exists()


def test_one_organisation_joins_nobody(joining, ours, coordinator):
    own = published_offering(organisation=ours)
    with pytest.raises(NotAllowed, match="verschiedener Veranstalter"):
        joins.propose_join(joining, own, actor=coordinator)
    assert not JoinProposal.objects.exists()


def test_published_offering_joins_nobody(host, ours, coordinator):
    published = published_offering(organisation=ours)
    with pytest.raises(NotAllowed, match="schon veröffentlicht"):
        joins.propose_join(published, host, actor=coordinator)
    assert not JoinProposal.objects.exists()


def test_cancelled_or_past_offering_is_no_host(joining, host, theirs, their_member, coordinator):
    past = published_offering(organisation=theirs, dates=[in_days(-3)])
    with pytest.raises(NotAllowed, match="ist vorbei"):
        joins.propose_join(joining, past, actor=coordinator)
    cancel(host, actor=their_member)
    with pytest.raises(NotAllowed, match="ist abgesagt"):
        joins.propose_join(joining, host, actor=coordinator)
    assert not JoinProposal.objects.exists()


def test_second_proposal_is_refused(proposal, joining, theirs, coordinator):
    other = published_offering(organisation=theirs)
    with pytest.raises(NotAllowed, match="bereits eine Zusammenarbeit"):
        joins.propose_join(joining, other, actor=coordinator)
    assert JoinProposal.objects.get() == proposal


def test_one_acceptance_changes_no_offering(proposal, joining, host, our_member):
    accepted = join(proposal, our_member)
    assert accepted.status == Status.OPEN
    assert accepted.joining_accepted_by == our_member
    assert accepted.host_accepted_at is None
    assert co_hosts(fresh(host)) == []
    assert not fresh(joining).locked
    assert PlannedDate.objects.filter(offering=joining.pk).exists()
    again = join(accepted, our_member)
    assert again.joining_accepted_at == accepted.joining_accepted_at


def test_both_acceptances_join(proposal, joining, host, our_member, their_member, coordinator):
    joined = join(proposal, our_member, their_member)
    assert joined.status == Status.JOINED
    assert joined.answered_at is not None
    assert co_hosts(fresh(host)) == ["Kirche"]
    assert not PlannedDate.objects.filter(offering=joining.pk).exists()
    assert list(PlannedDate.objects.filter(offering=host.pk).values_list("state", flat=True)) == ["published"]
    closed = fresh(joining)
    assert closed.locked
    assert closed.current_workflow_state is None
    assert mails("join_joined") == {our_member.pk, coordinator.pk}


def test_member_of_both_organisations_accepts_for_both(proposal, ours, their_member, host):
    ours.memberships.create(user=their_member)
    assert join(proposal, their_member).status == Status.JOINED
    assert co_hosts(fresh(host)) == ["Kirche"]


def test_accepting_twice_changes_nothing(proposal, host, our_member, their_member):
    joined = join(proposal, our_member, their_member)
    revisions = host.revisions.count()
    assert join(joined, their_member).answered_at == joined.answered_at
    assert host.revisions.count() == revisions
    assert CoHost.objects.filter(page=host.pk).count() == 1


def test_strangers_do_not_answer(proposal, coordinator):
    for stranger in (member_of(), coordinator):
        with pytest.raises(NotAllowed, match="andere Veranstalter"):
            joins.accept_join(proposal, actor=stranger)
        with pytest.raises(NotAllowed, match="andere Veranstalter"):
            joins.decline_join(proposal, actor=stranger)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.joining_accepted_at, proposal.host_accepted_at) == (Status.OPEN, None, None)


def test_joined_draft_is_closed_but_not_lost(proposal, joining, our_member, their_member):
    join(proposal, our_member, their_member)
    page = fresh(joining)
    draft = page.get_latest_revision_as_object()
    draft.title = "Doch noch"
    with pytest.raises(NotAllowed, match="abgeschlossen"):
        save_draft(draft, base_revision_id=page.latest_revision_id, actor=our_member)
    with pytest.raises(NotAllowed, match="abgeschlossen"):
        submit_for_review(page, actor=our_member, reason="Trotzdem.")
    assert fresh(joining).get_latest_revision_as_object().title == "Asylrecht Grundlagen"


# The co-host in all that may still be published


def test_published_host_stays_published_as_it_was(proposal, host, our_member, their_member):
    published_at = host.last_published_at
    join(proposal, our_member, their_member)
    page = fresh(host)
    assert page.live
    assert not page.has_unpublished_changes
    assert page.last_published_at == published_at
    assert page.live_revision_id == page.latest_revision_id
    page.latest_revision.publish()
    assert co_hosts(fresh(host)) == ["Kirche"]
    assert CoHost.objects.filter(page=host.pk).count() == 1


def test_pending_change_is_not_published_and_keeps_the_co_host(proposal, host, our_member, their_member):
    draft = host.get_latest_revision_as_object()
    draft.title = "Neuer Titel"
    save_draft(draft, base_revision_id=host.latest_revision_id, actor=their_member)
    join(proposal, our_member, their_member)
    page = fresh(host)
    assert page.title == "Grundlagen des Asylrechts"
    assert page.has_unpublished_changes
    assert co_hosts(page) == ["Kirche"]
    assert co_hosts(page.get_latest_revision_as_object()) == ["Kirche"]
    page.latest_revision.publish()
    page = fresh(host)
    assert page.title == "Neuer Titel"
    assert co_hosts(page) == ["Kirche"]
    assert CoHost.objects.filter(page=host.pk).count() == 1


def test_running_review_of_the_host_goes_on(joining, theirs, our_member, their_member, coordinator):
    host, task_state = submitted_offering(organisation=theirs, actor=their_member, title="Grundlagen")
    proposal = joins.propose_join(joining, host, actor=coordinator)
    seen = fresh(host).latest_revision
    join(proposal, our_member, their_member)
    page = fresh(host)
    assert page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert page.latest_revision_id == seen.pk
    assert not page.live
    approve(task_state, actor=coordinator, revision_id=seen.pk, revision_time=seen.created_at.isoformat())
    page = fresh(host)
    assert page.live
    assert co_hosts(page) == ["Kirche"]
    assert CoHost.objects.filter(page=host.pk).count() == 1


def test_draft_as_host_gets_the_co_host(joining, theirs, our_member, their_member, coordinator):
    host = draft_offering(organisation=theirs, title="Grundlagen")
    join(joins.propose_join(joining, host, actor=coordinator), our_member, their_member)
    page = fresh(host)
    assert not page.live
    assert co_hosts(page) == co_hosts(page.get_latest_revision_as_object()) == ["Kirche"]


def test_form_opened_before_does_not_drop_the_co_host(proposal, host, our_member, their_member):
    opened = fresh(host)
    form = opened.get_latest_revision_as_object()
    form.title = "In einem alten Fenster"
    join(proposal, our_member, their_member)
    with pytest.raises(StaleRevision):
        save_draft(form, base_revision_id=opened.latest_revision_id, actor=their_member)
    assert co_hosts(fresh(host).get_latest_revision_as_object()) == ["Kirche"]


def test_present_co_host_is_not_named_twice(proposal, host, ours, our_member, their_member):
    host.co_hosts.add(CoHost(organisation=ours))
    host.save_revision(clean=False).publish()
    join(proposal, our_member, their_member)
    page = fresh(host)
    assert co_hosts(page) == co_hosts(page.get_latest_revision_as_object()) == ["Kirche"]


# Ends without joining


def test_declining_ends_it_with_a_reason(proposal, joining, host, our_member, their_member, coordinator):
    declined = joins.decline_join(proposal, actor=their_member, comment=" Unser Saal ist zu klein. ")
    assert declined.status == Status.DECLINED
    assert declined.declined_by == their_member
    assert declined.answer == "Unser Saal ist zu klein."
    assert mails("join_ended") == {our_member.pk, coordinator.pk}
    assert co_hosts(fresh(host)) == []
    with pytest.raises(NotAllowed, match="inzwischen abgelehnt"):
        joins.accept_join(declined, actor=our_member)
    assert not fresh(joining).locked
    again = joins.decline_join(declined, actor=our_member, comment="Wir auch nicht.")
    assert again.answer == "Unser Saal ist zu klein."


def test_it_may_be_proposed_again_after_declining(proposal, joining, host, our_member, coordinator):
    joins.decline_join(proposal, actor=our_member)
    second = joins.propose_join(joining, host, actor=coordinator)
    joins.decline_join(second, actor=our_member)
    assert JoinProposal.objects.filter(status=Status.DECLINED).count() == 2


def test_submitting_again_drops_the_proposal(proposal, joining, host, our_member, their_member):
    join(proposal, their_member)
    submit_for_review(joining, actor=our_member, reason="Wir bleiben dabei.")
    proposal.refresh_from_db()
    assert proposal.status == Status.DROPPED
    with pytest.raises(NotAllowed, match="hinfällig"):
        joins.accept_join(proposal, actor=our_member)
    assert co_hosts(fresh(host)) == []
    assert mails("join_ended") >= {their_member.pk}


def test_cancelling_the_host_drops_the_proposal(proposal, joining, host, our_member, their_member):
    cancel(host, actor=their_member)
    proposal.refresh_from_db()
    assert proposal.status == Status.DROPPED
    with pytest.raises(NotAllowed, match="hinfällig"):
        joins.accept_join(proposal, actor=our_member)
    assert not fresh(joining).locked


def test_cancelling_one_of_two_dates_keeps_the_proposal(joining, theirs, their_member, coordinator):
    host = published_offering(organisation=theirs, dates=[in_days(12), in_days(19)])
    proposal = joins.propose_join(joining, host, actor=coordinator)
    cancel(host, actor=their_member, occurrence_uid=host.occurrences.first().uid)
    proposal.refresh_from_db()
    assert proposal.status == Status.OPEN


def test_host_that_is_over_is_joined_no_more(joining, theirs, our_member, their_member, coordinator, monkeypatch):
    host = published_offering(organisation=theirs, dates=[in_days(2)])
    proposal = joins.propose_join(joining, host, actor=coordinator)
    later = timezone.now() + timezone.timedelta(days=4)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(NotAllowed, match="ist vorbei"):
        joins.accept_join(proposal, actor=our_member)
    proposal.refresh_from_db()
    assert proposal.joining_accepted_at is None


def test_deleted_offering_takes_the_proposal_with_it(proposal, joining, our_member):
    stale = JoinProposal.objects.get(pk=proposal.pk)
    Page.objects.get(pk=joining.pk).specific.delete()
    assert not JoinProposal.objects.exists()
    with pytest.raises(NotAllowed, match="gelöscht"):
        joins.accept_join(stale, actor=our_member)


def test_offering_that_joined_is_no_host_any_more(proposal, joining, our_member, their_member, coordinator):
    third = OrganisationFactory()
    other = draft_offering(organisation=third, title="Dritter Abend")
    towards_joining = joins.propose_join(other, joining, actor=coordinator)
    join(proposal, our_member, their_member)
    towards_joining.refresh_from_db()
    assert towards_joining.status == Status.DROPPED
    with pytest.raises(NotAllowed, match="selbst in einem anderen"):
        joins.propose_join(other, joining, actor=coordinator)


def test_offering_that_others_joined_is_not_given_up(joining, theirs, our_member, their_member, coordinator):
    host = draft_offering(organisation=theirs, title="Grundlagen")
    join(joins.propose_join(joining, host, actor=coordinator), our_member, their_member)
    third = draft_offering(organisation=OrganisationFactory(), title="Dritter Abend")
    with pytest.raises(NotAllowed, match="beteiligt sich bereits"):
        joins.propose_join(host, third, actor=coordinator)
    assert JoinProposal.objects.count() == 1


# What the mails say


def rendered(template: str, user) -> str:
    return render(OutgoingMail.objects.get(template=f"coordination/{template}", user=user)).text


def test_mail_of_a_proposal_shows_both_offerings(proposal, our_member, their_member):
    for person in (our_member, their_member):
        text = rendered("join_proposed", person)
        assert "Kirche und Caritas planen etwas sehr Ähnliches" in text
        assert "Asylrecht Grundlagen" in text
        assert "Grundlagen des Asylrechts" in text
        assert "Ein Abend genügt." in text
        assert f"/partner/zusammenarbeit/{proposal.pk}/" in text


def test_mail_of_an_answered_proposal_is_not_sent(proposal, our_member, their_member):
    joins.decline_join(proposal, actor=their_member)
    assert render(OutgoingMail.objects.get(template="coordination/join_proposed", user=our_member)) is None


def test_mail_says_that_they_joined(proposal, our_member, their_member):
    join(proposal, our_member, their_member)
    text = rendered("join_joined", our_member)
    assert "Kirche ist nun Kooperationspartner von „Grundlagen des Asylrechts“" in text


def test_mail_says_who_declined_and_why(proposal, our_member, their_member, coordinator):
    joins.decline_join(proposal, actor=their_member, comment="Zu klein.")
    for person in (our_member, coordinator):
        text = rendered("join_ended", person)
        assert "Caritas hat den Vorschlag abgelehnt" in text
        assert "Zu klein." in text


def test_mail_reaches_nobody_who_left_the_organisation(proposal, our_member):
    our_member.ehrenamt_memberships.all().delete()
    assert render(OutgoingMail.objects.get(template="coordination/join_proposed", user=our_member)) is None
