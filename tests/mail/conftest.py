"""A mail of our own with its templates, a mail server that can be told what to do, and people."""

from collections.abc import Iterator

import pytest

from ehrenamt_wagtail.mail import registry

from .sample import TEMPLATES, SampleMail, with_templates
from .server import Server, ServerBackend


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch, settings) -> SampleMail:
    monkeypatch.setattr(registry, "_mails", dict(registry._mails))
    settings.TEMPLATES = with_templates(settings.TEMPLATES, TEMPLATES)
    builder = SampleMail()
    registry.register_mail(builder.key, builder, label="Probemail")
    return builder


@pytest.fixture
def server(settings) -> Iterator[Server]:
    settings.EMAIL_BACKEND = "tests.mail.server.ServerBackend"
    ServerBackend.server = Server()
    yield ServerBackend.server
    del ServerBackend.server


@pytest.fixture(autouse=True)
def _addresses(settings) -> None:
    settings.EHRENAMT = {**settings.EHRENAMT, "BASE_URL": "https://landkreis.example"}
