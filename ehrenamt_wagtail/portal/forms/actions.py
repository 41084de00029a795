"""Copying and cancelling an offering."""

import datetime as dt
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.portal.facts import date_text

from .dates import date_field
from .rows import TOO_LONG

WEEK = 7


class CopyForm(forms.Form):
    """The first date of the copy; ``cleaned_data["weeks"]`` is by how many weeks all dates move."""

    first_date = date_field(_("First date of the copy"))
    # Known again when the form is sent twice.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        spans = [span for date in page.get_latest_revision_as_object().occurrences.all() if (span := date.span())]
        self.present = timezone.localtime(min(spans)[0]).date() if spans else None
        field = self.fields["first_date"]
        if self.present is None:
            del self.fields["first_date"]
            return
        field.required = True
        field.error_messages["required"] = _("Enter the first date of the copy.")
        field.help_text = gettext(
            "So far: %(date)s. All dates move by the same number of whole weeks, so the day of the week stays."
        ) % {"date": long_date(self.present)}
        field.initial = next_same_weekday(self.present, timezone.localdate() + dt.timedelta(weeks=4))

    def clean(self) -> dict:
        data = super().clean()
        data["weeks"] = 0
        first = data.get("first_date")
        if self.present is None or first is None:
            return data
        if not 2000 <= first.year <= 2100:
            self.add_error("first_date", _("Please check the year."))
        elif (first - self.present).days % WEEK:
            after = next_same_weekday(self.present, first)
            self.add_error(
                "first_date",
                gettext("The day of the week has to stay the same. Near your date are: %(before)s, and %(after)s.")
                % {"before": long_date(after - dt.timedelta(WEEK)), "after": long_date(after)},
            )
        data["weeks"] = (first - self.present).days // WEEK
        return data


def next_same_weekday(day: dt.date, not_before: dt.date) -> dt.date:
    return not_before + dt.timedelta((day.weekday() - not_before.weekday()) % WEEK)


class CancelForm(forms.Form):
    """Which date (``cleaned_data["uid"]``, ``None`` for all) and why."""

    date = forms.ChoiceField(
        label=_("What is cancelled?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is cancelled."),
            "invalid_choice": _("This date does not belong to the offering. Please choose one of the list."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody can read it, for example: The speaker is ill."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Give a short reason: people want to know why.")},
    )

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        cancelled, now = page.cancelled_uids(), timezone.now()
        dates = [
            date
            for date in page.stored_dates()
            if date.uid not in cancelled and (span := date.span()) and span[1] > now
        ]
        field = self.fields["date"]
        field.choices = [("all", _("The whole offering with all its dates"))]
        if len(dates) > 1:
            field.choices = [(str(date.uid), date_text(date)) for date in dates] + field.choices
        else:
            field.initial = "all"

    def clean_date(self) -> str:
        chosen = self.cleaned_data["date"]
        self.cleaned_data["uid"] = None if chosen == "all" else uuid.UUID(chosen)
        return chosen


class SubmitForm(forms.Form):
    """Why something is submitted although another date competes strongly."""

    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why all the same?"),
        help_text=_("The district reads it in the review, for example: Only on this evening the speaker has time."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={
            "required": _("Say in one sentence why the date is to stay. Your draft is saved."),
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, *args, is_needed: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["reason"].required = is_needed
        # A browser would cut silently what is pasted.
        self.fields["reason"].widget.attrs.pop("maxlength", None)
