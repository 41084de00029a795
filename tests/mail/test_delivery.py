"""Delivering: once, again after failures, and what happens when a worker dies at each point."""

import datetime as dt
import smtplib

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail import actions, jobs, queries, registry, rendering
from ehrenamt_wagtail.mail.actions import _claim, _connection, deliver, deliver_due, describe, queue_mail, resend
from ehrenamt_wagtail.mail.models import OutgoingMail
from tests.factories import UserFactory
from tests.mail.server import REFUSAL, SERVER_DOWN, Killed

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(sample) -> OutgoingMail:
    return queue_mail("test/sample", email="a@post.example")


@pytest.fixture
def bulk(sample) -> OutgoingMail:
    return queue_mail("test/sample", email="a@post.example", is_bulk=True)


def let_time_pass(mail: OutgoingMail) -> None:
    """Until the mail is due again: its pause is over, or the claim on it lapsed."""
    OutgoingMail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now() - dt.timedelta(seconds=1))


def minutes_until_due(mail: OutgoingMail) -> int:
    mail.refresh_from_db()
    return round((mail.next_attempt_at - timezone.now()).total_seconds() / 60)


# The normal way


def test_deliver_sends_once(mail, server):
    assert [deliver(mail), deliver(mail)] == ["sent", "sent"]
    assert (len(server.taken), mail.attempts, mail.next_attempt_at, mail.last_error) == (1, 1, None, "")
    assert mail.sent_at is not None


def test_deliver_due_takes_what_is_due(sample, server):
    later = queue_mail("test/sample", email="c@post.example")
    OutgoingMail.objects.filter(pk=later.pk).update(next_attempt_at=timezone.now() + dt.timedelta(minutes=5))
    newer = queue_mail("test/sample", email="b@post.example")
    older = queue_mail("test/sample", email="a@post.example")
    let_time_pass(older)
    assert jobs.deliver_due() == 2
    assert [message.to[0] for message in server.taken] == ["a@post.example", "b@post.example"]
    newer.refresh_from_db()
    later.refresh_from_db()
    assert (newer.status, later.status, later.attempts) == ("sent", "waiting", 0)


def test_deliver_due_stops_when_time_is_up(mail, server, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "MAIL_JOB_SECONDS": 0}
    assert deliver_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("waiting", 0)


def test_what_one_job_leaves_another_goes_on_with(sample, server, queued_jobs, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    for name in "abc":
        queue_mail("test/sample", email=f"{name}@post.example")
    assert (deliver_due(), OrmQ.objects.count()) == (2, 1)
    assert (deliver_due(), OrmQ.objects.count()) == (1, 1)
    assert len(server.taken) == 3


@pytest.mark.django_db(transaction=True)
def test_deliver_refuses_inside_a_transaction(queued_jobs, mail, server):
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, server.taken) == ("waiting", 0, [])


def test_builder_may_drop_the_mail(mail, sample, server):
    sample.context = None
    assert deliver(mail) == "dropped"
    assert (server.taken, mail.next_attempt_at, deliver_due()) == ([], None, 0)


def test_address_of_the_user_is_read_at_delivery(sample, server):
    user = UserFactory(email="alt@post.example")
    mail = queue_mail("test/sample", user=user)
    user.email = "neu@post.example"
    user.save()
    mail = OutgoingMail.objects.get(pk=mail.pk)
    assert deliver(mail) == "sent"
    assert server.taken[0].to == ["neu@post.example"]


def test_inactive_and_deleted_recipients_are_told_nothing(sample, server):
    inactive, deleted = UserFactory(), UserFactory()
    mails = [queue_mail("test/sample", user=inactive), queue_mail("test/sample", user=deleted)]
    inactive.is_active = False
    inactive.save()
    deleted.delete()
    assert [deliver(OutgoingMail.objects.get(pk=mail.pk)) for mail in mails] == ["dropped", "dropped"]
    assert (server.taken, sample.built) == ([], [])


def test_user_without_address_is_given_up_at_once(sample, server):
    mail = queue_mail("test/sample", user=UserFactory(email=""))
    assert deliver(mail) == "given_up"
    assert (mail.last_error, server.taken, queries.undelivered_count()) == ("no mail address", [], 1)


# Failures


def test_server_down_pauses_grow_until_given_up_then_resend(mail, server, settings, django_capture_on_commit_callbacks):
    settings.EHRENAMT = {**settings.EHRENAMT, "MAIL_RETRY_MINUTES": [1, 5, 30]}
    server.open_error = SERVER_DOWN
    pauses = []
    while deliver(mail) == "waiting":
        pauses.append(minutes_until_due(mail))
        assert deliver(mail) == "waiting"
        assert mail.attempts == len(pauses)
        let_time_pass(mail)
    assert pauses == [1, 5, 30]
    assert (mail.status, mail.attempts, mail.next_attempt_at) == ("given_up", 4, None)
    assert mail.last_error == "ConnectionRefusedError: Connection refused"
    assert (deliver_due(), server.taken, queries.undelivered_count()) == (0, [], 1)

    server.open_error = None
    actor = UserFactory(is_superuser=True)
    with django_capture_on_commit_callbacks(execute=True):
        resend(mail, actor=actor)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.last_error) == ("sent", 1, "")
    assert server.message_ids == [mail.message_id]
    entry = ModelLogEntry.objects.get(action="ehrenamt.resend_mail")
    assert (entry.user_id, entry.object_id, entry.label) == (actor.pk, str(mail.pk), f"Probemail #{mail.pk}")


def test_failed_mail_waits_for_its_pause(mail, server):
    server.open_error = SERVER_DOWN
    deliver(mail)
    server.open_error = None
    assert (deliver_due(), server.taken) == (0, [])
    let_time_pass(mail)
    assert (deliver_due(), len(server.taken)) == (1, 1)


@pytest.mark.expected_errors("cannot be rendered: ValueError")
def test_rendering_error_is_tried_again_and_tells_no_secret(mail, sample, server, caplog):
    sample.error = ValueError("token-abc123 for frau@geheim.example")
    assert deliver(mail) == "waiting"
    assert (mail.attempts, mail.last_error, server.taken) == (1, "ValueError", [])
    assert "sample.py" in caplog.text
    assert "abc123" not in caplog.text


def test_refusal_is_stored_without_the_address(mail, bulk, server):
    server.error_before = REFUSAL
    assert [deliver(mail), deliver(bulk)] == ["waiting", "waiting"]
    assert mail.last_error == bulk.last_error == "SMTPRecipientsRefused 550"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (smtplib.SMTPDataError(451, b"try later, frau@geheim.example"), "SMTPDataError 451"),
        (smtplib.SMTPServerDisconnected("frau@geheim.example"), "SMTPServerDisconnected"),
        (OSError("frau@geheim.example"), "OSError"),
        (TimeoutError(110, "Connection timed out"), "TimeoutError: Connection timed out"),
    ],
)
def test_describe_names_nobody(error, text):
    assert describe(error) == text


def test_broken_connection_leaves_bulk_unclear_and_sends_the_rest_again(mail, bulk, server):
    server.error_after = smtplib.SMTPServerDisconnected()
    assert [deliver(mail), deliver(bulk)] == ["waiting", "unclear"]
    assert bulk.next_attempt_at is None
    server.error_after = None
    let_time_pass(mail)
    assert deliver_due() == 1
    assert server.message_ids == [mail.message_id, bulk.message_id, mail.message_id]


def test_backend_that_sends_nothing_has_failed(mail, server, monkeypatch):
    monkeypatch.setattr("tests.mail.server.ServerBackend.send_messages", lambda self, messages: 0)
    assert deliver(mail) == "waiting"
    assert mail.sent_at is None


def test_server_that_never_answers_has_a_time_limit(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert _connection().timeout == 15
    settings.EMAIL_TIMEOUT = 3
    assert _connection().timeout == 3


# Workers that die


def test_killed_before_the_claim_is_sent_once(mail, server):
    """The job that was enqueued on commit never ran."""
    assert (deliver_due(), deliver_due(), len(server.taken)) == (1, 0, 1)


@pytest.mark.parametrize("is_bulk", [False, True])
def test_killed_while_claimed_is_sent_once(sample, server, is_bulk):
    mail = queue_mail("test/sample", email="a@post.example", is_bulk=is_bulk)
    sample.error = Killed()
    with pytest.raises(Killed):
        deliver(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, minutes_until_due(mail)) == ("claimed", 1, 10)
    sample.error = None
    assert (deliver_due(), server.taken) == (0, [])

    let_time_pass(mail)
    assert (deliver_due(), deliver_due(), len(server.taken)) == (1, 0, 1)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("sent", 2)


@pytest.mark.parametrize("point", ["error_before", "error_after"])
def test_killed_while_sending_is_sent_again_with_the_same_id(mail, server, point):
    setattr(server, point, Killed())
    with pytest.raises(Killed):
        deliver(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("sending", 1)
    setattr(server, point, None)
    assert deliver_due() == 0

    let_time_pass(mail)
    assert (deliver_due(), deliver_due()) == (1, 0)
    assert set(server.message_ids) == {mail.message_id}
    assert len(server.taken) == (2 if point == "error_after" else 1)


@pytest.mark.parametrize("point", ["error_before", "error_after"])
def test_killed_while_sending_bulk_is_unclear_until_resent(
    bulk, server, point, django_capture_on_commit_callbacks
):
    setattr(server, point, Killed())
    with pytest.raises(Killed):
        deliver(bulk)
    setattr(server, point, None)
    taken = len(server.taken)
    let_time_pass(bulk)
    assert (deliver_due(), deliver_due(), len(server.taken)) == (0, 0, taken)
    bulk.refresh_from_db()
    assert (bulk.status, bulk.attempts, bulk.last_error, queries.undelivered_count()) == ("unclear", 1, "interrupted", 1)

    with django_capture_on_commit_callbacks(execute=True):
        resend(bulk, actor=UserFactory(is_superuser=True))
    bulk.refresh_from_db()
    assert (bulk.status, len(server.taken), server.message_ids[-1]) == ("sent", taken + 1, bulk.message_id)


def test_killed_after_sending_before_the_note_is_sent_again_with_the_same_id(mail, server, monkeypatch):
    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("ehrenamt_wagtail.mail.actions._finish", die)
        deliver(mail)
    let_time_pass(mail)
    assert deliver_due() == 1
    assert server.message_ids == [mail.message_id, mail.message_id]


def test_worker_that_dies_every_time_ends(mail, sample, server, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "MAIL_RETRY_MINUTES": [1]}
    sample.error = Killed()
    for _attempt in range(2):
        with pytest.raises(Killed):
            deliver(mail)
        let_time_pass(mail)
    assert deliver(mail) == "given_up"
    assert (mail.attempts, len(sample.built), server.taken) == (2, 2, [])


def test_late_worker_leaves_a_mail_that_another_one_took_over(mail, sample, server):
    """The first worker was thought dead: its claim lapsed while it rendered."""
    in_first = True

    def be_overtaken(late: OutgoingMail):
        nonlocal in_first
        if in_first:
            in_first = False
            let_time_pass(mail)
            assert deliver(OutgoingMail.objects.get(pk=mail.pk)) == "sent"
        return sample.context

    registry.register_mail("test/sample", be_overtaken)
    assert deliver(mail) == "sent"
    assert (len(server.taken), mail.attempts) == (1, 2)


def test_late_worker_does_not_send_what_another_one_is_about_to_send(mail, sample, server):
    def be_overtaken(late: OutgoingMail):
        let_time_pass(mail)
        assert _claim(mail.pk).attempts == 2
        return sample.context

    registry.register_mail("test/sample", be_overtaken)
    assert deliver(mail) == "claimed"
    assert (server.taken, mail.attempts) == ([], 2)


def test_nothing_is_rendered_or_sent_inside_a_transaction(mail, sample, server, monkeypatch):
    open_blocks = []
    real = rendering.render

    def note(mail):
        open_blocks.append(len(connection.atomic_blocks))
        return real(mail)

    outside = len(connection.atomic_blocks)
    monkeypatch.setattr("ehrenamt_wagtail.mail.rendering.render", note)
    server.on_send = lambda: open_blocks.append(len(connection.atomic_blocks))
    assert deliver(mail) == "sent"
    assert open_blocks == [outside, outside]


# Resending


@pytest.mark.parametrize("status", ["waiting", "claimed", "sending", "sent", "dropped"])
def test_resend_refuses_other_states(mail, server, status, django_capture_on_commit_callbacks):
    OutgoingMail.objects.filter(pk=mail.pk).update(status=status, next_attempt_at=None)
    with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(NotAllowed):
        resend(mail, actor=UserFactory(is_superuser=True))
    mail.refresh_from_db()
    assert (mail.status, mail.next_attempt_at, callbacks, server.taken) == (status, None, [], [])
    assert not ModelLogEntry.objects.filter(action="ehrenamt.resend_mail").exists()


def test_resend_refuses_people_without_permission(mail, server):
    OutgoingMail.objects.filter(pk=mail.pk).update(status="given_up")
    with pytest.raises(NotAllowed, match="Ehrenamtskoordination|volunteer coordination"):
        resend(mail, actor=UserFactory())
    mail.refresh_from_db()
    assert (mail.status, server.taken) == ("given_up", [])


def test_resend_of_a_failed_mail_tries_at_once(mail, server, django_capture_on_commit_callbacks):
    server.open_error = SERVER_DOWN
    deliver(mail)
    server.open_error = None
    with django_capture_on_commit_callbacks(execute=True):
        resend(mail, actor=UserFactory(is_superuser=True))
    mail.refresh_from_db()
    assert (mail.status, len(server.taken)) == ("sent", 1)


def test_undelivered_counts_what_needs_a_look(sample):
    states = [("waiting", 0), *((status, 1) for status in OutgoingMail.Status.values)]
    for status, attempts in states:
        mail = queue_mail("test/sample", email="a@post.example")
        OutgoingMail.objects.filter(pk=mail.pk).update(status=status, attempts=attempts)
    assert queries.undelivered_count() == 3
