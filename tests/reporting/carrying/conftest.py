import pytest

from .carried import carrying_over, make_period


@pytest.fixture
def period(db):
    return make_period()


@pytest.fixture
def carry(period, coordinator, django_capture_on_commit_callbacks):
    return carrying_over(django_capture_on_commit_callbacks, coordinator, period)
