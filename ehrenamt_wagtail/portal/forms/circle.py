"""The form of a circle's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .page import PageForm, title_field


class CircleForm(PageForm):
    title = title_field(_("Name of the circle"))
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        max_length=200,
        error_messages={"invalid": _("This is no web address. It looks like this: https://…")},
    )

    model_fields = (
        "title", "municipality", "summary", "meets", "how_to_join", "wanted", "website", "carriers", "topics", "contact_name",
        "contact_name_is_public", "contact_email", "contact_email_is_public", "contact_phone", "contact_phone_is_public",
    )  # fmt: skip
    facts = frozenset({"title", "municipality", "summary"})
    long_texts = {"summary": 5, "meets": 3, "how_to_join": 3, "wanted": 3}

    basics = ("title", "municipality", "summary", "meets", "how_to_join", "wanted")
    contact_fields = (
        "contact_name", "contact_name_is_public", "contact_email", "contact_email_is_public", "contact_phone",
        "contact_phone_is_public",
    )  # fmt: skip
    folds = (
        ("teams", _("Teams"), ()),
        ("topics", _("Topics"), ("topics",)),
        ("carriers", _("Carriers and website"), ("carriers", "website")),
    )

    def __init__(self, *args, organisations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].empty_label = _("please choose")
        for name in ("topics", "carriers"):
            field = self.fields[name]
            field.widget = forms.CheckboxSelectMultiple()
            field.widget.choices = field.choices
            field.help_text = ""
        self.fields["contact_email"].error_messages["invalid"] = _("This is no mail address. It looks like this: name@example.org")
