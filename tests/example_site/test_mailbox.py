"""The demonstration's mailbox: what was sent can be read there, and nowhere but in a demonstration."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from example_site import mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail_files(settings, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def send(subject: str, html: str = "") -> None:
    message = EmailMultiAlternatives(subject, "Guten Tag,\n\nGrüße", to=["pfarramt@kirche.example"])
    if html:
        message.attach_alternative(html, "text/html")
    mailbox.FileBackend().send_messages([message])


def test_mailbox_lists_newest_first(client, mail_files: Path) -> None:
    send("Erste")
    send("Zweite „Prüfung“")
    response = client.get(reverse("demo_mailbox"))
    assert [mail.subject for mail in response.context["mails"]] == ["Zweite „Prüfung“", "Erste"]
    assert not response.cookies


def test_mail_shows_its_parts_and_headers(client, mail_files: Path) -> None:
    send("Prüfung", html="<p>Hällo</p><script>alert(1)</script>")
    (mail,) = mailbox.newest_mails()
    content = client.get(reverse("demo_mail", args=[mail.name])).content.decode()
    assert "Grüße" in content and "To: pfarramt@kirche.example" in content
    assert "<script>alert" not in content and 'sandbox="allow-popups"' in content

    frame = client.get(reverse("demo_mail_html", args=[mail.name]))
    assert "<p>Hällo</p>" in frame.content.decode()
    # Neither scripts nor anything from another host, even when opened by itself.
    assert "sandbox allow-popups; default-src 'none'" in frame["Content-Security-Policy"]


def test_mail_without_html_has_no_frame(client, mail_files: Path) -> None:
    send("Nur Text")
    (mail,) = mailbox.newest_mails()
    assert "<iframe" not in client.get(reverse("demo_mail", args=[mail.name])).content.decode()
    assert client.get(reverse("demo_mail_html", args=[mail.name])).status_code == 404


def test_other_files_cannot_be_read(client, mail_files: Path) -> None:
    (mail_files / "secret.txt").write_text("secret")
    response = client.get(reverse("demo_mail", args=["secret.txt"]))
    assert response.status_code == 404
    assert "secret\n" not in response.content.decode()
    assert mailbox.newest_mails() == []


def test_mailbox_is_part_of_the_demonstration_only(client, mail_files: Path, settings) -> None:
    send("Geheim")
    (mail,) = mailbox.newest_mails()
    settings.DEMO = False
    for address in (reverse("demo_mailbox"), reverse("demo_mail", args=[mail.name]), reverse("demo_mail_html", args=[mail.name])):
        response = client.get(address)
        assert response.status_code == 404
        assert "Geheim" not in response.content.decode()
