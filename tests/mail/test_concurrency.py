"""Several workers at once, on a real PostgreSQL with real threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ
from wagtail.log_actions import registry as log_registry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.actions import deliver, deliver_due, queue_mail, resend
from ehrenamt_wagtail.mail.models import DeliveryStart, OutgoingMail
from tests.factories import UserFactory
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

WORKERS = 4


@pytest.mark.parametrize("round_", range(5))
def test_workers_on_one_mail_send_it_once(sample, server, round_):
    mail = queue_mail("test/sample", email="a@post.example")
    results = at_once(*[lambda: deliver(OutgoingMail.objects.get(pk=mail.pk))] * WORKERS)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, len(server.taken)) == ("sent", 1, 1)
    assert not [result for result in results if isinstance(result, Exception)]


def test_worker_passes_over_a_mail_that_another_one_holds(sample, server):
    mail = queue_mail("test/sample", email="a@post.example")
    sending, done = threading.Event(), threading.Event()

    def wait_inside_the_server():
        sending.set()
        assert done.wait(timeout=10)

    server.on_send = wait_inside_the_server

    def first():
        try:
            return deliver(OutgoingMail.objects.get(pk=mail.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(first)
        assert sending.wait(timeout=10)
        try:
            assert deliver(OutgoingMail.objects.get(pk=mail.pk)) == "sending"
            assert deliver_due() == 0
        finally:
            done.set()
        assert future.result(timeout=10) == "sent"
    assert len(server.taken) == 1


def test_claim_does_not_wait_for_a_locked_row(sample, server):
    mail = queue_mail("test/sample", email="a@post.example")

    def other_worker():
        try:
            return deliver(OutgoingMail.objects.get(pk=mail.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).locked().get()
        assert pool.submit(other_worker).result(timeout=10) == "waiting"
    assert server.taken == []


def test_minutely_jobs_that_overlap_send_each_mail_once(sample, server):
    mails = [queue_mail("test/sample", email=f"a{number}@post.example") for number in range(20)]
    results = at_once(*[deliver_due] * WORKERS)
    assert sorted(message.to[0] for message in server.taken) == sorted(mail.address for mail in mails)
    assert sum(results) == 20


def take_start() -> bool:
    """What a worker does with the job queue; whether there was a job."""
    job = OrmQ.objects.first()
    if job is None or OrmQ.objects.filter(pk=job.pk).delete()[0] == 0:
        return False
    deliver_due()
    return True


def test_mail_that_is_committed_after_the_job_read_starts_again(sample, server):
    def another():
        queue_mail("test/sample", email="b@post.example")
        return take_start()

    with transaction.atomic():
        queue_mail("test/sample", email="a@post.example")
        assert at_once(another) == [True]
        assert [message.to for message in server.taken] == [["b@post.example"]]
    assert take_start()
    assert [message.to for message in server.taken] == [["b@post.example"], ["a@post.example"]]


@pytest.mark.parametrize("round_", range(3))
def test_no_mail_is_left_without_a_start(sample, server, round_):
    """Nobody looks by the clock here: what no start leads to would stay."""
    writers, mails, ready = 4, 25, []

    def write(name):
        for number in range(mails):
            with transaction.atomic():
                queue_mail("test/sample", email=f"{name}{number}@post.example")
        ready.append(name)

    def work():
        while len(ready) < writers or OrmQ.objects.exists():
            take_start()

    results = at_once(*[partial(write, name) for name in "abcd"], work, work)
    assert not [result for result in results if isinstance(result, Exception)]
    assert (len(server.taken), OutgoingMail.objects.exclude(status="sent").count()) == (writers * mails, 0)
    assert not DeliveryStart.objects.exists()


def test_same_dedupe_key_at_once_makes_one_mail(sample, server):
    def queue():
        with transaction.atomic():
            return queue_mail("test/sample", email="a@post.example", dedupe_key="approved:7").pk

    assert len(set(at_once(*[queue] * WORKERS))) == 1
    assert OutgoingMail.objects.count() == 1


def test_two_people_resending_at_once_send_once(sample, server):
    mail = queue_mail("test/sample", email="a@post.example")
    OutgoingMail.objects.filter(pk=mail.pk).update(status="given_up", next_attempt_at=None)
    actor = UserFactory(is_superuser=True)
    # Wagtail looks for the kinds of log entries once, at first use, and not safely from several threads.
    log_registry.scan_for_actions()
    results = at_once(*[lambda: resend(mail, actor=actor)] * 2)
    assert [type(result) for result in results].count(NotAllowed) == 1
    assert deliver_due() == 1
    assert len(server.taken) == 1
