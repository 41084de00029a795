"""Somebody who came without signing up; and what a certificate says."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.signups.certificates import LONGEST_CONTENTS
from ehrenamt_wagtail.signups.forms import NameField


class WalkInForm(forms.Form):
    """As short as it can be: there is a queue at the door."""

    name = NameField(label=gettext_lazy("First name and family name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("For the certificate of attendance. Without one you can print it later."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    # Known again when the form is sent twice.
    uid = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class ReleaseForm(forms.Form):
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"),
        min_value=0,
        max_value=500,
        max_digits=5,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("Of all dates together, as they were planned. Who missed one gets as much less as that date lasted."),
    )
    contents = forms.CharField(
        label=gettext_lazy("Contents"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Taken from the page of the offering. Please shorten it to what was really dealt with."),
    )

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours is not None and hours == 0:
            raise forms.ValidationError(_("Please say how many hours it were."))
        return hours

    def clean_contents(self) -> str:
        contents = self.cleaned_data["contents"].replace("\r\n", "\n").strip()
        if len(contents) > LONGEST_CONTENTS:
            raise forms.ValidationError(
                _("These are %(number)s characters; %(most)s fit on the page. Nothing is lost, please shorten the text.")
                % {"number": len(contents), "most": LONGEST_CONTENTS}
            )
        return contents
