"""A round of thanks that runs, and a circle that takes part."""


import pytest

from ehrenamt_wagtail.models import ThanksRound
from tests.factories import coordinator_user

from .rounds import make_circle, make_round


@pytest.fixture
def thanks(ready_site) -> ThanksRound:
    return make_round()


@pytest.fixture
def circle(ready_site):
    return make_circle(contact_email="kontakt@renningen.example")


@pytest.fixture
def coordinator(db):
    return coordinator_user(first_name="Miriam", last_name="Sommerfeld")
