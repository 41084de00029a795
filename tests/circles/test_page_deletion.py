"""Pages of circles are not deleted in Wagtail's admin while their figures count: past half-years would change."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from ehrenamt_wagtail.circles.figures import state_figure, take_back_figure
from ehrenamt_wagtail.models import CircleFigure, CircleIndexPage
from tests.factories import circle_page, coordinator_user
from tests.page_lists import are_there, both_ways_to_delete, said

from .half_years import PRESENT, stop_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(ready_site, client, monkeypatch):
    stop_clock(monkeypatch)
    user = coordinator_user(is_superuser=True)
    client.force_login(user)
    return user


def state(circle, volunteers=34) -> CircleFigure:
    return state_figure(circle, year=PRESENT.year, half=PRESENT.half, volunteers=volunteers, is_by_link=True)


@both_ways_to_delete
def test_circle_with_figures_is_not_deleted_and_it_is_said_what_to_do(client, coordinator, delete):
    circle = circle_page(title="Arbeitskreis Asyl Renningen")
    state(circle)
    response = delete(client, circle)
    assert response.url == reverse("wagtailadmin_explore", args=[circle.get_parent().pk])
    text = said(response)
    assert "Nichts wurde gelöscht" in text and "Arbeitskreis Asyl Renningen" in text and "von der Website" in text
    assert are_there(circle)
    assert CircleFigure.objects.count() == 1


@both_ways_to_delete
def test_index_of_such_a_circle_stays_with_all_below(client, coordinator, delete):
    index = CircleIndexPage.objects.get()
    circles = [circle_page(title=f"Kreis {number}") for number in range(7)]
    for circle in circles:
        state(circle)
    text = said(delete(client, index))
    assert "Kreis 0, Kreis 1, Kreis 2, Kreis 3, Kreis 4." in text and "Und für 2 weitere." in text
    assert are_there(index, *circles)


def test_question_whether_to_delete_is_not_even_asked(client, coordinator):
    circle = circle_page()
    state(circle)
    response = client.get(reverse("wagtailadmin_pages:delete", args=[circle.pk]))
    assert response.url == reverse("wagtailadmin_explore", args=[circle.get_parent().pk])


@both_ways_to_delete
def test_circle_whose_figures_were_all_taken_back_can_be_deleted(client, coordinator, delete):
    circle, other = circle_page(title="Versehen"), circle_page(title="Ohne Zahlen")
    first, second = state(circle), state(circle, 35)
    take_back_figure(second, actor=coordinator)
    assert "Nichts wurde gelöscht" in said(delete(client, circle))
    first.refresh_from_db()
    take_back_figure(first, actor=coordinator)
    for page in (circle, other):
        delete(client, page)
    assert not Page.objects.filter(pk__in=[circle.pk, other.pk]).exists()
