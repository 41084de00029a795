import pytest


@pytest.fixture(autouse=True)
def _site(ready_site):
    pass
