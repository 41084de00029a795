"""Dates when a coordinator publishes from Wagtail's page editor."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from ehrenamt_wagtail.models import Cancellation, Occurrence
from ehrenamt_wagtail.programme.actions import cancel
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(admin_client, ready_site):
    return factories.published_offering(dates=[factories.in_days(10), factories.in_days(17)])


def rows(page) -> list[tuple]:
    return list(Occurrence.objects.filter(page_id=page.pk).order_by("starts_at").values_list("pk", "uid"))


def publish(client, page, **changes):
    """Open the page in the editor, change fields, press „publish“."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = querydict_from_html(client.get(address).content.decode(), form_id="page-edit-form")
    for name, value in changes.items():
        data[name] = value
    data.update({"body-count": "0", "action-publish": "action-publish"})
    response = client.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    page.refresh_from_db()


def test_publishing_again_keeps_rows_and_uids(admin_client, page):
    before = rows(page)
    publish(admin_client, page, subtitle="Mit Übungen")
    publish(admin_client, page)
    assert page.subtitle == "Mit Übungen"
    assert rows(page) == before
    assert not Cancellation.objects.exists()


def test_date_removed_in_the_editor_becomes_a_cancelled_date(admin_client, client, page):
    before = rows(page)
    publish(admin_client, page, **{"occurrences-0-DELETE": "1"})
    assert rows(page) == before
    assert [row.occurrence_uid for row in page.cancellations.all()] == [before[0][1]]
    (offering,) = client.get("/api/angebote/").json()["results"]
    assert [date["cancelled"] for date in offering["dates"]] == [True, False]
    calendar = client.get("/programm/kalender.ics").content.decode()
    assert str(before[0][1]) in calendar and "STATUS:CANCELLED" in calendar


def test_cancellation_survives_publishing_in_the_editor(admin_client, client, page):
    uid = rows(page)[1][1]
    cancel(page, actor=factories.member_of(page.organisation), occurrence_uid=uid, reason="Krankheit")
    publish(admin_client, page, title="Neuer Titel")
    assert [row.occurrence_uid for row in page.cancellations.all()] == [uid]
    content = client.get(page.url).content.decode()
    assert "Neuer Titel" in content and "Krankheit" in content
