"""The register of needs in the Wagtail admin, and the panel of open needs. That of figures stands in ``figure_admin.py``."""

import datetime as dt

from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.views import DeleteView

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.directory.admin.base import DirectoryRegister, status_tag
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.registers import RelatedFilter

from . import needs, rules
from .figure_admin import CircleChoiceField, circles_to_choose, setting
from .models import Need
from .queries import open_needs


class NeedPermissionHelper(PermissionHelper):
    """Wagtail's permissions and our rules together: what was taken up is not changed any more, what is over not closed."""

    def user_can_edit_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and first_objection(rules.EDIT, need=obj, actor=user) is None

    def user_can_delete_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and first_objection(rules.CLOSE, need=obj, actor=user) is None


class NeedButtonHelper(ButtonHelper):
    """Needs are closed instead of being deleted."""

    def delete_button(self, *args, **kwargs):
        return {**super().delete_button(*args, **kwargs), "label": gettext("Close"), "title": gettext("Close the need")}


class NeedForm(WagtailAdminModelForm):
    """Saves through the actions: coordinators may be told of a need on the telephone."""

    circle = CircleChoiceField(
        queryset=circles_to_choose(),
        label=setting("CIRCLE_NAME"),
        required=False,
    )

    def clean(self):
        facts = super().clean()
        first, last = facts.get("from_date"), facts.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", gettext("The last day lies before the first."))
        return facts

    def save(self, commit=True):
        facts = {name: self.cleaned_data[name] for name in needs.FACTS}
        if self.instance.pk:
            return needs.edit_need(self.instance, actor=self.for_user, **facts)
        return needs.report_need(
            organisation=self.cleaned_data["organisation"], actor=self.for_user, circle=self.cleaned_data["circle"], **facts
        )


class NeedCloseView(DeleteView):
    """Closes the need; it and its history stay."""

    page_title = _("Close the need")

    def confirmation_message(self):
        return gettext("Do you want to close “%(need)s”? Nobody can take it up any more; a draft that answers it is kept.") % {
            "need": self.instance
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(shown_uses=[], further_uses=0, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            needs.close_need(self.instance, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            messages.success(request, gettext("“%(need)s” is closed.") % {"need": self.instance})
        return redirect(self.index_url)


class NeedRegister(DirectoryRegister):
    model = Need
    menu_icon = "help"
    menu_order = 640
    permission_helper_class = NeedPermissionHelper
    button_helper_class = NeedButtonHelper
    delete_view_class = NeedCloseView
    inspect_view_enabled = True
    inspect_view_fields = [
        "title", "description", "organisation", "circle", "topic", "municipality", "group_size", "from_date", "until_date",
        "status", "taken_by", "taken_at", "offering", "created_by", "created_at",
    ]  # fmt: skip
    list_display = ("title", "state_tag", "organisation", "municipality", "reported")
    list_select_related = ("organisation", "municipality", "topic", "taken_by")
    list_filter = ("status", ("topic", RelatedFilter), ("municipality", RelatedFilter), ("organisation", RelatedFilter))
    search_fields = ("title", "description", "organisation__name", "municipality__name")
    ordering = ("-created_at", "-pk")
    list_export = (
        "title", "status", "organisation", "municipality", "topic", "group_size", "from_date", "until_date", "taken_by",
        "reported_at",
    )  # fmt: skip
    export_filename = "bedarfe"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("description"),
            MultiFieldPanel([FieldPanel("organisation"), FieldPanel("circle")], heading=_("Who needs it")),
            FieldRowPanel([FieldPanel("topic"), FieldPanel("municipality"), FieldPanel("group_size")]),
            FieldRowPanel([DatePanel("from_date"), DatePanel("until_date")]),
        ],
        base_form_class=NeedForm,
    )

    def state_tag(self, need: Need):
        return status_tag(need.get_status_display(), is_primary=need.status == Need.Status.OPEN)

    state_tag.short_description = pgettext_lazy("need", "State")
    state_tag.admin_order_field = "status"

    def reported_at(self, need: Need) -> dt.datetime:
        return need.created_at

    reported_at.short_description = pgettext_lazy("need", "Reported on")

    def reported(self, need: Need) -> str:
        return short_date(need.created_at)

    reported.short_description = pgettext_lazy("need", "Reported")
    reported.admin_order_field = "created_at"


class NeedsPanel(Component):
    """Open needs on the admin's start page of coordinators; nothing when there are none."""

    name = "ehrenamt_needs"
    template_name = "ehrenamt_wagtail/circles/admin/needs_panel.html"
    order = 95
    shown = 5

    def get_context_data(self, parent_context) -> dict:
        found = list(open_needs()[: self.shown])
        return {"needs": found, "number": open_needs().count() if len(found) == self.shown else len(found)}

    def render_html(self, parent_context=None) -> str:
        context = self.get_context_data(parent_context)
        return get_template(self.template_name).render(context) if context["needs"] else ""


def add_needs_panel(request: HttpRequest, panels: list) -> None:
    if is_coordinator(request.user):
        panels.append(NeedsPanel())
