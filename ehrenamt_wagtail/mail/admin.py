"""The register "Mails" in the Wagtail admin: read-only, with one button that sends again what did not arrive."""

from django.contrib.admin.utils import quote
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import re_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail_modeladmin.helpers import ButtonHelper, DjangoORMSearchHandler
from wagtail_modeladmin.views import InstanceSpecificView

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.registers import ReadOnly, Register

from . import actions, registry, rules
from .models import OutgoingMail


class OutgoingMailPermissionHelper(ReadOnly):
    """Nobody writes, changes or deletes mails here; confidential ones are not opened, by superusers neither."""

    def user_can_list(self, user) -> bool:
        return any(
            self.user_has_specific_permission(user, self.get_perm_codename(action)) for action in ("view", "change")
        )

    def user_can_inspect_obj(self, user, obj) -> bool:
        return self.user_can_list(user) and not obj.is_confidential

    def user_can_resend_obj(self, user, obj) -> bool:
        return self.user_can_list(user) and rules.can_resend(user, obj)


class OutgoingMailButtonHelper(ButtonHelper):
    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if self.permission_helper.user_can_resend_obj(self.request.user, obj):
            buttons.append(
                {
                    "url": self.url_helper.get_action_url("resend", quote(obj.pk)),
                    "label": _("Send again"),
                    "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude),
                    "title": _("Send this mail again"),
                }
            )
        return buttons


class OutgoingMailSearchHandler(DjangoORMSearchHandler):
    """Finds mails by recipient and address, never confidential ones: a hit would say who got one."""

    def search_queryset(self, queryset, search_term, **kwargs):
        for word in search_term.split():
            queryset = queryset.filter(
                Q(address__icontains=word)
                | Q(user__email__icontains=word)
                | Q(user__first_name__icontains=word)
                | Q(user__last_name__icontains=word),
                is_confidential=False,
            )
        return queryset


class ResendView(InstanceSpecificView):
    """Asks first; only the POST sends."""

    page_title = gettext_lazy("Send again")

    def check_action_permitted(self, user) -> bool:
        return self.permission_helper.user_can_list(user) and user.has_perm(rules.RESEND_PERMISSION)

    def get_meta_title(self) -> str:
        return _("Send again")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            resend_url=self.url_helper.get_action_url("resend", self.pk_quoted),
            can_resend=self.permission_helper.user_can_resend_obj(self.request.user, self.instance),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        try:
            actions.resend(self.instance, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            messages.success(request, _("The mail is being sent again. Its state is shown in the list."))
        return redirect(self.index_url)

    def get_template_names(self) -> list[str]:
        return ["ehrenamt_wagtail/mail/admin/resend.html"]


class OutgoingMailAdmin(Register):
    model = OutgoingMail
    menu_label = gettext_lazy("Mails")
    menu_icon = "mail"
    base_url_path = "ehrenamt/mails"
    list_display = ("kind", "recipient", "state", "created_at", "sent_at")
    list_filter = ("status", "is_bulk")
    list_select_related = ("user",)
    search_fields = ("address",)
    search_handler_class = OutgoingMailSearchHandler
    history_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "template",
        "user",
        "address",
        "language",
        "params",
        "status",
        "attempts",
        "next_attempt_at",
        "last_error",
        "created_at",
        "sent_at",
        "message_id",
    ]
    permission_helper_class = OutgoingMailPermissionHelper
    button_helper_class = OutgoingMailButtonHelper

    def kind(self, mail: OutgoingMail) -> str:
        return registry.label_for(mail.template)

    kind.short_description = gettext_lazy("mail")

    def recipient(self, mail: OutgoingMail) -> str:
        if mail.is_confidential:
            return _("confidential")
        return mail.recipient_address() or _("no mail address")

    recipient.short_description = gettext_lazy("recipient")

    def state(self, mail: OutgoingMail) -> str:
        state = _("waiting for the next attempt") if mail.has_failed else mail.get_status_display()
        return f"{state} ({mail.last_error})" if mail.last_error else state

    state.short_description = gettext_lazy("state")
    state.admin_order_field = "status"

    def resend_view(self, request, instance_pk: str):
        return ResendView.as_view(model_admin=self, instance_pk=instance_pk)(request)

    def get_admin_urls_for_registration(self):
        resend = re_path(
            rf"^{self.url_helper.base_url_path}/resend/(?P<instance_pk>\d+)/$",
            self.resend_view,
            name=self.url_helper.get_action_url_name("resend"),
        )
        return (*super().get_admin_urls_for_registration(), resend)
