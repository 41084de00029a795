from functools import partial

import pytest

from ehrenamt_wagtail.models import ProgrammePage
from tests import factories
from tests.kept import fixture_of

from . import offerings, scenes

kept_mixture = fixture_of(scenes.MIXTURE)
kept_variety = fixture_of(scenes.VARIETY)


@pytest.fixture
def programme(db) -> ProgrammePage:
    """That of the scene which the test asks for, or an empty one."""
    return ProgrammePage.objects.first() or factories.make_site(setup=False)[0]


@pytest.fixture
def live_offering(programme):
    """Makes published offerings; see ``offerings.live_offering``."""
    return partial(offerings.live_offering, parent=programme)


@pytest.fixture
def date():
    """Makes dates; see ``offerings.date``."""
    return offerings.date
