"""Where entries of the registers are used, and that what is used stays."""

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.directory.actions import delete_entry
from ehrenamt_wagtail.directory.queries import usage_of
from ehrenamt_wagtail.exceptions import StillUsed
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.models import CoHost, DateHold, Membership, Need, Occurrence, Organisation, Room, Topic, Venue
from tests.factories import (
    CoordinatorFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    VenueFactory,
    circle_page,
    draft_offering,
    in_days,
    make_site,
    published_offering,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db):
    return make_site(setup=False)


def labels(entry):
    return [(use.kind, use.label) for use in usage_of(entry)]


def delete_address(entry):
    return reverse(f"ehrenamt_wagtail_{entry._meta.model_name}_modeladmin_delete", args=[entry.pk])


def test_unused_entries_have_no_uses():
    venue = VenueFactory()
    Room.objects.create(venue=venue, name="Saal")
    for entry in (MunicipalityFactory(), OrganisationFactory(), TopicFactory(), venue, CoordinatorFactory()):
        assert usage_of(entry) == []


def test_municipality_is_used_by_organisations_venues_and_pages(site):
    town = MunicipalityFactory(name="Herrenberg")
    organisation = OrganisationFactory(name="Stadt Herrenberg", municipality=town)
    VenueFactory(name="Rathaus", municipality=town)
    draft_offering(organisation=organisation, municipality=town, title="Abend")
    circle_page(organisation=organisation, municipality=town, title="AK Herrenberg")
    with translation.override("en"):
        assert labels(town) == [
            ("Circle", "AK Herrenberg"),
            ("Organisation", "Stadt Herrenberg"),
            ("Training", "Abend"),
            ("Venue", "Rathaus, Herrenberg"),
        ]


def test_topic_is_used_by_pages(site):
    topic = TopicFactory()
    page = draft_offering(title="Abend", topics=[topic])
    circle = circle_page(title="AK")
    circle.topics.set([topic])
    circle.save()
    assert {use.holder.pk for use in usage_of(topic)} == {page.pk, circle.pk}


def test_topic_is_not_kept_by_holds_and_needs_that_are_over(site):
    """Nobody could change them: the topic could never be deleted."""
    topic, organisation = TopicFactory(), OrganisationFactory()
    hold = DateHold.objects.create(organisation=organisation, topic=topic, start=in_days(9), expires_at=in_days(3))
    need = Need.objects.create(organisation=organisation, topic=topic, title="Dolmetschen", status=Need.Status.TAKEN)
    with pytest.raises(StillUsed) as refusal:
        delete_entry(topic, actor=None)
    assert {use.holder for use in refusal.value.uses} == {hold, need}
    assert [use.label for use in refusal.value.uses if use.holder == hold] == [date_range(hold.start)]
    DateHold.objects.update(status=DateHold.Status.EXPIRED)
    Need.objects.update(status=Need.Status.CLOSED)
    delete_entry(topic, actor=None)
    assert not Topic.objects.filter(pk=topic.pk).exists()
    hold.refresh_from_db()
    need.refresh_from_db()
    assert (hold.topic, need.topic, hold.organisation) == (None, None, organisation)


def test_organisation_is_used_by_members_venues_pages_and_as_co_host(site):
    organisation = OrganisationFactory(name="Caritas")
    member = MembershipFactory(organisation=organisation)
    venue = VenueFactory(organisation=organisation)
    own = draft_offering(organisation=organisation, title="Eigenes")
    other = draft_offering(title="Fremdes")
    CoHost.objects.create(page_id=other.pk, organisation=organisation)
    circle = circle_page(title="AK")
    circle.carriers.set([organisation])
    circle.save()
    holders = {(type(use.holder).__name__, use.holder.pk) for use in usage_of(organisation)}
    assert {pk for name, pk in holders if name not in ("Membership", "Venue")} == {own.pk, other.pk, circle.pk}
    assert {("Membership", member.pk), ("Venue", venue.pk)} <= holders


def test_venue_is_used_by_offerings_single_dates_and_as_usual_venue(site):
    venue = VenueFactory()
    organisation = OrganisationFactory(default_venue=venue)
    whole = draft_offering(venue=venue, title="Ganz")
    one_date = draft_offering(title="Ein Termin", dates=[Occurrence(start=in_days(3), venue=venue)])
    assert {use.holder.pk for use in usage_of(venue) if use.holder != organisation} == {whole.pk, one_date.pk}
    assert organisation in [use.holder for use in usage_of(venue)]


def test_entry_named_only_in_the_draft_of_a_published_page_is_used(site):
    """Wagtail cannot open a revision whose protected venue is gone."""
    page = published_offering(title="Live")
    venue, date_venue, topic, organisation = VenueFactory(), VenueFactory(), TopicFactory(), OrganisationFactory()
    draft = page.get_latest_revision_as_object()
    draft.venue = venue
    draft.topics.set([topic])
    draft.co_hosts.add(CoHost(organisation=organisation))
    draft.occurrences.add(Occurrence(start=in_days(20), venue=date_venue))
    draft.save_revision(clean=False)
    assert not Occurrence.objects.filter(venue=date_venue).exists()

    for entry in (venue, date_venue, topic, organisation):
        assert [use.holder.pk for use in usage_of(entry)] == [page.pk]
        with pytest.raises(StillUsed):
            delete_entry(entry, actor=None)
    assert page.get_latest_revision_as_object().venue == venue


def test_page_is_listed_once_however_often_it_names_the_entry(site):
    venue = VenueFactory()
    draft_offering(venue=venue, dates=[Occurrence(start=in_days(day), venue=venue) for day in (3, 4)])
    assert len(usage_of(venue)) == 1


def used_entries():
    topic, venue = TopicFactory(name="Asylrecht"), VenueFactory(name="Rathaus")
    organisation = OrganisationFactory(name="Caritas")
    page = draft_offering(title="Grundlagen", organisation=organisation, topics=[topic], venue=venue)
    MembershipFactory(organisation=organisation)
    return [topic, venue, organisation, venue.municipality], page


@pytest.mark.parametrize("method", ["get", "post"])
def test_deleting_what_is_used_is_refused_with_the_list(site, client, coordinator, method):
    client.force_login(coordinator)
    entries, page = used_entries()
    for entry in entries:
        logged = ModelLogEntry.objects.count()
        text = getattr(client, method)(delete_address(entry)).content.decode()
        assert f"„{entry}“ wird noch verwendet" in text
        assert "Grundlagen" in text
        assert 'class="button serious"' not in text
        assert type(entry).objects.filter(pk=entry.pk).exists()
        assert ModelLogEntry.objects.count() == logged
    assert list(page.topics.all()) == [entries[0]]
    assert Membership.objects.count() == 1


def test_list_links_to_pages_that_the_coordinator_may_edit(client, coordinator):
    from django.core.management import call_command

    make_site()
    call_command("ehrenamt_setup", verbosity=0)
    client.force_login(coordinator)
    entries, page = used_entries()
    text = client.get(delete_address(entries[0])).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in text


def test_long_lists_are_cut(site, client, coordinator, monkeypatch):
    monkeypatch.setattr("ehrenamt_wagtail.directory.admin.base.SHOWN_USES", 2)
    client.force_login(coordinator)
    town = MunicipalityFactory()
    for _number in range(5):
        OrganisationFactory(municipality=town)
    assert "und 3 weitere Stellen" in client.get(delete_address(town)).content.decode()


@pytest.mark.parametrize("factory", [MunicipalityFactory, OrganisationFactory, TopicFactory, VenueFactory, CoordinatorFactory])
def test_deleting_what_nothing_uses_works_and_is_logged(factory, client, coordinator):
    client.force_login(coordinator)
    entry = factory()
    others = [entry.municipality] if isinstance(entry, Venue | Organisation) else []
    assert "wird nirgends verwendet" in client.get(delete_address(entry)).content.decode()
    response = client.post(delete_address(entry), follow=True)
    assert f"„{entry}“ wurde gelöscht" in response.content.decode()
    assert not type(entry).objects.filter(pk=entry.pk).exists()
    assert ModelLogEntry.objects.get(action="wagtail.delete").user == coordinator
    assert all(type(other).objects.filter(pk=other.pk).exists() for other in others)


def test_venue_is_deleted_with_its_rooms():
    venue = VenueFactory()
    Room.objects.create(venue=venue, name="Saal")
    delete_entry(venue, actor=None)
    assert not Room.objects.exists()
    assert not Venue.objects.exists()
    assert not Topic.objects.exists()
    assert not Organisation.objects.exists()
