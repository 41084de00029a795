"""The form to report a barrier: only the description is asked for, everything else is voluntary."""

import uuid
from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy

LONGEST_TEXT = 3000
LONGEST_ADDRESS = 500


class BarrierForm(forms.Form):
    """``is_trap``: a machine filled in what nobody sees."""

    description = forms.CharField(
        label=gettext_lazy("What is the barrier?"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("What did you want to do, and what was in the way? If you like, say with which device or program."),
        error_messages={"required": gettext_lazy("Please describe the barrier.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    address = forms.CharField(
        label=gettext_lazy("On which page?"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=gettext_lazy("The address of the page, or what stands in its title."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Only if you want an answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    uid = forms.CharField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    main = ("description", "address", "name", "email")

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.main]

    def clean_uid(self) -> uuid.UUID:
        """A form that lost its mark gets a new one: it may then be sent twice, and that is all."""
        try:
            return uuid.UUID(self.cleaned_data["uid"])
        except ValueError:
            return uuid.uuid4()

    @property
    def is_trap(self) -> bool:
        return bool(self.data.get("note"))

    def facts(self) -> dict:
        """What ``actions.report_barrier`` takes."""
        return {name: self.cleaned_data[name] for name in (*self.main, "uid")}


def page_concerned(text: str) -> str:
    """The path of a page of this site; nothing for anything else, and for addresses that are a secret of one person."""
    text = text.strip()
    if not text.isprintable() or not text.startswith("/") or text.startswith("//"):
        return ""
    parts = urlsplit(text)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    if "token" in match.kwargs or "code" in match.kwargs:
        return ""
    # Only those of pages are known to hold no secret.
    is_page = match.url_name == "wagtail_serve"
    return (f"{parts.path}?{parts.query}" if parts.query and is_page else parts.path)[:LONGEST_ADDRESS]
