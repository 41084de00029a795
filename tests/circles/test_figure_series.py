"""The sums of all circles by half-year, against a count in plain Python."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehrenamt_wagtail.circles.figures import CircleSums, counted_in, series_of
from ehrenamt_wagtail.circles.half_years import HalfYear
from ehrenamt_wagtail.models import CircleFigure
from tests.factories import MunicipalityFactory, OrganisationFactory, circle_page

from .half_years import BEFORE, LONG_AGO, NEXT, PRESENT, stop_clock

pytestmark = pytest.mark.django_db

LONGER_AGO = HalfYear(2025, 1)


@pytest.fixture(autouse=True)
def present(ready_site, monkeypatch):
    stop_clock(monkeypatch)


def circle(town="Renningen", **facts):
    organisation = OrganisationFactory(kind="circle", municipality=MunicipalityFactory(name=town))
    return circle_page(organisation=organisation, **facts)


def figure(page, half_year, volunteers, groups=None, **facts) -> CircleFigure:
    return CircleFigure.objects.create(
        circle=page, year=half_year.year, half=half_year.half, volunteers=volunteers, groups=groups, **facts
    )


def test_stated_figures_are_summed_and_history_is_not():
    one, two = circle(), circle("Leonberg")
    figure(one, PRESENT, 300, 3, is_current=False)
    figure(one, PRESENT, 40, 4)
    figure(one, PRESENT, 400, 4, is_current=False)
    figure(two, PRESENT, 20)
    assert series_of([PRESENT]) == [
        CircleSums(PRESENT, circles=2, volunteers=60, groups=4, carried_circles=0, carried_volunteers=0, carried_groups=0)
    ]


def test_missing_figure_is_stood_in_for_by_the_latest_one_of_a_year():
    page = circle()
    figure(page, LONGER_AGO, 70, 7)
    figure(page, LONG_AGO, 50, 5)
    sums = {one.half_year: one for one in series_of([PRESENT, BEFORE, LONG_AGO, LONGER_AGO])}
    assert list(sums) == [LONGER_AGO, LONG_AGO, BEFORE, PRESENT]
    assert [(one.volunteers, one.carried_volunteers, one.carried_circles) for one in sums.values()] == [
        (70, 0, 0), (50, 0, 0), (50, 50, 1), (50, 50, 1),
    ]  # fmt: skip
    # A year and a half ago is too long.
    CircleFigure.objects.filter(year=2025, half=2).delete()
    (present,) = series_of([PRESENT])
    assert (present.circles, present.volunteers, present.groups) == (0, 0, None)


def test_groups_stand_in_with_their_row_only():
    page = circle()
    figure(page, LONG_AGO, 50, 5)
    figure(page, BEFORE, 45)
    (sums,) = series_of([PRESENT])
    assert (sums.carried_volunteers, sums.groups, sums.carried_groups) == (45, None, 0)


def test_dissolved_circle_counts_only_where_it_stated_something():
    page = circle()
    figure(page, BEFORE, 45)
    page.unpublish()
    before, present = series_of([BEFORE, PRESENT])
    assert (before.circles, present.circles) == (1, 0)


def test_future_has_no_figures_and_nothing_asks_for_nothing():
    figure(circle(), PRESENT, 45)
    assert [(one.half_year, one.circles) for one in series_of([NEXT, PRESENT])] == [(PRESENT, 1), (NEXT, 0)]
    assert series_of([]) == []


def test_rows_behind_a_sum_stand_by_town_and_name():
    for town, title in (("Weissach", "A"), ("Altdorf", "B"), ("Altdorf", "A")):
        figure(circle(town, title=title), BEFORE, 10)
    (counted,) = counted_in([PRESENT]).values()
    assert [(one.figure.circle.municipality.name, one.figure.circle.title) for one in counted] == [
        ("Altdorf", "A"), ("Altdorf", "B"), ("Weissach", "A"),
    ]  # fmt: skip
    assert all(one.is_carried for one in counted)


def test_series_equals_a_count_in_plain_python():
    chance = random.Random(7)
    half_years = [HalfYear(2020, 1).later(number) for number in range(14)]
    stated: dict[tuple, tuple] = {}
    for number in range(12):
        page = circle(f"Ort {number}", title=f"Kreis {number}")
        for half_year in half_years:
            if chance.random() < 0.5:
                stated[page.pk, half_year] = chance.randrange(90), chance.choice([None, 2, 5])
                figure(page, half_year, *stated[page.pk, half_year])
                figure(page, half_year, 1000, 1000, is_current=False)
    pages = {page for page, _half_year in stated}
    for sums in series_of(half_years):
        own = {page: stated[page, sums.half_year] for page in pages if (page, sums.half_year) in stated}
        carried = {}
        for page in pages - set(own):
            earlier = [stated[page, sums.half_year.later(-age)] for age in (1, 2) if (page, sums.half_year.later(-age)) in stated]
            if earlier:
                carried[page] = earlier[0]
        all_of = [*own.values(), *carried.values()]
        assert (sums.circles, sums.carried_circles) == (len(all_of), len(carried))
        assert sums.volunteers == sum(volunteers for volunteers, _groups in all_of)
        assert sums.carried_volunteers == sum(volunteers for volunteers, _groups in carried.values())
        groups = [groups for _volunteers, groups in all_of if groups is not None]
        assert sums.groups == (sum(groups) if groups else None)
        assert sums.carried_groups == sum(groups or 0 for _volunteers, groups in carried.values())


def test_series_asks_two_queries_however_much_there_is():
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            series_of([PRESENT.later(-number) for number in range(12)])
        return len(captured)

    page = circle()
    figure(page, PRESENT, 1)
    assert queries() == 2
    for number in range(2):
        figure(circle(f"Ort {number}"), BEFORE, 2)
    assert queries() == 2
    CircleFigure.objects.bulk_create(
        CircleFigure(circle=page, year=2000 + number // 2, half=number % 2 + 1, volunteers=3) for number in range(52)
    )
    assert queries() == 2
