"""The figures of the demonstration: each equals an independent count, has something to tell, and opens down to what it counts."""

import datetime as dt
import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.directory.models import Topic
from ehrenamt_wagtail.reporting.figures.catalogue import figures
from ehrenamt_wagtail.reporting.figures.reading import Reading
from ehrenamt_wagtail.reporting.figures.spans import Span, half_years, year
from tests.reporting.comparing import assert_equal_everywhere

OVERVIEW = "ehrenamt_admin:figures"


@pytest.fixture
def coordinator(demo, client):
    client.force_login(get_user_model().objects.get(username="koordination"))
    return client


def test_every_figure_equals_the_independent_count(demo):
    today = timezone.localdate()
    spans = [*half_years(6), year(today.year), Span(today - dt.timedelta(days=100), today + dt.timedelta(days=50))]
    found = assert_equal_everywhere(spans)
    # No clash of the demonstration was told as a reason, nor resolved, yet.
    assert {name for name, amounts in found.items() if not any(amounts)} <= {"returned", "resolved", "groups"}
    assert all(found["taken"][:6]) and all(found["dates"][:6])


def test_topics_shift_from_acute_care_to_housing(demo):
    spans = half_years(6)
    reading = Reading(spans)
    dates = next(figure for figure in figures() if figure.name == "dates")
    focus = {name: [reading.group_amount(dates, "focus", name, span) for span in spans[:5]] for name in Topic.Focus.values}
    assert focus["acute_care"][0] > 5 * focus["follow_up_housing"][0]
    assert focus["follow_up_housing"][-1] > focus["acute_care"][-1]


def test_every_figure_opens_down_to_the_rows_that_it_counts(coordinator):
    shown = coordinator.get(reverse(OVERVIEW)).context
    rows = {row.figure.name: row for section in shown["sections"] for row in section.figures}
    assert list(rows) == [figure.name for figure in figures()]
    for name, row in rows.items():
        response = coordinator.get(row.url)
        assert response.context["cell"] == row.cell, name
        assert f"{response.context['figure'].definition}"[:40] in response.content.decode().replace("&quot;", '"')
        assert_adds_up(response, row)


def assert_adds_up(response, row) -> None:
    """What stands in the rows is the figure, where their numbers are told."""
    number, page = response.context["number"], response.context["page_obj"]
    assert len(page.paginator.object_list) == number
    amounts = [shown.cell.amount for shown in page.paginator.object_list]
    if row.cell.amount is None or None in amounts:
        return
    if row.figure.name not in ("review_days", "review_longest"):
        assert sum(map(float, amounts)) == pytest.approx(float(row.cell.amount)), row.figure.name


def test_no_number_of_people_below_five_is_told_anywhere(coordinator):
    address = reverse(OVERVIEW)
    for section in coordinator.get(address).context["sections"]:
        for row in section.figures:
            if not row.figure.is_people:
                continue
            texts = [row.cell.text, row.compared.text, *(cell.text for cell in row.series)]
            html = coordinator.get(row.url).content.decode()
            texts += re.findall(r'ehrenamt-figures__number">(?:<strong>)?([^<]*)<', html)
            assert not set(texts) & {"1", "2", "3", "4"}, row.figure.name
