"""Template tags and filters; described for template authors in ``docs/components.md``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ehrenamt_wagtail import formatting, fragments
from ehrenamt_wagtail.programme import presentation

register = template.Library()

INCLUDES = "ehrenamt_wagtail/includes/"
#: Widgets that Django groups in a fieldset although they hold a single control.
SINGLE_CONTROLS = {"clearablefile"}


class FormError(NamedTuple):
    """One line of the error summary; ``anchor`` is empty for errors of a whole form."""

    label: str
    message: str
    anchor: str


@register.filter
def paragraphs(text: str | None) -> SafeString:
    """Plain text as escaped paragraphs with linked addresses."""
    return formatting.paragraphs_html(text)


@register.simple_tag
def date_range(start: date | datetime, end: date | datetime | None = None, all_day: bool = False) -> str:
    """„Donnerstag, 14. März 2027, 19–21 Uhr“."""
    return formatting.date_range(start, end or None, bool(all_day))


@register.simple_tag
def time_range(start: datetime, end: datetime | None = None) -> str:
    """„19–21 Uhr“, without the day."""
    return formatting.time_range(start, end or None)


@register.simple_tag
def date_block(start: date | datetime, end: date | datetime | None = None, all_day: bool = False) -> formatting.DateBlock:
    """The parts of the date block: ``weekday``, ``day``, ``year``, ``time``."""
    return formatting.date_block(start, end or None, bool(all_day))


@register.simple_tag
def row_date(row: Any) -> formatting.DateBlock:
    """The date block of a row that has ``start`` and perhaps ``end`` and ``all_day``."""
    return formatting.date_block(_value(row, "start"), _value(row, "end") or None, bool(_value(row, "all_day")))


@register.simple_tag
def offering_row(row: Any, level: int = 2) -> SafeString:
    """The row of an offering as ``includes/offering_row.html`` writes it. Equal rows are written once."""
    return fragments.written_rows([_offering_row(row)], level)[0]


@register.simple_tag
def offering_items(rows: Iterable[Any], level: int = 2) -> SafeString:
    """The items of a list, each with such a row."""
    written = fragments.written_rows(map(_offering_row, rows), level)
    return SafeString("".join(f'<li class="ehrenamt-offerings__item">{row}</li>\n' for row in written))


def _offering_row(row: Any) -> presentation.OfferingRow:
    if isinstance(row, presentation.OfferingRow):
        return row
    return presentation.OfferingRow(*(_value(row, name) for name in presentation.OfferingRow._fields))


@register.simple_tag
def fragment(template_name: str, **values: Any) -> SafeString:
    """As ``include … with … only``, for values that can be hashed: a part with equal values is written once.

    It knows neither the request nor the context; the language, the time zone and the day are those of the page.
    """
    return fragments.written(template_name, **values)


@register.filter
def short_date(value: date | datetime | None) -> str:
    """„Do 14. März“, with the year unless it is this year."""
    return formatting.short_date(value) if value else ""


@register.filter
def long_date(value: date | datetime | None) -> str:
    """„Donnerstag, 14. März 2027“."""
    return formatting.long_date(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """„Mi 25. November um 2:47 Uhr“, with the year unless it is this year."""
    return formatting.moment(value) if value else ""


@register.filter
def near_moment(value: datetime | None) -> str:
    """„heute um 2:47 Uhr“; on other days like ``moment``."""
    return formatting.near_moment(value) if value else ""


@register.filter
def near_day(value: date | datetime | None) -> str:
    """„heute“, „morgen“ or nothing."""
    return formatting.near_day(value) if value else ""


@register.filter
def days_since(value: date | datetime | None) -> str:
    """„seit 3 Tagen“."""
    return formatting.days_since(value) if value else ""


@register.filter
def days_until(value: date | datetime | None) -> str:
    """„in 3 Tagen“."""
    return formatting.days_until(value) if value else ""


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The current GET parameters with some replaced, as ``?a=1&b=2``.

    ``None`` or an empty string removes a parameter, a list sets several values.
    """
    query = _current_query(context)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(item) for item in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context: Context, name: str, value: Any = None) -> str:
    """The current GET parameters without ``name``, or without one ``value`` of it.

    The page number goes too, since the list changes.
    """
    query = _current_query(context)
    kept = [] if value is None else [item for item in query.getlist(name) if item != str(value)]
    query.setlist(name, kept)
    query.pop("seite", None)
    return f"?{query.urlencode()}"


@register.simple_tag
def page_range(page: Page) -> list[int | None]:
    """The page numbers to show; ``None`` stands for a gap."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


@register.inclusion_tag(INCLUDES + "field.html")
def ehrenamt_field(field: BoundField) -> dict[str, Any]:
    """A form field with its label, help, error and „(freiwillig)“."""
    described = field.aria_describedby
    single = field.widget_type in SINGLE_CONTROLS
    attrs = {"aria-describedby": described} if single and described else None
    return {
        "field": field,
        "layout": _layout(field, single),
        "control": field.as_widget(attrs=attrs),
        "described": described,
        "optional": not field.field.required and not getattr(field.field, "hide_optional", False),
    }


@register.inclusion_tag(INCLUDES + "error_summary.html")
def ehrenamt_errors(*forms: BaseForm | BaseFormSet | list | None) -> dict[str, Any]:
    """The summary of all errors of forms, formsets and lists of them, linked to the fields."""
    flat = [form for entry in forms for form in (entry if isinstance(entry, list) else [entry])]
    return {"errors": [error for form in flat if form is not None for error in _errors(form)]}


def _value(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else getattr(row, name, None)


def _layout(field: BoundField, single: bool) -> str:
    if field.is_hidden:
        return "hidden"
    if field.widget_type == "checkbox":
        return "checkbox"
    return "group" if field.use_fieldset and not single else "plain"


def _errors(form: BaseForm | BaseFormSet) -> Iterable[FormError]:
    if isinstance(form, BaseFormSet):
        if form.is_bound:
            yield from (FormError("", str(message), "") for message in form.non_form_errors())
        for member in form.forms:
            yield from _errors(member)
        return
    if not form.is_bound:
        return
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields else None
        for message in messages:
            yield FormError(str(field.label) if field else "", str(message), _anchor(field))


def _anchor(field: BoundField | None) -> str:
    if field is None or field.is_hidden:
        return ""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


def _current_query(context: Context) -> QueryDict:
    request = context.get("request")
    if request is None:
        return QueryDict(context.get("query", "").lstrip("?"), mutable=True)
    return request.GET.copy()


@register.simple_tag
def ehrenamt_level_word(level: str) -> str:
    """The word that opens a message, so that its kind does not rest on colour."""
    words = {
        "success": gettext("Done"),
        "info": gettext("Note"),
        "warning": gettext("Please note"),
        "error": gettext("Error"),
    }
    return words.get(level, words["info"])
