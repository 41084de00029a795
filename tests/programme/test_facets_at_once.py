"""Changes whose transactions overlap, on PostgreSQL with real connections: a process that counts misses none of them."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ehrenamt_wagtail.models import ListedSeats
from ehrenamt_wagtail.programme.changes import note
from ehrenamt_wagtail.programme.facets import Facets
from ehrenamt_wagtail.programme.filters import Filters
from tests import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAIT = 10  # seconds


@pytest.fixture(autouse=True)
def programme(queued_jobs, db):
    return factories.make_site(setup=False)[0]


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


def give_seats(page):
    """As a provider's facts change, which waits for nobody."""
    with transaction.atomic():
        ListedSeats.objects.filter(pk=page.pk).update(is_free=True)
        note([page.pk])


def free(programme, facets=None):
    return (facets or Facets(programme)).counts(Filters(), now=timezone.now(), search=None).of("frei")["1"]


def test_a_transaction_that_began_earlier_and_ends_later_is_not_missed(programme):
    pages = [factories.published_offering() for _number in range(3)]
    assert free(programme) == 0
    with written_but_not_committed(lambda: give_seats(pages[0])):
        give_seats(pages[1])
        assert free(programme) == 1
        give_seats(pages[2])
        assert free(programme) == 2
    assert free(programme) == 3


def test_a_process_that_begins_meanwhile_misses_nothing(programme):
    page, other = factories.published_offering(), factories.published_offering()
    with written_but_not_committed(lambda: give_seats(page)):
        give_seats(other)
        assert free(programme) == 1
    assert free(programme) == 2


def test_what_is_rolled_back_is_never_counted(programme):
    page, other = factories.published_offering(), factories.published_offering()
    assert free(programme) == 0
    with written_but_not_committed(lambda: give_seats(page), is_rolled_back=True):
        give_seats(other)
        assert free(programme) == 1
    assert free(programme) == 1


def test_threads_see_what_their_own_transactions_see(programme):
    """One writes and counts before it commits; the other one, in between, counts what everybody sees."""
    page = factories.published_offering()
    before = Facets(programme)
    seen = []

    def give_and_count():
        give_seats(page)
        seen.append(free(programme))

    with written_but_not_committed(give_and_count):
        assert free(programme, before) == 0
        assert seen == [1] and free(programme) == 0
    assert free(programme) == 1


def test_what_is_published_is_counted_once_committed(programme):
    page = factories.draft_offering()
    with written_but_not_committed(page.latest_revision.publish):
        assert Facets(programme).counts(Filters(), now=timezone.now(), search=None).total == 0
    assert Facets(programme).counts(Filters(), now=timezone.now(), search=None).total == 1
