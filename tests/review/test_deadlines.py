"""The promise, its traffic light, and what the queue makes of them."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision, WorkflowState

from ehrenamt_wagtail.coordination.planning import rebuild
from ehrenamt_wagtail.models import Occurrence, OfferingPage, TrainingPage
from ehrenamt_wagtail.review import queries
from ehrenamt_wagtail.review.deadlines import Light, due_date, light_of
from tests import factories
from tests.review.helpers import QUEUE, submitted, submitted_change

pytestmark = pytest.mark.django_db


def local(year, month, day, hour=10):
    return timezone.make_aware(dt.datetime(year, month, day, hour))


@pytest.mark.parametrize(
    ("submitted_at", "due"),
    [
        # A Monday; five working days.
        (local(2027, 3, 1), dt.date(2027, 3, 8)),
        # Over the weekend.
        (local(2027, 3, 5, 23), dt.date(2027, 3, 12)),
        # Late in the evening it is the next day in UTC already, or still the day before.
        (local(2027, 3, 1, 0), dt.date(2027, 3, 8)),
        # Submitted on a Saturday: Monday is the first day.
        (local(2027, 3, 6), dt.date(2027, 3, 12)),
        # Good Friday (26 March 2027) and Easter Monday do not count.
        (local(2027, 3, 24), dt.date(2027, 4, 2)),
        # Epiphany is a holiday in Baden-Württemberg.
        (local(2027, 1, 4), dt.date(2027, 1, 12)),
    ],
)
def test_due_date_counts_working_days_only(submitted_at, due):
    assert due_date(submitted_at) == due


def test_due_date_follows_the_setting(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "REVIEW_WORKING_DAYS": 2}
    assert due_date(local(2027, 3, 1)) == dt.date(2027, 3, 3)


def test_light_turns_two_working_days_before_and_on_the_day_after():
    due = dt.date(2027, 3, 9)
    lights = {day: light_of(due, today=dt.date(2027, 3, day)) for day in range(3, 11)}
    assert [day for day in lights if lights[day] == Light.IN_TIME] == [3, 4]
    # Friday is two working days before Tuesday.
    assert [day for day in lights if lights[day] == Light.DUE_SOON] == [5, 6, 7, 8, 9]
    assert lights[10] == Light.OVERDUE


def rows_by_title(client, **parameters):
    return {row.title: row for row in client.get(reverse(QUEUE), parameters).context["submissions"]}


def test_queue_shows_due_day_and_light_and_filters_by_it(admin_client):
    submitted(days=30, title="Lange her")
    submitted(days=0, title="Eben")
    rows = rows_by_title(admin_client)
    assert list(rows) == ["Lange her", "Eben"]
    assert rows["Lange her"].light == Light.OVERDUE
    assert rows["Eben"].due == due_date(timezone.now())
    assert rows["Eben"].light == Light.IN_TIME
    assert list(rows_by_title(admin_client, light="overdue")) == ["Lange her"]
    assert list(rows_by_title(admin_client, light="in_time")) == ["Eben"]
    html = admin_client.get(reverse(QUEUE)).content.decode()
    assert "überfällig" in html
    assert "1 ist überfällig." in html


def test_menu_and_start_page_mark_what_is_overdue(admin_client):
    submitted(days=30)
    submitted(days=0)
    html = admin_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "(2, 1 überfällig)" in html.encode().decode("unicode_escape", "ignore") or "(2, 1 \\u00fcberf\\u00e4llig)" in html
    assert "davon 1 überfällig" in html


def test_queue_filters_by_kind_of_offering(admin_client):
    submitted(title="Vortrag", training_format="lecture")
    submitted(title="Workshop", training_format="workshop")
    organisation = factories.OrganisationFactory()
    circle = factories.circle_page(organisation=organisation, live=False, title="Arbeitskreis")
    factories.submit_for_review(circle, actor=factories.member_of(organisation))
    assert list(rows_by_title(admin_client, art="vortrag")) == ["Vortrag"]
    assert list(rows_by_title(admin_client, art="circlepage")) == ["Arbeitskreis"]
    assert len(rows_by_title(admin_client, art="nonsense")) == 3


def test_queue_shows_and_filters_clashes_of_this_moment(admin_client, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CLASH_WEIGHTS": {"public_holiday": 0, "school_holiday": 0}}
    organisation = factories.OrganisationFactory()
    submitted(title="Zuerst", organisation=organisation, dates=[factories.in_days(20)])
    submitted(title="Allein", dates=[factories.in_days(50)], reason="")
    assert {title: row.clashes.number for title, row in rows_by_title(admin_client).items()} == {"Zuerst": 0, "Allein": 0}
    # Planned after the first was submitted.
    factories.draft_offering(title="Später", organisation=organisation, dates=[factories.in_days(20)])
    rows = rows_by_title(admin_client)
    assert {title: row.clashes.number for title, row in rows.items()} == {"Zuerst": 1, "Allein": 0}
    assert [title for title, row in rows.items() if row.may_be_selected] == ["Allein"]
    assert list(rows_by_title(admin_client, clashes="with")) == ["Zuerst"]
    assert list(rows_by_title(admin_client, clashes="without")) == ["Allein"]


def number_of_queries(client, assert_max, **parameters):
    client.get(reverse(QUEUE), parameters)
    with assert_max(100) as captured:
        client.get(reverse(QUEUE), parameters)
    return len(captured)


@pytest.mark.thorough
def test_queue_asks_the_same_number_of_queries_for_1_3_and_300_rows(admin_client, django_assert_max_num_queries):
    organisation = factories.OrganisationFactory()
    factories.draft_offering(organisation=organisation, dates=[factories.in_days(10)])
    ways = [{}, {"clashes": "with"}, {"light": "in_time", "claim": "nobody"}]
    counts = []
    for more in (1, 2, 297):
        many_more(more, organisation)
        counts.append([number_of_queries(admin_client, django_assert_max_num_queries, **way) for way in ways])
    assert admin_client.get(reverse(QUEUE)).context["number"] == 300
    assert counts[0] == counts[1] == counts[2]


def many_more(number: int, organisation) -> None:
    """Submitted by the workflow alone, one a day, the first of them clashes; all but one are copied row by row, which is cheap."""
    member = factories.member_of(organisation)
    first = factories.draft_offering(organisation=organisation, title="Viele", dates=[factories.in_days(10)])
    first.get_workflow().start(first, member)
    for count in range(1, number):
        copy_rows(first, days=count)
    list(rebuild())


def copy_rows(first, *, days: int) -> None:
    """Another offering that waits for review, so many days later, without its planned dates."""
    path = Page.objects.order_by("path").last()._inc_path()
    page = copied(Page.objects.get(pk=first.pk), path=path, slug=f"viele-{path}", translation_key=uuid.uuid4())
    copied(OfferingPage.objects.get(pk=first.pk), page_ptr_id=page.pk)
    copied(TrainingPage.objects.get(pk=first.pk), offeringpage_ptr_id=page.pk)
    start = factories.in_days(10 + days)
    copied(Occurrence.objects.get(page=first.pk), page_id=page.pk, uid=uuid.uuid4(), start=start, starts_at=start, ends_at=start)
    revision = copied(Revision.objects.get(object_id=str(first.pk)), object_id=str(page.pk))
    Page.objects.filter(pk=page.pk).update(latest_revision=revision)
    state = WorkflowState.objects.get(object_id=str(first.pk))
    task_state = state.current_task_state
    state = copied(state, object_id=str(page.pk), current_task_state=None)
    task_state = copied(task_state, workflow_state=state, revision=revision)
    WorkflowState.objects.filter(pk=state.pk).update(current_task_state=task_state)


def copied(row, **facts):
    """The row again with other facts, nothing written but its own table and nobody told."""
    for name, value in ({row._meta.pk.attname: None} | facts).items():
        setattr(row, name, value)
    row.save_base(raw=True, force_insert=True)
    return row


def test_change_and_new_are_told_apart_by_the_cheap_rows(site, coordinator):
    submitted(title="Neu")
    submitted_change(title="Geändert")
    assert [row.is_change for row in queries.offerings_awaiting_review(coordinator)] == [False, True]
