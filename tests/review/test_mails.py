"""Who is told what by whom: rows of the outbox, and what they say."""

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import translation
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask

from ehrenamt_wagtail.mail import rendering
from ehrenamt_wagtail.models import Membership, Occurrence, OutgoingMail, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel, decide_day, request_day, save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review, withdraw_from_review
from tests import factories

pytestmark = pytest.mark.django_db

BASE = "https://landkreis.example"


def told(template):
    """Who got such a mail, by mail address."""
    return sorted(mail.recipient_address() for mail in OutgoingMail.objects.filter(template=template))


def rendered(template, **lookup):
    return rendering.render(OutgoingMail.objects.filter(template=template, **lookup).first())


@pytest.fixture
def two_coordinators(site):
    return [factories.coordinator_user(email=f"koordination{n}@kreis.example") for n in (1, 2)]


@pytest.fixture
def organisation(site):
    return factories.OrganisationFactory(name="Caritas")


@pytest.fixture
def member(organisation):
    return factories.member_of(organisation, email="mitglied@caritas.example", first_name="Mia", last_name="Mitglied")


@pytest.fixture
def manager(organisation):
    user = factories.UserFactory(email="leitung@caritas.example")
    Membership.objects.create(user=user, organisation=organisation, role=Membership.Role.MANAGER)
    return user


@pytest.fixture
def colleague(organisation):
    return factories.member_of(organisation, email="kollegin@caritas.example")


def test_each_coordinator_is_told_once_of_a_submission(two_coordinators, organisation, member, manager):
    factories.UserFactory(is_superuser=True, email="admin@kreis.example")
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member, title="Asyl „kurz“ & gut")
    assert told("review/submitted") == ["koordination1@kreis.example", "koordination2@kreis.example"]
    assert OutgoingMail.objects.count() == 2
    message = rendered("review/submitted")
    assert "Asyl „kurz“ & gut" in message.subject
    assert "Caritas" in message.subject
    assert "Mia Mitglied" in message.text
    link = BASE + reverse("ehrenamt_admin:review", args=[task_state.pk])
    assert link in message.text
    assert f'href="{link}"' in message.html
    assert "Asyl „kurz“ &amp; gut" in message.html
    assert django_mail.outbox == []


def test_coordinator_who_submits_is_not_told(two_coordinators):
    district = factories.OrganisationFactory(kind="district")
    factories.MembershipFactory(user=two_coordinators[0], organisation=district)
    factories.submitted_offering(organisation=district, actor=two_coordinators[0])
    assert told("review/submitted") == ["koordination2@kreis.example"]


def test_submission_withdrawn_before_delivery_is_not_told(two_coordinators, organisation, member):
    page, _task_state = factories.submitted_offering(organisation=organisation, actor=member)
    withdraw_from_review(page, actor=member)
    assert rendered("review/submitted") is None
    assert OutgoingMail.objects.count() == 2


def test_resubmission_tells_the_coordinators_again(two_coordinators, organisation, member):
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    return_to_organisation(task_state, actor=two_coordinators[0], reasons=["other"])
    submit_for_review(page, actor=member)
    assert len(told("review/submitted")) == 4


def test_return_tells_submitter_and_managers_why(two_coordinators, organisation, member, manager, colleague):
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    return_to_organisation(
        task_state, actor=two_coordinators[0], reasons=["facts_missing", "date_clash"], comment="Bitte <b>Raum</b> nennen."
    )
    assert told("review/returned") == ["leitung@caritas.example", "mitglied@caritas.example"]
    message = rendered("review/returned")
    for label in task_state.ehrenamt_decision.reason_labels():
        assert label in message.text
        assert label in message.html
    assert "Bitte <b>Raum</b> nennen." in message.text
    assert "Bitte &lt;b&gt;Raum&lt;/b&gt; nennen." in message.html
    assert BASE + reverse("ehrenamt:offering-edit", args=[page.pk]) in message.text
    assert "/verwaltung/" not in message.text + message.html


def test_return_tells_everybody_when_the_submitter_has_left(two_coordinators, organisation, member, colleague):
    _page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    Membership.objects.filter(user=member).delete()
    return_to_organisation(task_state, actor=two_coordinators[0], reasons=["other"])
    assert told("review/returned") == ["kollegin@caritas.example"]


def test_former_member_reads_nothing(two_coordinators, organisation, member):
    _page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    approve(task_state, actor=two_coordinators[0])
    assert rendered("review/approved") is not None
    Membership.objects.filter(user=member).delete()
    assert rendered("review/approved") is None


def test_approval_tells_the_organisation_and_the_town(two_coordinators, organisation, member):
    town = factories.OrganisationFactory(kind="municipality", municipality=organisation.municipality)
    clerk = factories.member_of(town, email="rathaus@stadt.example")
    elsewhere = factories.OrganisationFactory(kind="municipality")
    factories.member_of(elsewhere, email="anderswo@stadt.example")
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    approve(task_state, actor=two_coordinators[0], comment="Sehr schön.")
    assert told("review/approved") == ["mitglied@caritas.example"]
    assert told("review/town") == ["rathaus@stadt.example"]
    assert "Sehr schön." in rendered("review/approved").text
    message = rendered("review/town", user=clerk)
    assert organisation.municipality.name in message.subject
    assert BASE + type(page).objects.get(pk=page.pk).url in message.text
    assert "/partner/" not in message.text
    assert "Sehr schön." not in message.text


def test_town_without_people_is_told_by_its_address(two_coordinators, organisation, member):
    municipality = organisation.municipality
    municipality.email = "info@stadt.example"
    municipality.save()
    _page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    approve(task_state, actor=two_coordinators[0])
    assert told("review/town") == ["info@stadt.example"]
    assert rendered("review/town") is not None


def test_town_is_not_told_of_its_own_offering(two_coordinators):
    town = factories.OrganisationFactory(kind="municipality")
    town.municipality.email = "info@stadt.example"
    town.municipality.save()
    clerk = factories.member_of(town)
    factories.member_of(town)
    _page, task_state = factories.submitted_offering(organisation=town, actor=clerk)
    approve(task_state, actor=two_coordinators[0])
    assert told("review/town") == []


def test_town_of_a_dates_own_venue_is_told_too(two_coordinators, organisation, member):
    venue = factories.VenueFactory()
    venue.municipality.email = "zweite@stadt.example"
    venue.municipality.save()
    dates = [factories.in_days(5), Occurrence(start=factories.in_days(9), venue=venue)]
    _page, task_state = factories.submitted_offering(organisation=organisation, actor=member, dates=dates)
    approve(task_state, actor=two_coordinators[0])
    assert told("review/town") == ["zweite@stadt.example"]


def test_change_is_called_a_change(two_coordinators, organisation, member):
    page = factories.published_offering(organisation=organisation)
    draft = page.get_latest_revision_as_object()
    draft.title = "Neuer Titel"
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    task_state = submit_for_review(page, actor=member)
    with translation.override("en"):
        OutgoingMail.objects.update(language="en")
        assert rendered("review/submitted").subject.startswith("Change to review: Neuer Titel")
    approve(task_state, actor=two_coordinators[0])
    OutgoingMail.objects.update(language="en")
    assert rendered("review/approved").subject == "Your change is published: Neuer Titel"


def test_mail_about_a_circles_change_does_not_speak_of_an_offering(two_coordinators, organisation, member):
    page = factories.circle_page(organisation=organisation)
    draft = page.get_latest_revision_as_object()
    draft.summary = "Wir treffen uns jetzt dienstags."
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    submit_for_review(page, actor=member)
    message = rendered("review/submitted")
    assert "Caritas hat eine veröffentlichte Seite geändert" in message.text
    assert "Angebot" not in message.text.partition("\n-- ")[0]


def test_cancellation_tells_coordinators_and_colleagues(two_coordinators, organisation, member, colleague):
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(9)])
    first = page.occurrences.first()
    cancel(page, actor=member, occurrence_uid=first.uid, reason="Referentin krank")
    assert told("programme/cancelled") == [
        "kollegin@caritas.example",
        "koordination1@kreis.example",
        "koordination2@kreis.example",
    ]
    message = rendered("programme/cancelled")
    assert "Referentin krank" in message.text
    assert "Mia Mitglied" in message.text
    assert message.text.count("(abgesagt)") == 1
    assert "/verwaltung/" not in message.text
    assert OutgoingMail.objects.count() == 3
    cancel(page, actor=member)
    assert OutgoingMail.objects.count() == 6


def test_request_for_a_volunteer_day_and_its_answer_are_told(two_coordinators, organisation, member, colleague):
    host = factories.OrganisationFactory(name="Diakonie")
    owner = factories.member_of(host, email="tag@diakonie.example")
    day = factories.published_offering(model=VolunteerDayPage, organisation=host, title="Ehrenamtstag")
    page = factories.draft_offering(organisation=organisation)
    request = request_day(page, day=day, actor=member)
    assert told("programme/day_requested") == ["tag@diakonie.example"]
    message = rendered("programme/day_requested")
    assert "Ehrenamtstag" in message.subject
    assert reverse("ehrenamt:day-request", args=[request.pk]) in message.text
    decide_day(request, accept=False, actor=owner, comment="Leider voll.")
    assert told("programme/day_decided") == ["kollegin@caritas.example", "mitglied@caritas.example"]
    assert "Leider voll." in rendered("programme/day_decided").text
    assert rendered("programme/day_requested") is None


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_mail_has_text_and_html_in_both_languages(two_coordinators, organisation, member, colleague, language):
    organisation.municipality.email = "info@stadt.example"
    organisation.municipality.save()
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    first = rendering.render(set_language("review/submitted", language))
    return_to_organisation(task_state, actor=two_coordinators[0], reasons=["other"], comment="Bitte")
    approve(submit_for_review(page, actor=member), actor=two_coordinators[0])
    cancel(page, actor=member, reason="Krank")
    messages = [first] + [
        rendering.render(set_language(template, language))
        for template in ("review/returned", "review/approved", "review/town", "programme/cancelled")
    ]
    for message in messages:
        assert page.title in message.subject
        assert "\n" not in message.subject
        assert page.title in message.text
        assert "<h1" in message.html
        assert f'lang="{language}"' in message.html
        assert "<" not in message.text


def set_language(template, language):
    mail = OutgoingMail.objects.filter(template=template).first()
    mail.language = language
    mail.save()
    return mail


def test_rolled_back_decision_leaves_no_mail(two_coordinators, organisation, member, monkeypatch):
    _page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    before = OutgoingMail.objects.count()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("ehrenamt_wagtail.review.notifications.tell_towns", fail)
    with pytest.raises(RuntimeError):
        approve(task_state, actor=two_coordinators[0])
    assert OutgoingMail.objects.count() == before
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"


# Wagtail's own mails


def test_wagtail_sends_no_mail_about_our_reviews(two_coordinators, organisation, member, django_capture_on_commit_callbacks):
    factories.UserFactory(is_superuser=True, email="admin@kreis.example")
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    return_to_organisation(task_state, actor=two_coordinators[0], reasons=["other"])
    approve(submit_for_review(page, actor=member), actor=two_coordinators[0])
    assert django_mail.outbox == []


def test_wagtail_still_mails_about_other_workflows(two_coordinators):
    task = GroupApprovalTask.objects.create(name="Redaktion")
    task.groups.set(two_coordinators[0].groups.all())
    workflow = Workflow.objects.create(name="Redaktion")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    foreign = Page.objects.get(depth=2)
    foreign.save_revision()
    author = factories.UserFactory(email="autor@kreis.example")
    state = workflow.start(foreign, author)
    assert sorted(message.to[0] for message in django_mail.outbox) == [
        "koordination1@kreis.example",
        "koordination2@kreis.example",
    ]
    django_mail.outbox.clear()
    state.current_task_state.reject(user=two_coordinators[0])
    assert [message.to for message in django_mail.outbox] == [["autor@kreis.example"]]
    django_mail.outbox.clear()
    state.refresh_from_db()
    state.resume(user=author)
    state.refresh_from_db()
    django_mail.outbox.clear()
    state.current_task_state.approve(user=factories.UserFactory(is_superuser=True))
    assert [message.to for message in django_mail.outbox] == [["autor@kreis.example"]]


def test_wrapping_twice_changes_nothing():
    from ehrenamt_wagtail.review import receivers

    before = [notifier.can_handle for notifier in receivers.NOTIFIERS]
    receivers.quieten_wagtail()
    assert [notifier.can_handle for notifier in receivers.NOTIFIERS] == before
