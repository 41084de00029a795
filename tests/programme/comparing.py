"""The read model beside the naive walk over all pages."""

import datetime as dt
from itertools import product

from django.utils import timezone

from ehrenamt_wagtail.programme.facets import Facets
from ehrenamt_wagtail.programme.filters import Filters
from ehrenamt_wagtail.programme.listing import Listing, programme_dates

from .reference import Reference


def rows(listing):
    return [(row.facts.title, row.date.uid) for row in listing]


def single(dates):
    return [(offering.title, date.uid) for offering, date in dates]


def assert_equal(programme, filters, now, reference=None, spans=()):
    reference = reference or Reference(programme)
    listing = Listing(filters, now=now, programme=programme)
    assert rows(listing) == reference.listing(filters, now), (filters, now)
    assert Facets(programme).counts(filters, now=now, search=None).total == len(reference.listing(filters, now)), (filters, now)
    for span in (None, *spans):
        found = programme_dates(filters, now=now, programme=programme, span=span)
        assert single(found) == reference.dates(filters, now, span), (filters, now, span)


def assert_equal_at_all_moments(programme):
    reference = Reference(programme)
    today = timezone.localdate()
    period = {"from_date": today - dt.timedelta(days=2), "to_date": today + dt.timedelta(days=3)}
    month = (timezone.now() - dt.timedelta(days=15), timezone.now() + dt.timedelta(days=15))
    for now in reference.moments():
        for archive, window in product((False, True), ({}, period)):
            assert_equal(programme, Filters(archive=archive, **window), now, reference, spans=[month])
