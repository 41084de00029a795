"""The register of thanks in the Wagtail admin; who is named and what is written stands on its own page, ``thanks.admin_views``."""

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.registers import Register

from .models import ThanksRound
from .thanks.texts import placeholders_in_words


def round_url(round: ThanksRound) -> str:
    return reverse("ehrenamt_admin:thanks", args=[round.pk])


class ThanksForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letter"].help_text = gettext("A blank line makes a paragraph.") + " " + placeholders_in_words()


class ThanksPermissions(PermissionHelper):
    """Wagtail's permissions, and only for coordinators: names are personal data."""

    def user_has_any_permissions(self, user) -> bool:
        return super().user_has_any_permissions(user) and is_coordinator(user)

    def user_can_list(self, user) -> bool:
        return super().user_can_list(user) and is_coordinator(user)

    def user_can_create(self, user) -> bool:
        return super().user_can_create(user) and is_coordinator(user)

    def user_can_edit_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and is_coordinator(user)

    def user_can_delete_obj(self, user, obj) -> bool:
        return super().user_can_delete_obj(user, obj) and is_coordinator(user)


class ThanksButtons(ButtonHelper):
    """Rows lead to the page of the round first."""

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        own = {
            "url": round_url(obj),
            "label": gettext("People and letters"),
            "classname": self.finalise_classname(classnames_add or []),
            "title": gettext("People and letters of “%(round)s”") % {"round": obj},
        }
        return [own, *buttons]


class OntoItsPage:
    def get_success_url(self) -> str:
        return round_url(self.instance)

    def get_success_message_buttons(self, instance):
        return []


class ThanksCreateView(OntoItsPage, CreateView):
    def get_success_message(self, instance):
        return gettext("“%(round)s” is saved. Nobody has been written to yet.") % {"round": instance}


class ThanksEditView(OntoItsPage, EditView):
    def get_success_message(self, instance):
        return gettext("“%(round)s” is changed. Letters that were written before stay as they are.") % {"round": instance}


class ThanksDeleteView(DeleteView):
    def confirmation_message(self) -> str:
        return gettext(
            "Do you want to delete “%(round)s” with all names and letters? This cannot be undone. If you wait until the day is over, "
            "the names are deleted by themselves and their number is kept."
        ) % {"round": self.instance}


class ThanksRegister(Register):
    model = ThanksRound
    menu_icon = "pick"
    menu_order = 695
    button_helper_class = ThanksButtons
    permission_helper_class = ThanksPermissions
    create_view_class = ThanksCreateView
    edit_view_class = ThanksEditView
    delete_view_class = ThanksDeleteView
    list_display = ("title", "day_in_words", "deadline_in_words", "named")
    search_fields = ("title",)
    list_export = ("title", "day", "deadline", "thanked", "circles")
    export_filename = "dank"
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldRowPanel([DatePanel("day"), DatePanel("deadline")]),
            MultiFieldPanel(
                [
                    FieldPanel("subject"),
                    FieldPanel("letter"),
                    FieldRowPanel([FieldPanel("place"), DatePanel("letter_date")]),
                    FieldPanel("signed_by"),
                ],
                heading=_("The letter"),
            ),
        ],
        base_form_class=ThanksForm,
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("people")

    def day_in_words(self, round: ThanksRound) -> str:
        return long_date(round.day)

    day_in_words.short_description = _("day")
    day_in_words.admin_order_field = "day"

    def deadline_in_words(self, round: ThanksRound) -> str:
        return long_date(round.deadline)

    deadline_in_words.short_description = pgettext_lazy("thanks", "name people until")
    deadline_in_words.admin_order_field = "deadline"

    def named(self, round: ThanksRound) -> int:
        return len(round.people.all()) if round.thanked is None else round.thanked

    named.short_description = _("people named")
