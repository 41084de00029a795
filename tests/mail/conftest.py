"""A mail of our own with its templates, a mail server that can be told what to do, and people."""

import smtplib
from collections.abc import Iterator

import pytest
from django.core.mail.backends.locmem import EmailBackend

from ehrenamt_wagtail.mail import registry
from ehrenamt_wagtail.mail.models import OutgoingMail

TEMPLATES = {
    "ehrenamt_wagtail/mail/test/sample.subject.txt": "{% load i18n %}{% translate 'Yes' %}: {{ title }}",
    "ehrenamt_wagtail/mail/test/sample.txt": (
        '{% extends "ehrenamt_wagtail/mail/base.txt" %}{% block body %}Inhalt {{ title }}{% endblock %}'
    ),
    "ehrenamt_wagtail/mail/test/sample.html": (
        '{% extends "ehrenamt_wagtail/mail/base.html" %}{% block body %}<p>Inhalt {{ title }}</p>{% endblock %}'
    ),
}


class Killed(BaseException):
    """Stands for a worker that dies: no ``except Exception`` sees it."""


class SampleMail:
    """The registered mail "test/sample"; what it says can be changed."""

    key = "test/sample"

    def __init__(self) -> None:
        self.context: dict | None = {
            "title": "Titel „A & B“",
            "button_url": "https://landkreis.example/ziel/?a=1&b=2",
            "button_label": "Ansehen",
        }
        self.error: BaseException | None = None
        self.built: list[OutgoingMail] = []

    def __call__(self, mail: OutgoingMail) -> dict | None:
        self.built.append(mail)
        if self.error:
            raise self.error
        return self.context


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch, settings) -> SampleMail:
    monkeypatch.setattr(registry, "_mails", dict(registry._mails))
    settings.TEMPLATES = with_templates(settings.TEMPLATES, TEMPLATES)
    builder = SampleMail()
    registry.register_mail(builder.key, builder, label="Probemail")
    return builder


def with_templates(configuration: list[dict], templates: dict[str, str]) -> list[dict]:
    """The template settings with ``templates`` in front, as a host's own directory would be."""
    engine = configuration[0]
    options = {
        **engine["OPTIONS"],
        "loaders": [
            ("django.template.loaders.locmem.Loader", templates),
            "django.template.loaders.app_directories.Loader",
        ],
    }
    return [{**engine, "APP_DIRS": False, "OPTIONS": options}]


class Server:
    """The mail server: keeps what it took, fails on demand."""

    def __init__(self) -> None:
        self.taken: list = []
        self.open_error: BaseException | None = None
        self.error_before: BaseException | None = None
        self.error_after: BaseException | None = None
        self.on_send = None

    @property
    def message_ids(self) -> list[str]:
        return [message.extra_headers["Message-ID"] for message in self.taken]


class ServerBackend(EmailBackend):
    server: Server

    def open(self) -> None:
        if self.server.open_error:
            raise self.server.open_error

    def send_messages(self, messages) -> int:
        if self.server.on_send:
            self.server.on_send()
        if self.server.error_before:
            raise self.server.error_before
        for message in messages:
            message.message()
            self.server.taken.append(message)
        if self.server.error_after:
            raise self.server.error_after
        return len(messages)


@pytest.fixture
def server(settings) -> Iterator[Server]:
    settings.EMAIL_BACKEND = "tests.mail.conftest.ServerBackend"
    ServerBackend.server = Server()
    yield ServerBackend.server
    del ServerBackend.server


SERVER_DOWN = ConnectionRefusedError(111, "Connection refused")
REFUSAL = smtplib.SMTPRecipientsRefused({"frau@geheim.example": (550, b"frau@geheim.example unknown")})


@pytest.fixture(autouse=True)
def _addresses(settings) -> None:
    settings.EHRENAMT = {**settings.EHRENAMT, "BASE_URL": "https://landkreis.example"}
