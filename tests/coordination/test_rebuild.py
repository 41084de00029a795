"""The command that rebuilds or checks the table of planned dates, and what ``ehrenamt_setup`` derives."""

import io

import pytest
from django.core.management import CommandError, call_command

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination import holds
from ehrenamt_wagtail.coordination.planning import rebuild
from tests import factories

from .planned import row_of, shift, states

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


def run(*arguments):
    out = io.StringIO()
    call_command("ehrenamt_rebuild_planned_dates", *arguments, stdout=out)
    return out.getvalue()


def test_check_names_each_page_that_differs_and_changes_nothing():
    right = factories.draft_offering(title="Stimmt")
    wrong = factories.draft_offering(title="Stimmt nicht")
    organisation = factories.OrganisationFactory()
    hold = holds.hold_date(organisation=organisation, actor=factories.member_of(organisation), start=factories.in_days(5), title="H")
    models.PlannedDate.objects.filter(offering=wrong.pk).update(title="Alt")
    models.PlannedDate.objects.filter(hold=hold.pk).delete()
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("ehrenamt_rebuild_planned_dates", "--check", stdout=out)
    assert refused.value.returncode == 1
    assert f"Page {wrong.pk} “Stimmt nicht”: 1 wrong, 1 missing" in out.getvalue()
    assert f"Hold {hold.pk} (H): 0 wrong, 1 missing" in out.getvalue()
    assert f"Page {right.pk} " not in out.getvalue()
    assert row_of(wrong).title == "Alt"
    assert not models.PlannedDate.objects.filter(hold=hold.pk).exists()


def test_rebuild_corrects_everything_and_shows_progress():
    page = factories.draft_offering()
    published = factories.published_offering(topics=[factories.TopicFactory()])
    shift(published)
    models.PlannedDate.objects.all().delete()
    out = run()
    assert "2 of 2 offerings and holds" in out
    assert "2 offerings or holds corrected" in out
    assert (states(page), states(published)) == (["draft"], ["change_draft", "published"])
    assert "Every planned date is right" in run("--check")
    assert "Every planned date is right" in run()


def test_rows_of_holds_that_are_over_are_removed():
    organisation = factories.OrganisationFactory()
    hold = holds.hold_date(organisation=organisation, actor=factories.member_of(organisation), start=factories.in_days(5))
    models.DateHold.objects.filter(pk=hold.pk).update(status="expired")
    assert [drift.hold_id for drift in rebuild()] == [hold.pk]
    assert not models.PlannedDate.objects.exists()


def test_setup_derives_planned_dates_of_an_older_installation():
    page = factories.draft_offering()
    models.PlannedDate.objects.all().delete()
    out = io.StringIO()
    call_command("ehrenamt_setup", stdout=out)
    assert states(page) == ["draft"]
    assert "Planned dates of 1 offerings were derived." in out.getvalue()
