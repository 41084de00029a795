"""What of a planned date is shown to whom, and in which words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.coordination.checks import check_offering
from ehrenamt_wagtail.coordination.models import PlannedDate
from ehrenamt_wagtail.coordination.visibility import viewer_for, viewer_of, views_of
from ehrenamt_wagtail.models import Occurrence, SupervisionPage
from ehrenamt_wagtail.programme.actions import save_draft
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    coordinator_user,
    draft_offering,
    in_days,
    member_of,
    published_offering,
    submitted_offering,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(ready_site):
    return ready_site[0]


@pytest.fixture
def town(programme):
    return MunicipalityFactory(name="Herrenberg", latitude=48.6, longitude=8.87)


@pytest.fixture
def church(town):
    return OrganisationFactory(name="Evang. Kirchenbezirk", kind="church", municipality=town)


@pytest.fixture
def draft(church, town):
    return draft_offering(model=SupervisionPage, organisation=church, municipality=town, title="Geheimer Titel", dates=[in_days(20)])


def seen(page, viewer):
    (view,) = views_of(PlannedDate.objects.filter(offering=page.pk), viewer)
    return view


STRANGER = viewer_for()


def test_others_see_date_town_kind_and_organiser_of_a_draft(draft):
    view = seen(draft, STRANGER)
    assert (view.town, view.kind_label, view.organiser, view.state) == ("Herrenberg", "Supervision", "Evang. Kirchenbezirk", "draft")
    assert (view.title, view.text, view.url, view.offering_id, view.is_own) == ("", "", "", None, False)


def test_own_plans_and_all_plans_for_coordinators_are_seen_in_full(draft, church):
    for viewer, is_own in ((viewer_of(member_of(church)), True), (viewer_of(coordinator_user()), False)):
        view = seen(draft, viewer)
        assert (view.title, view.offering_id, view.is_own) == ("Geheimer Titel", draft.pk, is_own)
        assert view.text == "Ein Abend für alle, die Geflüchtete begleiten."


def test_member_of_an_inactive_organisation_sees_nothing_of_it(draft, church):
    member = member_of(church)
    church.is_active = False
    church.save()
    assert seen(draft, viewer_of(member)).title == ""


def test_shared_plans_give_title_and_text_but_no_link(draft, church):
    church.shares_drafts = True
    church.save()
    view = seen(draft, STRANGER)
    assert (view.title, view.url, view.offering_id) == ("Geheimer Titel", "", None)
    assert view.text == "Ein Abend für alle, die Geflüchtete begleiten."


def test_published_plans_are_seen_by_all_with_their_page(church, town):
    page = published_offering(organisation=church, municipality=town, title="Für alle")
    view = seen(page, STRANGER)
    assert (view.title, view.url, view.offering_id) == ("Für alle", page.get_url(), page.pk)


def test_page_behind_a_password_is_no_public_page(church, town, programme):
    page = published_offering(organisation=church, municipality=town, title="Nur für manche")
    PageViewRestriction.objects.create(page=programme, restriction_type=PageViewRestriction.PASSWORD, password="x")
    view = seen(page, STRANGER)
    assert (view.title, view.text, view.url, view.offering_id) == ("", "", "", None)


def test_pending_change_of_a_published_page_is_not_seen(church, town):
    page = published_offering(organisation=church, municipality=town, title="Für alle", dates=[in_days(20)])
    change = page.get_latest_revision_as_object()
    change.title = "Noch geheim"
    change.occurrences.add(Occurrence(start=in_days(21)))
    save_draft(change, base_revision_id=page.latest_revision_id, actor=member_of(church))
    views = views_of(PlannedDate.objects.filter(offering=page.pk), STRANGER)
    assert {(view.state, view.title) for view in views} == {("published", "Für alle"), ("change_draft", "")}


def test_views_take_the_same_number_of_queries_for_any_number(church, town, programme):
    numbers = []
    for wanted in (1, 3, 30):
        for number in range(PlannedDate.objects.count(), wanted):
            make = published_offering if number % 2 else draft_offering
            make(organisation=OrganisationFactory(), title=f"Abend {number}", topics=[TopicFactory()])
        views_of(PlannedDate.objects.all(), STRANGER)
        with CaptureQueriesContext(connection) as counted:
            assert len(views_of(PlannedDate.objects.all(), STRANGER)) == wanted
        numbers.append(len(counted))
    assert numbers[1] == numbers[2]
    assert numbers[0] <= numbers[1]


# Sentences


def sentences(page, viewer=STRANGER) -> list[str]:
    return [clash.sentence for clash in check_offering(page, viewer).plans]


def test_sentence_names_reason_kind_town_distance_organiser_and_state(church, town):
    submitted_offering(model=SupervisionPage, organisation=church, municipality=town, title="Geheimer Titel", dates=[in_days(20)])
    near = MunicipalityFactory(name="Nufringen", latitude=48.636, longitude=8.87)
    own = draft_offering(organisation=OrganisationFactory(), municipality=near, dates=[in_days(20)])
    assert sentences(own) == ["Zur selben Zeit: Supervision, Herrenberg, 4 km, Evang. Kirchenbezirk (in Prüfung)"]


def test_sentence_gives_the_title_where_it_may_be_read(draft, church, town):
    own = draft_offering(organisation=OrganisationFactory(), municipality=town, dates=[in_days(20)])
    assert "Supervision, Herrenberg" in sentences(own)[0]
    assert "Supervision „Geheimer Titel“, Herrenberg" in sentences(own, viewer_of(coordinator_user()))[0]


def test_score_is_the_sum_of_the_points_shown(draft, town):
    own = draft_offering(organisation=OrganisationFactory(), municipality=town, dates=[in_days(20)])
    (clash,) = check_offering(own, STRANGER).plans
    assert clash.score == sum(reason.points for reason in clash.reasons) > 0


def test_warning_keeps_when_the_other_takes_place(draft, town):
    own = draft_offering(organisation=OrganisationFactory(), municipality=town, dates=[in_days(20)])
    (clash,) = check_offering(own, STRANGER).plans
    assert check_offering(own, STRANGER).warnings[0] == f"{clash.sentence} – {clash.other.when}"
    assert str(in_days(20).year) in clash.other.when
