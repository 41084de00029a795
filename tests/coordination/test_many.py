"""The figures of lists are those of the single comparison."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehrenamt_wagtail.coordination.clashes import clashes_of
from ehrenamt_wagtail.coordination.many import ClashCount, count_clashes
from ehrenamt_wagtail.coordination.models import BlockedDate
from ehrenamt_wagtail.coordination.plans import plan_of
from ehrenamt_wagtail.models import Occurrence, OfferingPage, SupervisionPage, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(ready_site):
    return ready_site


@pytest.fixture
def no_holidays(settings):
    """Tests run on any day of the year."""
    settings.EHRENAMT = {**settings.EHRENAMT, "CLASH_WEIGHTS": {"public_holiday": 0, "school_holiday": 0}}


def counted_singly(page) -> ClashCount:
    page = OfferingPage.objects.get(pk=page.pk).specific
    clashes = clashes_of(plan_of(page.get_latest_revision_as_object()), limit=1000)
    return ClashCount(len(clashes), sum(clash.is_strong for clash in clashes))


def test_figures_equal_those_of_the_single_comparison(site):
    topic = factories.TopicFactory()
    town = factories.MunicipalityFactory(latitude=48.62, longitude=8.95)
    far = factories.MunicipalityFactory(latitude=47.0, longitude=9.9)
    blocked = factories.in_days(12).date()
    BlockedDate.objects.create(name="Wahl", from_date=blocked, weight=BlockedDate.Weight.AVOID)
    for number in range(12):
        organisation = factories.OrganisationFactory(municipality=[town, far, factories.MunicipalityFactory()][number % 3])
        dates = [factories.in_days(10 + number % 4, hour=[10, 17, 19][number % 3]), factories.in_days(40 + number)]
        make = factories.published_offering if number % 2 else factories.draft_offering
        model = SupervisionPage if number % 5 == 0 else TrainingPage
        audience = "Ehrenamtliche" if number % 2 else ""
        topics = [topic] if number % 4 == 0 else []
        make(model=model, organisation=organisation, dates=dates, audience=audience, topics=topics)
    factories.draft_offering(dates=[Occurrence(start_date=factories.in_days(11).date())], mode="online")
    day = factories.published_offering(model=VolunteerDayPage, dates=[factories.in_days(12, hour=10)])
    factories.draft_offering(day, dates=[factories.in_days(12, hour=11)])

    pages = list(OfferingPage.objects.all())
    counts = count_clashes([page.pk for page in pages])
    for page in pages:
        assert counts.get(page.pk, ClashCount()) == counted_singly(page), page.title
    assert sum(count.strong for count in counts.values()) > 2
    assert len({count.number for count in counts.values()}) > 2


def test_change_replaces_what_is_published(site, no_holidays):
    page = factories.published_offering(dates=[factories.in_days(10)])
    factories.published_offering(organisation=page.organisation, dates=[factories.in_days(10)])
    assert count_clashes([page.pk])[page.pk].number == 1
    draft = page.get_latest_revision_as_object()
    date = draft.occurrences.all()[0]
    date.start = factories.in_days(30)
    draft.occurrences = [date]
    draft.save_revision(clean=False)
    assert counted_singly(page).number == 0
    assert count_clashes([page.pk]) == {}


def test_cancelled_and_past_dates_do_not_count(site, no_holidays):
    page = factories.published_offering(dates=[factories.in_days(10)])
    rival = factories.published_offering(organisation=page.organisation, dates=[factories.in_days(10)])
    past = factories.published_offering(organisation=page.organisation, dates=[factories.in_days(-3)])
    factories.published_offering(organisation=page.organisation, dates=[factories.in_days(-3)])
    cancel(rival, actor=factories.member_of(rival.organisation))
    assert count_clashes([page.pk, past.pk]) == {}


def test_number_of_queries_does_not_grow(site):
    pages = []
    numbers = []
    for _round in range(3):
        pages += [factories.draft_offering(dates=[factories.in_days(9), factories.in_days(10)]) for _number in range(3)]
        with CaptureQueriesContext(connection) as queries:
            count_clashes([page.pk for page in pages])
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] == numbers[2] <= 6
