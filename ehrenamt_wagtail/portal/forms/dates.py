"""Rows of dates: wall-clock entries of the site's zone ↔ ``Occurrence`` objects."""

import datetime as dt
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.clock import aware
from ehrenamt_wagtail.directory.models import Venue
from ehrenamt_wagtail.programme.models import Mode, Occurrence

from .rows import RowForm

DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M", "%H"]
LAST_YEAR = 2100
# One date lasts no longer; more is a mistyped year.
LONGEST = dt.timedelta(days=366)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


def date_field(label, **options) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=DateInput(),
        input_formats=DATE_FORMATS,
        error_messages={"invalid": _("There is no such day. Write it like this: 14.03.2027.")},
        **options,
    )


def time_field(label, **options) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=TimeInput(),
        input_formats=TIME_FORMATS,
        error_messages={"invalid": _("There is no such time. Write it like this: 19:30.")},
        **options,
    )


class DateRow(RowForm):
    """One date. Blank rows are left out; a row is known by its ``uid``, and an unknown uid makes a new date."""

    uid = forms.CharField(required=False, widget=forms.HiddenInput)
    date = date_field(_("Day"))
    start_time = time_field(_("Begins at"))
    end_time = time_field(_("Ends at"))
    all_day = forms.BooleanField(label=_("All day, without times"), required=False)
    until_date = date_field(_("Last day"), help_text=_("Only if it goes on for several days."))
    venue = forms.ModelChoiceField(
        label=_("Other venue for this date"), queryset=Venue.objects.none(), required=False
    )
    room = forms.CharField(label=_("Room on this date"), required=False, max_length=100)
    mode = forms.ChoiceField(
        label=_("On site or online on this date"), required=False, choices=[("", _("as stated below")), *Mode.choices]
    )

    main_names = ("date", "start_time", "end_time", "all_day")
    folded_names = ("until_date", "venue", "room", "mode")

    def __init__(self, *args, page, venues, venue_choices, cancelled=frozenset(), **kwargs):
        super().__init__(*args, page=page, **kwargs)
        self.fields["venue"].queryset = venues
        self.fields["venue"].choices = [("", _("as stated below")), *venue_choices]
        for name in ("date", "start_time"):
            self.fields[name].hide_optional = True
        if self["uid"].value() in cancelled:
            self.fields["date"].help_text = _("This date is cancelled.")

    def is_blank(self) -> bool:
        names = [name for name in (*self.main_names, *self.folded_names) if name != "uid"]
        return not any(self.cleaned_data.get(name) for name in names)

    def clean(self) -> dict:
        data = super().clean()
        if self.errors or self.is_blank():
            return data
        day, last = data.get("date"), data.get("until_date")
        if day is None:
            self.add_error("date", _("Enter the day of this date, or remove the date."))
            return data
        if max(day, last or day).year > LAST_YEAR or day.year < 2000:
            self.add_error("date", _("Please check the year."))
        elif last and last < day:
            self.add_error("until_date", _("The last day lies before the first."))
        elif last and last - day > LONGEST:
            self.add_error("until_date", _("Please check the year."))
        elif not data.get("all_day"):
            self.clean_times(data, day, last)
        return data

    def clean_times(self, data: dict, day: dt.date, last: dt.date | None) -> None:
        begins, ends = data.get("start_time"), data.get("end_time")
        if begins is None:
            self.add_error("start_time", _("Enter when it begins, or tick “all day”."))
            return
        if last and last > day and ends is None:
            self.add_error("end_time", _("Enter when it ends on the last day, or tick “all day”."))
            return
        start, end = self.moment("start_time", day, begins), None
        if ends is not None:
            end = self.moment("end_time", last or day, ends)
        if start and end and end <= start:
            self.add_error(
                "end_time",
                _("The end lies before the start. If it ends after midnight, enter the last day under “More about this date”."),
            )
        data["start"], data["end"] = start, end

    def moment(self, name: str, day: dt.date, time: dt.time) -> dt.datetime | None:
        present = self.known_date()
        stored = getattr(present, name.removesuffix("_time")) if present else None
        if stored and timezone.localtime(stored).replace(tzinfo=None) == dt.datetime.combine(day, time):
            # Of an hour that happens twice, keep the one that was meant.
            return stored
        moment = aware(day, time)
        if moment is None:
            self.add_error(
                name, _("This time does not exist: the clocks go forward that night. Please choose another time.")
            )
        return moment

    def known_date(self) -> Occurrence | None:
        return known_dates(self.page).get(self.cleaned_data.get("uid", ""))

    def row_object(self) -> Occurrence:
        data = self.cleaned_data
        occurrence = self.known_date() or Occurrence(uid=uuid.uuid4())
        self.written_uid = occurrence.uid
        if data["all_day"]:
            occurrence.start = occurrence.end = None
            occurrence.start_date, occurrence.end_date = data["date"], data["until_date"]
        else:
            occurrence.start, occurrence.end = data["start"], data["end"]
            occurrence.start_date = occurrence.end_date = None
        occurrence.venue, occurrence.room, occurrence.mode = data["venue"], data["room"], data["mode"]
        return occurrence

    @staticmethod
    def initial_of(occurrence: Occurrence) -> dict:
        initial = {
            "uid": str(occurrence.uid),
            "venue": occurrence.venue_id,
            "room": occurrence.room,
            "mode": occurrence.mode,
        }
        if occurrence.start_date:
            return initial | {"date": occurrence.start_date, "until_date": occurrence.end_date, "all_day": True}
        start = timezone.localtime(occurrence.start) if occurrence.start else None
        end = timezone.localtime(occurrence.end) if occurrence.end else None
        return initial | {
            "date": start and start.date(),
            "start_time": start and start.time(),
            "end_time": end and end.time(),
            "until_date": end.date() if start and end and end.date() != start.date() else None,
        }


def known_dates(page) -> dict[str, Occurrence]:
    """The dates of the page in memory, and those the public knows that the newest version leaves out, by uid."""
    if not hasattr(page, "_ehrenamt_known_dates"):
        published = page.published_uids()
        dates = [date for date in page.stored_dates() if date.uid in published]
        page._ehrenamt_known_dates = {str(date.uid): date for date in [*dates, *page.occurrences.all()]}
    return page._ehrenamt_known_dates
