"""The form to return a submission on its review page: with another date, or the proposal to join forces."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.clock import aware
from ehrenamt_wagtail.formatting import NIGHT_ENDS
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage

from .compare import describe_date
from .competition import DATE, END, JOIN, START, Competition, Partner, ask_for, comment_on_date, comment_on_joining
from .forms import ReturnForm
from .models import Reason, ReviewDecision
from .proposals import dates_to_move, when_of, when_proposed

DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M", "%H"]
LAST_YEAR = 2100
NO_DAY = _("There is no such day. Write it like this: 14.03.2027.")
NO_TIME = _("There is no such time. Write it like this: 19:30.")


def time_field(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        input_formats=TIME_FORMATS,
        error_messages={"invalid": NO_TIME},
    )


class ReturnWithProposalForm(ReturnForm):
    """``page`` is the version under review as object. Nothing is proposed without a day, nor without another offering."""

    proposed_for = forms.TypedChoiceField(
        label=_("Instead of"),
        required=False,
        coerce=uuid.UUID,
        empty_value=None,
        error_messages={"invalid_choice": _("This date is not part of the offering. Please choose one of the list.")},
    )
    proposed_date = forms.DateField(
        label=_("Proposed day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=DATE_FORMATS,
        error_messages={"invalid": NO_DAY},
    )
    proposed_start_time = time_field(_("Begins at"))
    proposed_end_time = time_field(_("Ends at"))
    join_with = forms.TypedChoiceField(
        label=_("Join forces with"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("This offering does not compete any more. Please choose one of the list.")},
    )
    field_order = ["reasons", "comment", "proposed_for", "proposed_date", "proposed_start_time", "proposed_end_time", "join_with"]
    proposal_names = ("proposed_for", "proposed_date", "proposed_start_time", "proposed_end_time")

    def __init__(self, *args, page, partners: Iterable[Partner] = (), **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("comment"):
            self.fields["comment"].widget.attrs["rows"] = 9
        dates = dates_to_move(page) if isinstance(page, OfferingPage) else []
        self.dates = {str(date.uid): date for date in dates}
        self.fields["proposed_for"].choices = [(uid, describe_date(date)) for uid, date in self.dates.items()]
        partners = list(partners)
        self.fields["join_with"].choices = [("", _("Nobody")), *((partner.offering_id, partner.label) for partner in partners)]
        for name in [*(self.proposal_names if not dates else ()), *(["join_with"] if not partners else ())]:
            del self.fields[name]

    @property
    def proposal_fields(self) -> list:
        return [self[name] for name in self.proposal_names if name in self.fields]

    @property
    def has_proposal(self) -> bool:
        """Whether a date is filled in, so that its fields are to be seen."""
        return any(field.errors or (field.value() and field.name != "proposed_for") for field in self.proposal_fields)

    @property
    def partners_field(self):
        return self["join_with"] if "join_with" in self.fields else None

    @property
    def has_partner(self) -> bool:
        field = self.partners_field
        return field is not None and bool(field.errors or field.value())

    def clean(self) -> dict:
        data = super().clean()
        day = data.get("proposed_date")
        times = [data.get("proposed_start_time"), data.get("proposed_end_time")]
        if day is None:
            if any(time is not None for time in times) and "proposed_date" not in self.errors:
                self.add_error("proposed_date", _("Enter the day that you propose."))
            return data
        if data.get("join_with"):
            self.add_error("join_with", _("Propose either another date or joining forces, so that the answer is clear."))
        date = self.dates.get(str(data.get("proposed_for") or ""))
        if date is None:
            if "proposed_for" not in self.errors:
                self.add_error("proposed_for", _("Choose which date the proposal replaces."))
        elif not timezone.localdate().year <= day.year <= LAST_YEAR:
            self.add_error("proposed_date", _("Please check the year."))
        elif not {"proposed_start_time", "proposed_end_time"} & set(self.errors):
            self.clean_moments(data, date, day)
        return data

    def clean_moments(self, data: dict, date: Occurrence, day: dt.date) -> None:
        """Sets ``start`` and ``end``; the proposal covers as many days as the date that it replaces."""
        begins, ends = data.get("proposed_start_time"), data.get("proposed_end_time")
        days = days_of(date)
        if begins is None and date.is_all_day and ends is None:
            begins = ends = dt.time.min
            days += 1
        if begins is None:
            self.add_error("proposed_start_time", _("Enter when it begins."))
            return
        if ends is not None and days == 0 and ends < min(begins, NIGHT_ENDS):
            days = 1
        start = self.moment("proposed_start_time", day, begins)
        end = self.moment("proposed_end_time", day + dt.timedelta(days=days), ends) if ends is not None else None
        if start and start <= timezone.now():
            self.add_error("proposed_date", _("This date lies in the past. Please check day and year."))
        elif start and end and end <= start:
            self.add_error("proposed_end_time", _("The end lies before the start."))
        elif start and (start, end) == (date.start, date.end):
            self.add_error("proposed_date", _("This is the submitted date. Please propose another one."))
        elif start and "comment" in data:
            when = when_proposed(ReviewDecision(proposed_start=start, proposed_end=end))
            data["comment"] = ask_for(data["comment"], when)
        data["start"], data["end"] = start, end

    def moment(self, name: str, day: dt.date, time: dt.time) -> dt.datetime | None:
        moment = aware(day, time)
        if moment is None:
            self.add_error(name, _("This time does not exist: the clocks go forward that night. Please choose another time."))
        return moment

    def decision(self) -> dict:
        """Keyword arguments of ``actions.return_to_organisation``."""
        data = self.cleaned_data
        decision = super().decision()
        if data.get("proposed_date"):
            decision |= {"proposed_for": data["proposed_for"], "proposed_start": data["start"], "proposed_end": data["end"]}
        if data.get("join_with"):
            decision["join_with"] = data["join_with"]
        return decision


def days_of(date: Occurrence) -> int:
    """How many days after the first the last one is."""
    if date.is_all_day:
        return ((date.end_date or date.start_date) - date.start_date).days
    if date.end is None:
        return 0
    days = (timezone.localdate(date.end) - timezone.localdate(date.start)).days
    # An evening that ends after midnight is written as one day.
    return 0 if days == 1 and timezone.localtime(date.end).time() < NIGHT_ENDS else days


def initial_of(parameters, page, competition: Competition | None) -> dict:
    """The form filled by one click on another date or another offering; values of the address that make no sense are ignored."""
    if competition is None:
        return {}
    return join_initial(parameters, page, competition) or date_initial(parameters, page, competition)


def join_initial(parameters, page: OfferingPage, competition: Competition) -> dict:
    wanted = parameters.get(JOIN, "")
    partner = next((partner for partner in competition.partners if str(partner.offering_id) == wanted), None)
    if partner is None:
        return {}
    return {
        "reasons": [Reason.SIMILAR_OFFERING],
        "comment": comment_on_joining(page, partner),
        "join_with": partner.offering_id,
    }


def date_initial(parameters, page: OfferingPage, competition: Competition) -> dict:
    date = next((date for date in dates_to_move(page) if str(date.uid) == parameters.get(DATE, "")), None)
    start, end = moment_in(parameters.get(START, "")), moment_in(parameters.get(END, ""))
    if date is None or start is None:
        # The date that competes most is the one that another is most likely proposed for.
        return {"proposed_for": str(competition.chosen.uid)} if competition.chosen else {}
    initial = {"reasons": [Reason.DATE_CLASH], "proposed_for": str(date.uid), "proposed_date": start.date()}
    if date.is_all_day:
        last = start.date() + dt.timedelta(days=days_of(date))
        proposed = Occurrence(start_date=start.date(), end_date=last if last > start.date() else None)
    else:
        initial |= {"proposed_start_time": start.time(), "proposed_end_time": end.time() if end else None}
        proposed = Occurrence(start=timezone.make_aware(start), end=timezone.make_aware(end) if end else None)
    return initial | {"comment": comment_on_date(page, competition, date.uid, when_of(proposed))}


def moment_in(text: str) -> dt.datetime | None:
    """The local moment that the text is; ``None`` for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_naive(moment) and timezone.localdate().year <= moment.year <= LAST_YEAR else None
