"""The form by which a circle states its figures, behind its link and in the portal."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.programme.found import grouped

from .figures import FACTS, LARGEST, LONGEST_REMARKS, NOTHING_SEEN, half_year_of_figure, too_large_words
from .models import CircleFigure

# „1.000“ as people write it, and with a space instead of the dot.
GROUPED = re.compile(r"[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+")


class CountField(forms.IntegerField):
    """A whole number from 0 to ``LARGEST``; „1.000“ is a thousand, which Django would read as 1."""

    widget = forms.TextInput

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value) -> int | None:
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if GROUPED.fullmatch(text):
            text = re.sub(r"[^0-9]", "", text)
        if re.fullmatch(r"[-−–][0-9]+", text):
            raise ValidationError(_("Please enter 0 or more."), code="negative")
        if not re.fullmatch(r"[0-9]+", text):
            raise ValidationError(_("Please enter a whole number in digits, for example 34."), code="invalid")
        # Before it becomes a number: nobody should make us count thousands of digits.
        if len(text.lstrip("0")) > len(str(LARGEST)) or int(text) > LARGEST:
            raise ValidationError(too_large_words(), code="too_large")
        return int(text)


class FigureForm(forms.Form):
    """``present`` is what counts for the half-year, ``before`` what counts for the latest one before it."""

    volunteers = CountField(
        label=gettext_lazy("How many volunteers take part?"),
        error_messages={"required": gettext_lazy("Please enter how many volunteers take part; 0 if there are none.")},
    )
    groups = CountField(label=gettext_lazy("How many groups or teams are active?"), required=False)
    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        required=False,
        max_length=LONGEST_REMARKS,
        error_messages={
            "max_length": gettext_lazy(
                "This is too long: %(show_value)s characters. At most %(limit_value)s are possible; please shorten it."
            )
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, present: CircleFigure | None, before: CircleFigure | None) -> None:
        initial = {name: getattr(present, name) for name in FACTS} if present else {}
        super().__init__(data, initial={**initial, "seen": present.pk if present else NOTHING_SEEN})
        self.use_required_attribute = False
        self.fields["volunteers"].help_text = last_words(before and before.volunteers, before)
        self.fields["groups"].help_text = last_words(before and before.groups, before)
        self.fields["remarks"].help_text = _("What has changed, or what should the district know? Please do not write names.")
        # A browser would cut silently what is pasted.
        self.fields["remarks"].widget.attrs.pop("maxlength", None)

    def facts(self) -> dict:
        """What ``figures.state_figure`` takes; asked only of a valid form. A form that lost its mark has seen nothing."""
        seen = self.cleaned_data["seen"]
        is_mark = re.fullmatch(r"[0-9]{1,18}", seen) is not None
        return {name: self.cleaned_data[name] for name in FACTS} | {"seen": int(seen) if is_mark else NOTHING_SEEN}

    def has_seen(self, latest: CircleFigure | None) -> None:
        """Sent again, the form replaces ``latest``."""
        self.data = self.data.copy()
        self.data["seen"] = str(latest.pk if latest else NOTHING_SEEN)


def last_words(number: int | None, figure: CircleFigure | None) -> str:
    """„zuletzt: 34 (Juli bis Dezember 2026)“; nothing if nothing was stated."""
    if figure is None or number is None:
        return ""
    return _("last: %(number)s (%(half_year)s)") % {"number": grouped(number), "half_year": half_year_of_figure(figure).title}
