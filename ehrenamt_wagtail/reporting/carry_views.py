"""Carrying a period over, in the Wagtail admin: first what would be made is shown, then it is started."""

import datetime as dt

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ehrenamt_wagtail.directory.admin.coordinator import CoordinatorView
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.formatting import date_range

from . import carrying
from .models import ProgrammePeriod

YEAR = "year"
PERIODS_OFFERED = 10
# How far the beginning of last year's period may lie from ours a year before.
ABOUT = dt.timedelta(days=45)


class SourceForm(forms.Form):
    """From when to carry over; ``span()`` says it in days."""

    source = forms.ChoiceField(
        label=gettext_lazy("From when?"),
        error_messages=dict.fromkeys(("invalid_choice", "required"), gettext_lazy("Choose one of the list.")),
    )

    def __init__(self, data, *, period: ProgrammePeriod):
        self.spans = spans_before(period)
        super().__init__({"source": data.get("source", self.default(period))})
        self.fields["source"].choices = [(key, label) for key, (label, _span) in self.spans.items()]

    def default(self, period: ProgrammePeriod) -> str:
        year_before = carrying.year_before(period).first_day
        near = (key for key, (_label, span) in self.spans.items() if key != YEAR and abs(span.first_day - year_before) <= ABOUT)
        return next(near, YEAR)

    def span(self) -> carrying.Span:
        return self.spans[self.cleaned_data["source"]][1]


def spans_before(period: ProgrammePeriod) -> dict[str, tuple[str, carrying.Span]]:
    """Value of the choice → its label and the days."""
    year_before = carrying.year_before(period)
    spans = {YEAR: (_("the same days a year before (%(days)s)") % {"days": days_of(year_before)}, year_before)}
    for earlier in ProgrammePeriod.objects.filter(last_day__lt=period.first_day)[:PERIODS_OFFERED]:
        span = carrying.Span(earlier.first_day, earlier.last_day)
        spans[str(earlier.pk)] = f"{earlier.name} ({days_of(span)})", span
    return spans


def days_of(span: carrying.Span) -> str:
    return date_range(span.first_day, span.last_day, all_day=True)


class CarryView(CoordinatorView):
    """GET shows for which organisation how much would be made, POST starts it."""

    template_name = "ehrenamt_wagtail/reporting/admin/carry.html"
    header_icon = "copy"

    def get(self, request: HttpRequest, period_id: int) -> HttpResponse:
        self.read(period_id, request.GET)
        return super().get(request)

    def post(self, request: HttpRequest, period_id: int) -> HttpResponse:
        self.read(period_id, request.POST)
        if not self.form.is_valid():
            return super().get(request)
        span = self.form.span()
        try:
            job = carrying.carry_over(self.period, (span.first_day, span.last_day), actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return redirect("ehrenamt_admin:period_carry", self.period.pk)
        return redirect("ehrenamt_admin:long_job", job.pk)

    def read(self, period_id: int, data) -> None:
        self.period = get_object_or_404(ProgrammePeriod, id=period_id)
        self.form = SourceForm(data, period=self.period)

    @property
    def page_title(self) -> str:
        return carrying.heading_of(self.period)

    def get_breadcrumbs_items(self) -> list[dict]:
        *before, own = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("ehrenamt_admin:period", args=[self.period.pk]), "label": self.period.name}, own]

    def get_context_data(self, **kwargs) -> dict:
        candidates = carrying.candidates_for(self.period, self.form.span()) if self.form.is_valid() else []
        job = carrying.last_job(self.period)
        objection = first_objection(carrying.CARRY_OVER, actor=self.request.user, period=self.period, now=timezone.now())
        return super().get_context_data(
            period=self.period,
            form=self.form,
            shares=carrying.shares_of(candidates),
            number=len(candidates),
            job=job,
            may_start=objection is None and not (job and job.is_under_way),
            carried_before=self.period.carried_over.count(),
            action_url=reverse("ehrenamt_admin:period_carry", args=[self.period.pk]),
            **kwargs,
        )
