"""The read model against a naive walk over the pages: dates of every shape, at every moment at which something changes."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import Cancellation, ListedDate, Occurrence
from ehrenamt_wagtail.programme.filters import Filters
from ehrenamt_wagtail.programme.listing import Listing, programme_dates
from tests import factories

from .comparing import assert_equal_at_all_moments, rows

pytestmark = pytest.mark.django_db


def at(hours, *, lasting=None, **facts):
    """A date so many hours from now."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=hours)
    return Occurrence(start=start, end=start + dt.timedelta(hours=lasting) if lasting else None, **facts)


SHAPES = {
    "one": lambda: [at(5)],
    "one over": lambda: [at(-50, lasting=1)],
    "running": lambda: [at(-1, lasting=3)],
    "one inside the other": lambda: [at(-10, lasting=60), at(1, lasting=2), at(-20, lasting=1)],
    "overlapping": lambda: [at(-5, lasting=10), at(-2, lasting=20), at(3, lasting=4)],
    "at the same moment": lambda: [at(24), at(24), at(24, lasting=1)],
    "two days long": lambda: [at(-47, lasting=48)],
    "long": lambda: [at(-24 * 20, lasting=24 * 30)],
    "long later": lambda: [at(24 * 200, lasting=24 * 30)],
    "past and coming": lambda: [at(-24 * 40), at(-24), at(24 * 9), at(24 * 40)],
    "none": lambda: [],
}


@pytest.mark.parametrize("cancelled", [(), (1,), (0, 1), "whole"], ids=str)
def test_every_shape_of_dates_is_listed_as_pages_say(programme, live_offering, cancelled):
    for name, dates in SHAPES.items():
        page = live_offering(title=name, dates=dates())
        uids = (
            [None]
            if cancelled == "whole"
            else [row.uid for number, row in enumerate(page.occurrences.order_by("pk")) if number in cancelled]
        )
        for uid in uids:
            Cancellation.objects.create(offering=page, occurrence_uid=uid)
    assert_equal_at_all_moments(programme)


def test_a_long_date_later_hides_none_before_it(programme, live_offering):
    soon, _later = live_offering(title="Bald", dates=[at(5)]), live_offering(title="Lang", dates=[at(24 * 30, lasting=24 * 9)])
    assert ListedDate.objects.filter(is_long=True).count() == 1
    assert [row.title for row in Listing(Filters(), now=timezone.now(), programme=programme)] == ["Bald", "Lang"]
    assert soon.listed.dates.get().is_long is False


def test_a_long_date_that_runs_hides_none_that_began_before_it(programme, live_offering):
    live_offering(title="Zwei Tage", dates=[at(-47, lasting=48)])
    live_offering(title="Lang", dates=[at(-1, lasting=24 * 9)])
    listed = [row.title for row in Listing(Filters(), now=timezone.now(), programme=programme)]
    assert listed == ["Zwei Tage", "Lang"]


def test_dates_held_online_count_in_the_town_of_their_offering(programme, live_offering):
    town = factories.MunicipalityFactory()
    elsewhere = factories.VenueFactory()
    page = live_offering(municipality=town, dates=[at(5, mode="online"), at(6), at(7, venue=elsewhere)])
    found = programme_dates(Filters(municipalities=(town,)), now=timezone.now(), programme=programme)
    assert [date.start for _offering, date in found] == [at(5).start, at(6).start]
    assert rows(Listing(Filters(municipalities=(elsewhere.municipality,)), now=timezone.now(), programme=programme)) == [
        (page.title, str(page.occurrences.order_by("start").first().uid))
    ]
