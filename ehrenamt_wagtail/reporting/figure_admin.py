"""Registers of the figures that coordinators enter, and of their kinds, in the Wagtail admin."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.directory.admin.base import DirectoryRegister, status_tag
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.filters import FIRST_YEAR, LAST_YEAR
from ehrenamt_wagtail.registers import RelatedFilter

from .figures.words import amount_text
from .models import EnteredFigure, FigureKind


class FigureKindRegister(DirectoryRegister):
    """A kind with values is not deleted but no longer counted."""

    model = FigureKind
    menu_icon = "list-ul"
    menu_order = 720
    list_display = ("name", "unit", "people", "state")
    list_filter = ("is_active", "unit", "is_people")
    search_fields = ("name", "definition")
    ordering = ("sort_order", "name")
    list_export = ("name", "definition", "unit", "is_people", "is_active")
    export_filename = "arten-von-zahlen"
    panels = [
        FieldPanel("name"),
        FieldPanel("definition"),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("sort_order")]),
        FieldPanel("is_people"),
        FieldPanel("is_active"),
    ]

    def people(self, kind: FigureKind) -> str:
        return gettext("yes") if kind.is_people else gettext("no")

    people.short_description = _("counts people")
    people.admin_order_field = "is_people"

    def state(self, kind: FigureKind):
        return status_tag(_("is counted") if kind.is_active else _("no longer counted"), is_primary=kind.is_active)

    state.short_description = _("state")
    state.admin_order_field = "is_active"


class EnteredFigureForm(WagtailAdminModelForm):
    """Notes who entered it; a mistyped year or a negative value is refused beside its field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = FigureKind.objects.filter(is_active=True)
        if self.instance.kind_id:
            kinds = kinds | FigureKind.objects.filter(pk=self.instance.kind_id)
        self.fields["kind"].queryset = kinds

    def clean(self):
        facts = super().clean()
        first, last = facts.get("first_day"), facts.get("last_day")
        for name, day in (("first_day", first), ("last_day", last)):
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, gettext("Please check the year."))
        if first and last and last < first:
            self.add_error("last_day", gettext("The last day lies before the first."))
        if (facts.get("value") or 0) < 0:
            self.add_error("value", gettext("Enter 0 or more."))
        return facts

    def save(self, commit=True):
        if self.instance.pk is None:
            self.instance.entered_by = self.for_user
        return super().save(commit)


class EnteredFigureRegister(DirectoryRegister):
    model = EnteredFigure
    menu_icon = "edit"
    menu_order = 710
    list_display = ("kind", "days", "amount", "note")
    list_select_related = ("kind",)
    list_filter = (("kind", RelatedFilter), "first_day")
    search_fields = ("kind__name", "note")
    ordering = ("-first_day", "kind__sort_order", "kind__name", "pk")
    list_export = ("kind", "first_day", "last_day", "value", "note", "entered_at")
    export_filename = "eingetragene-zahlen"
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            FieldRowPanel([DatePanel("first_day"), DatePanel("last_day")]),
            FieldPanel("value"),
            FieldPanel("note"),
        ],
        base_form_class=EnteredFigureForm,
    )

    def days(self, figure: EnteredFigure) -> str:
        return date_range(figure.first_day, figure.last_day, all_day=True)

    days.short_description = _("Days")
    days.admin_order_field = "first_day"

    def amount(self, figure: EnteredFigure) -> str:
        return amount_text(figure.kind.unit, figure.value)

    amount.short_description = _("value")
    amount.admin_order_field = "value"
