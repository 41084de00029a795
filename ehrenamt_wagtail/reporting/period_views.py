"""A programme period in the Wagtail admin: who has contributed, and the buttons that call, close and open again."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from ehrenamt_wagtail.admin_dates import DateInput
from ehrenamt_wagtail.coordination.periods import half_year_of
from ehrenamt_wagtail.coordination.views import CoordinatorView
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import EhrenamtError, first_objection

from . import actions, carrying, rules
from .models import ProgrammePeriod
from .periods import days_in_words, last_day_of_editing, stage_of
from .progress import Row, progress

MISSING = "ohne"


class ReopenForm(forms.Form):
    deadline = forms.DateField(
        label=gettext_lazy("New editorial deadline"),
        widget=DateInput,
        help_text=gettext_lazy(
            "What is submitted by the end of this day gets into the brochure; what comes later appears online only."
        ),
    )


class PeriodView(CoordinatorView):
    """The numbers at the top, what can be done, then all organisations."""

    template_name = "ehrenamt_wagtail/reporting/period.html"
    header_icon = "date"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.period = get_object_or_404(ProgrammePeriod.objects.select_related("called_by", "closed_by"), pk=kwargs["period_id"])

    @property
    def page_title(self) -> str:
        return self.period.name

    def get_breadcrumbs_items(self) -> list[dict]:
        *before, own = super().get_breadcrumbs_items()
        label = capfirst(ProgrammePeriod._meta.verbose_name_plural)
        return [*before, {"url": register_url("index"), "label": label}, own]

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = ReopenForm(request.POST) if request.POST.get("action") == "reopen" else None
        if form is not None and not form.is_valid():
            return self.answer_errors(form)
        try:
            self.act(request.POST.get("action"), form)
        except EhrenamtError as refusal:
            messages.error(request, refusal.message)
        except ValidationError as error:
            form.add_error(None, error)
            return self.answer_errors(form)
        return redirect("ehrenamt_admin:period", self.period.pk)

    def answer_errors(self, form: ReopenForm) -> HttpResponse:
        messages.error(self.request, _("Nothing was changed. Please look at the message below."))
        return self.render_to_response(self.get_context_data(reopen_form=form))

    def act(self, action: str | None, form: ReopenForm | None) -> None:
        """What the button says; an unknown one does nothing."""
        user = self.request.user
        if action == "call":
            self.tell_called(actions.call_for_contributions(self.period, actor=user))
        elif action == "close":
            actions.close_period(self.period, actor=user)
            messages.success(self.request, _("Closed. What is submitted from now on appears online only."))
        elif form is not None:
            actions.reopen_period(self.period, deadline=form.cleaned_data["deadline"], actor=user)
            messages.success(self.request, _("Open again. The partner portal names the new deadline; nobody was written to."))

    def tell_called(self, number: int) -> None:
        if not number:
            messages.info(self.request, _("Nobody was written to: all organisations were already asked for contributions."))
            return
        text = ngettext(
            "%(number)s organisation is asked for contributions. Who was written to stands in the register of mails.",
            "%(number)s organisations are asked for contributions. Who was written to stands in the register of mails.",
            number,
        )
        messages.success(self.request, text % {"number": number})

    @cached_property
    def may(self) -> dict[str, bool]:
        facts = {"period": self.period, "actor": self.request.user, "now": timezone.now()}
        lists = {"call": rules.CALL, "close": rules.CLOSE, "reopen": rules.REOPEN, "carry": carrying.CARRY_OVER}
        return {name: first_objection(rule_list, **facts) is None for name, rule_list in lists.items()}

    def get_context_data(self, **kwargs) -> dict:
        found = progress(self.period)
        missing = found.missing()
        is_filtered = self.request.GET.get("stand") == MISSING
        to_call = found.to_be_called() if self.may["call"] else []
        label, is_open = stage_of(self.period)
        return super().get_context_data(
            **{
                "period": self.period,
                "days": days_in_words(self.period),
                "stage": label,
                "is_open": is_open,
                "is_closed": self.period.is_closed(),
                "closed_on": last_day_of_editing(self.period),
                "numbers": found.numbers(),
                "number_all": len(found.rows),
                "number_missing": len(missing),
                "is_filtered": is_filtered,
                "rows": [self.shown(row) for row in (missing if is_filtered else found.rows)],
                "missing_url": f"?stand={MISSING}",
                "to_call": len(to_call),
                "to_write": sum(row.people for row in to_call),
                "unreachable": [row.organisation.name for row in found.unreachable()] if self.may["call"] else [],
                "may": self.may,
                "reopen_form": ReopenForm(),
                "edit_url": register_url("edit", self.period.pk),
                **kwargs,
            }
        )

    def shown(self, row: Row) -> dict:
        return {"row": row, "contribution": row.contribution, "url": plans_url(self.period, row.organisation)}


def register_url(action: str, *args) -> str:
    return reverse(f"ehrenamt_wagtail_programmeperiod_modeladmin_{action}", args=args)


def plans_url(period: ProgrammePeriod, organisation: Organisation) -> str:
    """What the organisation plans in the half-year in which the period begins."""
    query = [half_year_of(period.first_day).parameter, ("traeger", organisation.slug)]
    return f"{reverse('ehrenamt_admin:planning')}?{urlencode(query)}"
