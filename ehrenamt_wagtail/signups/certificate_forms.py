"""Forms of the public pages about certificates."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .certificates import CODE_LENGTH, read_code, shown_code


class CodeForm(forms.Form):
    """The code of a certificate, however it is typed."""

    code = forms.CharField(
        label=gettext_lazy("Verification code"),
        max_length=100,
        help_text=gettext_lazy("It stands at the bottom of the certificate. Capital or small letters, with or without dashes."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH or not code.isascii():
            raise forms.ValidationError(
                _("A code has %(length)s letters and digits, these are %(number)s. Please compare it with the certificate.")
                % {"length": CODE_LENGTH, "number": len(code)}
            )
        return shown_code(code)


class RecordsForm(forms.Form):
    """A mail address; ``website`` is seen by machines alone."""

    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        help_text=gettext_lazy("The one that you signed up with."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("website"))
