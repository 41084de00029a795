"""Workers that die and workers that meet, on PostgreSQL with real processes and threads."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from ehrenamt_wagtail import models
from ehrenamt_wagtail.models import CarriedOver, LongJob
from ehrenamt_wagtail.reporting import carrying, jobs, long_jobs
from tests.factories import OrganisationFactory, coordinator_user, make_site, member_of, published_offering
from tests.reporting.carrying.carried import SOURCE, at, make_period
from tests.reporting.killing import done_by_another, killed_at
from tests.reporting.works import KIND, register, start
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

NUMBER = 6


@pytest.fixture
def period():
    make_site()
    return make_period()


@pytest.fixture
def originals(period):
    organisations = [OrganisationFactory(), OrganisationFactory()]
    for organisation in organisations:
        member_of(organisation)
    date = at(3, 14)
    return [
        published_offering(organisation=organisations[number % 2], title="Immer gleich", dates=[date + dt.timedelta(days=number)])
        for number in range(NUMBER)
    ]


def copies_of(originals) -> Counter:
    """Original → number of drafts that were made of it, the lost and the doubled included."""
    made = models.OfferingPage.objects.filter(live=False)
    rows = dict(CarriedOver.objects.values_list("copy", "original"))
    return Counter(rows.get(pk) for pk in made.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("place", "when"),
    [
        # Between two offerings; and when the draft of the third one is written, and the row that says so is not.
        ("ehrenamt_wagtail.reporting.carrying:carry_one", "before"),
        ("ehrenamt_wagtail.programme.actions:carry_over", "after"),
    ],
)
def test_killed_worker_leaves_no_half_result_and_the_next_one_goes_on(period, originals, place, when):
    job = carrying.carry_over(period, SOURCE, actor=coordinator_user())
    killed_at(job, place, when=when, call=3)
    # The third draft went with its transaction, or was not begun.
    assert sum(copies_of(originals).values()) == 2
    assert not models.OutgoingMail.objects.filter(template=carrying.CARRIED).exists()
    # Another worker that gets the same task leaves it alone: nobody knows yet.
    jobs.run_long_job(job.pk)
    assert sum(copies_of(originals).values()) == 2
    done_by_another(job)
    assert copies_of(originals) == {page.pk: 1 for page in originals}
    told = models.OutgoingMail.objects.filter(template=carrying.CARRIED)
    assert sorted(len(row.params["carried"]) for row in told) == [NUMBER // 2, NUMBER // 2]


@pytest.mark.parametrize("round_", range(3))
def test_two_workers_that_believe_to_have_the_job_make_each_draft_once(period, originals, round_):
    job = carrying.carry_over(period, SOURCE, actor=coordinator_user())
    results = at_once(*[lambda: carrying.work(LongJob.objects.get(pk=job.pk), lambda done, total: None)] * 2)
    assert not [result for result in results if isinstance(result, Exception)]
    assert copies_of(originals) == {page.pk: 1 for page in originals}
    # Each organisation was told by whoever finished, once.
    told = models.OutgoingMail.objects.filter(template=carrying.CARRIED)
    assert Counter(told.values_list("user", flat=True)).most_common(1)[0][1] == 1
    assert told.count() == 2


@pytest.mark.parametrize("round_", range(5))
def test_two_workers_with_the_same_task_do_the_work_once(round_, monkeypatch):
    started = threading.Event()
    work = register(monkeypatch, during=lambda: started.wait(timeout=0.2))
    job = start()
    at_once(*[partial(jobs.run_long_job, job.pk)] * 3)
    job.refresh_from_db()
    assert (job.status, job.attempts, len(work.seen)) == ("done", 1, 1)


@pytest.mark.parametrize("round_", range(5))
def test_two_people_who_click_at_once_get_the_same_job(round_):
    actor = coordinator_user()
    results = at_once(*[partial(start, actor=actor)] * 4)
    assert len({job.pk for job in results}) == 1
    assert LongJob.objects.filter(kind=KIND).count() == 1


def test_progress_is_seen_by_others_while_the_work_goes_on(period, originals, monkeypatch):
    job = carrying.carry_over(period, SOURCE, actor=coordinator_user())
    monkeypatch.setattr(long_jobs, "SECONDS_BETWEEN_REPORTS", 0)
    inside, go_on, carry_one = threading.Event(), threading.Event(), carrying.carry_one
    before_third = [originals[2].pk]

    def pausing(candidate, *args):
        if candidate.offering_id in before_third:
            before_third.clear()
            inside.set()
            assert go_on.wait(timeout=20)
        carry_one(candidate, *args)

    monkeypatch.setattr(carrying, "carry_one", pausing)

    def worker():
        try:
            jobs.run_long_job(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(worker)
        try:
            assert inside.wait(timeout=20)
            job.refresh_from_db()
            assert (job.status, job.done, job.total) == ("running", 2, NUMBER)
            assert CarriedOver.objects.count() == 2
        finally:
            go_on.set()
        future.result(timeout=30)
    job.refresh_from_db()
    assert job.status == "done"
