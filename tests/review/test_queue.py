import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask

from ehrenamt_wagtail.programme.actions import cancel, save_draft
from ehrenamt_wagtail.review import queries
from ehrenamt_wagtail.review.actions import submit_for_review
from tests import factories
from tests.review.helpers import QUEUE, submitted, submitted_change

pytestmark = pytest.mark.django_db

def test_queue_shows_the_oldest_first_with_its_facts(admin_client):
    organisation = factories.OrganisationFactory(name="Caritas")
    submitted(days=1, title="Jünger", dates=[factories.in_days(40)])
    submitted(days=5, title="Älter", organisation=organisation, dates=[factories.in_days(3)])
    response = admin_client.get(reverse(QUEUE))
    rows = response.context["submissions"]
    assert [row.title for row in rows] == ["Älter", "Jünger"]
    assert [row.days_waiting for row in rows] == [5, 1]
    assert [row.urgency for row in rows] == ["near", ""]
    html = response.content.decode()
    assert "Caritas" in html
    assert html.index("Älter") < html.index("Jünger")


def test_queue_warns_when_a_date_is_over(admin_client):
    page, _task_state = submitted(dates=[factories.in_days(1), factories.in_days(9)])
    revision = page.latest_revision
    revision.content["occurrences"][0]["start"] = (timezone.now() - dt.timedelta(days=2)).isoformat()
    revision.save()
    row = admin_client.get(reverse(QUEUE)).context["submissions"][0]
    assert row.urgency == "over"
    assert timezone.localdate(row.first_date.start) == timezone.localdate(factories.in_days(9))


def test_queue_leaves_out_cancelled_dates(site, coordinator):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(2), factories.in_days(60)])
    draft = page.get_latest_revision_as_object()
    draft.title = "Neuer Titel"
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    task_state = submit_for_review(page, actor=member)
    first = min(page.occurrences.all(), key=lambda date: date.start)
    cancel(page, actor=member, occurrence_uid=first.uid)
    row = queries.submission(task_state)
    assert timezone.localdate(row.first_date.start) == timezone.localdate(factories.in_days(60))
    assert row.urgency == ""


def test_queue_filters_by_new_or_change_and_organisation(admin_client):
    submitted(title="Ganz neu")
    changed, _task_state = submitted_change(title="Geändert")

    def titles(**parameters):
        return [row.title for row in admin_client.get(reverse(QUEUE), parameters).context["submissions"]]

    assert titles(kind="new") == ["Ganz neu"]
    assert titles(kind="change") == ["Geändert"]
    assert titles(organisation=changed.organisation_id) == ["Geändert"]
    assert titles(kind="nonsense", organisation="x") == ["Ganz neu", "Geändert"]


def test_queue_shows_circles_too(admin_client):
    organisation = factories.OrganisationFactory()
    page = factories.circle_page(organisation=organisation, live=False, title="Arbeitskreis Renningen")
    submit_for_review(page, actor=factories.member_of(organisation))
    row = admin_client.get(reverse(QUEUE)).context["submissions"][0]
    assert (row.title, row.first_date, row.urgency) == ("Arbeitskreis Renningen", None, "")


@pytest.mark.parametrize("path", [QUEUE, "wagtailadmin_home"])
def test_queue_asks_the_same_number_of_queries_for_1_3_and_20_rows(admin_client, path, django_assert_max_num_queries):
    submitted()
    admin_client.get(reverse(path))
    counts = []
    for more in (0, 2, 17):
        for _number in range(more):
            submitted()
        with django_assert_max_num_queries(200) as captured:
            admin_client.get(reverse(path))
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]


def test_queue_is_empty_and_says_so(admin_client):
    response = admin_client.get(reverse(QUEUE))
    assert response.context["submissions"] == []
    assert response.context["number_waiting"] == 0


def test_queue_and_review_are_closed_to_others(client, site):
    _page, task_state = submitted()
    editor = factories.UserFactory()
    editor.groups.add(factories.Group.objects.get(name="Editors"))
    member = factories.member_of()
    for person in (editor, member, None):
        if person:
            client.force_login(person)
        else:
            client.logout()
        for address in (reverse(QUEUE), reverse("ehrenamt_admin:review", args=[task_state.pk])):
            response = client.get(address)
            assert response.status_code == 302
            assert "review" not in response["Location"].split("?")[0]
            response = client.post(address, {"action": "approve", "revision_id": task_state.revision_id})
            task_state.refresh_from_db()
            assert task_state.status == "in_progress"


def test_menu_and_start_page_show_how_much_waits(admin_client):
    submitted(title="Wartet hier")
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Wartet hier" in html
    assert reverse(QUEUE) in html
    assert "(1)" in html


def test_start_page_says_nothing_when_nothing_waits_or_to_others(admin_client, client):
    assert "ehrenamt-review-section" not in admin_client.get(reverse("wagtailadmin_home")).content.decode()
    submitted()
    editor = factories.UserFactory()
    editor.groups.add(factories.Group.objects.get(name="Editors"))
    client.force_login(editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "ehrenamt-review-section" not in html
    assert reverse(QUEUE) not in html


def test_start_page_keeps_wagtails_panel_for_other_workflows(admin_client, coordinator):
    submitted(title="Für uns")
    task = GroupApprovalTask.objects.create(name="Redaktion")
    task.groups.set(coordinator.groups.all())
    workflow = Workflow.objects.create(name="Redaktion")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    foreign = Page.objects.get(depth=2)
    foreign.save_revision()
    assert 'id="awaiting-review-section"' not in admin_client.get(reverse("wagtailadmin_home")).content.decode()
    workflow.start(foreign, coordinator)
    assert 'id="awaiting-review-section"' in admin_client.get(reverse("wagtailadmin_home")).content.decode()


def test_filter_stays_open_while_it_filters_or_could_not(admin_client):
    submitted()
    for address, is_open in (("", False), ("?kind=new", True), ("?light=unsinn", True)):
        html = admin_client.get(reverse(QUEUE) + address).content.decode()
        assert ('<details class="ehrenamt-review__filter" open>' in html) == is_open
        assert ("unsinn ist keine gültige Auswahl" in html) == ("unsinn" in address)


def test_approving_what_is_gone_names_no_empty_title(admin_client):
    response = admin_client.post(
        reverse("ehrenamt_admin:review_approve_selected"), {"selected": "999999_1_2026", "confirmed": "1"}, follow=True
    )
    [message] = [str(message).strip() for message in response.context["messages"]]
    assert message == "Das gibt es nicht mehr."
