import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.outreach.queries import report_data, reports_about
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
        data["barrier_reports"] = [report_data(report) for report in reports_about(address)]
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
        "barrier_reports": _("Reports of barriers"),
        "accounts": _("Accounts"),
        "places": _("Other texts that contain the address"),
    }


def words() -> dict[str, str]:
    """The names of single facts; others are shown as they are, such as the names of fields, which the app translates."""
    return {
        "about": pgettext("stored data", "About"),
        "address": pgettext("stored data", "Page"),
        "answer": pgettext("stored data", "Answer"),
        "answers": pgettext("stored data", "Answers"),
        "came": pgettext("stored data", "Came"),
        "certificates": pgettext("stored data", "Certificates"),
        "circle": pgettext("stored data", "Circle"),
        "code": pgettext("stored data", "Code"),
        "confirmed_at": pgettext("stored data", "Confirmed at"),
        "consented_at": pgettext("stored data", "Consented at"),
        "created_at": pgettext("stored data", "Written at"),
        "dates": pgettext("stored data", "Dates"),
        "day": pgettext("stored data", "Day"),
        "end": pgettext("stored data", "End"),
        "ended_at": pgettext("stored data", "Ended at"),
        "expires_at": pgettext("stored data", "Kept until"),
        "fields": pgettext("stored data", "Account"),
        "hour": pgettext("stored data", "Hour"),
        "hours": pgettext("stored data", "Hours"),
        "initials": pgettext("stored data", "Initials"),
        "is_confidential": pgettext("stored data", "Confidential"),
        "issued_at": pgettext("stored data", "Issued at"),
        "kind": pgettext("stored data", "Kind"),
        "language": pgettext("stored data", "Language"),
        "mail": pgettext("stored data", "Mail"),
        "mail_address": pgettext("stored data", "Mail address"),
        "name": pgettext("stored data", "Name"),
        "named_elsewhere": pgettext("stored data", "Named elsewhere, so often"),
        "needs": pgettext("stored data", "Needs"),
        "notices": pgettext("stored data", "Notices"),
        "number": pgettext("stored data", "Number"),
        "offering": pgettext("stored data", "Offering"),
        "organiser": pgettext("stored data", "Organiser"),
        "people": pgettext("stored data", "People"),
        "people_wanted": pgettext("stored data", "Seats wanted"),
        "present_marked_at": pgettext("stored data", "Marked as present at"),
        "question": pgettext("stored data", "Question"),
        "reminded_at": pgettext("stored data", "Reminded at"),
        "sent_at": pgettext("stored data", "Sent at"),
        "signed_up_at": pgettext("stored data", "Signed up at"),
        "start": pgettext("stored data", "Start"),
        "state": pgettext("stored data", "State"),
        "subject": pgettext("stored data", "Subject"),
        "telephone": pgettext("stored data", "Telephone"),
        "text": pgettext("stored data", "Text"),
        "title": pgettext("stored data", "Title"),
        "what": pgettext("stored data", "What"),
        "at": pgettext("stored data", "At"),
        "written": pgettext("stored data", "Written"),
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
            yield f"{names[key]}: {shown(value)}"


def indented(value: Any, depth: int = 0) -> Iterator[str]:
    space, names = "  " * depth, words()
    if isinstance(value, dict):
        for key, content in value.items():
            if content in (None, "", [], {}):
                continue
            name = names.get(key, key)
            if isinstance(content, dict | list):
                yield f"{space}{name}:"
                yield from indented(content, depth + 1)
            else:
                yield f"{space}{name}: {shown(content)}"
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from indented(item, depth)
                yield ""
            else:
                yield f"{space}{item if isinstance(item, list) else shown(item)}"


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return str(localize(value))
