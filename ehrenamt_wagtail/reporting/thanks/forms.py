"""The form by which a person to be thanked is named, behind the circle's link and in the admin."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models.thanks import EARLIEST_YEAR

YEAR = re.compile(r"[0-9]{4}")


class YearField(forms.CharField):
    """A year with four digits, as a number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 4, "size": 4})

    def clean(self, value) -> int:
        text = super().clean(value)
        if not YEAR.fullmatch(text):
            raise ValidationError(_("Please enter the year with four digits, for example 2019."))
        if int(text) < EARLIEST_YEAR:
            raise ValidationError(_("Please enter a year from %(year)s on.") % {"year": EARLIEST_YEAR})
        return int(text)


class PersonForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("First name and surname"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("As it is to stand in the letter."),
        error_messages={"required": gettext_lazy("Please enter the name.")},
    )
    since = YearField(
        label=gettext_lazy("Volunteer since"),
        help_text=gettext_lazy("The year; about is enough."),
        error_messages={"required": gettext_lazy("Please enter the year; about is enough.")},
    )
    consent = forms.BooleanField(
        label=gettext_lazy("The person agrees that the district learns name and year to write a letter of thanks."),
        error_messages={"required": gettext_lazy("Please confirm that the person agrees; without it the name must not be stored.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def facts(self) -> dict:
        """What ``actions.name_person`` takes; asked only of a valid form."""
        data = self.cleaned_data
        return {"name": data["name"], "since": data["since"], "has_consented": data["consent"]}

    def refuse(self, error: ValidationError) -> None:
        """Show what the action found at the fields that it concerns."""
        for name, errors in error.message_dict.items():
            self.add_error(name if name in self.fields else None, errors)
