"""Wiring into the Wagtail admin; what happens stands in the rooms."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from .directory.admin import REGISTERS
from .mail.admin import OutgoingMailAdmin


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("ehrenamt.cancel", _("Cancel"), _("Cancelled"))
    actions.register_action("ehrenamt.request_day", _("Ask to join a volunteer day"), _("Asked to join a volunteer day"))
    actions.register_action("ehrenamt.decide_day", _("Answer a request"), _("Answered the request to join a volunteer day"))
    actions.register_action("ehrenamt.resend_mail", _("Send mail again"), _("Sent the mail again"))


@modeladmin_register
class EhrenamtGroup(ModelAdminGroup):
    menu_label = _("Volunteering")
    menu_item_name = "ehrenamt"
    menu_icon = "group"
    menu_order = 150
    items = (*REGISTERS, OutgoingMailAdmin)
