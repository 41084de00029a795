"""Writing mails: with the change or not at all, once, in the right language."""

import uuid

import pytest
from django.db import transaction
from django.template.loader import get_template
from django_q.models import OrmQ
from wagtail.models import Site
from wagtail.users.models import UserProfile

from ehrenamt_wagtail.mail import jobs, languages, registry, starts
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.mail.models import DeliveryStart, OutgoingMail
from ehrenamt_wagtail.schedules import SCHEDULES
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_queue_mail_sends_after_commit(sample, server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail = queue_mail("test/sample", email="a@post.example", params={"offering": 3})
        assert server.taken == []
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.params) == ("sent", 1, {"offering": 3})
    assert [message.to for message in server.taken] == [["a@post.example"]]


def test_many_mails_that_wait_need_one_start(sample, queued_jobs, django_capture_on_commit_callbacks):
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            for _number in range(3):
                queue_mail("test/sample", email="a@post.example", params={"offering": 3})
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"], task["kwargs"]) == ("ehrenamt_wagtail.mail.jobs.deliver_due", (), {})


def test_mail_that_comes_while_others_are_delivered_starts_again(
    sample, server, queued_jobs, django_capture_on_commit_callbacks
):
    def another():
        server.on_send = None
        with django_capture_on_commit_callbacks(execute=True):
            queue_mail("test/sample", email="b@post.example")

    with django_capture_on_commit_callbacks(execute=True):
        queue_mail("test/sample", email="a@post.example")
    server.on_send = another
    assert (jobs.deliver_due(), OrmQ.objects.count()) == (1, 2)
    assert (jobs.deliver_due(), DeliveryStart.objects.count()) == (1, 0)
    assert [message.to for message in server.taken] == [["a@post.example"], ["b@post.example"]]


def test_job_reads_the_outbox_after_it_took_the_start_back(
    sample, server, queued_jobs, monkeypatch, django_capture_on_commit_callbacks
):
    """Who finds a start that waits adds none; until it is taken back that job has to find the mail."""
    take_back = starts.take_back

    def at_the_last_moment():
        with django_capture_on_commit_callbacks(execute=True):
            queue_mail("test/sample", email="b@post.example")
        take_back()

    with django_capture_on_commit_callbacks(execute=True):
        queue_mail("test/sample", email="a@post.example")
    monkeypatch.setattr(starts, "take_back", at_the_last_moment)
    assert jobs.deliver_due() == 2
    assert OrmQ.objects.count() == 1
    assert {message.to[0] for message in server.taken} == {"a@post.example", "b@post.example"}


def test_start_that_got_lost_is_made_good_by_the_job_of_every_minute(
    sample, server, queued_jobs, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        queue_mail("test/sample", email="a@post.example")
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        queue_mail("test/sample", email="b@post.example")
    assert not OrmQ.objects.exists()
    assert SCHEDULES["ehrenamt: deliver due mail"] == (starts.JOB, 1)
    assert (jobs.deliver_due(), len(server.taken)) == (2, 2)
    with django_capture_on_commit_callbacks(execute=True):
        queue_mail("test/sample", email="c@post.example")
    assert OrmQ.objects.count() == 1


def test_rollback_leaves_no_mail(sample, server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        with pytest.raises(RuntimeError), transaction.atomic():
            queue_mail("test/sample", email="a@post.example")
            raise RuntimeError
    assert (callbacks, OutgoingMail.objects.count(), server.taken) == ([], 0, [])


@pytest.mark.expected_errors("in on_commit")
def test_unreachable_broker_keeps_the_mail(sample, server, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*args):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(starts, "async_task", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            mail = queue_mail("test/sample", email="a@post.example")
    mail.refresh_from_db()
    assert mail.status == "waiting"
    # The next mail does not rely on a start that never got into the queue.
    with django_capture_on_commit_callbacks(execute=True):
        queue_mail("test/sample", email="b@post.example")
    assert sorted(message.to[0] for message in server.taken) == ["a@post.example", "b@post.example"]


def test_same_dedupe_key_returns_the_existing_mail(sample, server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = queue_mail("test/sample", email="a@post.example", dedupe_key="approved:7:a")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        second = queue_mail("test/sample", email="a@post.example", dedupe_key="approved:7:a")
    assert (second.pk, second.status, callbacks) == (first.pk, "sent", [])
    assert len(server.taken) == 1


def test_mails_without_dedupe_key_are_separate(sample):
    assert queue_mail("test/sample", email="a@post.example") != queue_mail("test/sample", email="a@post.example")
    assert queue_mail("test/sample", email="a@post.example", dedupe_key="").dedupe_key is None


def test_unknown_template_is_refused(sample):
    with pytest.raises(registry.UnknownMail, match="test/unknown"):
        queue_mail("test/unknown", email="a@post.example")
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("key", ["sample", "test/sample.txt", "../secret", "Test/Sample", "a/b/c"])
def test_register_mail_refuses_odd_keys(sample, key):
    with pytest.raises(ValueError, match="<room>/<name>"):
        registry.register_mail(key, sample)
    assert key not in registry._mails


@pytest.mark.parametrize("email", ["", "nobody", "a@post.example\nBcc: b@post.example", "a@post.example, b@post.example"])
def test_queue_mail_refuses_what_is_no_address(sample, email):
    with pytest.raises(ValueError, match="address"):
        queue_mail("test/sample", email=email)
    assert not OutgoingMail.objects.exists()


def test_params_take_ids(sample):
    uid = uuid.uuid4()
    mail = queue_mail("test/sample", email="a@post.example", params={"uid": uid, "pages": [1, 2], "kind": "date", "by": None})
    mail.refresh_from_db()
    assert mail.params == {"uid": str(uid), "pages": [1, 2], "kind": "date", "by": None}


@pytest.mark.parametrize("value", ["ein Satz", "a@post.example", "/pfad/?token=x", {"a": 1}, 1.5, ["zwei Wörter"], "x" * 65])
def test_params_refuse_texts(sample, value):
    with pytest.raises(ValueError, match="ids"):
        queue_mail("test/sample", email="a@post.example", params={"value": value})
    assert not OutgoingMail.objects.exists()


def test_language_is_the_sites_by_default(sample, settings):
    settings.LANGUAGE_CODE = "de"
    assert queue_mail("test/sample", email="a@post.example").language == "de"
    assert queue_mail("test/sample", user=UserFactory()).language == "de"


def test_language_of_the_wagtail_profile_is_respected(sample):
    user = UserFactory()
    UserProfile.objects.create(user=user, preferred_language="en")
    assert queue_mail("test/sample", user=user).language == "en"


def test_language_of_a_source_comes_before_the_profile(sample, monkeypatch):
    user = UserFactory()
    UserProfile.objects.create(user=user, preferred_language="de")
    monkeypatch.setattr(languages, "_sources", [])
    languages.register_language_source(lambda person: "en" if person == user else "")
    assert queue_mail("test/sample", user=user).language == "en"
    assert queue_mail("test/sample", user=user, language="de").language == "de"


@pytest.mark.parametrize(("wanted", "got"), [("en-GB", "en"), ("xx", "de"), ("../x", "de")])
def test_language_is_one_that_the_site_offers(sample, wanted, got):
    assert queue_mail("test/sample", email="a@post.example", language=wanted).language == got


def test_registered_mails_have_their_three_templates():
    for mail in registry.registered_mails():
        for name in mail.template_names:
            get_template(name)


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/partner/", "https://landkreis.example/partner/"),
        ("partner/", "https://landkreis.example/partner/"),
        ("https://stadt.example/x", "https://stadt.example/x"),
    ],
)
def test_absolute_url_has_the_configured_host(path, url):
    assert registry.absolute_url(path) == url


def test_absolute_url_falls_back_to_the_default_site(settings):
    settings.EHRENAMT = {}
    Site.objects.filter(is_default_site=True).update(hostname="www.kreis.example", port=443)
    Site.clear_site_root_paths_cache()
    assert registry.absolute_url("/partner/") == "https://www.kreis.example/partner/"
