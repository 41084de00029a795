"""Small repeatable rows that work without JavaScript: „add“ and „remove“ are buttons that the server answers."""

from collections.abc import Iterable

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

MOST_ROWS = 30
TOO_LONG = _("This is too long: %(show_value)s characters. At most %(limit_value)s are possible; please shorten it.")
NOT_IN_LIST = _("Please choose an entry of the list.")


class RowForm(forms.Form):
    """One row; ``main_names`` are always visible, ``folded_names`` open when they hold something."""

    main_names: tuple[str, ...] = ()
    folded_names: tuple[str, ...] = ()

    def __init__(self, *args, page, **kwargs):
        # Whether a row counts is decided by ``is_blank`` alone.
        super().__init__(*args, **kwargs)
        self.page = page
        self.empty_permitted = False
        self.use_required_attribute = False
        for field in self.fields.values():
            field.error_messages["max_length"] = TOO_LONG
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = NOT_IN_LIST
                field.error_messages["invalid_pk_value"] = NOT_IN_LIST
            # A browser would cut silently what is pasted.
            field.widget.attrs.pop("maxlength", None)

    @property
    def main_fields(self) -> list:
        return [self[name] for name in self.main_names]

    @property
    def folded_fields(self) -> list:
        return [self[name] for name in self.folded_names]

    @property
    def folded_open(self) -> bool:
        return any(field.errors or field.value() for field in self.folded_fields)

    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in (*self.main_names, *self.folded_names))

    def row_object(self):
        """The object that stands for this row; asked only of valid rows that are not blank."""
        raise NotImplementedError


class Rows(forms.BaseFormSet):
    """All rows of one kind; ``row_objects()`` gives those that count, in their order."""

    def clean(self) -> None:
        """Two rows cannot stand for the same date: the second becomes a new one."""
        seen = set()
        for form in self.forms:
            uid = getattr(form, "cleaned_data", {}).get("uid")
            if uid and uid in seen:
                form.cleaned_data["uid"] = ""
            seen.add(uid)

    def row_objects(self) -> list:
        objects = [form.row_object() for form in self.filled_forms()]
        for position, row in enumerate(objects):
            row.sort_order = position
        return objects

    def filled_forms(self) -> list[RowForm]:
        return [form for form in self.forms if not form.is_blank()]

    @property
    def has_rows(self) -> bool:
        return bool(self.forms)

    def without_validation(self) -> None:
        """Show what was typed, without judging it yet."""
        self._errors = [ErrorDict() for _form in self.forms]
        self._non_form_errors = self.error_class()
        for form in self.forms:
            form._errors = ErrorDict()
            form.cleaned_data = {}


def make_rows(
    row_class: type[RowForm],
    prefix: str,
    *,
    data: QueryDict | None,
    files=None,
    initial: Iterable[dict] = (),
    blank: int = 0,
    most: int = MOST_ROWS,
    **form_kwargs,
) -> Rows:
    """Rows filled from ``data`` (the editor's own copy), or from ``initial`` when it was not sent: then they are not bound."""
    factory = forms.formset_factory(
        row_class, formset=Rows, extra=blank, max_num=most, validate_max=True, absolute_max=most + 1000
    )
    is_sent = data is not None and f"{prefix}-TOTAL_FORMS" in data
    if is_sent:
        # Which rows existed before follows from their uid or file, not from their position.
        data[f"{prefix}-INITIAL_FORMS"] = "0"
    return factory(
        data=data if is_sent else None,
        files=files if is_sent else None,
        initial=None if is_sent else list(initial),
        prefix=prefix,
        form_kwargs=form_kwargs,
        error_messages={
            "too_many_forms": _("These are more than %(most)s. Nothing was saved yet; please remove some.") % {"most": most}
        },
    )


def with_added_row(data: QueryDict, prefix: str) -> QueryDict:
    """``data`` with one more empty row."""
    copy = data.copy()
    copy[f"{prefix}-TOTAL_FORMS"] = str(row_count(copy, prefix) + 1)
    return copy


def without_row(data: QueryDict, prefix: str, index: int) -> QueryDict:
    """``data`` without the row ``index``; the following move up. An unknown row changes nothing."""
    count = row_count(data, prefix)
    copy = data.copy()
    if not 0 <= index < count:
        return copy
    for name in list(copy):
        if name.startswith(f"{prefix}-") and number_in(name.removeprefix(f"{prefix}-").split("-")[0]) is not None:
            del copy[name]
    for name, values in data.lists():
        text, _dash, field = name.removeprefix(f"{prefix}-").partition("-")
        number = number_in(text) if name.startswith(f"{prefix}-") else None
        if number is None or number == index:
            continue
        position = number - (number > index)
        copy.setlist(f"{prefix}-{position}-{field}", values)
    copy[f"{prefix}-TOTAL_FORMS"] = str(count - 1)
    return copy


def row_count(data: QueryDict, prefix: str) -> int:
    return min(number_in(data.get(f"{prefix}-TOTAL_FORMS", "")) or 0, 1000)


def number_in(text: str) -> int | None:
    """The whole number that the text is; ``None`` for anything else, and for one longer than any key or position."""
    return int(text) if text.isdecimal() and len(text) < 20 else None
