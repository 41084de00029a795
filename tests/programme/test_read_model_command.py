"""The command that rebuilds or checks the read model, and what ``ehrenamt_setup`` derives."""

import io

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from ehrenamt_wagtail import models
from ehrenamt_wagtail.programme import listed
from tests import factories

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("ehrenamt_rebuild_listing", *arguments, stdout=out)
    return out.getvalue()


def summaries():
    return sorted(row.facts["title"] for row in models.ListedOffering.objects.all())


def test_check_names_each_page_that_is_listed_wrong_and_changes_nothing(live_offering):
    right, wrong, missing, surplus = (live_offering(title=title) for title in ("Stimmt", "Falsch", "Fehlt", "Zuviel"))
    row = models.ListedOffering.objects.get(pk=wrong.pk)
    row.facts["title"] = "Alt"
    row.save()
    models.ListedOffering.objects.filter(pk=missing.pk).delete()
    Page.objects.filter(pk=surplus.pk).update(live=False)
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("ehrenamt_rebuild_listing", "--check", stdout=out)
    assert refused.value.returncode == 1
    assert "3 offerings are listed wrong. Nothing was changed" in str(refused.value)
    assert f"Page {wrong.pk} “Falsch” is listed wrong" in out.getvalue()
    assert f"Page {missing.pk} “Fehlt” is missing" in out.getvalue()
    assert f"Page {surplus.pk} “Zuviel” should not be listed" in out.getvalue()
    assert f"Page {right.pk} " not in out.getvalue()
    assert summaries() == ["Alt", "Stimmt", "Zuviel"]


def test_rebuild_corrects_everything_and_shows_progress(live_offering):
    live_offering(title="Eins"), live_offering(title="Zwei"), live_offering(title="Entwurf", live=False)
    models.ListedOffering.objects.all().delete()
    out = run()
    assert "3 of 3 offerings" in out
    assert "2 offerings corrected" in out
    assert summaries() == ["Eins", "Zwei"]
    assert "Every offering is listed right" in run("--check")
    assert "Every offering is listed right" in run()


def test_rebuild_that_is_killed_keeps_what_it_has_done_and_goes_on_when_run_again(live_offering, monkeypatch):
    monkeypatch.setattr(listed, "CHUNK", 1)
    pages = [live_offering(title=f"Angebot {number}") for number in range(3)]
    models.ListedOffering.objects.all().delete()

    def kill(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(listed.rebuild(kill))
    assert summaries() == ["Angebot 0"]
    assert [drift.offering_id for drift in listed.find_drift(lambda done, total: None)] == [page.pk for page in pages[1:]]
    assert "2 offerings corrected" in run()
    assert list(listed.find_drift(lambda done, total: None)) == []


@pytest.mark.parametrize("number", [1, 7])
def test_check_asks_no_more_per_offering(live_offering, django_assert_max_num_queries, number):
    for _number in range(number):
        live_offering()
    with django_assert_max_num_queries(35):
        assert list(listed.find_drift(lambda done, total: None)) == []


def test_setup_derives_what_an_older_installation_lists(live_offering):
    live_offering(title="Alt")
    live_offering(title="Entwurf", live=False)
    models.ListedOffering.objects.all().delete()
    out = io.StringIO()
    call_command("ehrenamt_setup", stdout=out)
    assert "What is listed of 1 offerings was derived." in out.getvalue()
    assert summaries() == ["Alt"]
    out = io.StringIO()
    call_command("ehrenamt_setup", stdout=out)
    assert "was derived" not in out.getvalue()


# What many offerings get


def test_many_offerings_of_one_organisation_are_brought_up_to_date_by_jobs(
    live_offering, monkeypatch, django_capture_on_commit_callbacks
):
    from ehrenamt_wagtail.programme import receivers

    monkeypatch.setattr(receivers, "CHUNK", 1)
    monkeypatch.setattr(receivers, "JOB_SIZE", 2)
    organisation = factories.OrganisationFactory()
    for number in range(3):
        live_offering(title=f"Angebot {number}", organisation=organisation)
    organisation.name = "Neuer Name"
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        organisation.save()
        assert {row.facts["organiser"] for row in models.ListedOffering.objects.all()} != {"Neuer Name"}
    assert len(callbacks) >= 1
    assert {row.facts["organiser"] for row in models.ListedOffering.objects.all()} == {"Neuer Name"}


def test_a_restriction_hides_at_once_however_many_lie_below(programme, live_offering, monkeypatch):
    from ehrenamt_wagtail.programme import receivers

    monkeypatch.setattr(receivers, "CHUNK", 1)
    for _number in range(3):
        live_offering()
    programme.view_restrictions.create(restriction_type="login")
    assert not models.ListedOffering.objects.exists()


def test_moving_what_is_above_into_a_private_place_hides_at_once(programme, live_offering, monkeypatch):
    from ehrenamt_wagtail.programme import receivers

    monkeypatch.setattr(receivers, "CHUNK", 1)
    for _number in range(3):
        live_offering()
    corner = Page.objects.get(pk=programme.get_parent().pk).add_child(instance=Page(title="Intern", slug="intern"))
    corner.view_restrictions.create(restriction_type="login")
    Page.objects.get(pk=programme.pk).move(corner, pos="last-child")
    assert not models.ListedOffering.objects.exists()
