"""What all registers in the admin share: lists that cannot be probed, spreadsheets that carry no formulas."""

import datetime as dt

from django.contrib.admin import RelatedOnlyFieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin import messages
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import HistoryView, IndexView

# A cell that begins like this is run as a formula by spreadsheet programs (OWASP: CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

# What Django's filters append to the name of a field.
FILTER_SUFFIXES = ("", "__exact", "__id__exact", "__page_ptr__exact", "__isnull", "__gte", "__lt")


def without_formula(value):
    """Text that a spreadsheet program shows instead of running it; other types unchanged."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


class RegisterIndexView(IndexView):
    """Wagtail ModelAdmin's list; unknown parameters are ignored instead of reaching the database."""

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            messages.warning(request, _("The filter could not be understood; all entries are shown."))
            return redirect(self.index_url)

    def get_filters_params(self, params=None):
        """Only the parameters of our filters: any other lookup could ask for fields that nobody here may see."""
        allowed = set()
        for item in self.list_filter:
            if callable(item):
                allowed.add(item.parameter_name)
            else:
                name = item[0] if isinstance(item, list | tuple) else item
                allowed.update(name + suffix for suffix in FILTER_SUFFIXES)
        found = super().get_filters_params(params)
        return {name: values for name, values in found.items() if name in allowed}

    def get_search_results(self, request, queryset, search_term):
        # PostgreSQL refuses the character.
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def to_row_dict(self, item):
        """The cells of one row as people read them: labels of choices, yes and no, empty for nothing."""
        return {name: self.cell(name, item) for name in self.list_export}

    def cell(self, name, item):
        field, _attribute, value = lookup_field(name, item, self.model_admin)
        if value is None:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dt.datetime):
            # On the clock of the district; spreadsheet programs know no time zones.
            return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        if field is not None and field.flatchoices:
            return force_str(dict(field.flatchoices).get(value, value))
        return force_str(value, strings_only=True)

    def get_heading(self, queryset, field):
        return capfirst(force_str(label_for_field(field, model=self.model, model_admin=self.model_admin)))

    def preprocess_field_value(self, field, value, export_format):
        value = super().preprocess_field_value(field, value, export_format)
        if isinstance(value, str) and export_format == self.FORMAT_XLSX:
            value = ILLEGAL_CHARACTERS_RE.sub("", value)
        return without_formula(value)


class RegisterHistoryView(HistoryView):
    """Wagtail ModelAdmin shows the history of anything to everybody who is let into the admin; we ask for the permission."""

    def check_action_permitted(self, user) -> bool:
        return self.permission_helper.user_can_edit_obj(user, self.instance)

    def get_breadcrumbs_items(self):
        """The way back, which ModelAdmin leaves out."""
        return [
            *super().get_breadcrumbs_items(),
            {"url": self.index_url, "label": capfirst(self.verbose_name_plural)},
            {"url": self.edit_url, "label": str(self.instance)},
            {"url": "", "label": self.get_page_title()},
        ]


class RelatedFilter(RelatedOnlyFieldListFilter):
    """Offers the related objects that occur. Django's own asks its admin site for their order, which need not be installed."""

    def field_admin_ordering(self, field, request, model_admin):
        return field.remote_field.model._meta.ordering


class ReadOnly(PermissionHelper):
    """For registers of what people do elsewhere, or jobs: here nobody writes, changes or deletes it, superusers neither."""

    def user_can_create(self, user) -> bool:
        return False

    def user_can_edit_obj(self, user, obj) -> bool:
        return False

    def user_can_delete_obj(self, user, obj) -> bool:
        return False


class Register(ModelAdmin):
    """A ModelAdmin with the list above; the file of an export is named after ``export_filename``."""

    index_view_class = RegisterIndexView
    history_view_class = RegisterHistoryView
    index_view_extra_css = ["ehrenamt_wagtail/admin/registers.css"]
    list_per_page = 50

    def get_menu_label(self):
        """ModelAdmin would write every word with a capital letter."""
        return self.menu_label or capfirst(self.opts.verbose_name_plural)
