"""A day with or without times, as one date of a form."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from .dates import LAST_YEAR, aware, date_field, time_field
from .rows import NOT_IN_LIST, TOO_LONG


class PlainForm(forms.Form):
    """Errors in our words; one-line texts without runs of blanks."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            field.error_messages["max_length"] = TOO_LONG
            if isinstance(field, forms.ModelChoiceField | forms.ChoiceField):
                field.error_messages["invalid_choice"] = NOT_IN_LIST
                field.error_messages["invalid_pk_value"] = NOT_IN_LIST
            # A browser would cut silently what is pasted.
            field.widget.attrs.pop("maxlength", None)

    def clean(self) -> dict:
        data = super().clean()
        for name, value in data.items():
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.Textarea):
                data[name] = " ".join(value.split())
        return data

    def choose_organisation(self, organisations: list) -> None:
        """Nothing to choose with one organisation."""
        field = self.fields["organisation"]
        field.queryset = type(organisations[0]).objects.filter(pk__in=[organisation.pk for organisation in organisations])
        field.initial = organisations[0].pk
        field.empty_label = None
        field.required = False
        field.hide_optional = True
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()


class MomentForm(PlainForm):
    """``moment()`` gives ``start`` and ``end`` as aware datetimes of the site's zone, or ``start_date`` for a whole day."""

    date = date_field(_("Day"))
    start_time = time_field(_("Begins at"))
    end_time = time_field(_("Ends at"))
    all_day = forms.BooleanField(label=_("All day, without times"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("date", "start_time"):
            self.fields[name].hide_optional = True

    def clean(self) -> dict:
        data = super().clean()
        day = data.get("date")
        if "date" in self.errors:
            return data
        if day is None:
            self.add_error("date", _("Enter the day of this date."))
        elif not 2000 <= day.year <= LAST_YEAR:
            self.add_error("date", _("Please check the year."))
        elif not data.get("all_day") and not {"start_time", "end_time"} & set(self.errors):
            self.clean_times(data, day)
        return data

    def clean_times(self, data: dict, day: dt.date) -> None:
        begins, ends = data.get("start_time"), data.get("end_time")
        if begins is None:
            self.add_error("start_time", _("Enter when it begins, or tick “all day”."))
            return
        data["start"] = self.local_moment("start_time", day, begins)
        # What ends earlier in the day than it begins ends after midnight.
        last = day + dt.timedelta(days=1) if ends is not None and ends <= begins else day
        data["end"] = self.local_moment("end_time", last, ends) if ends is not None else None
        if ends == begins:
            self.add_error("end_time", _("The end lies before the start."))

    def local_moment(self, name: str, day: dt.date, time: dt.time) -> dt.datetime | None:
        moment = aware(day, time)
        if moment is None:
            self.add_error(
                name, _("This time does not exist: the clocks go forward that night. Please choose another time.")
            )
        return moment

    def moment(self) -> dict:
        data = self.cleaned_data
        if data["all_day"]:
            return {"start_date": data["date"], "start": None, "end": None}
        return {"start_date": None, "start": data["start"], "end": data["end"]}
