"""The demonstration's mail: written to files, read at ``/demo/post/``."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage as DjangoEmailMessage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}\.eml")
SHOWN = 200


class FileBackend(BaseEmailBackend):
    """Writes each message to its own ``.eml`` file in ``EMAIL_FILE_PATH``."""

    def send_messages(self, email_messages: Sequence[DjangoEmailMessage]) -> int:
        directory = mail_directory()
        directory.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}.eml"
            content = message.message().as_bytes()
            # Renamed into place, so that no reader meets half a message.
            unfinished = directory / f".{name}"
            unfinished.write_bytes(content)
            unfinished.rename(directory / name)
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One stored message; ``sent_at`` is aware, in UTC."""

    name: str
    sent_at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "").strip()

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipients(self) -> str:
        return str(self.message["To"] or "")

    @property
    def language(self) -> str:
        """Each is written in the language of who gets it."""
        return str(self.message["Content-Language"] or "")

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def headers(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self.message.items())

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""


def mail_directory() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def read_mail(path: Path) -> Mail:
    sent_at = datetime.strptime(path.name[:21], "%Y%m%dT%H%M%S%f")
    return Mail(
        name=path.name,
        sent_at=sent_at.replace(tzinfo=UTC),
        message=message_from_bytes(path.read_bytes(), policy=policy.default),
    )


def newest_mails(limit: int = SHOWN) -> list[Mail]:
    """The stored messages, newest first."""
    paths = [path for path in mail_directory().glob("*.eml") if NAME.fullmatch(path.name)]
    return [read_mail(path) for path in sorted(paths, reverse=True)[:limit]]


def get_mail(name: str) -> Mail:
    """The stored message called ``name``; raises ``Http404`` for anything else."""
    path = mail_directory() / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return read_mail(path)


def require_demonstration() -> None:
    if not settings.DEMO:
        raise Http404


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    require_demonstration()
    return render(request, "example_site/mailbox/list.html", {"mails": newest_mails()})


@require_safe
def message_detail(request: HttpRequest, name: str) -> HttpResponse:
    require_demonstration()
    return render(request, "example_site/mailbox/detail.html", {"mail": get_mail(name)})


@require_safe
@xframe_options_sameorigin
def message_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part by itself, shown in a frame that runs no scripts."""
    require_demonstration()
    mail = get_mail(name)
    if not mail.html:
        raise Http404
    response = HttpResponse(mail.html)
    response["Content-Security-Policy"] = (
        "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    return response
