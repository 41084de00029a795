"""Rounds of thanks, and circles that take part."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.models import ThanksRound
from tests.factories import MunicipalityFactory, OrganisationFactory, circle_page


def make_round(*, in_days: int = 30, deadline: int = 10, **facts) -> ThanksRound:
    """Thanks so many days from today; circles name people for ``deadline`` days."""
    today = timezone.localdate()
    facts = {
        "title": "Ehrenamtstag",
        "day": today + dt.timedelta(days=in_days),
        "deadline": today + dt.timedelta(days=deadline),
        "signed_by": "Erika Beispiel\nLandrätin",
        "place": "Böblingen",
        **facts,
    }
    return ThanksRound.objects.create(**facts)


def make_circle(town: str = "Renningen", **facts):
    organisation = OrganisationFactory(name=f"Kreis {town}", kind="circle", municipality=MunicipalityFactory(name=town))
    return circle_page(organisation=organisation, **{"title": f"Arbeitskreis Asyl {town}", **facts})
