"""The table of planned dates says at every moment what its sources say."""

import datetime as dt
import io
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination import holds
from ehrenamt_wagtail.coordination.planning import find_drift
from ehrenamt_wagtail.programme.actions import cancel, copy_offering, save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review, withdraw_from_review
from tests import factories
from tests.testapp.models import ConcertPage

from .planned import assert_in_step, change, reload, row_of, shift, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


# What a row says


def test_draft_has_a_row_for_each_date_with_what_it_says():
    venue = factories.VenueFactory(latitude=48.5, longitude=8.8)
    topic = factories.TopicFactory()
    start, end = factories.in_days(4), factories.in_days(4, hour=21)
    page = factories.draft_offering(
        title="Supervision",
        venue=venue,
        topics=[topic],
        audience="Alle",
        summary="Kurz.",
        contents="Lang.",
        dates=[models.Occurrence(start=start, end=end), models.Occurrence(start_date=dt.date(2027, 5, 8))],
    )
    evening, whole_day = models.PlannedDate.objects.filter(offering=page.pk).order_by("is_all_day")
    assert (evening.state, evening.starts_at, evening.ends_at, evening.has_end) == ("draft", start, end, True)
    assert (evening.latitude, evening.longitude) == (48.5, 8.8)
    assert (evening.venue, evening.municipality, evening.organisation) == (venue, venue.municipality, page.organisation)
    assert (evening.title, evening.text, evening.audience) == ("Supervision", "Kurz.\n\nLang.", "Alle")
    assert (evening.kind, evening.art) == ("training", "fortbildung")
    assert list(evening.topics.all()) == [topic]
    assert timezone.localtime(whole_day.starts_at).isoformat() == "2027-05-08T00:00:00+02:00"
    assert timezone.localtime(whole_day.ends_at).isoformat() == "2027-05-09T00:00:00+02:00"
    assert_in_step()


def test_hour_that_summer_time_repeats_does_not_drift():
    start = dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
    page = factories.draft_offering(dates=[models.Occurrence(start=start)])
    assert row_of(page).starts_at == start
    assert_in_step()
    published = factories.published_offering(dates=[models.Occurrence(start=start)])
    change(published, title="Anderer Titel")
    assert states(published) == ["published"]


def test_online_date_has_no_coordinates():
    page = factories.draft_offering(mode="online")
    assert (row_of(page).latitude, row_of(page).longitude, row_of(page).mode) == (None, None, "online")


def test_kind_of_a_host_is_planned_too():
    page = factories.draft_offering(model=ConcertPage, ensemble="Chor")
    assert (row_of(page).kind, row_of(page).art) == ("concert", "concert")
    change(page, title="Sommerkonzert")
    assert row_of(page).title == "Sommerkonzert"
    assert_in_step()


def test_two_dates_with_one_uid_are_one_row():
    page = factories.draft_offering(dates=[factories.in_days(3), factories.in_days(4)])
    revision = page.latest_revision
    for row in revision.content["occurrences"]:
        row["uid"], row["pk"] = str(uuid.UUID(int=1)), None
    revision.save()
    change(page)
    assert len(states(page)) == 1
    assert_in_step()


def test_save_of_a_draft_moves_its_date():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.draft_offering(organisation=organisation)
    draft = reload(page).get_latest_revision_as_object()
    date = draft.occurrences.first()
    date.start = factories.in_days(12)
    draft.occurrences = [date]
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    assert row_of(page).starts_at == factories.in_days(12)
    assert_in_step()


# On the way through the review


def test_states_follow_the_review():
    organisation = factories.OrganisationFactory()
    member, coordinator = factories.member_of(organisation), factories.coordinator_user()
    page = factories.draft_offering(organisation=organisation)
    seen = [states(page)]
    for step in (
        lambda: submit_for_review(page, actor=member),
        lambda: withdraw_from_review(page, actor=member),
        lambda: submit_for_review(page, actor=member),
        lambda: return_to_organisation(waiting(page), actor=coordinator, reasons=["other"]),
        lambda: submit_for_review(page, actor=member),
        lambda: approve(waiting(page), actor=coordinator),
    ):
        step()
        seen.append(states(page))
        assert_in_step()
    assert seen == [["draft"], ["in_review"], ["draft"], ["in_review"], ["returned"], ["in_review"], ["published"]]


def waiting(page):
    return reload(page).current_workflow_state.current_task_state


def test_change_of_a_published_date_is_planned_beside_it():
    organisation = factories.OrganisationFactory()
    member, coordinator = factories.member_of(organisation), factories.coordinator_user()
    page = factories.published_offering(organisation=organisation)
    change(page, title="Nur ein anderer Titel")
    assert states(page) == ["published"]
    shift(page)
    assert states(page) == ["change_draft", "published"]
    task_state = submit_for_review(page, actor=member)
    assert states(page) == ["change_in_review", "published"]
    return_to_organisation(task_state, actor=coordinator, reasons=["other"])
    assert states(page) == ["change_returned", "published"]
    approve(submit_for_review(page, actor=member), actor=coordinator)
    assert states(page) == ["published"]
    assert row_of(page).title == "Nur ein anderer Titel"
    assert_in_step()


def test_review_cancelled_in_the_editor_makes_it_a_draft_again():
    page, task_state = factories.submitted_offering()
    task_state.workflow_state.cancel(user=factories.coordinator_user())
    assert states(page) == ["draft"]
    reload(page).get_workflow().start(reload(page), factories.coordinator_user())
    assert states(page) == ["in_review"]
    reload(page).get_workflow().deactivate()
    assert states(page) == ["draft"]
    reload(page).workflow_states.all().delete()
    assert_in_step()


def test_returned_review_that_is_deleted_leaves_a_draft():
    page, task_state = factories.submitted_offering()
    return_to_organisation(task_state, actor=factories.coordinator_user(), reasons=["other"])
    task_state.workflow_state.delete()
    assert states(page) == ["draft"]
    assert_in_step()


def test_cancellations_mark_one_date_or_all():
    organisation = factories.OrganisationFactory()
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(3), factories.in_days(4)])
    member = factories.member_of(organisation)
    first = page.occurrences.first().uid
    cancel(page, actor=member, occurrence_uid=first)
    assert [row.uid for row in models.PlannedDate.objects.filter(is_cancelled=True)] == [first]
    cancel(page, actor=member)
    assert models.PlannedDate.objects.filter(is_cancelled=True).count() == 2
    models.Cancellation.objects.all().delete()
    assert not models.PlannedDate.objects.filter(is_cancelled=True).exists()
    assert_in_step()


def test_published_date_dropped_by_a_revision_is_cancelled():
    page = factories.published_offering(dates=[factories.in_days(3), factories.in_days(4)])
    draft = page.get_latest_revision_as_object()
    dropped = draft.occurrences.first()
    draft.occurrences.remove(dropped)
    draft.save_revision(clean=False).publish()
    assert models.PlannedDate.objects.get(is_cancelled=True).uid == dropped.uid
    assert len(states(page)) == 2
    assert_in_step()


# Wagtail's own ways


def test_editor_of_wagtail_is_heard(client):
    page = factories.published_offering()
    page.unpublish()
    assert states(page) == ["draft"]
    page.latest_revision.publish()
    assert states(page) == ["published"]
    Page.objects.get(pk=page.pk).unpublish()
    assert states(page) == ["draft"]
    client.force_login(factories.UserFactory(is_superuser=True, is_staff=True))
    page.latest_revision.publish()
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert states(page) == ["draft"]
    assert_in_step()


def test_overwritten_revision_counts():
    page = factories.draft_offering()
    revision = page.latest_revision
    draft = reload(page).get_latest_revision_as_object()
    draft.title = "Überschrieben"
    draft.save_revision(clean=False, overwrite_revision=revision)
    assert row_of(page).title == "Überschrieben"
    assert_in_step()


def test_scheduled_publishing_stays_a_draft_until_its_time_and_ends_with_its_expiry():
    page = factories.draft_offering(go_live_at=timezone.now() + dt.timedelta(days=1))
    page.latest_revision.publish()
    assert states(page) == ["draft"]
    revision = reload(page).latest_revision
    past = timezone.now() - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled", stdout=io.StringIO())
    assert states(page) == ["published"]
    models.OfferingPage.objects.filter(pk=page.pk).update(expire_at=past)
    call_command("publish_scheduled", stdout=io.StringIO())
    assert not reload(page).live
    assert states(page) == ["draft"]
    assert_in_step()


def test_page_without_any_revision_is_planned_by_its_row():
    page = factories.build_offering(live=False)
    Page.objects.get(pk=models.ProgrammePage.objects.get().pk).add_child(instance=page)
    assert states(page) == ["draft"]
    page.title = "Nur die Zeile"
    page.occurrences.add(models.Occurrence(start=factories.in_days(20)))
    page.save()
    assert {row.title for row in models.PlannedDate.objects.all()} == {"Nur die Zeile"}
    assert len(states(page)) == 2
    assert_in_step()


def test_alias_is_not_planned_twice_until_it_stands_for_itself(site):
    day = factories.published_offering(model=models.VolunteerDayPage)
    page = factories.published_offering()
    alias = CreatePageAliasAction(page, parent=day, update_slug="alias").execute(skip_permission_checks=True)
    assert states(alias) == []
    shift(page)
    reload(page).latest_revision.publish()
    assert states(alias) == []
    ConvertAliasPageAction(reload(alias)).execute(skip_permission_checks=True)
    assert states(alias) == ["published"]
    assert_in_step()


def test_alias_is_planned_when_its_original_is_gone_unless_it_goes_too():
    day = factories.published_offering(model=models.VolunteerDayPage)
    page = factories.published_offering(parent=day)
    alias = CreatePageAliasAction(page, parent=page.get_parent(), update_slug="a").execute(skip_permission_checks=True)
    kept = CreatePageAliasAction(page, parent=day.get_parent(), update_slug="b").execute(skip_permission_checks=True)
    Page.objects.get(pk=page.pk).delete()
    # Wagtail unpublishes them with it.
    assert (states(alias), states(kept)) == (["draft"], ["draft"])
    Page.objects.get(pk=alias.pk).delete()
    page = factories.published_offering(parent=day)
    CreatePageAliasAction(page, parent=page.get_parent(), update_slug="c").execute(skip_permission_checks=True)
    Page.objects.get(pk=day.pk).delete()
    assert states(kept) == ["draft"]
    assert models.PlannedDate.objects.count() == 1
    connection.check_constraints()


@pytest.mark.parametrize("keep_live", [True, False])
@pytest.mark.parametrize("copy_revisions", [True, False])
def test_copy_made_in_the_editor_has_dates_of_its_own(keep_live, copy_revisions):
    page = factories.published_offering(topics=[factories.TopicFactory()])
    draft = reload(page).get_latest_revision_as_object()
    draft.occurrences.add(models.Occurrence(start=factories.in_days(30)))
    draft.save_revision(clean=False)
    copy = CopyPageAction(
        reload(page), to=page.get_parent(), copy_revisions=copy_revisions, keep_live=keep_live, update_attrs={"slug": "kopie"}
    ).execute(skip_permission_checks=True)
    assert states(copy)[-1] == ("published" if keep_live else "draft")
    uids = [set(models.PlannedDate.objects.filter(offering=pk).values_list("uid", flat=True)) for pk in (page.pk, copy.pk)]
    assert not uids[0] & uids[1]
    assert_in_step()
    assert_in_step()


def test_copy_and_deletion():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation)
    copy = copy_offering(page, weeks=2, actor=member)
    assert row_of(copy).starts_at - row_of(page).starts_at == dt.timedelta(weeks=2)
    cancel(page, actor=member)
    shift(page)
    reload(copy).delete()
    Page.objects.get(pk=page.pk).delete()
    assert not models.PlannedDate.objects.exists()


def test_nothing_is_written_where_nothing_changed(django_assert_max_num_queries):
    page = factories.published_offering(dates=[factories.in_days(day) for day in (3, 4, 5)])
    before = set(models.PlannedDate.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(60):
        change(page, image_credit="Foto: Beispiel")
    assert set(models.PlannedDate.objects.values_list("pk", flat=True)) == before


def test_refresh_asks_the_same_number_of_queries_for_any_number():
    counts = []
    for number in (1, 3):
        for _number in range(number):
            page = factories.published_offering(dates=[factories.in_days(day) for day in range(2, 2 + number)])
            shift(page)
        with CaptureQueriesContext(connection) as queries:
            assert list(find_drift()) == []
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Places and registers


def test_venue_and_town_take_their_dates_along():
    town = factories.MunicipalityFactory(latitude=48.1, longitude=8.1)
    other = factories.MunicipalityFactory(latitude=49.0, longitude=9.0)
    located = factories.VenueFactory(municipality=town, latitude=48.2, longitude=8.2)
    unlocated = factories.VenueFactory(municipality=town)
    pages = [
        factories.draft_offering(venue=located),
        factories.draft_offering(venue=unlocated),
        factories.draft_offering(municipality=town),
        factories.draft_offering(municipality=town, mode="online"),
    ]
    holds.hold_date(
        organisation=pages[0].organisation,
        actor=factories.member_of(pages[0].organisation),
        start=factories.in_days(5),
        municipality=town,
    )
    town.latitude = 48.3
    town.save()
    assert [row_of(page).latitude for page in pages] == [48.2, 48.3, 48.3, None]
    assert models.PlannedDate.objects.get(hold__isnull=False).latitude == 48.3
    assert_in_step()
    unlocated.municipality = other
    unlocated.save()
    located.latitude, located.longitude = None, None
    located.save()
    assert [row_of(page).latitude for page in pages] == [48.3, 49.0, 48.3, None]
    assert row_of(pages[1]).municipality == other
    assert_in_step()
    located.latitude = 50.0
    located.save()
    town.latitude = None
    town.save()
    assert [row_of(page).latitude for page in pages] == [None, 49.0, None, None]
    assert [row_of(page).longitude for page in pages] == [None, 9.0, None, None]
    assert_in_step()


def test_revision_that_names_what_is_gone_still_stands():
    venue, date_venue, topic = factories.VenueFactory(), factories.VenueFactory(), factories.TopicFactory()
    organisation, town = factories.OrganisationFactory(), factories.MunicipalityFactory()
    page = factories.published_offering()
    draft = reload(page).get_latest_revision_as_object()
    draft.venue, draft.municipality, draft.organisation = venue, town, organisation
    draft.topics.set([topic])
    draft.co_hosts.add(models.CoHost(organisation=organisation))
    draft.occurrences.add(models.Occurrence(start=factories.in_days(20), venue=date_venue))
    draft.save_revision(clean=False)
    assert states(page) == ["change_draft", "change_draft", "published"]
    for entry in (venue, date_venue, topic, organisation, town):
        entry.delete()
        assert_in_step()
    assert states(page) == ["change_draft", "change_draft", "published"]
    newest = reload(page).get_latest_revision_as_object()
    assert (newest.venue, newest.organisation, list(newest.topics.all())) == (None, None, [])
    assert [date.venue for date in newest.occurrences.all()] == [None, None]


# Holds and joining


def test_hold_is_planned_while_it_is_active():
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    hold = holds.hold_date(organisation=organisation, actor=member, start=factories.in_days(5), title="Vielleicht")
    row = models.PlannedDate.objects.get()
    assert (row.hold_id, row.state, row.title, row.starts_at) == (hold.pk, "hold", "Vielleicht", hold.start)
    holds.release_hold(hold, actor=member)
    assert not models.PlannedDate.objects.exists()
    assert_in_step()


def test_joined_offering_no_longer_counts():
    page, host = factories.draft_offering(), factories.published_offering()
    proposal = models.JoinProposal.objects.create(joining_id=page.pk, host_id=host.pk)
    assert states(page) == ["draft"]
    proposal.status = models.JoinProposal.Status.JOINED
    proposal.save()
    assert states(page) == []
    assert_in_step()
    proposal.delete()
    assert states(page) == ["draft"]
    assert_in_step()


def test_deleting_an_offering_that_joined_or_was_cancelled_leaves_nothing():
    page, host = factories.draft_offering(), factories.published_offering()
    models.JoinProposal.objects.create(joining_id=page.pk, host_id=host.pk)
    submit_for_review(page, actor=factories.member_of(page.organisation), reason="Ja.")
    Page.objects.get(pk=host.pk).delete()
    Page.objects.get(pk=page.pk).delete()
    assert not models.PlannedDate.objects.exists()
