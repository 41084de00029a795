"""From a row of the outbox to a message, in the recipient's language. Nothing of it is stored."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from ehrenamt_wagtail.conf import conf

from . import registry
from .models import OutgoingMail, sender

SUBJECT_MAX_LENGTH = 150


@dataclass(frozen=True)
class RenderedMail:
    subject: str
    text: str
    html: str
    reply_to: str = ""
    # (file name, content, media type) each.
    attachments: Sequence[tuple[str, bytes, str]] = ()


def render(mail: OutgoingMail) -> RenderedMail | None:
    """The texts of ``mail`` as of now; ``None`` when it is no longer to be sent. Raises what builder and templates raise."""
    kind = registry.get_registered(mail.template)
    # The job's own language and time zone say nothing about the recipient's.
    with translation.override(mail.language), timezone.override(None):
        own_context = kind.builder(mail)
        if own_context is None:
            return None
        context = {**_shared_context(mail), **own_context}
        subject_template, text_template, html_template = kind.template_names
        context["subject"] = one_line(_render_plain(subject_template, context))
        return RenderedMail(
            subject=context["subject"],
            text=_tidy(_render_plain(text_template, context)),
            html=get_template(html_template).render(context).strip() + "\n",
            reply_to=context["reply_to"],
            attachments=context["attachments"],
        )


def build_message(mail: OutgoingMail, rendered: RenderedMail) -> EmailMultiAlternatives:
    """The message for the mail server. Its Message-ID is the row's: sent twice, it can be recognised as the same."""
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=sender(),
        to=[mail.recipient_address()],
        reply_to=[rendered.reply_to] if rendered.reply_to else None,
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )
    message.attach_alternative(rendered.html, "text/html")
    for name, content, media_type in rendered.attachments:
        message.attach(name, content, media_type)
    return message


def one_line(text: str) -> str:
    """``text`` as a header takes it: one line, no control characters, of bearable length."""
    printable = "".join(" " if _is_control(character) else character for character in text)
    line = " ".join(printable.split())
    return line if len(line) <= SUBJECT_MAX_LENGTH else line[: SUBJECT_MAX_LENGTH - 1].rstrip() + "…"


def _is_control(character: str) -> bool:
    category = unicodedata.category(character)
    # Invisible characters that turn the direction of writing can make a subject look like another.
    return category in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(character) in {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip


def _shared_context(mail: OutgoingMail) -> dict[str, Any]:
    """What every template may use."""
    return {
        "language": mail.language,
        "base_url": registry.base_url(),
        "district_name": conf.DISTRICT_NAME,
        "recipient_name": mail.user.get_full_name() if mail.user else "",
        "button_url": "",
        "button_label": "",
        "reply_to": "",
        "attachments": (),
    }


def _render_plain(template_name: str, context: dict[str, Any]) -> str:
    # The backend's own render() escapes for HTML whatever the template is for.
    template = get_template(template_name).template
    return template.render(Context(context, autoescape=False))


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, never more than one empty line, one line break at the end."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
