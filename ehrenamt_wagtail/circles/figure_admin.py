"""The register of the circles' figures in the Wagtail admin: what counts, stated anew by „edit“, with all that was stated before.

Nothing is overwritten or deleted here: every way leads through ``figures.py``.
"""

from django import forms
from django.contrib.admin.utils import quote
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.admin.base import DirectoryRegister
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision, first_objection
from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.registers import RegisterHistoryView, RelatedFilter

from . import rules
from .figures import LONGEST_REMARKS, NOTHING_SEEN, half_year_of_figure, history_of, numbers_of, state_figure, take_back_figure
from .forms import CountField
from .half_years import present_half_year
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


def circles_to_choose():
    return CirclePage.objects.select_related("municipality").order_by("title", "municipality__name")


class CircleFigureForm(WagtailAdminModelForm):
    """States a figure. ``seen`` is the row that the form showed; what was stated since is named before it is replaced."""

    circle = CircleChoiceField(queryset=circles_to_choose(), label=setting("CIRCLE_NAME"))
    volunteers = CountField(label=_("Volunteers"))
    groups = CountField(label=_("Active groups"), required=False)
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=LONGEST_REMARKS,
        help_text=_("What has changed? Please do not write names."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.pk or NOTHING_SEEN
        if self.instance.pk:
            for name in ("circle", "year", "half"):
                self.fields[name].disabled = True

    def validate_constraints(self):
        """Who states a half-year a second time is told by the action."""

    def save(self, commit=True):
        """The row that counts now. Raises what ``state_figure`` raises."""
        facts = {name: self.cleaned_data[name] for name in ("year", "half", "volunteers", "groups", "remarks")}
        seen = self.cleaned_data["seen"] or NOTHING_SEEN
        return state_figure(self.cleaned_data["circle"], actor=self.for_user, seen=seen, **facts)

    def has_seen(self, latest: CircleFigure | None) -> None:
        """Sent again, the form replaces ``latest``."""
        self.data = self.data.copy()
        self.data["seen"] = str(latest.pk if latest else NOTHING_SEEN)


class StatingView:
    """Saves through the action, which writes the log; a refusal keeps what was typed."""

    def form_valid(self, form):
        try:
            self.instance = form.save()
        except StaleRevision as stale:
            form.has_seen(stale.latest)
            form.add_error("volunteers", self.stale_words(stale))
            return self.form_invalid(form)
        except NotAllowed as objection:
            form.add_error("half", objection.message)
            return self.form_invalid(form)
        messages.success(self.request, self.get_success_message(self.instance))
        return redirect(self.get_success_url())

    def stale_words(self, stale: StaleRevision) -> str:
        return stale.message

    def get_success_message(self, figure: CircleFigure) -> str:
        facts = {"circle": figure.circle, "half_year": half_year_of_figure(figure).title, "numbers": numbers_of(figure)}
        return gettext("%(circle)s, %(half_year)s: %(numbers)s. It is stored.") % facts


class FigureCreateView(StatingView, CreateView):
    """Begins with the present half-year, or with what the address names."""

    def get_instance(self) -> CircleFigure:
        present = present_half_year()
        return CircleFigure(year=present.year, half=present.half)

    def get_initial(self) -> dict:
        return {name: self.request.GET[name] for name in ("circle", "year", "half") if name in self.request.GET}

    def stale_words(self, stale: StaleRevision) -> str:
        if stale.latest is None:
            return stale.message
        return gettext(
            "For this half-year there is a figure already: %(numbers)s. Nothing was saved. Check circle and half-year; sent "
            "again, your figure replaces it, and the earlier one stays in the history."
        ) % {"numbers": numbers_of(stale.latest)}


class FigureEditView(StatingView, EditView):
    """States anew. What is history leads to what counts; a form that somebody still had open is compared with it."""

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.instance.is_current:
            return super().get(request, *args, **kwargs)
        return redirect(self.url_helper.get_action_url("history", quote(self.instance.pk)))


class FigureHistoryView(RegisterHistoryView):
    """All that was stated for the circle and half-year, the newest first."""

    columns = [
        Column("volunteers", label=_("Volunteers")),
        Column("groups", label=_("Active groups"), accessor=lambda figure: "" if figure.groups is None else figure.groups),
        Column("remarks", label=_("Remarks")),
        Column("state", label=pgettext_lazy("figure", "State"), accessor=lambda figure: state_of(figure)),
        Column("by", label=_("Stated by"), accessor=lambda figure: stated_by(figure)),
        DateColumn("stated_at", label=_("Stated at")),
    ]

    def get_page_subtitle(self) -> str:
        return f"{self.instance.circle}, {half_year_of_figure(self.instance).title}"

    def get_queryset(self):
        return history_of(self.instance.circle, half_year_of_figure(self.instance))


def state_of(figure: CircleFigure) -> str:
    if figure.taken_back_at:
        return gettext("taken back on %(day)s") % {"day": short_date(figure.taken_back_at)}
    return gettext("counts") if figure.is_current else gettext("replaced")


def stated_by(figure: CircleFigure) -> str:
    if figure.is_by_link:
        return gettext("the circle itself, by link")
    return (figure.stated_by.get_full_name() or figure.stated_by.get_username()) if figure.stated_by else ""


class FigureTakeBackView(DeleteView):
    """Takes a figure back that was stated by mistake; it and its history stay."""

    page_title = _("Take back")

    def check_action_permitted(self, user) -> bool:
        """Also of a figure that does not count any more: whoever clicks twice reads that, not that the page is closed to them."""
        return self.permission_helper.user_can_edit_obj(user, self.instance)

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.instance.is_current:
            return super().get(request, *args, **kwargs)
        return redirect(self.url_helper.get_action_url("history", quote(self.instance.pk)))

    def confirmation_message(self):
        facts = {"circle": self.instance.circle, "half_year": half_year_of_figure(self.instance).title}
        return gettext(
            "Was this stated by mistake: %(circle)s, %(half_year)s, %(numbers)s? Taken back, it never counts again, and what was "
            "stated before it counts once more. All of it stays in the history."
        ) % (facts | {"numbers": numbers_of(self.instance)})

    def get_context_data(self, **kwargs):
        return super().get_context_data(shown_uses=[], further_uses=0, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            before = take_back_figure(self.instance, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            words = gettext("Taken back. Now this counts again: %(numbers)s.") % {"numbers": numbers_of(before)} if before else ""
            messages.success(request, words or gettext("Taken back. Nothing is stated for this half-year now."))
        return redirect(self.index_url)


class FigurePermissionHelper(PermissionHelper):
    """Wagtail's permissions for coordinators, who alone state figures of any circle; nothing is deleted, but taken back."""

    def user_can_create(self, user) -> bool:
        return super().user_can_create(user) and is_coordinator(user)

    def user_can_edit_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and is_coordinator(user)

    def user_can_delete_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and first_objection(rules.TAKE_BACK_FIGURE, figure=obj, actor=user) is None


class FigureButtonHelper(ButtonHelper):
    """„Zahl eintragen“, „Zahlen abfragen“, and the history of each figure."""

    def add_button(self, *args, **kwargs):
        return {**super().add_button(*args, **kwargs), "label": gettext("Enter a figure"), "title": gettext("Enter a figure")}

    @property
    def header_button(self) -> dict | None:
        if not is_coordinator(self.request.user):
            return None
        label = gettext("Ask for figures")
        return {
            "url": reverse("ehrenamt_admin:circle_figures_asking"),
            "label": label,
            "title": label,
            "icon": "mail",
            "classname": self.finalise_classname(self.add_button_classnames),
        }

    def delete_button(self, *args, **kwargs):
        label = gettext("Take back")
        return {**super().delete_button(*args, **kwargs), "label": label, "title": label}

    def history_button(self, pk, classnames_add=None) -> dict:
        label = pgettext("figure", "History")
        return {
            "url": self.url_helper.get_action_url("history", quote(pk)),
            "label": label,
            "title": label,
            "classname": self.finalise_classname([*self.inspect_button_classnames, *(classnames_add or [])]),
        }

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        """The history follows „edit“."""
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if self.permission_helper.user_can_edit_obj(self.request.user, obj):
            buttons.insert(1, self.history_button(obj.pk, classnames_add))
        return buttons


class CircleFigureRegister(DirectoryRegister):
    model = CircleFigure
    menu_label = format_lazy(_("Figures of the {circles}"), circles=setting("CIRCLE_NAME_PLURAL"))
    menu_icon = "list-ol"
    menu_order = 700
    permission_helper_class = FigurePermissionHelper
    button_helper_class = FigureButtonHelper
    create_view_class = FigureCreateView
    edit_view_class = FigureEditView
    delete_view_class = FigureTakeBackView
    history_view_class = FigureHistoryView
    index_template_name = "ehrenamt_wagtail/directory/admin/index.html"
    # Beside the filters there is no room for a column of towns.
    list_display = ("circle_and_town", "half_year", "volunteers", "groups", "stated")
    list_select_related = ("circle__municipality", "stated_by")
    list_filter = ("year", "half", ("circle", CircleFilter))
    search_fields = ("circle__title", "circle__municipality__name")
    ordering = ("-year", "-half", "circle__title", "circle__municipality__name")
    list_export = ("circle_name", "town", "year", "half", "volunteers", "groups", "remarks", "stated_at", "by")
    export_filename = "ehrenamtliche-nach-halbjahren"
    edit_handler = ObjectList(
        [
            FieldPanel("circle"),
            FieldRowPanel([FieldPanel("year"), FieldPanel("half")]),
            FieldRowPanel([FieldPanel("volunteers"), FieldPanel("groups")]),
            FieldPanel("remarks"),
        ],
        base_form_class=CircleFigureForm,
    )

    def get_queryset(self, request):
        """What counts."""
        return super().get_queryset(request).filter(is_current=True)

    def circle_and_town(self, figure: CircleFigure) -> str:
        """„Arbeitskreis Asyl (Renningen)“; the title alone where it names the town."""
        town = self.town(figure)
        return f"{figure.circle.title} ({town})" if town and town not in figure.circle.title else figure.circle.title

    circle_and_town.short_description = setting("CIRCLE_NAME")
    circle_and_town.admin_order_field = "circle__title"

    def circle_name(self, figure: CircleFigure) -> str:
        return figure.circle.title

    circle_name.short_description = setting("CIRCLE_NAME")

    def town(self, figure: CircleFigure) -> str:
        return str(figure.circle.municipality or "")

    town.short_description = _("Town or municipality")

    def half_year(self, figure: CircleFigure) -> str:
        return half_year_of_figure(figure).title

    half_year.short_description = _("Half-year")
    half_year.admin_order_field = "year"

    def stated(self, figure: CircleFigure) -> str:
        """„Mi 25. November, Arbeitskreis selbst“; empty for what was entered before this was kept."""
        return ", ".join(filter(None, [short_date(figure.stated_at) if figure.stated_at else "", stated_by(figure)]))

    stated.short_description = pgettext_lazy("figures", "Stated")
    stated.admin_order_field = "stated_at"

    def by(self, figure: CircleFigure) -> str:
        return stated_by(figure)

    by.short_description = _("Stated by")
