from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class PasswordForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "User name and password do not match. Please try again, or let us send you a link by mail."
        ),
        "inactive": _("This account is switched off. Please ask the district's coordinators."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["username"].error_messages["required"] = _("Enter your user name.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")


class LinkForm(forms.Form):
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your mail address."),
            "invalid": _("This is no mail address. It looks like this: name@example.org"),
        },
    )
