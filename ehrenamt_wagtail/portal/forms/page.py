"""What the forms of offerings and circles share: plain fields read from and written to a page in memory."""

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.exceptions import UploadRefused
from ehrenamt_wagtail.portal import uploads

from .rows import NOT_IN_LIST, TOO_LONG

IMAGE_TYPES = "image/jpeg,image/png,image/webp"


class PageForm(forms.Form):
    """A title is all that is needed to save; what else is missing is said by ``submission_errors()`` when submitting.

    ``model_fields`` are written as they are. The picture is stored at once when it is sent, ``image_kept`` names it until the
    form is saved.
    """

    model_fields: tuple[str, ...] = ()
    # Asked for before submitting, so not „optional“.
    facts: frozenset[str] = frozenset()
    long_texts: dict[str, int] = {}

    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, page, organisation, actor, **kwargs):
        self.page, self.organisation, self.actor = page, organisation, actor
        kwargs["initial"] = {**self.initial_of(page), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name in self.model_fields:
            if name not in self.fields:
                self.fields[name] = self.field_for(page._meta.get_field(name))
        for name, field in self.fields.items():
            field.hide_optional = name in self.facts
            field.error_messages["max_length"] = TOO_LONG
            if isinstance(field, forms.ModelChoiceField | forms.ChoiceField):
                field.error_messages["invalid_choice"] = NOT_IN_LIST
                field.error_messages["invalid_pk_value"] = NOT_IN_LIST
            if name in self.long_texts:
                field.widget.attrs["rows"] = self.long_texts[name]
            # A browser would cut silently what is pasted.
            field.widget.attrs.pop("maxlength", None)
        self.image_error = ""
        if self.is_bound and "image_file" in self.fields:
            self.take_image()

    def field_for(self, field: models.Field) -> forms.Field:
        formfield = field.formfield()
        formfield.required = False
        formfield.label = capfirst(field.verbose_name)
        return formfield

    @classmethod
    def initial_of(cls, page) -> dict[str, Any]:
        return {name: page._meta.get_field(name).value_from_object(page) for name in cls.model_fields}

    def clean(self) -> dict:
        data = super().clean()
        for name, value in data.items():
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.Textarea):
                data[name] = " ".join(value.split())
        if self.image_error:
            self.add_error("image_file", self.image_error)
        return data

    def take_image(self) -> None:
        upload = self.files.get("image_file")
        if not upload:
            return
        title = self.data.get("image_alt") or self.data.get("title") or str(_("Image"))
        try:
            stored = uploads.store_image(upload, organisation=self.organisation, title=title, actor=self.actor)
        except UploadRefused as refusal:
            self.image_error = refusal.message
            return
        self.data["image_kept"] = uploads.kept_token(stored, self.organisation)
        self.data.pop("image_remove", None)

    def apply(self, page) -> None:
        """Write what was typed to ``page`` in memory; asked only of a valid form."""
        for name in self.model_fields:
            field = page._meta.get_field(name)
            if field.many_to_many:
                getattr(page, name).set(self.cleaned_data[name])
            else:
                setattr(page, name, self.cleaned_data[name])

    def without_validation(self) -> None:
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}


def title_field(label=_("Title"), **options) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=255,
        error_messages={
            "required": _("Enter a title. With it your draft can already be saved."),
            "max_length": TOO_LONG,
        },
        **options,
    )
