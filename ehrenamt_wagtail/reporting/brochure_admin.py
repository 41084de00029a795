"""The register of brochures in the Wagtail admin. What is made of one stands on its own page, see ``brochure/admin_views.py``."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from ehrenamt_wagtail.directory.admin.base import status_tag
from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.programme.filters import kind_choices
from ehrenamt_wagtail.registers import Register, RelatedFilter

from .models import Brochure


class BrochureForm(WagtailAdminModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        choices=lambda: list(kind_choices().items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nothing ticked: all kinds."),
    )


class BrochureButtonHelper(ButtonHelper):
    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if self.permission_helper.user_can_edit_obj(self.request.user, obj):
            opened = {
                "url": reverse("ehrenamt_admin:brochure", args=[obj.pk]),
                "label": gettext("Files and posters"),
                "classname": self.finalise_classname(classnames_add or []),
                "title": gettext("Make the files of this brochure, publish it, print posters"),
            }
            buttons.insert(0, opened)
        return buttons


class GoOn:
    """What was saved leads to the page where files are made."""

    def get_success_url(self) -> str:
        return reverse("ehrenamt_admin:brochure", args=[self.instance.pk])


class BrochureCreateView(GoOn, CreateView):
    pass


class BrochureEditView(GoOn, EditView):
    pass


class BrochureDeleteView(DeleteView):
    def confirmation_message(self) -> str:
        return gettext("Do you want to delete “%(brochure)s” with all its files? This cannot be undone. The offerings stay.") % {
            "brochure": self.instance
        }


class BrochureRegister(Register):
    model = Brochure
    menu_icon = "doc-full"
    menu_order = 690
    button_helper_class = BrochureButtonHelper
    create_view_class = BrochureCreateView
    edit_view_class = BrochureEditView
    delete_view_class = BrochureDeleteView
    list_display = ("title", "period", "state_tag", "newest")
    list_select_related = ("period",)
    list_filter = (("period", RelatedFilter),)
    search_fields = ("title", "subtitle", "period__name")
    list_export = ("title", "subtitle", "period", "published_at")
    export_filename = "programmhefte"
    edit_handler = ObjectList(
        [
            FieldPanel("period"),
            FieldRowPanel([FieldPanel("title"), FieldPanel("subtitle")]),
            MultiFieldPanel(
                [FieldPanel("kinds"), FieldPanel("with_late"), FieldPanel("with_circles")], heading=_("What stands in it")
            ),
            MultiFieldPanel(
                [FieldPanel("cover"), FieldPanel("preface"), FieldPanel("imprint")], heading=_("Cover, preface and imprint")
            ),
        ],
        base_form_class=BrochureForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("files")

    def state_tag(self, brochure: Brochure):
        if brochure.published_at:
            return status_tag(pgettext_lazy("brochure", "published"), is_primary=True)
        return status_tag(pgettext_lazy("brochure", "not published"), is_primary=False)

    state_tag.short_description = pgettext_lazy("brochure", "State")
    state_tag.admin_order_field = "published_at"

    def newest(self, brochure: Brochure) -> str:
        files = brochure.files.all()
        return short_date(files[0].made_at) if files else ""

    newest.short_description = _("Files of")
