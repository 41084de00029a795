import pytest

from tests.factories import coordinator_user


@pytest.fixture
def coordinator(db):
    return coordinator_user()


@pytest.fixture
def own_media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
