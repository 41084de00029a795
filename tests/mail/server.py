"""A mail server that can be told what to do."""

import smtplib

from django.core.mail.backends.locmem import EmailBackend


class Killed(BaseException):
    """Stands for a worker that dies: no ``except Exception`` sees it."""


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


SERVER_DOWN = ConnectionRefusedError(111, "Connection refused")
REFUSAL = smtplib.SMTPRecipientsRefused({"frau@geheim.example": (550, b"frau@geheim.example unknown")})
