"""A district and a report on it."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years
from ehrenamt_wagtail.reporting.report import chapters
from ehrenamt_wagtail.reporting.report.drafting import draft
from tests.kept import fixture_of

from .scene import DISTRICT


@pytest.fixture
def span():
    return half_years(2)[0]


kept_district = fixture_of(DISTRICT)


@pytest.fixture
def district(kept_district, db):
    """See ``scene.make_district``."""
    coordinator, other = get_user_model().objects.filter(first_name__in=["Karin", "Konrad"]).order_by("first_name")
    return SimpleNamespace(
        coordinator=coordinator,
        other=other,
        circle=models.CirclePage.objects.get(),
        church=models.Organisation.objects.get(name="Kirche"),
        topics={topic.focus: topic for topic in models.Topic.objects.all()},
        herrenberg=models.Municipality.objects.get(name="Herrenberg"),
    )


@pytest.fixture
def empty_report(district, span):
    """Created, and not drafted yet."""
    before = span.year_before()
    return models.StatusReport.objects.create(
        title="Sachstandsbericht Ehrenamt",
        first_day=span.first,
        last_day=span.last,
        compared_first_day=before.first,
        compared_last_day=before.last,
        sections=[key for key, _heading in chapters.choices()],
        created_by=district.coordinator,
        changed_by=district.coordinator,
    )


@pytest.fixture
def report(empty_report):
    """Drafted with all chapters."""
    assert draft(empty_report)
    return models.StatusReport.objects.get(pk=empty_report.pk)


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page
