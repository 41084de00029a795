"""The facts of a submission as label and value, for the reviewer."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from ehrenamt_wagtail.programme.models import OfferingPage

from .compare import describe_date
from .queries import Submission, name_of


def facts_of(page: Page, submission: Submission) -> list[tuple[str, str]]:
    """Who, what, when and where of ``page`` (the submitted version as object); empty values are left out."""
    facts = [
        (_("Organisation"), str(submission.organisation or "")),
        (_("Submitted by"), name_of(submission.submitted_by)),
        (_("Kind"), submission.kind_label),
    ]
    if isinstance(page, OfferingPage):
        facts += [
            (_("Dates"), "\n".join(describe_date(date) for date in in_order(page))),
            (_("Place"), place_of(page)),
            (_("Topics"), ", ".join(topic.name for topic in page.topics.all())),
            (_("Address of the online meeting"), page.online_url),
        ]
    else:
        facts.append((_("Place"), str(getattr(page, "municipality", "") or "")))
    facts.append((_("Contact"), ", ".join(filter(None, [page.contact_name, page.contact_email, page.contact_phone]))))
    return [(label, value) for label, value in facts if value]


def in_order(page: OfferingPage) -> list:
    return sorted((date for date in page.occurrences.all() if date.span()), key=lambda date: date.span())


def place_of(page: OfferingPage) -> str:
    where = str(page.venue) if page.venue else ", ".join(filter(None, [page.place, str(page.municipality or "")]))
    return ", ".join(filter(None, [where, page.room, page.get_mode_display()]))
