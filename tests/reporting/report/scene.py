"""A small district in which something took place in the latest half-year that is over, and in the one a year before."""

import datetime as dt

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years
from tests import factories
from tests.kept import kept

from .times import evening


def make_district() -> None:
    """Three offerings in the span and one a year before; 40 volunteers, 50 a year before; nothing in Leerstadt."""
    factories.make_site()
    span = half_years(2)[0]
    before = span.year_before()
    sindelfingen = factories.MunicipalityFactory(name="Sindelfingen", latitude=48.71, longitude=9.0)
    herrenberg = factories.MunicipalityFactory(name="Herrenberg", latitude=48.59, longitude=8.87)
    factories.MunicipalityFactory(name="Leerstadt", latitude=48.65, longitude=8.8)
    foci = (models.Topic.Focus.ACUTE_CARE, models.Topic.Focus.INTEGRATION)
    topics = {focus: factories.TopicFactory(name=f"Thema {focus}", focus=focus) for focus in foci}
    church = factories.OrganisationFactory(name="Kirche", kind=models.Organisation.Kind.CHURCH, municipality=herrenberg)
    town = factories.OrganisationFactory(name="Stadt", kind=models.Organisation.Kind.MUNICIPALITY, municipality=sindelfingen)
    for number, (day, organisation, focus) in enumerate(
        [
            (span.first + dt.timedelta(days=20), town, models.Topic.Focus.INTEGRATION),
            (span.first + dt.timedelta(days=40), town, models.Topic.Focus.INTEGRATION),
            (span.first + dt.timedelta(days=60), church, models.Topic.Focus.INTEGRATION),
            (before.first + dt.timedelta(days=20), church, models.Topic.Focus.ACUTE_CARE),
        ]
    ):
        factories.published_offering(
            title=f"Abend {number}",
            dates=[evening(day)],
            organisation=organisation,
            topics=[topics[focus]],
            training_format="workshop",
        )
    circle = factories.circle_page(title="Arbeitskreis Asyl Herrenberg", organisation=church)
    for part, volunteers in ((before, 50), (span, 40)):
        half = 1 if part.first.month == 1 else 2
        models.CircleFigure.objects.create(circle=circle, year=part.first.year, half=half, volunteers=volunteers, groups=3)
    factories.coordinator_user(first_name="Karin", last_name="Koordination")
    factories.coordinator_user(first_name="Konrad", last_name="Kollege")


DISTRICT = kept("kept_district", make_district)
