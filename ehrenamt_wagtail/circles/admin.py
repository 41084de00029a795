"""The register of the circles' figures in the Wagtail admin: how many volunteers, circle by circle and year by year."""

from django import forms
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.admin.base import DirectoryRegister
from ehrenamt_wagtail.registers import RelatedFilter

from .models import CircleFigure, CirclePage

# The district's own word for circles, read when it is shown.
setting = lazy(lambda name: getattr(conf, name), str)


class CircleChoiceField(forms.ModelChoiceField):
    """Circles of different towns often have the same name."""

    def label_from_instance(self, circle: CirclePage) -> str:
        return f"{circle.title} ({circle.municipality})" if circle.municipality else circle.title


class CircleFilter(RelatedFilter):
    """Circles by name; pages come in the order of the tree otherwise."""

    def field_admin_ordering(self, field, request, model_admin):
        return ("title",)


class CircleFigureForm(WagtailAdminModelForm):
    """One figure for each circle and year; the second one is refused next to the year."""

    circle = CircleChoiceField(
        queryset=CirclePage.objects.select_related("municipality").order_by("title", "municipality__name"),
        label=setting("CIRCLE_NAME"),
    )

    def clean(self):
        facts = super().clean()
        earlier = (
            CircleFigure.objects.filter(circle=facts.get("circle"), year=facts.get("year"))
            .exclude(pk=self.instance.pk)
            .first()
        )
        if earlier:
            self.add_error(
                "year",
                gettext(
                    "There is a figure for this year already: %(number)s. Nothing was saved. Correct the year, or change the "
                    "figure that is there."
                )
                % {"number": earlier.volunteers},
            )
        return facts


class CircleFigureRegister(DirectoryRegister):
    model = CircleFigure
    menu_label = format_lazy(_("Figures of the {circles}"), circles=setting("CIRCLE_NAME_PLURAL"))
    menu_icon = "list-ol"
    menu_order = 700
    list_display = ("circle_name", "town", "year", "volunteers")
    list_select_related = ("circle__municipality",)
    list_filter = ("year", ("circle", CircleFilter))
    search_fields = ("circle__title", "circle__municipality__name")
    ordering = ("circle__title", "circle__municipality__name", "-year")
    list_export = ("circle_name", "town", "year", "volunteers")
    export_filename = "ehrenamtliche-nach-jahren"
    edit_handler = ObjectList(
        [FieldPanel("circle"), FieldRowPanel([FieldPanel("year"), FieldPanel("volunteers")])],
        base_form_class=CircleFigureForm,
    )

    def circle_name(self, figure: CircleFigure) -> str:
        return figure.circle.title

    circle_name.short_description = setting("CIRCLE_NAME")
    circle_name.admin_order_field = "circle__title"

    def town(self, figure: CircleFigure) -> str:
        return str(figure.circle.municipality or "")

    town.short_description = _("Town or municipality")
    town.admin_order_field = "circle__municipality__name"
