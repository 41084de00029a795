"""A date keeps its uid through every revision, a published date never vanishes, a copy has dates of its own."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.models import Cancellation, Occurrence, OfferingPage, ProgrammePage, TrainingPage
from ehrenamt_wagtail.programme.actions import cancel, copy_offering, save_draft
from ehrenamt_wagtail.review.actions import approve, submit_for_review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


def reload(page) -> TrainingPage:
    return TrainingPage.objects.get(pk=page.pk)


def uids(page) -> set:
    return {occurrence.uid for occurrence in page.occurrences.all()}


def publish_with_new_date(page):
    """Add a date in a revision of a published page and publish that revision; gives the new date's uid."""
    change = reload(page).get_latest_revision_as_object()
    new = Occurrence(start=factories.in_days(20))
    change.occurrences.add(new)
    revision = change.save_revision()
    revision.publish()
    return new.uid, revision


def test_date_added_in_a_revision_keeps_its_uid_when_published_twice():
    page = factories.published_offering()
    uid, revision = publish_with_new_date(page)
    assert uid in uids(reload(page))
    revision.publish()
    assert Occurrence.objects.filter(page_id=page.pk).count() == 2
    assert Occurrence.objects.filter(page_id=page.pk, uid=uid).count() == 1


def test_date_added_in_a_revision_survives_the_next_change():
    page = factories.published_offering()
    uid, _revision = publish_with_new_date(page)
    change = reload(page).get_latest_revision_as_object()
    change.subtitle = "Mit Übungen"
    change.save_revision().publish()
    assert uid in uids(reload(page))
    assert Occurrence.objects.filter(page_id=page.pk).count() == 2


def test_published_date_missing_in_a_new_revision_becomes_cancelled():
    page = factories.published_offering(dates=[factories.in_days(10), factories.in_days(17)])
    change = reload(page).get_latest_revision_as_object()
    dropped = list(change.occurrences.all())[1]
    change.occurrences.remove(dropped)
    change.save_revision().publish()

    assert dropped.uid in uids(reload(page))
    assert reload(page).cancelled_uids() == {dropped.uid}
    assert not reload(page).is_cancelled()
    entry = PageLogEntry.objects.get(page=page.pk, action="ehrenamt.cancel")
    assert entry.data["occurrence_uid"] == str(dropped.uid)


def test_old_revision_published_again_cancels_only_what_came_later():
    page = factories.published_offering()
    first_revision = reload(page).latest_revision
    uid, _revision = publish_with_new_date(page)
    first_revision.publish()
    assert reload(page).cancelled_uids() == {uid}
    assert Occurrence.objects.filter(page_id=page.pk).count() == 2


def test_draft_loses_a_removed_date_without_a_cancellation():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.draft_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(6)])
    draft = reload(page).get_latest_revision_as_object()
    draft.occurrences.remove(draft.occurrences.all()[0])
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    assert Occurrence.objects.filter(page_id=page.pk).count() == 1
    assert not Cancellation.objects.exists()


def test_copy_has_new_uids_and_shifted_wall_clock_times():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    winter = timezone.make_aware(dt.datetime(2027, 3, 22, 19, 0))
    page = factories.draft_offering(organisation=organisation, dates=[winter])
    copy = copy_offering(reload(page), weeks=1, actor=member)
    copied = reload(copy)
    assert uids(copied).isdisjoint(uids(page))
    assert timezone.localtime(copied.occurrences.get().start) == timezone.make_aware(dt.datetime(2027, 3, 29, 19, 0))
    assert copied.slug != page.slug
    assert not copied.live
    assert copied.get_latest_revision_as_object().title == page.title


@pytest.mark.parametrize("with_revisions", [True, False])
def test_page_copied_in_the_admin_has_dates_of_its_own(with_revisions):
    page = factories.published_offering()
    pending_uid = uuid_of_pending_date(page)
    copy = reload(page).copy(copy_revisions=with_revisions, keep_live=False, update_attrs={"slug": "kopie"})
    copy = reload(copy)
    assert uids(copy).isdisjoint(uids(page))
    revision = copy.get_latest_revision_as_object()
    assert uids(revision).isdisjoint(uids(page))
    revision.save_revision().publish()
    assert pending_uid not in uids(reload(copy))
    assert uids(reload(copy)).isdisjoint(uids(page))


def uuid_of_pending_date(page):
    change = reload(page).get_latest_revision_as_object()
    new = Occurrence(start=factories.in_days(20))
    change.occurrences.add(new)
    change.save_revision()
    return new.uid


def test_cancellation_survives_the_approval_of_a_pending_change():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.approved_offering(organisation=organisation, dates=[factories.in_days(10), factories.in_days(17)])
    uid = page.occurrences.all()[0].uid
    change = page.get_latest_revision_as_object()
    change.room = "Saal"
    save_draft(change, base_revision_id=page.latest_revision_id, actor=member)
    task_state = submit_for_review(page, actor=member)

    cancel(page, occurrence_uid=uid, reason="Die Referentin ist krank.", actor=member)
    approve(task_state, actor=factories.coordinator_user())

    page = reload(page)
    assert page.room == "Saal"
    assert page.cancelled_uids() == {uid}
    assert Cancellation.objects.get().reason == "Die Referentin ist krank."


def test_two_drafts_with_one_title_get_two_addresses():
    programme = ProgrammePage.objects.get()
    first, second = factories.draft_offering(programme), factories.draft_offering(programme)
    assert first.slug == "grundlagen-des-asylrechts"
    assert second.slug == "grundlagen-des-asylrechts-2"
    assert OfferingPage.objects.count() == 2


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Kalender", "kalender-2"),
        ("Äußerst Übel & größer", "aeusserst-uebel-groesser"),
        ("„Was? Wie!“", "was-wie"),
        ("🎉", "angebot"),
    ],
)
def test_slug_is_ascii_and_never_reserved(title, slug):
    assert factories.draft_offering(title=title).slug == slug
