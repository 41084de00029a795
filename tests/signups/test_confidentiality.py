"""Supervision is confidential: nobody but the named supervisor finds a name, an address, an answer or a message anywhere."""

import inspect
import io
import logging
import smtplib

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import get_snippet_models
from wagtail_modeladmin.options import ModelAdmin

from ehrenamt_wagtail import models
from ehrenamt_wagtail.mail import actions as mail_actions
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.registers import Register
from ehrenamt_wagtail.signups import jobs, supervision
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from tests import factories
from tests.signups.crawl import (
    KEPT_IN,
    WholeCrawl,
    World,
    admin_addresses,
    neutral,
    portal_addresses,
    searches,
    tables_with_secrets,
)

# The first puts these tests before those that empty the database.
pytestmark = [pytest.mark.django_db, pytest.mark.thorough, pytest.mark.indexed]


@pytest.fixture(autouse=True)
def _site():
    """The world has its own."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once; every question rolls back what it changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = World()
        built.others["editor"] = factories.editor_user()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def database(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def shown_to(world, user, start, *, most: int = 0, forms: bool = True) -> WholeCrawl:
    with transaction.atomic():
        crawl = WholeCrawl(world, user, start=start, most=len(start) + most, forms=forms).run()
        crawl.look_at_mails("mail")
        transaction.set_rollback(True)
    return crawl


WHO = [
    "visitor", "member", "manager", "other organisation", "coordinator", "superuser", "editor", "others of the circle",
    "other supervisor",
]  # fmt: skip
# A member of the organisation has most to send.
SEND_FORMS = ("manager",)


@pytest.mark.parametrize("who", WHO)
def test_others_find_nothing_in_portal_and_public_pages(world, database, who):
    crawl = shown_to(world, world.others[who], portal_addresses(world), most=60, forms=who in SEND_FORMS)
    assert crawl.leaks == {}
    assert crawl.statuses[200] > 10


@pytest.mark.parametrize("who", ["coordinator", "superuser", "editor"])
def test_others_find_nothing_in_the_administration(world, database, who):
    crawl = shown_to(world, world.others[who], admin_addresses(world), most=120, forms=False)
    assert crawl.leaks == {}
    assert crawl.statuses[200] > 5


def test_supervisor_finds_all_people(world, database):
    """The positive control: the same search finds what is there to be found."""
    start = ["/partner/supervision/"]
    crawl = shown_to(world, world.supervisor, start, most=120, forms=False)
    found = set().union(*crawl.leaks.values())
    everything = set(world.secrets.meanings.values())
    gone = {meaning for meaning in everything if " of cancelled" in meaning}
    sent = {"subject of message", "text of message"}
    assert everything - found == gone | sent


def test_who_asked_finds_the_request_and_no_people(world, database):
    crawl = shown_to(world, world.asker, portal_addresses(world), most=60)
    assert set().union(*crawl.leaks.values()) == {"question of request", "answer of request", "place of request"}


# Searching: to ask for a name must be the same as to ask for a word that is nowhere


@pytest.mark.parametrize("who", ["superuser", "coordinator", "manager"])
def test_search_for_a_name_answers_like_search_for_nonsense(world, database, who):
    client = Client()
    client.force_login(world.others[who])
    asked = ("name of confirmed in group", "mail of confirmed in group", "place of request")
    words = [word for word, meaning in world.secrets.meanings.items() if meaning in asked]
    differing = []
    for address in searches():
        with transaction.atomic():
            # The first answer may bring messages of refused pages before it.
            client.get(address + "geheim999x")
            nonsense = client.get(address + "geheim999x")
            for word in words:
                if neutral(client.get(address + word).content, word) != neutral(nonsense.content, "geheim999x"):
                    differing.append(f"{address}{world.secrets.meanings[word]}")
            transaction.set_rollback(True)
    assert differing == []


# Where it is stored


def test_names_stand_in_their_own_tables_only(world, database):
    found = tables_with_secrets(world.secrets)
    assert set(found) <= KEPT_IN
    # The outbox knows addresses alone.
    assert {meaning.split(" of ")[0] for meaning in found["ehrenamt_wagtail_outgoingmail"]} == {"mail"}


def test_reference_index_knows_none_of_it(world, database):
    kept = [
        models.SignUp, models.Participant, models.Answer, models.AccessNeeds, models.SupervisionRequest, models.RequestMessage,
        models.Notice, models.NoticeRecipient, models.HeldSession, models.SupervisionSetup, models.Attendance,
    ]  # fmt: skip
    for model in kept:
        kind = ContentType.objects.get_for_model(model)
        assert not ReferenceIndex.objects.filter(content_type=kind).exists(), model
        assert not ReferenceIndex.objects.filter(to_content_type=kind).exists(), model


def test_no_register_shows_people():
    """A host could register one; the app has none, and docs/supervision.md says what that would mean."""
    secret = {
        models.SignUp, models.Participant, models.Answer, models.AccessNeeds, models.SupervisionRequest, models.RequestMessage,
        models.Notice, models.NoticeRecipient, models.Attendance,
    }  # fmt: skip

    def everybody(kind):
        return {kind, *(inner for child in kind.__subclasses__() for inner in everybody(child))}

    registered = {getattr(register, "model", None) for register in everybody(ModelAdmin) | everybody(Register)}
    assert registered & secret == set()
    assert set(get_snippet_models()) & secret == set()
    assert not apps.is_installed("django.contrib.admin")


def test_every_sign_up_has_its_reader(world, database):
    rows = models.SignUp.objects.all()
    assert {(row.is_confidential, row.reader) for row in rows} == {(True, world.supervisor)}
    for who in WHO[1:]:
        for page in (world.single, world.group):
            assert not readable_sign_ups(page, user=world.others[who]).exists(), who


def test_printing_objects_names_nobody(world, database):
    kept = [
        models.SignUp, models.Participant, models.Answer, models.AccessNeeds, models.SupervisionRequest, models.RequestMessage,
        models.Notice, models.NoticeRecipient, models.OutgoingMail, models.HeldSession,
    ]  # fmt: skip
    text = " ".join(f"{row} {row!r}" for model in kept for row in model.objects.all())
    assert world.secrets.found_in(text) == set()


# Mails and logs


def test_mails_say_nothing_to_others(world, database):
    told = {}
    for row in models.OutgoingMail.objects.all():
        rendered = render(row)
        if rendered is not None:
            words = world.secrets.found_in(f"{rendered.subject}\n{rendered.text}\n{rendered.html}\n{rendered.reply_to}")
            words |= world.secrets.found_in(" ".join(str(part) for part in rendered.attachments))
            told.setdefault(row.recipient_address(), set()).update(words)
    message = {"subject of message", "text of message"}
    leaks = {address: words - message - world.words_of.get(address, set()) for address, words in told.items()}
    assert {address: words for address, words in leaks.items() if words} == {}
    assert any(message <= words for words in told.values())
    # Others than those who take part, and their supervisor about requests, were told nothing at all.
    assert told[world.supervisor.email] == told[world.asker.email] == set()


def test_all_rows_of_the_outbox_are_confidential(world, database):
    about = models.OutgoingMail.objects.filter(template__startswith="signups/")
    assert about.count() > 10
    assert not about.filter(is_confidential=False).exists()


def test_logs_name_nobody_even_when_mail_and_jobs_fail(world, database, caplog, monkeypatch, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sent = []

    def send(self, messages):
        sent.append(messages)
        if len(sent) % 2:
            raise smtplib.SMTPRecipientsRefused({address: (550, f"unknown: {address}".encode()) for address in messages[0].to})
        return len(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)
    # Deliver without the guard against doing so inside of a transaction, which this world is.
    atomic = transaction.atomic
    monkeypatch.setattr(mail_actions.transaction, "atomic", lambda using=None, **_options: atomic(using))
    with atomic(), caplog.at_level(logging.DEBUG):
        models.OutgoingMail.objects.update(status="waiting", attempts=0, next_attempt_at=timezone.now())
        mail_actions.deliver_due()
        confirmed = models.SignUp.objects.filter(status="confirmed").first()
        supervision.cancel_for(confirmed, actor=world.supervisor)
        for job in JOBS:
            job()
        text = "\n".join(f"{record.getMessage()} {record.exc_text or ''} {record.args}" for record in caplog.records)
        errors = " ".join(models.OutgoingMail.objects.values_list("last_error", flat=True))
        transaction.set_rollback(True)
    assert len(sent) > 5
    assert "Mail" in text
    assert world.secrets.found_in(text + errors) == set()


JOBS = [
    call
    for call in vars(jobs).values()
    if inspect.isfunction(call) and call.__module__ == jobs.__name__ and not inspect.signature(call).parameters
]


@pytest.mark.parametrize("command", ["ehrenamt_setup", "ehrenamt_rebuild_planned_dates", "rebuild_references_index", "update_index"])
def test_commands_print_no_names(world, database, command):
    out, err = io.StringIO(), io.StringIO()
    with transaction.atomic():
        call_command(command, stdout=out, stderr=err)
        transaction.set_rollback(True)
    assert world.secrets.found_in(out.getvalue() + err.getvalue()) == set()


def test_outbox_of_the_test_run_is_empty_of_others(world, database):
    """Nothing was mailed in another way than by the outbox."""
    assert [message for message in mail.outbox if world.secrets.found_in(str(message.message()))] == []
