"""What a mail looks like on the wire."""

import email
from email import policy

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from ehrenamt_wagtail.mail import registry
from ehrenamt_wagtail.mail.actions import deliver, queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.rendering import one_line, render
from tests.factories import UserFactory
from tests.mail.sample import TEMPLATES, with_templates

pytestmark = pytest.mark.django_db


def on_the_wire(message: EmailMultiAlternatives) -> email.message.EmailMessage:
    return email.message_from_bytes(message.message().as_bytes(), policy=policy.default)


def sent(server, **kwargs) -> email.message.EmailMessage:
    mail = queue_mail("test/sample", **({"email": "a@post.example"} | kwargs))
    assert deliver(mail) == "sent"
    return on_the_wire(server.taken[-1])


def test_message_has_plain_text_and_html_with_the_same_content(sample, server):
    message = sent(server, user=UserFactory(first_name="Änne", last_name="O'Neil"), email="")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert text.splitlines()[0] == "Ja: Titel „A & B“"
    assert "Inhalt Titel „A & B“" in text
    assert "Ansehen:\nhttps://landkreis.example/ziel/?a=1&b=2" in text
    assert "O'Neil" in text
    assert "\n\n\n" not in text
    assert "Inhalt Titel „A &amp; B“" in html
    assert html.count('href="https://landkreis.example/ziel/?a=1&amp;b=2"') == 2
    assert "O&#x27;Neil" in html
    assert '<html lang="de">' in html


def test_html_loads_nothing(sample, server):
    html = sent(server).get_body(("html",)).get_content()
    for loader in ("src=", "url(", "@import", "<link", "<script"):
        assert loader not in html


def test_mail_without_button_shows_none(sample, server):
    sample.context = {"title": "x"}
    message = sent(server)
    assert "ehrenamt-button\"" not in message.get_body(("html",)).get_content()
    assert ":\n" not in message.get_body(("plain",)).get_content()


def test_headers_are_our_own(sample, server, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "MAIL_FROM": "Ehrenamt <ehrenamt@kreis.example>"}
    message = sent(server)
    row = OutgoingMail.objects.get()
    assert message["Message-ID"] == row.message_id
    assert row.message_id.endswith("@kreis.example>")
    assert message.get_all("Message-ID") == [row.message_id]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert (message["From"], message["To"]) == ("Ehrenamt <ehrenamt@kreis.example>", "a@post.example")


def test_message_id_survives_an_international_domain(sample, server, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "MAIL_FROM": "post@böblingen.example"}
    assert sent(server)["Message-ID"].endswith("@xn--bblingen-n4a.example>")


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_subject_cannot_inject_headers(sample, server, break_):
    sample.context["title"] = f"Titel{break_}Bcc: opfer@post.example{break_}{break_}Text"
    message = sent(server)
    assert message["Subject"] == "Ja: Titel Bcc: opfer@post.example Text"
    assert message["Bcc"] is None
    assert server.taken[0].recipients() == ["a@post.example"]


def test_subject_is_cut_and_cannot_pretend():
    assert one_line("x" * 300) == "x" * 149 + "…"
    assert one_line("Rechnung \u202efdp.exe") == "Rechnung fdp.exe"
    assert one_line("שלום – 😀") == "שלום – 😀"


@pytest.mark.parametrize(("language", "subject"), [("de", "Ja: Titel „A & B“"), ("en", "Yes: Titel „A & B“")])
def test_mail_is_written_in_the_language_of_the_recipient(sample, server, language, subject):
    seen = []
    sample.context["title"] = "Titel „A & B“"
    with translation.override("de" if language == "en" else "en"):
        message = sent(server, language=language)
        seen.append(translation.get_language())
    assert message["Subject"] == subject
    assert f'<html lang="{language}">' in message.get_body(("html",)).get_content()
    assert seen == ["de" if language == "en" else "en"]


def test_builder_runs_in_the_time_zone_of_the_site(sample, server):
    seen = []
    registry.register_mail(
        "test/sample", lambda mail: seen.append((timezone.get_current_timezone_name(), translation.get_language()))
    )
    with timezone.override("Asia/Tokyo"):
        assert deliver(queue_mail("test/sample", email="a@post.example", language="en")) == "dropped"
    assert seen == [("Europe/Berlin", "en")]


def test_texts_and_tokens_are_not_stored(sample, server):
    sample.context["title"] = "Geheimnis"
    sample.context["button_url"] = "https://landkreis.example/t0ken/"
    sent(server)
    row = str(OutgoingMail.objects.values().get())
    assert "Geheimnis" not in row
    assert "t0ken" not in row


def test_host_can_replace_the_base_templates(sample, server, settings):
    settings.TEMPLATES = with_templates(
        settings.TEMPLATES,
        TEMPLATES
        | {
            "ehrenamt_wagtail/mail/base.html": "<b>Mein Kreis</b>{% block body %}{% endblock %}",
            "ehrenamt_wagtail/mail/base.txt": "Mein Kreis: {% block body %}{% endblock %}",
        },
    )
    message = sent(server)
    assert message.get_body(("plain",)).get_content() == "Mein Kreis: Inhalt Titel „A & B“\n"
    assert message.get_body(("html",)).get_content() == "<b>Mein Kreis</b><p>Inhalt Titel „A &amp; B“</p>\n"


def test_host_can_replace_the_subject_of_one_mail(sample, server, settings):
    settings.TEMPLATES = with_templates(
        settings.TEMPLATES, TEMPLATES | {"ehrenamt_wagtail/mail/test/sample.subject.txt": "\n Neu: {{ title }}\n"}
    )
    assert sent(server)["Subject"] == "Neu: Titel „A & B“"


@pytest.mark.parametrize("name", ["base.txt", "base.html"])
def test_base_templates_need_nothing_but_the_shared_context(sample, settings, name):
    """An undefined variable fails any test; here nothing is defined beyond what every mail has."""
    settings.TEMPLATES = with_templates(
        settings.TEMPLATES,
        TEMPLATES | {"ehrenamt_wagtail/mail/test/sample" + name[4:]: f'{{% extends "ehrenamt_wagtail/mail/{name}" %}}'},
    )
    sample.context = {"title": "x"}
    rendered = render(queue_mail("test/sample", email="a@post.example"))
    assert "Landkreis" in (rendered.text if name.endswith("txt") else rendered.html)
