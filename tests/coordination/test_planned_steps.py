"""What follows from a revision or a review is written without deriving everything; and nothing is missed thereby."""

import pytest
from wagtail.models import Page

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination import planning
from ehrenamt_wagtail.review.actions import submit_for_review, withdraw_from_review
from tests import factories

from .planned import assert_in_step, change, shift, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


@pytest.fixture
def underivable(monkeypatch):
    """From now on planned dates cannot be derived from their sources."""

    def fail(*arguments):
        pytest.fail("derived")

    def forbid():
        monkeypatch.setattr(planning, "load_sources", fail)
        monkeypatch.setattr(planning, "source_of_written", fail)

    yield forbid


def test_change_that_moves_no_date_derives_nothing(underivable, monkeypatch):
    page = factories.published_offering()
    underivable()
    change(page, title="Ein anderer Titel", summary="Ein anderer Text.")
    monkeypatch.undo()
    assert states(page) == ["published"]
    assert_in_step()


@pytest.mark.parametrize("facts", [{"mode": "online"}, {"municipality": None, "venue": "new"}])
def test_change_of_the_place_is_planned(facts):
    page = factories.published_offering()
    if facts.get("venue"):
        facts = {"venue": factories.VenueFactory()}
    change(page, **facts)
    assert states(page) == ["change_draft", "published"]
    assert_in_step()


def test_change_that_is_taken_back_is_planned_no_longer():
    page = factories.published_offering()
    shift(page)
    assert states(page) == ["change_draft", "published"]
    shift(page, days=-1)
    assert states(page) == ["published"]
    assert_in_step()


def test_date_with_a_room_and_mode_of_its_own_that_is_moved_is_planned():
    page = factories.published_offering()
    draft = Page.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    dates = list(draft.occurrences.all())
    dates[0].mode = "online"
    draft.occurrences = dates
    draft.save_revision(clean=False)
    assert states(page) == ["change_draft", "published"]
    assert_in_step()


def test_review_changes_the_state_alone(underivable, monkeypatch):
    page = factories.draft_offering()
    member = factories.member_of(page.organisation)
    submitted = {"actor": member, "reason": "Nur an diesem Abend."}
    underivable()
    submit_for_review(page, **submitted)
    assert states(page) == ["in_review"]
    withdraw_from_review(Page.objects.get(pk=page.pk).specific, actor=member)
    assert states(page) == ["draft"]
    monkeypatch.undo()
    assert_in_step()


def test_review_of_a_change_leaves_what_is_public():
    page = factories.published_offering()
    member = factories.member_of(page.organisation)
    shift(page)
    submit_for_review(Page.objects.get(pk=page.pk).specific, actor=member, reason="Nur an diesem Abend.")
    assert states(page) == ["change_in_review", "published"]
    assert models.PlannedDate.objects.filter(offering=page.pk, state="published").count() == 1
    assert_in_step()
