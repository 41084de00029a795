"""``ehrenamt_setup`` makes what the app needs in the database, once."""

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django_q.models import Schedule
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page, Workflow, WorkflowPage, WorkflowTask

from ehrenamt_wagtail.models import ProgrammePage, ReviewTask
from ehrenamt_wagtail.schedules import SCHEDULES
from tests import factories

pytestmark = pytest.mark.django_db


def run() -> str:
    output = io.StringIO()
    call_command("ehrenamt_setup", stdout=output)
    return output.getvalue()


def everything() -> dict:
    group = Group.objects.get(name="Ehrenamtskoordination")
    return {
        "groups": list(Group.objects.values_list("pk", flat=True).order_by("pk")),
        "permissions": sorted(group.permissions.values_list("pk", flat=True)),
        "pages": sorted(GroupPagePermission.objects.values_list("group", "page", "permission")),
        "collections": sorted(GroupCollectionPermission.objects.values_list("group", "collection", "permission")),
        "tasks": list(ReviewTask.objects.values_list("pk", "name")),
        "workflows": list(Workflow.objects.values_list("pk", "name").order_by("pk")),
        "steps": list(WorkflowTask.objects.values_list("workflow", "task").order_by("pk")),
        "assigned": sorted(WorkflowPage.objects.values_list("page", "workflow")),
        "schedules": sorted(Schedule.objects.values_list("name", "func", "minutes", "schedule_type", "repeats")),
    }


def test_running_again_changes_nothing():
    factories.make_site()
    before = everything()
    next_runs = dict(Schedule.objects.values_list("name", "next_run"))
    run()
    run()
    assert everything() == before
    assert dict(Schedule.objects.values_list("name", "next_run")) == next_runs


def test_reviews_hang_on_both_indexes_and_the_group_publishes_there():
    programme, circles = factories.make_site()
    group = Group.objects.get(name="Ehrenamtskoordination")
    for page in (programme, circles):
        assert isinstance(page.get_workflow().workflow_tasks.get().task.specific, ReviewTask)
        codenames = GroupPagePermission.objects.filter(group=group, page_id=page.pk).values_list("permission__codename", flat=True)
        assert {"add_page", "change_page", "publish_page"} <= set(codenames)
    assert set(ReviewTask.objects.get().groups.all()) == {group}
    assert set(Schedule.objects.values_list("name", flat=True)) == set(SCHEDULES)


def test_group_gets_registers_but_no_way_to_forge_decisions_or_mails():
    factories.make_site()
    group = Group.objects.get(name="Ehrenamtskoordination")
    codenames = set(group.permissions.values_list("codename", flat=True))
    assert {"access_admin", "add_organisation", "change_topic", "delete_venue", "view_reviewdecision"} <= codenames
    assert not {"add_reviewdecision", "change_reviewdecision", "delete_reviewdecision"} & codenames
    assert not {"add_outgoingmail", "delete_outgoingmail", "add_cancellation", "delete_cancellation"} & codenames
    assert not any(codename.endswith(("_user", "_group")) for codename in codenames)


def test_without_a_programme_it_says_what_to_do():
    assert "no programme page yet" in run()
    assert ReviewTask.objects.count() == 1
    assert not WorkflowPage.objects.filter(workflow__workflow_tasks__task__in=ReviewTask.objects.values("pk")).exists()


def test_later_programme_is_taken_up():
    programme, _circles = factories.make_site()
    home = Page.objects.get(pk=programme.get_parent().pk)
    second = home.add_child(instance=ProgrammePage(title="Zweites", slug="zweites"))
    assert not isinstance(second.get_workflow().workflow_tasks.first().task.specific, ReviewTask)
    run()
    assert Page.objects.get(pk=second.pk).get_workflow() == programme.get_workflow()


def test_what_an_administrator_changed_is_kept():
    programme, _circles = factories.make_site()
    Workflow.objects.filter(workflow_pages__page_id=programme.pk).update(name="Unser Ablauf")
    ReviewTask.objects.update(name="Unsere Prüfung")
    Schedule.objects.update(minutes=5)
    extra = Permission.objects.get(content_type__app_label="auth", codename="view_user")
    Group.objects.get(name="Ehrenamtskoordination").permissions.add(extra)
    before = everything()
    run()
    assert everything() == before


def test_other_workflow_of_the_programme_is_kept_and_named():
    programme, _circles = factories.make_site(setup=False)
    other = Workflow.objects.create(name="Hausregel")
    WorkflowPage.objects.create(page_id=programme.pk, workflow=other)
    output = run()
    assert programme.get_workflow() == other
    assert "Hausregel" in output
