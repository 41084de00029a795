"""For which days figures are asked for, as it stands in the address."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ehrenamt_wagtail.programme.filters import FIRST_YEAR, LAST_YEAR

from .figures.spans import SERIES, Span, half_year, half_years, year
from .models import ProgrammePeriod

OWN, YEAR_BEFORE, BEFORE, NONE = "eigen", "vorjahr", "davor", "ohne"
HALF_YEARS_BACK, HALF_YEARS_AHEAD, YEARS_BACK = 12, 2, 6
SERIES_CHOICES = [4, SERIES, 8, 10, 12]
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DateInput(), input_formats=DATE_FORMATS)


class SpanForm(forms.Form):
    """Field names are the address parameters. What makes no sense is told beside its field, and the default is shown."""

    zeitraum = forms.ChoiceField(label=gettext_lazy("Span"), required=False)
    von = day_field(gettext_lazy("First day"))
    bis = day_field(gettext_lazy("Last day"))
    vergleich = forms.ChoiceField(label=gettext_lazy("Compared with"), required=False)
    vergleich_von = day_field(gettext_lazy("First day of the comparison"))
    vergleich_bis = day_field(gettext_lazy("Last day of the comparison"))
    verlauf = forms.TypedChoiceField(
        label=pgettext_lazy("figures", "Course over"), required=False, coerce=int, empty_value=SERIES, choices=[]
    )

    def __init__(self, parameters: Mapping) -> None:
        today = timezone.localdate()
        self.present = half_year(today)
        known = known_spans(today)
        self.spans = {key: span for _label, choices in known for key, span in choices}
        given = {name: parameters.get(name, "").replace("\x00", "") for name in self.base_fields}
        given["zeitraum"] = given["zeitraum"] or key_of(self.present)
        given["vergleich"] = given["vergleich"] or YEAR_BEFORE
        given["verlauf"] = given["verlauf"] or str(SERIES)
        super().__init__(given, auto_id="figures_%s")
        choices = [(label, [(key, span.title) for key, span in spans]) for label, spans in known if spans]
        self.fields["zeitraum"].choices = [*choices, (OWN, _("other days"))]
        self.fields["vergleich"].choices = [
            (YEAR_BEFORE, _("the same days of the year before")),
            (BEFORE, _("the span directly before")),
            (NONE, _("nothing")),
            *choices,
            (OWN, _("other days")),
        ]
        self.fields["verlauf"].choices = [(number, _("%(number)s half-years") % {"number": number}) for number in SERIES_CHOICES]

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("zeitraum") == OWN:
            self.check_days("von", "bis")
        if facts.get("vergleich") == OWN:
            self.check_days("vergleich_von", "vergleich_bis")
        return facts

    def check_days(self, first: str, last: str) -> None:
        days = {name: self.cleaned_data.get(name) for name in (first, last)}
        for name, day in days.items():
            if name in self.errors:
                continue
            if day is None:
                self.add_error(name, _("Please enter this day, too."))
            elif not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, _("Please check the year."))
        if all(days.values()) and days[last] < days[first] and not {first, last} & self.errors.keys():
            self.add_error(last, _("The last day lies before the first."))

    @property
    def span(self) -> Span:
        """The chosen span; the present half-year if what was entered makes no sense."""
        self.is_valid()
        return self.chosen("zeitraum", "von", "bis") or self.present

    @property
    def comparison(self) -> Span | None:
        self.is_valid()
        choice = self.cleaned_data.get("vergleich")
        if choice == NONE:
            return None
        if choice == BEFORE:
            return self.span.before()
        return self.chosen("vergleich", "vergleich_von", "vergleich_bis") or self.span.year_before()

    @property
    def series(self) -> tuple[Span, ...]:
        """Half-years in a row up to that in which the span ends."""
        self.is_valid()
        return half_years(self.cleaned_data.get("verlauf") or SERIES, until=self.span.last)

    def chosen(self, choice: str, first: str, last: str) -> Span | None:
        facts = self.cleaned_data
        if facts.get(choice) != OWN:
            return self.spans.get(facts.get(choice, ""))
        return Span(facts[first], facts[last]) if facts.get(first) and facts.get(last) else None

    def parameters(self) -> dict[str, str]:
        """What an address has to say for the same choice; what nobody chose is left out."""
        default = {"zeitraum": key_of(self.present), "vergleich": YEAR_BEFORE, "verlauf": str(SERIES)}
        return {name: value for name, value in self.data.items() if value and value != default.get(name)}


def key_of(span: Span) -> str:
    """„2027-1“."""
    return f"{span.first.year}-{1 if span.first.month == 1 else 2}"


def known_spans(today: dt.date) -> list[tuple[str, list[tuple[str, Span]]]]:
    """What can be chosen, by sort; one query."""
    last = half_years(1, until=half_year(today).following + dt.timedelta(days=183 * (HALF_YEARS_AHEAD - 1)))[0]
    halves = reversed(half_years(HALF_YEARS_BACK + HALF_YEARS_AHEAD, until=last.first))
    years = [year(number) for number in range(today.year + 1, today.year - YEARS_BACK, -1)]
    periods = ProgrammePeriod.objects.order_by("-first_day", "-pk").values_list("pk", "first_day", "last_day", "name")
    return [
        (_("Half-years"), [(key_of(span), span) for span in halves]),
        (_("Years"), [(str(span.first.year), span) for span in years]),
        (_("Programme periods"), [(f"p{pk}", Span(first, last, name)) for pk, first, last, name in periods]),
    ]
