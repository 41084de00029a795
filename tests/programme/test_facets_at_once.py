"""Changes whose transactions overlap, on PostgreSQL with real connections: a process that counts misses none of them."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ehrenamt_wagtail.programme.facets import Facets
from ehrenamt_wagtail.programme.filters import Filters
from tests import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAIT = 10  # seconds


@pytest.fixture(autouse=True)
def programme(queued_jobs, db):
    return factories.make_site(setup=False)[0]


def total(programme):
    return Facets(programme).counts(Filters(), now=timezone.now(), search=None).total


@contextmanager
def written_but_not_committed(action, *, is_rolled_back=False):
    """Another connection has done it when the block begins, and ends its transaction when the block ends."""
    done, end = threading.Event(), threading.Event()

    def run():
        try:
            with transaction.atomic():
                action()
                done.set()
                assert end.wait(WAIT)
                transaction.set_rollback(is_rolled_back)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert done.wait(WAIT)
        yield
    finally:
        end.set()
        thread.join(WAIT)


def test_a_transaction_that_began_earlier_and_ends_later_is_not_missed(programme):
    pages = [factories.draft_offering() for _number in range(3)]
    assert total(programme) == 0
    with written_but_not_committed(pages[0].latest_revision.publish):
        pages[1].latest_revision.publish()
        assert total(programme) == 1
        pages[2].latest_revision.publish()
        assert total(programme) == 2
    assert total(programme) == 3


def test_a_process_that_begins_meanwhile_misses_nothing(programme):
    page = factories.draft_offering()
    with written_but_not_committed(page.latest_revision.publish):
        assert total(programme) == 0
    assert total(programme) == 1


def test_what_is_rolled_back_is_never_counted(programme):
    page, other = factories.draft_offering(), factories.draft_offering()
    assert total(programme) == 0
    with written_but_not_committed(page.latest_revision.publish, is_rolled_back=True):
        other.latest_revision.publish()
        assert total(programme) == 1
    assert total(programme) == 1


def test_threads_see_what_their_own_transactions_see(programme):
    """One publishes and counts before it commits; the other one, in between, counts what everybody sees."""
    page = factories.draft_offering()
    before = Facets(programme)
    seen = []

    def publish_and_count():
        page.latest_revision.publish()
        seen.append(total(programme))

    with written_but_not_committed(publish_and_count):
        assert before.counts(Filters(), now=timezone.now(), search=None).total == 0
        assert seen == [1] and total(programme) == 0
    assert total(programme) == 1
