"""The form that begins a report, and the one that edits it."""

import datetime as dt

from django import forms
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from ehrenamt_wagtail.admin_dates import DateInput

from ..figures.spans import Span, half_years, year
from ..models import ProgrammePeriod
from . import chapters

OTHER = "other"
HALF_YEARS_OFFERED, YEARS_OFFERED, PERIODS_OFFERED = 4, 2, 6


def spans_offered() -> list[Span]:
    """Half-years and years, the latest one that is over first, then programme periods."""
    halves = list(reversed(half_years(HALF_YEARS_OFFERED + 1)))
    present = halves[0].first.year
    periods = [Span(period.first_day, period.last_day, period.name) for period in ProgrammePeriod.objects.all()[:PERIODS_OFFERED]]
    return [*halves[1:], halves[0], *(year(present - ago) for ago in range(1, YEARS_OFFERED + 1)), *periods]


def code_of(span: Span) -> str:
    return f"{span.first.isoformat()}_{span.last.isoformat()}"


class NewReportForm(forms.Form):
    """Which days, what they are compared with, and which chapters are drafted."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    span = forms.ChoiceField(label=gettext_lazy("Period of the report"))
    first_day = forms.DateField(label=gettext_lazy("First day of other days"), widget=DateInput, required=False)
    last_day = forms.DateField(label=gettext_lazy("Last day of other days"), widget=DateInput, required=False)
    comparison = forms.ChoiceField(
        label=gettext_lazy("Compared with"),
        choices=[
            ("year_before", gettext_lazy("the same days a year before")),
            ("before", gettext_lazy("what lies directly before")),
            ("none", gettext_lazy("nothing")),
        ],
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Chapters"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each is drafted with fitting figures and charts; all of it can be changed afterwards."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = spans_offered()
        self.spans = {code_of(span): span for span in offered}
        labels = {code: span.title if span.title == span.days else f"{span.title} ({span.days})" for code, span in self.spans.items()}
        self.fields["span"].choices = [*labels.items(), (OTHER, _("other days, entered below"))]
        self.fields["sections"].choices = chapters.choices()
        self.fields["title"].initial = _("Status report: coordination of volunteering")
        self.fields["span"].initial = code_of(offered[0])
        self.fields["sections"].initial = [key for key, _heading in chapters.choices()]

    def clean(self):
        facts = super().clean()
        if facts.get("span") == OTHER:
            self.check_days(facts.get("first_day"), facts.get("last_day"))
        return facts

    def check_days(self, first: dt.date | None, last: dt.date | None) -> None:
        for name, day in (("first_day", first), ("last_day", last)):
            if day is None and name not in self.errors:
                self.add_error(name, _("Please enter the day."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first one."))

    def values(self) -> dict:
        """What ``create_report`` takes."""
        facts = self.cleaned_data
        span = Span(facts["first_day"], facts["last_day"]) if facts["span"] == OTHER else self.spans[facts["span"]]
        compared = {"year_before": span.year_before, "before": span.before, "none": lambda: None}[facts["comparison"]]()
        return {
            "title": facts["title"],
            "first_day": span.first,
            "last_day": span.last,
            "compared_first_day": compared and compared.first,
            "compared_last_day": compared and compared.last,
            "sections": [key for key, _heading in chapters.choices() if key in facts["sections"]],
        }


class ReportForm(WagtailAdminModelForm):
    """Carries the edition that it was opened with; saving is the action's."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edition"].initial = self.instance.edition

    @property
    def arrived_whole(self) -> bool:
        """Whether what was sent says how many blocks there are and which: else nothing can be told of what was meant."""
        try:
            for name, field in self.fields.items():
                field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        except (MultiValueDictKeyError, ValueError):
            return False
        return True

    def show_edition(self, edition: int) -> None:
        """What is saved next is compared with ``edition``: the person was told of it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("edition")] = str(edition)
