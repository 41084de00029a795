"""A page in words: what stands in the fields that the portal's form writes."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.review.compare import describe, text_of

OFFERING_FIELDS = (
    "title", "subtitle", "occurrences", "mode", "venue", "municipality", "place", "room", "online_url", "summary",
    "contact_name", "contact_email", "contact_phone", "contents", "series_title", "module_number", "audience",
    "prior_knowledge", "what_to_bring", "costs", "child_care", "languages", "topics", "trainers", "co_hosts", "funders",
    "image", "image_alt", "image_credit", "downloads", "simple_text", "easy_language_checked_by",
)  # fmt: skip
CIRCLE_FIELDS = (
    "title", "municipality", "summary", "teams", "meets", "how_to_join", "wanted", "topics", "carriers", "website",
    "contact_name", "contact_name_is_public", "contact_email", "contact_email_is_public", "contact_phone",
    "contact_phone_is_public",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


def facts_of(page) -> list[Fact]:
    """What was filled in, in the order of the form."""
    facts = [Fact(_("Kind"), str(page.kind_label))] if isinstance(page, OfferingPage) else []
    for name in CIRCLE_FIELDS if isinstance(page, CirclePage) else OFFERING_FIELDS:
        field = page._meta.get_field(name)
        if field.one_to_many:
            rows = sorted(getattr(page, name).all(), key=lambda row: row.sort_order or 0)
            text = "\n".join(describe(row) for row in rows)
            label = field.related_model._meta.verbose_name_plural
        else:
            text, label = text_of(page, field), field.verbose_name
        if text:
            facts.append(Fact(capfirst(str(label)), text))
    return facts


def date_text(occurrence) -> str:
    """When the date is, without its place; empty while that is open."""
    if occurrence.is_all_day:
        return date_range(occurrence.start_date, occurrence.end_date, all_day=True)
    return date_range(occurrence.start, occurrence.end) if occurrence.start else ""
