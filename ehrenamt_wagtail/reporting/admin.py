"""The register of programme periods in the Wagtail admin; what happens in a period stands on its own page, see ``period_views``."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.directory.admin.base import status_tag
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.registers import Register

from . import actions, rules
from .models import ProgrammePeriod
from .periods import days_in_words, stage_of

DAYS = ("first_day", "last_day", "deadline")


def period_url(period: ProgrammePeriod) -> str:
    return reverse("ehrenamt_admin:period", args=[period.pk])


class PeriodForm(WagtailAdminModelForm):
    """Judges the days before anything is written; saves through the action."""

    def clean(self):
        facts = super().clean()
        if all(facts.get(name) for name in DAYS):
            period = ProgrammePeriod(pk=self.instance.pk, **{name: facts[name] for name in DAYS})
            for name, error in actions.errors_of(period, timezone.now()).items():
                self.add_error(name, error)
        return facts

    def save(self, commit=True):
        return actions.save_period(self.instance, actor=self.for_user)


class OntoItsPage:
    """Goes on to the period's own page; what became wrong in this very moment is told beside the field."""

    def get_success_url(self) -> str:
        return period_url(self.instance)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)

    def get_success_message_buttons(self, instance):
        return []


class PeriodCreateView(OntoItsPage, CreateView):
    def get_success_message(self, instance):
        return gettext("“%(period)s” is saved. Nobody has been written to yet.") % {"period": instance}


class PeriodEditView(OntoItsPage, EditView):
    def get_success_message(self, instance):
        return gettext("“%(period)s” is changed.") % {"period": instance}


class PeriodDeleteView(DeleteView):
    """Asks before deleting, or says why the period stays."""

    def get_context_data(self, **kwargs):
        objection = first_objection(rules.DELETE, period=self.instance, actor=self.request.user)
        return super().get_context_data(objection=objection.message if objection else "", **kwargs)

    def confirmation_message(self):
        return gettext("Do you want to delete “%(period)s”? Nobody was asked for contributions yet.") % {"period": self.instance}

    def post(self, request, *args, **kwargs):
        name = str(self.instance)
        try:
            actions.delete_period(self.instance, actor=request.user)
        except NotAllowed:
            return self.render_to_response(self.get_context_data())
        messages.success(request, gettext("“%(entry)s” was deleted.") % {"entry": name})
        return redirect(self.index_url)


class PeriodButtonHelper(ButtonHelper):
    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        progress = {
            "url": period_url(obj),
            "label": pgettext("button of a period", "Progress"),
            "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude),
            "title": gettext("See who has contributed, call, remind and close"),
        }
        return [progress, *buttons]


class PeriodRegister(Register):
    model = ProgrammePeriod
    menu_icon = "date"
    menu_order = 610
    button_helper_class = PeriodButtonHelper
    create_view_class = PeriodCreateView
    edit_view_class = PeriodEditView
    delete_view_class = PeriodDeleteView
    delete_template_name = "ehrenamt_wagtail/reporting/period_delete.html"
    list_display = ("name", "days", "deadline_text", "stage")
    search_fields = ("name",)
    ordering = ("-first_day", "-pk")
    list_export = ("name", "first_day", "last_day", "deadline", "called_at", "closed_at")
    export_filename = "programmzeitraeume"
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([DatePanel("first_day"), DatePanel("last_day")]),
            DatePanel("deadline"),
            FieldPanel("message"),
            HelpPanel(_("Saving writes to nobody: on the next page you see whom the call goes to, and send it from there.")),
        ],
        base_form_class=PeriodForm,
    )

    def days(self, period: ProgrammePeriod) -> str:
        return days_in_words(period)

    days.short_description = _("Days")
    days.admin_order_field = "first_day"

    def deadline_text(self, period: ProgrammePeriod) -> str:
        return long_date(period.deadline)

    deadline_text.short_description = _("Editorial deadline")
    deadline_text.admin_order_field = "deadline"

    def stage(self, period: ProgrammePeriod):
        label, is_open = stage_of(period)
        return status_tag(label, is_primary=is_open)

    stage.short_description = pgettext_lazy("period", "State")
