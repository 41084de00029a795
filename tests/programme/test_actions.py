import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import Cancellation, DayRequest, Occurrence, OfferingPage, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import (
    cancel,
    create_draft,
    decide_day,
    delete_draft,
    request_day,
    save_draft,
)
from ehrenamt_wagtail.programme.queries import offering_state
from ehrenamt_wagtail.review.actions import approve, submit_for_review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme(ready_site):
    return ready_site[0]


@pytest.fixture
def organisation():
    return factories.OrganisationFactory()


@pytest.fixture
def member(organisation):
    return factories.member_of(organisation)


def reload(page):
    return OfferingPage.objects.get(pk=page.pk).specific


def test_draft_needs_a_title_only(programme, organisation, member):
    page = create_draft(TrainingPage(title="Nur ein Titel", organisation=organisation), parent=programme, actor=member)
    stored = reload(page)
    assert (stored.title, stored.live, stored.owner) == ("Nur ein Titel", False, member)
    assert stored.latest_revision.user == member
    assert offering_state(stored).code == "draft"


def test_draft_for_another_organisation_is_refused(programme, member):
    page = TrainingPage(title="Fremd", organisation=factories.OrganisationFactory())
    with pytest.raises(NotAllowed):
        create_draft(page, parent=programme, actor=member)
    assert not OfferingPage.objects.exists()


def test_save_cannot_move_a_page_to_another_organisation(organisation, member):
    page = factories.draft_offering(organisation=organisation)
    changed = reload(page)
    changed.organisation = factories.OrganisationFactory()
    save_draft(changed, base_revision_id=page.latest_revision_id, actor=member)
    assert reload(page).organisation == organisation
    assert reload(page).get_latest_revision_as_object().organisation == organisation


def test_saving_the_same_twice_makes_one_revision(organisation, member):
    page = factories.draft_offering(organisation=organisation)
    base = page.latest_revision_id
    revisions = []
    for _click in range(2):
        changed = reload(page).get_latest_revision_as_object()
        changed.title = "Doppelt geklickt"
        revisions.append(save_draft(changed, base_revision_id=base, actor=member).pk)
    assert revisions[0] == revisions[1]
    assert page.revisions.count() == 2


def test_offering_in_review_cannot_be_saved(organisation, member):
    page, _task_state = factories.submitted_offering(organisation=organisation, actor=member)
    changed = reload(page).get_latest_revision_as_object()
    changed.title = "Nachgeschoben"
    with pytest.raises(NotAllowed):
        save_draft(changed, base_revision_id=page.latest_revision_id, actor=member)
    assert reload(page).get_latest_revision_as_object().title == page.title


def test_change_of_a_published_offering_leaves_the_public_version(organisation, member):
    page = factories.published_offering(organisation=organisation)
    changed = reload(page).get_latest_revision_as_object()
    changed.title = "Neuer Titel"
    save_draft(changed, base_revision_id=page.latest_revision_id, actor=member)
    assert reload(page).title == page.title
    assert offering_state(reload(page)).code == "change_draft"
    submit_for_review(page, actor=member)
    assert offering_state(reload(page)).code == "change_in_review"


def test_cancelling_is_logged_and_takes_effect_without_publishing(organisation, member):
    page = factories.published_offering(organisation=organisation)
    revision = page.live_revision_id
    cancel(page, reason="Zu wenige Anmeldungen", actor=member)
    assert offering_state(reload(page)).code == "cancelled"
    assert reload(page).live_revision_id == revision
    entry = PageLogEntry.objects.filter(page=page.pk, action="ehrenamt.cancel").get()
    assert (entry.user, entry.data["reason"]) == (member, "Zu wenige Anmeldungen")


def test_cancelling_every_date_cancels_the_offering(organisation, member):
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(3), factories.in_days(4)])
    for occurrence in page.occurrences.all():
        assert not reload(page).is_cancelled()
        cancel(page, occurrence_uid=occurrence.uid, actor=member)
    assert reload(page).is_cancelled()


@pytest.mark.parametrize("case", ["stranger", "draft", "past", "twice", "foreign date"])
def test_cancelling_is_refused(case, organisation, member):
    past = dt.timedelta(days=-3) + timezone.now()
    page = (
        factories.draft_offering(organisation=organisation)
        if case == "draft"
        else factories.published_offering(organisation=organisation, dates=[past] if case == "past" else None)
    )
    uid = None
    if case == "twice":
        cancel(page, actor=member)
    if case == "foreign date":
        uid = factories.published_offering().occurrences.get().uid
    before = Cancellation.objects.count()
    with pytest.raises(NotAllowed):
        cancel(page, occurrence_uid=uid, actor=factories.member_of() if case == "stranger" else member)
    assert Cancellation.objects.count() == before


def test_deleting_is_for_what_was_never_published(organisation, member):
    draft = factories.draft_offering(organisation=organisation)
    published = factories.published_offering(organisation=organisation)
    delete_draft(draft, actor=member)
    with pytest.raises(NotAllowed):
        delete_draft(published, actor=member)
    assert list(OfferingPage.objects.all()) == [published.offeringpage_ptr]


def test_offering_joins_a_volunteer_day_when_its_owner_agrees(organisation, member):
    host = factories.OrganisationFactory()
    day = factories.published_offering(model=VolunteerDayPage, title="Tag", organisation=host)
    page = factories.draft_offering(organisation=organisation)
    request = request_day(page, day=day, actor=member)
    with pytest.raises(NotAllowed):
        decide_day(request, accept=True, actor=member)
    assert reload(page).get_parent().pk != day.pk
    decide_day(request, accept=True, actor=factories.member_of(host))
    assert reload(page).get_parent().pk == day.pk
    assert DayRequest.objects.get().status == "accepted"
    submit_for_review(page, actor=member)
    assert offering_state(reload(page)).code == "in_review"


def test_offering_that_gets_another_address_below_a_volunteer_day_can_be_approved(organisation, member):
    host = factories.OrganisationFactory()
    day = factories.published_offering(model=VolunteerDayPage, title="Tag", organisation=host)
    factories.published_offering(parent=day, title="Café Welcome")
    page = factories.draft_offering(organisation=organisation, title="Café Welcome")
    task_state = submit_for_review(page, actor=member)
    decide_day(request_day_in_review(page, day), accept=True, actor=factories.member_of(host))
    approve(task_state, actor=factories.coordinator_user())
    page = reload(page)
    assert (page.live, page.slug, page.get_parent().pk) == (True, "cafe-welcome-2", day.pk)


def request_day_in_review(page, day):
    """As it is when the offering was submitted while the request waited."""
    return DayRequest.objects.create(offering_id=page.pk, day=day)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"summary": "  "}, "summary"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_email": ""}, "contact_email"),
        ({"place": "", "venue": None}, "place"),
        ({"municipality": None}, "municipality"),
        ({"dates": []}, "occurrences"),
        ({"dates": [timezone.now() - dt.timedelta(days=1)]}, "occurrences"),
        ({"dates": [factories.in_days(5)] * 2}, "occurrences"),
        ({"easy_language_checked_by": "Prüfgruppe"}, "simple_text"),
    ],
)
def test_submission_errors_name_the_field(facts, field):
    page = factories.draft_offering(**facts)
    assert list(reload(page).submission_errors()) == [field]


def test_cancelled_date_may_be_offered_again_and_two_rooms_are_two_dates(organisation, member):
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(9)])
    first = page.occurrences.first()
    cancel(page, actor=member, occurrence_uid=first.uid)
    change = reload(page).get_latest_revision_as_object()
    change.occurrences.add(Occurrence(start=first.start))
    change.occurrences.add(Occurrence(start=first.start, room="Saal"))
    assert not change.submission_errors()
    change.occurrences.add(Occurrence(start=first.start))
    assert list(change.submission_errors()) == ["occurrences"]


def test_online_offering_needs_no_place_and_published_past_dates_stay_valid():
    assert not factories.draft_offering(mode="online", place="", municipality=None).submission_errors()
    page = factories.published_offering(dates=[timezone.now() - dt.timedelta(days=1)])
    change = reload(page).get_latest_revision_as_object()
    change.occurrences.add(Occurrence(start=factories.in_days(3)))
    assert not change.submission_errors()
