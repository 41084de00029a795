import pytest

from tests.factories import make_site

from .pairs import judge, precision_and_recall, read_pairs

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return make_site(setup=False)[0]


def test_labelled_pairs_are_told_apart(programme):
    """What ``benchmarks/similar.py`` prints; on every database the same."""
    pairs = read_pairs()
    assert len(pairs) >= 60
    precision, recall = precision_and_recall(judge(pairs))
    assert precision >= 0.8
    assert recall >= 0.85
