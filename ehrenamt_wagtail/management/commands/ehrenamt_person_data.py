import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import localize
from django.utils.translation import gettext as _

from ehrenamt_wagtail.portal.actions import login_link_counts
from ehrenamt_wagtail.signups.person_data import data_about


class Command(BaseCommand):
    help = (
        "Says everything that is stored about a mail address (Art. 15 GDPR): sign-ups with names, answers, needs, attendance and "
        "certificates, mails, accounts and what they wrote, and every other text of the database that contains the address. The "
        "answer is for the person alone: it names who takes part in supervision. Changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="the mail address; upper and lower case are the same")
        parser.add_argument("--json", action="store_true", help="print JSON, for machines; otherwise text to read")

    def handle(self, *args, address: str, **options):
        data = data_about(address)
        data["sign_in_links"] = [{"hour": row.hour, "number": row.number} for row in login_link_counts(address).order_by("hour")]
        if options["json"]:
            self.stdout.write(json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(lines_of(data)))


def labels() -> dict[str, str]:
    return {
        "address": _("Mail address"),
        "as_of": _("As of"),
        "sign_ups": _("Sign-ups"),
        "mails": _("Mails"),
        "confirmation_mails": _("Mails that asked for confirmation"),
        "sign_in_links": _("Links to sign in that were asked for"),
        "accounts": _("Accounts"),
        "places": _("Other texts that contain the address"),
    }


def lines_of(data: dict[str, Any]) -> Iterator[str]:
    """Text to read: a heading for each part, „nothing“ where there is nothing."""
    names = labels()
    for key, value in data.items():
        if isinstance(value, list):
            yield ""
            yield names[key]
            yield "=" * len(names[key])
            yield from indented(value) if value else [_("nothing")]
        else:
            yield f"{names[key]}: {localize(value)}"


def indented(value: Any, depth: int = 0) -> Iterator[str]:
    space = "  " * depth
    if isinstance(value, dict):
        for key, content in value.items():
            if content in (None, "", [], {}):
                continue
            if isinstance(content, dict | list):
                yield f"{space}{key}:"
                yield from indented(content, depth + 1)
            else:
                yield f"{space}{key}: {localize(content)}"
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from indented(item, depth)
                yield ""
            else:
                yield f"{space}{localize(item) if not isinstance(item, list) else item}"
