"""A mail of our own with its templates."""

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
