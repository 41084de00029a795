"""What differs between the published version and the submitted one, in words that people read."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import get_all_child_relations
from wagtail.admin.compare import diff_text
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.utils.text import text_from_html

from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.languages import Language
from ehrenamt_wagtail.programme.models import Occurrence

# What the editor cannot change or what is Wagtail's own.
IGNORED = {
    "slug", "seo_title", "search_description", "show_in_menus", "go_live_at", "expire_at", "content_type", "locale", "owner",
    "draft_title", "url_path", "path", "depth", "numchild", "translation_key", "alias_of", "latest_revision", "live_revision",
    "first_published_at", "last_published_at", "latest_revision_created_at", "live", "has_unpublished_changes", "expired",
    "locked", "locked_at", "locked_by",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field. ``before`` and ``after`` are plain text; the ``_html`` variants mark what was taken away and what came."""

    label: str
    before: str
    after: str

    @property
    def before_html(self) -> SafeString:
        return self._marked("deletion", "del")

    @property
    def after_html(self) -> SafeString:
        return self._marked("addition", "ins")

    def _marked(self, wanted: str, tag: str) -> SafeString:
        parts = []
        for kind, text in diff_text(self.before, self.after).changes:
            if kind == wanted:
                parts.append(format_html("<{}>{}</{}>", mark_safe(tag), text, mark_safe(tag)))
            elif kind == "equal":
                parts.append(format_html("{}", text))
        return mark_safe("".join(parts).replace("\n", "<br>"))


def differences(before: Page, after: Page) -> list[Difference]:
    """What ``after`` says otherwise than ``before``, fields first, then rows; rows are compared one by one, in their order."""
    found = []
    for field in fields_of(type(after)):
        old, new = text_of(before, field), text_of(after, field)
        if old != new:
            found.append(Difference(capfirst(str(field.verbose_name)), old, new))
    for relation in get_all_child_relations(type(after)):
        name = relation.get_accessor_name()
        if issubclass(relation.related_model, models.Model) and relation.related_model._meta.app_label != "wagtailcore":
            found += row_differences(relation.related_model, rows_of(before, name), rows_of(after, name))
    return found


def fields_of(model: type[Page]) -> Iterable[models.Field]:
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        is_plain = not (field.primary_key or field.auto_created or not field.editable or field.name in IGNORED)
        if is_plain and not (field.is_relation and field.one_to_one):
            if not field.many_to_many or isinstance(field, ParentalManyToManyField):
                yield field


def text_of(page: models.Model, field: models.Field) -> str:
    """The value as a person reads it; empty for nothing."""
    value = getattr(page, field.name)
    if isinstance(field, ParentalManyToManyField):
        return ", ".join(sorted(str(item) for item in value.all()))
    if isinstance(field, StreamField):
        return text_from_html(str(value)).strip()
    if field.name == "languages":
        return ", ".join(str(Language(code).label) if code in Language.values else str(code) for code in value or [])
    if field.choices:
        return str(getattr(page, f"get_{field.name}_display")() or "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return date_range(timezone.localtime(value))
    return "" if value is None else str(value).strip()


def rows_of(page: Page, name: str) -> list[models.Model]:
    return list(getattr(page, name).all())


def row_differences(model: type[models.Model], before: list, after: list) -> list[Difference]:
    """Rows that came, went or changed. Dates are the same row if they have the same ``uid``, others if they say the same."""
    label = capfirst(str(model._meta.verbose_name))
    if issubclass(model, Occurrence):
        old = {str(row.uid): describe(row) for row in before}
        new = {str(row.uid): describe(row) for row in sorted(after, key=lambda row: row.span() or ())}
        keys = [*new, *(key for key in old if key not in new)]
        pairs = [(old.get(key, ""), new.get(key, "")) for key in keys]
        return [Difference(label, was, is_now) for was, is_now in pairs if was != is_now]
    old_texts, new_texts = [describe(row) for row in before], [describe(row) for row in after]
    gone = [text for text in old_texts if text not in new_texts]
    come = [text for text in new_texts if text not in old_texts]
    length = max(len(gone), len(come))
    padded = zip(gone + [""] * (length - len(gone)), come + [""] * (length - len(come)), strict=True)
    found = [Difference(label, was, is_now) for was, is_now in padded]
    if not found and old_texts != new_texts:
        found = [Difference(capfirst(str(model._meta.verbose_name_plural)), "; ".join(old_texts), "; ".join(new_texts))]
    return found


def describe(row: models.Model) -> str:
    """A row in one line."""
    if isinstance(row, Occurrence):
        return describe_date(row)
    texts = [
        text_of(row, field)
        for field in row._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in ("page", "sort_order")
    ]
    return ", ".join(text for text in texts if text)


def describe_date(row: Occurrence) -> str:
    if row.is_all_day:
        when = date_range(row.start_date, row.end_date, True)
    elif row.start:
        when = date_range(row.start, row.end)
    else:
        when = _("without a date")
    details = [str(row.venue or ""), row.room, row.get_mode_display() if row.mode else ""]
    return ", ".join([when, *filter(None, details)])
