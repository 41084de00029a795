"""The form to sign up."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import SeatPlan


class SignUpForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("Your mail address"), max_length=254)
    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, plan: SeatPlan, **kwargs) -> None:
        self.plan = plan
        super().__init__(*args, **kwargs)

    def names(self) -> list[str]:
        return [self.cleaned_data["name"]]
