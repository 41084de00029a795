"""A page in words: what stands in its fields, and in which two versions differ."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.models.offering import Language

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
    name: str
    label: str
    text: str


def facts_of(page) -> list[Fact]:
    """All fields that the portal's form writes, with their contents as text; an empty text where there is nothing."""
    facts = []
    if isinstance(page, OfferingPage):
        facts.append(Fact("kind", _("Kind"), str(page.kind_label)))
    for name in CIRCLE_FIELDS if isinstance(page, CirclePage) else OFFERING_FIELDS:
        field = page._meta.get_field(name)
        if field.one_to_many:
            rows = sorted(getattr(page, name).all(), key=lambda row: row.sort_order or 0)
            text = "\n".join(_row_text(row) for row in rows)
            label = field.related_model._meta.verbose_name_plural
        else:
            text, label = _text(page, field), field.verbose_name
        facts.append(Fact(name, capfirst(str(label)), text))
    return facts


def differences(before, after) -> list[dict[str, str]]:
    """The fields in which two versions of a page differ, as rows of the component „diff“."""
    return [
        {"label": old.label, "before": old.text, "after": new.text}
        for old, new in zip(facts_of(before), facts_of(after), strict=True)
        if old.text != new.text
    ]


def date_text(occurrence: Occurrence) -> str:
    if occurrence.start_date:
        return date_range(occurrence.start_date, occurrence.end_date, all_day=True)
    return date_range(occurrence.start, occurrence.end) if occurrence.start else ""


def _row_text(row) -> str:
    if not isinstance(row, Occurrence):
        return str(row)
    own_place = [str(row.venue or ""), row.room, row.get_mode_display() if row.mode else ""]
    return ", ".join(filter(None, [date_text(row), *own_place]))


def _text(page, field: models.Field) -> str:
    value = getattr(page, field.name)
    if field.many_to_many:
        return ", ".join(sorted(str(entry) for entry in value.all()))
    if field.name == "languages":
        return ", ".join(str(Language(code).label) if code in Language.values else code for code in value)
    if field.choices:
        return str(getattr(page, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
